//! Delivery reports (RFC 3464): which addresses could not be reached, and about which mail.

use crate::adapters::mail::parse::addresses::{addresses, message_ids};
use crate::adapters::mail::parse::decode::header_text;
use crate::adapters::mail::parse::fields::{Header, split_header};
use crate::domain::address::MessageId;
use crate::domain::intake::message::DeliveryReport;

/// Most failed addresses that are kept.
const MOST_FAILED: usize = 100;
/// Most groups of fields that are read.
const MOST_GROUPS: usize = 1_000;

/// Adds the failed recipients of a `message/delivery-status` part.
pub fn read_status(body: &[u8], report: &mut DeliveryReport) {
    let mut rest = body;
    for _ in 0..MOST_GROUPS {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return;
        }
        let group = split_header(rest);
        if group.body.len() >= rest.len() {
            return;
        }
        if has_failed(&group)
            && let Some(recipient) = recipient(&group)
        {
            add(report, recipient);
        }
        rest = group.body;
    }
}

/// `failed`, in any case, perhaps with a comment; or a permanent status where there is no action.
fn has_failed(group: &Header<'_>) -> bool {
    let value = |name| group.first(name).map(|field| header_text(field.value));
    match value("Action") {
        Some(action) => action.to_ascii_lowercase().starts_with("failed"),
        None => value("Status").is_some_and(|status| status.starts_with('5')),
    }
}

/// The address behind `rfc822;` of the final recipient, or else of the original one.
fn recipient(group: &Header<'_>) -> Option<String> {
    ["Final-Recipient", "Original-Recipient"]
        .into_iter()
        .filter_map(|name| group.first(name))
        .find_map(|field| {
            let value = header_text(field.value);
            let address = value
                .split_once(';')
                .map_or(value.as_str(), |(_, rest)| rest);
            let address = address.trim().trim_matches(['<', '>']).to_owned();
            (!address.is_empty()).then_some(address)
        })
}

/// Adds what `X-Failed-Recipients` says, the mark of Exim and Gmail.
pub fn read_failed_field(value: &[u8], report: &mut DeliveryReport) {
    for mailbox in addresses(value).usable {
        add(report, mailbox.address.as_str().to_owned());
    }
}

fn add(report: &mut DeliveryReport, recipient: String) {
    let known = report.failed_recipients.contains(&recipient);
    if !known && report.failed_recipients.len() < MOST_FAILED {
        report.failed_recipients.push(recipient);
    }
}

/// The Message-ID in the returned mail or its header.
pub fn original_id(returned: &[u8]) -> Option<MessageId> {
    let header = split_header(returned.trim_ascii_start());
    let field = header.first("Message-ID")?;
    message_ids(field.value).into_iter().next()
}

/// The Message-ID in the text of a report that returns the header inside its text.
pub fn original_id_in_text(text: &str) -> Option<MessageId> {
    text.lines()
        .filter_map(|line| {
            let (name, value) = line.trim_start_matches(['>', ' ', '\t']).split_once(':')?;
            name.eq_ignore_ascii_case("Message-ID").then_some(value)
        })
        .find_map(|value| message_ids(value.as_bytes()).into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failed_recipients_count() {
        let mut report = DeliveryReport::default();
        read_status(
            b"Reporting-MTA: dns; mx.x.example\r\n\r\n\
              Final-Recipient: rfc822; <jan@x.example>\r\nAction: FAILED (really)\r\nStatus: 5.1.1\r\n\r\n\
              Final-Recipient: rfc822; an@x.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n\r\n\
              Original-Recipient: RFC822;piet@x.example\r\nStatus: 5.2.2\r\n",
            &mut report,
        );
        assert_eq!(
            report.failed_recipients,
            ["jan@x.example", "piet@x.example"]
        );
    }

    #[test]
    fn lines_that_are_no_fields_end_it() {
        let mut report = DeliveryReport::default();
        read_status(b"no fields here\r\nat all\r\n", &mut report);
        assert!(report.failed_recipients.is_empty());
    }

    #[test]
    fn the_original_is_found_by_its_id() {
        let id = |id: Option<MessageId>| id.map(|id| id.as_str().to_owned());
        let returned = b"\r\nFrom: x\r\nMessage-Id: <q@x.example>\r\n\r\nbody";
        assert_eq!(id(original_id(returned)).as_deref(), Some("q@x.example"));
        let text = "Sorry.\n> Message-ID: <w@x.example>\n";
        assert_eq!(
            id(original_id_in_text(text)).as_deref(),
            Some("w@x.example")
        );
    }
}

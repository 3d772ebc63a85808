//! Delivery reports (RFC 3464): which addresses could not be reached, and about which mail.

use crate::adapters::mail::parse::addresses::{addresses, message_ids};
use crate::adapters::mail::parse::decode::header_text;
use crate::adapters::mail::parse::fields::{Header, split_header};
use crate::domain::address::{EmailAddress, MessageId};
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
        if let (Some(fate), Some(recipient)) = (fate(&group), recipient(&group)) {
            if matches!(fate, Fate::Failed) && is_unknown(&group) {
                add(&mut report.unknown_recipients, recipient.clone());
            }
            add(
                match fate {
                    Fate::Failed => &mut report.failed_recipients,
                    Fate::Delayed => &mut report.delayed_recipients,
                },
                recipient,
            );
        }
        rest = group.body;
    }
}

/// What became of a mail for one recipient, where it is not there.
enum Fate {
    Failed,
    Delayed,
}

/// `failed` or `delayed`, in any case, perhaps with a comment; or what the status says where there is no
/// action. A server that has failed by a passing status (4.x.x) has given up all the same.
fn fate(group: &Header<'_>) -> Option<Fate> {
    let value = |name| group.first(name).map(|field| header_text(field.value));
    if let Some(action) = value("Action") {
        let action = action.trim().to_ascii_lowercase();
        return if action.starts_with("failed") {
            Some(Fate::Failed)
        } else {
            action.starts_with("delayed").then_some(Fate::Delayed)
        };
    }
    match value("Status")?.trim().chars().next()? {
        '5' => Some(Fate::Failed),
        '4' => Some(Fate::Delayed),
        _ => None,
    }
}

/// Does the status say that there is no such address (RFC 3463, 3.2)? Others of that class are about the sender or
/// about how much he sends.
fn is_unknown(group: &Header<'_>) -> bool {
    let status = group.first("Status").map(|field| header_text(field.value));
    let code = status
        .as_deref()
        .and_then(|status| status.split_whitespace().next());
    code.is_some_and(|code| matches!(code, "5.1.1" | "5.1.2" | "5.1.3" | "5.1.10"))
}

/// The address behind `rfc822;`: that of the original recipient, to whom we wrote (RFC 3464, 2.3.1), or else
/// the final one; whatever stands there where neither is an address of the Internet.
fn recipient(group: &Header<'_>) -> Option<String> {
    let names = ["Original-Recipient", "Final-Recipient"];
    let written: Vec<String> = names
        .into_iter()
        .filter_map(|name| group.first(name))
        .map(|field| {
            let value = header_text(field.value);
            let address = value
                .split_once(';')
                .map_or(value.as_str(), |(_, rest)| rest);
            bare(address)
        })
        .filter(|address| !address.is_empty())
        .collect();
    let usual = written
        .iter()
        .find(|address| EmailAddress::parse(address).is_some());
    usual.or(written.last()).cloned()
}

/// The address without what may stand around it: blanks, angle brackets, a comment behind it.
fn bare(address: &str) -> String {
    let address = address.trim();
    let inside = address
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or(address, |(inside, _)| inside);
    let word = inside.split_whitespace().next();
    let word = word.filter(|word| word.contains('@')).unwrap_or(inside);
    word.trim_matches(['<', '>', '"']).to_owned()
}

/// Adds what `X-Failed-Recipients` says, the mark of Exim and Gmail.
pub fn read_failed_field(value: &[u8], report: &mut DeliveryReport) {
    for mailbox in addresses(value).usable {
        let address = mailbox.address.as_str().to_owned();
        add(&mut report.failed_recipients, address);
    }
}

fn add(recipients: &mut Vec<String>, recipient: String) {
    let known = recipients
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&recipient));
    if !known && recipients.len() < MOST_FAILED {
        recipients.push(recipient);
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
        assert_eq!(report.delayed_recipients, ["an@x.example"]);
    }

    #[test]
    fn the_address_that_was_written_to_comes_first_where_it_is_one() {
        for (fields, expected) in [
            (
                "Original-Recipient: rfc822;an@x.example\r\nFinal-Recipient: rfc822;a1@host\r\n",
                "an@x.example",
            ),
            (
                "Final-Recipient: rfc822; <An@x.example> (An)\r\nOriginal-Recipient: x400; /S=An\r\n",
                "An@x.example",
            ),
            ("Final-Recipient: LOCAL;an\r\n", "an"),
        ] {
            let mut report = DeliveryReport::default();
            read_status(
                format!("{fields}Action: failed\r\n").as_bytes(),
                &mut report,
            );
            assert_eq!(report.failed_recipients, [expected], "{fields}");
        }
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

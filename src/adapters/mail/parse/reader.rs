//! The way in: a raw mail becomes an `IncomingMail`, whatever it holds.

use crate::adapters::mail::parse::addresses::{addresses, date, message_ids};
use crate::adapters::mail::parse::authentication::weigh;
use crate::adapters::mail::parse::decode::{guess, header_text};
use crate::adapters::mail::parse::fields::{
    Header, Overflow, RawField, canonical_lines, split_header,
};
use crate::adapters::mail::parse::gather::{Gathered, LONGEST_TEXT, first_characters};
use crate::adapters::mail::parse::html::cut;
use crate::adapters::mail::parse::media::media_of;
use crate::adapters::mail::parse::report::{original_id_in_text, read_failed_field};
use crate::adapters::mail::parse::sealed::{autocrypt_keys, layer_of_unreadable, words_in_a_file};
use crate::adapters::mail::parse::tree::{Spot, walk};
use crate::adapters::mail::pgp::team_key::TeamKey;
use crate::app::ports::arrival::Extent;
use crate::app::ports::mail::{Border, MailReader};
use crate::domain::address::{EmailAddress, Mailbox, MessageId};
use crate::domain::intake::message::{
    Defect, DeliveryReport, HeaderField, IncomingMail, ReturnPath,
};
use crate::domain::intake::sender::Authentication;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Most header fields that are kept.
const MOST_HEADERS: usize = 400;
/// Longest part of a mail that is shown as text when it can't be taken apart, in bytes.
const LONGEST_RAW_TEXT: usize = 64 * 1024;

/// Takes mails apart with mail-parser and own bounds.
#[derive(Clone, Default)]
pub struct MailParserReader {
    team: Option<Arc<TeamKey>>,
}

impl MailParserReader {
    /// A reader that opens what was encrypted to this key.
    pub fn opening_with(team: Option<Arc<TeamKey>>) -> Self {
        Self { team }
    }
}

impl MailReader for MailParserReader {
    fn read(&self, raw: &[u8], extent: Extent) -> IncomingMail {
        let lines = canonical_lines(raw);
        let mut mail = catch_unwind(AssertUnwindSafe(|| {
            take_apart(&lines, self.team.as_deref())
        }))
        .unwrap_or_else(|_| unreadable(&lines));
        if extent == Extent::Beginning && !mail.defects.contains(&Defect::TooLarge) {
            mail.defects.push(Defect::TooLarge);
        }
        mail
    }

    fn authentication(&self, mail: &IncomingMail, border: &Border) -> Authentication {
        weigh(mail, border)
    }
}

fn take_apart(lines: &[u8], team: Option<&TeamKey>) -> IncomingMail {
    let header = split_header(lines);
    let media = media_of(&header);
    let mut bag = Gathered::with(team);
    let spoken = walk(&header, &media, Spot::TOP, &mut bag);
    let text = first_characters(&spoken.text, LONGEST_TEXT);
    if text.len() < spoken.text.len() {
        bag.defects.insert(Defect::TooLarge);
    }
    if text.trim().is_empty() {
        bag.defects.insert(Defect::Empty);
    }
    words_in_a_file(text, &mut bag);
    let delivery_report = delivery_report(&header, &mut bag, text);
    autocrypt_keys(&header, &mut bag);
    let mut mail = envelope(&header, &mut bag.defects);
    if let Some(subject) = bag.protected_subject {
        mail.subject = subject;
    }
    mail.pgp = bag.pgp;
    mail.media_type = if media.kind.is_empty() {
        "text/plain".to_owned()
    } else {
        media.kind
    };
    mail.report_type = media.report_type;
    text.clone_into(&mut mail.text);
    mail.attachments = bag.attachments;
    mail.attached_mails = bag.mails;
    mail.delivery_report = delivery_report;
    mail.defects = bag.defects.into_iter().collect();
    mail
}

/// The report with what stands outside of its parts: `X-Failed-Recipients`, and a Message-ID in the
/// text of servers that return the header there.
fn delivery_report(
    header: &Header<'_>,
    bag: &mut Gathered<'_>,
    text: &str,
) -> Option<DeliveryReport> {
    let mut report = bag.report.take();
    for field in header.all("X-Failed-Recipients") {
        read_failed_field(field.value, report.get_or_insert_default());
    }
    if let Some(report) = report.as_mut().filter(|report| report.original.is_none()) {
        report.original = original_id_in_text(text);
    }
    report
}

/// Everything that the header says.
fn envelope(header: &Header<'_>, defects: &mut BTreeSet<Defect>) -> IncomingMail {
    let odd = header.fields.iter().any(RawField::is_odd);
    if odd || header.overflowing == Overflow::Yes {
        defects.insert(Defect::OddHeaders);
    }
    let from = all_addresses(header, "From");
    if from.written > 1 || header.all("From").count() > 1 {
        defects.insert(Defect::SeveralFrom);
    }
    if from.usable.is_empty() {
        defects.insert(Defect::NoFrom);
    }
    let value = |name: &'static str| header.first(name).map(|field| field.value);
    IncomingMail {
        from: from.usable,
        to: all_addresses(header, "To").usable,
        cc: all_addresses(header, "Cc").usable,
        reply_to: all_addresses(header, "Reply-To").usable,
        return_path: value("Return-Path").map(return_path).unwrap_or_default(),
        subject: value("Subject").map(header_text).unwrap_or_default(),
        message_id: value("Message-ID").and_then(|id| message_ids(id).into_iter().next()),
        in_reply_to: all_ids(header, "In-Reply-To"),
        references: all_ids(header, "References"),
        date: value("Date").and_then(date),
        headers: header
            .fields
            .iter()
            .take(MOST_HEADERS)
            .map(readable)
            .collect(),
        ..IncomingMail::default()
    }
}

#[derive(Default)]
struct AllAddresses {
    usable: Vec<Mailbox>,
    written: usize,
}

fn all_addresses(header: &Header<'_>, name: &'static str) -> AllAddresses {
    let mut all = AllAddresses::default();
    for field in header.fields.iter().filter(|field| field.is(name)).take(20) {
        let found = addresses(field.value);
        all.usable.extend(found.usable);
        all.written += found.written;
    }
    all
}

fn all_ids(header: &Header<'_>, name: &'static str) -> Vec<MessageId> {
    let fields = header.fields.iter().filter(|field| field.is(name)).take(5);
    fields.flat_map(|field| message_ids(field.value)).collect()
}

fn readable(field: &RawField<'_>) -> HeaderField {
    HeaderField {
        name: cut(&guess(field.name), 256).trim().to_owned(),
        value: header_text(field.value),
    }
}

fn return_path(value: &[u8]) -> ReturnPath {
    let text = header_text(value);
    let inner = text
        .trim()
        .trim_start_matches('<')
        .trim_end_matches('>')
        .trim();
    // Sendmail and its heirs write the null sender with a name and no domain.
    if (inner.is_empty() || inner.eq_ignore_ascii_case("MAILER-DAEMON")) && text.contains('<') {
        return ReturnPath::Null;
    }
    EmailAddress::parse(inner).map_or(ReturnPath::Missing, ReturnPath::Address)
}

/// What can be shown of a mail that made the reader fail: the header by simple means, the rest raw.
fn unreadable(lines: &[u8]) -> IncomingMail {
    let header = split_header(lines);
    let plain = |name: &'static str| {
        let field = header.first(name);
        field.map(|field| cut(guess(field.value).trim(), 1_000).replace(['\r', '\n'], " "))
    };
    let from = plain("From").unwrap_or_default();
    let angled = from
        .rsplit_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    let address = EmailAddress::parse(angled.map_or(from.as_str(), |(address, _)| address));
    let mut defects = vec![Defect::Unreadable];
    if address.is_none() {
        defects.push(Defect::NoFrom);
    }
    if header.all("From").count() > 1 {
        defects.push(Defect::SeveralFrom);
    }
    let name = String::new();
    IncomingMail {
        from: address
            .map(|address| Mailbox { name, address })
            .into_iter()
            .collect(),
        subject: plain("Subject").unwrap_or_default(),
        message_id: plain("Message-ID").and_then(|id| MessageId::parse(&id)),
        return_path: header
            .first("Return-Path")
            .filter(|field| field.value.trim_ascii() == b"<>")
            .map_or(ReturnPath::Missing, |_| ReturnPath::Null),
        headers: header
            .fields
            .iter()
            .take(MOST_HEADERS)
            .map(|field| HeaderField {
                name: cut(&guess(field.name), 256).to_owned(),
                value: cut(guess(field.value).trim(), 1_000).replace(['\r', '\n'], " "),
            })
            .collect(),
        media_type: "text/plain".to_owned(),
        text: cut(&guess(header.body), LONGEST_RAW_TEXT).replace("\r\n", "\n"),
        defects,
        pgp: layer_of_unreadable(lines),
        ..IncomingMail::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_that_breaks_the_reader_still_shows_who_and_what() {
        let mail = unreadable(
            b"Return-Path: <>\r\nFrom: An <an@hackegem.example>\r\nSubject: caf\xc3\xa9\r\n\r\nhallo\r\n",
        );
        assert_eq!(
            mail.from.first().unwrap().address.as_str(),
            "an@hackegem.example"
        );
        assert_eq!(
            (mail.subject.as_str(), mail.text.as_str()),
            ("caf\u{e9}", "hallo\n")
        );
        assert!(mail.return_path == ReturnPath::Null);
        assert_eq!(mail.defects, [Defect::Unreadable]);
        assert!(unreadable(b"\xff").defects.contains(&Defect::NoFrom));
    }
}

//! An incoming mail taken apart. The mail adapter fills this in; nothing here parses.

use crate::domain::address::{EmailAddress, Mailbox, MessageId};
use crate::domain::pgp::reading::PgpReading;
use jiff::Timestamp;

/// A header field as it stood in the mail, unfolded and decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct HeaderField {
    /// Its name, as written.
    pub name: String,
    /// Its value, on one line.
    pub value: String,
}

/// The envelope sender as our own server recorded it.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum ReturnPath {
    /// No such field: says nothing.
    #[default]
    Missing,
    /// `<>`: a bounce or another message that must not be answered (RFC 3834, 2).
    Null,
    /// An address.
    Address(EmailAddress),
}

/// Something about a mail that is not as it should be. The mail is kept all the same.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Defect {
    /// There is no text at all.
    Empty,
    /// It is larger than is read; only the beginning was looked at.
    TooLarge,
    /// It is nested deeper, or has more parts, than is read.
    TooComplex,
    /// It can't be taken apart.
    Unreadable,
    /// No usable From address.
    NoFrom,
    /// More than one From field or address.
    SeveralFrom,
    /// A header name with a blank in it, a known trick to show a false sender.
    OddHeaders,
    /// The text names a character set that is unknown, or doesn't fit its bytes.
    BadCharset,
}

/// How much of a mail is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrived {
    /// All of it.
    #[default]
    Whole,
    /// It is all here, but not all of it was read: too many parts, too deep, too long, or damaged.
    ReadInPart,
    /// Its beginning: it was too large. Its sender is told what to do, or he sends it again.
    Beginning,
}

/// One attachment. It is kept sealed, never unpacked or run.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file name; empty where there is none.
    pub name: String,
    /// The media type that the mail claims.
    pub mime: String,
    /// Bytes after decoding.
    pub size: u64,
    /// SHA-256 of the decoded bytes, in hexadecimal.
    pub sha256: String,
    /// The media type that its first bytes show, where they show one.
    pub content: Option<String>,
    /// Does it ask for a password?
    pub lock: Lock,
}

/// Does a file ask for a password before it opens? A scanner can't have looked into one that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lock {
    /// No, or it isn't known.
    #[default]
    None,
    /// Yes.
    Password,
}

/// How a forwarded mail came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// In the text, below a header block of the mail program.
    Inline,
    /// As an attached mail.
    Rfc822,
    /// As an Outlook message file.
    Msg,
}

/// A mail that the reporter forwarded: evidence, not his words.
#[derive(Clone, PartialEq, Eq)]
pub struct ForwardedMail {
    /// The display name of its sender.
    pub from_name: String,
    /// The address of its sender, as written; may be no address at all.
    pub from_address: String,
    /// Its subject.
    pub subject: String,
    /// Its date, as written.
    pub date: String,
    /// Its text.
    pub text: String,
    /// How it came.
    pub via: Via,
}

/// What a delivery report says (RFC 3464).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct DeliveryReport {
    /// The addresses that could not be reached.
    pub failed_recipients: Vec<String>,
    /// The addresses that the server still tries to reach.
    pub delayed_recipients: Vec<String>,
    /// Those of the failed ones that don't exist: the server said so with a code for that (RFC 3463,
    /// 3.2: 5.1.1 to 5.1.3, 5.1.10). A full mailbox or a refusal of this mail is another matter.
    pub unknown_recipients: Vec<String>,
    /// The Message-ID of the mail that it is about, where it can be found.
    pub original: Option<MessageId>,
}

/// One incoming mail. Confidential as a whole: it has no `Debug`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct IncomingMail {
    /// All addresses in all From fields.
    pub from: Vec<Mailbox>,
    /// To.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// Reply-To: shown to humans, never written to.
    pub reply_to: Vec<Mailbox>,
    /// The envelope sender.
    pub return_path: ReturnPath,
    /// The subject, decoded, on one line; empty where there is none.
    pub subject: String,
    /// Its Message-ID.
    pub message_id: Option<MessageId>,
    /// The mails it answers.
    pub in_reply_to: Vec<MessageId>,
    /// The thread it is in, oldest first.
    pub references: Vec<MessageId>,
    /// When it says it was written.
    pub date: Option<Timestamp>,
    /// All header fields in order, at most a few hundred.
    pub headers: Vec<HeaderField>,
    /// The media type of the whole, lower-case, for example `multipart/report`.
    pub media_type: String,
    /// The `report-type` parameter, lower-case.
    pub report_type: Option<String>,
    /// The text as a person would read it; HTML made plain.
    pub text: String,
    /// The files.
    pub attachments: Vec<Attachment>,
    /// Mails that are attached as files.
    pub attached_mails: Vec<ForwardedMail>,
    /// What a delivery report says.
    pub delivery_report: Option<DeliveryReport>,
    /// Its OpenPGP layer.
    pub pgp: PgpReading,
    /// What is odd about it.
    pub defects: Vec<Defect>,
}

impl IncomingMail {
    /// The one sender, where there is exactly one From address and nothing odd about it.
    pub fn single_from(&self) -> Option<&Mailbox> {
        let odd = self
            .defects
            .iter()
            .any(|d| matches!(d, Defect::NoFrom | Defect::SeveralFrom | Defect::OddHeaders));
        match self.from.as_slice() {
            [only] if !odd => Some(only),
            _ => None,
        }
    }

    /// The values of a header field, in order, by its name in any case.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value.as_str())
    }

    /// All Message-IDs that this mail points back to, nearest first, at most 64.
    pub fn points_back_to(&self) -> Vec<MessageId> {
        let mut ids: Vec<MessageId> = Vec::new();
        let original = self
            .delivery_report
            .iter()
            .filter_map(|report| report.original.as_ref());
        let chain = self
            .in_reply_to
            .iter()
            .chain(self.references.iter().rev())
            .chain(original);
        for id in chain {
            if !ids.contains(id) && ids.len() < 64 {
                ids.push(id.clone());
            }
        }
        ids
    }
}

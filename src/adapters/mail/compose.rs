//! Our mail as bytes: plain text, one recipient, and marked as written by a machine where one wrote it.
//!
//! What it says is decided elsewhere; here it is only made impossible to smuggle a header in.

use crate::adapters::mail::pgp::seal::seal;
use crate::adapters::mail::pgp::team_key::TeamKey;
use crate::app::ports::mail::MailComposer;
use crate::domain::address::MessageId;
use crate::domain::intake::machine::sender::OWN_MARK;
use crate::domain::letter::{Letter, Nature};
use crate::domain::pgp::certificate::Certificate;
use mail_builder::MessageBuilder;
use mail_builder::encoders::QuotedPrintableEncoder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::message_id::MessageId as Ids;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::MimePart;
use std::sync::Arc;

/// Longest subject that is written, in characters.
const LONGEST_SUBJECT: usize = 250;
/// Longest display name that is written, in characters.
const LONGEST_NAME: usize = 120;
/// Longest Message-ID of somebody else that is written: a line is at most 998 bytes (RFC 5322, 2.1.1).
const LONGEST_ID: usize = 900;

/// The subject of a sealed mail, for everybody on the way (RFC 9788, 3.2.1): the true one is inside.
const HIDDEN_SUBJECT: &str = "[...]";

/// Writes mail with mail-builder.
#[derive(Clone, Default)]
pub struct MimeComposer {
    team: Option<Arc<TeamKey>>,
}

impl MimeComposer {
    /// A composer that signs with this key what it seals.
    pub fn signing_with(team: Option<Arc<TeamKey>>) -> Self {
        Self { team }
    }
}

impl MailComposer for MimeComposer {
    fn compose(&self, letter: &Letter) -> Vec<u8> {
        let kind = ContentType::new("text/plain").attribute("charset", "utf-8");
        let body = text_part(&letter.text, kind);
        let language = Raw::new(letter.language.as_str());
        let header = header(letter, one_line(&letter.subject, LONGEST_SUBJECT));
        written(header.header("Content-Language", language).body(body))
    }

    fn seal(&self, letter: &Letter, to: &Certificate) -> Option<Vec<u8>> {
        let team = self.team.as_deref()?;
        let sealed = seal(team, to, hidden_part(letter), letter.date)?;
        let (unguessable, _) = letter.message_id.as_str().split_once('@')?;
        let kind = ContentType::new("multipart/encrypted")
            .attribute("protocol", "application/pgp-encrypted")
            .attribute("boundary", format!("sealed-{unguessable}"));
        let announced = MimePart::new("application/pgp-encrypted", &b"Version: 1\r\n"[..])
            .transfer_encoding("7bit");
        let data = ContentType::new("application/octet-stream").attribute("name", "encrypted.asc");
        let data = MimePart::new(data, sealed.replace("\r\n", "\n").replace('\n', "\r\n"))
            .transfer_encoding("7bit")
            .inline();
        let header = header(letter, HIDDEN_SUBJECT.to_owned());
        Some(written(
            header.body(MimePart::new(kind, vec![announced, data])),
        ))
    }
}

/// What only the recipient reads: the text, and above it the subject.
fn hidden_part(letter: &Letter) -> Vec<u8> {
    let kind = ContentType::new("text/plain")
        .attribute("charset", "utf-8")
        .attribute("protected-headers", "v1")
        .attribute("hp", "cipher");
    let mut part = text_part(&letter.text, kind);
    part.headers.insert(
        0,
        (
            "Subject".into(),
            Text::new(one_line(&letter.subject, LONGEST_SUBJECT)).into(),
        ),
    );
    part = part.language(letter.language.as_str());
    let mut bytes = Vec::new();
    part.write_part(&mut bytes);
    bytes
}

fn written(mail: MessageBuilder<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    mail.serialize(&mut bytes);
    bytes
}

/// All header fields but those of the body.
fn header(letter: &Letter, subject: String) -> MessageBuilder<'_> {
    let from_name = one_line(&letter.from.name, LONGEST_NAME);
    let from_name = Some(from_name).filter(|name| !name.is_empty());
    let from = Address::new_address(from_name, letter.from.address.as_str());
    let mut mail = MessageBuilder::new()
        .from(from)
        .to(Address::new_address(None::<&str>, letter.to.as_str()));
    if let Some(reply_to) = &letter.reply_to {
        mail = mail.reply_to(Address::new_address(None::<&str>, reply_to.as_str()));
    }
    mail = mail
        .subject(subject)
        .date(letter.date.as_second())
        .message_id(letter.message_id.as_str());
    if let Some(parent) = letter.in_reply_to.as_ref().filter(|id| is_writable(id)) {
        mail = mail.in_reply_to(parent.as_str());
    }
    let writable = letter.references.iter().filter(|id| is_writable(id));
    let references: Vec<&str> = writable.map(MessageId::as_str).collect();
    if !references.is_empty() {
        mail = mail.references(Ids::new_list(references.into_iter()));
    }
    let automatic = match letter.nature {
        Nature::AutoReplied => Some("auto-replied"),
        Nature::AutoGenerated => Some("auto-generated"),
        Nature::Personal => None,
    };
    if let Some(nature) = automatic {
        mail = mail
            .header("Auto-Submitted", Raw::new(nature))
            .header("X-Auto-Response-Suppress", Raw::new("All"))
            .header(OWN_MARK, Raw::new("1"));
    }
    mail
}

/// The text, always quoted-printable: it passes every server unchanged and never needs 8BITMIME.
fn text_part(text: &str, kind: ContentType<'static>) -> MimePart<'static> {
    let mut lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    let lines = format!("{}\n", lines.trim_end());
    let mut encoded = Vec::with_capacity(lines.len());
    let quoted_printable = QuotedPrintableEncoder::new().preserve_line_breaks();
    quoted_printable.encode_into(lines.replace('\n', "\r\n").as_bytes(), &mut encoded);
    MimePart::new(kind, encoded).transfer_encoding("quoted-printable")
}

/// Without line ends and other control characters, so that a value stays in its field.
fn one_line(text: &str, longest: usize) -> String {
    let line: String = text
        .chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .take(longest)
        .collect();
    line.trim().to_owned()
}

/// May this Message-ID, which a stranger chose, stand in a header of ours?
fn is_writable(id: &MessageId) -> bool {
    id.as_str().len() <= LONGEST_ID && id.as_str().bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::{EmailAddress, Mailbox};
    use crate::domain::triage::language::Language;

    fn letter() -> Letter {
        let id = |text: &str| MessageId::parse(text).unwrap();
        Letter {
            from: Mailbox {
                name: "Vo-CRT assistent (automatisch)".to_owned(),
                address: EmailAddress::parse("crt@crt.example").unwrap(),
            },
            to: EmailAddress::parse("an@hackegem.example").unwrap(),
            reply_to: EmailAddress::parse("crt+tok3n@crt.example"),
            subject: "Auto: uw melding – één stap".to_owned(),
            text: "Verander nu uw wachtwoord.\n\nBel één collega; 100% = zeker.\n".to_owned(),
            language: Language::ALL[0],
            message_id: id("abc@crt.example"),
            in_reply_to: Some(id("p@hackegem.example")),
            references: vec![id("o@hackegem.example"), id("p@hackegem.example")],
            date: "2026-11-23T20:40:00Z".parse().unwrap(),
            nature: Nature::AutoReplied,
        }
    }

    fn composed(letter: &Letter) -> String {
        String::from_utf8(MimeComposer::default().compose(letter)).unwrap()
    }

    #[test]
    fn a_whole_mail() {
        insta::assert_snapshot!(composed(&letter()).replace("\r\n", "\n"), @r#"
        From: "Vo-CRT assistent (automatisch)" <crt@crt.example>
        To: <an@hackegem.example>
        Reply-To: <crt+tok3n@crt.example>
        Subject: =?utf-8?B?QXV0bzogdXcgbWVsZGluZyDigJMgw6nDqW4gc3RhcA==?=
        Date: Mon, 23 Nov 2026 20:40:00 +0000
        Message-ID: <abc@crt.example>
        In-Reply-To: <p@hackegem.example>
        References: <o@hackegem.example> <p@hackegem.example>
        Auto-Submitted: auto-replied
        X-Auto-Response-Suppress: All
        X-Eerstelijn: 1
        Content-Language: nl
        MIME-Version: 1.0
        Content-Type: text/plain; charset="utf-8"
        Content-Transfer-Encoding: quoted-printable

        Verander nu uw wachtwoord.

        Bel =C3=A9=C3=A9n collega; 100% =3D zeker.
        "#);
    }

    #[test]
    fn the_same_letter_gives_the_same_bytes() {
        assert_eq!(composed(&letter()), composed(&letter()));
    }

    #[test]
    fn nothing_can_be_smuggled_into_the_header() {
        let mut evil = letter();
        evil.subject = "x\r\nBcc: evil@y.example\n\nbody\u{2028}z\0".to_owned();
        evil.from.name = "x\r\nBcc: evil@y.example\" <e@y.example>, \"".to_owned();
        evil.references = vec![
            MessageId::parse("caf\u{e9}@x").unwrap(),
            MessageId::parse(&"x".repeat(990)).unwrap(),
        ];
        let mail = composed(&evil);
        let (header, _) = mail.split_once("\r\n\r\n").unwrap();
        assert!(
            !header.lines().any(|line| line.starts_with("Bcc")),
            "{header}"
        );
        assert!(!header.contains("References"), "{header}");
        assert_eq!(header.matches("Content-Type").count(), 1);
        assert!(mail.is_ascii() && !mail.replace("\r\n", "").contains(['\r', '\n']));
        assert!(mail.lines().all(|line| line.len() <= 998));
    }

    #[test]
    fn a_mail_of_its_own_account_is_generated() {
        let mut reminder = letter();
        reminder.nature = Nature::AutoGenerated;
        reminder.in_reply_to = None;
        reminder.references = Vec::new();
        let mail = composed(&reminder);
        assert!(mail.contains("Auto-Submitted: auto-generated\r\n"));
        assert!(!mail.contains("In-Reply-To") && !mail.contains("References"));
    }
}

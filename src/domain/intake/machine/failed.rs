//! Who was not reached: the addresses of a bounce, read from its report or, where it has none, from the
//! letter that the mail server wrote.

use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::intake::machine::bounce::{is_late, tells_of_a_bounce};
use crate::domain::intake::machine::letter::notice;
use crate::domain::intake::message::IncomingMail;

/// Most characters of a letter that are looked at.
const LOOKED_AT: usize = 16_000;
/// Most addresses that are kept.
const MOST: usize = 100;

/// What stands above the mail that comes back: from here on the addresses are of others.
const RETURNED: &[&str] = &[
    "below this line is a copy",
    "below the next line is a copy",
    "below is a copy",
    "a copy of the original message",
    "included is a copy",
    "this is a copy of",
    "the header of the original",
    "the headers of the original",
    "original message follows",
    "the original message follows",
    "original message headers",
    "original message as received",
    "original message:",
    "message headers follow",
    "message header follows",
    "message text follows",
    "returned message",
    "unsent message below",
    "undelivered message follows",
    "return-path:",
    "received: from",
    "received: by",
];

/// Fields that name the one who was not reached, in the letters of many servers.
const FIELDS: &[&str] = &[
    "final-recipient:",
    "original-recipient:",
    "failed recipient:",
    "recipient:",
    "recipient address:",
    "original address:",
    "destinataire :",
    "error-for:",
    "rcpt to:",
    "unknown user:",
    "invalid final delivery userid:",
    "user mailbox exceeds allowed size:",
    "undeliverable to ",
    "addressed to:",
];

/// Words of the sentences in which servers name him.
const SENTENCES: &[&str] = &[
    "deliver",
    "reach",
    "reject",
    "fail",
    "unknown",
    "unavailable",
    "no such",
    "not exist",
    "quota",
    "invalid",
    "addressed",
    "your message to",
    "rcpt to",
    "bezorg",
    "afgeleverd",
    "onbekend",
    "remis",
    "délivr",
    "delivr",
    "distribu",
    "inconnu",
    "zugestellt",
    "zustellung",
    "unbekannt",
];

/// Beginnings of lines that name somebody else.
const OTHERS: &[&str] = &[
    "from:",
    "sender:",
    "reply-to:",
    "message-id:",
    "mail from",
    "cc:",
    "subject:",
    "date:",
    "sent:",
    "van:",
    "de :",
    "von:",
    "x-",
];

/// Words of lines that say whom to ask.
const ASKING: &[&str] = &[
    "contact",
    "assistance",
    "help",
    "support",
    "http",
    "for more information",
    "mail from",
];

/// How surely a place in a letter names the one who was not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// The subject, or the field to whom the mail went.
    Mentioned,
    /// A sentence about it.
    Sentence,
    /// The beginning of a line.
    Line,
    /// A field for him.
    Field,
}

/// The addresses that a bounce says could not be reached; none where the server is still trying.
pub fn failed_recipients(mail: &IncomingMail) -> Vec<String> {
    let report = mail.delivery_report.as_ref();
    let reported = report.map(|report| report.failed_recipients.clone());
    let reported = reported.unwrap_or_default();
    // Of a local user the report may say a name only, and the letter his address.
    let usable: Vec<String> = reported
        .iter()
        .filter(|address| EmailAddress::parse(address).is_some())
        .cloned()
        .collect();
    if !usable.is_empty() {
        return usable;
    }
    if !tells_of_a_bounce(mail) || is_late(mail) {
        return reported;
    }
    let start: String = mail.text.chars().take(LOOKED_AT).collect();
    let mut found = if notice(&start).is_some() {
        noticed(&start)
    } else {
        named_in(&start)
    };
    if found.is_empty() {
        let mentioned = addresses_in(&mail.subject);
        found.extend(mentioned.map(|address| (Place::Mentioned, address)));
    }
    let named = best(found, mail);
    if named.is_empty() { reported } else { named }
}

/// The addresses of the surest kind of place, those of the letter's own writer and reader left out.
fn best(found: Vec<(Place, EmailAddress)>, mail: &IncomingMail) -> Vec<String> {
    let is_of = |people: &[Mailbox], address: &EmailAddress| {
        people
            .iter()
            .any(|person| person.address.key() == address.key())
    };
    let by_others: Vec<(Place, EmailAddress)> = found
        .into_iter()
        .filter(|(_, address)| !is_of(&mail.from, address))
        .collect();
    let is_stranger = |(_, address): &(Place, EmailAddress)| !is_of(&mail.to, address);
    // Whoever writes to himself gets the bounce too.
    let any_stranger = by_others.iter().any(is_stranger);
    let those: Vec<(Place, EmailAddress)> = by_others
        .into_iter()
        .filter(|found| !any_stranger || is_stranger(found))
        .collect();
    let surest = those.iter().map(|(place, _)| *place).max();
    let mut failed: Vec<EmailAddress> = Vec::new();
    for (place, address) in those {
        let known = failed.iter().any(|known| known.key() == address.key());
        if Some(place) == surest && !known && failed.len() < MOST {
            failed.push(address);
        }
    }
    failed
        .iter()
        .map(|address| address.as_str().to_owned())
        .collect()
}

/// The recipients in the notice of Amazon SES.
fn noticed(text: &str) -> Vec<(Place, EmailAddress)> {
    text.split_once("bouncedRecipients")
        .and_then(|(_, rest)| rest.split(']').next())
        .into_iter()
        .flat_map(addresses_in)
        .map(|address| (Place::Field, address))
        .collect()
}

fn named_in(letter: &str) -> Vec<(Place, EmailAddress)> {
    let mut found = Vec::new();
    for line in letter.lines() {
        let line = line.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '*' | '-' | '=' | '#' | '|' | '>' | '+' | '\u{2022}')
        });
        let lower = line.to_lowercase();
        let begins = |known: &[&str]| known.iter().any(|words| lower.starts_with(words));
        if begins(RETURNED) {
            break;
        }
        if begins(OTHERS) {
            continue;
        }
        if begins(FIELDS) {
            found.extend(addresses_in(line).map(|address| (Place::Field, address)));
        } else if lower.starts_with("to:") || lower.starts_with("aan:") {
            found.extend(addresses_in(line).map(|address| (Place::Mentioned, address)));
        } else if let Some(address) = at_the_beginning(line) {
            found.push((Place::Line, address));
        } else if SENTENCES.iter().any(|word| lower.contains(word))
            && !ASKING.iter().any(|word| lower.contains(word))
        {
            found.extend(addresses_in(line).map(|address| (Place::Sentence, address)));
        }
    }
    found
}

/// The address with which a line begins, alone or before what the server says of it.
fn at_the_beginning(line: &str) -> Option<EmailAddress> {
    let line = line.trim_start_matches(['<', '[', '"', '\'', ' ']);
    let word = line.split(is_between).next()?;
    EmailAddress::parse(word.trim_end_matches('.'))
}

fn addresses_in(text: &str) -> impl Iterator<Item = EmailAddress> {
    text.split(is_between)
        .filter(|word| word.contains('@'))
        .filter_map(|word| EmailAddress::parse(word.trim_matches('.')))
}

/// What never stands in the usual addresses, and often beside them.
fn is_between(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '"' | '\''
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::intake::machine::verdict::tests::{from, with_subject};
    use crate::domain::intake::message::DeliveryReport;

    fn failed(text: &str) -> Vec<String> {
        let server = from("MAILER-DAEMON@mx.hackegem.example", "");
        failed_recipients(&with_subject(server, "failure notice", text))
    }

    #[test]
    fn each_server_names_them_in_its_own_way() {
        for letter in [
            "Hi. This is the qmail-send program at mx.hackegem.example.\n\n<weg@stad.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n<ander@stad.example>:",
            "This message was created automatically by mail delivery software.\nThe following address(es) failed:\n\n  weg@stad.example\n    Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\nTo: ander@stad.example",
            "For further assistance, please send mail to <postmaster@mx.hackegem.example>\n\n<weg@stad.example>: host mx.stad.example said: 550 unknown",
            "   ----- The following addresses had permanent fatal errors -----\n<weg@stad.example>\n    (reason: 550 5.1.1 <ander@stad.example>... unknown)",
            "Your message\n\n  To:      an@stad.example\n  Subject: x\n\ndid not reach the following recipient(s):\n\nweg@stad.example on Fri, 18 Oct 2002 09:13:24 -0600\n    The recipient name is not recognized",
            "Delivery has failed to these recipients or groups:\n\nweg@stad.example<mailto:weg@stad.example>\nUnknown.",
            "The following recipient(s) could not be reached:\n\n\tRecipient: [SMTP:weg@stad.example]\n\tReason: 550",
            "Your message to weg@stad.example couldn't be delivered.",
            "Unknown user: weg@stad.example\n\nOriginal message follows.\n\nfrom ander@stad.example",
            "Uw bericht aan <weg@stad.example> kon niet worden bezorgd.",
            r#"{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"weg@stad.example"}]},"mail":{"source":"ander@stad.example"}}"#,
        ] {
            assert_eq!(failed(letter), ["weg@stad.example"], "{letter}");
        }
    }

    #[test]
    fn nobody_is_named_where_the_server_still_tries_or_a_person_writes() {
        let late = "THIS IS A WARNING MESSAGE ONLY.\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\n<weg@stad.example>";
        assert_eq!(failed(late), Vec::<String>::new());
        let person = with_subject(
            from("jan@hackegem.example", "Jan"),
            "FW: Undeliverable: factuur",
            "Wat is dit?\n\n<weg@stad.example>: unknown",
        );
        assert_eq!(failed_recipients(&person), Vec::<String>::new());
    }

    #[test]
    fn the_report_comes_first() {
        let mut mail = with_subject(
            from("MAILER-DAEMON@mx.hackegem.example", ""),
            "failure notice",
            "<ander@stad.example>:",
        );
        mail.delivery_report = Some(DeliveryReport {
            failed_recipients: vec!["weg@stad.example".to_owned()],
            ..DeliveryReport::default()
        });
        assert_eq!(failed_recipients(&mail), ["weg@stad.example"]);
    }
}

//! How mail servers write: the sentences that their programs begin with, and the lines by which they
//! report. It reads text only; what it proves together with the header is weighed elsewhere.

use crate::domain::address::MessageId;

/// Characters of a text that are looked at.
const LOOKED_AT: usize = 4_000;
/// Lines with words, from the top, in which a server has begun its letter.
const FIRST_LINES: usize = 6;

/// Sentences that are built into programs, at the beginning of a line. Next to each, whose they are.
const PROGRAMS: &[&str] = &[
    // Sendmail and its heirs.
    "the original message was received at",
    "the following addresses had permanent",
    "the following addresses had transient",
    "the following addresses had delivery problems",
    "the following address had",
    "transcript of session follows",
    // Postfix, also in Zimbra.
    "this is the mail system at host",
    "this is the postfix program at host",
    "i'm sorry to have to inform you that your message",
    "i'm sorry to have to inform you that the message returned",
    // Exim, and the German providers that took its words over.
    "this message was created automatically by mail delivery",
    "this message was created automatically by the",
    "a message that you sent could not be delivered",
    "a message that you have sent could not be delivered",
    "a message that you sent has not yet been delivered",
    "diese nachricht wurde automatisch",
    // qmail, Yahoo and others with its form.
    "hi. this is the qmail-send program",
    "hi. this is the deliver program",
    "i'm afraid i wasn't able to deliver your message",
    "i was not able to deliver your message",
    "we were unable to deliver your message",
    "sorry, we were unable to deliver your message",
    "unable to deliver message to",
    "this is the mail delivery agent at",
    "this is the machine generated message from mail service",
    // Exchange, Outlook and Microsoft 365.
    "delivery has failed to these recipients",
    "your message did not reach some or all of the intended recipients",
    "your message wasn't delivered to",
    "this is an automatically generated delivery status notification",
    "delivery to the following recipient",
    "uw bericht is niet aangekomen bij",
    "de bezorging aan de volgende",
    "échec de la remise à ces destinataires",
    "échec de la remise aux destinataires",
    "votre message n'a pas atteint",
    "votre message n'a pas pu être",
    "votre message n'a pas pu etre",
    "your message could not be delivered to",
    "fehler bei der nachrichtenzustellung an folgende",
    "ihre nachricht hat einige oder alle",
    // Amazon SES.
    "an error occurred while trying to deliver the mail to the following recipients",
    // GroupWise.
    "the message that you sent was undeliverable to the following",
    "the attached file had the following undeliverable recipient",
    // MDaemon, MailEnable, IMail, Courier, InterScan, Oracle, LSMTP.
    "the attached message had permanent fatal delivery errors",
    "mailenable: message could not be delivered",
    "invalid final delivery userid",
    "this is a delivery status notification from",
    "message from interscan",
    "this report relates to a message you sent with",
    "this report relates to your message",
    "your message cannot be delivered to the following recipients",
    "an error was detected while processing the enclosed message",
    "each of the following recipients was rejected by a remote mail server",
    "this is a delivery failure notification message",
    "this is a warning message only",
    "message could not be delivered to mobile",
];

/// What servers begin with, and a person may too.
const USUAL: &[&str] = &[
    "your message",
    "your mail could not be delivered",
    "your mail to the following recipients could not be delivered",
    "the message you sent",
    "the message could not be delivered",
    "the following message could not",
    "a message could not be delivered",
    "message could not be delivered",
    "address not found",
    "message blocked",
    "delivery incomplete",
    "error: invalid user",
    "unknown user:",
    "uw bericht",
    "je bericht",
    "het bericht is niet",
    "adres niet gevonden",
    "votre message",
    "adresse introuvable",
    "ihre nachricht",
    "adresse nicht gefunden",
];

/// What stands in the middle of a server's letter, anywhere in a line: the end of a sentence whose
/// beginning is the name of a mail (Exchange, Domino), the fields of a report (RFC 3464, 2.3), and the line
/// above the mail that comes back.
const WITHIN: &[&str] = &[
    "did not reach the following recipient",
    "was not delivered to:",
    "could not be delivered to:",
    "rejected your message to the following",
    "failed to deliver to '",
    "the following recipient(s) could",
    "the following recipients could",
    "the following recipient(s) cannot",
    "final-recipient:",
    "diagnostic-code:",
    "reporting-mta:",
    "failure reasons --",
    "original message follows",
    "below this line is a copy of the message",
    "generating server:",
];

/// How surely a text is the letter of a mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wording {
    /// It begins as their letters do, or holds the answer of a server; people write so too.
    Usual,
    /// It holds a line by which they report; people paste such lines.
    Reports,
    /// It begins with a sentence that is built into a program.
    BuiltIn,
}

/// Reads a text, and only what stands unquoted in it: quoted lines are of another mail.
pub fn wording(text: &str) -> Option<Wording> {
    let start: String = text.chars().take(LOOKED_AT).collect();
    let start = start.to_lowercase().replace('\u{2019}', "'");
    let lines: Vec<&str> = start
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('>') && line.contains(char::is_alphanumeric))
        .map(without_ornament)
        .collect();
    let begins = |line: &&str, known: &[&str]| known.iter().any(|words| line.starts_with(words));
    if lines.first().is_some_and(|line| begins(line, PROGRAMS)) {
        return Some(Wording::BuiltIn);
    }
    let reports = lines
        .iter()
        .any(|line| WITHIN.iter().any(|words| line.contains(words)));
    if reports {
        return Some(Wording::Reports);
    }
    let mut first = lines.iter().take(FIRST_LINES);
    let usual = first.any(|line| begins(line, PROGRAMS) || begins(line, USUAL));
    (usual || quotes_a_server(&start)).then_some(Wording::Usual)
}

/// The line without the rules and stars around it.
fn without_ornament(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '-' | '=' | '#' | '|' | '_'))
}

/// Is there the answer of a server with both its codes (RFC 5321, 4.2; RFC 3463)?
fn quotes_a_server(start: &str) -> bool {
    let words: Vec<&str> = start.split_whitespace().take(600).collect();
    words.windows(2).any(|pair| match pair {
        [code, enhanced] => is_reply_code(code) && enhanced.starts_with("5."),
        _ => false,
    })
}

/// `550`, also with what stands around it.
fn is_reply_code(word: &str) -> bool {
    let digits = word.trim_matches(|c: char| !c.is_ascii_digit());
    digits.len() == 3 && digits.starts_with('5') && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Sentences by which a server says that it goes on trying.
const GOES_ON: &[&str] = &[
    "warning message only",
    "do not need to resend",
    "not need to resend your message",
    "has not yet been delivered",
    "has been delayed",
    "delivery is delayed",
    "still awaiting delivery",
    "delivery attempts will continue",
    "will continue to try",
    "will keep trying",
    "will be retried",
    "will retry",
    "will try again",
    "temporary problem delivering",
    "is vertraagd",
    "opnieuw geprobeerd",
    "nog niet bezorgd",
    "a été retardé",
    "nouvelle tentative",
    "noch nicht zugestellt",
    "verzögert",
];

/// Does a server say that the mail is late and not lost (RFC 3464, 2.3.3, `delayed`)?
pub fn goes_on_trying(text: &str) -> bool {
    let start: String = text.chars().take(LOOKED_AT).collect();
    let start: Vec<String> = start
        .to_lowercase()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let start = start.join(" ");
    !start.contains("permanent error") && GOES_ON.iter().any(|words| start.contains(words))
}

/// Lines that are searched for the header of the mail that comes back: it stands below the letter.
const LINES_TO_THE_COPY: usize = 400;

/// The Message-ID of the mail that comes back in the text of a letter, as qmail and other old programs return it.
pub fn returned_message_id(text: &str) -> Option<MessageId> {
    text.lines().take(LINES_TO_THE_COPY).find_map(|line| {
        let line = line.trim_start_matches(|c: char| c == '>' || c == '|' || c.is_whitespace());
        let (name, value) = line.split_once(':')?;
        let is_id = name.eq_ignore_ascii_case("message-id");
        let id = is_id.then(|| MessageId::parse(value.trim())).flatten();
        id.filter(|id| id.as_str().contains('@'))
    })
}

/// What Amazon SES says about a mail, in the JSON that it has mailed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// It did not arrive, or not yet.
    Bounce,
    /// Its receiver complained, or it arrived.
    Other,
}

/// Reads the notice of Amazon SES, whose first field is its type.
pub fn notice(text: &str) -> Option<Notice> {
    let start: String = text.trim_start().chars().take(200).collect();
    let squeezed: String = start
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '"')
        .collect();
    let fields = squeezed.strip_prefix('{')?;
    let kind = fields
        .strip_prefix("notificationtype:")
        .or_else(|| fields.strip_prefix("eventtype:"))?;
    match kind.split([',', '}']).next()? {
        "bounce" | "deliverydelay" | "renderingfailure" => Some(Notice::Bounce),
        "complaint" | "delivery" | "send" | "reject" | "open" | "click" => Some(Notice::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_begin_with_sentences_of_their_own() {
        for text in [
            "Hi. This is the qmail-send program at mx.hackegem.example.",
            "   ----- The following addresses had permanent fatal errors -----\n<an@x.example>",
            "*** This is the mail system at host mx.hackegem.example.",
            "Delivery has failed to these recipients or groups:\nan@x.example",
            "This message was created automatically by mail delivery software.",
            "Échec de la remise à ces destinataires ou groupes :",
            "An error occurred while trying to deliver the mail to the following recipients:",
        ] {
            assert_eq!(wording(text), Some(Wording::BuiltIn), "{text}");
        }
    }

    #[test]
    fn what_people_write_too_counts_less_and_what_they_quote_not_at_all() {
        for (text, expected) in [
            (
                "Your message\n\n  Subject: x\n\nwas not delivered to:\n\n  an@x.example",
                Some(Wording::Reports),
            ),
            (
                "Wat is dit?\nDelivery has failed to these recipients or groups:",
                Some(Wording::Usual),
            ),
            ("mx.x.example zegt 550 5.7.1 blocked", Some(Wording::Usual)),
            (
                "Wat is dit?\n> Delivery has failed to these recipients or groups:",
                None,
            ),
            ("Onze mailserver is gehackt.", None),
            ("Wij kregen 550 meldingen.", None),
            ("", None),
        ] {
            assert_eq!(wording(text), expected, "{text}");
        }
    }

    #[test]
    fn the_mail_that_comes_back_is_named_below_the_letter() {
        let id = |text| returned_message_id(text).map(|id| id.to_string());
        let letter = "Hi. This is the qmail-send program at mx.example.\n<an@x.example>:\n550 no such user\n\n\
                      --- Below this line is a copy of the message.\n\nReturn-Path: <crt@crt.example>\n\
                      Message-Id: <abc@crt.example>\nSubject: x\n";
        assert_eq!(id(letter).as_deref(), Some("abc@crt.example"));
        assert_eq!(
            id("> Message-ID: <abc@crt.example>").as_deref(),
            Some("abc@crt.example")
        );
        assert_eq!(id("De message-id ken ik niet: geen idee"), None);
        assert_eq!(id("Message-ID: geen"), None);
    }

    #[test]
    fn late_is_not_lost() {
        for (text, expected) in [
            (
                "THIS IS A WARNING MESSAGE ONLY.\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.",
                true,
            ),
            (
                "Your message has been delayed and is still\nawaiting delivery",
                true,
            ),
            ("This is a permanent error; we will try again never.", false),
            ("User unknown", false),
        ] {
            assert_eq!(goes_on_trying(text), expected, "{text}");
        }
    }

    #[test]
    fn amazon_says_in_json_what_became_of_a_mail() {
        for (text, expected) in [
            (
                r#"{"notificationType":"Bounce","bounce":{}}"#,
                Some(Notice::Bounce),
            ),
            (r#"{ "eventType" : "Complaint" }"#, Some(Notice::Other)),
            (r#"{"alarm":"Bounce"}"#, None),
            ("notificationType: Bounce", None),
        ] {
            assert_eq!(notice(text), expected, "{text}");
        }
    }
}

//! Whose words count where the reporter wrote hardly any: "FW: dringend" and "zie onder" above the report
//! of a colleague. His words are the report then; a lure from elsewhere stays evidence.

use crate::domain::address::EmailAddress;
use crate::domain::domain_name::is_shared;
use crate::domain::intake::message::ForwardedMail;
use crate::domain::text::own_words::cut::{Announced, OwnWords, own_words};

/// Words that only point to what stands below, greet, thank, or press.
const POINTING: &[&str] = &[
    "aan",
    "above",
    "actie",
    "advies",
    "afhandeling",
    "agir",
    "all",
    "allen",
    "alstublieft",
    "alvast",
    "an",
    "anbei",
    "asap",
    "attached",
    "attachment",
    "au",
    "aub",
    "a.u.b",
    "avis",
    "bedankt",
    "behandeling",
    "bekijken",
    "below",
    "beste",
    "bericht",
    "bij",
    "bijgevoegd",
    "bijgevoegde",
    "bijlage",
    "bitte",
    "bonjour",
    "ci-dessous",
    "ci-joint",
    "collega",
    "collega's",
    "crt",
    "cyber",
    "dag",
    "dank",
    "danke",
    "de",
    "dear",
    "deze",
    "die",
    "dit",
    "doorgestuurd",
    "dringend",
    "e-mail",
    "een",
    "en",
    "fin",
    "for",
    "forward",
    "forwarded",
    "forwarding",
    "from",
    "fw",
    "fwd",
    "fyi",
    "gelieve",
    "goedemorgen",
    "goedemiddag",
    "goedenavond",
    "goeiemorgen",
    "graag",
    "groeten",
    "hallo",
    "heer",
    "hello",
    "help",
    "here",
    "het",
    "hi",
    "hierbij",
    "hieronder",
    "hilfe",
    "hoi",
    "hulp",
    "in",
    "incident",
    "info",
    "informatie",
    "information",
    "je",
    "jullie",
    "kennisgeving",
    "kenntnis",
    "le",
    "les",
    "mail",
    "mailtje",
    "melding",
    "merci",
    "mevrouw",
    "message",
    "met",
    "mit",
    "mvg",
    "naar",
    "nota",
    "of",
    "om",
    "onder",
    "onderstaand",
    "onderstaande",
    "op",
    "opvolging",
    "opvolgen",
    "over",
    "please",
    "pour",
    "prioritair",
    "report",
    "response",
    "see",
    "siehe",
    "snel",
    "spoed",
    "suite",
    "suivi",
    "s.v.p",
    "svp",
    "team",
    "te",
    "ter",
    "thanks",
    "the",
    "this",
    "transfert",
    "uit",
    "unten",
    "urgent",
    "vanwege",
    "van",
    "verder",
    "voir",
    "volgende",
    "voor",
    "wij",
    "willen",
    "your",
    "zie",
    "ziehier",
    "zur",
];

/// Most words that may only point.
const MOST_WORDS: usize = 15;
/// Most forwarded mails that may stand between the reporter and the words.
const MOST_BEARERS: usize = 4;

/// Does this text say hardly anything: nothing, or words that only point to something else?
pub fn says_hardly_anything(text: &str) -> bool {
    let folded = text.to_lowercase();
    let mut words = folded
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '>' | '<' | '…'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty());
    if text.contains('?') {
        return words.next().is_none();
    }
    let mut count = 0;
    words.all(|word| {
        count += 1;
        count <= MOST_WORDS && POINTING.contains(&word)
    })
}

/// The words that are triaged, and what is only evidence for them.
#[derive(Debug, Clone, Default)]
pub struct Borne {
    /// The words.
    pub text: String,
    /// The texts of the forwarded mails that are not.
    pub evidence: Vec<String>,
}

/// Sorts the reporter's own words and the mails that he forwarded, inline before attached.
pub fn words_that_count(
    own: &OwnWords,
    attached: &[ForwardedMail],
    reporter: Option<&EmailAddress>,
) -> Borne {
    let mut text = own.text.clone();
    let mut evidence = Vec::new();
    let typed = own.announced == Announced::No;
    for (place, mail) in own.forwarded.iter().chain(attached).enumerate() {
        let outermost = place == 0 && !own.forwarded.is_empty();
        let ours = mail.from_address.is_empty()
            || is_colleague(&mail.from_address, reporter)
            || (outermost && typed);
        let silent = place < MOST_BEARERS && evidence.is_empty() && says_hardly_anything(&text);
        if silent && ours {
            let words = words_of(mail);
            if !text.is_empty() && !words.is_empty() {
                text.push_str("\n\n");
            }
            text.push_str(&words);
        } else {
            evidence.push(mail.text.clone());
        }
    }
    Borne { text, evidence }
}

/// The same of a mail that is known by its subject and text only, with the mails that are forwarded in it.
pub fn words_of_plain_mail(subject: &str, text: &str) -> (Borne, Vec<ForwardedMail>) {
    let own = own_words(text, subject);
    (words_that_count(&own, &[], None), own.forwarded)
}

/// What a colleague wrote, without what closes his letter.
fn words_of(mail: &ForwardedMail) -> String {
    let inner = own_words(&mail.text, "");
    if inner.text.is_empty() {
        mail.text.clone()
    } else {
        inner.text
    }
}

/// The same address, or another one of the same organisation.
fn is_colleague(address: &str, reporter: Option<&EmailAddress>) -> bool {
    let (Some(address), Some(reporter)) = (EmailAddress::parse(address), reporter) else {
        return false;
    };
    let domain = reporter.domain();
    address.key() == reporter.key()
        || (!is_shared(domain) && address.domain().eq_ignore_ascii_case(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn an() -> EmailAddress {
        EmailAddress::parse("an@hackegem.example").unwrap()
    }

    fn sorted(text: &str, subject: &str, reporter: &EmailAddress) -> Borne {
        words_that_count(&own_words(text, subject), &[], Some(reporter))
    }

    fn forward(above: &str, from: &str, words: &str) -> String {
        format!(
            "{above}\n\nVan: {from}\nVerzonden: maandag 1 juni 2026 10:00\nAan: An\nOnderwerp: dringend\n\n{words}"
        )
    }

    #[test]
    fn pointing_is_not_telling() {
        for (text, expected) in [
            ("", true),
            ("Zie onder", true),
            ("Beste collega's,\n\nter info en opvolging, dringend!", true),
            ("FYI", true),
            ("Voir ci-dessous, merci", true),
            ("Is dit echt?", false),
            ("Zie onder, ik heb geklikt", false),
            ("help??", false),
            ("???", true),
            ("servers plat", false),
        ] {
            assert_eq!(says_hardly_anything(text), expected, "{text}");
        }
    }

    #[test]
    fn the_report_of_a_colleague_is_the_report() {
        let words = "Al onze servers zijn versleuteld, losgeldbrief op het scherm.\n\nMvg\nJan";
        for above in ["Zie onder", "", "Ter info"] {
            let text = forward(above, "Jan <jan@hackegem.example>", words);
            let borne = sorted(&text, "FW: dringend", &an());
            assert!(borne.text.contains("versleuteld"), "{above}");
            assert!(!borne.text.contains("Jan"), "{above}");
            assert!(borne.evidence.is_empty(), "{above}");
        }
    }

    #[test]
    fn a_lure_stays_evidence() {
        let words = "Uw bestanden zijn versleuteld, betaal.";
        for (above, from, reporter) in [
            ("Zie onder", "Bank <a@evil.example>", "an@hackegem.example"),
            ("", "Bank <a@evil.example>", "an@hackegem.example"),
            ("", "Bank <bank@gmail.com>", "an@gmail.com"),
            (
                "Is dit echt?",
                "Jan <jan@hackegem.example>",
                "an@hackegem.example",
            ),
        ] {
            let text = forward(above, from, words);
            let reporter = EmailAddress::parse(reporter).unwrap();
            let borne = sorted(&text, "FW: dringend", &reporter);
            assert!(!borne.text.contains("versleuteld"), "{above} {from}");
            assert_eq!(borne.evidence.len(), 1, "{above} {from}");
        }
    }

    #[test]
    fn a_lure_that_a_colleague_passed_on_stays_evidence_too() {
        let lure = forward("Zie onder", "Bank <a@evil.example>", "Betaal nu.");
        let text = forward("FYI", "Jan <jan@hackegem.example>", &lure);
        let borne = sorted(&text, "FW: FW: rekening", &an());
        assert!(!borne.text.contains("Betaal"));
        assert_eq!(borne.evidence, ["Betaal nu."]);
    }

    #[test]
    fn fields_that_a_form_or_a_reporter_typed_hide_no_words() {
        let text = "Van: Piet Jansen <piet@elders.example>\nAan: het CRT\nOnderwerp: Hulp\n\nOnze servers zijn versleuteld.";
        let borne = sorted(text, "Melding via het formulier", &an());
        assert!(borne.text.contains("versleuteld"));
        let forwarded = sorted(text, "FW: Hulp", &an());
        assert!(forwarded.text.is_empty());
    }

    #[test]
    fn an_attached_mail_of_a_colleague_speaks_for_him() {
        let mail = ForwardedMail {
            from_name: String::new(),
            from_address: "Jan@Hackegem.example".to_owned(),
            subject: String::new(),
            date: String::new(),
            text: "Onze servers zijn versleuteld.".to_owned(),
            via: crate::domain::intake::message::Via::Rfc822,
        };
        let borne = words_that_count(&own_words("zie bijlage", ""), &[mail], Some(&an()));
        assert!(borne.text.contains("versleuteld"));
    }
}

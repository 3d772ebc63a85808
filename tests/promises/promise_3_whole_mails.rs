//! Promise 3, as it arrives: every kind of mail that leaves, whole, in Dutch, French and English, to be read aloud.
//!
//! One file for each kind and language in `whole_mails/`: the header as it was sent, then the subject and the text as
//! a reader sees them.

use crate::support::chat_server::{ChatServer, ELS as ELS_IN_CHAT, said};
use crate::support::mails::{AN, Mail, STRANGER};
use crate::support::roster::{CHRIS, ELS, roster_in_chat};
use crate::support::ticket_room::comes;
use crate::support::town::{Received, Town, rooms};
use eerstelijn::domain::chat::trust::Trust;
use eerstelijn::domain::triage::language::Language;
use jiff::SignedDuration;
use regex::Regex;

/// What people write in one language.
struct Words {
    language: Language,
    subject: &'static str,
    lure: &'static str,
    password: &'static str,
    leak: &'static str,
    memo: &'static str,
    no_memo: &'static str,
    newsletter: &'static str,
    citizen: &'static str,
    vague: &'static str,
    letter: &'static str,
}

const WORDS: [Words; 3] = [
    Words {
        language: Language::Nl,
        subject: "Één vraag – van An",
        lure: "Wij kregen een phishingmail van zogezegd de bank. Niemand heeft geklikt.",
        password: "Ik heb op een link geklikt en mijn paswoord ingegeven. Wat moet ik doen?",
        leak: "Een collega heeft een lijst met rijksregisternummers van 3500 burgers naar de verkeerde bestemmeling gemaild.",
        memo: "Goeiedag, hoe organiseren wij het best onze back-ups en hoe vaak moeten we een hersteltest doen?",
        no_memo: "Wanneer is het containerpark open?",
        newsletter: "Graag schrijf ik me in voor de nieuwsbrief.",
        citizen: "Ik ben een gewone burger en ben privé opgelicht op een tweedehandssite, mijn eigen bankrekening is leeg.",
        vague: "Er is iets gebeurd op kantoor, wij weten niet wat het is en willen een incident melden.",
        letter: "Dag An, koppel de pc los van het netwerk. Ik bel u zo.",
    },
    Words {
        language: Language::Fr,
        subject: "Une question à l’équipe – An",
        lure: "Bonjour, nous avons reçu un mail de phishing qui semble venir de la banque. Personne n'a cliqué.",
        password: "Bonjour, j'ai cliqué sur un lien et j'ai donné mon mot de passe. Que dois-je faire ?",
        leak: "Bonjour, un collègue a envoyé par erreur une liste avec les numéros de registre national de 3500 citoyens au mauvais destinataire.",
        memo: "Bonjour, comment organiser nos sauvegardes et à quelle fréquence faut-il tester la restauration ?",
        no_memo: "Bonjour, quels sont les horaires du parc à conteneurs ?",
        newsletter: "Bonjour, je souhaite m'inscrire à votre lettre d'information.",
        citizen: "Bonjour, je suis un simple citoyen, on m'a escroqué à titre privé sur un site de seconde main, mon compte bancaire est vide.",
        vague: "Bonjour, il s'est passé quelque chose de suspect sur un PC, nous voulons signaler un incident.",
        letter: "Bonjour An, débranchez le PC du réseau. Je vous appelle.",
    },
    Words {
        language: Language::En,
        subject: "One question – from An",
        lure: "Hello, we received a phishing mail that claims to come from the bank. Nobody clicked.",
        password: "Hello, I clicked on a link and entered my password. What should I do?",
        leak: "Hello, a colleague mailed a list with the national register numbers of 3500 citizens to the wrong recipient.",
        memo: "Hello, how should we organise our backups and how often do we have to test restoring them?",
        no_memo: "Hello, when is the recycling park open?",
        newsletter: "Hello, I would like to subscribe to your newsletter.",
        citizen: "Hello, as a citizen I was scammed on a second hand site, my own bank account is empty.",
        vague: "Hello, something suspicious happened on a PC, we want to report an incident.",
        letter: "Dear An, unplug the PC from the network. I will call you.",
    },
];

const AN_ADDRESS: &str = "an.peeters@hackegem.example";

impl Words {
    /// An's report, in her language.
    fn report(&self, text: &str) -> Mail {
        Mail::from(AN, "melding").subject(self.subject).text(text)
    }
}

/// The mail as it was sent: the header to the letter, then what a reader sees.
fn whole(received: &Received) -> String {
    let raw = received.masked();
    assert!(raw.is_ascii(), "it needs no 8BITMIME and no SMTPUTF8");
    let (header, _) = raw.split_once("\n\n").unwrap();
    let encoded = Regex::new(r"=\?utf-8\?\S*").unwrap();
    for word in encoded.find_iter(header) {
        assert!(word.len() <= 75, "RFC 2047, 2: {}", word.as_str());
    }
    format!(
        "{header}\n\n[{}]\n\n{}",
        received.mail.subject,
        received.mail.text.trim_end()
    )
}

/// What holds for every mail that a machine writes to somebody outside.
fn reads_well(received: &Received, kind: &str) {
    let text = &received.mail.text;
    assert!(text.trim_end().lines().count() <= 25, "{kind}:\n{text}");
    let verdict = Regex::new(
        r"(?i)\b(veilige?|safe(ly)?|sûre?s?|onschuldig|harmless|inoffensif|de le|à le|uw schuld|votre faute|your fault)\b",
    );
    assert!(!verdict.unwrap().is_match(text), "{kind}:\n{text}");
    assert!(received.mail.subject.starts_with("Auto: "), "{kind}");
    let field = |name: &str| {
        received
            .mail
            .header(name)
            .next()
            .map(str::trim)
            .map(str::to_owned)
    };
    assert_eq!(field("x-auto-response-suppress").as_deref(), Some("All"));
    let nature = field("auto-submitted").unwrap();
    assert!(
        nature.starts_with("auto-replied") || kind == "not-reached",
        "{kind}: {nature}"
    );
}

fn keep(kind: &str, words: &Words, received: &Received) {
    let language = words.language;
    assert_eq!(
        received
            .mail
            .header("content-language")
            .next()
            .map(str::trim),
        Some(language.as_str()),
        "{kind}"
    );
    insta::with_settings!({ snapshot_path => "whole_mails", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("{kind}-{language}"), whole(received));
    });
}

/// What tells one kind from the others, in all languages.
fn mark_of(kind: &str) -> Regex {
    Regex::new(match kind {
        "incident-proven" => r"(?s)CRT-2026-0001.*QR",
        "incident-unproven" => r"numéro de téléphone|telefoonnummer|phone number",
        "suspect-channel-proven" | "suspect-channel-unproven" => {
            r"ander toestel|autre appareil|another device"
        }
        "general-steps" => r"(?s)112.*CRT-2026-0001",
        "question-with-memo" => r"[Bb]ack-up",
        "question-without-memo" => r"geen memo|pas de mémo|no memo",
        "subscription" => r"JA op|OUI à|YES to",
        "citizen" => r"(?s)Card Stop.*1700",
        _ => "",
    })
    .unwrap()
}

/// One mail arrives, and one answer leaves.
async fn answer_to(kind: &str, words: &Words, mail: Mail) {
    let town = Town::new().await;
    town.hears(&mail).await;
    let reply = town.only_reply();
    reads_well(&reply, kind);
    let read = format!("{}\n{}", reply.mail.subject, reply.mail.text);
    assert!(mark_of(kind).is_match(&read), "{kind}:\n{read}");
    keep(kind, words, &reply);
    town.comes_to_rest().await;
}

#[tokio::test]
async fn first_help_for_everybody() {
    for words in &WORDS {
        let stranger = |text: &str| {
            Mail {
                from: STRANGER.to_owned(),
                ..words.report(text)
            }
            .unproven()
        };
        for (kind, mail) in [
            ("incident-proven", words.report(words.lure)),
            ("incident-unproven", stranger(words.lure)),
            ("suspect-channel-proven", words.report(words.password)),
            ("suspect-channel-unproven", stranger(words.password)),
            ("general-steps", words.report(words.vague)),
        ] {
            answer_to(kind, words, mail).await;
        }
    }
}

#[tokio::test]
async fn whoever_asks_and_whoever_is_elsewhere_better_helped() {
    for words in &WORDS {
        let citizen = Mail {
            from: STRANGER.to_owned(),
            ..words.report(words.citizen)
        };
        for (kind, mail) in [
            ("question-with-memo", words.report(words.memo)),
            ("question-without-memo", words.report(words.no_memo)),
            ("subscription", words.report(words.newsletter)),
            ("citizen", citizen.unproven()),
        ] {
            answer_to(kind, words, mail).await;
        }
    }
}

#[tokio::test]
async fn whoever_waited_is_told_so() {
    for words in &WORDS {
        let town = Town::new().await;
        town.deliver_late(&words.report(words.lure), SignedDuration::from_hours(9))
            .await;
        town.run_until_idle().await;
        let reply = town.only_reply();
        reads_well(&reply, "late");
        keep("late", words, &reply);
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn whoever_writes_again_gets_the_next_steps() {
    for words in &WORDS {
        for (kind, first, second) in [
            ("again-unsuspected", words.lure, words.leak),
            ("again-suspect-channel", words.lure, words.password),
        ] {
            let town = Town::new().await;
            town.hears(&words.report(first)).await;
            let ours = town.only_reply().message_id();
            let again = Mail::from(AN, "nog-iets")
                .subject(&format!("Re: {}", words.subject))
                .text(second);
            town.hears(&again.answering(&ours)).await;
            let reply = town.received().remove(1);
            reads_well(&reply, kind);
            keep(kind, words, &reply);
            town.comes_to_rest().await;
        }
    }
}

/// Somebody on call is woken, nobody comes, and the reporter is told so; all in the language of each.
#[tokio::test]
async fn whoever_is_woken_and_whoever_waits_for_them() {
    for words in &WORDS {
        let town = Town::with_people_speaking(words.language).await;
        town.hears(&words.report(words.leak)).await;
        let first = town.last_to(AN_ADDRESS);
        reads_well(&first, "incident-paged");
        keep("incident-paged", words, &first);
        keep("page", words, &town.last_to(ELS));
        town.minutes_pass(30).await;
        let last = town.last_to(AN_ADDRESS);
        reads_well(&last, "not-reached");
        keep("not-reached", words, &last);
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn whoever_coordinates_is_called_past_the_limit() {
    for words in &WORDS {
        let town = Town::with(|settings| {
            settings.roster = roster_in_chat();
            settings.roster.people[2].languages = vec![words.language];
            settings.limits.in_all_hour = 2;
        })
        .await;
        town.hears(&words.report(words.lure)).await;
        for (id, text) in [("twee", words.memo), ("drie", words.newsletter)] {
            town.hears(&Mail::from(AN, id).text(text)).await;
        }
        keep("limit", words, &town.last_to(CHRIS));
        town.comes_to_rest().await;
    }
}

#[tokio::test]
async fn whoever_coordinates_is_called_past_the_half_of_the_unproven() {
    for words in &WORDS {
        let town = Town::with(|settings| {
            settings.roster = roster_in_chat();
            settings.roster.people[2].languages = vec![words.language];
            settings.limits.in_all_hour = 4;
        })
        .await;
        for n in 0..3 {
            let from = format!("Iemand <iemand@elders{n}.example>");
            let mail = Mail::from(&from, &format!("vreemd-{n}")).text(words.lure);
            town.hears(&mail).await;
        }
        keep("limit-unproven", words, &town.last_to(CHRIS));
        town.comes_to_rest().await;
    }
}

/// A person's mail bears none of the marks of a machine.
#[tokio::test]
async fn what_an_expert_writes() {
    for words in &WORDS {
        for (kind, text) in [
            ("letter", words.lure),
            ("letter-suspect-channel", words.password),
        ] {
            let town = Town::with(|settings| {
                settings.roster = roster_in_chat();
                settings.chat = Some(rooms());
            })
            .await;
            town.hears(&words.report(text)).await;
            let card = town.chat.acts()[0].event.clone();
            let signed = Trust::SignedDevice;
            town.room_hears(ELS_IN_CHAT, signed, said("!take", Some(&card)))
                .await;
            let room = town.chat.made().remove(0);
            assert_ne!(room, ChatServer::oncall());
            comes(&town, &room, ELS_IN_CHAT).await;
            let words_of_els = said(&format!("!reply {}", words.letter), None);
            let written = town.in_room(&room, ELS_IN_CHAT, signed, words_of_els).await;
            if kind == "letter-suspect-channel" {
                crate::support::ticket_room::signs(&town, &room, ELS_IN_CHAT, &written).await;
            }
            let letter = town.last_to(AN_ADDRESS);
            for mark in ["auto-submitted", "x-auto-response-suppress", "x-eerstelijn"] {
                assert_eq!(letter.mail.header(mark).next(), None, "{mark}");
            }
            keep(kind, words, &letter);
            town.comes_to_rest().await;
        }
    }
}

/// Threads, names and subjects as they come: what of them returns in our header, and what doesn't.
#[tokio::test]
async fn the_header_of_an_answer_whatever_the_mail_was_like() {
    let long = (1..=14).map(|n| format!("<deel-{n}@hackegem.example>"));
    let long = long.collect::<Vec<_>>().join("\r\n ");
    let lure = || WORDS[0].report(WORDS[0].lure);
    let mut no_id = lure();
    no_id.message_id.clear();
    for (name, mail) in [
        ("long-thread", lure().header(&format!("References: {long}"))),
        ("no-message-id", no_id),
        (
            "names-and-subject",
            Mail::from("\"Çelik, Zoë 🛟\" <zoe.celik@hackegem.example>", "naam").subject(
                "Vrágen óver een mail die wél heel lang is: één, twee, drie, vier, vijf, zes, zeven, acht – en dán nog een stuk 🛟",
            )
            .text(WORDS[0].lure),
        ),
        (
            "idn-a-label",
            Mail::from("An <an@xn--hckegem-5wa.example>", "idn").text(WORDS[0].lure),
        ),
    ] {
        let town = Town::new().await;
        let raw = String::from_utf8(mail.bytes()).unwrap();
        town.deliver_raw(raw.replace("Message-ID: <>\r\n", "").into_bytes())
            .await;
        town.run_until_idle().await;
        let reply = whole(&town.only_reply());
        let (header, _) = reply.split_once("\n\nAuto").unwrap_or((&reply, ""));
        let (header, _) = header.split_once("\n\n").unwrap();
        insta::with_settings!({ snapshot_path => "whole_mails", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("header-{name}"), header);
        });
        town.comes_to_rest().await;
    }
}

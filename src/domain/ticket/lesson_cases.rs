//! What teaches, and until when.

#![cfg(test)]

use crate::domain::address::EmailAddress;
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::ids::TicketId;
use crate::domain::intake::listing::{BodyKind, DomainStatus};
use crate::domain::intake::message::Via;
use crate::domain::intake::sender::{Constituent, Constituents};
use crate::domain::oncall::people::PersonId;
use crate::domain::pgp::form::{Opening, PgpForm};
use crate::domain::pgp::reading::{PgpNote, Signature};
use crate::domain::text::nameless::{CommonWords, Sieve};
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use crate::domain::ticket::lesson::{Lesson, lesson};
use crate::domain::ticket::message::{ChatOrigin, ForwardedNote};
use crate::domain::tlp::Label;
use crate::domain::triage::category::{Category, Kind, Severity};
use jiff::Timestamp;

const ID: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

fn els() -> PersonId {
    "els".parse().unwrap()
}

fn heard(text: &str) -> TicketEvent {
    let json = format!(
        r#"{{"event":"message-received","inbox":"{ID}","channel":"mail","from":{{"name":"An Peeters","address":"an@hackegem.example"}},"reply_to":[],"subject":"Vraagje","text":"{text}","message_id":null,"in_reply_to":[],"references":[],"standing":"proven","attachments":[],"forwarded":[],"defects":[],"received_at":"2026-11-23T20:40:00Z"}}"#
    );
    serde_json::from_str(&json).unwrap()
}

fn assessed(kind: Kind, category: Option<Category>, severity: Severity, page: bool) -> TicketEvent {
    let json = serde_json::json!({
        "event": "assessed", "inbox": ID, "handbook": "v",
        "assessment": {"kind": kind, "language": "nl", "category": category, "confidence": 0.9, "alternatives": [], "because": [],
            "facts": {}, "severity": severity, "page": page, "citizen": false, "indicators": []},
    });
    serde_json::from_value(json).unwrap()
}

fn wrote() -> TicketEvent {
    let json = format!(
        r#"{{"event":"human-wrote","outbox":"{ID}","by":"els","to":{{"mail":"an@hackegem.example"}},"message_id":"m@crt.example","text":"Dag","origin":"$e"}}"#
    );
    serde_json::from_str(&json).unwrap()
}

fn category(category: Category) -> TicketEvent {
    TicketEvent::CategorySet {
        by: els(),
        category,
    }
}

fn severity(severity: Severity) -> TicketEvent {
    TicketEvent::SeveritySet {
        by: els(),
        severity,
    }
}

fn kind(kind: Kind) -> TicketEvent {
    TicketEvent::KindSet { by: els(), kind }
}

/// One body is listed.
fn listed() -> Constituents {
    Constituents(vec![Constituent {
        domain: "hackegem.example".into(),
        name: "Gemeente Hackegem".into(),
        kind: BodyKind::Municipality,
        status: DomainStatus::Active,
        contact: String::new(),
        callback_phone: String::new(),
    }])
}

fn taught(events: Vec<TicketEvent>) -> Option<Lesson> {
    let recorded: Vec<RecordedEvent> = (1..)
        .zip(events)
        .map(|(seq, event)| RecordedEvent {
            seq,
            at: Timestamp::UNIX_EPOCH,
            actor: Actor::Bot,
            event,
        })
        .collect();
    lesson(&TicketId::from_stored(ID.to_owned()), &recorded, &listed())
}

fn phishing() -> TicketEvent {
    assessed(
        Kind::Incident,
        Some(Category::Phishing),
        Severity::Medium,
        false,
    )
}

type Taught = (Option<Kind>, Option<Category>, Option<Severity>);

fn labels(events: Vec<TicketEvent>) -> Option<Taught> {
    let corrected = taught(events)?.corrected;
    Some((corrected.kind, corrected.category, corrected.severity))
}

#[test]
fn only_what_a_person_set_teaches() {
    use Category::Malware;
    use Severity::{Critical, High, Low};
    let incident = Some(Kind::Incident);
    for (corrections, expected) in [
        (vec![], None),
        (
            vec![category(Malware)],
            Some((incident, Some(Malware), None)),
        ),
        (vec![severity(High)], Some((None, None, Some(High)))),
        (
            vec![severity(Critical), category(Malware)],
            Some((incident, Some(Malware), Some(Critical))),
        ),
        // His last word counts.
        (
            vec![severity(High), kind(Kind::Question)],
            Some((Some(Kind::Question), None, None)),
        ),
        (
            vec![kind(Kind::Question), severity(Low)],
            Some((Some(Kind::Question), None, None)),
        ),
        (vec![kind(Kind::Question), severity(High)], None),
        // He may know from a call that it is less bad than it sounds.
        (vec![severity(Low)], None),
        (
            vec![severity(Low), category(Malware)],
            Some((incident, Some(Malware), None)),
        ),
        (
            vec![kind(Kind::Other), category(Malware)],
            Some((incident, Some(Malware), None)),
        ),
        (
            vec![
                category(Malware),
                kind(Kind::Question),
                kind(Kind::Incident),
            ],
            Some((incident, Some(Malware), None)),
        ),
    ] {
        let shown = format!("{corrections:?}");
        let events = [heard("raar ding"), phishing()].into_iter();
        assert_eq!(
            labels(events.chain(corrections).collect()),
            expected,
            "{shown}"
        );
    }
}

#[test]
fn that_a_question_is_bad_says_nothing_until_it_is_an_incident() {
    let question = || assessed(Kind::Question, None, Severity::Low, false);
    let with = |correction| vec![heard("vraagje"), question(), correction];
    assert_eq!(labels(with(severity(Severity::High))), None);
    assert_eq!(labels(with(severity(Severity::Low))), None);
    assert_eq!(
        labels(with(kind(Kind::Incident))),
        Some((Some(Kind::Incident), None, None))
    );
    assert_eq!(
        labels(with(category(Category::Ddos))),
        Some((Some(Kind::Incident), Some(Category::Ddos), None))
    );
}

#[test]
fn what_was_told_later_or_corrected_after_a_human_wrote_teaches_nothing() {
    let events = vec![
        heard("een"),
        phishing(),
        category(Category::Malware),
        heard("twee"),
        wrote(),
        category(Category::Intrusion),
    ];
    let corrected = taught(events).unwrap().corrected;
    assert_eq!(corrected.text, "een");
    assert_eq!(corrected.category, Some(Category::Malware));
    let events = vec![
        heard("een"),
        phishing(),
        wrote(),
        category(Category::Malware),
    ];
    assert_eq!(taught(events), None);
    let events = vec![
        heard("een"),
        heard("twee"),
        phishing(),
        category(Category::Ddos),
    ];
    assert_eq!(taught(events).unwrap().corrected.text, "een\n\ntwee");
}

#[test]
fn what_is_red_was_encrypted_or_is_a_part_of_another_ticket_teaches_nothing() {
    let with = |events: Vec<TicketEvent>| {
        let all = [heard("raar ding"), phishing(), category(Category::Malware)];
        taught(all.into_iter().chain(events).collect())
    };
    assert!(with(vec![]).is_some());
    let red = TicketEvent::TlpSet {
        by: els(),
        label: Label::Red,
    };
    assert_eq!(with(vec![red]), None);
    let merged = TicketEvent::MergedInto {
        by: els(),
        number: "CRT-2026-0001".parse().unwrap(),
    };
    assert_eq!(with(vec![merged]), None);
    let TicketEvent::MessageReceived(mut sealed) = heard("versleuteld") else {
        panic!("a message");
    };
    sealed.pgp = Some(PgpNote {
        form: PgpForm::MimeEncrypted,
        opening: Opening::Opened,
        signature: Signature::None,
        answers_to: None,
        notice: None,
        claims: None,
    });
    let sealed = TicketEvent::MessageReceived(sealed);
    assert_eq!(
        taught(vec![sealed, phishing(), category(Category::Malware)]),
        None
    );
}

#[test]
fn names_stand_in_the_heads_of_messages() {
    let TicketEvent::MessageReceived(mut message) = heard("Groeten, an peeters") else {
        panic!("a message");
    };
    message.reply_to = vec![EmailAddress::parse("piet@elders.example").unwrap()];
    message.forwarded = vec![ForwardedNote {
        from: "Boef Baes <boef@kwaad.example>".into(),
        subject: "Factuur".into(),
        via: Via::Rfc822,
    }];
    let lesson = taught(vec![
        TicketEvent::MessageReceived(message),
        phishing(),
        category(Category::Malware),
    ]);
    let Lesson { corrected, names } = lesson.unwrap();
    assert_eq!(corrected.organisation, "Gemeente Hackegem");
    assert_eq!(corrected.forwarded, ["Factuur"]);
    let text = "an peeters hackegem piet elders boef baes kwaad kassa";
    let sieve = Sieve {
        names: &names,
        common: &CommonWords::default(),
    };
    let words = sieve.words(text).words;
    let words = words.iter().map(|word| word.text.as_str());
    assert_eq!(
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>(),
        ["kassa"]
    );
}

#[test]
fn what_a_machine_wrote_teaches_nothing() {
    let alert = assessed(
        Kind::Alert,
        Some(Category::Intrusion),
        Severity::Medium,
        false,
    );
    let events = vec![heard("Port scan"), alert, category(Category::Malware)];
    assert_eq!(taught(events), None);
}

#[test]
fn several_of_one_organisation_are_one() {
    let of = |from: &str| {
        let TicketEvent::MessageReceived(mut message) = heard("raar ding") else {
            panic!("a message");
        };
        if let Some(user) = from.strip_prefix('@') {
            message.from = None;
            message.chat = Some(ChatOrigin {
                room: RoomId::parse("!a:kaart.example").unwrap(),
                event: EventId::parse("$e").unwrap(),
                user: UserId::parse(&format!("@{user}")).unwrap(),
                replaces: None,
            });
        } else if let Some(mailbox) = &mut message.from {
            mailbox.address = EmailAddress::parse(from).unwrap();
        }
        let message = TicketEvent::MessageReceived(message);
        let lesson = taught(vec![message, phishing(), category(Category::Malware)]);
        lesson.unwrap().corrected.organisation
    };
    for (from, expected) in [
        ("an@hackegem.example", "Gemeente Hackegem"),
        ("an@ocmw.HACKEGEM.example", "Gemeente Hackegem"),
        ("@an:chat.hackegem.example", "Gemeente Hackegem"),
        ("an@elders.be", "elders.be"),
        ("an@mail.elders.be", "elders.be"),
        ("@an:elders.be", "elders.be"),
        ("@bob:elders.be", "elders.be"),
    ] {
        assert_eq!(of(from), expected, "{from}");
    }
}

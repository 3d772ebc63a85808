//! Made-up values for the stories of the store. The words in [`CANARIES`] stand in every place
//! where a report's content can stand, so that a search of the files finds a leak.

use eerstelijn::app::ports::*;
use eerstelijn::domain::address::{EmailAddress, Mailbox, MessageId};
use eerstelijn::domain::guidance::reply::{ReplyPlan, Template};
use eerstelijn::domain::ids::*;
use eerstelijn::domain::intake::limits::{SentCounts, Share};
use eerstelijn::domain::intake::message::{Arrived, Lock, Via};
use eerstelijn::domain::intake::sender::{Authentication, Standing};
use eerstelijn::domain::party::Party;
use eerstelijn::domain::ticket::due::{TimerKind, Timers};
use eerstelijn::domain::ticket::event::*;
use eerstelijn::domain::ticket::message::{AttachmentNote, ForwardedNote, ReceivedMessage};
use eerstelijn::domain::ticket::state::Ticket;
use eerstelijn::domain::ticket::summary::TicketSummary;
use eerstelijn::domain::ticket::words::Release;
use eerstelijn::domain::triage::assessment::{Assessment, Channel};
use eerstelijn::domain::triage::category::{Category, Kind, Severity};
use eerstelijn::domain::triage::facts::FactKey;
use eerstelijn::domain::triage::facts::Facts;
use eerstelijn::domain::triage::language::Language;
use jiff::{SignedDuration, Timestamp};

/// Words of a report that may stand nowhere in the clear.
pub(crate) const CANARIES: [&str; 9] = [
    "kanarietekst",
    "kanarieonderwerp",
    "kanarieadres",
    "kanariedomein",
    "kanarienaam",
    "kanariebestand",
    "kanariewoord",
    "kanarielezer",
    "kanariekennis",
];

/// Seconds after the beginning of all stories.
pub(crate) fn at(seconds: i64) -> Timestamp {
    "2026-11-20T02:41:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

/// The end of a lease that begins then.
pub(crate) fn lease(seconds: i64) -> Timestamp {
    at(seconds + 30)
}

fn bytes(kind: u8, n: u32) -> [u8; ID_BYTES] {
    let mut bytes = [kind; ID_BYTES];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    bytes
}

pub(crate) fn inbox(n: u32) -> InboxId {
    InboxId::from_random(bytes(1, n))
}
pub(crate) fn outbox(n: u32) -> OutboxId {
    OutboxId::from_random(bytes(2, n))
}
pub(crate) fn ticket(n: u32) -> TicketId {
    TicketId::from_random(bytes(3, n))
}
pub(crate) fn instance(n: u32) -> InstanceId {
    InstanceId::from_random(bytes(5, n))
}
pub(crate) fn number(serial: u32) -> TicketNumber {
    TicketNumber::new("CRT", 2026, serial)
}
pub(crate) fn mailbox() -> MailboxName {
    MailboxName::new("imap:crt@mx.example/INBOX")
}
pub(crate) fn position(uid: u32) -> Position {
    Position::Imap {
        uid_validity: 7,
        uid,
    }
}
pub(crate) fn reporter() -> EmailAddress {
    EmailAddress::parse("Kanarieadres@kanariedomein.example").unwrap()
}
pub(crate) fn message_id(n: u32) -> MessageId {
    MessageId::parse(&format!("<{n}.kanarietekst@kanariedomein.example>")).unwrap()
}

pub(crate) fn raw(n: u32) -> Vec<u8> {
    format!("Subject: kanarieonderwerp\r\n\r\nkanarietekst {n}").into_bytes()
}

/// Message `n`, at UID `n`, received `n` seconds after the beginning.
pub(crate) fn arrival(n: u32) -> Arrival {
    Arrival {
        id: inbox(n),
        mailbox: mailbox(),
        position: position(n),
        raw: raw(n),
        extent: Extent::Whole,
        received_at: at(i64::from(n)),
        due_at: at(i64::from(n)),
    }
}

pub(crate) fn assessment() -> Assessment {
    Assessment {
        kind: Kind::Incident,
        language: Language::Nl,
        category: Some(Category::Ransomware),
        confidence: 0.93,
        alternatives: Vec::new(),
        because: vec!["kanariewoord".into()],
        facts: Facts::default(),
        severity: Severity::Critical,
        page: true,
        citizen: false,
        wish: None,
        indicators: Vec::new(),
    }
}

pub(crate) fn decision() -> DecisionRecord {
    DecisionRecord {
        at: at(0),
        program: "0.0.0".into(),
        kind: Kind::Incident,
        machine_because: Vec::new(),
        authentication: Authentication::default(),
        own_dkim: None,
        standing: Some(Standing::Proven),
        course: "new open".into(),
        assessment: Some(assessment()),
        handbook: "v1".into(),
        found: vec!["ransomware#kanariewoord@v1".into()],
        used: Vec::new(),
        silence: None,
        corrects: None,
    }
}

/// The end of deciding on message `n`, on the first try.
pub(crate) fn decided(n: u32, outcome: Outcome) -> ArrivalDone {
    ArrivalDone {
        id: inbox(n),
        attempt: 1,
        outcome,
        kind: Kind::Incident,
        record: Some(decision()),
        fingerprint: None,
        leaves: match outcome {
            Outcome::OnTicket => Leaves::WithReply,
            Outcome::NoTicket | Outcome::Duplicate => Leaves::AtOnce,
            Outcome::SetAside => Leaves::Never,
        },
    }
}

pub(crate) fn received(n: u32) -> TicketEvent {
    TicketEvent::MessageReceived(Box::new(ReceivedMessage {
        pgp: None,
        inbox: inbox(n),
        channel: Channel::Mail,
        from: Some(Mailbox {
            name: "kanarienaam".into(),
            address: reporter(),
        }),
        claimed: Vec::new(),
        chat: None,
        reply_to: vec![reporter()],
        subject: "kanarieonderwerp".into(),
        text: "kanarietekst".into(),
        message_id: Some(message_id(n)),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        standing: Standing::Proven,
        attachments: vec![AttachmentNote {
            name: "kanariebestand.docx".into(),
            mime: "application/octet-stream".into(),
            size: 3,
            sha256: "00".into(),
            content: None,
            lock: Lock::None,
        }],
        forwarded: vec![ForwardedNote {
            from: "kanarienaam".into(),
            subject: "kanarieonderwerp".into(),
            via: Via::Msg,
        }],
        defects: Vec::new(),
        received_at: at(0),
    }))
}

pub(crate) fn written(n: u32, release: Release) -> TicketEvent {
    TicketEvent::ReplyWritten {
        outbox: outbox(n),
        message_id: MessageId::parse("antwoord@crt.example"),
        inbox: inbox(n),
        to: Party::Mail(reporter()),
        plan: Box::new(ReplyPlan {
            template: Template::Guidance,
            language: Language::Nl,
            number: Some(number(1)),
            subject: Some("kanarieonderwerp".into()),
            line: "kanarietekst".into(),
            now: vec!["Trek de netwerkkabel uit.".into()],
            avoid: Vec::new(),
            keep: Vec::new(),
            notify: Vec::new(),
            clocks: Vec::new(),
            questions: Vec::new(),
            asked: vec![FactKey::Clicked],
            reading: Vec::new(),
            late_hours: None,
            arrived: Arrived::Whole,
            urgent: true,
            paged: false,
            handed_over: true,
            duties: vec![],
            way: Channel::Mail,
        }),
        subject: "kanarieonderwerp".into(),
        text: "kanarietekst".into(),
        guidance: Vec::new(),
        release,
    }
}

/// The events of a new ticket about message `n`.
pub(crate) fn opening(n: u32, number: &TicketNumber) -> Vec<(Actor, TicketEvent)> {
    vec![
        (
            Actor::Bot,
            TicketEvent::Opened {
                number: number.clone(),
                constituent: Some("kanarienaam".into()),
            },
        ),
        (Actor::Reporter, received(n)),
        (
            Actor::Bot,
            TicketEvent::Assessed {
                inbox: inbox(n),
                assessment: Box::new(assessment()),
                handbook: "v1".into(),
            },
        ),
    ]
}

/// The events as they will be read back when they are written then.
pub(crate) fn recorded(
    after_seq: u64,
    events: &[(Actor, TicketEvent)],
    at: Timestamp,
) -> Vec<RecordedEvent> {
    (after_seq + 1..)
        .zip(events)
        .map(|(seq, (actor, event))| RecordedEvent {
            seq,
            at,
            actor: actor.clone(),
            event: event.clone(),
        })
        .collect()
}

pub(crate) fn summary(id: &TicketId, events: &[RecordedEvent]) -> TicketSummary {
    Ticket::replay(id, events).unwrap().summary()
}

/// A new ticket `n` about message `n`, with number `n`, written then.
pub(crate) fn new_ticket(n: u32, now: Timestamp) -> TicketChange {
    let events = opening(n, &number(n));
    TicketChange {
        id: ticket(n),
        after_seq: 0,
        summary: summary(&ticket(n), &recorded(0, &events, now)),
        events,
        traces: vec![Trace::MessageId(message_id(n))],
        takes_number: Some(number(n)),
        timers: Timers::new(),
    }
}

/// One more message on ticket `n`, after the event that was seen last.
pub(crate) async fn one_more(
    store: &dyn Store,
    n: u32,
    event: TicketEvent,
    now: Timestamp,
) -> TicketChange {
    let mut history = store.history(&ticket(n)).await.unwrap();
    let after_seq = history.len() as u64;
    let events = vec![(Actor::Person("kanarielezer".into()), event)];
    history.extend(recorded(after_seq, &events, now));
    TicketChange {
        id: ticket(n),
        after_seq,
        summary: summary(&ticket(n), &history),
        events,
        traces: Vec::new(),
        takes_number: None,
        timers: Timers::new(),
    }
}

/// Reply `n` to message `n`.
pub(crate) fn reply(n: u32, ticket: Option<TicketId>, release: Release) -> NewOutgoing {
    NewOutgoing {
        id: outbox(n),
        ticket,
        cause: Some(inbox(n)),
        dispatch: Dispatch::Mail(mail(n)),
        voice: Voice::Bot,
        lane: Lane::Direct,
        release,
        counted: Some(Counted {
            to: Party::Mail(reporter()),
            text: "kanarietekst".into(),
            share: Share::Proven,
            seen: no_limit(),
        }),
    }
}

/// As if so much had been sent before that one more is no news.
pub(crate) fn no_limit() -> SentCounts {
    SentCounts {
        to_address_day: u32::MAX,
        same_text: u32::MAX,
        ..SentCounts::default()
    }
}

pub(crate) fn mail(n: u32) -> OutgoingMail {
    OutgoingMail {
        envelope_from: EmailAddress::parse("bounce+kanariewoord@crt.example"),
        to: reporter(),
        bytes: raw(n),
    }
}

/// Stores message `n` and takes it.
pub(crate) async fn admit_and_claim(store: &dyn Store, n: u32) {
    let now = at(i64::from(n));
    assert_eq!(
        store.admit(arrival(n), now).await.unwrap(),
        Admission::Stored
    );
    let claimed = store
        .claim_arrival(now, lease(i64::from(n)))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(claimed.id, inbox(n));
}

/// The whole way of message `n`: stored, a ticket of its own, a reply written.
pub(crate) async fn report(store: &dyn Store, n: u32, release: Release) {
    admit_and_claim(store, n).await;
    let now = at(i64::from(n));
    let mut change = new_ticket(n, now);
    change.events.push((Actor::Bot, written(n, release)));
    change.summary = summary(&change.id, &recorded(0, &change.events, now));
    change.timers = Timers::from([(
        TimerKind::ReleaseFromPen,
        now + SignedDuration::from_mins(15),
    )]);
    let change = Change {
        tickets: vec![change],
        arrival: Some(ArrivalDone {
            fingerprint: Some(format!("kanarietekst {n}")),
            ..decided(n, Outcome::OnTicket)
        }),
        outgoing: vec![reply(n, Some(ticket(n)), release)],
        ..Change::default()
    };
    assert_eq!(store.commit(change, now).await.unwrap(), Committed::Done);
}

/// The next message to send, by id.
pub(crate) async fn next_to_send(store: &dyn Store, seconds: i64) -> Option<OutboxId> {
    let claimed = store
        .claim_outgoing(Route::Mail, at(seconds), lease(seconds))
        .await;
    claimed.unwrap().map(|claimed| claimed.id)
}

/// What became of sending `n`.
pub(crate) fn delivered(n: u32, attempt: u32, record: DeliveryRecord) -> DeliveryDone {
    DeliveryDone {
        id: outbox(n),
        attempt,
        record,
    }
}

/// Records what became of sending `n` on this try.
pub(crate) async fn record_delivery(
    store: &dyn Store,
    (n, attempt): (u32, u32),
    record: DeliveryRecord,
    seconds: i64,
) -> Committed {
    let change = Change {
        delivery: Some(delivered(n, attempt, record)),
        ..Change::default()
    };
    store.commit(change, at(seconds)).await.unwrap()
}

/// An alarm that rests for an hour, with one call in message `n`'s name.
pub(crate) fn alarm(n: u32) -> RaisedAlarm {
    alarm_of(Alarm::MailLimit, n)
}

/// The same because of something else.
pub(crate) fn alarm_of(what: Alarm, n: u32) -> RaisedAlarm {
    let call = NewOutgoing {
        voice: Voice::Inside,
        counted: None,
        ..reply(n, None, Release::AtOnce)
    };
    RaisedAlarm {
        what,
        rests: SignedDuration::from_hours(1),
        calls: vec![call],
    }
}

//! What one event of a ticket says to a person at a terminal.

use crate::cli::moment::shown;
use crate::domain::intake::message::Lock;
use crate::domain::oncall::people::PersonId;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::message::{AttachmentNote, ReceivedMessage};
use crate::domain::ticket::words::{Release, Trouble};
use crate::domain::triage::assessment::Assessment;
use jiff::tz::TimeZone;

/// The lines of an event, fit for a terminal.
pub(crate) fn describe(event: &TicketEvent, zone: &TimeZone) -> Vec<String> {
    lines(event, zone)
        .iter()
        .map(|line| printable(line))
        .collect()
}

/// Words from outside may hold what moves a terminal's cursor, changes its title or turns the order of letters
/// around (Unicode UAX 9): shown as a mark.
pub(crate) fn printable(line: &str) -> String {
    line.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

fn lines(event: &TicketEvent, zone: &TimeZone) -> Vec<String> {
    match event {
        TicketEvent::Opened { number, .. } | TicketEvent::Released { number } => {
            vec![number.to_string()]
        }
        TicketEvent::MergedInto { number, by } => {
            vec![format!("part of {number}, says {}", by.as_str())]
        }
        TicketEvent::Follows { earlier, .. } => vec![format!("goes on from {earlier}")],
        TicketEvent::Held {
            possibly, until, ..
        } => vec![format!(
            "possibly {possibly}, until {}",
            shown(*until, zone)
        )],
        TicketEvent::MessageReceived(message) => received(message),
        TicketEvent::Assessed {
            assessment,
            handbook,
            ..
        } => assessed(assessment, handbook),
        TicketEvent::MachineHeard { kind, because, .. } => {
            vec![format!("{kind}: {}", because.join(" · "))]
        }
        TicketEvent::NeedsHuman { because, .. } => vec![trouble(*because).to_owned()],
        TicketEvent::ReplyWritten { .. } => written(event),
        TicketEvent::ReplyWithheld { reason, .. } => {
            vec![format!("no automatic reply: {reason}")]
        }
        TicketEvent::ReplyApproved { by, .. } => vec![format!("by {by}")],
        TicketEvent::ReplySent { .. } => vec!["taken by the server".to_owned()],
        TicketEvent::ReplyDelayed { reason, .. } => {
            vec![format!("not taken yet, tried again: {reason}")]
        }
        TicketEvent::ReplyFailed { reason, .. } => vec![format!("not delivered: {reason}")],
        TicketEvent::ReplyWithdrawn { reason, .. } => vec![format!("taken back: {reason}")],
        event => work(event, zone),
    }
}

/// What people of the team do, and waking them.
fn work(event: &TicketEvent, zone: &TimeZone) -> Vec<String> {
    match event {
        TicketEvent::PageRaised {
            severity, because, ..
        } => vec![format!("somebody is woken: {severity}, {because}")],
        TicketEvent::Paged { rung, people, .. } => {
            let called: Vec<&str> = people.iter().map(PersonId::as_str).collect();
            let called = if called.is_empty() {
                "nobody: the roster has a gap".to_owned()
            } else {
                called.join(", ")
            };
            vec![format!("step {}: {called}", rung.saturating_add(1))]
        }
        TicketEvent::AckHeld { by, until, .. } => {
            vec![format!(
                "{} gave a sign; waits until {}",
                by.as_str(),
                shown(*until, zone)
            )]
        }
        TicketEvent::Acknowledged { by, way, .. } => vec![format!("{}, by {way}", by.as_str())],
        TicketEvent::PageAnswered { by, text, .. } => [format!(
            "{} answered, and it was not understood:",
            by.as_str()
        )]
        .into_iter()
        .chain(text.lines().map(|line| format!("| {line}")))
        .collect(),
        TicketEvent::NobodyReached { .. } => vec!["nobody acknowledged".to_owned()],
        TicketEvent::Taken { by } | TicketEvent::TeamSpoke { by } => vec![by.as_str().to_owned()],
        TicketEvent::HumanWrote { by, to, text, .. } => [format!("{} to {to}", by.as_str())]
            .into_iter()
            .chain(text.lines().map(|line| format!("> {line}")))
            .collect(),
        TicketEvent::AnsweredFromMailbox { text, .. } => {
            ["somebody of the team, from the mailbox itself".to_owned()]
                .into_iter()
                .chain(text.lines().map(|line| format!("> {line}")))
                .collect()
        }
        TicketEvent::SeveritySet { by, severity } => {
            vec![format!("{severity}, says {}", by.as_str())]
        }
        TicketEvent::TlpSet { by, label } => vec![format!("{label}, says {}", by.as_str())],
        TicketEvent::CategorySet { by, category } => {
            vec![format!("{category}, says {}", by.as_str())]
        }
        TicketEvent::KindSet { by, kind } => vec![format!("{kind}, says {}", by.as_str())],
        TicketEvent::KeyAccepted { by, certificate } => vec![format!(
            "OpenPGP key {}, says {}",
            certificate.fingerprint,
            by.as_str()
        )],
        TicketEvent::ChatFailed { reason, .. } => vec![format!("not done in chat: {reason}")],
        TicketEvent::Closed { by, reason, remark } => {
            vec![format!(
                "{reason}, says {}: {}",
                by.as_str(),
                remark.as_deref().unwrap_or("-")
            )]
        }
        event => talk(event, zone),
    }
}

/// What is written inside, and the rooms in which it is.
fn talk(event: &TicketEvent, zone: &TimeZone) -> Vec<String> {
    let quoted = |first: String, text: &str| {
        let lines = text.lines().map(|line| format!("| {line}"));
        [first].into_iter().chain(lines).collect()
    };
    match event {
        TicketEvent::DraftWritten { by, text, .. } => {
            quoted(format!("{}, not sent yet:", by.as_str()), text)
        }
        TicketEvent::Noted { by, text } => quoted(format!("{}:", by.as_str()), text),
        TicketEvent::CallNoted {
            by,
            town,
            callback,
            notes,
            ..
        } => quoted(
            format!(
                "{} noted a call of {town}, to call back: {callback}",
                by.as_str()
            ),
            notes,
        ),
        TicketEvent::CommandsRan { by, commands, .. } => {
            quoted(format!("{}:", by.as_str()), &commands.join("\n"))
        }
        TicketEvent::RoomMade { invited, .. } => {
            let invited: Vec<&str> = invited.iter().map(PersonId::as_str).collect();
            vec![format!("invited: {}", invited.join(", "))]
        }
        TicketEvent::WorkerJoined { by }
        | TicketEvent::WorkerLeft { by }
        | TicketEvent::ReadAsked { by, .. }
        | TicketEvent::ReadersChatOpened { by, .. }
        | TicketEvent::ReaderCame { by, .. }
        | TicketEvent::ReaderLeft { by, .. }
        | TicketEvent::ReadersChatGivenUp { by, .. } => {
            vec![by.as_str().to_owned()]
        }
        TicketEvent::DirectChatOffered { user, until, .. } => {
            vec![format!("{user}, awaited until {}", shown(*until, zone))]
        }
        TicketEvent::DirectChatOpened { user, .. }
        | TicketEvent::DirectChatAccepted { user }
        | TicketEvent::DirectChatMissed { user }
        | TicketEvent::DirectChatLeft { user } => vec![user.to_string()],
        _ => Vec::new(),
    }
}

fn received(message: &ReceivedMessage) -> Vec<String> {
    let from = match (&message.from, &message.chat) {
        (Some(from), _) => format!("{} <{}>", from.name, from.address),
        (None, Some(chat)) => chat.user.to_string(),
        (None, None) => {
            let claimed = message.claimed.iter().map(|from| from.address.to_string());
            format!(
                "no single sender ({})",
                claimed.collect::<Vec<_>>().join(", ")
            )
        }
    };
    let standing = format!("{:?}", message.standing).to_lowercase();
    let files = message.attachments.iter().map(file_line);
    let defects = message.defects.iter().map(|defect| {
        let word = serde_json::to_string(defect).unwrap_or_default();
        format!("odd: {}", word.trim_matches('"'))
    });
    let forwarded = message
        .forwarded
        .iter()
        .map(|mail| format!("forwarded: {} · {}", mail.from, mail.subject));
    let pgp = message.pgp.as_ref().map(|pgp| {
        let signer = pgp.signature.signer();
        let by = signer.map_or_else(String::new, |signer| format!(" by {signer}"));
        format!(
            "OpenPGP: {}, {}, signature {}{by}",
            pgp.form,
            pgp.opening,
            pgp.signature.as_str()
        )
    });
    [
        format!("from {from} ({standing})"),
        format!("subject: {}", message.subject),
    ]
    .into_iter()
    .chain(pgp)
    .chain(message.text.lines().map(|line| format!("| {line}")))
    .chain(files)
    .chain(forwarded)
    .chain(defects)
    .collect()
}

/// A file, with what somebody who handles it should know.
pub(crate) fn file_line(file: &AttachmentNote) -> String {
    let warning = file.warning();
    let content = warning.content.map(|kind| format!(", by its bytes {kind}"));
    let lock = match warning.lock {
        Lock::Password => ", asks for a password",
        Lock::None => "",
    };
    format!(
        "file: {} ({}, {} bytes, sha256 {}{}{lock})",
        file.name,
        file.mime,
        file.size,
        file.sha256,
        content.unwrap_or_default()
    )
}

fn assessed(assessment: &Assessment, handbook: &str) -> Vec<String> {
    let category = assessment
        .category
        .map_or("-", |category| category.as_str());
    let page = if assessment.page {
        ", calls for a human"
    } else {
        ""
    };
    let version: String = handbook.chars().take(12).collect();
    vec![
        format!(
            "{} · {category} · {}{page}",
            assessment.kind, assessment.severity
        ),
        format!("because: {}", assessment.because.join(" · ")),
        format!("knowledge {version}"),
    ]
}

fn written(event: &TicketEvent) -> Vec<String> {
    let TicketEvent::ReplyWritten {
        to,
        subject,
        text,
        guidance,
        release,
        ..
    } = event
    else {
        return Vec::new();
    };
    let when = match release {
        Release::AtOnce => "leaves at once",
        Release::OnApproval => "waits for approval",
        Release::DraftOnly => "a draft, never sent",
    };
    let used = guidance
        .iter()
        .map(|used| format!("uses {} · {}", used.id, used.section));
    [format!("to {to}, {when}"), format!("subject: {subject}")]
        .into_iter()
        .chain(text.lines().map(|line| format!("> {line}")))
        .chain(used)
        .collect()
}

fn trouble(because: Trouble) -> &'static str {
    match because {
        Trouble::SetAside => {
            "deciding on it failed again and again: read the original in the mailbox"
        }
        Trouble::Unreadable => {
            "what is stored of it can't be opened: read the original in the mailbox"
        }
        Trouble::HumanWanted => {
            "the reporter wants to speak with a human: take it, and call or write"
        }
        Trouble::ManyTurns => "the bot answered five times and gets no further: take it",
        Trouble::NotDelivered => {
            "its answer could not be delivered: reach the sender in another way"
        }
        Trouble::Undecryptable => "it can't be decrypted: ask the sender to write again",
        Trouble::KeyChanged => {
            "it bears the signature of another OpenPGP key than the one known for its sender: call him"
        }
        Trouble::CannotReadUs => {
            "the sender's device isn't confirmed, so he can't read us in chat: call him"
        }
    }
}

//! What the knowledge did and what it lacks: which sections answered, which entries were never found, and which questions
//! got no answer.
//!
//! Counted from what is kept anyway, the decision on each message and the replies on each ticket: nothing is written for
//! it, and what was purged isn't counted any more. What can't be read is counted as that, and hides nothing else. Whose the
//! questions are is never said; that somebody reads them is on record like any read.

use crate::app::App;
use crate::app::arrival::read_arrival;
use crate::app::ports::{
    Arrival, DecisionRecord, KeptDecision, Position, ReadRecord, Sought, StoreError,
};
use crate::domain::chat::incoming::ChatEvent;
use crate::domain::guidance::entry::Entry;
use crate::domain::guidance::usage::{Answered, NeverFound, Usage};
use crate::domain::ids::{InboxId, OutboxId, TicketId};
use crate::domain::intake::sender::Standing;
use crate::domain::text::own_words::own_words;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::lobby::LobbyCourse;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::assessment::Channel;
use crate::domain::triage::category::Kind;
use crate::domain::triage::language::Language;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// As the record of reads names it.
const COMMAND: &str = "knowledge stats";
/// Most characters of a question that are shown.
const LONGEST: usize = 500;

/// What the knowledge did and what it lacks.
pub struct KnowledgeStats {
    /// What answered, the most often first.
    pub answered: Vec<Answered>,
    /// The entries of the knowledge in use that nobody was shown and no search found.
    pub never_found: Vec<Entry>,
    /// How many these are of each kind of entry.
    pub never_found_by_kind: Vec<NeverFound>,
    /// How many questions got no answer.
    pub unanswered_count: usize,
    /// The newest of them, the newest first.
    pub unanswered: Vec<Question>,
    /// What could not be counted or shown.
    pub unreadable: Unreadable,
}

/// How much can't be read: damaged, or written by another version of the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// Messages: why they were treated so, or their words.
    pub messages: u64,
    /// Tickets: what was said on them. Purged ones are among them.
    pub tickets: u64,
}

/// A question that got no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// When it was decided that there is none.
    pub asked_at: Timestamp,
    /// The way it came.
    pub channel: Channel,
    /// Its language, as far as it was recognised.
    pub language: Language,
    /// The own words of whoever asked, without quotes, signature and forwarded mail, on one line, cut where they are long.
    pub text: String,
}

/// Counts since a moment; everything that is kept, where none is named. At most `most` questions are shown: that
/// `reader` reads them is on record before any of them is looked at, and nothing is where none is shown.
///
/// # Errors
/// Where the store fails.
pub async fn knowledge_stats(
    app: &App,
    since: Option<Timestamp>,
    most: usize,
    reader: &str,
) -> Result<KnowledgeStats, StoreError> {
    let since = since.unwrap_or(Timestamp::UNIX_EPOCH);
    let mut usage = Usage::default();
    let mut unreadable = Unreadable::default();
    let mut asked = Vec::new();
    let mut after = 0;
    loop {
        let page = app.store.decisions_since(since, after).await?;
        unreadable.messages += page.unreadable;
        for kept in page.decisions {
            note(&mut usage, &kept);
            if asks_in_vain(&kept.record) {
                asked.push(Asked::of(kept));
            }
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    unreadable.tickets = note_replies_on_tickets(app, since, &mut usage).await?;
    asked.sort_by_key(|one| std::cmp::Reverse(one.at));
    let unanswered_count = asked.len();
    asked.truncate(most);
    put_on_record(app, &asked, reader).await?;
    let unanswered = read(app, &asked, &mut unreadable).await?;
    let (entries, today) = (app.knowledge.entries(), Sought::day_of(app.clock.now()));
    Ok(KnowledgeStats {
        answered: usage.answered(),
        never_found: usage.never_found(&entries, today),
        never_found_by_kind: usage.never_found_by_kind(&entries, today),
        unanswered_count,
        unanswered,
        unreadable,
    })
}

fn note(usage: &mut Usage, kept: &KeptDecision) {
    for passage in &kept.record.found {
        usage.note_found(passage);
    }
    // What was said on a ticket stands there, also where it was said later than the message was decided.
    if kept.ticket.is_none() {
        usage.note_reply(&kept.record.used, kept.record.at);
    }
}

/// Says on how many tickets nothing can be read.
async fn note_replies_on_tickets(
    app: &App,
    since: Timestamp,
    usage: &mut Usage,
) -> Result<u64, StoreError> {
    let mut unreadable = 0;
    let mut seen: BTreeSet<OutboxId> = BTreeSet::new();
    for ticket in app.store.list(u32::MAX).await? {
        if ticket.updated_at < since {
            continue;
        }
        let history = match app.store.history(&ticket.id).await {
            // It was purged, or somebody changed it: `audit verify` says which.
            Err(StoreError::Inconsistent { .. }) => {
                unreadable += 1;
                continue;
            }
            history => history?,
        };
        for recorded in history {
            if let TicketEvent::ReplyWritten {
                outbox,
                guidance,
                plan,
                ..
            } = &recorded.event
                && recorded.at >= since
                && seen.insert(outbox.clone())
            {
                usage.note_reply(guidance, recorded.at);
                usage.note_duties(&plan.duties, recorded.at);
            }
        }
    }
    Ok(unreadable)
}

/// Was it a question to the bot for which the knowledge held nothing? Whom it doesn't answer at all lacks no memo, what was
/// for somebody else neither, and who corrects his words asks once.
fn asks_in_vain(record: &DecisionRecord) -> bool {
    let is_served = match record.standing {
        Some(Standing::Proven | Standing::Listed) => true,
        // By mail anybody may ask; in the lobby those whom we serve.
        Some(Standing::Unknown) => record.course != LobbyCourse::Silent.word(),
        Some(Standing::Refused | Standing::Unclear) | None => false,
    };
    // In the lobby the bot has nothing to say to any question that no memo answers.
    let waits = record.course == LobbyCourse::Silent.word()
        || record.silence.is_none_or(Silence::leaves_it_open);
    let nothing_held = record.found.is_empty() && record.used.is_empty();
    record.kind == Kind::Question && record.corrects.is_none() && is_served && waits && nothing_held
}

/// A question before its words are looked at.
struct Asked {
    inbox: InboxId,
    ticket: Option<TicketId>,
    at: Timestamp,
    language: Language,
}

impl Asked {
    fn of(kept: KeptDecision) -> Self {
        let assessment = kept.record.assessment.as_ref();
        Self {
            inbox: kept.inbox,
            ticket: kept.ticket,
            at: kept.record.at,
            language: assessment.map_or(Language::Nl, |assessment| assessment.language),
        }
    }
}

/// Puts on record that somebody reads these: on each of their tickets, and once for those that are on none, by name.
async fn put_on_record(app: &App, asked: &[Asked], reader: &str) -> Result<(), StoreError> {
    let tickets: BTreeSet<&TicketId> = asked
        .iter()
        .filter_map(|asked| asked.ticket.as_ref())
        .collect();
    let mut reads: Vec<(TicketId, String)> = tickets
        .into_iter()
        .map(|ticket| (ticket.clone(), COMMAND.to_owned()))
        .collect();
    let beside: Vec<&str> = asked
        .iter()
        .filter(|asked| asked.ticket.is_none())
        .map(|asked| asked.inbox.as_str())
        .collect();
    if !beside.is_empty() {
        let through = format!("{COMMAND}: messages {}", beside.join(", "));
        reads.push((ReadRecord::beside_tickets(), through));
    }
    for (ticket, through) in reads {
        let record = ReadRecord {
            ticket,
            reader: reader.to_owned(),
            through: through.into(),
            reason: None,
            at: app.clock.now(),
        };
        app.store.record_read(record).await?;
    }
    Ok(())
}

/// The words of these.
async fn read(
    app: &App,
    asked: &[Asked],
    unreadable: &mut Unreadable,
) -> Result<Vec<Question>, StoreError> {
    let mut questions = Vec::new();
    for asked in asked {
        let arrival = match app.store.arrival(&asked.inbox).await {
            Err(StoreError::Inconsistent { .. }) => {
                unreadable.messages += 1;
                continue;
            }
            arrival => arrival?,
        };
        let words = match arrival.map(|arrival| words_of(app, &arrival)) {
            Some(Err(_)) => {
                unreadable.messages += 1;
                continue;
            }
            // Its key was destroyed: there is nothing to read any more.
            None => None,
            Some(Ok(words)) => words,
        };
        let words = words.filter(|(_, text)| !text.is_empty());
        questions.extend(words.map(|(channel, text)| Question {
            asked_at: asked.at,
            channel,
            language: asked.language,
            text,
        }));
    }
    Ok(questions)
}

/// The own words of whoever wrote, and the way they came; nothing where there are none, as with a picture.
///
/// # Errors
/// Where what is stored can't be read.
fn words_of(app: &App, arrival: &Arrival) -> Result<Option<(Channel, String)>, serde_json::Error> {
    match &arrival.position {
        Position::Matrix { .. } => {
            let event: ChatEvent = serde_json::from_slice(&arrival.raw)?;
            let said = event.what.words();
            let own = said.map(|said| on_one_line(&own_words(&said.text, "").text));
            Ok(own.map(|text| (Channel::Chat, text)))
        }
        Position::Imap { .. } | Position::Maildir { .. } => {
            let mail = read_arrival(app, arrival).mail;
            let own = on_one_line(&own_words(&mail.text, &mail.subject).text);
            // Some ask in the subject alone.
            let own = Some(own).filter(|own| !own.is_empty());
            let text = own.unwrap_or_else(|| on_one_line(&mail.subject));
            Ok(Some((Channel::Mail, text)))
        }
    }
}

/// Without line breaks and whatever else would move the cursor of a terminal.
fn on_one_line(text: &str) -> String {
    let harmless = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = harmless.filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::chat::ids::EventId;

    fn record(standing: Option<Standing>, course: &str) -> DecisionRecord {
        DecisionRecord {
            kind: Kind::Question,
            standing,
            ..DecisionRecord::without_triage(course, "0", Timestamp::UNIX_EPOCH)
        }
    }

    #[test]
    fn a_question_is_in_vain_where_nothing_was_found_for_somebody_whom_we_answer() {
        for (standing, course, expected) in [
            (Some(Standing::Proven), "lobby silent", true),
            (Some(Standing::Listed), "new open", true),
            (Some(Standing::Unknown), "new open", true),
            (Some(Standing::Unknown), "lobby silent", false),
            (Some(Standing::Refused), "new open", false),
            (Some(Standing::Unclear), "new open", false),
            (None, "lobby", false),
        ] {
            let record = record(standing, course);
            assert_eq!(asks_in_vain(&record), expected, "{standing:?} {course}");
        }
        for (silence, expected) in [
            (Silence::NotAddressedToUs, false),
            (Silence::HumanSpeaks, false),
            (Silence::NothingToSay, false),
            (Silence::AddressLimit, true),
            (Silence::TooOld, true),
        ] {
            let mut silent = record(Some(Standing::Proven), "on-ticket append");
            silent.silence = Some(silence);
            assert_eq!(asks_in_vain(&silent), expected, "{silence}");
        }
        let mut lobby = record(Some(Standing::Proven), "lobby silent");
        lobby.silence = Some(Silence::NothingToSay);
        assert!(asks_in_vain(&lobby));
        lobby.corrects = EventId::parse("$eerst");
        assert!(
            !asks_in_vain(&lobby),
            "it was counted before it was corrected"
        );
        let mut found = record(Some(Standing::Proven), "new no-ticket");
        found.found.push("mfa#Waarom@0f".to_owned());
        let mut thanks = record(Some(Standing::Proven), "new no-ticket");
        thanks.kind = Kind::Other;
        assert!(!asks_in_vain(&found) && !asks_in_vain(&thanks));
    }

    #[test]
    fn words_stand_on_one_line_and_are_cut_where_they_are_long() {
        assert_eq!(
            on_one_line(" Hebben\r\n wij\u{1b}[2J\tdit? "),
            "Hebben wij [2J dit?"
        );
        let long = on_one_line(&"é".repeat(LONGEST + 9));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with('…'));
    }
}

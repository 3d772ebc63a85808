//! The stored messages of a ticket through reading, triage and choice of guidance once more: with the knowledge
//! of then, or with that of today.
//!
//! Nothing is sent, and nothing is written but that somebody read the ticket. Each message is decided with what
//! was known when it was decided for real, at the time of then: so a difference says what the rules made of
//! this message, and not what came of an earlier one. Settings are those of today; limits aren't asked again.

pub mod difference;
mod mail;

use crate::app::App;
use crate::app::chat::again::decide_chat_again;
use crate::app::ports::{Arrival, DecisionRecord, Knowledge, KnowledgeError, Position, StoreError};
use crate::app::replay::difference::{Difference, differences};
use crate::app::replay::mail::decide_mail_again;
use crate::app::settings::Settings;
use crate::app::step::StepError;
use crate::app::tickets::{Reading, TicketError, read};
use crate::domain::ids::{InboxId, TicketId, TicketNumber};
use crate::domain::pgp::reading::PgpNote;
use crate::domain::ticket::decide::Mode;
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Release;
use crate::domain::triage::assessment::Channel;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Opens knowledge that was kept.
pub type OpenKnowledge<'a> =
    dyn Fn(&[u8]) -> Result<Arc<dyn Knowledge>, KnowledgeError> + Send + Sync + 'a;

/// With which knowledge it is decided again.
#[derive(Clone, Copy)]
pub enum Against<'a> {
    /// With that which decided then, opened so.
    Then(&'a OpenKnowledge<'a>),
    /// With that of today.
    Now,
}

/// A ticket with all its messages decided again.
pub struct Replay {
    /// The ticket as it is.
    pub ticket: Ticket,
    /// The version of the program that replays.
    pub program: &'static str,
    /// Its messages, in the order in which they came on it.
    pub messages: Vec<ReplayedMessage>,
}

/// One message, decided again.
pub struct ReplayedMessage {
    /// The message.
    pub inbox: InboxId,
    /// When it came on the ticket.
    pub at: Timestamp,
    /// The way it came.
    pub channel: Option<Channel>,
    /// What was decided then, where that is on record.
    pub then: Option<DecisionRecord>,
    /// What is decided now, or why nothing is.
    pub again: Result<Again, NotReplayed>,
}

/// A decision that was made again.
pub struct Again {
    /// The decision.
    pub record: DecisionRecord,
    /// Where it differs from the one of then.
    pub differences: Vec<Difference>,
}

/// Why a message could not be decided again, as a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReplayed {
    /// Its original is gone.
    #[error("its original is gone: it was purged")]
    Gone,
    /// What is stored can't be opened.
    #[error("what is stored of it can't be opened; `audit verify` says more")]
    Sealed,
    /// The bytes are there, and are no message.
    #[error("what is stored of it can't be read as a message")]
    Unreadable,
    /// Nothing was decided, or only by the program's last resort.
    #[error("no decision on it is on record: a human was asked to read it")]
    NoRecord,
    /// It was no message that is triaged.
    #[error("nothing was triaged: {0}")]
    NotTriaged(String),
    /// The knowledge that decided is not there.
    #[error("the knowledge that decided ({0}) was not kept; compare with --now")]
    NotKept(String),
    /// The knowledge that decided is there and can't be used.
    #[error("the knowledge that decided can't be used by this program: {0}; compare with --now")]
    KnowledgeUnusable(String),
}

/// Where a message was decided: the ticket as it was before it.
pub(crate) struct Context<'a> {
    /// The ticket where it is.
    pub(crate) id: &'a TicketId,
    /// Its number.
    pub(crate) number: Option<&'a TicketNumber>,
    /// The ticket as the decision saw it; nothing where it began one.
    pub(crate) ticket: Option<Ticket>,
    /// The events that the decision saw.
    pub(crate) history: Vec<RecordedEvent>,
    /// What somebody of the team had answered past the bot by then.
    pub(crate) answered: Option<(Actor, TicketEvent)>,
    /// What was found out about the OpenPGP layer of the message.
    pub(crate) pgp: Option<PgpNote>,
}

/// Decides again on every message of a ticket. The read is on record before anything is looked at.
///
/// # Errors
/// Where there is no such ticket, or the store fails; a message that can't be replayed is no error.
pub async fn replay(
    app: &App,
    number: &TicketNumber,
    reader: &str,
    against: Against<'_>,
) -> Result<Replay, TicketError> {
    let (ticket, history) = read(app, number, Reading::by(reader, "replay")).await?;
    let mut desk = Desk {
        app,
        against,
        ticket: &ticket,
        history: &history,
        opened: BTreeMap::new(),
    };
    let mut messages = Vec::new();
    for OnTicket { inbox, at, channel } in messages_of(&history) {
        let (then, again) = desk.one(&inbox).await?;
        messages.push(ReplayedMessage {
            inbox,
            at,
            channel,
            then,
            again,
        });
    }
    Ok(Replay {
        ticket,
        program: env!("CARGO_PKG_VERSION"),
        messages,
    })
}

/// A message of a ticket.
pub(super) struct OnTicket {
    /// The message.
    pub(super) inbox: InboxId,
    /// When it came on the ticket.
    pub(super) at: Timestamp,
    /// The way it came.
    pub(super) channel: Option<Channel>,
}

/// The messages of a ticket, each once, in the order in which they came on it.
pub(super) fn messages_of(history: &[RecordedEvent]) -> Vec<OnTicket> {
    let mut messages: Vec<OnTicket> = Vec::new();
    for recorded in history {
        let Some((inbox, channel)) = brings(&recorded.event) else {
            continue;
        };
        match messages.iter_mut().find(|known| &known.inbox == inbox) {
            Some(known) => known.channel = known.channel.or(channel),
            None => messages.push(OnTicket {
                inbox: inbox.clone(),
                at: recorded.at,
                channel,
            }),
        }
    }
    messages
}

/// The message that an event brings on the ticket.
fn brings(event: &TicketEvent) -> Option<(&InboxId, Option<Channel>)> {
    match event {
        TicketEvent::MessageReceived(message) => Some((&message.inbox, Some(message.channel))),
        TicketEvent::MachineHeard { inbox, .. } | TicketEvent::PageAnswered { inbox, .. } => {
            Some((inbox, Some(Channel::Mail)))
        }
        TicketEvent::CallNoted { inbox, .. } => Some((inbox, Some(Channel::Chat))),
        TicketEvent::NeedsHuman { inbox, .. } => Some((inbox, None)),
        _ => None,
    }
}

/// What is at hand while the messages of one ticket are decided again.
struct Desk<'a> {
    app: &'a App,
    against: Against<'a>,
    ticket: &'a Ticket,
    history: &'a [RecordedEvent],
    /// Knowledge of then, by version: opening it takes time.
    opened: BTreeMap<String, Result<Arc<dyn Knowledge>, NotReplayed>>,
}

type Replayed = (Option<DecisionRecord>, Result<Again, NotReplayed>);

impl Desk<'_> {
    async fn one(&mut self, inbox: &InboxId) -> Result<Replayed, StepError> {
        let then = match readable(self.app.store.decision(inbox).await)? {
            Ok(then) => then,
            Err(why) => return Ok((None, Err(why))),
        };
        let again = match readable(self.app.store.arrival(inbox).await)? {
            Err(why) => Err(why),
            Ok(None) => Err(NotReplayed::Gone),
            Ok(Some(arrival)) => self.decide(&arrival, then.as_ref()).await?,
        };
        let again = again.map(|record| Again {
            differences: then
                .as_ref()
                .map(|then| differences(then, &record))
                .unwrap_or_default(),
            record,
        });
        Ok((then, again))
    }

    async fn decide(
        &mut self,
        arrival: &Arrival,
        then: Option<&DecisionRecord>,
    ) -> Result<Result<DecisionRecord, NotReplayed>, StepError> {
        let Some(then) = then else {
            return Ok(Err(NotReplayed::NoRecord));
        };
        let not_triaged = || NotReplayed::NotTriaged(then.course.clone());
        if then.assessment.is_none() {
            return Ok(Err(not_triaged()));
        }
        let knowledge = match self.knowledge(&then.handbook).await? {
            Ok(knowledge) => knowledge,
            Err(why) => return Ok(Err(why)),
        };
        let app = App {
            knowledge,
            settings: self.settings_of(&arrival.id),
            ..self.app.clone()
        };
        let context = self.context(&arrival.id, then.at);
        let again = match &arrival.position {
            Position::Matrix { .. } => match serde_json::from_slice(&arrival.raw) {
                Ok(event) => decide_chat_again(&app, arrival, &event, then, context)?,
                Err(_) => return Ok(Err(NotReplayed::Unreadable)),
            },
            Position::Imap { .. } | Position::Maildir { .. } => {
                decide_mail_again(&app, arrival, then, context)?
            }
        };
        Ok(again.ok_or_else(not_triaged))
    }

    async fn knowledge(
        &mut self,
        version: &str,
    ) -> Result<Result<Arc<dyn Knowledge>, NotReplayed>, StepError> {
        let Against::Then(open) = self.against else {
            return Ok(Ok(Arc::clone(&self.app.knowledge)));
        };
        if let Some(known) = self.opened.get(version) {
            return Ok(known.clone());
        }
        let opened = match readable(self.app.store.kept_knowledge(version).await)? {
            Ok(Some(archive)) => open(&archive)
                .map_err(|error| NotReplayed::KnowledgeUnusable(one_line(&error.to_string()))),
            Ok(None) => Err(NotReplayed::NotKept(difference::short(version))),
            Err(_) => Err(NotReplayed::KnowledgeUnusable(
                "what was kept of it can't be opened".to_owned(),
            )),
        };
        self.opened.insert(version.to_owned(), opened.clone());
        Ok(opened)
    }

    /// The settings of today, but with the mode of then where a reply that was written tells it.
    fn settings_of(&self, inbox: &InboxId) -> Arc<Settings> {
        let release = self
            .history
            .iter()
            .find_map(|recorded| match &recorded.event {
                TicketEvent::ReplyWritten {
                    inbox: answered,
                    release,
                    ..
                } if answered == inbox => Some(*release),
                _ => None,
            });
        let mode = match release {
            None => return Arc::clone(&self.app.settings),
            Some(Release::AtOnce) => Mode::Answer,
            Some(Release::OnApproval) => Mode::Approve,
            Some(Release::DraftOnly) => Mode::Observe,
        };
        Arc::new(Settings {
            mode,
            ..self.app.settings.as_ref().clone()
        })
    }

    /// The ticket as the decision at `decided_at` saw it. A message that came on this ticket at another time,
    /// out of the holding pen, was decided without it.
    fn context(&self, inbox: &InboxId, decided_at: Timestamp) -> Context<'_> {
        // Stored times are whole milliseconds.
        let then = |at: Timestamp| at.as_millisecond() == decided_at.as_millisecond();
        let came = self.history.iter().position(|recorded| {
            let brought = brings(&recorded.event);
            then(recorded.at) && brought.is_some_and(|(brought, _)| brought == inbox)
        });
        let before = self.history.get(..came.unwrap_or(0)).unwrap_or_default();
        // What the same decision wrote before the message itself.
        let with_it = |recorded: &&RecordedEvent| {
            then(recorded.at)
                && matches!(
                    recorded.event,
                    TicketEvent::Opened { .. }
                        | TicketEvent::Held { .. }
                        | TicketEvent::Follows { .. }
                        | TicketEvent::Reopened
                )
        };
        let written_with_it = before.iter().rev().take_while(with_it).count();
        let seen = before.len().saturating_sub(written_with_it);
        let history: Vec<RecordedEvent> = before.iter().take(seen).cloned().collect();
        let by_hand = |recorded: &&RecordedEvent| {
            then(recorded.at) && matches!(recorded.event, TicketEvent::AnsweredFromMailbox { .. })
        };
        let pgp = self
            .history
            .iter()
            .find_map(|recorded| match &recorded.event {
                TicketEvent::MessageReceived(message) if message.inbox == *inbox => {
                    message.pgp.clone()
                }
                _ => None,
            });
        let answered = came.and_then(|_| self.history.iter().find(by_hand));
        Context {
            id: &self.ticket.id,
            number: self.ticket.number.as_ref(),
            ticket: Ticket::replay(&self.ticket.id, &history),
            history,
            pgp,
            answered: answered.map(|recorded| (recorded.actor.clone(), recorded.event.clone())),
        }
    }
}

/// What is stored and can't be right is told of the message, and the others go on; a store that is away is an
/// error.
fn readable<T>(read: Result<T, StoreError>) -> Result<Result<T, NotReplayed>, StoreError> {
    match read {
        Ok(value) => Ok(Ok(value)),
        Err(StoreError::Inconsistent { .. }) => Ok(Err(NotReplayed::Sealed)),
        Err(error) => Err(error),
    }
}

fn one_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

//! What is brought into chat because of what happened on a ticket: its card, its room, the conversation.
//!
//! Written in the transaction of the events, so that nothing of it is forgotten. Whatever changes a ticket
//! comes through here (`file`).

use crate::app::App;
use crate::app::chat::card::card_row;
use crate::app::chat::follow_readers::FollowReaders;
use crate::app::chat::posts::{answered_from_mailbox, clock, quiet, welcome};
use crate::app::chat::words;
use crate::app::chat::{accounts, name_of};
use crate::app::ports::{ChatErrand, Dispatch, Lane, NewOutgoing, Voice};
use crate::domain::chat::ids::EventId;
use crate::domain::chat::post::{Line, Loudness, Post};
use crate::domain::ids::{OutboxId, TicketId};
use crate::domain::oncall::people::PersonId;
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use crate::domain::ticket::readers::Readers;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{Release, Trouble};

/// The rows that follow: `before` are the events that were there, `all` those with the new ones.
pub(crate) fn follow(
    app: &App,
    after: &Ticket,
    before: &[RecordedEvent],
    all: &[RecordedEvent],
) -> Vec<NewOutgoing> {
    if app.settings.chat.is_none() {
        return Vec::new();
    }
    let new = all.get(before.len()..).unwrap_or_default();
    let follower = Follower {
        app,
        id: &after.id,
        before: Ticket::replay(&after.id, before),
        after,
        all,
    };
    let card = card_row(app, &after.id, new);
    let rows = new.iter().flat_map(|recorded| {
        let rows = follower.rows(recorded);
        rows.into_iter()
            .chain(follower.readers_rows(&recorded.event))
    });
    card.into_iter().chain(rows).collect()
}

struct Follower<'a> {
    app: &'a App,
    id: &'a TicketId,
    before: Option<Ticket>,
    after: &'a Ticket,
    all: &'a [RecordedEvent],
}

impl Follower<'_> {
    fn rows(&self, recorded: &RecordedEvent) -> Vec<NewOutgoing> {
        match &recorded.event {
            TicketEvent::RoomOrdered { outbox } => vec![NewOutgoing {
                id: outbox.clone(),
                ..self.row(ChatErrand::MakeRoom, Lane::Room)
            }],
            TicketEvent::RoomMade { .. } => self.room_is_there(),
            TicketEvent::WorkerJoined { by } => self.somebody_came(by),
            TicketEvent::ReplyWritten {
                outbox, release, ..
            } if *release != Release::AtOnce => {
                let outbox = outbox.clone();
                vec![self.row(ChatErrand::Draft { outbox }, Lane::Relay)]
            }
            TicketEvent::DirectChatOffered { user, .. } => {
                let user = user.clone();
                vec![self.row(ChatErrand::MakeDirectChat { user }, Lane::Room)]
            }
            TicketEvent::Taken { by } => {
                let invitation = self.invitation(by).into_iter();
                invitation.chain(self.given(by, recorded)).collect()
            }
            // Nobody else will tell the reporter what he was to be told.
            TicketEvent::ReplyFailed { outbox, .. } if self.after.reply(outbox).is_some() => {
                self.needs_a_human(Trouble::NotDelivered)
            }
            TicketEvent::MachineHeard {
                bounced: Some(outbox),
                ..
            } if self.after.reply(outbox).is_some() || !self.is_attended() => {
                self.needs_a_human(Trouble::NotDelivered)
            }
            TicketEvent::ReplyWithdrawn { outbox, .. }
                if !self.is_attended() && self.after.work.letter(outbox).is_some() =>
            {
                vec![self.in_the_thread(self.after, words::LETTER_HELD_BACK)]
            }
            TicketEvent::NeedsHuman { because, .. } => self.needs_a_human(*because),
            TicketEvent::ChatFailed { outbox, .. } if self.ordered(outbox) => {
                vec![self.in_the_thread(self.after, words::NO_ROOM)]
            }
            TicketEvent::MessageReceived(_) if !self.is_attended() => {
                self.wrote_again().into_iter().collect()
            }
            TicketEvent::AnsweredFromMailbox { .. } if !self.is_attended() => {
                let known = self.before.as_ref().filter(|ticket| ticket.card.is_some());
                let told =
                    known.map(|ticket| self.in_the_thread(ticket, words::ANSWERED_FROM_MAILBOX));
                told.into_iter().collect()
            }
            event if self.is_attended() => self.in_the_room(event, recorded).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// What follows for those who read what waits in the holding pen.
    fn readers_rows(&self, event: &TicketEvent) -> Vec<NewOutgoing> {
        let nobody = Readers::default();
        let readers = FollowReaders {
            app: self.app,
            before: self
                .before
                .as_ref()
                .map_or(&nobody, |ticket| &ticket.work.readers),
            after: &self.after.work.readers,
        };
        let rows = readers.rows(event).into_iter();
        rows.map(|row| NewOutgoing {
            id: row.id.unwrap_or_else(|| self.new_id()),
            ..self.row(row.errand, row.lane)
        })
        .collect()
    }

    /// Is somebody in its room?
    fn is_attended(&self) -> bool {
        self.before
            .as_ref()
            .is_some_and(|ticket| !ticket.work.present.is_empty())
    }

    /// Nobody is in a room of the ticket: its thread hears that there is more, and who is awake is called.
    fn wrote_again(&self) -> Option<NewOutgoing> {
        let before = self
            .before
            .as_ref()
            .filter(|ticket| ticket.card.is_some())?;
        Some(self.in_the_thread(before, words::WROTE_AGAIN))
    }

    /// A word in the thread, for who has the ticket or is awake for it.
    fn in_the_thread(&self, ticket: &Ticket, text: &str) -> NewOutgoing {
        let page = ticket.page.as_ref();
        let acked = page.and_then(|page| page.acked.as_ref()).map(|(by, _)| by);
        let whom = ticket.owner.as_ref().or(acked);
        let post = Post {
            mentions: whom.map_or_else(Vec::new, |by| accounts(self.app, std::slice::from_ref(by))),
            ..quiet(vec![Line::Plain(text.to_owned())])
        };
        self.row(ChatErrand::Thread { post }, Lane::Relay)
    }

    /// Something that only a human can set right, on a ticket that people know. What is wrong with somebody's
    /// key is told with his first message too: its card can't say that.
    fn needs_a_human(&self, because: Trouble) -> Vec<NewOutgoing> {
        let known = self.before.as_ref().filter(|ticket| ticket.card.is_some());
        let first = self.after.latest_message.as_ref();
        let of_a_key = first.filter(|message| message.pgp.is_some());
        let Some(ticket) = known.or(of_a_key.map(|_| self.after)) else {
            return Vec::new();
        };
        let text = words::trouble(because);
        let inside = self.is_attended().then(|| self.says(None, text.to_owned()));
        std::iter::once(self.in_the_thread(ticket, text))
            .chain(inside)
            .collect()
    }

    /// A word in the ticket's room.
    fn says(&self, answers: Option<&EventId>, text: String) -> NewOutgoing {
        let post = quiet(vec![Line::Plain(text)]);
        self.row(
            ChatErrand::TicketRoom {
                answers: answers.cloned(),
                post,
            },
            Lane::Relay,
        )
    }

    /// It was given to somebody who may be asleep: he is told.
    fn given(&self, by: &PersonId, recorded: &RecordedEvent) -> Option<NewOutgoing> {
        let Actor::Person(giver) = &recorded.actor else {
            return None;
        };
        if giver == by.as_str() {
            return None;
        }
        let post = Post {
            mentions: accounts(self.app, std::slice::from_ref(by)),
            loudness: Loudness::Message,
            ..quiet(vec![Line::Plain(words::given_to(&name_of(self.app, by)))])
        };
        Some(self.row(ChatErrand::Thread { post }, Lane::Relay))
    }

    /// Whoever works on it now is invited into its room, where there is one.
    fn invitation(&self, by: &PersonId) -> Option<NewOutgoing> {
        let work = &self.before.as_ref()?.work;
        let person = by.clone();
        let wanted = work.room.is_some() && !work.present.contains(by);
        wanted.then(|| self.row(ChatErrand::InviteWorker { person }, Lane::Room))
    }

    fn ordered(&self, outbox: &OutboxId) -> bool {
        let before = self.before.as_ref();
        before.is_some_and(|ticket| ticket.work.ordered.as_ref() == Some(outbox))
    }

    /// What its room hears as it happens.
    fn in_the_room(&self, event: &TicketEvent, recorded: &RecordedEvent) -> Option<NewOutgoing> {
        let says = |answers, text| self.says(answers, text);
        let letter = |outbox: &OutboxId| {
            let letter = self.after.work.letter(outbox)?;
            Some(&letter.origin)
        };
        let at = clock(self.app, recorded.at);
        match event {
            TicketEvent::MessageReceived(message) => {
                let inbox = message.inbox.clone();
                Some(self.row(ChatErrand::Relay { inbox }, Lane::Relay))
            }
            TicketEvent::AnsweredFromMailbox { text, .. } => {
                let post = answered_from_mailbox(self.app, text, recorded.at);
                let answers = None;
                Some(self.row(ChatErrand::TicketRoom { answers, post }, Lane::Relay))
            }
            TicketEvent::ReplySent { outbox } => {
                let letter = self.after.work.letter(outbox)?;
                let sent = words::letter_sent(&letter.to.to_string(), &at);
                Some(says(Some(&letter.origin), sent))
            }
            TicketEvent::ReplyDelayed { outbox, .. } => {
                letter(outbox).map(|origin| says(Some(origin), words::LETTER_WAITS.to_owned()))
            }
            TicketEvent::ReplyFailed { outbox, reason } => {
                letter(outbox).map(|origin| says(Some(origin), words::letter_failed(reason)))
            }
            TicketEvent::ReplyWithdrawn { outbox, .. } => {
                letter(outbox).map(|origin| says(Some(origin), words::LETTER_HELD_BACK.to_owned()))
            }
            TicketEvent::MachineHeard { bounced, .. } => {
                let origin = bounced.as_ref().and_then(letter);
                Some(match origin {
                    Some(origin) => says(Some(origin), words::LETTER_CAME_BACK.to_owned()),
                    None => says(None, words::MACHINE_WROTE.to_owned()),
                })
            }
            TicketEvent::DirectChatAccepted { .. } => {
                Some(says(None, words::REPORTER_CAME.to_owned()))
            }
            TicketEvent::DirectChatMissed { .. } => {
                Some(says(None, words::REPORTER_MISSED.to_owned()))
            }
            TicketEvent::DirectChatLeft { .. } => Some(says(None, words::REPORTER_LEFT.to_owned())),
            TicketEvent::Reopened => Some(says(
                None,
                match recorded.actor {
                    Actor::Person(_) => words::REOPENED_BY_THE_TEAM.to_owned(),
                    Actor::Bot | Actor::Reporter => words::REOPENED.to_owned(),
                },
            )),
            _ => None,
        }
    }

    /// The room is there: the thread is told.
    fn room_is_there(&self) -> Vec<NewOutgoing> {
        let thread = ChatErrand::Thread {
            post: Post::notice([words::ROOM_READY]),
        };
        // Somebody may have taken it while the room was made.
        let workers = self.after.work.workers.iter().skip(1).cloned();
        let invitations = workers.map(|person| ChatErrand::InviteWorker { person });
        let invitations = invitations.map(|errand| self.row(errand, Lane::Room));
        std::iter::once(self.row(thread, Lane::Direct))
            .chain(invitations)
            .collect()
    }

    /// For the first, what was said so far is brought into the room, in order; for who comes later, in one
    /// message.
    fn somebody_came(&self, person: &PersonId) -> Vec<NewOutgoing> {
        let begun = self
            .before
            .as_ref()
            .is_some_and(|ticket| ticket.work.has_begun());
        if begun {
            let person = person.clone();
            return vec![self.row(ChatErrand::Recap { person }, Lane::Relay)];
        }
        let first = ChatErrand::TicketRoom {
            answers: None,
            post: welcome(self.app, self.after),
        };
        let said = self
            .all
            .iter()
            .filter_map(|recorded| match &recorded.event {
                TicketEvent::MessageReceived(message) => Some(ChatErrand::Relay {
                    inbox: message.inbox.clone(),
                }),
                TicketEvent::CallNoted { inbox, .. } => Some(ChatErrand::Relay {
                    inbox: inbox.clone(),
                }),
                TicketEvent::ReplySent { outbox } if self.after.reply(outbox).is_some() => {
                    Some(ChatErrand::Told {
                        outbox: outbox.clone(),
                    })
                }
                _ => None,
            });
        std::iter::once(first)
            .chain(said)
            .map(|errand| self.row(errand, Lane::Relay))
            .collect()
    }

    fn new_id(&self) -> OutboxId {
        OutboxId::from_random(self.app.ids.random())
    }

    fn row(&self, errand: ChatErrand, lane: Lane) -> NewOutgoing {
        NewOutgoing {
            id: self.new_id(),
            ticket: Some(self.id.clone()),
            cause: None,
            dispatch: Dispatch::Chat(errand),
            voice: Voice::Inside,
            lane,
            release: Release::AtOnce,
            counted: None,
        }
    }
}

//! What goes out: mails and acts in chat, written with the decision that made them.
//!
//! An act in chat names its place by what it means (the card of a ticket, its room); which room and event
//! that is, is looked up when it is done. So a page can be written in the same transaction as the ticket,
//! before the card exists.

use crate::app::ports::rooms::RoomAct;
use crate::domain::address::EmailAddress;
use crate::domain::chat::ids::{EventId, UserId};
use crate::domain::chat::post::Post;
use crate::domain::ids::{InboxId, OutboxId, TicketId};
use crate::domain::intake::limits::{SentCounts, Share};
use crate::domain::oncall::people::PersonId;
use crate::domain::party::Party;
use crate::domain::ticket::words::Release;
use crate::domain::triage::category::closed_list;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The mail as it goes to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Envelope sender: where bounces go.
    pub envelope_from: Option<EmailAddress>,
    /// Envelope recipient.
    pub to: EmailAddress,
    /// The exact bytes.
    pub bytes: Vec<u8>,
}

/// An act in chat, by what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "errand", rename_all = "kebab-case")]
pub enum ChatErrand {
    /// The card of the ticket in the on-call room: posted, or brought up to date.
    Card,
    /// A message in the thread below the card.
    Thread {
        /// The words.
        post: Post,
    },
    /// A message in the on-call room itself.
    OncallRoom {
        /// The words.
        post: Post,
    },
    /// A reply of the bot that waits for approval, shown in the thread.
    Draft {
        /// The reply.
        outbox: OutboxId,
    },
    /// The room for the work on the ticket is made, and who works on it is invited.
    MakeRoom,
    /// Somebody who works on it now is invited into its room.
    InviteWorker {
        /// Who.
        person: PersonId,
    },
    /// A message in the ticket's room.
    TicketRoom {
        /// The message that it answers.
        answers: Option<EventId>,
        /// The words.
        post: Post,
    },
    /// Words of the reporter, brought into the ticket's room.
    Relay {
        /// The message.
        inbox: InboxId,
    },
    /// What the bot told the reporter, brought into the ticket's room.
    Told {
        /// The reply.
        outbox: OutboxId,
    },
    /// The conversation so far in one message, for somebody who came into the ticket's room later.
    Recap {
        /// For whom.
        person: PersonId,
    },
    /// The encrypted chat with somebody of the team alone is made, and he is invited.
    MakeReadersChat {
        /// Who.
        person: PersonId,
    },
    /// What waits in the holding pen, shown to him in that chat.
    ShowTo {
        /// Who.
        person: PersonId,
    },
    /// The encrypted chat with the reporter is made, and he is invited.
    MakeDirectChat {
        /// Who.
        user: UserId,
    },
    /// Words to the reporter, in the direct chat.
    Direct {
        /// The words.
        post: Post,
    },
    /// An act whose place is known.
    Act(RoomAct),
}

/// What is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dispatch {
    /// A mail.
    Mail(OutgoingMail),
    /// An act in chat.
    Chat(ChatErrand),
}

impl Dispatch {
    /// The way that it goes.
    pub fn route(&self) -> Route {
        match self {
            Self::Mail(_) => Route::Mail,
            Self::Chat(_) => Route::Chat,
        }
    }
}

closed_list! {
    /// Which server takes it over. Each has a worker of its own: one that is away never stops the other.
    Route {
        /// The mail server.
        Mail = "mail",
        /// The homeserver.
        Chat = "chat",
    }
}

closed_list! {
    /// What goes first when there is much to send, in this order. Within a lane a ticket keeps its order.
    Lane {
        /// Somebody is woken.
        Page = "page",
        /// A room is made, or somebody is invited: it may take long, and holds up no words.
        Room = "room",
        /// Words to a reporter.
        Direct = "direct",
        /// What a reporter wrote, brought to the experts.
        Relay = "relay",
        /// A card is brought up to date.
        Edit = "edit",
    }
}

impl Lane {
    /// Its place in the order: lower goes first.
    pub fn rank(self) -> i64 {
        match self {
            Self::Page => 0,
            Self::Room => 1,
            Self::Direct => 2,
            Self::Relay => 3,
            Self::Edit => 4,
        }
    }
}

closed_list! {
    /// Whose words they are. Checked again at the moment of sending.
    Voice {
        /// The bot speaks to a reporter: not after a human has spoken.
        Bot = "bot",
        /// The bot says fixed words that hold nothing of a report: they need no approval, and leave no more
        /// than its other words once a human has spoken.
        Notice = "notice",
        /// An expert speaks to a reporter.
        Human = "human",
        /// Somebody is woken: not when it was acknowledged in the meantime.
        Page = "page",
        /// Inside the team: cards, relays, rooms.
        Inside = "inside",
    }
}

/// Automatic mail, counted for the limits.
#[derive(Clone)]
pub struct Counted {
    /// The recipient: stored as a keyed hash, and so is his domain.
    pub to: Party,
    /// The text, so that the same never goes twice: stored as a keyed hash.
    pub text: String,
    /// Which share it is taken from.
    pub share: Share,
    /// What had been sent to that recipient when the limits were asked: a conflict when it is more by now,
    /// because another instance wrote to him too.
    pub seen: SentCounts,
}

/// A new row of the outbox.
pub struct NewOutgoing {
    /// Its id; for mail also the left side of its Message-ID, for chat the transaction id.
    pub id: OutboxId,
    /// The ticket, if any.
    pub ticket: Option<TicketId>,
    /// The message that caused it, if any. The ticket's key seals the row, else that of this message; where there is
    /// neither, the bot speaks to the team on its own account ([`Voice::Inside`]).
    pub cause: Option<InboxId>,
    /// What is handed over.
    pub dispatch: Dispatch,
    /// Whose words they are.
    pub voice: Voice,
    /// What goes first.
    pub lane: Lane,
    /// When it may leave.
    pub release: Release,
    /// How it is counted, where it is automatic mail. One cause has at most one counted mail.
    pub counted: Option<Counted>,
}

/// An outgoing message that this instance holds for sending.
pub struct ClaimedOutgoing {
    /// Its id.
    pub id: OutboxId,
    /// The ticket, if any.
    pub ticket: Option<TicketId>,
    /// The message that caused it, if any.
    pub cause: Option<InboxId>,
    /// What is handed over; nothing where it can't be opened.
    pub dispatch: Option<Dispatch>,
    /// Whose words they are.
    pub voice: Voice,
    /// When it was written.
    pub created_at: Timestamp,
    /// Which try this is, counted from 1. Whoever records another try has lost the lease.
    pub attempt: u32,
}

/// An outgoing message as it is kept, for whoever reads the whole ticket.
pub struct StoredOutgoing {
    /// Its id.
    pub id: OutboxId,
    /// The message that caused it, if any.
    pub cause: Option<InboxId>,
    /// What was handed over; nothing where it can't be opened.
    pub dispatch: Option<Dispatch>,
    /// Whose words they are.
    pub voice: Voice,
    /// When it was written.
    pub created_at: Timestamp,
    /// When a server took it over; nothing where none did.
    pub left_at: Option<Timestamp>,
}

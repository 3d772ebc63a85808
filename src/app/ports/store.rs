//! Durable state, as the application asks for it.

use crate::app::ports::arrival::{
    Admission, Arrival, ClaimedArrival, Epoch, Position, Progress, ReadingTurn, StoreError,
};
use crate::app::ports::change::{Change, Committed, DecisionRecord, DueTimer, Trace};
use crate::app::ports::outgoing::{ClaimedOutgoing, Route, StoredOutgoing};
use crate::domain::address::MessageId;
use crate::domain::ids::{InboxId, MailboxName, OutboxId, TicketId, TicketNumber};
use crate::domain::intake::limits::SentCounts;
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::ticket::event::RecordedEvent;
use crate::domain::ticket::summary::TicketSummary;
use async_trait::async_trait;
use jiff::Timestamp;
use std::borrow::Cow;

/// Somebody reads a ticket. Goes to a chained table of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRecord {
    /// The ticket; [`ReadRecord::beside_tickets`] where what is read is on none.
    pub ticket: TicketId,
    /// Who, by login name.
    pub reader: String,
    /// Through what: `tickets show`.
    pub through: Cow<'static, str>,
    /// Why, where it was asked for.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl ReadRecord {
    /// Stands for a ticket where messages are read that are on none.
    pub fn beside_tickets() -> TicketId {
        TicketId::from_stored("no-ticket")
    }
}

/// What the check of the chains found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditReport {
    /// Tickets checked.
    pub tickets: u64,
    /// Events checked.
    pub events: u64,
    /// Reads checked.
    pub reads: u64,
    /// What is wrong, each with its place: `CRT-2026-0042, event 3: changed`, `message ID: its decision does not open`.
    pub findings: Vec<String>,
}

/// How much is waiting, for `tickets list` and for health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// Messages stored and not decided.
    pub undecided: u64,
    /// Messages that failed too often and wait for a human.
    pub set_aside: u64,
    /// Outgoing messages that wait for approval.
    pub awaiting_approval: u64,
    /// Outgoing messages not yet taken by a server.
    pub unsent: u64,
    /// Outgoing messages that were given up.
    pub given_up: u64,
}

/// A decision on record.
pub struct KeptDecision {
    /// The message.
    pub inbox: InboxId,
    /// The ticket that it came on, if any.
    pub ticket: Option<TicketId>,
    /// What was decided, and why.
    pub record: DecisionRecord,
}

/// Some of the decisions on record.
pub struct DecisionPage {
    /// They.
    pub decisions: Vec<KeptDecision>,
    /// How many more there are in this part that can't be read.
    pub unreadable: u64,
    /// After what the next ones come; nothing where there are no more.
    pub next: Option<u64>,
}

/// For whom and when automatic mail is counted.
pub struct SentQuery {
    /// The recipient.
    pub to: Party,
    /// The ticket, if any.
    pub ticket: Option<TicketId>,
    /// The text that would be sent.
    pub text: String,
    /// Now.
    pub now: Timestamp,
}

/// Durable state. Everything is written in transactions and sealed at rest.
#[async_trait]
pub trait Store: Send + Sync {
    /// How far a mailbox was read; nothing before its first start.
    async fn progress(&self, mailbox: &MailboxName) -> Result<Option<Progress>, StoreError>;
    /// Notes where reading a mailbox starts. Where another instance noted it before, that stays.
    async fn start_mailbox(&self, mailbox: &MailboxName, at: Progress) -> Result<(), StoreError>;
    /// Notes that UIDVALIDITY changed, and how far the folder was read under its new numbers. A conflict
    /// where it is no longer this instance's turn to read it.
    async fn renumber_mailbox(
        &self,
        mailbox: &MailboxName,
        uid_validity: u32,
        last_uid: u32,
        turn: ReadingTurn<'_>,
    ) -> Result<Committed, StoreError>;
    /// Takes work that one instance does at a time, or keeps it, until `until`. Nothing while another
    /// instance has it. The epoch grows whenever it changes hands.
    async fn hold(
        &self,
        work: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Epoch>, StoreError>;
    /// Gives such work back, so that another instance need not wait.
    async fn let_go(&self, work: &str) -> Result<(), StoreError>;
    /// Stores a message and the mailbox's progress in one transaction.
    async fn admit(&self, arrival: Arrival, now: Timestamp) -> Result<Admission, StoreError>;
    /// Is a message with this place stored?
    async fn knows(&self, mailbox: &MailboxName, position: &Position) -> Result<bool, StoreError>;
    /// Puts the bytes of a message that could not be read in the place of what was stored under
    /// `position` as [`Extent::Locked`](crate::app::ports::Extent::Locked), and makes it due. Says
    /// whether there was such a message.
    async fn unlock_arrival(
        &self,
        mailbox: &MailboxName,
        position: &Position,
        raw: &[u8],
        now: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Messages stored as locked, oldest first, at most `limit`.
    async fn locked(&self, mailbox: &MailboxName, limit: u32) -> Result<Vec<Position>, StoreError>;
    /// Takes the oldest undecided message that is due, until `lease_until`.
    async fn claim_arrival(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedArrival>, StoreError>;
    /// Gives a message back, to be tried again at `retry_at`.
    async fn defer_arrival(
        &self,
        id: &InboxId,
        attempt: u32,
        retry_at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Messages of a mailbox whose original may leave it and is not yet moved. At most `limit`.
    async fn settled(
        &self,
        mailbox: &MailboxName,
        limit: u32,
    ) -> Result<Vec<(InboxId, Position)>, StoreError>;
    /// Notes that the original was moved.
    async fn mark_moved(&self, id: &InboxId, now: Timestamp) -> Result<(), StoreError>;
    /// A stored message as it was found. Nothing where there is none, or where its key was destroyed.
    async fn arrival(&self, id: &InboxId) -> Result<Option<Arrival>, StoreError>;
    /// The mails of the team, sent from the mailbox itself, that answer this message or are it, where it is on no
    /// ticket. At most a few.
    async fn answers_by_hand(&self, message: &MessageId) -> Result<Vec<InboxId>, StoreError>;
    /// The certificate that is remembered for somebody.
    async fn pinned_key(&self, party: &Party) -> Result<Option<Certificate>, StoreError>;
    /// The original bytes of a stored message.
    async fn original(&self, id: &InboxId) -> Result<Option<Vec<u8>>, StoreError>;
    /// Why a message was treated as it was.
    async fn decision(&self, id: &InboxId) -> Result<Option<DecisionRecord>, StoreError>;
    /// The decisions that were made since a moment, in the order in which their messages came, so many as memory is meant
    /// for. `after` is 0 at first, then what the page before gave. What was purged isn't there.
    async fn decisions_since(
        &self,
        since: Timestamp,
        after: u64,
    ) -> Result<DecisionPage, StoreError>;

    /// All events of a ticket in order; nothing where there is no such ticket.
    async fn history(&self, id: &TicketId) -> Result<Vec<RecordedEvent>, StoreError>;
    /// The tickets that bear one of these traces, most recently changed first, at most `limit`.
    async fn find_by_traces(
        &self,
        traces: &[Trace],
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError>;
    /// The ticket with this number.
    async fn find_by_number(&self, number: &TicketNumber) -> Result<Option<TicketId>, StoreError>;
    /// The next free number of a year. Taking it is part of a [`Change`] and may conflict.
    async fn next_number(&self, prefix: &str, year: i16) -> Result<TicketNumber, StoreError>;
    /// How much automatic mail went where.
    async fn sent_counts(&self, query: &SentQuery) -> Result<SentCounts, StoreError>;
    /// Writes a change, all or nothing.
    async fn commit(&self, change: Change, now: Timestamp) -> Result<Committed, StoreError>;

    /// Takes the next outgoing message of a route that is due, until `lease_until`.
    async fn claim_outgoing(
        &self,
        route: Route,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedOutgoing>, StoreError>;
    /// Does this instance still hold an outgoing message that it claimed? Then it holds it until `until`.
    /// Asked right before it is handed over: a process that was stopped for a while doesn't know.
    async fn holds_outgoing(
        &self,
        id: &OutboxId,
        attempt: u32,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Takes the next timer that is due, until `lease_until`.
    async fn claim_timer(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<DueTimer>, StoreError>;

    /// All tickets, most recently changed first, at most `limit`.
    async fn list(&self, limit: u32) -> Result<Vec<TicketSummary>, StoreError>;
    /// The tickets on which something of these kinds happened, the words of the unsealed column, in the order of their ids.
    async fn tickets_with(&self, kinds: &[&str]) -> Result<Vec<TicketId>, StoreError>;
    /// How much is waiting.
    async fn backlog(&self) -> Result<Backlog, StoreError>;
    /// All that goes or went out for a ticket, in the order in which it was written.
    async fn outgoing_of(&self, ticket: &TicketId) -> Result<Vec<StoredOutgoing>, StoreError>;
    /// Notes that somebody reads a ticket, before he sees it.
    async fn record_read(&self, read: ReadRecord) -> Result<(), StoreError>;
    /// Who read a ticket, the first read first.
    async fn reads_of(&self, ticket: &TicketId) -> Result<Vec<ReadRecord>, StoreError>;
    /// Checks the chains of all tickets and of the reads, and that every message has a key and a decision that open.
    async fn verify(&self) -> Result<AuditReport, StoreError>;
    /// Keeps the knowledge in this version, so that a decision can be replayed.
    async fn keep_knowledge(
        &self,
        version: &str,
        archive: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// The knowledge in that version, where it was kept.
    async fn kept_knowledge(&self, version: &str) -> Result<Option<Vec<u8>>, StoreError>;
}

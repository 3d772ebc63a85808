//! The port, word for word: each method is one call into the file of its concept.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::{mailbox, ticket_row};
use crate::app::ports::{
    Admission, Arrival, AuditReport, Backlog, Change, ClaimedArrival, ClaimedOutgoing, Committed,
    DecisionPage, DecisionRecord, DueTimer, Epoch, Position, Progress, ReadRecord, ReadingTurn,
    Route, SentQuery, Store, StoreError, StoredOutgoing, Trace,
};
use crate::domain::address::MessageId;
use crate::domain::ids::{InboxId, MailboxName, OutboxId, TicketId, TicketNumber};
use crate::domain::intake::limits::SentCounts;
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::ticket::event::RecordedEvent;
use crate::domain::ticket::summary::TicketSummary;
use async_trait::async_trait;
use jiff::Timestamp;

#[async_trait]
impl Store for SqlStore {
    async fn progress(&self, mailbox: &MailboxName) -> Result<Option<Progress>, StoreError> {
        let mut tx = self.begin_read().await?;
        mailbox::progress(&mut tx, mailbox).await
    }

    async fn start_mailbox(&self, mailbox: &MailboxName, at: Progress) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        mailbox::start(&mut tx, mailbox, at).await?;
        Ok(tx.commit().await?)
    }

    async fn renumber_mailbox(
        &self,
        mailbox: &MailboxName,
        uid_validity: u32,
        last_uid: u32,
        turn: ReadingTurn<'_>,
    ) -> Result<Committed, StoreError> {
        self.renumber(mailbox, uid_validity, last_uid, turn).await
    }

    async fn hold(
        &self,
        work: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Epoch>, StoreError> {
        self.take_lease(work, now, until).await
    }

    async fn let_go(&self, work: &str) -> Result<(), StoreError> {
        self.give_lease_back(work).await
    }

    async fn holds_outgoing(
        &self,
        id: &OutboxId,
        attempt: u32,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.still_holds(id, attempt, (now, until)).await
    }

    async fn admit(&self, arrival: Arrival, now: Timestamp) -> Result<Admission, StoreError> {
        self.admit_arrival(&arrival, now).await
    }

    async fn knows(&self, mailbox: &MailboxName, position: &Position) -> Result<bool, StoreError> {
        self.is_stored(mailbox, position).await
    }

    async fn unlock_arrival(
        &self,
        mailbox: &MailboxName,
        position: &Position,
        raw: &[u8],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.unlock(mailbox, position, raw, now).await
    }

    async fn locked(&self, mailbox: &MailboxName, limit: u32) -> Result<Vec<Position>, StoreError> {
        self.locked_in(mailbox, limit).await
    }

    async fn claim_arrival(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedArrival>, StoreError> {
        self.take_arrival(now, lease_until).await
    }

    async fn defer_arrival(
        &self,
        id: &InboxId,
        attempt: u32,
        retry_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.give_back_arrival(id, attempt, retry_at).await
    }

    async fn settled(
        &self,
        mailbox: &MailboxName,
        limit: u32,
    ) -> Result<Vec<(InboxId, Position)>, StoreError> {
        self.settled_in(mailbox, limit).await
    }

    async fn mark_moved(&self, id: &InboxId, now: Timestamp) -> Result<(), StoreError> {
        self.note_moved(id, now).await
    }

    async fn arrival(&self, id: &InboxId) -> Result<Option<Arrival>, StoreError> {
        self.arrival_of(id).await
    }

    async fn answers_by_hand(&self, message: &MessageId) -> Result<Vec<InboxId>, StoreError> {
        self.answered_with(message).await
    }

    async fn pinned_key(&self, party: &Party) -> Result<Option<Certificate>, StoreError> {
        self.pinned_to(party).await
    }

    async fn original(&self, id: &InboxId) -> Result<Option<Vec<u8>>, StoreError> {
        self.original_bytes(id).await
    }

    async fn decision(&self, id: &InboxId) -> Result<Option<DecisionRecord>, StoreError> {
        self.decision_on(id).await
    }

    async fn decisions_since(
        &self,
        since: Timestamp,
        after: u64,
    ) -> Result<DecisionPage, StoreError> {
        self.page_of_decisions(since, after).await
    }

    async fn history(&self, id: &TicketId) -> Result<Vec<RecordedEvent>, StoreError> {
        self.events_of(id).await
    }

    async fn find_by_traces(
        &self,
        traces: &[Trace],
        limit: usize,
    ) -> Result<Vec<TicketId>, StoreError> {
        self.tickets_by_traces(traces, limit).await
    }

    async fn find_by_number(&self, number: &TicketNumber) -> Result<Option<TicketId>, StoreError> {
        self.ticket_by_number(number).await
    }

    async fn next_number(&self, prefix: &str, year: i16) -> Result<TicketNumber, StoreError> {
        self.free_number(prefix, year).await
    }

    async fn sent_counts(&self, query: &SentQuery) -> Result<SentCounts, StoreError> {
        self.count_sent(query).await
    }

    async fn commit(&self, change: Change, now: Timestamp) -> Result<Committed, StoreError> {
        self.write_change(&change, now).await
    }

    async fn claim_outgoing(
        &self,
        route: Route,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<ClaimedOutgoing>, StoreError> {
        self.take_outgoing(route, now, lease_until).await
    }

    async fn claim_timer(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<DueTimer>, StoreError> {
        self.take_timer(now, lease_until).await
    }

    async fn list(&self, limit: u32) -> Result<Vec<TicketSummary>, StoreError> {
        let mut tx = self.begin_read().await?;
        ticket_row::list(&mut tx, limit).await
    }

    async fn tickets_with(&self, kinds: &[&str]) -> Result<Vec<TicketId>, StoreError> {
        self.tickets_by_events(kinds).await
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        self.count_waiting().await
    }

    async fn outgoing_of(&self, ticket: &TicketId) -> Result<Vec<StoredOutgoing>, StoreError> {
        self.outgoing_on(ticket).await
    }

    async fn record_read(&self, read: ReadRecord) -> Result<(), StoreError> {
        self.append_read(&read).await
    }

    async fn reads_of(&self, ticket: &TicketId) -> Result<Vec<ReadRecord>, StoreError> {
        self.reads_on(ticket).await
    }

    async fn verify(&self) -> Result<AuditReport, StoreError> {
        self.check_chains().await
    }

    async fn keep_knowledge(
        &self,
        version: &str,
        archive: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.keep_version(version, archive, now).await
    }

    async fn kept_knowledge(&self, version: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.kept_version(version).await
    }
}

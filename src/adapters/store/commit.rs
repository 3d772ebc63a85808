//! One decision, written in one transaction: all of it or nothing.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::Refusal;
use crate::adapters::store::hints::{Hint, tell};
use crate::adapters::store::sql::{Connection, Table};
use crate::adapters::store::{
    alarms, dead_addresses, inbox, inbox_by_hand, inbox_end, leases, numbers, outbox, outbox_count,
    outbox_end, pinned_keys, ticket, ticket_row, timers,
};
use crate::app::ports::{Change, Committed, Route, StoreError, TicketChange};
use jiff::Timestamp;

impl SqlStore {
    pub(super) async fn write_change(
        &self,
        change: &Change,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        let mut tx = self.begin_write().await?;
        match self.apply(&mut tx, change, now).await {
            Ok(()) => {
                tx.commit().await?;
                Ok(Committed::Done)
            }
            Err(refusal) => {
                tx.rollback().await?;
                refusal.into_result()
            }
        }
    }

    async fn apply(
        &self,
        conn: &mut Connection,
        change: &Change,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let (vault, instance) = (&self.vault, &self.instance);
        // First what may refuse: a lost lease, a message that was decided before.
        if let Some(done) = &change.arrival {
            inbox_end::check(&mut *conn, vault, instance, done).await?;
        }
        let by_hand = !change.answered_by_hand.is_empty();
        // A ticket that begins and an answer by hand to its message must not miss each other.
        let begins = by_hand || change.tickets.iter().any(|ticket| ticket.after_seq == 0);
        // Before any ticket is locked: two that wait for each other would both be refused.
        let takes = |ticket: &TicketChange| ticket.takes_number.is_some();
        if by_hand || change.by_hand_so_far.is_some() || change.tickets.iter().any(takes) {
            conn.alone_on(Table::Numbers).await?;
        }
        if let Some(as_of) = change.as_of.as_ref().filter(|_| begins) {
            numbers::must_be_next(&mut *conn, as_of).await?;
        }
        if let Some((message, seen)) = &change.by_hand_so_far {
            inbox_by_hand::must_be_as_seen(&mut *conn, vault, message, *seen).await?;
        }
        ticket_row::lock_in_order(&mut *conn, &change.tickets).await?;
        // The ticket before everything that refers to it.
        for ticket in &change.tickets {
            ticket::append(&mut *conn, vault, ticket, now).await?;
        }
        if let Some(done) = &change.arrival {
            let ticket = change.tickets.first().map(|ticket| &ticket.id);
            inbox_end::decide(&mut *conn, vault, instance, done, ticket, now).await?;
            for answered in &change.answered_by_hand {
                inbox_by_hand::insert(&mut *conn, vault, answered, &done.id).await?;
            }
        }
        for party in &change.dead {
            dead_addresses::insert(&mut *conn, vault, party, now).await?;
        }
        if let Some(pin) = &change.pin {
            pinned_keys::pin(&mut *conn, vault, pin, now).await?;
        }
        outbox_count::check(&mut *conn, vault, &change.outgoing, now).await?;
        for new in &change.outgoing {
            outbox::insert(&mut *conn, vault, new, now).await?;
        }
        if let Some(done) = &change.delivery {
            outbox_end::record(&mut *conn, instance, done, now).await?;
        }
        for id in &change.approved {
            outbox_end::approve(&mut *conn, id, now).await?;
        }
        // Last: all who meet the same alarm wait for each other here.
        if let Some(alarm) = &change.alarm {
            alarms::raise(&mut *conn, vault, alarm, now).await?;
        }
        for hint in hints_of(change) {
            tell(&mut *conn, hint).await?;
        }
        Ok(())
    }

    /// Frees everything that runs held that are over; says how many rows. On SQLite that is every other
    /// run, on PostgreSQL every other of the same instance: [`SqlStore::lock`] proves both.
    pub async fn release_stale_leases(&self) -> Result<u64, StoreError> {
        let mut tx = self.begin_write().await?;
        let me = self.instance.as_str();
        let whose = match (&tx, self.instance.family()) {
            (Connection::Sqlite(_), _) => "%".to_owned(),
            (Connection::Postgres(..), Some(family)) => format!("{family}%"),
            (Connection::Postgres(..), None) => return Ok(0),
        };
        let freed = inbox::free(&mut tx, me, &whose).await?
            + outbox_end::free(&mut tx, me, &whose).await?
            + timers::free(&mut tx, me, &whose).await?;
        let leases = leases::free(&mut tx, me, &whose).await?;
        tx.commit().await?;
        Ok(freed + leases)
    }
}

/// What other instances may find to do after this.
fn hints_of(change: &Change) -> Vec<Hint> {
    let calls = change.alarm.iter().flat_map(|alarm| &alarm.calls);
    let outgoing = change.outgoing.iter().chain(calls);
    let mut hints: Vec<Hint> = outgoing
        .map(|new| match new.dispatch.route() {
            Route::Mail => Hint::Mail,
            Route::Chat => Hint::Chat,
        })
        .collect();
    if !change.approved.is_empty() {
        hints.extend([Hint::Mail, Hint::Chat]);
    }
    if change
        .tickets
        .iter()
        .any(|ticket| !ticket.timers.is_empty())
    {
        hints.push(Hint::Timers);
    }
    if change.arrival.is_some() || change.delivery.is_some() {
        hints.push(Hint::Settled);
    }
    hints.sort_unstable();
    hints.dedup();
    hints
}

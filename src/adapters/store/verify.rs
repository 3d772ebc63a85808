//! The audit: every ticket's chain, its row, its key and its messages, the decisions, the numbers, and the
//! chain of the reads. What it can't see stands in [`crate::adapters::store::chain`].
//!
//! A finding names the place and what happened to it, never content. All of it is one read of one
//! moment, so that a running service makes no false findings.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::keys::{self, KeyOf};
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::ticket_row::{TicketRow, selected};
use crate::adapters::store::vault::DataKey;
use crate::adapters::store::verify_chain::{ChainCheck, ChainRow};
use crate::adapters::store::verify_messages::{self, Named};
use crate::adapters::store::{reads, verify_decisions, verify_numbers};
use crate::app::ports::{AuditReport, StoreError};
use crate::domain::ids::TicketId;

/// Rows that are held in memory at a time.
const PAGE: i64 = 500;
/// Most findings in a report: a table that was emptied needs no million lines.
const MOST_FINDINGS: usize = 1_000;

const TICKETS: &str = selected!(
    "/* verify.tickets */",
    "WHERE ticket_id > $1 ORDER BY ticket_id LIMIT $2"
);
const EVENTS: &str = "/* verify.events */
    SELECT ticket_id, seq, at, actor_role, kind, sealed, prev_hash, hash FROM ticket_events
    WHERE ticket_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
const READS: &str = "/* verify.reads */
    SELECT ticket_id, seq, at, '' AS actor_role, '' AS kind, sealed, prev_hash, hash
    FROM ticket_reads WHERE seq > $1 ORDER BY seq LIMIT $2";
// Also tickets without a number, in the holding pen: something always points at them.
const LOST: &str = "/* verify.lost */
    SELECT ticket_id FROM (
        SELECT ticket_id FROM ticket_events UNION
        SELECT ticket_id FROM inbox WHERE ticket_id IS NOT NULL
        UNION SELECT ticket_id FROM outbox UNION SELECT ticket_id FROM timers
        UNION SELECT ticket_id FROM traces) AS pointing
    WHERE ticket_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.ticket_id = pointing.ticket_id)
    ORDER BY ticket_id LIMIT $1";

impl SqlStore {
    pub(super) async fn check_chains(&self) -> Result<AuditReport, StoreError> {
        let mut tx = self.begin_long_read().await?;
        let mut report = AuditReport::default();
        let mut after = String::new();
        loop {
            let page: Vec<TicketRow> = query(TICKETS)
                .bind(&after)
                .bind(PAGE)
                .fetch_all(&mut tx)
                .await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.ticket_id);
            for row in &page {
                self.check_ticket(&mut tx, row, &mut report).await?;
                report.findings.truncate(MOST_FINDINGS);
            }
        }
        let lost: Vec<String> = query(LOST).bind(PAGE).fetch_all(&mut tx).await?;
        let lost = lost.iter().map(|id| format!("ticket {id}: removed"));
        report.findings.extend(lost);
        let messages = verify_messages::check_others(self, &mut tx, MOST_FINDINGS).await?;
        report.findings.extend(messages);
        let decisions = verify_decisions::check(self, &mut tx, MOST_FINDINGS).await?;
        report.findings.extend(decisions);
        let numbers = verify_numbers::check(self, &mut tx).await?;
        report.findings.extend(numbers);
        self.check_reads(&mut tx, &mut report).await?;
        report.findings.truncate(MOST_FINDINGS);
        Ok(report)
    }

    async fn check_ticket(
        &self,
        conn: &mut Connection,
        row: &TicketRow,
        report: &mut AuditReport,
    ) -> Result<(), StoreError> {
        let name = match row.number() {
            Ok(Some(number)) => number.to_string(),
            Ok(None) | Err(_) => format!("ticket {}", row.ticket_id),
        };
        report.tickets += 1;
        let mut findings = Vec::new();
        if !row.is_genuine(&self.vault) {
            findings.push(format!("{name}: its entry in the list was changed"));
        }
        let id = TicketId::from_stored(row.ticket_id.clone());
        let key = unless_broken(keys::find(&mut *conn, &self.vault, KeyOf::Ticket(&id)).await)?;
        if key.is_none() {
            findings.push(format!("{name}: its key is missing or was changed"));
        }
        let mut check = ChainCheck::new(&self.vault, "event");
        let mut named = Named::default();
        let mut closed = Vec::new();
        let mut after = i64::MIN;
        loop {
            let page: Vec<ChainRow> = query(EVENTS)
                .bind(&row.ticket_id)
                .bind(after)
                .bind(PAGE)
                .fetch_all(&mut *conn)
                .await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for event in &page {
                check.take(event);
                if key.as_ref().is_some_and(|key| !named.note(key, event)) {
                    closed.push(format!("{name}, event {}: it does not open", event.seq));
                }
            }
        }
        let (events, flaws) = check.finish(row.last_seq, &row.head_hash);
        report.events += events;
        let flaws = flaws
            .into_iter()
            .map(|(seq, flaw)| format!("{name}, event {seq}: {flaw}"));
        findings.extend(flaws);
        // A chain with a flaw has said enough; what it names proves nothing.
        if findings.is_empty() {
            findings.extend(closed);
            findings.extend(named.check(&mut *conn, &self.vault, &name).await?);
        }
        report.findings.extend(findings);
        Ok(())
    }

    async fn check_reads(
        &self,
        conn: &mut Connection,
        report: &mut AuditReport,
    ) -> Result<(), StoreError> {
        let head = reads::head(&mut *conn, &self.vault).await?;
        if !head.genuine {
            report
                .findings
                .push("the end of the log of reads was changed".to_owned());
        }
        let key = unless_broken(keys::find(&mut *conn, &self.vault, KeyOf::Reads).await)?;
        let mut check = ChainCheck::new(&self.vault, "read");
        let mut closed = Vec::new();
        let mut after = i64::MIN;
        loop {
            let page: Vec<ChainRow> = query(READS)
                .bind(after)
                .bind(PAGE)
                .fetch_all(&mut *conn)
                .await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for read in &page {
                check.take(read);
                let opens = |key| reads::opens(key, read.seq, &read.sealed);
                if !key.as_ref().is_none_or(opens) && closed.len() < MOST_FINDINGS {
                    closed.push(read.seq);
                }
            }
        }
        let (reads, flaws) = check.finish(head.last_seq, &head.hash);
        report.reads = reads;
        // What was changed needs no second line: it doesn't open because of that.
        closed.retain(|seq| flaws.iter().all(|(flawed, _)| flawed != seq));
        let flaws = flaws.into_iter().map(|(seq, flaw)| (seq, flaw.to_string()));
        let closed = closed
            .into_iter()
            .map(|seq| (seq, "it does not open".to_owned()));
        let told = |(seq, flaw)| format!("the log of reads, entry {seq}: {flaw}");
        report.findings.extend(flaws.chain(closed).map(told));
        if key.is_none() && reads > 0 {
            let what = "the log of reads: its key is missing or was changed".to_owned();
            report.findings.push(what);
        }
        Ok(())
    }
}

/// The key, none where its seal is broken: that is a finding. A database that fails is not one.
fn unless_broken(key: Result<Option<DataKey>, StoreError>) -> Result<Option<DataKey>, StoreError> {
    match key {
        Err(StoreError::Inconsistent {
            table: "data_keys", ..
        }) => Ok(None),
        key => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_fails_is_no_key_that_was_changed() {
        let broken = || StoreError::Inconsistent {
            table: "data_keys",
            what: "a seal does not open".to_owned(),
        };
        let damaged = || StoreError::Inconsistent {
            table: "the database",
            what: "the disk image is malformed".to_owned(),
        };
        let gone = || StoreError::Unavailable("closed".to_owned());
        assert!(matches!(unless_broken(Ok(None)), Ok(None)));
        assert!(matches!(unless_broken(Err(broken())), Ok(None)));
        assert!(matches!(
            unless_broken(Err(damaged())),
            Err(StoreError::Inconsistent { .. })
        ));
        assert!(matches!(
            unless_broken(Err(gone())),
            Err(StoreError::Unavailable(_))
        ));
    }
}

//! Ticket numbers: one after the other within a prefix and a year, without gaps.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::Refusal;
use crate::adapters::store::rows::count;
use crate::adapters::store::sql::{Connection, query};
use crate::adapters::store::vault::Vault;
use crate::app::ports::StoreError;
use crate::domain::ids::TicketNumber;

const GET: &str = "/* ticket_numbers.get */
    SELECT last, row_mac FROM ticket_numbers WHERE prefix = $1 AND year = $2";
// Also looks at the tickets: a counter that somebody put back must not give a number out twice.
const HIGHEST: &str = "/* ticket_numbers.highest */
    SELECT max(last) FROM (
        SELECT last FROM ticket_numbers WHERE prefix = $1 AND year = $2
        UNION ALL SELECT max(serial) FROM tickets WHERE prefix = $1 AND year = $2
        UNION ALL SELECT 0) AS given";
const SET: &str = "/* ticket_numbers.set */
    INSERT INTO ticket_numbers (prefix, year, last, row_mac) VALUES ($1, $2, $3, $4)
    ON CONFLICT (prefix, year) DO UPDATE SET last = excluded.last, row_mac = excluded.row_mac";

/// The keyed hash over a counter.
pub(super) fn mac(vault: &Vault, prefix: &str, year: i64, last: i64) -> Vec<u8> {
    let facts: [&[u8]; 3] = [prefix.as_bytes(), &year.to_be_bytes(), &last.to_be_bytes()];
    vault.row_mac("ticket_numbers", &facts).to_vec()
}

async fn highest(conn: &mut Connection, prefix: &str, year: i16) -> Result<i64, StoreError> {
    Ok(query(HIGHEST)
        .bind(prefix)
        .bind(i64::from(year))
        .fetch_one(conn)
        .await?)
}

/// Refuses where a ticket was opened since this was the next number.
pub(super) async fn must_be_next(
    conn: &mut Connection,
    number: &TicketNumber,
) -> Result<(), Refusal> {
    let highest = highest(conn, number.prefix(), number.year()).await?;
    let still = highest.saturating_add(1) == i64::from(number.serial());
    still.then_some(()).ok_or(Refusal::Conflict)
}

/// Takes a number, which must be the next one.
pub(super) async fn take(
    conn: &mut Connection,
    vault: &Vault,
    number: &TicketNumber,
) -> Result<(), Refusal> {
    let (prefix, year) = (number.prefix(), i64::from(number.year()));
    let last = i64::from(number.serial());
    if highest(&mut *conn, prefix, number.year())
        .await?
        .saturating_add(1)
        != last
    {
        return Err(Refusal::Conflict);
    }
    let before: Option<(i64, Vec<u8>)> = query(GET)
        .bind(prefix)
        .bind(year)
        .fetch_optional(&mut *conn)
        .await?;
    // A counter that somebody changed or removed stays a finding.
    let genuine = match before {
        Some((last, stored)) => stored == mac(vault, prefix, year, last),
        None => last == 1,
    };
    let row_mac = if genuine {
        mac(vault, prefix, year, last)
    } else {
        Vec::new()
    };
    query(SET)
        .bind(prefix)
        .bind(year)
        .bind(last)
        .bind(row_mac)
        .execute(conn)
        .await?;
    Ok(())
}

impl SqlStore {
    pub(super) async fn free_number(
        &self,
        prefix: &str,
        year: i16,
    ) -> Result<TicketNumber, StoreError> {
        let mut tx = self.begin_read().await?;
        let last = highest(&mut tx, prefix, year).await?;
        let serial = count("ticket_numbers", last.saturating_add(1))?;
        Ok(TicketNumber::new(prefix, year, serial))
    }
}

//! Checking the numbers: no ticket is missing below the last one given out.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::numbers;
use crate::adapters::store::rows::count;
use crate::adapters::store::sql::{Connection, query};
use crate::app::ports::StoreError;
use crate::domain::ids::TicketNumber;

const COUNTERS: &str = "/* verify.counters */
    SELECT prefix, year, last, row_mac FROM ticket_numbers ORDER BY prefix, year";
const UNCOUNTED: &str = "/* verify.uncounted */
    SELECT DISTINCT prefix, year FROM tickets t
    WHERE prefix IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM ticket_numbers n WHERE n.prefix = t.prefix AND n.year = t.year)
    ORDER BY prefix, year";
const SERIALS: &str = "/* verify.serials */
    SELECT serial FROM tickets WHERE prefix = $1 AND year = $2 ORDER BY serial";

/// Most missing numbers that are named for one year.
const MOST_NAMED: usize = 100;

/// What is wrong with the numbers.
pub(super) async fn check(
    store: &SqlStore,
    conn: &mut Connection,
) -> Result<Vec<String>, StoreError> {
    let counters: Vec<(String, i64, i64, Vec<u8>)> = query(COUNTERS).fetch_all(&mut *conn).await?;
    let uncounted: Vec<(String, i64)> = query(UNCOUNTED).fetch_all(&mut *conn).await?;
    let mut findings = Vec::new();
    for (prefix, year, last, row_mac) in counters {
        if row_mac != numbers::mac(&store.vault, &prefix, year, last) {
            findings.push(format!("{prefix}-{year}: the counter was changed"));
        }
        findings.extend(removed(conn, &prefix, year, last).await?);
    }
    for (prefix, year) in uncounted {
        findings.push(format!("{prefix}-{year}: the counter was removed"));
        findings.extend(removed(conn, &prefix, year, 0).await?);
    }
    Ok(findings)
}

/// The tickets of a year that are missing below the last number.
async fn removed(
    conn: &mut Connection,
    prefix: &str,
    year: i64,
    last: i64,
) -> Result<Vec<String>, StoreError> {
    let there: Vec<i64> = query(SERIALS)
        .bind(prefix)
        .bind(year)
        .fetch_all(conn)
        .await?;
    let year = count("ticket_numbers", year)?;
    missing(&there, last)
        .into_iter()
        .map(|serial| {
            let serial = count("ticket_numbers", serial)?;
            let number = TicketNumber::new(prefix, year, serial);
            Ok(format!("{number}: removed"))
        })
        .collect()
}

/// The numbers up to `last` that are not there. At most [`MOST_NAMED`].
fn missing(there: &[i64], last: i64) -> Vec<i64> {
    let mut missing = Vec::new();
    let mut expected = 1;
    for serial in there.iter().copied().chain([last.saturating_add(1)]) {
        while expected < serial && missing.len() < MOST_NAMED {
            missing.push(expected);
            expected += 1;
        }
        expected = serial.saturating_add(1);
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_numbers_are_found_at_both_ends_and_between() {
        assert_eq!(missing(&[1, 2, 3], 3), [0; 0]);
        assert_eq!(missing(&[], 0), [0; 0]);
        assert_eq!(missing(&[2, 4], 5), [1, 3, 5]);
        assert_eq!(
            missing(&[1, 2], 1),
            [0; 0],
            "a counter put back is found by its hash"
        );
        assert_eq!(missing(&[], i64::MAX).len(), MOST_NAMED);
    }
}

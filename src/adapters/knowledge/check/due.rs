//! What somebody must look at again: a date that passed makes nothing wrong, but it makes it old.

use crate::adapters::knowledge::contracts::Contract;
use crate::adapters::knowledge::parts::Parts;
use crate::domain::guidance::entry::is_due;
use jiff::ToSpan;
use jiff::civil::Date;

/// A number, a duty or a contract is looked at again after so many days.
const CHECKED_FOR: i32 = 180;

/// One entry that is due for review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The entry: `memo mfa`, `contact card-stop`.
    pub what: String,
    /// Who answers for it; empty where nobody is named.
    pub owner: String,
    /// The day by which it should have been reviewed.
    pub since: Date,
}

/// Everything that is due on this day, the oldest first.
pub fn due_on(parts: &Parts, today: Date) -> Vec<Due> {
    let mut due = Vec::new();
    for memo in &parts.memos {
        if let Ok(before) = memo.review_before.parse::<Date>()
            && is_due(before, today)
        {
            due.push(Due {
                what: format!("memo {}", memo.id),
                owner: memo.owner.clone(),
                since: before,
            });
        }
    }
    let contacts = parts.contacts.0.values();
    // What isn't shown any more needs nobody's eye.
    let is_running = |contract: &&Contract| contract.last_day().is_none_or(|day| day >= today);
    let running = parts.contracts.iter().filter(is_running);
    let shown = parts.inventory.iter().filter(|row| !row.is_a_duplicate());
    let duties = parts.duties.by_id.values();
    let checked = contacts
        .map(|contact| {
            (
                format!("contact {}", contact.id),
                contact.checked_on.as_str(),
            )
        })
        .chain(duties.map(|duty| (format!("duty {}", duty.id), duty.checked_on.as_str())))
        .chain(running.map(|contract| {
            (
                format!("contract {}", contract.id),
                contract.checked_on.as_str(),
            )
        }))
        .chain(shown.map(|row| (format!("obligation {}", row.id()), row.checked_on.as_str())));
    for (what, checked_on) in checked {
        let since = checked_on
            .parse::<Date>()
            .and_then(|day| day.checked_add(CHECKED_FOR.days()));
        if let Ok(since) = since
            && is_due(since, today)
        {
            due.push(Due {
                what,
                owner: String::new(),
                since,
            });
        }
    }
    due.sort_by(|a, b| (a.since, &a.what).cmp(&(b.since, &b.what)));
    due
}

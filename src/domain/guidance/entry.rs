//! The entries of the knowledge as a list: what there is, who answers for it, and what is due for review.
//!
//! Pure: which day it is, is told. What an entry says stands in the handbook and in the index.

use crate::domain::guidance::handbook::PassageKind;
use jiff::civil::Date;
use serde::Serialize;

/// One entry of the knowledge in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its kind.
    pub kind: PassageKind,
    /// Its name, as answers and records name it: `mfa`, `duty:D1`.
    pub id: String,
    /// Its title in Dutch.
    pub title: String,
    /// Who answers for it; empty where nobody is named.
    #[serde(skip)]
    pub owner: String,
    /// The day before which it must be reviewed again; only memos name one.
    #[serde(skip)]
    pub review_before: Option<Date>,
    /// The last day on which it is shown; nothing where it doesn't end.
    #[serde(skip)]
    pub last_day: Option<Date>,
}

/// What stands behind a passage and not in it: for whoever wants to know how far to rely on it, and where to read on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Background {
    /// The day of its last review, as the entry names it; empty where it names none, or its text does.
    pub reviewed_on: String,
    /// Memos to which the passage links.
    pub see_also: Vec<SeeAlso>,
}

/// A memo to which a passage links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeeAlso {
    /// Its name: `mfa`.
    pub id: String,
    /// Its title.
    pub title: String,
}

impl Entry {
    /// May it be found on this day?
    pub fn is_shown_on(&self, today: Date) -> bool {
        self.last_day.is_none_or(|last| last >= today)
    }
}

/// Is something due for review that should have been reviewed by the end of this day? On the day itself there is
/// still time.
pub fn is_due(by: Date, today: Date) -> bool {
    by < today
}

/// A memo that is due for review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMemo {
    /// Its title.
    pub title: String,
    /// The day by which it should have been reviewed.
    pub since: Date,
}

/// The memos of one owner that are due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueOfOwner {
    /// Who answers for them; empty where nobody is named.
    pub owner: String,
    /// The memos, the oldest first. Never empty.
    pub memos: Vec<DueMemo>,
}

/// What is due for review, so that it can be told in one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMemos {
    /// How many memos are due, named or not. Never 0.
    pub count: usize,
    /// The oldest of them by owner: whoever has the oldest first.
    pub named: Vec<DueOfOwner>,
}

impl DueMemos {
    /// How many are due and not named.
    pub fn more(&self) -> usize {
        let named = self.named.iter().map(|owner| owner.memos.len());
        self.count.saturating_sub(named.sum())
    }
}

/// The memos among these that are due on this day, of which the `most` oldest are named. Nothing where none is due.
pub fn due_memos(entries: &[Entry], today: Date, most: usize) -> Option<DueMemos> {
    let mut due: Vec<(Date, &Entry)> = entries
        .iter()
        .filter_map(|entry| Some((entry.review_before?, entry)))
        .filter(|(by, _)| is_due(*by, today))
        .collect();
    if due.is_empty() {
        return None;
    }
    due.sort_by(|(a, one), (b, other)| (a, &one.id).cmp(&(b, &other.id)));
    let mut named: Vec<DueOfOwner> = Vec::new();
    for (since, entry) in due.iter().take(most) {
        let memo = DueMemo {
            title: entry.title.clone(),
            since: *since,
        };
        let owner = entry.owner.trim();
        match named.iter_mut().find(|known| known.owner == owner) {
            Some(known) => known.memos.push(memo),
            None => named.push(DueOfOwner {
                owner: owner.to_owned(),
                memos: vec![memo],
            }),
        }
    }
    Some(DueMemos {
        count: due.len(),
        named,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memo(id: &str, owner: &str, before: &str) -> Entry {
        Entry {
            kind: PassageKind::Memo,
            id: id.to_owned(),
            title: id.to_uppercase(),
            owner: owner.to_owned(),
            review_before: before.parse().ok(),
            last_day: None,
        }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn told(due: &DueMemos) -> Vec<String> {
        let line = |owner: &DueOfOwner| {
            let memos = owner.memos.iter().map(|memo| memo.title.clone());
            format!("{}: {}", owner.owner, memos.collect::<Vec<_>>().join(" "))
        };
        due.named.iter().map(line).collect()
    }

    #[test]
    fn a_memo_is_due_on_the_day_after_its_limit() {
        let entries = [memo("mfa", "An", "2026-11-23"), memo("wifi", "An", "")];
        for (today, due) in [
            ("2026-11-22", false),
            ("2026-11-23", false),
            ("2026-11-24", true),
            ("2027-11-24", true),
        ] {
            assert_eq!(
                due_memos(&entries, day(today), 15).is_some(),
                due,
                "{today}"
            );
        }
        assert_eq!(due_memos(&[], day("2026-11-23"), 15), None);
    }

    #[test]
    fn they_stand_by_owner_the_oldest_first_and_many_are_counted() {
        let entries = [
            memo("mfa", "An", "2026-03-01"),
            memo("wifi", "Bart", "2026-01-01"),
            memo("siem", " An ", "2026-02-01"),
            memo("nis2", "", "2026-04-01"),
        ];
        let all = due_memos(&entries, day("2026-11-23"), 15).unwrap();
        assert_eq!(told(&all), ["Bart: WIFI", "An: SIEM MFA", ": NIS2"]);
        assert_eq!((all.count, all.more()), (4, 0));
        let two = due_memos(&entries, day("2026-11-23"), 2).unwrap();
        assert_eq!(told(&two), ["Bart: WIFI", "An: SIEM"]);
        assert_eq!((two.count, two.more()), (4, 2));
    }
}

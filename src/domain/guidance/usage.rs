//! What the knowledge did: which sections answered and how often, which duties were told, and which entries were never
//! found.
//!
//! Pure counting. From which records, and since when, is the application's business.

use crate::domain::duty::DutyId;
use crate::domain::guidance::entry::Entry;
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::ticket::event::GuidanceUsed;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A section that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// What kind of entry it is in: `memo`.
    pub kind: &'static str,
    /// The entry: `logging`.
    pub id: String,
    /// The heading; empty where it was told as a whole, as the clock of a duty is.
    pub section: String,
    /// In how many replies it stood.
    pub times: u64,
    /// When the last of them was written.
    pub last_at: Timestamp,
}

/// How much of one kind of entry was never found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NeverFound {
    /// The kind.
    pub kind: PassageKind,
    /// How many entries were never found.
    pub never: usize,
    /// How many there are.
    pub of: usize,
}

/// The count, as it grows.
#[derive(Debug, Default)]
pub struct Usage {
    answered: BTreeMap<(&'static str, String, String), (u64, Timestamp)>,
    found: BTreeSet<String>,
}

impl Usage {
    /// Search found this passage, as records name it: `id#section@version`.
    pub fn note_found(&mut self, passage: &str) {
        let id = passage.split('#').next().unwrap_or_default();
        if !self.found.contains(id) {
            self.found.insert(id.to_owned());
        }
    }

    /// A reply was made of these.
    pub fn note_reply(&mut self, used: &[GuidanceUsed], at: Timestamp) {
        for used in used {
            self.note_told(used.kind, used.id.clone(), used.section.clone(), at);
        }
    }

    /// A reply named the clocks of these duties.
    pub fn note_duties(&mut self, duties: &[DutyId], at: Timestamp) {
        for duty in duties {
            self.note_told(PassageKind::Duty, duty.entry_id(), String::new(), at);
        }
    }

    fn note_told(&mut self, kind: PassageKind, id: String, section: String, at: Timestamp) {
        self.note_found(&id);
        let key = (kind.as_str(), id, section);
        let (times, last_at) = self.answered.entry(key).or_insert((0, at));
        *times = times.saturating_add(1);
        *last_at = (*last_at).max(at);
    }

    /// What answered, the most often first.
    pub fn answered(&self) -> Vec<Answered> {
        let mut answered: Vec<Answered> = self
            .answered
            .iter()
            .map(|((kind, id, section), (times, last_at))| Answered {
                kind,
                id: id.clone(),
                section: section.clone(),
                times: *times,
                last_at: *last_at,
            })
            .collect();
        // Stable: what answered as often stays in the order of its name.
        answered.sort_by_key(|one| std::cmp::Reverse(one.times));
        answered
    }

    /// The entries that may be found on this day, and that neither a search found nor a reply used.
    pub fn never_found(&self, entries: &[Entry], today: Date) -> Vec<Entry> {
        entries
            .iter()
            .filter(|entry| entry.is_shown_on(today) && !self.found.contains(&entry.id))
            .cloned()
            .collect()
    }

    /// How many that is of each kind, in the order in which the kinds come.
    pub fn never_found_by_kind(&self, entries: &[Entry], today: Date) -> Vec<NeverFound> {
        let mut kinds: Vec<NeverFound> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.is_shown_on(today)) {
            let never = usize::from(!self.found.contains(&entry.id));
            match kinds.iter_mut().find(|known| known.kind == entry.kind) {
                Some(known) => {
                    known.never += never;
                    known.of += 1;
                }
                None => kinds.push(NeverFound {
                    kind: entry.kind,
                    never,
                    of: 1,
                }),
            }
        }
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(id: &str, section: &str) -> GuidanceUsed {
        GuidanceUsed {
            id: id.to_owned(),
            kind: PassageKind::Memo,
            section: section.to_owned(),
            version: "0".to_owned(),
            score: 1.0,
        }
    }

    fn entry(id: &str, last_day: &str) -> Entry {
        Entry {
            kind: PassageKind::Contract,
            id: id.to_owned(),
            title: String::new(),
            owner: String::new(),
            review_before: None,
            last_day: last_day.parse().ok(),
        }
    }

    #[test]
    fn sections_are_counted_and_what_was_found_is_not_missing() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut usage = Usage::default();
        usage.note_reply(&[used("mfa", "A")], at(5));
        usage.note_reply(&[used("wifi", "B"), used("mfa", "A")], at(3));
        usage.note_reply(&[used("mfa", "C")], at(4));
        usage.note_found("duty:D1#Wanneer#x@0f");
        let told: Vec<String> = usage
            .answered()
            .iter()
            .map(|one| {
                format!(
                    "{} {} {} {}",
                    one.id,
                    one.section,
                    one.times,
                    one.last_at.as_second()
                )
            })
            .collect();
        assert_eq!(told, ["mfa A 2 5", "mfa C 1 4", "wifi B 1 3"]);
        let entries = [
            entry("mfa", ""),
            entry("duty:D1", ""),
            entry("siem", ""),
            entry("contract:a", "2026-11-22"),
            entry("contract:b", "2026-11-23"),
        ];
        let never = usage.never_found(&entries, "2026-11-23".parse().unwrap());
        let never: Vec<&str> = never.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(never, ["siem", "contract:b"]);
    }

    #[test]
    fn a_duty_whose_clock_was_told_is_not_missing_and_the_rest_is_counted_by_kind() {
        let at = Timestamp::UNIX_EPOCH;
        let duty = |id: &str| DutyId(id.to_owned());
        let mut usage = Usage::default();
        usage.note_duties(&[duty("D1"), duty("D2")], at);
        usage.note_duties(&[duty("D1")], at);
        let of = |kind, id| Entry {
            kind,
            ..entry(id, "")
        };
        let entries = [
            of(PassageKind::Memo, "mfa"),
            of(PassageKind::Duty, "duty:D1"),
            of(PassageKind::Duty, "duty:D3"),
            entry("contract:a", "2026-11-22"),
        ];
        let today = "2026-11-23".parse().unwrap();
        let told = usage.answered();
        assert_eq!(
            (told[0].kind, &*told[0].id, &*told[0].section, told[0].times),
            ("duty", "duty:D1", "", 2)
        );
        let never: Vec<_> = usage
            .never_found_by_kind(&entries, today)
            .iter()
            .map(|kind| (kind.kind, kind.never, kind.of))
            .collect();
        assert_eq!(
            never,
            [(PassageKind::Memo, 1, 1), (PassageKind::Duty, 1, 2)],
            "what ended is none"
        );
    }
}

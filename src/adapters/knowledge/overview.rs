//! What there is, in one list: for whoever keeps the knowledge and for whoever searches it by eye.

use crate::adapters::knowledge::parts::Parts;
use crate::domain::guidance::entry::Entry;
use crate::domain::guidance::handbook::PassageKind;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Its kind.
    pub kind: PassageKind,
    /// Its name, as answers and records name it.
    pub id: String,
    /// Its title in Dutch.
    pub title: String,
    /// The day on which somebody last looked at it; empty for a playbook, whose version is its file.
    pub checked_on: String,
    /// Who answers for it; empty where nobody is named.
    pub owner: String,
    /// What its authors could not confirm.
    pub unconfirmed: Vec<String>,
    /// Is it kept, but no longer shown?
    pub ended: bool,
}

/// All entries: playbooks, memos, duties, obligations, contracts.
pub fn overview(parts: &Parts, today: Date) -> Vec<Item> {
    let playbooks = parts.playbooks.values().map(|playbook| Item {
        kind: PassageKind::Playbook,
        id: playbook.category.as_str().to_owned(),
        title: playbook.title.nl.clone(),
        ..Item::blank()
    });
    let memos = parts.memos.iter().map(|memo| Item {
        kind: PassageKind::Memo,
        id: memo.id.clone(),
        title: memo.title.clone(),
        checked_on: memo.reviewed_on.clone(),
        owner: memo.owner.clone(),
        unconfirmed: memo.unconfirmed.clone(),
        ended: false,
    });
    let duties = parts.duties.by_id.values().map(|duty| Item {
        kind: PassageKind::Duty,
        id: duty.id.entry_id(),
        title: duty.name.nl.clone(),
        checked_on: duty.checked_on.clone(),
        unconfirmed: Some(duty.disputed.clone())
            .filter(|disputed| !disputed.is_empty())
            .into_iter()
            .collect(),
        ..Item::blank()
    });
    let obligations = parts.inventory.iter().map(|row| Item {
        kind: PassageKind::Obligation,
        id: format!("obligation:{}", row.id()),
        title: row.occasion.clone(),
        checked_on: row.checked_on.clone(),
        unconfirmed: Some(row.doubt.clone())
            .filter(|doubt| !doubt.is_empty())
            .into_iter()
            .collect(),
        ended: row.is_a_duplicate(),
        ..Item::blank()
    });
    let contracts = parts.contracts.iter().map(|contract| Item {
        kind: PassageKind::Contract,
        id: contract.entry_id(),
        title: contract.name.clone(),
        checked_on: contract.checked_on.clone(),
        ended: contract.last_day().is_some_and(|day| day < today),
        ..Item::blank()
    });
    playbooks
        .chain(memos)
        .chain(duties)
        .chain(obligations)
        .chain(contracts)
        .collect()
}

/// The same for the service: without what is a copy of another entry, and with the days that it goes by.
pub fn entries(parts: &Parts) -> Vec<Entry> {
    let reviews: BTreeMap<&str, Option<Date>> = parts
        .memos
        .iter()
        .map(|memo| (memo.id.as_str(), memo.review_before.parse().ok()))
        .collect();
    let ends: BTreeMap<String, Option<Date>> = parts
        .contracts
        .iter()
        .map(|contract| (contract.entry_id(), contract.last_day()))
        .collect();
    // On the first of all days no contract has ended: what has is a copy.
    overview(parts, Date::MIN)
        .into_iter()
        .filter(|item| !item.ended)
        .map(|item| {
            let reviewed = Some(&item.id).filter(|_| item.kind == PassageKind::Memo);
            Entry {
                review_before: reviewed.and_then(|id| reviews.get(id.as_str()).copied().flatten()),
                last_day: ends.get(&item.id).copied().flatten(),
                kind: item.kind,
                id: item.id,
                title: item.title,
                owner: item.owner,
            }
        })
        .collect()
}

impl Item {
    fn blank() -> Self {
        Self {
            kind: PassageKind::Memo,
            id: String::new(),
            title: String::new(),
            checked_on: String::new(),
            owner: String::new(),
            unconfirmed: Vec::new(),
            ended: false,
        }
    }
}

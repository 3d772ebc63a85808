//! `contracts.toml`: framework contracts that local governments may be able to order from.
//!
//! Suppliers are never ranked: they are shown by name. One that ended is kept for lists and never found.

use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::keywords::Keywords;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::triage::category::closed_list;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Where the contracts stand.
pub const PATH: &str = "contracts.toml";

closed_list! {
    /// How a body gets to order from it.
    Access {
        /// Free for those it is open to.
        Free = "vrij",
        /// After accession.
        Accession = "aansluiting",
        /// After a decision of the council or college.
        Decision = "beslissing",
        /// Not known.
        Unknown = "onbekend",
    }
}

closed_list! {
    /// How well the entry is known.
    Known {
        /// A public source states it and it is recent.
        High = "high",
        /// A public source stated it once.
        Medium = "medium",
        /// Named in passing.
        Low = "low",
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileContracts {
    #[serde(default)]
    contract: Vec<toml::Spanned<Contract>>,
}

/// One framework contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Its name in answers and records.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Who concluded it.
    pub authority: String,
    /// Its reference; empty where there is none.
    #[serde(default)]
    pub reference: String,
    /// What its lots are about, as far as known.
    #[serde(default)]
    pub lots: Vec<String>,
    /// Its suppliers, where they were named.
    #[serde(default)]
    pub suppliers: Vec<String>,
    /// Kinds of body that it is open to.
    pub open_to: Vec<String>,
    /// How a body gets to order.
    pub access: Access,
    /// What can be had.
    pub services: Vec<String>,
    /// Does it state terms for an emergency?
    #[serde(default)]
    pub emergency: bool,
    /// Its first day.
    #[serde(default)]
    pub starts: Option<String>,
    /// Its last day; it isn't found after that.
    #[serde(default)]
    pub ends: Option<String>,
    /// How to order, in Dutch; empty where that is not known.
    #[serde(default)]
    pub ordering: String,
    /// Its page.
    #[serde(default)]
    pub url: String,
    /// How well it is known.
    pub certainty: Known,
    /// The day on which somebody last compared it with its source.
    pub checked_on: String,
    /// Where that was found, in Dutch.
    pub source: String,
    /// What it offers, in Dutch.
    pub summary: String,
    /// For editors, never shown.
    #[serde(default, rename = "note")]
    _note: String,
    /// Words by which it is found.
    #[serde(default)]
    pub keywords: Keywords,
    /// The line of the file on which it starts, counted from 1.
    #[serde(skip)]
    pub line: usize,
}

impl Contract {
    /// As answers and records name it.
    pub fn entry_id(&self) -> String {
        format!("contract:{}", self.id)
    }

    /// The last day, where one is known.
    pub fn last_day(&self) -> Option<Date> {
        self.ends.as_deref()?.parse().ok()
    }
}

/// Reads the contracts.
///
/// # Errors
/// Every entry that isn't in order.
pub fn load(text: &str) -> Result<Vec<Contract>, Vec<Trouble>> {
    let listed: FileContracts = front_matter::read(PATH, text, 1)?;
    let mut seen = BTreeSet::new();
    let mut contracts = Vec::new();
    let mut troubles = Vec::new();
    for entry in listed.contract {
        let line = front_matter::line_at(text, entry.span().start);
        let mut contract = entry.into_inner();
        contract.line = line;
        contract.suppliers.sort_by_key(|name| name.to_lowercase());
        let dates = [
            ("starts", contract.starts.as_deref()),
            ("ends", contract.ends.as_deref()),
            ("checked_on", Some(contract.checked_on.as_str())),
        ];
        for (key, date) in dates {
            if date.is_some_and(|date| date.parse::<Date>().is_err()) {
                troubles.push(Trouble::at(
                    PATH,
                    line,
                    format!(
                        "{key} of \"{}\" is no date; write it as \"2026-11-26\"",
                        contract.id
                    ),
                ));
            }
        }
        if !seen.insert(contract.id.clone()) {
            troubles.push(Trouble::at(
                PATH,
                line,
                format!(
                    "the contract \"{}\" is there twice; give one of them another id",
                    contract.id
                ),
            ));
        }
        contracts.push(contract);
    }
    if troubles.is_empty() {
        Ok(contracts)
    } else {
        Err(troubles)
    }
}

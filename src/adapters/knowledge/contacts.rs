//! `contacts.toml`: every phone number and address, with the day it was checked.

use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::guidance::contacts::{Contact, Contacts, LONGEST_NAME, name_at_start};
use crate::domain::guidance::playbook::Wording;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where the contacts stand.
pub const PATH: &str = "contacts.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileContact {
    nl: String,
    fr: String,
    en: String,
    checked_on: String,
    #[serde(default, rename = "source")]
    _source: String,
    #[serde(default, rename = "note")]
    _note: String,
}

/// Reads the contacts, and adds the organisation's own number and address.
///
/// # Errors
/// Where the file isn't in order.
pub fn load(text: &str, organisation: &OrganisationWords) -> Result<Contacts, Trouble> {
    let listed: BTreeMap<String, FileContact> = front_matter::read(PATH, text, 1)?;
    let mut contacts = Contacts::default();
    for (id, contact) in listed {
        if id.len() > LONGEST_NAME {
            let what = format!("[{id}] is too long a name; write at most {LONGEST_NAME} letters");
            return Err(Trouble::of_file(PATH, what));
        }
        if contact.checked_on.parse::<jiff::civil::Date>().is_err() {
            let head = format!("[{id}]");
            let line = text.lines().position(|line| line.trim() == head);
            return Err(Trouble::at(
                PATH,
                line.map_or(1, |before| before + 1),
                format!("[{id}] has no proper checked_on; write it as \"2026-11-01\""),
            ));
        }
        contacts.0.insert(
            id.clone(),
            Contact {
                id,
                text: Wording {
                    nl: contact.nl,
                    fr: contact.fr,
                    en: contact.en,
                },
                checked_on: contact.checked_on,
            },
        );
    }
    for (id, text) in organisation.contacts() {
        contacts.0.insert(
            id.to_owned(),
            Contact {
                id: id.to_owned(),
                text,
                checked_on: String::new(),
            },
        );
    }
    Ok(contacts)
}

/// Checks that every contact named in a text exists; the text starts at this line of its file.
///
/// # Errors
/// One mistake for each name that isn't there.
pub fn check(path: &str, text: &str, first_line: usize, contacts: &Contacts) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    for (count, line) in text.lines().enumerate() {
        // The head of a TOML table looks like a name.
        let bare = line.trim();
        if bare.starts_with("[[") && bare.ends_with("]]") {
            continue;
        }
        let names = line
            .split("[[")
            .skip(1)
            .filter_map(name_at_start)
            .map(|(name, _)| name);
        for name in names.filter(|name| !contacts.0.contains_key(*name)) {
            troubles.push(Trouble::at(
                path,
                first_line + count,
                format!("there is no contact \"{name}\"; add it to {PATH} or correct the name"),
            ));
        }
    }
    troubles
}

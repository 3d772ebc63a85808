//! What an entry of a list must hold so that it is an answer: who, which article, since when somebody checked it.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::inventory::Quality;
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::trouble::{TAKE_OVER, Trouble, line_of};
use crate::adapters::knowledge::{contacts, contracts, duties, inventory};
use crate::domain::triage::language::Language;
use jiff::civil::Date;

/// Most characters of a legal clock: it stands in a reply as one line.
const LONGEST_CLOCK: usize = 150;

/// Every entry that isn't an answer yet.
pub(super) fn check(files: &Files, parts: &Parts) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    check_duties(parts, &mut troubles);
    check_inventory(files, parts, &mut troubles);
    check_contracts(parts, &mut troubles);
    check_contacts(files, parts, &mut troubles);
    for (path, what) in [
        (inventory::PATH, "the reporting obligations"),
        (contracts::PATH, "the framework contracts"),
    ] {
        if !files.contains_key(path) {
            troubles.push(Trouble::of_file(
                path,
                format!("the file is missing, so nobody finds {what}; {TAKE_OVER}"),
            ));
        }
    }
    troubles
}

fn check_duties(parts: &Parts, troubles: &mut Vec<Trouble>) {
    for (id, duty) in &parts.duties.by_id {
        let line = parts.duties.lines.get(id).copied().unwrap_or(1);
        let mut wrong = |what: String| troubles.push(Trouble::at(duties::PATH, line, what));
        let texts = [
            ("name_nl", duty.name.nl.is_empty()),
            ("name_fr", duty.name.fr.is_empty()),
            ("name_en", duty.name.en.is_empty()),
            ("article", duty.article.is_empty()),
            ("trigger", duty.trigger.is_empty()),
            ("addressee", duty.addressees.is_empty()),
        ];
        for (key, _) in texts.into_iter().filter(|(_, is_missing)| *is_missing) {
            wrong(format!(
                "{key} of {id} is empty; an answer about a duty needs it"
            ));
        }
        for language in [Language::Nl, Language::Fr, Language::En] {
            let length = duty.clock.in_language(language).chars().count();
            if length > LONGEST_CLOCK {
                wrong(format!(
                    "the clock of {id} in {language} has {length} characters; write at most {LONGEST_CLOCK}"
                ));
            }
        }
        if duty.checked_on.parse::<Date>().is_err() {
            wrong(format!(
                "checked_on of {id} is no date; write it as \"2026-11-26\""
            ));
        }
        let keywords = parts.duties.keywords.get(id).cloned().unwrap_or_default();
        for language in [Language::Nl, Language::Fr, Language::En] {
            if keywords.of(language).is_empty() {
                wrong(format!(
                    "{id} has no keywords in {language}; without them nobody finds it"
                ));
            }
        }
        for url in duty.urls.iter().filter(|url| !url.starts_with("https://")) {
            wrong(format!(
                "the address {url} of {id} doesn't begin with https://; write it whole"
            ));
        }
    }
}

fn check_inventory(files: &Files, parts: &Parts, troubles: &mut Vec<Trouble>) {
    for row in &parts.inventory {
        let mut wrong = |what: String| troubles.push(Trouble::at(inventory::PATH, row.line, what));
        if matches!(row.quality, Quality::Doubtful | Quality::Duplicate) && row.doubt.is_empty() {
            wrong(
                "twijfel is empty; say what is in doubt, because the answer repeats it".to_owned(),
            );
        }
        if row.addressees.is_empty() {
            wrong("ontvangers is empty; name who must get it".to_owned());
        }
        for (column, day) in [
            ("gecontroleerd_op", row.checked_on.as_str()),
            ("geldig_van", row.valid_from.as_str()),
            ("geldig_tot", row.valid_until.as_str()),
        ] {
            let may_be_empty = column != "gecontroleerd_op";
            if day.parse::<Date>().is_err() && !(day.is_empty() && may_be_empty) {
                wrong(format!("{column} is no date; write it as 2026-11-26"));
            }
        }
        if !row.url.is_empty() && !row.url.starts_with("https://") {
            wrong("url doesn't begin with https://; write the address whole".to_owned());
        }
    }
    let text = files.get(inventory::PATH).map_or("", String::as_str);
    if !text.is_empty() && text.lines().skip(1).all(|line| line.trim().is_empty()) {
        troubles.push(Trouble::at(
            inventory::PATH,
            1,
            "the inventory has no rows; write one",
        ));
    }
}

fn check_contracts(parts: &Parts, troubles: &mut Vec<Trouble>) {
    for contract in &parts.contracts {
        let mut wrong = |what: String| {
            troubles.push(Trouble::at(contracts::PATH, contract.line, what));
        };
        let id = &contract.id;
        if contract.source.is_empty() {
            wrong(format!(
                "source of \"{id}\" is empty; say where this was found"
            ));
        }
        if contract.open_to.is_empty() {
            wrong(format!("open_to of \"{id}\" is empty; name who may order"));
        }
        for language in [Language::Nl, Language::Fr, Language::En] {
            if contract.keywords.of(language).is_empty() {
                wrong(format!(
                    "\"{id}\" has no keywords in {language}; without them nobody finds it"
                ));
            }
        }
        if let (Some(starts), Some(ends)) = (&contract.starts, &contract.ends)
            && ends < starts
        {
            wrong(format!(
                "\"{id}\" ends before it starts; correct one of the two"
            ));
        }
    }
}

/// A contact is put into a sentence as it stands: a name may begin with a capital, an article may not.
fn check_contacts(files: &Files, parts: &Parts, troubles: &mut Vec<Trouble>) {
    for contact in parts.contacts.0.values() {
        // The organisation's own stand in its settings.
        let line = line_of(files, contacts::PATH, &format!("[{}]", contact.id));
        let first = contact.text.nl.split_whitespace().next();
        let is_article = first.is_some_and(|first| ["De", "Het", "Een", "Uw"].contains(&first));
        if line > 0 && is_article {
            let id = &contact.id;
            let what = format!("{id} begins with a capital; write it as it stands in a sentence");
            troubles.push(Trouble::at(contacts::PATH, line, what));
        }
    }
}

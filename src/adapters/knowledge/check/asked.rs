//! What people ask stands beside something that answers it: a heading that was changed, or an entry that is gone, leaves
//! questions that nobody finds an answer by.

use crate::adapters::knowledge::contracts::Contract;
use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::markdown::Section;
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::search::asked::{Asked, LISTS, MEMOS, PLAYBOOKS};
use crate::adapters::knowledge::trouble::{LOST_LETTER, Trouble, line_of};
use crate::domain::duty::DutyId;
use std::collections::BTreeSet;

/// Every table of questions that nothing answers.
pub(super) fn check(files: &Files, parts: &Parts, asked: &Asked) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    for (id, questions) in &asked.memos {
        let path = format!("{MEMOS}{id}.toml");
        let Some(memo) = parts.memos.iter().find(|memo| memo.id == *id) else {
            troubles.push(Trouble::of_file(
                &path,
                format!("there is no memo {id}; name the file after one, or remove it"),
            ));
            continue;
        };
        // With letters that were lost a heading is another one: that is told, and this would have a right file changed.
        let is_damaged = |section: &Section| section.heading.contains(LOST_LETTER);
        if memo.sections.iter().any(is_damaged) {
            continue;
        }
        let is_heading = |heading: &&String| {
            let mut sections = memo.sections.iter();
            sections.any(|section| memo.heading_of(section) == **heading)
        };
        for heading in questions.keys().filter(|heading| !is_heading(heading)) {
            troubles.push(Trouble::at(
                &path,
                line_of(files, &path, heading),
                format!("the memo {id} has no heading \"{heading}\"; write one that it has"),
            ));
        }
    }
    let known = ids(parts);
    for id in asked.entries.keys().filter(|id| !known.contains(*id)) {
        let path = if id.contains(':') { LISTS } else { PLAYBOOKS };
        troubles.push(Trouble::at(
            path,
            line_of(files, path, id),
            format!("there is no {id}; write the id of an entry, as `knowledge list` shows it"),
        ));
    }
    troubles
}

/// Everything that is asked for by an id.
fn ids(parts: &Parts) -> BTreeSet<String> {
    let playbooks = parts.playbooks.keys().map(ToString::to_string);
    let duties = parts.duties.by_id.keys().map(DutyId::entry_id);
    let obligations = parts
        .inventory
        .iter()
        .map(|row| format!("obligation:{}", row.id()));
    let contracts = parts.contracts.iter().map(Contract::entry_id);
    playbooks
        .chain(duties)
        .chain(obligations)
        .chain(contracts)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::files;
    use crate::adapters::knowledge::search::search_words::SearchWords;
    use crate::adapters::knowledge::shipped::organisation;

    #[test]
    fn a_heading_that_lost_letters_blames_no_other_file() {
        let mut files = files::embedded();
        files.retain(|path, _| !path.starts_with("search/") || path == "search/memos/wifi.toml");
        let memo = files.get_mut("memos/wifi.md").unwrap();
        let told = |files: &Files| {
            let mut troubles = Vec::new();
            let parts = Parts::read(files, &organisation(), &mut troubles);
            let words = SearchWords::read(files, &mut troubles);
            assert_eq!(troubles, Vec::new());
            check(files, &parts, &words.asked).len()
        };
        *memo = memo.replace("waarom één gedeeld", "waarom een gedeeld");
        assert_eq!(told(&files), 1);
        let memo = files.get_mut("memos/wifi.md").unwrap();
        *memo = memo.replace("waarom een gedeeld", "waarom \u{fffd}\u{fffd}n gedeeld");
        assert_eq!(told(&files), 0);
    }
}

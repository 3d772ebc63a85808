//! Sections of memos that nobody finds: whoever asks for one with the words of its heading, with the title or without, gets
//! something else or nothing. How well it is found by other words isn't said here, and pages of a wiki have headings of their own
//! kind ("Inleiding"): they are left out.

use crate::adapters::knowledge::base::KnowledgeBase;
use crate::adapters::knowledge::parts::MEMOS;
use crate::adapters::knowledge::search::asked;
use crate::adapters::knowledge::trouble::Trouble;
use crate::app::ports::knowledge::{KnowledgeError, Sought};
use crate::domain::guidance::handbook::Passage;
use crate::domain::triage::language::Language;
use jiff::civil::Date;

/// Passages that are looked through: more than the search weighs.
const LOOKED_THROUGH: usize = 100;

/// Every section that isn't found by its own heading, with the title of its memo or without.
///
/// # Errors
/// Where the search doesn't work.
pub(super) fn check(base: &KnowledgeBase) -> Result<Vec<Trouble>, KnowledgeError> {
    let index = base.index()?;
    let mut troubles = Vec::new();
    for memo in base.memos().iter().filter(|memo| memo.imported.is_none()) {
        let path = format!("{MEMOS}{}.md", memo.id);
        for section in &memo.sections {
            let heading = memo.heading_of(section);
            let with_title = format!("{}: {heading}", memo.title);
            // Word for word it would be found as a line. Said twice it is asked as anybody asks, in its own words.
            let twice = format!("{heading} {heading}");
            // A heading may say little without the title, and with it find all sections of the memo.
            let (alone, both) = (sought(&twice), sought(&with_title));
            let found = index.search(&both)?;
            let is_it = |passage: &Passage| passage.id == memo.id && passage.section == heading;
            if found.iter().any(is_it) || index.search(&alone)?.iter().any(is_it) {
                continue;
            }
            let what = told(&memo.id, index.theme_as_near(&both)?);
            troubles.push(Trouble::at(&path, section.line, what));
        }
    }
    Ok(troubles)
}

fn sought(words: &str) -> Sought<'_> {
    Sought {
        words,
        language: Language::Nl,
        // What ends one day hides nothing.
        on: Date::MAX,
        only: None,
        limit: LOOKED_THROUGH,
    }
}

fn told(memo: &str, theme: Option<&str>) -> String {
    let write = format!("write what people ask of it in {}{memo}.toml", asked::MEMOS);
    let remedy = match theme {
        Some(theme) => format!(
            "\"{theme}\" in {} is about as near: take out there what this section answers, or {write}",
            asked::ELSEWHERE
        ),
        None => write,
    };
    format!("who asks for this section with the words of its heading does not find it; {remedy}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::files;
    use crate::adapters::knowledge::shipped::{knowledge, organisation};

    #[test]
    fn every_shipped_section_is_found_by_its_heading() {
        assert_eq!(check(knowledge()).unwrap(), Vec::new());
    }

    #[test]
    fn a_section_that_a_theme_of_elsewhere_hides_is_told_with_that_theme() {
        let mut files = files::embedded();
        files.retain(|path, _| !path.starts_with("memos/") || path == "memos/wifi.md");
        files.retain(|path, _| !path.starts_with("search/"));
        let memo = "memos/parkeren.md";
        let wifi = files.get("memos/wifi.md").unwrap();
        let (front, _) = wifi.split_once("\n## ").unwrap();
        let front = front.replace("Wifi", "Parkeren");
        let section =
            "## Een kaart voor bewoners\nVraag ze aan het loket, met uw identiteitskaart.\n";
        files.insert(memo.to_owned(), format!("{front}\n{section}"));
        files.insert(
            asked::ELSEWHERE.to_owned(),
            "[parkeren]\nnl = [\"een kaart voor bewoners om te parkeren\", \"kaart voor bewoners, parkeren\"]\n".to_owned(),
        );
        let base = KnowledgeBase::from_files(&files, organisation()).unwrap();
        let told = check(&base).unwrap();
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}

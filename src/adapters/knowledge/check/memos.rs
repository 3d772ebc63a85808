//! What a memo must be: dated, owned, found in three languages, long enough to help and short enough to be read.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::markdown::Section;
use crate::adapters::knowledge::memo::{Memo, SOURCES};
use crate::adapters::knowledge::parts::{MEMOS, Parts};
use crate::adapters::knowledge::trouble::{Trouble, line_of};
use crate::domain::triage::language::Language;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Fewest words of a memo, sources included.
const FEWEST_WORDS: usize = 300;
/// Most words of a memo, sources included.
const MOST_WORDS: usize = 900;
/// Most words of a section: it is shown alone, as an answer.
const MOST_WORDS_OF_A_SECTION: usize = 180;
/// Fewest words of a section: fewer are no answer.
const FEWEST_WORDS_OF_A_SECTION: usize = 20;
/// Fewest keywords per language.
const FEWEST_KEYWORDS: usize = 5;

/// Every memo that isn't one yet.
pub(super) fn check(files: &Files, parts: &Parts) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let mut headings: BTreeMap<String, &str> = BTreeMap::new();
    for memo in &parts.memos {
        let file = File::of(files, memo);
        if let Some(imported) = &memo.imported {
            // The wiki has other rules, and a page of it is of use all the same: one line says what it lacks.
            troubles.extend(file.of_a_page(&imported.from));
            continue;
        }
        file.front(&mut troubles);
        file.body(&mut troubles);
        for section in memo
            .sections
            .iter()
            .filter(|section| !section.heading.is_empty())
        {
            let key = section.heading.to_lowercase();
            if let Some(other) = headings.insert(key, &memo.id) {
                troubles.push(Trouble::at(
                    &file.path,
                    section.line,
                    format!(
                        "the memo {other} has the heading \"{}\" too; name the subject in it, so that a reader knows which is which",
                        section.heading
                    ),
                ));
            }
        }
    }
    troubles
}

struct File<'a> {
    path: String,
    files: &'a Files,
    memo: &'a Memo,
}

impl<'a> File<'a> {
    fn of(files: &'a Files, memo: &'a Memo) -> Self {
        Self {
            path: format!("{MEMOS}{}.md", memo.id),
            files,
            memo,
        }
    }

    fn line(&self, wanted: &str) -> usize {
        line_of(self.files, &self.path, wanted).max(1)
    }

    fn front(&self, troubles: &mut Vec<Trouble>) {
        let memo = self.memo;
        let mut wrong = |wanted: &str, what: String| {
            troubles.push(Trouble::at(&self.path, self.line(wanted), what));
        };
        for (key, value) in [
            ("title", &memo.title),
            ("version", &memo.edition),
            ("owner", &memo.owner),
        ] {
            if value.trim().is_empty() {
                wrong(key, format!("{key} is empty; fill it in"));
            }
        }
        let days = [
            ("reviewed_on", &memo.reviewed_on),
            ("review_before", &memo.review_before),
        ];
        let mut read = Vec::new();
        for (key, value) in days {
            match value.parse::<Date>() {
                Ok(day) => read.push(day),
                Err(_) => wrong(key, format!("{key} is no date; write it as \"2026-11-26\"")),
            }
        }
        if let [reviewed, before] = read.as_slice()
            && before <= reviewed
        {
            wrong(
                "review_before",
                "review_before lies before reviewed_on; name the day of the next review".to_owned(),
            );
        }
        for language in [Language::Nl, Language::Fr, Language::En] {
            let words = memo.keywords.of(language).len();
            if words < FEWEST_KEYWORDS {
                wrong(
                    &format!("{language} ="),
                    format!(
                        "{words} keywords in {language}; write at least {FEWEST_KEYWORDS}, as people ask for it"
                    ),
                );
            }
        }
    }

    fn body(&self, troubles: &mut Vec<Trouble>) {
        let memo = self.memo;
        let first = memo.sections.first().map_or(1, |section| section.line);
        let all: usize = memo.sections.iter().map(words_of).sum();
        let all = all + count(&memo.sources);
        if !(FEWEST_WORDS..=MOST_WORDS).contains(&all) {
            troubles.push(Trouble::at(
                &self.path,
                first,
                format!("the memo has {all} words; write {FEWEST_WORDS} to {MOST_WORDS}"),
            ));
        }
        let last = self.text().lines().rfind(|line| line.starts_with("## "));
        let is_last = last
            .and_then(|line| line.strip_prefix("## "))
            .map(str::trim)
            == Some(SOURCES);
        if memo.sources.is_empty() || !is_last {
            troubles.push(Trouble::at(
                &self.path,
                self.text().lines().count().max(1),
                format!(
                    "the memo doesn't end with its sources; end it with ## {SOURCES} and a list"
                ),
            ));
        }
        for section in &memo.sections {
            let words = words_of(section);
            let bounds = FEWEST_WORDS_OF_A_SECTION..=MOST_WORDS_OF_A_SECTION;
            if section.heading.is_empty() {
                troubles.push(Trouble::at(
                    &self.path,
                    section.line,
                    "text stands before the first heading; put it under a ## heading, because each section is shown alone",
                ));
            } else if !bounds.contains(&words) {
                troubles.push(Trouble::at(
                    &self.path,
                    section.line,
                    format!(
                        "the section \"{}\" has {words} words; write {} to {}, because it is shown alone",
                        section.heading,
                        bounds.start(),
                        bounds.end()
                    ),
                ));
            }
        }
    }

    /// What a page that was brought in lacks to be a memo of the house.
    fn of_a_page(&self, from: &str) -> Option<Trouble> {
        let memo = self.memo;
        let few = |language: &Language| memo.keywords.of(*language).len() < FEWEST_KEYWORDS;
        let words: usize = memo.sections.iter().map(words_of).sum();
        let words = words + count(&memo.sources);
        let bounds = FEWEST_WORDS_OF_A_SECTION..=MOST_WORDS_OF_A_SECTION;
        let odd = |section: &&Section| !bounds.contains(&words_of(section));
        let odd = memo.sections.iter().filter(odd).count();
        let mut lacks = Vec::new();
        if [Language::Nl, Language::Fr, Language::En].iter().any(few) {
            lacks.push(format!("{FEWEST_KEYWORDS} keywords in each language"));
        }
        for (key, day) in [
            ("reviewed_on", &memo.reviewed_on),
            ("review_before", &memo.review_before),
        ] {
            if day.parse::<Date>().is_err() {
                lacks.push(key.to_owned());
            }
        }
        if memo.sources.is_empty() {
            lacks.push(format!("## {SOURCES}"));
        }
        if !(FEWEST_WORDS..=MOST_WORDS).contains(&words) {
            lacks.push(format!(
                "{FEWEST_WORDS} to {MOST_WORDS} words (it has {words})"
            ));
        }
        if odd > 0 {
            lacks.push(format!(
                "sections of {} to {} words ({odd} are not)",
                bounds.start(),
                bounds.end()
            ));
        }
        let what = format!(
            "this page came in from {from} and isn't a memo of the house yet; give it {}",
            lacks.join(", ")
        );
        (!lacks.is_empty()).then(|| Trouble::at(&self.path, self.line("[imported]"), what))
    }

    fn text(&self) -> &str {
        self.files.get(&self.path).map_or("", String::as_str)
    }
}

fn words_of(section: &Section) -> usize {
    count(&section.heading) + count(&section.text)
}

fn count(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}

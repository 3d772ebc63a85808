//! Two memos don't say the same in the same words: a sentence that stands in both is filler, or belongs in one.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::parts::{MEMOS, Parts};
use crate::adapters::knowledge::trouble::{Trouble, line_of};
use std::collections::BTreeMap;

/// Shorter sentences may well be the same ("Vraag het uw leverancier.").
const FEWEST_WORDS: usize = 6;

/// Every sentence that an earlier memo has too.
pub(super) fn check(files: &Files, parts: &Parts) -> Vec<Trouble> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut troubles = Vec::new();
    for memo in &parts.memos {
        let path = format!("{MEMOS}{}.md", memo.id);
        for sentence in memo
            .sections
            .iter()
            .flat_map(|section| sentences(&section.text))
        {
            let known = seen.entry(key(sentence)).or_insert(&memo.id);
            if *known != memo.id {
                let beginning: Vec<&str> = sentence.split_whitespace().take(3).collect();
                let line = line_of(files, &path, &beginning.join(" ")).max(1);
                troubles.push(Trouble::at(
                    &path,
                    line,
                    format!("the memo {known} has this sentence too: \"{sentence}\"; say it in one of them, and link"),
                ));
            }
        }
    }
    troubles
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .flat_map(|line| line.split_inclusive(['.', '!', '?']))
        .map(|sentence| sentence.trim().trim_start_matches("- "))
        .filter(|sentence| sentence.split_whitespace().count() >= FEWEST_WORDS)
}

fn key(sentence: &str) -> String {
    let words = sentence.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

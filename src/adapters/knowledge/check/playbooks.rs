//! What a playbook must be: short lines, a checklist for each of the five tracks, questions that fill a fact once.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::parts::{PLAYBOOKS, Parts};
use crate::adapters::knowledge::trouble::{Trouble, line_of};
use crate::domain::guidance::playbook::{Block, Playbook};
use crate::domain::triage::language::Language;
use std::collections::{BTreeMap, BTreeSet};

/// The tracks along which a case is worked, as the files name them.
const TRACKS: [&str; 5] = [
    "technical",
    "legal",
    "communication",
    "organisational",
    "contractual",
];
/// Most characters of a line: it is read on a telephone, by somebody who is frightened.
const LONGEST_LINE: usize = 150;
/// Most words of a sentence.
const LONGEST_SENTENCE: usize = 28;

/// Every playbook that isn't one yet.
pub(super) fn check(files: &Files, parts: &Parts) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    for playbook in parts.playbooks.values() {
        let file = File {
            path: format!("{PLAYBOOKS}{}.md", playbook.category),
            files,
            playbook,
        };
        file.tracks(&mut troubles);
        file.questions(&mut troubles);
        file.lines(&mut troubles);
    }
    troubles
}

struct File<'a> {
    path: String,
    files: &'a Files,
    playbook: &'a Playbook,
}

impl File<'_> {
    fn wrong(&self, wanted: &str, what: impl Into<String>) -> Trouble {
        let line = line_of(self.files, &self.path, wanted).max(1);
        Trouble::at(&self.path, line, what)
    }

    fn tracks(&self, troubles: &mut Vec<Trouble>) {
        let tracks = &self.playbook.tracks;
        for name in tracks
            .keys()
            .filter(|name| !TRACKS.contains(&name.as_str()))
        {
            let known = TRACKS.join(", ");
            troubles.push(self.wrong(
                name,
                format!("\"{name}\" is no track; the five are {known}"),
            ));
        }
        for name in TRACKS {
            if tracks.get(name).is_none_or(Vec::is_empty) {
                troubles.push(self.wrong(
                    "[tracks]",
                    format!("the track {name} has no checklist; write what its people do first"),
                ));
            }
        }
    }

    fn questions(&self, troubles: &mut Vec<Trouble>) {
        let mut ids = BTreeSet::new();
        for question in &self.playbook.questions {
            let id = format!("id = \"{}\"", question.id);
            if !ids.insert(question.id.as_str()) {
                troubles.push(self.wrong(
                    &id,
                    format!(
                        "two questions are called \"{}\"; name them apart",
                        question.id
                    ),
                ));
            }
            for text in [&question.text.nl, &question.text.fr, &question.text.en] {
                if !text.trim_end().ends_with('?') {
                    troubles.push(self.wrong(
                        text,
                        format!(
                            "the question \"{}\" doesn't end with a question mark; ask one thing",
                            question.id
                        ),
                    ));
                }
            }
        }
    }

    fn lines(&self, troubles: &mut Vec<Trouble>) {
        for language in [Language::Nl, Language::Fr, Language::En] {
            let mut seen: BTreeMap<&str, Block> = BTreeMap::new();
            for block in Block::ALL {
                for item in self.playbook.block(language, block) {
                    let text = item.text.as_str();
                    let length = text.chars().count();
                    if length > LONGEST_LINE {
                        troubles.push(self.wrong(
                            text,
                            format!("the line has {length} characters; write at most {LONGEST_LINE}, or make two lines of it"),
                        ));
                    }
                    let sentences = text.split(['.', '?', '!', ':', ';']);
                    let longest = sentences.map(|one| one.split_whitespace().count()).max();
                    if longest.is_some_and(|words| words > LONGEST_SENTENCE) {
                        troubles.push(self.wrong(
                            text,
                            format!(
                                "a sentence has more than {LONGEST_SENTENCE} words; cut it in two"
                            ),
                        ));
                    }
                    if let Some(other) = seen.insert(text, block)
                        && other != block
                    {
                        troubles.push(self.wrong(
                            text,
                            format!(
                                "the same line stands under {} too; leave one out",
                                other.heading(language)
                            ),
                        ));
                    }
                }
            }
        }
    }
}

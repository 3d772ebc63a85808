//! A playbook's file: front matter with rules, and the lines in three languages below it.

use crate::adapters::knowledge::archive;
use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::guidance::playbook::{Block, DutyTrigger, Item, Playbook, Question, Wording};
use crate::domain::triage::category::{Category, Severity};
use crate::domain::triage::condition::Condition;
use crate::domain::triage::facts::FactKey;
use crate::domain::triage::language::Language;
use crate::domain::triage::severity::{SeverityRule, SeverityRules};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    rsit: Vec<String>,
    #[serde(default)]
    duties: Vec<DutyTrigger>,
    title: Wording,
    line: Wording,
    severity: FrontSeverity,
    #[serde(default)]
    questions: Vec<FrontQuestion>,
    #[serde(default)]
    tracks: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontSeverity {
    default: Severity,
    #[serde(default)]
    rules: Vec<SeverityRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontQuestion {
    id: String,
    fact: FactKey,
    nl: String,
    fr: String,
    en: String,
}

/// A line with the place where it stands.
struct PlacedItem {
    item: Item,
    line: usize,
}

type Blocks = BTreeMap<(Language, Block), Vec<PlacedItem>>;

/// Reads a playbook.
///
/// # Errors
/// Every mistake in the file.
pub fn load(path: &str, category: Category, text: &str) -> Result<Playbook, Vec<Trouble>> {
    let parts = front_matter::split(path, text)?;
    let front: Front = front_matter::read(path, parts.front, 2)?;
    let mut troubles = Vec::new();
    let blocks = read_blocks(path, parts.body, parts.body_line, &mut troubles);
    if troubles.is_empty() {
        check_blocks(path, &blocks, &mut troubles);
    }
    if !troubles.is_empty() {
        return Err(troubles);
    }
    let items = blocks
        .into_iter()
        .map(|(key, items)| (key, items.into_iter().map(|placed| placed.item).collect()))
        .collect();
    Ok(Playbook {
        category,
        version: archive::version_of(text),
        title: front.title,
        line: front.line,
        rsit: front.rsit,
        severity: SeverityRules {
            default: front.severity.default,
            rules: front.severity.rules,
        },
        questions: front.questions.into_iter().map(question).collect(),
        duties: front.duties,
        tracks: front.tracks,
        items,
    })
}

fn question(front: FrontQuestion) -> Question {
    Question {
        id: front.id,
        fact: front.fact,
        text: Wording {
            nl: front.nl,
            fr: front.fr,
            en: front.en,
        },
    }
}

fn read_blocks(path: &str, body: &str, first_line: usize, troubles: &mut Vec<Trouble>) -> Blocks {
    let mut blocks = Blocks::new();
    let mut language = None;
    let mut block = None;
    // Is it told already why nothing here can be read?
    let mut is_told = false;
    for (count, line) in body.lines().enumerate() {
        let at = first_line + count;
        let mut wrong = |what: &str| troubles.push(Trouble::at(path, at, what));
        if line.trim().is_empty() {
            continue;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            block = language.and_then(|language| block_named(heading.trim(), language));
            // Under a language that isn't known, nothing can be.
            if block.is_none() && !(language.is_none() && is_told) {
                wrong(
                    "this heading is not known here; under # nl write ## Nu doen, ## Niet doen, ## Bewaren or ## Verwittigen, and their translations under # fr and # en",
                );
            }
            is_told = block.is_none();
        } else if let Some(name) = line.strip_prefix("# ") {
            language = Language::OF_REPLIES
                .into_iter()
                .find(|language| language.as_str() == name.trim());
            block = None;
            is_told = language.is_none();
            if language.is_none() {
                wrong("this language is not known; write # nl, # fr or # en");
            }
        } else if let (Some(language), Some(block)) = (language, block) {
            let items = blocks.entry((language, block)).or_default();
            match read_line(line, at, items) {
                Ok(()) => {}
                Err(what) => wrong(&what),
            }
        } else if !is_told {
            wrong("this line stands under no known heading; put it under one as a list item");
        }
    }
    blocks
}

fn block_named(heading: &str, language: Language) -> Option<Block> {
    Block::ALL
        .into_iter()
        .find(|block| block.heading(language) == heading)
}

/// Takes a list item, or the continuation of the one before it.
fn read_line(line: &str, at: usize, items: &mut Vec<PlacedItem>) -> Result<(), String> {
    let Some(text) = line.strip_prefix("- ") else {
        let last = items.last_mut().filter(|_| line.starts_with("  "));
        let last = last.ok_or("write every line as a list item that starts with \"- \"")?;
        last.item.text.push(' ');
        last.item.text.push_str(line.trim());
        return Ok(());
    };
    let (when, text) = match text.trim().strip_prefix("{if ") {
        None => (None, text.trim()),
        Some(rest) => {
            let (condition, text) = rest
                .split_once('}')
                .ok_or("the condition has no end; write {if fact} and then the line")?;
            let condition = Condition::parse(condition).map_err(|error| error.to_string())?;
            (Some(condition), text.trim())
        }
    };
    if text.contains(['{', '}']) {
        return Err(
            "braces stand in the text; a condition stands at the beginning of the line: - {if paid} text"
                .to_owned(),
        );
    }
    if text.is_empty() {
        return Err("the list item is empty; write its text or remove it".to_owned());
    }
    items.push(PlacedItem {
        item: Item {
            when,
            text: text.to_owned(),
        },
        line: at,
    });
    Ok(())
}

/// The same lines under the same conditions in every language, and always a first action.
fn check_blocks(path: &str, blocks: &Blocks, troubles: &mut Vec<Trouble>) {
    for block in Block::ALL {
        let model = items(blocks, Language::Nl, block);
        if model.is_empty() {
            troubles.push(Trouble::of_file(
                path,
                format!("the block ## {} is missing", block.heading(Language::Nl)),
            ));
        }
        for language in [Language::Fr, Language::En] {
            let other = items(blocks, language, block);
            let heading = block.heading(language);
            if other.len() != model.len() {
                let line = other.last().map_or(0, |placed| placed.line);
                let (here, there) = (other.len(), model.len());
                troubles.push(Trouble::at(
                    path,
                    line,
                    format!("## {heading} has {here} lines and the Dutch one {there}; translate them one to one"),
                ));
                continue;
            }
            for (ours, theirs) in model.iter().zip(other) {
                if ours.item.when != theirs.item.when {
                    let line = ours.line;
                    troubles.push(Trouble::at(
                        path,
                        theirs.line,
                        format!(
                            "the condition differs from the Dutch line {line}; make them the same"
                        ),
                    ));
                }
            }
        }
    }
    let now = items(blocks, Language::Nl, Block::Now);
    if !now.is_empty() && now.iter().all(|placed| placed.item.when.is_some()) {
        troubles.push(Trouble::of_file(
            path,
            "every line of ## Nu doen has a condition; give at least one none, so that there is always something to do",
        ));
    }
}

fn items(blocks: &Blocks, language: Language, block: Block) -> &[PlacedItem] {
    blocks.get(&(language, block)).map_or(&[], Vec::as_slice)
}

//! The pages of what stands in lists: legal duties, reporting obligations, framework contracts.
//!
//! Their texts are the answers that `entries/` makes, so that a page says what a mail says; nothing is worded here.

use crate::adapters::knowledge::entries;
use crate::adapters::knowledge::export::anchors::Anchors;
use crate::adapters::knowledge::export::search_index::{Found, Place};
use crate::adapters::knowledge::export::{Page, Printer, address};
use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::triage::language::Language;
use jiff::civil::Date;
use minijinja::{Value, context};

/// The kinds that have a page, with the name of that page.
const KINDS: [(PassageKind, &str); 3] = [
    (PassageKind::Duty, "duties"),
    (PassageKind::Obligation, "obligations"),
    (PassageKind::Contract, "contracts"),
];
/// Most words before a colon that name what stands behind it.
const WORDS_OF_A_LABEL: usize = 4;
/// Most characters of such words.
const LENGTH_OF_A_LABEL: usize = 32;

/// One entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name in answers and records: `duty:D1`.
    pub(super) id: String,
    /// Its title.
    pub(super) title: String,
    kind: PassageKind,
    /// Its place on the page of its kind.
    anchor: String,
    /// Its text, a line for each thing it says.
    text: String,
    /// What it is found by.
    words: String,
}

/// All entries.
pub(super) struct Lists(Vec<Entry>);

impl Lists {
    /// What is shown on this day: contracts that ended aren't.
    ///
    /// # Errors
    /// What is wrong in the templates of answers.
    pub(super) fn read(files: &Files, parts: &Parts, today: Date) -> Result<Self, Vec<Trouble>> {
        let (sources, troubles) = entries::sources(files, parts.listed());
        if !troubles.is_empty() {
            return Err(troubles);
        }
        let mut anchors = Anchors::default();
        let shown = sources.into_iter().filter(|source| {
            let is_dutch = source
                .audience
                .is_none_or(|language| language == Language::Nl);
            is_dutch && source.until.is_none_or(|last| last >= today)
        });
        let mut shown: Vec<_> = shown.collect();
        // Duties are numbered: D2 stands before D10.
        shown.sort_by_key(|source| match source.passage.kind {
            PassageKind::Duty => source.passage.id.len(),
            _ => usize::MAX,
        });
        let entries = shown.into_iter().map(|source| {
            let words: Vec<String> = source.strong.into_iter().map(|(_, words)| words).collect();
            Entry {
                anchor: anchors.free(&source.passage.id),
                kind: source.passage.kind,
                id: source.passage.id,
                title: source.passage.title,
                text: source.passage.text,
                words: words.join(" · "),
            }
        });
        Ok(Self(entries.collect()))
    }

    /// The entry of this name.
    pub(super) fn find(&self, id: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.id == id)
    }

    /// How many of a kind are shown.
    pub(super) fn count(&self, kind: PassageKind) -> usize {
        self.of(kind).count()
    }

    fn of(&self, kind: PassageKind) -> impl Iterator<Item = &Entry> {
        self.0.iter().filter(move |entry| entry.kind == kind)
    }

    /// A page for each kind.
    ///
    /// # Errors
    /// A template that is missing or can't be filled.
    pub(super) fn pages(&self, printer: &Printer) -> Result<Vec<Page>, Trouble> {
        let mut pages = Vec::new();
        for (kind, name) in KINDS {
            let entries: Vec<Value> = self
                .of(kind)
                .map(|entry| {
                    context! {
                        anchor => address(&entry.anchor),
                        title => entry.title.clone(),
                        lines => entry.text.lines().map(line).collect::<Vec<_>>(),
                    }
                })
                .collect();
            let values = context! { root => "", entries => entries };
            pages.push(Page {
                name: format!("{name}.html"),
                text: printer.fill(&format!("{name}.html.j2"), values)?,
                to_fill_in: 0,
            });
        }
        Ok(pages)
    }

    /// The entries as the search in the browser finds them.
    pub(super) fn found(&self) -> impl Iterator<Item = Found> {
        self.0.iter().map(|entry| {
            // Words of an address say nothing.
            let lines = entry.text.lines().filter(|line| !line.contains("://"));
            let text = lines.collect::<Vec<_>>().join("\n");
            Found {
                kind: entry.kind.as_str(),
                title: entry.title.clone(),
                address: entry.address(),
                words: entry.words.clone(),
                hints: String::new(),
                places: vec![Place(String::new(), String::new(), text)],
            }
        })
    }
}

impl Entry {
    /// Where it is within the site.
    pub(super) fn address(&self) -> String {
        let page = KINDS.iter().find(|(kind, _)| *kind == self.kind);
        let page = page.map_or("index", |(_, page)| page);
        format!("{page}.html#{}", self.anchor)
    }
}

/// A line as what it is about and what it says: "Aan wie", "GBA; VTC."
fn line(line: &str) -> Value {
    let parts = line.split_once(": ").filter(|(label, _)| {
        label.split_whitespace().count() <= WORDS_OF_A_LABEL
            && label.chars().count() <= LENGTH_OF_A_LABEL
            && !label.contains(['.', '?', '('])
    });
    let (label, text) = parts.unwrap_or(("", line));
    context! { label => label, text => text }
}

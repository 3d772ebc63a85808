//! An emergency card: one printed page per playbook, for the day on which there is no network to read it on.
//!
//! What happened isn't known when it is printed. So it says what is said while nothing is known, and then, for each
//! thing that may have happened, what comes on top.

use crate::adapters::knowledge::export::anchors::page_name;
use crate::adapters::knowledge::export::search_index::{Found, Place};
use crate::adapters::knowledge::export::site_plan::SitePlan;
use crate::adapters::knowledge::export::{Page, Printer, address};
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::guidance::playbook::{Block, Item, Playbook};
use crate::domain::guidance::select::duties_touched;
use crate::domain::triage::category::Category;
use crate::domain::triage::facts::{FactKey, FactValue, Facts};
use crate::domain::triage::language::Language;
use minijinja::{Value, context};
use std::collections::BTreeSet;

/// Most lines of a block on one page.
const fn most(block: Block) -> usize {
    match block {
        Block::Now => 6,
        Block::Avoid => 4,
        Block::Keep => 3,
        Block::Notify => 2,
    }
}
/// The blocks in the order of the card.
const BLOCKS: [Block; 4] = [Block::Now, Block::Avoid, Block::Keep, Block::Notify];
/// Most things that may have happened.
const MOST_CASES: usize = 5;
/// Most lines for one of them.
const MOST_LINES_OF_A_CASE: usize = 2;
/// Most legal clocks.
const MOST_CLOCKS: usize = 2;
/// What may have happened, the gravest first.
const CASES: [FactKey; 12] = [
    FactKey::Danger,
    FactKey::Paid,
    FactKey::EnteredCredentials,
    FactKey::OpenedAttachment,
    FactKey::ApprovedMfa,
    FactKey::Ongoing,
    FactKey::AdminRights,
    FactKey::SensitiveData,
    FactKey::PersonalData,
    FactKey::ServicesDown,
    FactKey::SupplierInvolved,
    FactKey::BackupsReached,
];

/// The name of a card's file.
fn name_of(category: Category) -> String {
    format!("cards/{category}.html")
}

/// The card of one playbook, in Dutch.
pub(super) fn page(printer: &Printer, parts: &Parts, playbook: &Playbook) -> Result<Page, Trouble> {
    let card = Card { parts, playbook };
    let mut said = BTreeSet::new();
    let [now, avoid, keep, notify] =
        BLOCKS.map(|block| card.block(block, &Facts::default(), most(block), &mut said));
    let cases = card.cases(&mut said);
    let category = playbook.category.as_str();
    let memos: Vec<Value> = parts
        .memos
        .iter()
        .filter(|memo| memo.playbooks.iter().any(|name| name == category))
        .map(|memo| {
            let href = format!("../memos/{}.html", page_name(&memo.id));
            context! { href => address(&href), text => memo.title.clone() }
        })
        .collect();
    let text = printer.fill(
        "card.nl.html.j2",
        context! {
            title => playbook.title.nl.clone(),
            line => card.fill(&playbook.line.nl),
            now => now,
            avoid => avoid,
            keep => keep,
            notify => notify,
            cases => cases,
            clocks => card.clocks(),
            memos => memos,
            category => category,
            version => playbook.version.chars().take(8).collect::<String>(),
        },
    )?;
    Ok(Page {
        name: name_of(playbook.category),
        text,
        to_fill_in: 0,
    })
}

/// The list of all cards, to find the right one.
pub(super) fn contents(printer: &Printer, parts: &Parts) -> Result<Page, Trouble> {
    let text = printer.fill(
        "cards.nl.html.j2",
        context! { root => address("../"), cards => listed(parts, "") },
    )?;
    Ok(Page {
        name: "cards/index.html".to_owned(),
        text,
        to_fill_in: 0,
    })
}

/// All cards with their addresses, from a page for which they lie in this folder.
pub(super) fn listed(parts: &Parts, folder: &str) -> Vec<Value> {
    let playbooks = parts.playbooks.values();
    playbooks
        .map(|playbook| {
            context! {
                href => address(&format!("{folder}{}.html", playbook.category)),
                title => playbook.title.nl.clone(),
                line => Card { parts, playbook }.fill(&playbook.line.nl),
            }
        })
        .collect()
}

/// The card as the search in the browser finds it: by what it says while nothing is known.
pub(super) fn found(plan: &SitePlan, parts: &Parts, playbook: &Playbook) -> Found {
    let card = Card { parts, playbook };
    let mut said = BTreeSet::new();
    let mut lines = vec![card.fill(&playbook.line.nl)];
    for block in BLOCKS {
        let block = card.block(block, &Facts::default(), most(block), &mut said);
        lines.extend(block.iter().map(|line| card.fill(line)));
    }
    let category = playbook.category.as_str();
    let slug = category.replace('-', " ");
    let own = plan.cards.get(category).map_or("", String::as_str);
    let other = [&playbook.title, &playbook.line].map(|text| format!("{} · {}", text.fr, text.en));
    let hints: Vec<&str> = playbook
        .questions
        .iter()
        .flat_map(|question| [&question.text.nl, &question.text.fr, &question.text.en])
        .map(String::as_str)
        .collect();
    Found {
        kind: PassageKind::Playbook.as_str(),
        title: playbook.title.nl.clone(),
        address: name_of(playbook.category),
        words: format!("{slug} · {own} · {}", other.join(" · ")),
        hints: hints.join(" · "),
        places: vec![Place(String::new(), String::new(), lines.join("\n"))],
    }
}

struct Card<'a> {
    parts: &'a Parts,
    playbook: &'a Playbook,
}

impl Card<'_> {
    /// Pages are made of files without mistakes, so every contact is there.
    fn fill(&self, text: &str) -> String {
        let filled = self.parts.contacts.fill(text, Language::Nl);
        filled.unwrap_or_else(|_| text.to_owned())
    }

    /// The lines of a block that hold for these facts and aren't on the card yet; contacts are filled in by the page.
    fn block(
        &self,
        block: Block,
        facts: &Facts,
        most: usize,
        said: &mut BTreeSet<String>,
    ) -> Vec<String> {
        let holds = |item: &&Item| item.when.as_ref().is_none_or(|when| when.holds(facts));
        let mut lines = Vec::new();
        for item in self
            .playbook
            .block(Language::Nl, block)
            .iter()
            .filter(holds)
        {
            if lines.len() < most && said.insert(item.text.clone()) {
                lines.push(item.text.clone());
            }
        }
        lines
    }

    /// For each thing that may have happened, what comes on top.
    fn cases(&self, said: &mut BTreeSet<String>) -> Vec<Value> {
        let mut cases = Vec::new();
        for key in CASES {
            let mut facts = Facts::default();
            facts.state(key, FactValue::Yes, "");
            let mut lines = Vec::new();
            for block in Block::ALL {
                // What holds with nothing known and found no room above isn't told as if it hung on this.
                let items = self.playbook.block(Language::Nl, block);
                let only_now = |item: &&Item| {
                    item.when
                        .as_ref()
                        .is_some_and(|when| when.holds(&facts) && !when.holds(&Facts::default()))
                };
                for item in items.iter().filter(only_now) {
                    if lines.len() < MOST_LINES_OF_A_CASE && said.insert(item.text.clone()) {
                        lines.push(item.text.clone());
                    }
                }
            }
            if !lines.is_empty() && cases.len() < MOST_CASES {
                cases.push(context! { fact => key.as_str(), lines => lines });
            }
        }
        cases
    }

    /// The legal clocks of the worst case: a printed card can't know which run.
    fn clocks(&self) -> Vec<String> {
        let mut facts = Facts::default();
        for key in FactKey::ALL {
            facts.state(*key, FactValue::Yes, "");
        }
        let mut clocks: Vec<String> = Vec::new();
        for id in duties_touched(self.playbook, &facts) {
            let Some(duty) = self.parts.duties.by_id.get(&id) else {
                continue;
            };
            let line = duty.clock.nl.clone();
            if duty.deadline_hours.is_some()
                && !clocks.contains(&line)
                && clocks.len() < MOST_CLOCKS
            {
                clocks.push(line);
            }
        }
        clocks
    }
}

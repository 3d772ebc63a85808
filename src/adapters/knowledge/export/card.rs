//! An emergency card: one printed page per playbook, for the day on which there is no network to read it on.
//!
//! What happened isn't known when it is printed. So it says what is said while nothing is known, and then, for each
//! thing that may have happened, what comes on top.

use crate::adapters::knowledge::export::{Page, Printer};
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::guidance::playbook::{Block, Item, Playbook};
use crate::domain::guidance::select::duties_touched;
use crate::domain::triage::category::Category;
use crate::domain::triage::facts::{FactKey, FactValue, Facts};
use crate::domain::triage::language::Language;
use jiff::civil::Date;
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
pub(super) fn page(
    printer: &Printer,
    parts: &Parts,
    playbook: &Playbook,
    organisation: &OrganisationWords,
    today: Date,
) -> Result<Page, Trouble> {
    let card = Card { parts, playbook };
    let mut said = BTreeSet::new();
    let block = |block, said: &mut BTreeSet<String>| {
        card.block(block, &Facts::default(), most(block), said)
    };
    let now = block(Block::Now, &mut said);
    let avoid = block(Block::Avoid, &mut said);
    let keep = block(Block::Keep, &mut said);
    let notify = block(Block::Notify, &mut said);
    let cases = card.cases(&mut said);
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
            team => organisation.team.nl.clone(),
            phone => organisation.phone.clone(),
            address => organisation.address.clone(),
            category => playbook.category.as_str(),
            version => playbook.version.chars().take(8).collect::<String>(),
            printed_on => today.strftime("%d/%m/%Y").to_string(),
        },
    )?;
    Ok(Page {
        name: name_of(playbook.category),
        text,
        to_fill_in: 0,
    })
}

/// The list of all cards, to find the right one.
pub(super) fn contents(
    printer: &Printer,
    parts: &Parts,
    organisation: &OrganisationWords,
    today: Date,
) -> Result<Page, Trouble> {
    let cards: Vec<Value> = parts
        .playbooks
        .values()
        .map(|playbook| {
            context! {
                href => format!("{}.html", playbook.category),
                title => playbook.title.nl.clone(),
                line => Card { parts, playbook }.fill(&playbook.line.nl),
            }
        })
        .collect();
    let text = printer.fill(
        "cards.nl.html.j2",
        context! {
            cards => cards,
            team => organisation.team.nl.clone(),
            phone => organisation.phone.clone(),
            printed_on => today.strftime("%d/%m/%Y").to_string(),
        },
    )?;
    Ok(Page {
        name: "cards/index.html".to_owned(),
        text,
        to_fill_in: 0,
    })
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

    /// The lines of a block that hold for these facts and aren't on the card yet.
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
            let line = self.fill(&item.text);
            if lines.len() < most && said.insert(line.clone()) {
                lines.push(line);
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
                    let line = self.fill(&item.text);
                    if lines.len() < MOST_LINES_OF_A_CASE && said.insert(line.clone()) {
                        lines.push(line);
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
            let line = self.fill(&duty.clock.nl);
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

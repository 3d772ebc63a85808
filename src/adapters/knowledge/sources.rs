//! What is indexed: each section of a memo, and each block of a playbook in each language.

use crate::adapters::knowledge::memo::Memo;
use crate::adapters::knowledge::search::index::{Role, Source};
use crate::domain::guidance::contacts::Contacts;
use crate::domain::guidance::handbook::{Passage, PassageKind};
use crate::domain::guidance::playbook::{Block, Playbook};
use crate::domain::triage::category::Category;
use crate::domain::triage::facts::Facts;
use crate::domain::triage::language::Language;
use std::collections::BTreeMap;

/// All documents of a knowledge folder.
pub fn sources(
    playbooks: &BTreeMap<Category, Playbook>,
    memos: &[Memo],
    contacts: &Contacts,
) -> Vec<Source> {
    let mut sources: Vec<Source> = memos
        .iter()
        .flat_map(|memo| memo_sources(memo, contacts))
        .collect();
    for playbook in playbooks.values() {
        for language in Language::OF_REPLIES {
            for block in Block::ALL {
                sources.push(block_source(playbook, language, block, contacts));
            }
        }
    }
    sources
}

fn memo_sources(memo: &Memo, contacts: &Contacts) -> Vec<Source> {
    memo.sections
        .iter()
        .map(|section| {
            let heading = memo.heading_of(section);
            let text = contacts
                .fill(&section.text, Language::Nl)
                .unwrap_or_else(|_| section.text.clone());
            let slug = memo.id.replace('-', " ");
            let title = &memo.title;
            // A page that was brought in has no keywords yet: its headings say what it is about.
            let is_bare = memo.imported.is_some() && memo.keywords.nl.is_empty();
            let about = if is_bare { heading } else { "" };
            let dutch = format!("{title} {slug} {} {about}", memo.tags.join(" "));
            Source {
                role: Role::Answer,
                passage: Passage {
                    id: memo.id.clone(),
                    kind: PassageKind::Memo,
                    section: heading.to_owned(),
                    title: memo.title.clone(),
                    version: memo.version.clone(),
                    url: memo.url.clone(),
                    score: 0.0,
                    sureness: 0.0,
                    text: text.clone(),
                },
                audience: None,
                until: None,
                strong: memo.keywords.with_dutch(&dutch),
                heading: heading.to_owned(),
                asked: Vec::new(),
                body: (Language::Nl, text),
            }
        })
        .collect()
}

/// A block of a playbook. It is found by all its lines; shown are those that hold whatever happened.
fn block_source(
    playbook: &Playbook,
    language: Language,
    block: Block,
    contacts: &Contacts,
) -> Source {
    let fill = |text: &str| {
        contacts
            .fill(text, language)
            .unwrap_or_else(|_| text.to_owned())
    };
    let items = playbook.block(language, block);
    let nothing_known = Facts::default();
    let shown: Vec<String> = items
        .iter()
        .filter(|item| {
            item.when
                .as_ref()
                .is_none_or(|when| when.holds(&nothing_known))
        })
        .map(|item| format!("- {}", fill(&item.text)))
        .collect();
    let all: Vec<String> = items.iter().map(|item| fill(&item.text)).collect();
    let title = playbook.title.in_language(language);
    let line = playbook.line.in_language(language);
    let slug = playbook.category.as_str().replace('-', " ");
    Source {
        role: Role::Answer,
        passage: Passage {
            id: playbook.category.as_str().to_owned(),
            kind: PassageKind::Playbook,
            section: block.heading(language).to_owned(),
            title: title.to_owned(),
            version: playbook.version.clone(),
            url: None,
            score: 0.0,
            sureness: 0.0,
            text: shown.join("\n"),
        },
        audience: Some(language),
        until: None,
        strong: vec![(language, format!("{title} {slug}"))],
        heading: String::new(),
        asked: vec![(language, line.to_owned())],
        body: (language, all.join(" ")),
    }
}

//! The page of a memo: its text with a list of contents, who answers for it, what nobody confirmed, and where to go on.
//!
//! How it is laid out stands in `pages/memo.html.j2`; how its Markdown becomes HTML in `memo_text`.

use crate::adapters::knowledge::export::anchors::page_name;
use crate::adapters::knowledge::export::lists::Lists;
use crate::adapters::knowledge::export::memo_text::{MemoText, memo_text};
use crate::adapters::knowledge::export::search_index::{Found, Place};
use crate::adapters::knowledge::export::{Page, Printer, address};
use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::memo::{Memo, SOURCES};
use crate::adapters::knowledge::parts::{MEMOS, Parts};
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::guidance::playbook::Playbook;
use crate::domain::triage::category::Category;
use minijinja::{Value, context};
use std::collections::BTreeMap;

/// A memo with its text and the place of its page.
pub(super) struct MemoPage<'a> {
    /// The memo.
    pub(super) memo: &'a Memo,
    /// The address of its page within the site.
    pub(super) address: String,
    text: MemoText,
}

/// All memos, read for their pages.
///
/// # Errors
/// Never for memos that could be read before; their files are read again for their marks.
pub(super) fn memos<'a>(files: &Files, parts: &'a Parts) -> Result<Vec<MemoPage<'a>>, Trouble> {
    let names: BTreeMap<String, String> = parts
        .memos
        .iter()
        .map(|memo| (memo.id.clone(), page_name(&memo.id)))
        .collect();
    let mut pages = Vec::new();
    for memo in &parts.memos {
        let path = format!("{MEMOS}{}.md", memo.id);
        let file = files.get(&path).map(String::as_str).unwrap_or_default();
        let body = front_matter::split(&path, file)?.body;
        pages.push(MemoPage {
            memo,
            address: format!("memos/{}.html", page_name(&memo.id)),
            text: memo_text(body, &parts.contacts, &names),
        });
    }
    Ok(pages)
}

impl MemoPage<'_> {
    /// The page.
    pub(super) fn page(
        &self,
        printer: &Printer,
        parts: &Parts,
        lists: &Lists,
    ) -> Result<Page, Trouble> {
        let memo = self.memo;
        let contents: Vec<Value> = self
            .text
            .parts
            .iter()
            .filter(|part| !part.anchor.is_empty())
            .map(|part| context! { href => address(&format!("#{}", part.anchor)), text => part.heading.clone() })
            .collect();
        let cards: Vec<Value> = self
            .playbooks(parts)
            .map(|playbook| {
                let href = format!("../cards/{}.html", playbook.category);
                context! { href => address(&href), text => playbook.title.nl.clone() }
            })
            .collect();
        let duties: Vec<Value> = memo
            .duties
            .iter()
            .filter_map(|id| lists.find(&format!("duty:{id}")))
            .map(|entry| {
                let href = format!("../{}", entry.address());
                context! { href => address(&href), text => entry.title.clone() }
            })
            .collect();
        let text = printer.fill(
            "memo.html.j2",
            context! {
                root => address("../"),
                title => memo.title.clone(),
                edition => memo.edition.clone(),
                reviewed_on => memo.reviewed_on.clone(),
                review_before => memo.review_before.clone(),
                owner => memo.owner.clone(),
                url => memo.url.clone().unwrap_or_default(),
                contents => contents,
                body => Value::from_safe_string(self.text.html.clone()),
                unconfirmed => memo.unconfirmed.clone(),
                cards => cards,
                duties => duties,
                tags => memo.tags.clone(),
            },
        )?;
        Ok(Page {
            name: self.address.clone(),
            text,
            to_fill_in: 0,
        })
    }

    /// The playbooks that it helps with.
    fn playbooks<'b>(&self, parts: &'b Parts) -> impl Iterator<Item = &'b Playbook> {
        let names = self.memo.playbooks.iter();
        names
            .filter_map(|name| parts.playbooks.get(&name.parse::<Category>().ok()?))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// The memo as the search in the browser finds it: no question is about its sources.
    pub(super) fn found(&self) -> Found {
        let memo = self.memo;
        let keywords = &memo.keywords;
        let slug = memo.id.replace('-', " ");
        let mut words = vec![slug];
        for list in [&memo.tags, &keywords.nl, &keywords.fr, &keywords.en] {
            words.extend(list.iter().cloned());
        }
        let parts = self.text.parts.iter();
        Found {
            kind: PassageKind::Memo.as_str(),
            title: memo.title.clone(),
            address: self.address.clone(),
            words: words.join(" · "),
            hints: String::new(),
            places: parts
                .filter(|part| part.heading != SOURCES)
                .map(|part| Place(part.anchor.clone(), part.heading.clone(), part.text.clone()))
                .collect(),
        }
    }
}

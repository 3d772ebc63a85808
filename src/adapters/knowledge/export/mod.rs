//! Pages to print or to publish: a whole site of files that needs no server. Front page, memos, lists, an emergency
//! card for each playbook, the team's page after RFC 2350, and what the search in the browser needs.
//!
//! The words and the layout stand in `knowledge/pages/`; here is what fills them, and nothing is sent anywhere.
//! Files and a day make the pages: the same ones give the same bytes.

mod anchors;
mod card;
mod front_page;
mod links;
mod lists;
mod memo_page;
mod memo_text;
mod rfc2350;
mod search_index;
mod site_plan;

use crate::adapters::knowledge::export::links::{TextKind, linked, with_contacts};
use crate::adapters::knowledge::export::lists::Lists;
use crate::adapters::knowledge::export::site_plan::SitePlan;
use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::templates::{environment, trouble};
use crate::adapters::knowledge::trouble::{TAKE_OVER, Trouble};
use jiff::civil::Date;
use minijinja::{Environment, Value};
use std::collections::BTreeMap;

/// The folder of the templates.
const FOLDER: &str = "pages/";
/// The ending of a template.
const TEMPLATE: &str = ".j2";
/// Files that every page or the search needs, and that are written as they are.
const NEEDED: [&str; 2] = ["style.css", "search.js"];
/// Endings of files that are written as they are.
const AS_THEY_ARE: [&str; 2] = [".css", ".js"];

/// One page, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its file name within the export, with `/` between folders.
    pub name: String,
    /// Its text.
    pub text: String,
    /// How many places of it the team has still to fill in.
    pub to_fill_in: usize,
}

/// All pages as they are on this day.
///
/// # Errors
/// Every template that is missing or can't be filled.
pub fn pages(
    files: &Files,
    parts: &Parts,
    organisation: &OrganisationWords,
    today: Date,
) -> Result<Vec<Page>, Vec<Trouble>> {
    let printer = Printer::load(files, parts, organisation, today)?;
    let plan = SitePlan::read(files)?;
    let lists = Lists::read(files, parts, today)?;
    let memos = memo_page::memos(files, parts)?;
    let mut pages = as_they_are(files)?;
    pages.push(front_page::page(&printer, parts, &plan, &memos, &lists)?);
    for memo in &memos {
        pages.push(memo.page(&printer, parts, &lists)?);
    }
    pages.extend(lists.pages(&printer)?);
    for playbook in parts.playbooks.values() {
        pages.push(card::page(&printer, parts, playbook)?);
    }
    pages.push(card::contents(&printer, parts)?);
    pages.extend(rfc2350::pages(&printer, organisation, today)?);
    let cards = parts.playbooks.values();
    let found: Vec<_> = cards
        .map(|playbook| card::found(&plan, parts, playbook))
        .chain(memos.iter().map(memo_page::MemoPage::found))
        .chain(lists.found())
        .collect();
    pages.push(search_index::page(&plan, &found)?);
    Ok(pages)
}

/// The files of the site that are no templates.
fn as_they_are(files: &Files) -> Result<Vec<Page>, Vec<Trouble>> {
    let mut troubles = Vec::new();
    for name in NEEDED {
        let path = format!("{FOLDER}{name}");
        if !files.contains_key(&path) {
            troubles.push(missing(&path));
        }
    }
    if !troubles.is_empty() {
        return Err(troubles);
    }
    let names = files.iter().filter_map(|(path, text)| {
        let name = path.strip_prefix(FOLDER)?;
        let is_one = AS_THEY_ARE.iter().any(|ending| name.ends_with(ending));
        is_one.then_some((name, text))
    });
    let pages = names.map(|(name, text)| Page {
        name: name.to_owned(),
        text: text.clone(),
        to_fill_in: 0,
    });
    Ok(pages.collect())
}

fn missing(path: &str) -> Trouble {
    Trouble::of_file(path, format!("this page is missing; {TAKE_OVER}"))
}

/// An address within the site, made of letters that mean nothing in HTML.
fn address(text: &str) -> Value {
    Value::from_safe_string(links::escaped(text))
}

/// The templates of pages, ready to be filled.
struct Printer {
    environment: Environment<'static>,
}

impl Printer {
    /// Reads the templates. What every page says of the team and of the day is known to all of them.
    fn load(
        files: &Files,
        parts: &Parts,
        organisation: &OrganisationWords,
        today: Date,
    ) -> Result<Self, Vec<Trouble>> {
        let mut troubles = Vec::new();
        let is_template = |path: &str| path.starts_with(FOLDER) && path.ends_with(TEMPLATE);
        let templates = files.iter().filter(|(path, _)| is_template(path));
        let templates = templates.map(|(path, text)| (path.clone(), text.clone()));
        let mut environment = environment(&templates.collect(), FOLDER, &mut troubles);
        environment.add_filter("capitalize_first", |text: String| first_capital(&text));
        environment.add_filter("day", |text: String| shown_day(&text));
        environment.add_filter("linked", |text: String| {
            Value::from_safe_string(linked(&text, TextKind::Any))
        });
        environment.add_filter("contact", |text: String| {
            Value::from_safe_string(linked(&text, TextKind::Contact))
        });
        let known = parts.contacts.clone();
        environment.add_filter("filled", move |text: String| {
            let parts = with_contacts(&text, &known).into_iter();
            let html: String = parts.map(|(text, kind)| linked(text, kind)).collect();
            Value::from_safe_string(html)
        });
        for (name, text) in [
            ("team", &organisation.team.nl),
            ("phone", &organisation.phone),
            ("address", &organisation.address),
            ("chat", &organisation.chat),
            ("office_hours", &organisation.office_hours.nl),
        ] {
            environment.add_global(name, text.clone());
        }
        let contacts = parts.contacts.0.values();
        let contacts: BTreeMap<String, String> = contacts
            .map(|contact| (contact.id.clone(), contact.text.nl.clone()))
            .collect();
        environment.add_global("contacts", Value::from(contacts));
        environment.add_global("brand", without_article(&organisation.team.nl));
        environment.add_global("printed_on", shown_day(&today.to_string()));
        if troubles.is_empty() {
            Ok(Self { environment })
        } else {
            Err(troubles)
        }
    }

    fn fill(&self, name: &str, values: Value) -> Result<String, Trouble> {
        let path = format!("{FOLDER}{name}");
        let template = self
            .environment
            .get_template(name)
            .map_err(|_| missing(&path))?;
        template
            .render(values)
            .map_err(|error| trouble(&path, &error))
    }
}

/// "het team" at the start of a sentence.
fn first_capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// "het team" as a name.
fn without_article(text: &str) -> String {
    let bare = text
        .strip_prefix("het ")
        .or_else(|| text.strip_prefix("de "));
    first_capital(bare.unwrap_or(text))
}

/// A day as people write it; what is no day stays as it is.
fn shown_day(text: &str) -> String {
    let day = text.parse::<Date>();
    day.map_or_else(
        |_| text.to_owned(),
        |day| day.strftime("%d/%m/%Y").to_string(),
    )
}

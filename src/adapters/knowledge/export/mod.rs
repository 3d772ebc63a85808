//! Pages to print or to publish: an emergency card for each playbook, and the team's page after RFC 2350.
//!
//! The words and the layout stand in `knowledge/pages/`; here is what fills them, and nothing is sent anywhere.

mod card;
mod rfc2350;

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::templates::{environment, trouble};
use crate::adapters::knowledge::trouble::Trouble;
use jiff::civil::Date;
use minijinja::{Environment, Value};

/// The folder of the templates.
const FOLDER: &str = "pages/";

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
    let printer = Printer::load(files)?;
    let mut pages = Vec::new();
    for playbook in parts.playbooks.values() {
        pages.push(card::page(&printer, parts, playbook, organisation, today)?);
    }
    pages.push(card::contents(&printer, parts, organisation, today)?);
    pages.extend(rfc2350::pages(&printer, organisation, today)?);
    Ok(pages)
}

/// The templates of pages, ready to be filled.
struct Printer {
    environment: Environment<'static>,
}

impl Printer {
    fn load(files: &Files) -> Result<Self, Vec<Trouble>> {
        let mut troubles = Vec::new();
        let mut environment = environment(files, FOLDER, &mut troubles);
        environment.add_filter("capitalize_first", |text: String| first_capital(&text));
        if troubles.is_empty() {
            Ok(Self { environment })
        } else {
            Err(troubles)
        }
    }

    fn fill(&self, name: &str, values: Value) -> Result<String, Trouble> {
        let path = format!("{FOLDER}{name}");
        let template = self.environment.get_template(name).map_err(|_| {
            Trouble::of_file(
                &path,
                "this page is missing; take it over from the shipped knowledge",
            )
        })?;
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

//! Duties, obligations and contracts as answers: one short text each, from the templates in `entries/`.
//!
//! A fact without its article, addressee, link and date of checking is no answer, so the templates hold them all;
//! the address of the passage stays empty, because the text names it.
//! Memos and playbooks are texts already; they don't pass here.

use crate::adapters::knowledge::archive::version_of;
use crate::adapters::knowledge::contracts::{self, Contract};
use crate::adapters::knowledge::duties::Duties;
use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::inventory::{self, Obligation, Quality};
use crate::adapters::knowledge::search::index::{Role, Source};
use crate::adapters::knowledge::templates::{environment, trouble};
use crate::adapters::knowledge::trouble::{TAKE_OVER, Trouble};
use crate::domain::duty::Duty;
use crate::domain::guidance::contacts::Contacts;
use crate::domain::guidance::handbook::{Passage, PassageKind};
use crate::domain::triage::language::Language;
use jiff::civil::Date;
use minijinja::{Environment, Value, context};

/// The folder of the templates.
const FOLDER: &str = "entries/";

/// Everything that becomes an answer here.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// The legal duties.
    pub duties: &'a Duties,
    /// The reporting obligations.
    pub inventory: &'a [Obligation],
    /// The framework contracts.
    pub contracts: &'a [Contract],
    /// Numbers and addresses.
    pub contacts: &'a Contacts,
}

/// All answers, and what kept any from being written.
pub fn sources(files: &Files, listed: Listed<'_>) -> (Vec<Source>, Vec<Trouble>) {
    let mut troubles = Vec::new();
    // Knowledge of before there were such answers: they are not made of it.
    if !files.keys().any(|path| path.starts_with(FOLDER)) {
        return (Vec::new(), troubles);
    }
    let mut environment = environment(files, FOLDER, &mut troubles);
    environment.add_filter("day", |state: &minijinja::State<'_, '_>, day: String| {
        shown_day(&day, state.name())
    });
    let version = |path: &str| {
        files
            .get(path)
            .map(|text| version_of(text))
            .unwrap_or_default()
    };
    let writer = Writer {
        environment,
        contacts: listed.contacts,
        inventory_version: version(inventory::PATH),
        contracts_version: version(contracts::PATH),
    };
    let mut sources = Vec::new();
    let mut take = |source: Result<Source, Trouble>| match source {
        Ok(source) => sources.push(source),
        Err(trouble) if !troubles.contains(&trouble) => troubles.push(trouble),
        Err(_) => {}
    };
    for duty in listed
        .duties
        .by_id
        .values()
        .filter(|duty| !duty.name.nl.is_empty())
    {
        for language in Language::OF_REPLIES {
            take(writer.duty(listed.duties, duty, language));
        }
    }
    for row in listed.inventory.iter().filter(|row| !row.is_a_duplicate()) {
        take(writer.obligation(row));
    }
    for contract in listed.contracts {
        take(writer.contract(contract));
    }
    (sources, troubles)
}

/// A day as readers of this template write it.
fn shown_day(day: &str, template: &str) -> String {
    let format = if template.contains(".en.") {
        "%-d %B %Y"
    } else {
        "%d/%m/%Y"
    };
    let parsed = day.parse::<Date>();
    parsed.map_or_else(|_| day.to_owned(), |date| date.strftime(format).to_string())
}

struct Writer<'a> {
    environment: Environment<'static>,
    contacts: &'a Contacts,
    inventory_version: String,
    contracts_version: String,
}

impl Writer<'_> {
    fn fill(&self, name: &str, language: Language, values: Value) -> Result<String, Trouble> {
        let path = format!("{FOLDER}{name}");
        let template = self.environment.get_template(name).map_err(|_| {
            Trouble::of_file(&path, format!("this template is missing; {TAKE_OVER}"))
        })?;
        let text = template
            .render(values)
            .map_err(|error| trouble(&path, &error))?;
        let filled = self.contacts.fill(text.trim(), language);
        filled.map_err(|error| Trouble::of_file(&path, error.to_string()))
    }

    fn duty(&self, duties: &Duties, duty: &Duty, language: Language) -> Result<Source, Trouble> {
        let name = format!("duty.{language}.j2");
        let text = self.fill(
            &name,
            language,
            context! {
                clock => duty.clock.in_language(language),
                deadline_hours => duty.deadline_hours,
                article => duty.article.clone(),
                addressees => duty.addressees.clone(),
                trigger => duty.trigger.clone(),
                channel => duty.channel.clone(),
                contents => duty.contents.clone(),
                disputed => duty.disputed.clone(),
                urls => duty.urls.clone(),
                certainty => duty.certainty.as_str(),
                checked_on => duty.checked_on.clone(),
            },
        )?;
        let keywords = duties.keywords.get(&duty.id).cloned().unwrap_or_default();
        let title = match duty.name.in_language(language) {
            "" => &duty.name.nl,
            title => title,
        };
        let strong = format!("{title} {}", keywords.of(language).join(" "));
        Ok(Source {
            role: Role::Answer,
            passage: Passage {
                id: duty.id.entry_id(),
                kind: PassageKind::Duty,
                section: PassageKind::Duty.in_words(language).to_owned(),
                title: title.to_owned(),
                version: duties.version.clone(),
                url: None,
                score: 0.0,
                sureness: 0.0,
                text: text.clone(),
            },
            audience: Some(language),
            until: None,
            strong: vec![(language, strong)],
            heading: String::new(),
            asked: Vec::new(),
            body: (language, text),
        })
    }

    fn obligation(&self, row: &Obligation) -> Result<Source, Trouble> {
        let text = self.fill(
            "obligation.nl.j2",
            Language::Nl,
            context! {
                bron_rij => row.source_row,
                beleidsdomein => row.policy_field.clone(),
                proces => row.process.clone(),
                subproces => row.occasion.clone(),
                afzender => row.senders.clone(),
                verplicht_vlaams => row.owed_to_flanders.as_str(),
                verplicht_provincie => row.owed_to_province.as_str(),
                regelgeving => row.regulation.clone(),
                artikel => row.article.clone(),
                geldig_van => row.valid_from.clone(),
                geldig_tot => row.valid_until.clone(),
                url => row.url.clone(),
                ontvangers => row.addressees.clone(),
                termijn => row.term.clone(),
                noodprocedure => row.fallback.clone(),
                kwaliteit => if row.quality == Quality::Doubtful { "twijfel" } else { "" },
                twijfel => row.doubt.clone(),
                gecontroleerd_op => row.checked_on.clone(),
            },
        )?;
        let dutch = format!("{} {} {}", row.occasion, row.article, row.process);
        Ok(Source {
            role: Role::Answer,
            passage: Passage {
                id: format!("obligation:{}", row.id()),
                kind: PassageKind::Obligation,
                section: PassageKind::Obligation.in_words(Language::Nl).to_owned(),
                title: row.occasion.clone(),
                version: self.inventory_version.clone(),
                url: None,
                score: 0.0,
                sureness: 0.0,
                text: text.clone(),
            },
            audience: None,
            until: None,
            strong: row.keywords().with_dutch(&dutch),
            heading: String::new(),
            asked: Vec::new(),
            body: (Language::Nl, format!("{}. {text}", row.policy_field)),
        })
    }

    fn contract(&self, contract: &Contract) -> Result<Source, Trouble> {
        let text = self.fill(
            "contract.nl.j2",
            Language::Nl,
            context! {
                summary => contract.summary.clone(),
                authority => contract.authority.clone(),
                reference => contract.reference.clone(),
                lots => contract.lots.clone(),
                suppliers => contract.suppliers.clone(),
                open_to => contract.open_to.clone(),
                access => contract.access.as_str(),
                ends => contract.ends.clone(),
                ordering => contract.ordering.clone(),
                url => contract.url.clone(),
                source => contract.source.clone(),
                certainty => contract.certainty.as_str(),
                checked_on => contract.checked_on.clone(),
                emergency => contract.emergency,
            },
        )?;
        let services = contract.services.join(" ");
        let dutch = format!("{} {services} raamcontract raamovereenkomst", contract.name);
        Ok(Source {
            role: Role::Answer,
            passage: Passage {
                id: contract.entry_id(),
                kind: PassageKind::Contract,
                section: PassageKind::Contract.in_words(Language::Nl).to_owned(),
                title: contract.name.clone(),
                version: self.contracts_version.clone(),
                url: None,
                score: 0.0,
                sureness: 0.0,
                text: text.clone(),
            },
            audience: None,
            until: contract.last_day(),
            strong: contract.keywords.with_dutch(&dutch),
            heading: String::new(),
            asked: Vec::new(),
            body: (Language::Nl, format!("raamcontract {text}")),
        })
    }
}

//! `inventory.csv`: the decretal reporting obligations of local governments, a row each, as the team's sheet has them.
//!
//! The sheet came through damaged in places. Such a row says so with `kwaliteit`, and what is in doubt with
//! `twijfel`; nothing is repaired here. The columns are named in Dutch because the sheet's keepers are.

use crate::adapters::knowledge::keywords::Keywords;
use crate::adapters::knowledge::search::words::fold;
use crate::adapters::knowledge::trouble::{Trouble, plainly};
use crate::domain::triage::category::closed_list;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Where the inventory stands.
pub const PATH: &str = "inventory.csv";

/// The columns, named in the first line, in any order.
const COLUMNS: [&str; 23] = [
    "bron_rij",
    "beleidsdomein",
    "procestype",
    "proces",
    "subproces",
    "afzender",
    "verplicht_vlaams",
    "verplicht_provincie",
    "regelgeving",
    "artikel",
    "geldig_van",
    "geldig_tot",
    "url",
    "ontvangers",
    "termijn",
    "noodprocedure",
    "trefwoorden_nl",
    "trefwoorden_fr",
    "trefwoorden_en",
    "kwaliteit",
    "twijfel",
    "gecontroleerd_op",
    "ruwe_tekst",
];

closed_list! {
    /// How well a row is known.
    Quality {
        /// Somebody compared it with the law.
        Checked = "gecontroleerd",
        /// As the sheet has it.
        Raw = "ruw",
        /// The sheet is damaged here.
        Doubtful = "twijfel",
        /// The same obligation as in an earlier row: kept, and not shown.
        Duplicate = "dubbel",
    }
}

closed_list! {
    /// Yes, no, or not stated.
    Stated {
        /// Yes.
        Yes = "ja",
        /// No.
        No = "nee",
        /// The sheet doesn't say.
        Unknown = "onbekend",
    }
}

closed_list! {
    /// Is it a process for citizens, or one that supports others?
    ProcessKind {
        /// A core process.
        Core = "kern",
        /// A supporting process.
        Supporting = "ondersteunend",
        /// The sheet doesn't say.
        Unknown = "onbekend",
    }
}

/// One obligation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// The row in the team's sheet.
    #[serde(rename = "bron_rij")]
    pub source_row: u32,
    /// Policy field.
    #[serde(rename = "beleidsdomein")]
    pub policy_field: String,
    /// Core or supporting.
    #[serde(rename = "procestype")]
    _process_kind: ProcessKind,
    /// The process that it belongs to.
    #[serde(rename = "proces")]
    pub process: String,
    /// The occasion: what happened so that something must be reported.
    #[serde(rename = "subproces")]
    pub occasion: String,
    /// Who must send it: kinds of body.
    #[serde(rename = "afzender", deserialize_with = "list")]
    pub senders: Vec<String>,
    /// Is it owed to the Flemish level?
    #[serde(rename = "verplicht_vlaams")]
    pub owed_to_flanders: Stated,
    /// Is it owed to the province?
    #[serde(rename = "verplicht_provincie")]
    pub owed_to_province: Stated,
    /// The decree or circular.
    #[serde(rename = "regelgeving")]
    pub regulation: String,
    /// Its article.
    #[serde(rename = "artikel")]
    pub article: String,
    /// From when the article holds in this form; empty where the sheet doesn't say.
    #[serde(rename = "geldig_van")]
    pub valid_from: String,
    /// Until when.
    #[serde(rename = "geldig_tot")]
    pub valid_until: String,
    /// The text of the law.
    pub url: String,
    /// Who must get it.
    #[serde(rename = "ontvangers", deserialize_with = "list")]
    pub addressees: Vec<String>,
    /// Within which time; empty where the sheet doesn't say.
    #[serde(rename = "termijn")]
    pub term: String,
    /// How to go on without IT; empty where nobody wrote it yet.
    #[serde(rename = "noodprocedure")]
    pub fallback: String,
    /// Words by which it is found.
    #[serde(rename = "trefwoorden_nl", deserialize_with = "list")]
    keywords_nl: Vec<String>,
    /// French words by which it is found.
    #[serde(rename = "trefwoorden_fr", deserialize_with = "list")]
    keywords_fr: Vec<String>,
    /// English words by which it is found.
    #[serde(rename = "trefwoorden_en", deserialize_with = "list")]
    keywords_en: Vec<String>,
    /// How well the row is known.
    #[serde(rename = "kwaliteit")]
    pub quality: Quality,
    /// What is in doubt.
    #[serde(rename = "twijfel")]
    pub doubt: String,
    /// The day on which somebody last compared the row with its source.
    #[serde(rename = "gecontroleerd_op")]
    pub checked_on: String,
    /// The cells as they came, for whoever mends the row.
    #[serde(rename = "ruwe_tekst")]
    _raw: String,
    /// The line of the file, counted from 1.
    #[serde(skip)]
    pub line: usize,
}

impl Obligation {
    /// Its name in answers and records: the occasion as a slug.
    pub fn id(&self) -> String {
        slug(&self.occasion)
    }

    /// Is it the same as an earlier row? Then it is kept, and not shown.
    pub fn is_a_duplicate(&self) -> bool {
        self.quality == Quality::Duplicate
    }

    /// The words by which it is found.
    pub fn keywords(&self) -> Keywords {
        Keywords {
            nl: self.keywords_nl.clone(),
            fr: self.keywords_fr.clone(),
            en: self.keywords_en.clone(),
        }
    }
}

/// Reads the inventory: separated by commas or, as a Dutch Excel saves it, by semicolons.
///
/// # Errors
/// Every row that isn't in order, with its line.
pub fn load(text: &str) -> Result<Vec<Obligation>, Vec<Trouble>> {
    // Excel may say first what separates the cells.
    let (skipped, text) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_start().starts_with("sep=") => (1, rest),
        _ => (0, text),
    };
    let header = text.lines().next().unwrap_or_default();
    let separator = if header.matches(';').count() > header.matches(',').count() {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = reader
        .headers()
        .cloned()
        .map_err(|error| Trouble::at(PATH, 1, in_words(&error, &csv::StringRecord::new())))?;
    check_columns(&headers)?;
    let mut rows: Vec<Obligation> = Vec::new();
    let mut seen = BTreeMap::new();
    let mut troubles = Vec::new();
    for record in reader.records() {
        let line = |position: Option<&csv::Position>| {
            position.map_or(0, |at| usize::try_from(at.line()).unwrap_or_default()) + skipped
        };
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                troubles.push(Trouble::at(
                    PATH,
                    line(error.position()),
                    in_words(&error, &headers),
                ));
                continue;
            }
        };
        // A spreadsheet keeps rows that were emptied.
        if record.iter().all(str::is_empty) {
            continue;
        }
        let at = line(record.position());
        match record.deserialize::<Obligation>(Some(&headers)) {
            Ok(row) => {
                troubles.extend(wrong_in(&row, at, &mut seen));
                rows.push(Obligation { line: at, ..row });
            }
            Err(error) => troubles.push(Trouble::at(PATH, at, in_words(&error, &headers))),
        }
    }
    if troubles.is_empty() {
        Ok(rows)
    } else {
        Err(troubles)
    }
}

/// The first line names every column, and no other.
fn check_columns(headers: &csv::StringRecord) -> Result<(), Vec<Trouble>> {
    let missing = COLUMNS
        .iter()
        .filter(|column| !headers.iter().any(|header| header == **column))
        .map(|column| {
            format!("the column {column} is missing; add it, empty where nothing is known")
        });
    let unknown = headers
        .iter()
        .filter(|header| !COLUMNS.contains(header))
        .map(|header| {
            format!("the column \"{header}\" is not known here; remove it or correct its name")
        });
    let troubles: Vec<Trouble> = missing
        .chain(unknown)
        .map(|what| Trouble::at(PATH, 1, what))
        .collect();
    if troubles.is_empty() {
        Ok(())
    } else {
        Err(troubles)
    }
}

/// `seen` holds the line of each obligation so far.
fn wrong_in(row: &Obligation, at: usize, seen: &mut BTreeMap<String, usize>) -> Option<Trouble> {
    let id = row.id();
    if id.is_empty() {
        return Some(Trouble::at(
            PATH,
            at,
            "subproces is empty; write the occasion, it is the name of the obligation",
        ));
    }
    if row.is_a_duplicate() {
        return None;
    }
    let before = seen.insert(id, at)?;
    Some(Trouble::at(
        PATH,
        at,
        format!(
            "\"{}\" stands on line {before} too; give one row kwaliteit dubbel, or name the occasions apart",
            row.occasion
        ),
    ))
}

fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let cell = String::deserialize(deserializer)?;
    let parts = cell.split(';').map(str::trim);
    Ok(parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect())
}

fn in_words(error: &csv::Error, headers: &csv::StringRecord) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!(
            "the row has {len} cells and the first line {expected_len}; put cells that hold a separator in quotes"
        ),
        csv::ErrorKind::Deserialize { err, .. } => {
            let column = err
                .field()
                .and_then(|place| headers.get(usize::try_from(place).ok()?));
            let what = match err.kind() {
                csv::DeserializeErrorKind::ParseInt(_) => {
                    "here must stand a whole number".to_owned()
                }
                kind => plainly(&kind.to_string()),
            };
            match column {
                Some(column) => format!("{column}: {what}"),
                None => what,
            }
        }
        other => format!("the row can't be read ({other:?}); save the sheet as CSV in UTF-8"),
    }
}

/// Small letters, digits and hyphens: `Aanvraag ontslag burgemeester` is `aanvraag-ontslag-burgemeester`.
pub fn slug(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
}

//! The list of constituents: a CSV file outside the project, because it names real bodies. As Excel writes it, with
//! commas or, in Dutch and French, with semicolons.
//!
//! Who stands on it and proves his domain is believed, so nothing in it is guessed: what isn't understood is an error.

use crate::config::error::ConfigError;
use crate::config::listing_words::{body_kind, domain_status};
use crate::domain::domain_name::owned_domain;
use crate::domain::intake::sender::{Constituent, Constituents};
use std::collections::BTreeMap;
use std::path::Path;

/// The columns, in this order.
const COLUMNS: [&str; 6] = [
    "domain",
    "name",
    "kind",
    "status",
    "contact",
    "callback_phone",
];

/// Reads the list. Blank lines are skipped; a wrong row is named by its line.
pub fn read_constituents(path: &Path) -> Result<Constituents, ConfigError> {
    let bytes = std::fs::read(path).map_err(|error| ConfigError::Unreadable {
        key: "constituents.file".to_owned(),
        path: path.to_owned(),
        cause: error.kind(),
    })?;
    let read = match std::str::from_utf8(&bytes) {
        Ok(text) => parse(text),
        Err(error) => Err((line_at(&bytes, error.valid_up_to()), NOT_UTF8.to_owned())),
    };
    read.map_err(|(line, what)| ConfigError::wrong(path, &format!("line {line}"), what))
}

const NOT_UTF8: &str = "is not UTF-8; in Excel save the file as \"CSV UTF-8\"";

fn line_at(bytes: &[u8], place: usize) -> u64 {
    let before = bytes.iter().take(place);
    let ends = before.filter(|byte| **byte == b'\n').count();
    u64::try_from(ends).unwrap_or(u64::MAX).saturating_add(1)
}

fn parse(text: &str) -> Result<Constituents, (u64, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let header = text.lines().next().unwrap_or_default();
    let separator = if header.contains(';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|error| of_row(text, &error))?;
    let named = columns.iter().map(str::to_lowercase);
    if !named.eq(COLUMNS.iter().map(|column| (*column).to_owned())) {
        let (commas, semicolons) = (COLUMNS.join(","), COLUMNS.join(";"));
        return Err((1, format!("must be {commas} or {semicolons}")));
    }
    let mut listed = Vec::new();
    let mut lines = BTreeMap::new();
    for row in reader.records() {
        let row = row.map_err(|error| of_row(text, &error))?;
        // A spreadsheet keeps rows that were emptied.
        if row.iter().all(str::is_empty) {
            continue;
        }
        let line = line_of(text, row.position());
        let constituent = constituent(&row).map_err(|what| (line, what))?;
        if let Some(first) = lines.insert(constituent.domain.clone(), line) {
            let domain = constituent.domain;
            return Err((
                line,
                format!("{domain} stands in line {first} too; leave one of them out"),
            ));
        }
        listed.push(constituent);
    }
    Ok(Constituents(listed))
}

/// The line on which a row begins. The reader counts from the blank lines before it.
fn line_of(text: &str, begin: Option<&csv::Position>) -> u64 {
    let (line, byte) = begin.map_or((1, 0), |begin| (begin.line(), begin.byte()));
    let rest = text
        .bytes()
        .skip(usize::try_from(byte).unwrap_or(usize::MAX));
    let blank = rest.take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let blank = blank.filter(|byte| *byte == b'\n').count();
    line.saturating_add(u64::try_from(blank).unwrap_or(u64::MAX))
}

fn of_row(text: &str, error: &csv::Error) -> (u64, String) {
    let line = line_of(text, error.position());
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths { len, .. } => format!(
            "has {len} columns, where the first line names {}; put a value with a comma or semicolon in it between double quotes",
            COLUMNS.len()
        ),
        _ => "can't be read as CSV".to_owned(),
    };
    (line, what)
}

fn constituent(row: &csv::StringRecord) -> Result<Constituent, String> {
    let field = |column: usize| row.get(column).unwrap_or_default().to_owned();
    let domain = owned_domain(&field(0))
        .map_err(|why| format!("the domain \"{}\" can't be listed: {why}", field(0)))?;
    Ok(Constituent {
        domain,
        name: field(1),
        kind: body_kind(&field(2))?,
        status: domain_status(&field(3))?,
        contact: field(4),
        callback_phone: field(5),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::intake::listing::DomainStatus;

    const HEADER: &str = "domain,name,kind,status,contact,callback_phone\n";

    fn told(text: &str) -> String {
        match parse(text) {
            Ok(Constituents(listed)) => {
                let domains: Vec<String> = listed.into_iter().map(|one| one.domain).collect();
                domains.join(" ")
            }
            Err((line, what)) => format!("line {line}: {what}"),
        }
    }

    #[test]
    fn a_list_is_read_as_spreadsheets_write_it() {
        let semicolons = HEADER.replace(',', ";");
        for text in [
            format!("{HEADER}@Hackegem.example.,Hackegem,gemeente,active,An,0000\n"),
            format!("{HEADER}\n\nhackegem.example,\"Hackegem, stad\",Stad,Actief,,\n,,,,,\n"),
            format!("\u{feff}{HEADER}hackegem.example,Hackegem,gemeente,,,\n"),
            format!(
                "\u{feff}{semicolons}hackegem.example;Hackegem, stad;gemeente;actif;;\r\n;;;;;\r\n"
            ),
            format!("{}hackegem.example,Hackegem,,,,\n", HEADER.to_uppercase()),
        ] {
            assert_eq!(told(&text), "hackegem.example", "{text}");
        }
    }

    #[test]
    fn only_what_is_said_to_be_in_use_proves_anything() {
        let text = format!(
            "{HEADER}a.example,A,gemeente,actief,,\nb.example,B,gemeente,merged_2025,,\nc.example,C,gemeente,niet_actief,,\n"
        );
        let Constituents(listed) = parse(&text).unwrap();
        let found: Vec<DomainStatus> = listed.iter().map(|one| one.status).collect();
        assert_eq!(found, DomainStatus::ALL);
    }

    #[test]
    fn a_mistake_is_named_with_its_line_and_what_is_allowed() {
        for (rows, expected) in [
            (
                "a.example,A,gemeente,actve,,\n",
                "line 2: the status \"actve\" is unknown; write active (actief, actif), merged",
            ),
            (
                "\n\na.example,A,gemeent,active,,\n",
                "line 4: the kind \"gemeent\" is unknown; write gemeente",
            ),
            (
                "a.example,A,gemeente,active,,\nb.example\n",
                "line 3: has 1 columns, where the first line names 6",
            ),
            (
                "a.example,A, Ham,gemeente,active,,\n",
                "line 2: has 7 columns",
            ),
            (
                "geen domein,A,gemeente,active,,\n",
                "line 2: the domain \"geen domein\" can't be listed: write a domain",
            ),
            (
                "an@a.example,A,gemeente,active,,\n",
                "line 2: the domain \"an@a.example\" can't be listed: write only",
            ),
            (
                "be,A,gemeente,active,,\n",
                "line 2: the domain \"be\" can't be listed: names under it",
            ),
            (
                "gmail.com,A,gemeente,active,,\n",
                "line 2: the domain \"gmail.com\" can't be listed: anybody",
            ),
            (
                "a.example,A,gemeente,active,,\n\nA.example.,B,ocmw,active,,\n",
                "line 4: a.example stands in line 2 too",
            ),
            (
                "café.example,A,gemeente,active,,\nxn--caf-dma.example,B,ocmw,active,,\n",
                "line 3: xn--caf-dma.example stands in line 2 too",
            ),
        ] {
            let found = told(&format!("{HEADER}{rows}"));
            assert!(found.starts_with(expected), "{rows}: {found}");
        }
        assert!(told("domein,naam\n").starts_with("line 1: must be domain,name,"));
        assert!(told("").starts_with("line 1: must be domain,name,"));
    }

    #[test]
    fn a_file_in_another_character_set_is_told_how_to_save_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("list.csv");
        std::fs::write(
            &file,
            [HEADER.as_bytes(), b"caf\xe9.example,A,,,,\n"].concat(),
        )
        .unwrap();
        let error = read_constituents(&file).unwrap_err().to_string();
        assert!(error.contains("line 2: is not UTF-8; in Excel"), "{error}");
    }

    #[test]
    fn the_example_is_a_good_list() {
        let example = include_str!("../../knowledge/constituents.example.csv");
        assert_eq!(parse(example).unwrap().0.len(), 6);
    }
}

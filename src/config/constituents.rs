//! The list of constituents: a CSV file outside the project, because it names real bodies.

use crate::config::error::ConfigError;
use crate::domain::intake::sender::{Constituent, Constituents};
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
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
        key: "constituents.file".to_owned(),
        path: path.to_owned(),
        cause: error.kind(),
    })?;
    parse(&text).map_err(|(line, what)| ConfigError::wrong(path, &format!("line {line}"), what))
}

fn parse(text: &str) -> Result<Constituents, (u64, String)> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = reader
        .headers()
        .map_err(|_| (1, "is not CSV in UTF-8".to_owned()))?;
    if !columns.iter().eq(COLUMNS) {
        return Err((1, format!("the first line must be {}", COLUMNS.join(","))));
    }
    let mut listed = Vec::new();
    for (index, row) in reader.records().enumerate() {
        let line = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(2);
        let row = row.map_err(|_| {
            (
                line,
                "has another number of columns than the first".to_owned(),
            )
        })?;
        let field = |column: usize| row.get(column).unwrap_or_default().to_owned();
        let domain = field(0).trim_start_matches('@').to_lowercase();
        if domain.is_empty() || domain.contains(|c: char| c.is_whitespace() || c == '@') {
            return Err((
                line,
                "the domain must look like hackegem.example".to_owned(),
            ));
        }
        listed.push(Constituent {
            domain,
            name: field(1),
            kind: field(2),
            status: field(3),
            contact: field(4),
            callback_phone: field(5),
        });
    }
    Ok(Constituents(listed))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "domain,name,kind,status,contact,callback_phone\n";

    #[test]
    fn a_list_is_read() {
        let text = format!("{HEADER}@Hackegem.example,Hackegem,gemeente,active,An,0000\n");
        let Constituents(listed) = parse(&text).unwrap();
        assert_eq!(listed.first().unwrap().domain, "hackegem.example");
    }

    #[test]
    fn a_wrong_row_is_named_by_its_line() {
        assert_eq!(parse("domein,naam\n").unwrap_err().0, 1);
        assert_eq!(
            parse(&format!("{HEADER}a.example,A,g,active,,\nb.example\n"))
                .unwrap_err()
                .0,
            3
        );
        assert_eq!(
            parse(&format!("{HEADER}geen domein,A,g,active,,\n"))
                .unwrap_err()
                .0,
            2
        );
    }
}

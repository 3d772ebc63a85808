//! Markdown as the knowledge folder uses it: cut into sections, and turned into plain text.
//!
//! Not a Markdown parser: headings, list items, tables, emphasis, code marks and links are all that is known.

use std::collections::BTreeSet;

/// A section of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading; empty before the first one.
    pub heading: String,
    /// The text, plain.
    pub text: String,
    /// The line of the file on which it starts, counted from 1.
    pub line: usize,
    /// The other memos that it links to, by file name, in the order of the text.
    pub links: Vec<String>,
}

/// Cuts a body that starts at this line of its file at its `## ` headings. A `# ` heading is the title and
/// starts nothing.
pub fn sections(body: &str, first_line: usize) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut heading = ("", first_line);
    let mut lines: Vec<&str> = Vec::new();
    for (count, line) in body.lines().enumerate() {
        if let Some(next) = line.strip_prefix("## ") {
            push(&mut sections, heading, &lines);
            heading = (next.trim(), first_line + count);
            lines.clear();
        } else if !line.starts_with("# ") {
            lines.push(line);
        }
    }
    push(&mut sections, heading, &lines);
    sections
}

fn push(sections: &mut Vec<Section>, (heading, line): (&str, usize), lines: &[&str]) {
    let text = plain(lines);
    if !text.is_empty() {
        sections.push(Section {
            heading: plain_line(heading),
            text,
            line,
            links: links(lines),
        });
    }
}

/// The memos to which lines link: `[MFA](mfa)`, `[eerst](mfa#kop)`.
fn links(lines: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let behind = lines.iter().flat_map(|line| line.split("](").skip(1));
    for address in behind.filter_map(|behind| Some(behind.split_once(')')?.0)) {
        let name = address.split('#').next().unwrap_or(address);
        let is_name = !name.is_empty() && !name.contains([':', '/', '.', ' ']);
        if is_name && known.insert(name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// Lines as plain text: wrapped paragraphs, list items and rows of a table become one line each.
pub fn plain(lines: &[&str]) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut open = false;
    let mut in_table = false;
    for line in lines {
        let bare = line.trim();
        if let Some(cells) = row(bare) {
            if !cells.is_empty() {
                let cells = cells.join(" · ");
                blocks.push(if in_table {
                    format!("- {cells}")
                } else {
                    format!("{cells}:")
                });
            }
            (open, in_table) = (false, true);
            continue;
        }
        in_table = false;
        if bare.is_empty() {
            open = false;
            continue;
        }
        let heading = bare.starts_with('#');
        let item = list_item(bare);
        match blocks.last_mut() {
            Some(block) if open && item.is_none() && !heading => {
                block.push(' ');
                block.push_str(&plain_line(bare));
            }
            _ => blocks.push(match item {
                Some((mark, text)) => format!("{mark} {}", plain_line(text)),
                None => plain_line(bare.trim_start_matches('#').trim_start()),
            }),
        }
        open = !heading;
    }
    blocks.join("\n")
}

/// A list item as its mark and its text. A number stays: steps have an order.
fn list_item(line: &str) -> Option<(&str, &str)> {
    let bullet = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    bullet.map(|text| ("-", text)).or_else(|| {
        let (number, text) = line.split_once(". ")?;
        let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        let mark = line.get(..=number.len())?;
        is_number.then_some((mark, text))
    })
}

/// The cells of a table's row; none for the line below its head. `None` where the line is no row.
fn row(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    let is_rule = inner.chars().all(|c| matches!(c, '-' | ':' | '|' | ' '));
    let cells = inner.split('|').map(|cell| plain_line(cell.trim()));
    Some(if is_rule { Vec::new() } else { cells.collect() })
}

/// One line without marks: `**bold**` is bold, `[text](address)` is text (address).
fn plain_line(line: &str) -> String {
    let line = line.replace("**", "").replace('`', "");
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some((before, behind)) = rest.split_once("](") {
        let Some((address, after)) = behind.split_once(')') else {
            break;
        };
        match before.rsplit_once('[') {
            Some((front, text)) if !text.contains(']') => {
                plain.push_str(front);
                plain.push_str(text);
            }
            _ => plain.push_str(before),
        }
        if address.starts_with("http") {
            plain.push_str(" (");
            plain.push_str(address);
            plain.push(')');
        }
        rest = after;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_falls_into_sections_of_plain_text() {
        let body = "# MFA\n\nEen **tweede**\nstap.\n\n## Eerst\n1. Zet `MFA` aan\n   voor beheer.\n\
                    - Lees [dit](https://x.example/a) of [dat](mfa).\n\n## Leeg\n\n";
        assert_eq!(
            sections(body, 5),
            [
                Section {
                    heading: String::new(),
                    text: "Een tweede stap.".into(),
                    line: 5,
                    links: vec![],
                },
                Section {
                    heading: "Eerst".into(),
                    text: "1. Zet MFA aan voor beheer.\n- Lees dit (https://x.example/a) of dat."
                        .into(),
                    line: 10,
                    links: vec!["mfa".into()],
                },
            ]
        );
    }

    #[test]
    fn a_table_becomes_a_line_for_each_row() {
        let table = [
            "Begin zo:",
            "",
            "| Stap | Bron |",
            "|---|:--|",
            "| 1 | **AD** |",
            "| 2 | VPN |",
            "",
            "Klaar.",
        ];
        assert_eq!(
            plain(&table),
            "Begin zo:\nStap · Bron:\n- 1 · AD\n- 2 · VPN\nKlaar."
        );
    }

    #[test]
    fn half_a_link_stays_as_it_is() {
        assert_eq!(plain(&["zie [dit](zonder einde"]), "zie [dit](zonder einde");
        assert_eq!(plain(&["[[police]] en ](x) los"]), "[[police]] en  los");
    }
}

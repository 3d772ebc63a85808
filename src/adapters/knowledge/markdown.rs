//! Markdown as the knowledge folder uses it: cut into sections, and turned into plain text.
//!
//! Not a Markdown parser: headings, list items, emphasis, code marks and links are all that is known.

/// A section of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading; empty before the first one.
    pub heading: String,
    /// The text, plain.
    pub text: String,
}

/// Cuts a body at its `## ` headings. A `# ` heading is the title and starts nothing.
pub fn sections(body: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut heading = "";
    let mut lines: Vec<&str> = Vec::new();
    for line in body.lines() {
        if let Some(next) = line.strip_prefix("## ") {
            push(&mut sections, heading, &lines);
            heading = next.trim();
            lines.clear();
        } else if !line.starts_with("# ") {
            lines.push(line);
        }
    }
    push(&mut sections, heading, &lines);
    sections
}

fn push(sections: &mut Vec<Section>, heading: &str, lines: &[&str]) {
    let text = plain(lines);
    if !text.is_empty() {
        sections.push(Section {
            heading: plain_line(heading),
            text,
        });
    }
}

/// Lines as plain text: wrapped paragraphs and list items become one line each.
pub fn plain(lines: &[&str]) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut open = false;
    for line in lines {
        let bare = line.trim();
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
                Some(text) => format!("- {}", plain_line(text)),
                None => plain_line(bare.trim_start_matches('#').trim_start()),
            }),
        }
        open = !heading;
    }
    blocks.join("\n")
}

fn list_item(line: &str) -> Option<&str> {
    line.strip_prefix("- ")
        .or_else(|| line.strip_prefix("* "))
        .or_else(|| {
            let (number, text) = line.split_once(". ")?;
            (!number.is_empty() && number.chars().all(|c| c.is_ascii_digit())).then_some(text)
        })
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
            sections(body),
            [
                Section {
                    heading: String::new(),
                    text: "Een tweede stap.".into()
                },
                Section {
                    heading: "Eerst".into(),
                    text: "- Zet MFA aan voor beheer.\n- Lees dit (https://x.example/a) of dat."
                        .into()
                },
            ]
        );
    }

    #[test]
    fn half_a_link_stays_as_it_is() {
        assert_eq!(plain(&["zie [dit](zonder einde"]), "zie [dit](zonder einde");
        assert_eq!(plain(&["[[police]] en ](x) los"]), "[[police]] en  los");
    }
}

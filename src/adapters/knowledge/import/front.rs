//! The front matter of a Markdown file from elsewhere: TOML between `+++`, or the plain keys of YAML between `---`.
//!
//! Of YAML only `key: value` and simple lists are understood: titles, labels and dates are written so everywhere. `---` is
//! a rule of Markdown too: what stands between two of them is text, unless each line of it may be of YAML.

use crate::adapters::knowledge::import::dates;
use crate::adapters::knowledge::import::limits::Refusal;
use crate::adapters::knowledge::import::plain::labels;
use crate::adapters::knowledge::import::tidy::one_line;
use jiff::civil::Date;

/// What a memo can use of it.
#[derive(Debug, Default)]
pub(super) struct Front {
    pub(super) title: String,
    pub(super) url: String,
    pub(super) version: String,
    pub(super) labels: Vec<String>,
    pub(super) changed_on: Option<Date>,
}

impl Front {
    /// Takes a file apart into its front matter and its text.
    ///
    /// # Errors
    /// Where there is TOML that can't be read.
    pub(super) fn split(text: &str) -> Result<(Self, &str), Refusal> {
        let text = text.trim_start_matches('\u{feff}');
        for fence in ["+++", "---"] {
            if let Some((front, body)) = between(text, fence) {
                if fence == "+++" {
                    return Ok((Self::of_toml(front)?, body));
                }
                if is_of_keys(front) {
                    return Ok((Self::of_lines(front), body));
                }
            }
        }
        Ok((Self::default(), text))
    }

    fn of_toml(text: &str) -> Result<Self, Refusal> {
        let table: toml::Table = toml::from_str(text).map_err(|_| {
            Refusal::because("its front matter isn't proper TOML; mend it, or take it away")
        })?;
        let mut front = Self::default();
        for (key, value) in &table {
            match value {
                toml::Value::Array(list) => {
                    let words = list.iter().filter_map(toml::Value::as_str);
                    front.take(key, &words.collect::<Vec<_>>().join(","));
                }
                toml::Value::String(text) => front.take(key, text),
                toml::Value::Datetime(day) => front.take(key, &day.to_string()),
                _ => {}
            }
        }
        Ok(front)
    }

    fn of_lines(text: &str) -> Self {
        let mut front = Self::default();
        let mut last = "";
        let mut items: Vec<&str> = Vec::new();
        for line in text.lines() {
            if let Some(item) = line.trim_start().strip_prefix("- ") {
                items.push(unquoted(item));
            } else if let Some((key, value)) = line.split_once(':') {
                front.take_list(last, &mut items);
                last = key.trim();
                let value = value.trim().trim_start_matches('[').trim_end_matches(']');
                front.take(last, unquoted(value));
            }
        }
        front.take_list(last, &mut items);
        front
    }

    /// Takes the items below a key all at once.
    fn take_list(&mut self, key: &str, items: &mut Vec<&str>) {
        if !items.is_empty() {
            self.take(key, &items.join(","));
            items.clear();
        }
    }

    fn take(&mut self, key: &str, value: &str) {
        match key {
            "title" => self.title = one_line(value),
            "url" | "source" => value.clone_into(&mut self.url),
            "version" => self.version = one_line(value),
            "tags" | "labels" | "keywords" => {
                self.labels = labels(value)
                    .iter()
                    .map(|label| unquoted(label).to_owned())
                    .collect();
            }
            "reviewed_on" | "lastmod" | "updated" | "date" => {
                self.changed_on = dates::of_a_time(value).or(self.changed_on);
            }
            _ => {}
        }
    }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// May each line be one of front matter, and is one of them a key? A rule of Markdown looks like its fence.
fn is_of_keys(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut has_key = lines.clone().next().is_none();
    lines.all(|line| {
        let is_key = is_key(line);
        has_key |= is_key;
        is_key
            || line.starts_with([' ', '\t', '#'])
            || line.starts_with("- ")
            || matches!(line.trim_end(), "-" | "]" | "}")
    }) && has_key
}

/// Does a line begin with a key? Of several words it would be a sentence, and `https://` an address.
fn is_key(line: &str) -> bool {
    let is_of_one = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '"' | '\'');
    line.split_once(':').is_some_and(|(key, value)| {
        let key = key.trim_end();
        !key.is_empty() && key.chars().all(is_of_one) && !value.starts_with("//")
    })
}

/// What stands between a first line and the next one that are the fence, and what is behind.
fn between<'a>(text: &'a str, fence: &str) -> Option<(&'a str, &'a str)> {
    let (first, rest) = text.split_once('\n')?;
    if first.trim_end() != fence {
        return None;
    }
    let mut length = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == fence {
            let (front, behind) = rest.split_at_checked(length)?;
            return Some((front, behind.strip_prefix(line).unwrap_or_default()));
        }
        length += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::import::limits::MOST_LABELS;

    #[test]
    fn both_kinds_of_front_matter_are_read() {
        let (toml, body) = Front::split("+++\ntitle = \"Één\"\ntags = [\"a\", \"b\"]\nreviewed_on = \"2026-11-26\"\nduties = []\n+++\nx").unwrap();
        assert_eq!((toml.title.as_str(), body), ("Één", "x"));
        assert_eq!(toml.labels, ["a", "b"]);
        assert_eq!(toml.changed_on.unwrap().to_string(), "2026-11-26");
        let (yaml, body) =
            Front::split("---\r\ntitle: 'Twee'\r\ntags:\r\n  - a\r\n  - \"b c\"\r\n---\r\ny")
                .unwrap();
        assert_eq!((yaml.title.as_str(), body), ("Twee", "y"));
        assert_eq!(yaml.labels, ["a", "b c"]);
        let (none, body) = Front::split("---\ngeen einde").unwrap();
        assert_eq!((none.title.as_str(), body), ("", "---\ngeen einde"));
        assert!(Front::split("+++\nx y\n+++\n").is_err());
    }

    #[test]
    fn between_two_rules_stands_text() {
        for text in [
            "---\nEen zin.\n\n---\nrest",
            "---\n# Kop\n- punt\n---\nrest",
            "---\ntitle: A\nEen zin.\n---\nrest",
            "---\nLet op: dit telt.\n---\nrest",
            "---\nhttps://x.example\n---\nrest",
            "---\n**Opgelet**: dit telt.\n---\nrest",
        ] {
            let (front, body) = Front::split(text).unwrap();
            assert_eq!((front.title.as_str(), body), ("", text));
        }
        let (front, body) = Front::split(
            "---\n# van een ander\ntitle: A\n\ntags: [\n  a\n]\naliases:\n- b\n---\nrest",
        )
        .unwrap();
        assert_eq!((front.title.as_str(), body), ("A", "rest"));
        assert_eq!(Front::split("---\n\n---\nrest").unwrap().1, "rest");
    }

    #[test]
    fn a_list_is_read_once_and_bounded() {
        let text = format!("---\ntags:\n{}---\nx", "  - a\n".repeat(200_000));
        let (front, _) = Front::split(&text).unwrap();
        assert_eq!(front.labels, ["a"; MOST_LABELS]);
    }
}

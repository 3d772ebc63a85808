//! The front matter of a Markdown file from elsewhere: TOML between `+++`, or the plain keys of YAML between `---`.
//!
//! Of YAML only `key: value` and simple lists are understood: titles, labels and dates are written so everywhere.

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
                let front = if fence == "+++" {
                    Self::of_toml(front)?
                } else {
                    Self::of_lines(front)
                };
                return Ok((front, body));
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
        let mut last = String::new();
        let mut items: Vec<&str> = Vec::new();
        for line in text.lines() {
            if let Some(item) = line.trim_start().strip_prefix("- ") {
                items.push(unquoted(item));
                let list = items.join(",");
                front.take(&last, &list);
            } else if let Some((key, value)) = line.split_once(':') {
                items.clear();
                key.trim().clone_into(&mut last);
                let value = value.trim().trim_start_matches('[').trim_end_matches(']');
                front.take(&last, unquoted(value));
            }
        }
        front
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
}

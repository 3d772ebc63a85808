//! Traffic Light Protocol labels (FIRST, TLP 2.0), as they stand in a subject or text.
//!
//! Labels are read as written in English, in any case; they are never translated or guessed.

use regex::Regex;
use std::sync::LazyLock;

static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bTLP\s?:\s?(RED|AMBER\+STRICT|AMBER|GREEN|CLEAR|WHITE)").ok()
});

/// Characters at the start of a text in which a label is looked for.
const LOOK_AT: usize = 4_000;

/// The strictest label in the subject or the start of the text. `TLP:WHITE` of version 1 is `CLEAR`.
pub fn label_in(subject: &str, text: &str) -> Option<&'static str> {
    let looked_at: String = subject
        .chars()
        .chain("\n".chars())
        .chain(text.chars())
        .take(LOOK_AT)
        .collect();
    let pattern = LABEL.as_ref()?;
    let found: Vec<String> = pattern
        .captures_iter(&looked_at)
        .filter_map(|captures| captures.get(1).map(|label| label.as_str().to_uppercase()))
        .collect();
    [
        ("RED", "TLP:RED"),
        ("AMBER+STRICT", "TLP:AMBER+STRICT"),
        ("AMBER", "TLP:AMBER"),
        ("GREEN", "TLP:GREEN"),
        ("CLEAR", "TLP:CLEAR"),
        ("WHITE", "TLP:CLEAR"),
    ]
    .into_iter()
    .find(|(word, _)| found.iter().any(|label| label == word))
    .map(|(_, label)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_label_counts_and_nothing_is_guessed() {
        for (subject, text, expected) in [
            ("[TLP:AMBER] lek", "", Some("TLP:AMBER")),
            ("tlp:amber+strict", "TLP: GREEN", Some("TLP:AMBER+STRICT")),
            ("", "TLP:WHITE", Some("TLP:CLEAR")),
            ("TLP:RED", "TLP:CLEAR", Some("TLP:RED")),
            ("TLP oranje", "TLP geel", None),
        ] {
            assert_eq!(label_in(subject, text), expected, "{subject} {text}");
        }
    }
}

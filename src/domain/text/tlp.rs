//! Traffic Light Protocol labels as they stand in a subject or text. What they mean stands in `domain::tlp`.
//!
//! Labels are read as written in English, in any case; they are never translated or guessed.

use crate::domain::tlp::Label;
use regex::Regex;
use std::sync::LazyLock;

static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bTLP\s*:\s*(RED|AMBER\+STRICT|AMBER|GREEN|CLEAR|WHITE)\b").ok()
});
/// The same with the brackets around it and the blanks behind it.
static IN_A_SUBJECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let label = r"TLP\s*:\s*(?:RED|AMBER\+STRICT|AMBER|GREEN|CLEAR|WHITE)\b";
    Regex::new(&format!(
        r"(?i)(?:\[\s*{label}\s*\]|\(\s*{label}\s*\)|\b{label})\s*"
    ))
    .ok()
});

/// Characters at the start of a text in which a label is looked for.
const LOOK_AT: usize = 4_000;

/// The strictest label in the subject or the start of the text. `TLP:WHITE` of version 1 is `CLEAR`.
pub fn label_in(subject: &str, text: &str) -> Option<Label> {
    let looked_at: String = subject
        .chars()
        .chain("\n".chars())
        .chain(text.chars())
        .take(LOOK_AT)
        .collect();
    let labels = LABEL.as_ref()?.captures_iter(&looked_at);
    labels
        .filter_map(|captures| Label::read(captures.get(1)?.as_str()))
        .max()
}

/// A subject without the labels in it, so that another one can be set.
pub fn without_labels(subject: &str) -> String {
    match IN_A_SUBJECT.as_ref() {
        Some(pattern) => pattern.replace_all(subject, "").trim().to_owned(),
        None => subject.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_label_counts_and_nothing_is_guessed() {
        for (subject, text, expected) in [
            ("[TLP:AMBER] lek", "", Some(Label::Amber)),
            ("tlp:amber+strict", "TLP: GREEN", Some(Label::AmberStrict)),
            ("", "TLP:WHITE", Some(Label::Clear)),
            ("TLP:RED", "TLP:CLEAR", Some(Label::Red)),
            ("TLP oranje", "TLP geel", None),
            ("TLP:  RED", "", Some(Label::Red)),
            ("TLP:REDACTED", "TLP:redelijk", None),
        ] {
            assert_eq!(label_in(subject, text), expected, "{subject} {text}");
        }
    }

    #[test]
    fn a_label_is_taken_out_of_a_subject_with_its_brackets() {
        for (subject, without) in [
            ("[TLP:AMBER+STRICT] Re: lek", "Re: lek"),
            ("Re: [TLP:RED] lek", "Re: lek"),
            ("lek (tlp: green)", "lek"),
            ("TLP:CLEAR lek", "lek"),
            ("TLP:AMBERGRIS", "TLP:AMBERGRIS"),
            ("TLP:RED", ""),
            ("lek", "lek"),
        ] {
            assert_eq!(without_labels(subject), without, "{subject}");
        }
    }
}

//! Names within addresses: of the pages of memos, and of the places on a page.

use crate::adapters::knowledge::archive::version_of;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// Longest name made of a text, in characters.
const LONGEST: usize = 60;
/// Letters of the fingerprint behind a name that had to be changed.
const FINGERPRINT: usize = 8;

/// The places of one page, each once.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    taken: BTreeSet<String>,
    /// The last number behind each name: a page of equal headings isn't counted through for each.
    last: BTreeMap<String, usize>,
}

impl Anchors {
    /// A place for this text that nothing before it has.
    pub(super) fn free(&mut self, text: &str) -> String {
        let wanted = slug(text);
        let mut anchor = wanted.clone();
        let mut count = self.last.get(&wanted).copied().unwrap_or(1);
        while !self.taken.insert(anchor.clone()) {
            count += 1;
            anchor = format!("{wanted}-{count}");
        }
        self.last.insert(wanted, count);
        anchor
    }
}

/// A text as small letters without accents, digits and dashes. The layout's own places have a `_` in their names.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.nfkd().flat_map(char::to_lowercase) {
        if slug.len() >= LONGEST {
            // Not in the middle of a word, where there is more than one.
            if c.is_ascii_alphanumeric() && !slug.ends_with('-') {
                slug.truncate(slug.rfind('-').unwrap_or(LONGEST));
            }
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if (c.is_whitespace() || c.is_ascii_punctuation())
            && !slug.is_empty()
            && !slug.ends_with('-')
        {
            slug.push('-');
        }
    }
    let bare = slug.trim_end_matches('-');
    if bare.is_empty() { "deel" } else { bare }.to_owned()
}

/// The name of a memo's page without its ending: that of the memo where it is plain, else one made of it.
pub(super) fn page_name(memo: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !memo.is_empty() && memo.len() <= LONGEST && memo.chars().all(plain) {
        return memo.to_owned();
    }
    let fingerprint: String = version_of(memo).chars().take(FINGERPRINT).collect();
    format!("{}-{fingerprint}", slug(memo))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_once() {
        let mut anchors = Anchors::default();
        assert_eq!(
            anchors.free("Hoelang bewaart u logs?"),
            "hoelang-bewaart-u-logs"
        );
        assert_eq!(
            anchors.free("Hoelang: bewaart u LOGS"),
            "hoelang-bewaart-u-logs-2"
        );
        assert_eq!(anchors.free("Één déél"), "een-deel");
        assert_eq!(anchors.free("§ \"<>\""), "deel");
        assert_eq!(anchors.free("!!!"), "deel-2");
        assert_eq!(anchors.free("deel 3"), "deel-3");
        assert_eq!(anchors.free("???"), "deel-4");
        let long = "Mag een medewerker gegevens van inwoners in een chatbot plakken?";
        assert_eq!(
            anchors.free(long),
            "mag-een-medewerker-gegevens-van-inwoners-in-een-chatbot"
        );
        assert_eq!(anchors.free(&"a".repeat(200)), "a".repeat(LONGEST));
    }

    #[test]
    fn a_memo_keeps_its_plain_name_and_no_other_one() {
        assert_eq!(page_name("mfa"), "mfa");
        for odd in ["..", "a b", "a\"b", "MFA", "<x>", "a\\b", "é", ""] {
            let name = page_name(odd);
            assert!(
                name.chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
                "{name}"
            );
            assert_ne!(name, odd);
        }
        assert_ne!(page_name("a b"), page_name("a_b"));
    }
}

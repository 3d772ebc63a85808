//! The name of a memo's file, made of its title.

use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest name, in characters.
const LONGEST: usize = 60;
/// Longest beginning that numbers are counted for: it stays whole before a number of up to five digits.
const LONGEST_COUNTED: usize = LONGEST - 6;

/// The title folded: `Één herstel na ransomware!` is `een-herstel-na-ransomware`.
pub(super) fn of_title(title: &str) -> String {
    let mut slug = String::new();
    for c in title.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => slug.push_str("ss"),
            'æ' | 'Æ' => slug.push_str("ae"),
            'œ' | 'Œ' => slug.push_str("oe"),
            'ø' | 'Ø' => slug.push('o'),
            '\'' | '’' => {}
            c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    let whole = slug.trim_end_matches('-');
    let mut short: String = whole.chars().take(LONGEST).collect();
    // Not in the middle of a word, where that leaves enough.
    let behind = whole.strip_prefix(short.as_str()).unwrap_or_default();
    let is_cut = !behind.is_empty() && !behind.starts_with('-');
    if is_cut
        && let Some((words, _)) = short.rsplit_once('-')
        && words.len() > LONGEST / 2
    {
        short = words.to_owned();
    }
    let short = short.trim_end_matches('-');
    // `README` is no memo, whatever its letters.
    match short {
        "" => "pagina".to_owned(),
        "readme" => "readme-pagina".to_owned(),
        slug => slug.to_owned(),
    }
}

/// Names, each of which is given once.
#[derive(Debug)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    /// The last number behind each beginning: thousands of pages of one title don't each count from the first one.
    last: BTreeMap<String, usize>,
}

impl Names {
    /// Names of which these are taken already.
    pub(super) fn new(taken: BTreeSet<String>) -> Self {
        Self {
            taken,
            last: BTreeMap::new(),
        }
    }

    /// Takes this name, or it with the next number behind it that is free.
    pub(super) fn take(&mut self, slug: &str) -> String {
        if self.taken.insert(slug.to_owned()) {
            return slug.to_owned();
        }
        let counted = slug.chars().take(LONGEST_COUNTED).collect();
        let number = self.last.entry(counted).or_insert(1);
        loop {
            *number += 1;
            let ending = format!("-{number}");
            let kept: String = slug.chars().take(LONGEST - ending.len()).collect();
            let name = format!("{}{ending}", kept.trim_end_matches('-'));
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_folded_and_cut_between_words() {
        assert_eq!(
            of_title("Één herstel: ná 'ransomware' (2026)!"),
            "een-herstel-na-ransomware-2026"
        );
        assert_eq!(of_title("../../etc/passwd"), "etc-passwd");
        assert_eq!(of_title("日本"), "pagina");
        assert_eq!(of_title("README"), "readme-pagina");
        let long = of_title(&"woordenboek ".repeat(12));
        assert_eq!(
            long,
            "woordenboek-woordenboek-woordenboek-woordenboek-woordenboek"
        );
        assert_eq!(of_title(&"x".repeat(90)).len(), 60);
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let taken = BTreeSet::from(["a".to_owned(), "a-2".to_owned(), "x".repeat(60)]);
        let mut names = Names::new(taken);
        assert_eq!(names.take("b"), "b");
        assert_eq!(names.take("a"), "a-3");
        let long = names.take(&"x".repeat(60));
        assert_eq!((long.len(), long.ends_with("x-2")), (60, true));
        assert!(names.take(&"x".repeat(60)).ends_with("x-3"));
    }

    #[test]
    fn pages_of_one_title_by_the_thousand_each_get_the_next_number() {
        let mut names = Names::new(BTreeSet::new());
        let given: Vec<String> = (0..20_000).map(|_| names.take("pagina")).collect();
        assert_eq!(given.last().unwrap(), "pagina-20000");
    }
}

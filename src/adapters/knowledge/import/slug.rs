//! The name of a memo's file, made of its title.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest name, in characters.
const LONGEST: usize = 60;

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

/// This name, or with the first number behind it that is free.
pub(super) fn free(slug: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(slug) {
        return slug.to_owned();
    }
    let mut number = 2_usize;
    loop {
        let ending = format!("-{number}");
        let kept: String = slug.chars().take(LONGEST - ending.len()).collect();
        let name = format!("{}{ending}", kept.trim_end_matches('-'));
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
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
        let mut taken = BTreeSet::from(["a".to_owned(), "a-2".to_owned(), "x".repeat(60)]);
        assert_eq!(free("b", &taken), "b");
        assert_eq!(free("a", &taken), "a-3");
        let long = free(&"x".repeat(60), &taken);
        assert_eq!((long.len(), long.ends_with("x-2")), (60, true));
        taken.insert(long);
        assert!(free(&"x".repeat(60), &taken).ends_with("x-3"));
    }
}

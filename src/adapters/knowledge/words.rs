//! From a text to its words: folded, with known spellings made one, without stop words.
//!
//! The same for what is indexed and what is asked, so that both meet.

use crate::adapters::knowledge::stop_words;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest word that is kept, in characters; longer ones are hashes or noise.
const LONGEST_WORD: usize = 40;

/// Spellings that are one word, replaced in the folded text.
const ONE_WORD: [(&str, &str); 26] = [
    ("3-2-1", "regel321"),
    ("phising", "phishing"),
    ("pishing", "phishing"),
    ("paswoord", "wachtwoord"),
    ("back-up", "backup"),
    ("back up", "backup"),
    ("e-mail", "mail"),
    ("wi-fi", "wifi"),
    ("nis-2", "nis2"),
    ("nis 2", "nis2"),
    ("tik tok", "tiktok"),
    ("qr-code", "qrcode"),
    ("qr code", "qrcode"),
    ("2fa", "mfa"),
    ("two-factor", "mfa"),
    ("two factor", "mfa"),
    ("multi-factor", "mfa"),
    ("multifactor", "mfa"),
    ("double facteur", "mfa"),
    ("deux facteurs", "mfa"),
    ("double authentification", "mfa"),
    ("twee-factor", "mfa"),
    ("tweefactor", "mfa"),
    ("tweestaps", "mfa"),
    ("mot de passe", "motdepasse"),
    ("mots de passe", "motdepasse"),
];

/// Words that mean the same, in the form they are indexed in.
const SAME_WORD: [(&str, &str); 20] = [
    ("paswoord", "wachtwoord"),
    ("paswoorden", "wachtwoord"),
    ("pasword", "wachtwoord"),
    ("gijzelsoftware", "ransomware"),
    ("rancongiciel", "ransomware"),
    ("email", "mail"),
    ("emails", "mails"),
    ("courriel", "mail"),
    ("courriels", "mail"),
    ("mfaauthenticatie", "mfa"),
    ("mfaverificatie", "mfa"),
    ("meerfactorauthenticatie", "mfa"),
    ("fishing", "phishing"),
    ("hameconnage", "phishing"),
    ("gsm", "smartphone"),
    ("gsms", "smartphone"),
    ("datalekken", "datalek"),
    ("sauvegarde", "backup"),
    ("sauvegardes", "backup"),
    ("passwords", "password"),
];

/// Lower-case letters and digits without accents.
pub fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .flat_map(|c| {
            let (first, second) = match c {
                'œ' => ('o', Some('e')),
                'æ' => ('a', Some('e')),
                'ß' => ('s', Some('s')),
                other => (other, None),
            };
            std::iter::once(first).chain(second)
        })
        .collect()
}

/// The words of a text that say something, in order, repeats included.
pub fn words(text: &str) -> Vec<String> {
    let mut folded = fold(text);
    for (written, one) in ONE_WORD {
        if folded.contains(written) {
            folded = folded.replace(written, one);
        }
    }
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            let length = word.chars().count();
            (2..=LONGEST_WORD).contains(&length) && !word.chars().all(|c| c.is_ascii_digit())
        })
        .filter(|word| !stop_words::is_stop_word(word))
        .map(|word| {
            let known = SAME_WORD.iter().find(|(written, _)| *written == word);
            known.map_or(word, |(_, same)| same).to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet_and_small_words_go() {
        assert_eq!(words("Hoe maak ik een Back-up?"), words("de backup"));
        assert_eq!(words("Mijn paswoord"), ["wachtwoord"]);
        assert_eq!(words("l'hameçonnage, c'est quoi ?"), ["phishing"]);
        assert_eq!(words("beëindigd coördinatie"), ["beeindigd", "coordinatie"]);
        assert_eq!(words("123456 (^ a:* \u{0}"), Vec::<String>::new());
    }
}

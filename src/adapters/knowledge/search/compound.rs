//! Dutch compounds: "wachtwoordbeleid" also speaks of "wachtwoord" and of "beleid".
//!
//! A word is taken apart only where it falls into known parts from end to end, with the linking
//! s, en or e between them. The whole word stays a word of its own.

use std::collections::HashSet;

/// The shortest part, in letters.
const SHORTEST_PART: usize = 3;
/// The longest word that is looked at, in letters.
const LONGEST_WORD: usize = 40;
/// The letters between two parts.
const LINKS: [&str; 4] = ["", "s", "en", "e"];
/// The endings of a last part that is in the plural or inflected.
const ENDINGS: [&str; 4] = ["", "en", "s", "e"];

/// The parts of the trade's compounds; titles and keywords of the knowledge add theirs.
const PARTS: &str = "\
    aanval aangifte account adres analyse apparaat app authenticatie back backup beheer beheerder beleid bericht \
    bestand bestuur beveiliging bewaar bewijs bewust bijlage cloud code computer continuiteit contract controle crisis \
    cyber dag data datalek detectie dienst dossier domein draaiboek fraude functie gebruiker gegevens gemeente \
    gijzel herstel identiteit incident informatie inbraak installatie kaart keten klasse kopie kwetsbaarheid \
    lek leverancier lijst log logboek mail mailbox medewerker meld melding mobiel naam netwerk nood nummer oefening onderzoek \
    opslag pagina patch persoon persoons phishing plan plicht politie probleem procedure ransomware raam recht rechten \
    reken rekening respons risico scan schijf segment server simulatie sleutel software spam systeem tekst \
    telefoon termijn test thuis toegang toestel training update verbinding verzekering virus \
    wachtwoord web website werk wifi woord zaak zone factuur camera filter firewall lab bank stick drive \
    classificatie versleuteling meeting vergadering school zorg medisch sociaal raad burger loket";

/// The known parts.
#[derive(Debug, Clone)]
pub struct Compounds(HashSet<String>);

impl Compounds {
    /// The shipped parts, and these words, which must be folded.
    pub fn with_words(words: impl IntoIterator<Item = String>) -> Self {
        let shipped = PARTS.split_whitespace().map(str::to_owned);
        let more = words
            .into_iter()
            .filter(|word| word.chars().count() > SHORTEST_PART + 1);
        Self(shipped.chain(more).collect())
    }

    /// The parts of a folded word, or none where it isn't a compound of known parts.
    pub fn split(&self, word: &str) -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let length = letters.len();
        if !(2 * SHORTEST_PART..=LONGEST_WORD).contains(&length) {
            return Vec::new();
        }
        // For each position that can be reached from the start: the fewest parts that lead there.
        let mut reached: Vec<Option<Vec<String>>> = vec![None; length + 1];
        if let Some(start) = reached.first_mut() {
            *start = Some(Vec::new());
        }
        for from in 0..length {
            let Some(before) = reached.get(from).cloned().flatten() else {
                continue;
            };
            for to in from + SHORTEST_PART..=length {
                if to - from == length {
                    break;
                }
                let Some(piece) = letters.get(from..to) else {
                    break;
                };
                let Some(part) = self.known(piece, to == length) else {
                    continue;
                };
                for link in LINKS {
                    let next = to + link.len();
                    let linked = letters
                        .get(to..next)
                        .is_some_and(|l| l.iter().copied().eq(link.chars()));
                    if !linked || (!link.is_empty() && next == length) {
                        continue;
                    }
                    let shorter = reached.get(next).is_some_and(|known| {
                        known
                            .as_ref()
                            .is_none_or(|parts| parts.len() > before.len() + 1)
                    });
                    if shorter && let Some(slot) = reached.get_mut(next) {
                        let mut parts = before.clone();
                        parts.push(part.clone());
                        *slot = Some(parts);
                    }
                }
            }
        }
        reached.pop().flatten().unwrap_or_default()
    }

    /// The part that these letters are; the last part may be inflected.
    fn known(&self, letters: &[char], last: bool) -> Option<String> {
        let text: String = letters.iter().collect();
        if self.0.contains(&text) {
            return Some(text);
        }
        ENDINGS
            .into_iter()
            .filter(|_| last)
            .filter_map(|ending| text.strip_suffix(ending))
            .find(|stem| self.0.contains(*stem))
            .map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_fall_into_known_parts() {
        let compounds = Compounds::with_words(["gevoelige".to_owned()]);
        for (word, parts) in [
            ("wachtwoordbeleid", "wachtwoord beleid"),
            ("wachtwoordenbeleid", "wachtwoord beleid"),
            ("beveiligingsincidenten", "beveiliging incident"),
            ("persoonsgegevenslek", "persoon gegevens lek"),
            ("phishingmails", "phishing mail"),
            ("leveranciersbeheer", "leverancier beheer"),
            ("netwerksegmentatie", ""),
            ("wachtwoord", ""),
            ("containerpark", ""),
            ("lek", ""),
            ("", ""),
        ] {
            assert_eq!(compounds.split(word).join(" "), parts, "{word}");
        }
    }

    #[test]
    fn an_endless_word_costs_nothing() {
        let compounds = Compounds::with_words([]);
        assert_eq!(compounds.split(&"data".repeat(1_000)), Vec::<String>::new());
    }
}

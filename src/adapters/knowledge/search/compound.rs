//! Dutch compounds: "wachtwoordbeleid" also speaks of "wachtwoord" and of "beleid".
//!
//! A word is taken apart only where it falls into known parts from end to end, with the linking
//! s, en or e between them. The whole word stays a word of its own.

use crate::adapters::knowledge::search::words::Words;

/// The shortest part, in letters.
const SHORTEST_PART: usize = 3;
/// The longest word that is looked at, in letters.
const LONGEST_WORD: usize = 40;
/// The letters between two parts.
const LINKS: [&str; 4] = ["", "s", "en", "e"];
/// The endings of a last part that is in the plural or inflected.
const ENDINGS: [&str; 3] = ["en", "s", "e"];

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
pub struct Compounds(Words<String>);

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
        let ends: Vec<usize> = word
            .char_indices()
            .map(|(at, _)| at)
            .chain([word.len()])
            .collect();
        let length = ends.len() - 1;
        if !(2 * SHORTEST_PART..=LONGEST_WORD).contains(&length) {
            return Vec::new();
        }
        let text = |from: usize, to: usize| word.get(*ends.get(from)?..*ends.get(to)?);
        // For each position that can be reached from the start: the last part that leads there by the fewest parts.
        let mut reached: Vec<Option<Step<'_>>> = vec![None; length + 1];
        for from in 0..=length - SHORTEST_PART {
            let before = match reached.get(from) {
                Some(Some(step)) => step.count,
                _ if from == 0 => 0,
                _ => continue,
            };
            for to in from + SHORTEST_PART..=length {
                let is_whole = from == 0 && to == length;
                let Some(part) = text(from, to)
                    .filter(|_| !is_whole)
                    .and_then(|piece| self.known(piece, to == length))
                else {
                    continue;
                };
                for link in LINKS {
                    let next = to + link.len();
                    let is_linked = next < length || link.is_empty();
                    if !is_linked || text(to, next) != Some(link) {
                        continue;
                    }
                    let step = Step {
                        part,
                        from,
                        count: before + 1,
                    };
                    if let Some(slot) = reached.get_mut(next)
                        && slot.is_none_or(|known| known.count > step.count)
                    {
                        *slot = Some(step);
                    }
                }
            }
        }
        let mut parts = Vec::new();
        let mut at = length;
        while let Some(Some(step)) = reached.get(at).filter(|_| at > 0) {
            parts.push(step.part.to_owned());
            at = step.from;
        }
        parts.reverse();
        parts
    }

    /// The part that this piece is; the last part may be inflected.
    fn known<'a>(&self, piece: &'a str, is_last: bool) -> Option<&'a str> {
        if self.0.contains(piece) {
            return Some(piece);
        }
        ENDINGS
            .into_iter()
            .filter(|_| is_last)
            .filter_map(|ending| piece.strip_suffix(ending))
            .find(|stem| self.0.contains(*stem))
    }
}

/// How a position in a word is reached.
#[derive(Clone, Copy)]
struct Step<'a> {
    /// The part that ends there.
    part: &'a str,
    /// Where that part begins.
    from: usize,
    /// How many parts it is so far.
    count: usize,
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

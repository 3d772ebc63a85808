//! Lines that tell of an incident, wherever they stand. People write the most important sentence last, below
//! their name, and in capitals; a signature is never a reason to drop it.

/// Beginnings of words that a signature does not hold and that tell what happened. Verbs, mostly: the names
/// of incidents stand in the signatures of those whose work they are.
const HAPPENED: &[&str] = &[
    "versleuteld",
    "gehackt",
    "gekaapt",
    "gegijzeld",
    "besmet",
    "geïnfecteerd",
    "geinfecteerd",
    "geklikt",
    "aangeklikt",
    "ingegeven",
    "ingevuld",
    "ingelogd",
    "overgeschreven",
    "overgemaakt",
    "gestort",
    "betaald",
    "losgeld",
    "gestolen",
    "gelekt",
    "gewist",
    "verdwenen",
    "verloren",
    "geblokkeerd",
    "uitgevallen",
    "aangevallen",
    "binnengedrongen",
    "opgelicht",
    "afgeperst",
    "gecompromitteerd",
    "chiffré",
    "piraté",
    "infecté",
    "cliqué",
    "volé",
    "rançon",
    "escroqu",
    "dérobé",
    "viré",
    "encrypted",
    "hacked",
    "compromised",
    "clicked",
    "stolen",
    "leaked",
    "infected",
    "scammed",
    "ransomed",
    "verschlüsselt",
    "gehackt",
    "gestohlen",
    "geklickt",
    "überwiesen",
    "infiziert",
    "erpresst",
    "lösegeld",
];

/// Currencies, as words and signs.
const CURRENCIES: &[&str] = &[
    "euro", "euros", "eur", "usd", "gbp", "dollar", "dollars", "bitcoin", "bitcoins", "btc",
];

/// Fewest words of a line that tells something.
const FEWEST_WORDS: usize = 3;

/// Does this line tell of an incident: what happened, an amount of money, a cry?
pub fn tells_of_an_incident(line: &str) -> bool {
    let line = line.trim();
    let folded = line.to_lowercase();
    let words: Vec<&str> = folded
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() < FEWEST_WORDS {
        return false;
    }
    words.iter().copied().any(happened) || is_amount(&folded, &words) || is_cry(line)
}

/// Is this a word that tells what happened?
pub fn happened(word: &str) -> bool {
    HAPPENED.iter().any(|beginning| word.starts_with(beginning))
}

/// A number with a currency; the capital of a company is none.
fn is_amount(folded: &str, words: &[&str]) -> bool {
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let pair = words.windows(2).any(|pair| match pair {
        [left, right] => {
            number(left) && CURRENCIES.contains(right) || CURRENCIES.contains(left) && number(right)
        }
        _ => false,
    });
    let sign = folded.contains(['€', '$', '£']) && words.iter().copied().any(number);
    (pair || sign) && !folded.contains("capital") && !folded.contains("kapitaal")
}

/// Words in capitals with an exclamation mark.
fn is_cry(line: &str) -> bool {
    let shouted = line
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_uppercase()).count() >= 2)
        .count();
    line.contains('!') && shouted >= FEWEST_WORDS && !line.contains(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_and_what_only_signs() {
        for (line, expected) in [
            ("ALLE SERVERS VERSLEUTELD, BEL DRINGEND", true),
            (
                "Boekhouding: 20.000 euro overgeschreven naar valse rekening",
                true,
            ),
            ("Het gaat om € 12.500", true),
            ("BEL ONS DIRECT!", true),
            ("Nos données sont chiffrées depuis ce matin", true),
            ("Gemeente Hackegem - Dienst ICT", false),
            ("GEMEENTE HACKEGEM - DIENST INFORMATICA", false),
            ("SARL au capital de 10 000 EUR", false),
            ("Tel. 09 123 45 67 - BTW BE0123.456.789", false),
            ("Meldpunt cyberaanvallen en datalekken", false),
            ("Volg ons op Facebook!", false),
            ("Gent, Vlaams Gewest", false),
            ("", false),
        ] {
            assert_eq!(tells_of_an_incident(line), expected, "{line}");
        }
    }
}

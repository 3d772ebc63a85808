//! What notices of absence and receipts say in their text. People say it too: it supports a subject only.

/// What stands in the text of somebody who is away.
const AWAY_WORDS: &[&str] = &[
    "ben afwezig",
    "niet aanwezig",
    "met verlof",
    "met vakantie",
    "weer aanwezig",
    "terug op",
    "terug aanwezig",
    "niet op kantoor",
    "mijn afwezigheid",
    "niet meer in dienst",
    "bericht ontvangen",
    "mail ontvangen",
    "beperkt bereikbaar",
    "niet bereikbaar",
    "werk niet meer bij",
    "niet meer werkzaam",
    "goed ontvangen",
    "in goede orde",
    "suis absent",
    "suis actuellement absent",
    "actuellement absent",
    "suis en congé",
    "de retour le",
    "mon retour",
    "mon absence",
    "suis absente",
    "actuellement absente",
    "accusons réception",
    "réponse automatique",
    "bien reçu",
    "out of the office",
    "out of office",
    "will be back",
    "returning to the office",
    "on my return",
    "on leave",
    "annual leave",
    "away from the office",
    "my absence",
    "we have received your",
    "on holiday",
    "on vacation",
    "nicht im büro",
    "nicht im haus",
    "abwesend",
    "wieder erreichbar",
    "meiner abwesenheit",
    "im urlaub",
    "nachricht erhalten",
    "wieder im büro",
];

/// Does a text, short as such texts are, speak of being away or of having received?
pub fn speaks_of_absence(text: &str) -> bool {
    let start: String = text.chars().take(1500).collect();
    let start = start.to_lowercase();
    AWAY_WORDS.iter().any(|words| start.contains(words))
}

/// Longest text, without what it quotes, that says nothing beside an absence or a receipt.
const NO_MORE_THAN: usize = 400;

/// Is a text, without the lines that it quotes, as short as a notice of absence and nothing else?
pub fn says_no_more_than_absence(text: &str) -> bool {
    let mut own = String::new();
    for line in text
        .lines()
        .filter(|line| !line.trim_start().starts_with('>'))
    {
        own.push_str(line.trim());
        own.push(' ');
        if own.chars().count() > NO_MORE_THAN {
            return false;
        }
    }
    speaks_of_absence(&own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_is_spoken_of_in_four_languages() {
        for text in [
            "Ik ben afwezig tot maandag.",
            "Wij hebben uw bericht ontvangen.",
            "Je suis absente du 1er au 5 mai.",
            "I will be away from the office until Monday.",
            "Ich bin im Urlaub und ab Montag wieder erreichbar.",
        ] {
            assert!(speaks_of_absence(text), "{text}");
        }
        assert!(!speaks_of_absence("De backup is verdwenen."));
    }

    #[test]
    fn a_notice_says_nothing_else() {
        assert!(says_no_more_than_absence(
            "Ik ben afwezig tot maandag.\n\n> Doe nu dit:\n> ..."
        ));
        let more = "De server doet raar sinds gisteren. ".repeat(20);
        let story = format!("Jan is met verlof. {more}");
        assert!(!says_no_more_than_absence(&story));
    }
}

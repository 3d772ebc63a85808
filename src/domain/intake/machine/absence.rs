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

/// What such a notice says of whoever sends it, or of what he received. Stricter than the words above: here no
/// subject says that it is a notice.
const NOTICES: &[&str] = &[
    "ik ben afwezig",
    "ben momenteel afwezig",
    "ben met verlof",
    "ben met vakantie",
    "ben niet op kantoor",
    "bedankt voor uw bericht",
    "bedankt voor uw mail",
    "bedankt voor je bericht",
    "hebben uw bericht",
    "hebben uw mail",
    "uw bericht goed ontvangen",
    "uw bericht werd goed ontvangen",
    "je suis absent",
    "suis actuellement absent",
    "je suis en congé",
    "accusons réception",
    "avons bien reçu votre",
    "merci pour votre message",
    "i am out of",
    "i'm out of",
    "currently out of",
    "i am on leave",
    "i am away",
    "have received your message",
    "have received your email",
    "thank you for your message",
    "thank you for contacting",
    "ich bin abwesend",
    "ich bin nicht im büro",
    "haben ihre nachricht erhalten",
    "vielen dank für ihre nachricht",
];

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
    let own = own.to_lowercase().replace('\u{2019}', "'");
    NOTICES.iter().any(|words| own.contains(words))
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
        for text in [
            "Ok, goed ontvangen. Ik kijk ernaar.",
            "Onze servers zijn niet bereikbaar, er staat een losgeldbrief.",
            "Zij heeft deze mail ontvangen en haar paswoord ingegeven.",
        ] {
            assert!(!says_no_more_than_absence(text), "{text}");
        }
        let more = "De server doet raar sinds gisteren. ".repeat(20);
        let story = format!("Jan is met verlof. {more}");
        assert!(!says_no_more_than_absence(&story));
    }
}

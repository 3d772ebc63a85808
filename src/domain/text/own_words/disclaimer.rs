//! Paragraphs that an organisation puts under or above every mail: confidentiality, paper, "sent from
//! outside".

/// Longest paragraph that is looked at, in characters.
const LONGEST: usize = 3000;

/// How such a paragraph begins.
const SUBJECTS: &[&str] = &[
    "dit bericht",
    "dit e-mail",
    "deze e-mail",
    "deze mail",
    "dit mail",
    "deze email",
    "deze boodschap",
    "de informatie in",
    "de inhoud van",
    "de informatie verzonden",
    "de informatie verstuurd",
    "aan deze e-mail",
    "aan de inhoud van",
    "aan dit bericht",
    "disclaimer",
    "ce message",
    "ce mail",
    "ce courriel",
    "cet e-mail",
    "cet email",
    "le présent",
    "les informations contenues",
    "l'information contenue",
    "le contenu de",
    "this message",
    "this e-mail",
    "this email",
    "this communication",
    "this transmission",
    "the information contained",
    "the information in",
    "the contents of",
    "information in this",
    "confidentiality",
    "notice:",
    "privileged",
    "diese e-mail",
    "diese nachricht",
    "diese mail",
    "der inhalt dieser",
    "die information",
    "any views",
    "if you are not the",
    "indien u niet de",
    "als u niet de",
    "wenn sie nicht der",
    "si vous n'êtes pas",
    "si vous n’êtes pas",
];

/// What it says that no reporter says.
const STRONG: &[&str] = &[
    "uitsluitend bestemd",
    "enkel bestemd",
    "alleen bestemd",
    "slechts bestemd",
    "uitsluitend bedoeld",
    "niet de bedoelde",
    "niet de beoogde",
    "niet de geadresseerde bent",
    "niet de bestemmeling bent",
    "geen rechten worden ontleend",
    "geen rechten ontleend",
    "strikt verboden",
    "ongeoorloofd gebruik",
    "verbindt de afzender niet",
    "destiné exclusivement",
    "exclusivement destiné",
    "destinés exclusivement",
    "destinée exclusivement",
    "virussen door avast",
    "virussen door avg",
    "viruses by avast",
    "viruses by avg",
    "destiné uniquement",
    "uniquement destiné",
    "strictement confidentiel",
    "vous n'êtes pas le destinataire",
    "vous n’êtes pas le destinataire",
    "strictement interdit",
    "ne peut être tenu",
    "intended recipient",
    "intended solely",
    "intended only for",
    "solely for the use",
    "strictly prohibited",
    "legally privileged",
    "nicht der beabsichtigte",
    "nicht der richtige adressat",
    "nicht der vorgesehene",
    "ausschließlich für",
    "unbefugte",
];

/// Lines that stand alone.
const LINES: &[&str] = &[
    "denk aan het milieu",
    "bespaar papier",
    "spaar het milieu",
    "print deze e-mail",
    "is het echt nodig om deze",
    "please consider the environment",
    "think before you print",
    "think before printing",
    "pensez à l'environnement",
    "pensez à l’environnement",
    "avant d'imprimer",
    "n'imprimez ce ",
    "l'absence de virus dans ce courrier",
    "bitte denken sie an die umwelt",
    "caution: this email originated",
    "caution: this e-mail originated",
    "caution: external",
    "warning: this email originated",
    "[external email]",
    "[external]",
    "external email:",
    "let op: deze e-mail komt van buiten",
    "let op: deze mail komt van buiten",
    "let op! deze e-mail komt van buiten",
    "opgelet: deze e-mail komt van buiten",
    "deze e-mail is afkomstig van buiten",
    "u ontvangt niet vaak e-mail van",
    "you don't often get email from",
    "you don’t often get email from",
    "vous n'obtenez pas souvent",
    "attention: ce courriel provient",
    "attention : ce courriel provient",
];

/// Is this paragraph, given as its lines, one of them?
pub fn is_disclaimer<'a>(paragraph: impl Iterator<Item = &'a str>) -> bool {
    let mut paragraph = paragraph.peekable();
    if !paragraph.peek().is_some_and(|line| may_begin(line)) {
        return false;
    }
    let mut text = String::new();
    for line in paragraph {
        if text.len() > LONGEST {
            break;
        }
        text.extend(line.trim().chars().take(LONGEST));
        text.push(' ');
    }
    let text = text.to_lowercase();
    let text = text.trim_matches(is_dress);
    if matches!(
        text.trim_end_matches(':'),
        "disclaimer" | "e-mail disclaimer" | "e-maildisclaimer" | "confidentiality notice"
    ) {
        return true;
    }
    if let Some(rest) = text.strip_prefix("disclaimer") {
        let rest =
            rest.trim_matches(|c: char| matches!(c, ':' | '<' | '>' | '|') || c.is_whitespace());
        if (rest.starts_with("http") || rest.starts_with("www.")) && !rest.contains(' ') {
            return true;
        }
    }
    let alone = text.chars().count() < 260 && LINES.iter().any(|line| text.starts_with(line));
    let subject = SUBJECTS.iter().any(|start| text.starts_with(start));
    alone || (subject && STRONG.iter().any(|words| text.contains(words)))
}

/// What may stand around such a paragraph.
fn is_dress(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '_' | '-' | '"' | '(' | ')' | '=')
}

/// Does the first line begin as one of them does? Saves putting every paragraph together.
fn may_begin(line: &str) -> bool {
    let start: String = line.trim_start_matches(is_dress).chars().take(60).collect();
    let start = start.to_lowercase();
    let begins = |list: &[&str]| list.iter().any(|begin| start.starts_with(begin));
    start.starts_with("e-mail") || begins(SUBJECTS) || begins(LINES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disclaimers_go_and_reports_about_mails_stay() {
        for (text, expected) in [
            (
                "Dit bericht is uitsluitend bestemd voor de geadresseerde.",
                true,
            ),
            (
                "Deze e-mail is vertrouwelijk. Indien u niet de bedoelde ontvanger bent, gelieve dit te melden.",
                true,
            ),
            ("Ce message est strictement confidentiel.", true),
            ("This e-mail is intended solely for the addressee.", true),
            ("Disclaimer: https://www.a.example/disclaimer", true),
            (
                "Disclaimer: ik ben geen expert, maar de server ligt plat",
                false,
            ),
            (
                "Deze e-mail met vertrouwelijke gegevens ging bij vergissing naar een verkeerde geadresseerde.",
                false,
            ),
            ("Deze mail vroeg om ons wachtwoord.", false),
            ("Deze e-mail is gecontroleerd op virussen door Avast.", true),
            (
                "Deze e-mail werd door Avast tegengehouden, maar de bijlage is geopend.",
                false,
            ),
            (
                "Aan de inhoud van deze e-mail kunnen geen rechten worden ontleend.",
                true,
            ),
            ("Aan de inhoud van die mail zagen wij niets vreemds.", false),
            ("", false),
        ] {
            assert_eq!(is_disclaimer(text.lines()), expected, "{text}");
        }
    }
}

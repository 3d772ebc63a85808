//! The end of a letter: "Met vriendelijke groeten", the name below it, the mark of a telephone, and where
//! the reporter goes on writing after all.

use crate::domain::text::own_words::disclaimer::is_disclaimer;

/// Closings that may be followed by a name on the same line.
const CLOSINGS: &[&str] = &[
    "met vriendelijke groet",
    "met vriendelijke groeten",
    "vriendelijke groet",
    "vriendelijke groeten",
    "vriendelijke groetjes",
    "met hartelijke groet",
    "met hartelijke groeten",
    "hartelijke groet",
    "hartelijke groeten",
    "met collegiale groet",
    "met collegiale groeten",
    "collegiale groet",
    "collegiale groeten",
    "met beleefde groet",
    "met beleefde groeten",
    "met de meeste hoogachting",
    "met bijzondere hoogachting",
    "met hoogachting",
    "hoogachtend",
    "beste groet",
    "beste groeten",
    "veel groeten",
    "met groet",
    "met groeten",
    "groeten",
    "groetjes",
    "groet",
    "mvg",
    "m.v.g",
    "m.v.g.",
    "met vr. gr.",
    "vr. gr.",
    "vr.gr.",
    "grtz",
    "grtn",
    "grt",
    "alvast bedankt en vriendelijke groeten",
    "alvast bedankt en groeten",
    "met dank en vriendelijke groeten",
    "met dank en groeten",
    "bien cordialement",
    "très cordialement",
    "cordialement",
    "bien à vous",
    "bien à toi",
    "sincères salutations",
    "salutations distinguées",
    "meilleures salutations",
    "mes salutations distinguées",
    "sentiments distingués",
    "salutations",
    "cdlt",
    "cdt",
    "respectueusement",
    "veuillez agréer",
    "je vous prie d'agréer",
    "je vous prie d’agréer",
    "nous vous prions d'agréer",
    "acceptez notre salutation",
    "kind regards",
    "best regards",
    "warm regards",
    "warmest regards",
    "with kind regards",
    "with best regards",
    "regards",
    "best wishes",
    "sincerely",
    "sincerely yours",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "respectfully",
    "mit freundlichen grüßen",
    "mit freundlichen grüssen",
    "mit freundlichem gruß",
    "freundliche grüße",
    "freundliche grüsse",
    "viele grüße",
    "beste grüße",
    "liebe grüße",
    "herzliche grüße",
    "schöne grüße",
    "mfg",
    "hochachtungsvoll",
    "med venlig hilsen",
    "venlig hilsen",
    "med vennlig hilsen",
    "med vänlig hälsning",
    "vänliga hälsningar",
    "mvh",
    "hilsen",
    "z poważaniem",
    "z powazaniem",
    "pozdrawiam",
    "cordiali saluti",
    "distinti saluti",
    "saludos",
    "un saludo",
    "atentamente",
    "atenciosamente",
];

/// How the marks of telephones and programs begin.
const MARKS: &[&str] = &[
    "verzonden vanaf mijn",
    "verzonden vanaf",
    "verzonden via",
    "verzonden met",
    "verstuurd vanaf mijn",
    "verstuurd vanaf",
    "verstuurd via",
    "verzonden vanuit",
    "outlook voor ios",
    "outlook voor android",
    "download outlook",
    "outlook downloaden",
    "envoyé de mon",
    "envoyé depuis",
    "envoyé à partir de",
    "envoyé avec",
    "envoyé via",
    "obtenir outlook",
    "obtenez outlook",
    "télécharger outlook",
    "téléchargez outlook",
    "sent from my",
    "sent from",
    "sent via",
    "sent with",
    "get outlook",
    "gesendet von",
    "gesendet mit",
    "von meinem",
    "von meiner",
    "outlook für",
    "holen sie sich outlook",
    "sendt fra min",
    "skickat från min",
    "enviado desde mi",
    "enviado do meu",
    "inviato da",
    "wysłano z",
    "lähetetty ",
];

/// Words that make a line a sentence of somebody who tells something.
const TELLING: &[&str] = &[
    "ik", "wij", "we", "er", "is", "zijn", "was", "waren", "werd", "werden", "wordt", "heb",
    "heeft", "hebben", "had", "kan", "kunnen", "kon", "moet", "gelieve", "graag", "niet", "geen",
    "nog", "ook", "jullie", "mijn", "onze", "ons", "je", "nous", "vous", "est", "sont", "avons",
    "j'ai", "ai", "pas", "notre", "merci", "i", "you", "are", "have", "has", "can", "please",
    "not", "my", "our", "it", "the", "ich", "wir", "ist", "sind", "haben", "bitte", "nicht",
];

/// How a line begins that goes on after the closing.
const AFTERTHOUGHTS: &[&str] = &[
    "ps",
    "p.s",
    "p.s.",
    "nb",
    "n.b.",
    "edit",
    "update",
    "aanvulling",
    "trouwens",
];

/// Longest line of a signature, in characters.
const LONGEST_LINE: usize = 160;
/// Most lines of a signature behind `-- `.
const MOST_LINES: usize = 25;

/// What a stretch of own lines is made of.
#[derive(Default)]
pub struct Closed<'a> {
    /// The words.
    pub words: Vec<&'a str>,
    /// Closing, signature, marks and disclaimers.
    pub signature: Vec<&'a str>,
}

/// Where a stretch of own lines stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing of the reporter stands above it.
    First,
    /// He wrote something above it, before a quote.
    Later,
}

/// Parts words from what closes them.
pub fn part<'a>(lines: &[&'a str], place: Place) -> Closed<'a> {
    let mut closed = Closed::default();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        let wrote = closed.words.iter().any(|word| !word.trim().is_empty());
        let place = if wrote { Place::Later } else { place };
        let taken = closing_lines(rest, place);
        if taken == 0 {
            closed.words.push(line);
            rest = after;
        } else {
            let (signature, left) = rest.split_at_checked(taken).unwrap_or((rest, &[]));
            closed.signature.extend(signature);
            rest = left;
        }
    }
    while closed.words.last().is_some_and(|line| is_rule(line)) {
        closed.words.pop();
    }
    closed
}

/// How many of these lines, from the first, close the letter.
fn closing_lines(lines: &[&str], place: Place) -> usize {
    let Some(first) = lines.first() else { return 0 };
    let line = first.trim();
    if line.is_empty() {
        return 0;
    }
    let paragraph = lines
        .iter()
        .take_while(|line| !line.trim().is_empty())
        .count();
    if is_disclaimer(lines.iter().take(paragraph).copied()) {
        return paragraph;
    }
    let below = lines.get(1..).unwrap_or_default();
    let after_words = place == Place::Later;
    if after_words && (*first == "-- " || *first == "--\u{a0}") {
        let used = below.iter().filter(|line| !line.trim().is_empty()).count();
        return if used <= MOST_LINES { lines.len() } else { 1 };
    }
    if after_words && is_rule(line) {
        // A rule is part of the signature only when all that follows is one too.
        let taken = signature_lines(below);
        return if taken == below.len() { lines.len() } else { 0 };
    }
    if is_mark(line) {
        let link = below
            .first()
            .is_some_and(|line| line.trim().starts_with('<'));
        return 1 + usize::from(link);
    }
    if is_closing(line) {
        return signature_lines(below).saturating_add(1);
    }
    0
}

/// How many lines look like a signature: up to the first that tells something.
fn signature_lines(lines: &[&str]) -> usize {
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        let paragraph = rest
            .iter()
            .take_while(|line| !line.trim().is_empty())
            .count();
        if paragraph == 0 {
            at += 1;
        } else if is_disclaimer(rest.iter().take(paragraph).copied()) {
            at += paragraph;
        } else if rest
            .first()
            .is_some_and(|line| tells_something(line, rest.get(1).copied()))
        {
            break;
        } else {
            at += 1;
        }
    }
    at
}

/// A line that may be the reporter's: a sentence, a question, a list, a link in disguise, a hash.
fn tells_something(line: &str, next: Option<&str>) -> bool {
    let line = line.trim();
    if is_closing(line) || is_mark(line) || is_rule(line) {
        return false;
    }
    let folded = line.to_lowercase();
    let words: Vec<&str> = folded
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''))
        .collect();
    let first = folded.split([' ', ':']).next().unwrap_or_default();
    let afterthought = AFTERTHOUGHTS.contains(&first);
    let list = ["- ", "* ", "• ", "+ ", "– "]
        .iter()
        .any(|bullet| line.starts_with(bullet))
        || first
            .strip_suffix(['.', ')'])
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    let announces =
        line.ends_with(':') && words.len() >= 2 && next.is_some_and(|next| !next.trim().is_empty());
    let technical = folded.contains("hxxp")
        || folded.contains("[.]")
        || words
            .iter()
            .any(|word| word.len() >= 32 && word.bytes().all(|b| b.is_ascii_hexdigit()));
    let telling = words.iter().filter(|word| TELLING.contains(word)).count();
    let sentence = words.len() >= 4 && telling > 0 && line.ends_with(['.', '!', '…', ','])
        || words.len() >= 5 && telling > 0
        || words.len() >= 3 && telling > 1;
    afterthought
        || list
        || announces
        || technical
        || sentence
        || line.contains('?')
        || line.chars().count() > LONGEST_LINE
}

/// A closing, with at most a short name behind it.
fn is_closing(line: &str) -> bool {
    if line.chars().nth(90).is_some() {
        return false;
    }
    let folded = line.to_lowercase();
    let folded = folded.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '_' | ',' | '.' | '!' | '-' | '/' | '~')
    });
    CLOSINGS.iter().any(|closing| {
        folded.strip_prefix(closing).is_some_and(|rest| {
            let polite = closing.contains("agréer") || closing.starts_with("accept");
            let words: Vec<&str> = rest.split_whitespace().collect();
            let parted = rest.is_empty() || rest.starts_with([',', '.', ' ', '!']);
            let telling = words.iter().any(|word| TELLING.contains(word));
            parted && (polite || (words.len() <= 4 && !telling && !rest.contains(['?', ':'])))
        })
    })
}

/// The mark of a telephone or a mail program.
fn is_mark(line: &str) -> bool {
    let folded = line.to_lowercase();
    let folded =
        folded.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '[' | '<'));
    MARKS.iter().any(|mark| {
        folded.strip_prefix(mark).is_some_and(|rest| {
            let shown = rest.split_once('<').map_or(rest, |(shown, _)| shown);
            let words = shown.split_whitespace().count();
            let sentence = shown.contains(", ")
                || shown.contains(['?', '!', ':', ';'])
                || shown.trim_end().ends_with('.') && words > 4;
            (1..=7).contains(&words) && !sentence && names_a_device(folded)
        })
    })
}

/// "Verzonden via het loket" is a sentence; a mark names a product.
fn names_a_device(folded: &str) -> bool {
    const PRODUCTS: &[&str] = &[
        "phone",
        "ipad",
        "android",
        "galaxy",
        "samsung",
        "huawei",
        "nokia",
        "blackberry",
        "xiaomi",
        "oneplus",
        "pixel",
        "wiko",
        "mobile",
        "mobiel",
        "mobiele",
        "telefoon",
        "smartphone",
        "tablet",
        "toestel",
        "outlook",
        "yahoo",
        "gmail",
        "mail",
        "proton",
        "typeapp",
        "bluemail",
        "windows",
        "téléphone",
        "appareil",
        "gsm",
        "handy",
        "mac",
        "surface",
        "app",
        "ios",
        "thunderbird",
        "apple",
        "nine",
        "spark",
        "workspace",
        "device",
    ];
    PRODUCTS.iter().any(|product| folded.contains(product))
}

/// A line of dashes and the like, two or more.
pub fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let first = marks.next();
    line.chars().count() >= 2
        && first.is_some_and(|c| matches!(c, '-' | '_' | '=' | '*' | '#' | '~' | '+' | '—' | '–'))
        && marks.all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let lines: Vec<&str> = text.split('\n').collect();
        part(&lines, Place::First)
            .words
            .join("\n")
            .trim()
            .to_owned()
    }

    #[test]
    fn signatures_go() {
        for (text, expected) in [
            (
                "Wij zijn gehackt.\n\nMet vriendelijke groeten,\nJan Peeters\nICT\n09 123 45 67",
                "Wij zijn gehackt.",
            ),
            ("Help!\nMvg Jan", "Help!"),
            ("Aidez-nous.\n\nBien cordialement\nMarie", "Aidez-nous."),
            ("Help.\n\nKind regards\nJan", "Help."),
            ("Hilfe.\n\nMit freundlichen Grüßen\nHans", "Hilfe."),
            ("Help\n-- \nJan Peeters\nIk ben er niet op vrijdag.", "Help"),
            ("Help\n\nVerzonden vanaf mijn iPhone", "Help"),
            ("Help\n\nEnvoyé de mon iPhone", "Help"),
            ("Help\n\nGet Outlook for iOS<https://aka.ms/x>", "Help"),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_reporter_says_after_his_closing_stays() {
        for (text, kept) in [
            (
                "Help.\nMvg\nJan\n\nPS: nu gaan ook de servers plat",
                "PS: nu gaan ook de servers plat",
            ),
            (
                "Help.\nGroeten\nJan\nDe servers zijn nu ook versleuteld",
                "De servers zijn nu ook versleuteld",
            ),
            (
                "Help.\nGroeten\nJan\n\nGetroffen toestellen:\n- PC-12\n- PC-13",
                "- PC-13",
            ),
            (
                "Hallo\n-----\nDe servers zijn versleuteld.\n-----\nWie kan helpen?",
                "De servers zijn versleuteld.",
            ),
            (
                "Verzonden via het loket, dus niet door ons.",
                "Verzonden via het loket",
            ),
            (
                "Sent from my desk, is much easier than my mobile phone.",
                "Sent from my desk",
            ),
            (
                "Groeten van een onbekende die onze server kon openen?",
                "onze server",
            ),
        ] {
            assert!(words(text).contains(kept), "{text}");
        }
    }
}

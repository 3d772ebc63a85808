//! The end of a letter: "Met vriendelijke groeten", the name below it, the mark of a telephone, and where
//! the reporter goes on writing after all.

use crate::domain::text::own_words::disclaimer::is_disclaimer;
use crate::domain::text::own_words::lines::count_step;
use crate::domain::text::own_words::phrases::{
    AFTERTHOUGHTS, CLOSINGS, MARKS, PRODUCTS, SCANNED, TELLING, TRACKER,
};
use crate::domain::text::own_words::telling::{happened, tells_of_an_incident};

/// Longest line of a signature, in characters.
const LONGEST_LINE: usize = 160;
/// Most lines of a signature with what hangs below it. More is no signature, and looking further for every
/// line would take the square of the length.
const MOST_LINES: usize = 60;
/// Most lines of one paragraph that are looked at.
const LONGEST_PARAGRAPH: usize = 40;

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
    let mut place = place;
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        let taken = closing_lines(rest, place);
        if taken == 0 {
            closed.words.push(line);
            if !line.trim().is_empty() {
                place = Place::Later;
            }
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
    let paragraph = paragraph_length(lines);
    if is_disclaimer(lines.iter().take(paragraph).copied()) {
        return paragraph;
    }
    let below = lines.get(1..).unwrap_or_default();
    let after_words = place == Place::Later;
    if after_words && (*first == "-- " || *first == "--\u{a0}") {
        return if below.len() <= MOST_LINES {
            signature_below_dashes(below).saturating_add(1)
        } else {
            1
        };
    }
    if after_words && is_rule(line) {
        // A rule is part of the signature only when all that follows is one too. More than this can't be, and
        // a text of nothing but rules must not be read sixty times.
        if below.len() > MOST_LINES.saturating_add(LONGEST_PARAGRAPH) {
            return 0;
        }
        let taken = signature_lines(below);
        return if taken == below.len() { lines.len() } else { 0 };
    }
    if is_mark(line) {
        let followed = below
            .first()
            .is_some_and(|line| line.trim().starts_with('<'));
        return 1 + usize::from(followed);
    }
    if is_closing(line) {
        return signature_lines(below).saturating_add(1);
    }
    0
}

fn paragraph_length(lines: &[&str]) -> usize {
    lines
        .iter()
        .take(LONGEST_PARAGRAPH)
        .take_while(|line| {
            count_step();
            !line.trim().is_empty()
        })
        .count()
}

/// How many lines look like a signature: up to the first that tells something.
fn signature_lines(lines: &[&str]) -> usize {
    lines_until(lines, tells_something)
}

/// How many lines belong to the signature that RFC 3676 opens with "-- ". Its first paragraph may hold a
/// motto or office hours; what tells something further down was typed below it.
fn signature_below_dashes(lines: &[&str]) -> usize {
    let paragraph = paragraph_length(lines);
    let first = lines.get(..paragraph).unwrap_or_default();
    let taken = lines_until(first, |line, _| tells_of_an_incident(line));
    if taken < paragraph {
        return taken;
    }
    let rest = lines.get(paragraph..).unwrap_or_default();
    paragraph.saturating_add(signature_lines(rest))
}

/// How many lines there are up to the first that tells something, disclaimers left aside.
fn lines_until(lines: &[&str], tells: impl Fn(&str, Option<&str>) -> bool) -> usize {
    let mut at = 0;
    while let Some(rest) = lines.get(at..).filter(|rest| !rest.is_empty()) {
        if at > MOST_LINES {
            break;
        }
        count_step();
        let paragraph = paragraph_length(rest);
        if paragraph == 0 {
            at += 1;
        } else if is_disclaimer(rest.iter().take(paragraph).copied()) {
            at += paragraph;
        } else if rest
            .first()
            .is_some_and(|line| tells(line, rest.get(1).copied()))
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
    if is_rule(line) || is_closing(line) || is_mark(line) {
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
        || runs_on(line)
        || line.contains('?')
        || tells_of_an_incident(line)
        || line.chars().count() > LONGEST_LINE
}

/// Running text: words in small letters, many of them, or closed by a full stop. Names, addresses and
/// telephone numbers don't run on.
fn runs_on(line: &str) -> bool {
    let words: Vec<&str> = line
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect();
    let small = words
        .iter()
        .filter(|word| word.starts_with(char::is_lowercase))
        .count();
    let net = line.contains('@') || line.contains("www.") || line.contains("://");
    let closed = line.ends_with(['.', '!', '…']) && words.len() >= 4;
    !net && (closed && small * 2 >= words.len() || words.len() >= 7 && small * 5 >= words.len() * 3)
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
            let telling = words
                .iter()
                .any(|word| TELLING.contains(word) || happened(word));
            parted && (polite || (words.len() <= 4 && !telling && !rest.contains(['?', ':'])))
        })
    })
}

/// The mark of a telephone or a mail program.
fn is_mark(line: &str) -> bool {
    if line == TRACKER {
        return true;
    }
    let folded = line.to_lowercase();
    if is_scanner_mark(&folded) {
        return true;
    }
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

/// "Virusvrij. www.avast.com": the foot that Avast and AVG add.
fn is_scanner_mark(folded: &str) -> bool {
    let scanner = folded.contains("avast.com") || folded.contains("avg.com");
    scanner
        && folded.split_whitespace().count() <= 5
        && SCANNED.iter().any(|words| folded.starts_with(words))
}

/// "Verzonden via het loket" is a sentence; a mark names a product.
fn names_a_device(folded: &str) -> bool {
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
            ("Help\n\nVirusvrij. www.avast.com", "Help"),
            ("Help\n\n\u{1427}\nMvg\nJan", "Help"),
            (
                "Help\n\nMvg\nJan Peeters\nDeskundige informatica\nGemeente Hackegem\nDorpsplein 1, 9000 Hackegem",
                "Help",
            ),
            ("Au secours\n\nBonne journée\nMarie", "Au secours"),
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
                "Hallo\nMvg\nJan\n\nALLE SERVERS VERSLEUTELD, BEL DRINGEND",
                "ALLE SERVERS VERSLEUTELD, BEL DRINGEND",
            ),
            (
                "Hallo\n-- \nAn\nBoekhouding: 20.000 euro overgeschreven naar valse rekening",
                "20.000 euro overgeschreven",
            ),
            (
                "Hallo\n--\nAn\nBoekhouding: 20.000 euro overgeschreven naar valse rekening",
                "20.000 euro overgeschreven",
            ),
            (
                "Hallo\nCordialement\nMarie\nPlusieurs postes affichent un compte à rebours.",
                "compte à rebours",
            ),
            (
                "Hallo\nMvg\nJan\n\nEnkele schermen tonen een rode melding met een aftelklok",
                "aftelklok",
            ),
            (
                "Hallo\n-- \nJan\n\nZwei Kollegen öffneten gestern den Anhang.",
                "den Anhang",
            ),
            ("Hallo\nMvg\nJan\nHet scherm blijft zwart.", "zwart"),
            (
                "Hallo\n\nVirusvrij volgens avast.com, maar de server ligt plat",
                "plat",
            ),
            ("Hallo\nMvg Jan servers versleuteld", "servers versleuteld"),
            (
                "Hallo\nGroeten\nAn\nServers liggen al vannacht plat",
                "plat",
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

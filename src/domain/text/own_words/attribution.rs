//! The line above a quote: "Op 3 mei 2026 om 10:12 schreef Jan <jan@a.example>:", also over several lines.

use crate::domain::text::forward::unwrap::Origin;
use crate::domain::text::own_words::clients::{cites, groupwise, is_barred, name_first, notes};
use crate::domain::text::own_words::lines::Line;

/// Most lines that an attribution runs over.
const MOST_LINES: usize = 6;
/// Longest attribution, in bytes.
const LONGEST: usize = 420;

/// Verbs after which nothing but a colon or dashes follows.
const VERBS_AT_END: &[&str] = &[
    "wrote",
    "a écrit",
    "geschreven",
    "geschreven heeft",
    "schreef",
    "geschrieben",
    "schrieb",
    "ha scritto",
    "escribió",
    "escreveu",
    "skrev",
    "napisał(a)",
    "napisał",
    "napisała",
    "napsal(a)",
    "napsal",
    "kirjoitti",
    "írta",
    "a scris",
    "написав",
    "написал",
    "написал(а)",
    "написа",
    "пише",
    "yazdı",
];

/// Verbs after which the sender follows.
const VERBS_BEFORE_NAME: &[&str] = &[
    "schreef",
    "schrieb",
    "skrev",
    "het volgende geschreven",
    "napsal(a)",
    "napisał",
    "escribió",
];

/// First words of an attribution with a verb.
const LEADS: &[&str] = &[
    "on", "op", "le", "am", "il", "in data", "den", "em", "el", "dnia", "w dniu", "dne", "a(z)",
    "pe", "ma", "ti", "ke", "to", "la", "su",
];

/// What follows an attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    /// Lines with `>`: almost sure.
    Marked,
    /// Plain text: the line itself must be beyond doubt.
    Plain,
}

/// An attribution that begins in the first of these lines: what it tells, and how many lines it takes.
pub fn read_attribution(lines: &[Line<'_>]) -> Option<(Origin, usize)> {
    let first = lines.first()?;
    if first.bare.len() > LONGEST || !first.bare.contains(|c: char| c.is_numeric() || c == '@') {
        return None;
    }
    if let Some(origin) = groupwise(first).or_else(|| notes(lines)) {
        return Some((origin, 1));
    }
    let mut text = String::new();
    let mut blanks = 0_u32;
    for (at, line) in lines.iter().take(MOST_LINES).enumerate() {
        let line = match folded_end(line, &text) {
            Some(whole) => whole,
            None if line.depth == first.depth => line.bare,
            None => return None,
        };
        if text.len() > LONGEST {
            return None;
        }
        if line.is_empty() {
            blanks += 1;
            if blanks > 1 {
                return None;
            }
            continue;
        }
        if at > 0 && begins_anew(line) {
            return None;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
        if text.len() <= LONGEST && may_end(&text) {
            let taken = at.saturating_add(1);
            let below = below(lines.get(taken..)?, first.depth);
            let named = name_first(strip_dashes(&text));
            // Without an address only marks below it make it sure.
            if let Some(origin) = named
                && (below == Below::Marked || has_bracketed_address(&origin.from))
            {
                return Some((origin, taken));
            }
            if is_attribution(&text, below) {
                return Some((origin(&text), taken));
            }
        }
        if line.ends_with(['.', '!', '?']) && !text.contains('@') {
            return None;
        }
    }
    None
}

/// The end of an address that was broken before its `>`, which then looks like a quote mark.
fn folded_end<'a>(line: &Line<'a>, text: &str) -> Option<&'a str> {
    let open = text.matches('<').count() > text.matches('>').count();
    let short = line.raw.len() < 60 && line.bare.ends_with(':');
    (open && short && line.depth > 0).then(|| line.raw.trim())
}

/// Does a second attribution begin here? Then the first line was none.
fn begins_anew(line: &str) -> bool {
    let folded = line.to_lowercase();
    led(&folded) && has_time(&folded)
}

fn below(rest: &[Line<'_>], depth: usize) -> Below {
    let next = rest.iter().take(4).find(|line| !line.is_blank());
    if next.is_some_and(|line| line.depth > depth || is_barred(line)) {
        Below::Marked
    } else {
        Below::Plain
    }
}

fn may_end(text: &str) -> bool {
    let bare = strip_dashes(text);
    bare.ends_with(':')
        || VERBS_AT_END.iter().any(|verb| bare.ends_with(verb))
        || bare.ends_with('>')
}

fn strip_dashes(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '—' | '_'))
}

fn is_attribution(text: &str, below: Below) -> bool {
    let folded = strip_dashes(text).to_lowercase();
    let colon = folded.ends_with(':');
    let bare = folded.trim_end_matches(':').trim_end();
    let verb_at_end = VERBS_AT_END
        .iter()
        .any(|verb| bare.strip_suffix(verb).is_some_and(ends_a_word));
    let verb_inside = colon
        && VERBS_BEFORE_NAME
            .iter()
            .any(|verb| bare.contains(&format!(" {verb} ")));
    let address = has_bracketed_address(bare);
    let date = has_date(bare);
    let time = has_time(bare);
    let verb = verb_at_end || verb_inside;
    let dressed = led(bare) || starts_with_date(bare);
    match below {
        Below::Marked => {
            (verb && (dressed || address) && (date || time || address))
                || (colon && address && date && time)
                || cites(&folded)
                || (bare.starts_with(|c: char| c.is_ascii_digit())
                    && bare.ends_with('>')
                    && address)
        }
        Below::Plain => {
            (verb && dressed && (date || time) && (bare.contains('@') || (date && time)))
                || (verb_at_end && colon && address)
                || (colon && address && date && time && bare.ends_with('>'))
        }
    }
}

fn ends_a_word(before: &str) -> bool {
    !before.ends_with(char::is_alphanumeric)
}

fn led(folded: &str) -> bool {
    LEADS.iter().any(|lead| {
        folded
            .strip_prefix(lead)
            .is_some_and(|rest| rest.starts_with(char::is_whitespace))
    })
}

/// Begins with a day, a year, a time or the name of a weekday before a date.
fn starts_with_date(folded: &str) -> bool {
    let start: String = folded.chars().take(16).collect();
    start.contains(|c: char| c.is_ascii_digit())
}

/// A year, or a day with month and year in figures.
pub fn has_date(folded: &str) -> bool {
    let figures = |word: &str| {
        let parts: Vec<&str> = word.split(['/', '.', '-']).collect();
        parts.len() == 3
            && parts.iter().all(|part| {
                (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
            })
    };
    folded
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'))
        .any(|word| {
            let year = word.len() == 4
                && (word.starts_with("19") || word.starts_with("20"))
                && word.bytes().all(|b| b.is_ascii_digit());
            year || figures(word)
        })
}

/// `10:12`, `10.12`, `10h12`.
pub fn has_time(folded: &str) -> bool {
    folded
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'))
        .any(|word| {
            word.split_once([':', '.', 'h'])
                .is_some_and(|(hour, minute)| {
                    (1..=2).contains(&hour.len())
                        && hour.bytes().all(|b| b.is_ascii_digit())
                        && minute.len() >= 2
                        && minute.bytes().take(2).all(|b| b.is_ascii_digit())
                        && !minute.contains('.')
                })
        })
}

/// An address in angle brackets, also as an entity of HTML.
fn has_bracketed_address(folded: &str) -> bool {
    let open = folded.find('<').or_else(|| folded.find("&lt;"));
    open.and_then(|at| folded.get(at..))
        .is_some_and(|rest| rest.contains('@') && (rest.contains('>') || rest.contains("&gt;")))
}

/// What an attribution tells of the sender and the date.
fn origin(text: &str) -> Origin {
    let text = strip_dashes(text).trim_end_matches(':').trim_end();
    let (head, tail) = text
        .find('<')
        .and_then(|at| text.split_at_checked(at))
        .unwrap_or((text, ""));
    let words: Vec<&str> = head.split_whitespace().collect();
    let is_verb = |word: &&str| {
        let word = word.to_lowercase();
        matches!(
            word.as_str(),
            "heeft"
                | "wrote"
                | "schreef"
                | "schrieb"
                | "skrev"
                | "het"
                | "volgende"
                | "geschreven"
                | "napsal(a)"
                | "om"
                | "à"
                | "um"
                | "kl."
                | "at"
        )
    };
    // The name is what follows the last word with a figure in it.
    let last = words
        .iter()
        .rposition(|word| word.contains(|c: char| c.is_ascii_digit()))
        .map_or(0, |at| at.saturating_add(1));
    let name: Vec<&str> = words
        .iter()
        .skip(last)
        .filter(|word| {
            !is_verb(word)
                && !matches!(
                    word.to_lowercase().trim_end_matches(','),
                    "am" | "pm" | "p.m." | "a.m."
                )
        })
        .copied()
        .collect();
    let date: Vec<&str> = words.iter().take(last).skip(1).copied().collect();
    let address = tail.split_once('>').map_or("", |(inside, _)| inside);
    let name = name.join(" ");
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | ','));
    Origin {
        from: format!("{name} {address}>")
            .trim()
            .trim_end_matches(" >")
            .to_owned(),
        date: date.join(" ").trim_end_matches(',').to_owned(),
        subject: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::own_words::lines::split;

    fn lines_taken(text: &str) -> Option<usize> {
        read_attribution(&split(text)).map(|(_, taken)| taken)
    }

    #[test]
    fn attributions_of_four_languages_are_known() {
        for (text, expected) in [
            (
                "Op ma 4 mei 2026 om 10:12 schreef Jan <jan@a.example>:\n\ntekst",
                Some(1),
            ),
            (
                "Op 4 mei 2026 10:12 schreef Jan Peeters <\njan@a.example>:\n> tekst",
                Some(2),
            ),
            (
                "Op 4 mei om 10:12 heeft Jan <j@a.example> het volgende geschreven:\ntekst",
                Some(1),
            ),
            (
                "Le lun. 4 mai 2026 à 10:12, Jan <j@a.example>\na écrit :\n> texte",
                Some(2),
            ),
            (
                "On Mon, 4 May 2026 at 10:12, Jan <j@a.example> wrote:\ntext",
                Some(1),
            ),
            ("Am 04.05.2026 um 10:12 schrieb Jan:\n> Text", Some(1)),
            (
                "2026-05-04 10:12 GMT+02:00 Jan <j@a.example>:\n\n> tekst",
                Some(1),
            ),
        ] {
            assert_eq!(lines_taken(text), expected, "{text}");
        }
    }

    #[test]
    fn sentences_of_a_reporter_are_none() {
        for text in [
            "Op 4 mei schreef een collega ons dit:\nhij had geklikt",
            "Op 4 mei 2026 om 10:12 kregen wij een mail van j@a.example:\nzie hieronder",
            "On this day\n\nI wrote something",
            "Om 10:12 zijn de servers uitgevallen:\n- server 1",
            "",
        ] {
            assert_eq!(lines_taken(text), None, "{text}");
        }
    }

    #[test]
    fn the_sender_of_an_attribution_is_kept() {
        let lines =
            split("Op 28/10/2026 12:46 heeft Jan Peeters <jan@a.example> geschreven:\n\n    tekst");
        let (origin, _) = read_attribution(&lines).unwrap();
        assert_eq!(
            (origin.from.as_str(), origin.date.as_str()),
            ("Jan Peeters <jan@a.example>", "28/10/2026 12:46")
        );
    }
}

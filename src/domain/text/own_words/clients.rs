//! Attributions that begin in another way than with a date: the name first (Evolution, Roundcube, Outlook
//! for Mac in Norwegian), and the lines of `GroupWise`, Lotus Notes and Horde.
//!
//! Those that begin with "Op", "Le", "On", "Am" or a date are read in `attribution`.

use crate::domain::text::forward::labels::{Label, read_label};
use crate::domain::text::forward::unwrap::Origin;
use crate::domain::text::own_words::attribution::{has_date, has_time};
use crate::domain::text::own_words::lines::{Line, count_step};

/// Verbs with the word that leads to the date, behind the name.
const VERBS_BEFORE_DATE: &[&str] = &[
    "schreef op",
    "het volgende geschreven op",
    "a écrit le",
    "wrote on",
    "schrieb am",
    "skrev den",
    "skrev følgende den",
    "skrev följande den",
    "ha scritto il",
    "escribió el",
    "escreveu em",
];

/// Horde writes "Citeren Jan <jan@a.example>:" above a marked quote.
const CITING: &[&str] = &[
    "citeren ",
    "quoting ",
    "zitat von ",
    "citando ",
    "citando a ",
    "quoting: ",
];

/// Most words of a name.
const LONGEST_NAME: usize = 10;
/// Lines below the line of Notes within which its fields begin.
const FIELDS_WITHIN: usize = 12;
/// Most words of a date with its time.
const LONGEST_DATE: usize = 9;

/// "Jan <jan@a.example> schreef op maandag 4 mei 2026 om 10:12:": name, verb, date, and nothing else. A
/// sentence goes on behind the date, so the last word must belong to the date.
pub fn name_first(text: &str) -> Option<Origin> {
    let words: Vec<&str> = text.strip_suffix(':')?.split_whitespace().collect();
    let folded: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let (start, end) = VERBS_BEFORE_DATE.iter().find_map(|verb| {
        let verb: Vec<&str> = verb.split(' ').collect();
        let start = folded
            .windows(verb.len())
            .take(LONGEST_NAME.saturating_add(1))
            .position(|window| window.iter().zip(&verb).all(|(word, verb)| word == verb))?;
        Some((start, start.saturating_add(verb.len())))
    })?;
    let (name, date) = (words.get(..start)?, words.get(end..)?.join(" "));
    let last = words
        .iter()
        .rev()
        .find(|word| word.contains(char::is_alphanumeric))?;
    let dated = has_date(&date) && date.split_whitespace().count() <= LONGEST_DATE;
    (!name.is_empty() && dated && last.contains(|c: char| c.is_ascii_digit())).then(|| Origin {
        from: name.join(" "),
        date,
        subject: String::new(),
    })
}

/// The line of Horde above a marked quote.
pub fn cites(folded: &str) -> bool {
    folded.ends_with(':')
        && folded.contains('@')
        && folded.split_whitespace().count() <= LONGEST_NAME
        && CITING.iter().any(|start| folded.starts_with(start))
}

/// `GroupWise`: ">>> Jan Peeters <jan@a.example> 4/05/2026 10:12 >>>". Its marks are no marks of a quote; the
/// text below it has none.
pub fn groupwise(line: &Line<'_>) -> Option<Origin> {
    let inner = line.raw.trim().strip_prefix(">>>")?.strip_suffix(">>>")?;
    let words: Vec<&str> = inner.split_whitespace().collect();
    let day = words.iter().position(|word| has_date(word))?;
    let (name, date) = (words.get(..day)?, words.get(day..)?.join(" "));
    (!name.is_empty() && name.len() <= LONGEST_NAME && has_time(&date)).then(|| Origin {
        from: name.join(" "),
        date,
        subject: String::new(),
    })
}

/// Lotus Notes: "Jan Peeters ---04/05/2026 10:12:33---Dag An," with the first words of the quoted mail, and
/// its fields below. Without them it may be a line of a log.
pub fn notes(lines: &[Line<'_>]) -> Option<Origin> {
    let (name, rest) = lines.first()?.bare.split_once("---")?;
    let (date, _) = rest.split_once("---")?;
    let short = (1..=LONGEST_NAME).contains(&name.split_whitespace().count())
        && date.split_whitespace().count() <= 4;
    let fields = || {
        let mut below = lines.iter().skip(1).take(FIELDS_WITHIN);
        below.any(|line| {
            count_step();
            matches!(read_label(line.bare), Some((Label::From, _)))
        })
    };
    (short && has_date(date) && has_time(date) && fields()).then(|| Origin {
        from: name.trim().to_owned(),
        date: date.trim().to_owned(),
        subject: String::new(),
    })
}

/// Mutt, Elm and others can mark quotes with a bar. Only believed below an attribution: tables look so too.
pub fn is_barred(line: &Line<'_>) -> bool {
    line.bare.starts_with('|')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::own_words::lines::split;

    #[test]
    fn names_come_first_only_before_a_date_that_ends_the_line() {
        for (text, expected) in [
            (
                "Jan schreef op ma 04-05-2026 om 10:12 [+0200]:",
                Some("Jan"),
            ),
            (
                "Jan <j@a.example> skrev følgende den 28/10/2026, 12:46:",
                Some("Jan <j@a.example>"),
            ),
            ("Jan a écrit le 4 mai 2026 à 10:12 :", Some("Jan")),
            ("Een collega schreef op 4 mei 2026 dit:", None),
            (
                "Jan schreef op 4 mei 2026 om 10:12 dat wij moesten betalen:",
                None,
            ),
            ("schreef op 4 mei 2026:", None),
            ("Jan schreef op het bord 3 dingen:", None),
            ("Jan schreef op 4 mei 2026", None),
        ] {
            let found = name_first(text).map(|origin| origin.from);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn lines_of_groupwise_and_notes_are_told_from_marks_and_rules() {
        for (text, in_groupwise, in_notes) in [
            (">>> Jan <j@a.example> 4/05/2026 10:12 >>>", true, false),
            (">>> Jan op 4/05/2026 10:12", false, false),
            (">>> ging hier mis >>>", false, false),
            (
                "Jan Peeters ---04/05/2026 10:12:33---Dag An,\n\nVan: Jan",
                false,
                true,
            ),
            ("server1 ---04/05/2026 10:12:33---fout", false, false),
            ("---04/05/2026 10:12:33---", false, false),
            ("Log --- regel 3 --- fout", false, false),
        ] {
            let lines = split(text);
            let line = lines.first().unwrap();
            assert_eq!(groupwise(line).is_some(), in_groupwise, "{text}");
            assert_eq!(notes(&lines).is_some(), in_notes, "{text}");
        }
    }
}

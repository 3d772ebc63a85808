//! What a mail program put in front of the subject: an answer and a forward look the same in the text, and
//! often differ here only.

/// What kind of mail a subject announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// `FW:`, `Doorst:`, `TR:`, `WG:` and the like come first.
    Forward,
    /// `Re:`, `Antw:`, `AW:` and the like come first.
    Reply,
    /// Neither.
    None,
}

/// Forward prefixes of mail programs: en, nl, fr, de, then the rest of Europe.
const FORWARD: &[&str] = &[
    "fw",
    "fwd",
    "doorst",
    "doorgestuurd",
    "tr",
    "wg",
    "rv",
    "enc",
    "pd",
    "vb",
    "vs",
    "vl",
    "i",
    "redir",
    "továbbítás",
    "пересл",
    "fs",
    "ynt",
];

/// Reply prefixes in the same order.
const REPLY: &[&str] = &[
    "re", "antw", "betr", "aw", "sv", "rép", "rep", "réf", "ref", "odp", "r", "res", "ha", "ad",
];

/// The longest prefix, in characters, with a counter as in `Re[2]`.
const LONGEST_PREFIX: usize = 14;

/// Reads the first prefix of a subject. Labels in square brackets, as gateways add them, are skipped.
pub fn read_prefix(subject: &str) -> Prefix {
    split_prefix(subject).map_or(Prefix::None, |(prefix, _)| prefix)
}

/// The subject without its prefixes.
pub fn without_prefixes(subject: &str) -> &str {
    let mut rest = subject.trim();
    for _ in 0..16 {
        match split_prefix(rest) {
            Some((_, after)) => rest = after,
            None => break,
        }
    }
    rest
}

fn split_prefix(subject: &str) -> Option<(Prefix, &str)> {
    let bare = without_labels(subject);
    let (word, rest) = bare.split_once([':', '：'])?;
    if word.chars().count() > LONGEST_PREFIX {
        return None;
    }
    let word = word.trim().to_lowercase();
    let word = word.split(['[', '(']).next()?.trim_end_matches('.').trim();
    let prefix = if FORWARD.contains(&word) {
        Prefix::Forward
    } else if REPLY.contains(&word) {
        Prefix::Reply
    } else {
        return None;
    };
    Some((prefix, rest.trim()))
}

/// `[EXTERN] [SPAM?] FW: x` becomes `FW: x`.
fn without_labels(subject: &str) -> &str {
    let mut rest = subject.trim();
    for _ in 0..4 {
        let Some((label, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) else {
            break;
        };
        if label.len() > 40 {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_prefix_decides() {
        for (subject, expected) in [
            ("FW: Verdachte mail", Prefix::Forward),
            ("Doorst: Factuur", Prefix::Forward),
            ("TR : Facture", Prefix::Forward),
            ("[EXTERN] Fwd: Re: iets", Prefix::Forward),
            ("Re: FW: iets", Prefix::Reply),
            ("Antw.: iets", Prefix::Reply),
            ("Re[2]: iets", Prefix::Reply),
            ("Melding: phishing", Prefix::None),
            ("Wij zijn gehackt", Prefix::None),
            ("[", Prefix::None),
            ("", Prefix::None),
        ] {
            assert_eq!(read_prefix(subject), expected, "{subject}");
        }
    }

    #[test]
    fn all_prefixes_go_when_the_subject_itself_is_wanted() {
        assert_eq!(without_prefixes("FW: Re: [EXT] TR: Uw pakket"), "Uw pakket");
        assert_eq!(without_prefixes("Uw pakket: douane"), "Uw pakket: douane");
    }
}

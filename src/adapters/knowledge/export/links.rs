//! Which addresses a page may lead to, and how a text becomes text with links.
//!
//! A memo may come from anywhere: only the web, mail and telephone numbers are linked, and pages of the site itself.
//! Anything else stays text. Nothing here asks whether an address exists.

use crate::domain::guidance::contacts::{Contacts, name_at_start};
use crate::domain::triage::language::Language;
use regex::Regex;
use std::sync::LazyLock;

/// Fewest and most digits of a telephone number that isn't one of the short ones.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=15;
/// Longest address that becomes a link.
const LONGEST: usize = 2000;

/// What a text is: a contact is short and checked, so that more in it is known for what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    /// Any text: whole addresses and whole telephone numbers are linked.
    Any,
    /// A contact: also `safeonweb.be` and 112 are.
    Contact,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    /// Just text.
    Text(&'a str),
    /// Text that leads somewhere.
    Link {
        /// What is read.
        text: &'a str,
        /// Where it leads.
        href: String,
    },
}

/// Addresses and numbers in any text, by the name of their group.
static ANY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&any()).ok());
/// The same, with what only a contact holds.
static CONTACT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let domain = r"\b(?P<domain>(?:[a-z0-9-]+\.)+(?:be|eu|org|com|net)\b(?:/[A-Za-z0-9_/-]*)?)";
    let short = r"\b(?P<short>1[0-9]{2,3})\b";
    Regex::new(&format!("{}|{domain}|{short}", any())).ok()
});

fn any() -> String {
    let web = r#"(?P<web>https?://[^\s<>"'\x60\[\](){}|\\^]+)"#;
    let mail = r"\b(?P<mail>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)";
    let phone = r"(?P<phone>(?:\+[1-9]|\b0)[0-9](?:[ /]?[0-9]){7,13})\b";
    [web, mail, phone].join("|")
}

/// A text cut into what is linked and what isn't.
fn pieces(text: &str, kind: TextKind) -> Vec<Piece<'_>> {
    let known = match kind {
        TextKind::Any => &ANY,
        TextKind::Contact => &CONTACT,
    };
    let mut pieces = Vec::new();
    let mut done = 0;
    for found in known.iter().flat_map(|known| known.captures_iter(text)) {
        let Some((name, shown)) = ["web", "mail", "phone", "domain", "short"]
            .into_iter()
            .find_map(|name| Some((name, found.name(name)?)))
        else {
            continue;
        };
        // The stop behind an address belongs to the sentence.
        let link = shown
            .as_str()
            .trim_end_matches(['.', ',', ';', ':', '!', '?']);
        let Some(href) = href(name, link) else {
            continue;
        };
        if let Some(before) = text
            .get(done..shown.start())
            .filter(|text| !text.is_empty())
        {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Link { text: link, href });
        done = shown.start() + link.len();
    }
    if let Some(rest) = text.get(done..).filter(|text| !text.is_empty()) {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

fn href(kind: &str, text: &str) -> Option<String> {
    match kind {
        "web" => outside(text),
        "mail" => outside(&format!("mailto:{text}")),
        "domain" => outside(&format!("https://{text}")),
        "short" => Some(format!("tel:{text}")),
        _ => {
            let digits: String = text
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '+')
                .collect();
            // A number of an enterprise has ten digits too, and no mobile number begins like it.
            let is_number =
                digits.len() != 10 || digits.starts_with("04") || digits.starts_with('+');
            (is_number && DIGITS.contains(&digits.len())).then(|| format!("tel:{digits}"))
        }
    }
}

/// An address outside the site as it may stand in a link: the web, mail or a telephone, and nothing that hides.
pub(super) fn outside(address: &str) -> Option<String> {
    let address = address.trim();
    let lower = address.to_ascii_lowercase();
    let known = ["https://", "http://", "mailto:", "tel:"]
        .into_iter()
        .any(|scheme| {
            lower
                .strip_prefix(scheme)
                .is_some_and(|rest| !rest.is_empty())
        });
    let hides = |c: char| c.is_control() || c.is_whitespace() || "<>\"'`\\".contains(c);
    (known && address.len() <= LONGEST && !address.contains(hides)).then(|| address.to_owned())
}

/// A text as HTML, with its links: bare, because each shows where it leads.
pub(super) fn linked(text: &str, kind: TextKind) -> String {
    let mut html = String::with_capacity(text.len());
    for piece in pieces(text, kind) {
        match piece {
            Piece::Text(text) => html.push_str(&escaped(text)),
            Piece::Link { text, href } => {
                html.push_str("<a class=\"bare\" href=\"");
                html.push_str(&escaped(&href));
                html.push_str("\">");
                html.push_str(&escaped(text));
                html.push_str("</a>");
            }
        }
    }
    html
}

/// A text that names contacts, cut at them: each part with its kind. A contact that isn't there stays as it is written.
pub(super) fn with_contacts<'a>(text: &'a str, contacts: &'a Contacts) -> Vec<(&'a str, TextKind)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("[[") {
        parts.push((before, TextKind::Any));
        let contact = name_at_start(behind).and_then(|(name, after)| {
            let contact = contacts.0.get(name)?;
            Some((contact.text.in_language(Language::Nl), after))
        });
        if let Some((contact, after)) = contact {
            parts.push((contact, TextKind::Contact));
            rest = after;
        } else {
            parts.push(("[[", TextKind::Any));
            rest = behind;
        }
    }
    parts.push((rest, TextKind::Any));
    parts.retain(|(text, _)| !text.is_empty());
    parts
}

/// A text as HTML, also within quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_linked_and_their_stops_are_not() {
        assert_eq!(
            linked(
                "Bel 078 170 170, of +32 2 000 00 00. Zie https://a.example/b?c=1&d.",
                TextKind::Any
            ),
            "Bel <a class=\"bare\" href=\"tel:078170170\">078 170 170</a>, of <a class=\"bare\" href=\"tel:+3220000000\">+32 2 000 00 00</a>. \
             Zie <a class=\"bare\" href=\"https://a.example/b?c=1&amp;d\">https://a.example/b?c=1&amp;d</a>."
        );
        let contact = "het CCB (ccb.belgium.be/cert/report) of verdacht@safeonweb.be, 112";
        assert_eq!(
            linked(contact, TextKind::Contact),
            "het CCB (<a class=\"bare\" href=\"https://ccb.belgium.be/cert/report\">ccb.belgium.be/cert/report</a>) of \
             <a class=\"bare\" href=\"mailto:verdacht@safeonweb.be\">verdacht@safeonweb.be</a>, <a class=\"bare\" href=\"tel:112\">112</a>"
        );
    }

    #[test]
    fn what_only_looks_like_a_number_stays_text() {
        for text in [
            "112 mensen, 72 uur, 01/11/2026",
            "ondernemingsnummer 0123456789",
            "artikel 33, leden 1, 3 en 4",
            "wet van 26 april 2024",
        ] {
            assert_eq!(linked(text, TextKind::Any), text);
        }
        assert_eq!(
            linked("</p><b>\"'", TextKind::Any),
            "&lt;/p&gt;&lt;b&gt;&quot;&#39;"
        );
    }

    #[test]
    fn nothing_leads_into_a_script() {
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//elders.example",
            "https://",
            "https://a.example/\"onclick=\"x",
            "https://a.example/\u{0}",
        ] {
            assert_eq!(outside(address), None, "{address}");
        }
        assert_eq!(
            outside("HTTPS://a.example"),
            Some("HTTPS://a.example".to_owned())
        );
        assert_eq!(outside("tel:112"), Some("tel:112".to_owned()));
    }
}

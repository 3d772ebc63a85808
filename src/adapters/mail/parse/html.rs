//! HTML made plain, with the addresses of its links kept: they are often what a report is about.
//!
//! It is written anew first; what is still too much goes through a simpler reader.

use crate::adapters::mail::parse::html_clean::{Allowance, clean};
use mail_parser::decoders::html::html_to_text;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Longest HTML that is read, in bytes.
const LONGEST_HTML: usize = 1024 * 1024;
/// How much of one mail is laid out, once it is written anew.
pub const LAID_OUT: Allowance = Allowance {
    elements: 10_000,
    bytes: 256 * 1024,
};
/// Columns of the plain text: wide, so that no sentence and no address is cut in two.
const WIDTH: usize = 2_000;
/// Most links that are listed by the simpler reader.
const MOST_LINKS: usize = 500;

/// HTML as plain text. Links become numbered footnotes. What is more than is allowed is read without a
/// layout; the rest is taken off.
pub fn plain_text(html: &str, allowance: &mut Allowance) -> String {
    let html = cut(html, LONGEST_HTML);
    let Some(clean) = clean(html, *allowance) else {
        // Whoever sends more than enough in one part gets no second chance in the next.
        *allowance = Allowance {
            elements: 0,
            bytes: 0,
        };
        return simple(html);
    };
    allowance.elements -= clean.elements;
    allowance.bytes -= clean.html.len().min(allowance.bytes);
    let laid_out = catch_unwind(AssertUnwindSafe(|| {
        html2text::config::plain_no_decorate()
            .link_footnotes(true)
            .raw_mode(true)
            .no_link_wrapping()
            .allow_width_overflow()
            .string_from_read(clean.html.as_bytes(), WIDTH)
    }));
    match laid_out {
        Ok(Ok(text)) => text,
        _ => simple(html),
    }
}

/// Not more than `longest` bytes, cut between characters.
pub fn cut(text: &str, longest: usize) -> &str {
    let end = text.floor_char_boundary(longest);
    text.get(..end).unwrap_or_default()
}

/// The text without any layout, and the links behind it.
fn simple(html: &str) -> String {
    let mut text = catch_unwind(AssertUnwindSafe(|| html_to_text(html))).unwrap_or_default();
    for (number, link) in links(html).enumerate() {
        let _ = write!(text, "\n[{}]: {link}", number + 1);
    }
    text
}

fn links(html: &str) -> impl Iterator<Item = &str> {
    html.split("href=")
        .skip(1)
        .take(MOST_LINKS)
        .filter_map(|piece| {
            let quote = piece.chars().next().filter(|c| matches!(c, '"' | '\''));
            let link = match quote {
                Some(quote) => piece.trim_start_matches(quote).split(quote).next(),
                None => piece.split(|c: char| c.is_whitespace() || c == '>').next(),
            };
            link.map(|link| cut(link.trim(), 2_048))
                .filter(|link| link.contains(':'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(html: &str) -> String {
        plain_text(html, &mut LAID_OUT.clone())
    }

    #[test]
    fn links_are_kept_whole() {
        let long = "x".repeat(300);
        let text = plain(&format!(
            "<style>p{{color:red}}</style><p>Klik <a href=\"https://evil.example/{long}\">hier</a>\
             <script>alert(1)</script>"
        ));
        assert!(
            text.contains(&format!("https://evil.example/{long}")),
            "{text}"
        );
        assert!(!text.contains("alert") && !text.contains("color"), "{text}");
    }

    #[test]
    fn a_sentence_is_not_cut() {
        let sentence = "woord ".repeat(60);
        let text = plain(&format!("<table><tr><td><p>{sentence}</td></tr></table>"));
        assert_eq!(text.trim(), sentence.trim());
    }

    #[test]
    fn tangled_html_still_gives_its_words_and_links() {
        for tag in [
            "div",
            "table",
            "blockquote",
            "b",
            "font",
            "xyz",
            "svg",
            "ul",
        ] {
            let html = format!(
                "{}een <a href='http://evil.example/q'>twee</a>",
                format!("<{tag}>").repeat(20_000)
            );
            let text = plain(&html);
            assert!(text.contains("een"), "{tag}");
            assert!(text.contains("http://evil.example/q"), "{tag}");
        }
        let text = plain(&format!("{}einde", "<td><table>".repeat(20_000)));
        assert!(text.contains("einde"));
        assert!(plain(&"<p>".repeat(25_000)).trim().is_empty());
    }

    #[test]
    fn mixed_tags_are_no_way_around_the_bound() {
        for unit in [
            "<div></b>",
            "<div><!--</div>-->",
            "<div title='</div>'>",
            "<o>",
            "<svg><td>",
            "<b id=x><p>",
            "<table><tr><td></b>",
            "<a href='x:y'><div>",
        ] {
            let html = format!("{}einde", unit.repeat(14_000));
            assert!(plain(&html).contains("einde"), "{unit}");
        }
    }
}

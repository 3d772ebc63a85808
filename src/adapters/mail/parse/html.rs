//! HTML made plain, with the addresses of its links kept: they are often what a report is about.
//!
//! Hostile HTML is measured first; what is too tangled goes through a simpler reader.

use mail_parser::decoders::html::html_to_text;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Longest HTML that is read, in bytes.
const LONGEST_HTML: usize = 1024 * 1024;
/// Most tags for which the layout is worked out.
const MOST_TAGS: usize = 30_000;
/// Deepest nesting for which the layout is worked out.
const DEEPEST: usize = 120;
/// Deepest nesting of tables for which the layout is worked out.
const DEEPEST_TABLES: usize = 30;
/// Columns of the plain text: wide, so that no sentence and no address is cut in two.
const WIDTH: usize = 2_000;
/// Most links that are listed by the simpler reader.
const MOST_LINKS: usize = 500;

/// HTML as plain text. Links become numbered footnotes.
pub fn plain_text(html: &str) -> String {
    let html = cut(html, LONGEST_HTML);
    if is_tangled(html) {
        return simple(html);
    }
    let laid_out = catch_unwind(AssertUnwindSafe(|| {
        html2text::config::plain_no_decorate()
            .link_footnotes(true)
            .raw_mode(true)
            .no_link_wrapping()
            .allow_width_overflow()
            .string_from_read(html.as_bytes(), WIDTH)
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

/// Tags that nest and are closed by careful writers; `<p>` or `<td>` are often left open.
fn nests(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "span"
            | "table"
            | "blockquote"
            | "ul"
            | "ol"
            | "dl"
            | "a"
            | "b"
            | "i"
            | "u"
            | "em"
            | "strong"
            | "font"
            | "center"
            | "section"
            | "article"
            | "form"
            | "small"
            | "big"
            | "sup"
            | "sub"
            | "s"
            | "strike"
            | "code"
            | "pre"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "nobr"
            | "tt"
            | "svg"
            | "math"
            | "select"
            | "template"
            | "details"
    )
}

/// Would working out the layout cost too much?
fn is_tangled(html: &str) -> bool {
    let (mut tags, mut depth, mut tables) = (0_usize, 0_usize, 0_usize);
    for piece in html.split('<').skip(1) {
        tags += 1;
        let closes = piece.starts_with('/');
        let name: String = piece
            .trim_start_matches('/')
            .chars()
            .take(12)
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let step = |count: usize| {
            if closes {
                count.saturating_sub(1)
            } else {
                count + 1
            }
        };
        if name == "table" {
            tables = step(tables);
        }
        if nests(&name) || !is_known(&name) {
            depth = step(depth);
        }
        if tags > MOST_TAGS || depth > DEEPEST || tables > DEEPEST_TABLES {
            return true;
        }
    }
    false
}

/// Tags that are often not closed, and pieces that are no tag at all.
fn is_known(name: &str) -> bool {
    name.is_empty()
        || matches!(
            name,
            "p" | "br"
                | "img"
                | "hr"
                | "meta"
                | "link"
                | "li"
                | "td"
                | "tr"
                | "th"
                | "tbody"
                | "thead"
                | "tfoot"
                | "col"
                | "colgroup"
                | "input"
                | "option"
                | "area"
                | "base"
                | "html"
                | "head"
                | "body"
                | "title"
                | "style"
                | "script"
                | "dt"
                | "dd"
                | "wbr"
                | "o"
                | "v"
                | "w"
                | "x"
                | "m"
        )
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

    #[test]
    fn links_are_kept_whole() {
        let long = "x".repeat(300);
        let text = plain_text(&format!(
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
        let text = plain_text(&format!("<table><tr><td><p>{sentence}</td></tr></table>"));
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
            let text = plain_text(&html);
            assert!(text.contains("een"), "{tag}");
            assert!(text.contains("http://evil.example/q"), "{tag}");
        }
        let text = plain_text(&format!("{}einde", "<td><table>".repeat(20_000)));
        assert!(text.contains("einde"));
        assert!(plain_text(&"<p>".repeat(25_000)).trim().is_empty());
    }
}

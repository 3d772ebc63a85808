//! Our messages as Matrix wants them: plain, and formatted beside it.
//!
//! What came from outside is a quote in both, escaped, and nothing in it can mention anybody: clients decide
//! by `m.mentions`, which always stands there, and older ones find no name in the text. No line of it can
//! begin with `!`.

use crate::domain::chat::ids::UserId;
use crate::domain::chat::post::{Line, Loudness, Post};
use serde_json::{Value, json};

/// Breaks a name apart without being seen (U+2060).
const JOINER: char = '\u{2060}';

/// The content of a message, without its relations.
pub(super) fn content_of(post: &Post) -> Value {
    json!({
        "msgtype": match post.loudness {
            Loudness::Notice => "m.notice",
            Loudness::Message => "m.text",
        },
        "body": plain(post),
        "format": "org.matrix.custom.html",
        "formatted_body": formatted(post),
        "m.mentions": mentions_of(post),
    })
}

fn mentions_of(post: &Post) -> Value {
    if post.mentions.is_empty() {
        // Present and empty: nobody, whatever the text says.
        return json!({});
    }
    let users: Vec<&str> = post.mentions.iter().map(UserId::as_str).collect();
    json!({ "user_ids": users })
}

fn plain(post: &Post) -> String {
    let mut lines = Vec::new();
    for line in &post.lines {
        match line {
            Line::Plain(text) | Line::Strong(text) => lines.extend(pieces(text)),
            Line::Item(text) => {
                let item = pieces(text).into_iter().enumerate();
                lines.extend(item.map(|(n, piece)| {
                    let mark = if n == 0 { "- " } else { "  " };
                    format!("{mark}{piece}")
                }));
            }
            Line::Outside(text) => {
                let quote = pieces(&harmless(text)).into_iter();
                lines.extend(quote.map(|piece| format!("> {piece}")));
            }
        }
    }
    lines.join("\n")
}

fn formatted(post: &Post) -> String {
    let mut html = String::new();
    let mut lines = post.lines.iter().peekable();
    while let Some(line) = lines.next() {
        let broken = |text: &str| {
            let pieces: Vec<String> = pieces(text).iter().map(|piece| escaped(piece)).collect();
            pieces.join("<br>")
        };
        match line {
            Line::Plain(text) => {
                html.push_str(&broken(text));
                // A block begins on a line of its own anyway.
                if matches!(lines.peek(), Some(Line::Plain(_) | Line::Strong(_))) {
                    html.push_str("<br>");
                }
            }
            Line::Strong(text) => {
                html.push_str("<strong>");
                html.push_str(&broken(text));
                html.push_str("</strong>");
                if matches!(lines.peek(), Some(Line::Plain(_) | Line::Strong(_))) {
                    html.push_str("<br>");
                }
            }
            Line::Item(text) => {
                html.push_str("<ul><li>");
                html.push_str(&broken(text));
                while let Some(Line::Item(text)) =
                    lines.next_if(|next| matches!(next, Line::Item(_)))
                {
                    html.push_str("</li><li>");
                    html.push_str(&broken(text));
                }
                html.push_str("</li></ul>");
            }
            Line::Outside(text) => {
                html.push_str("<blockquote>");
                html.push_str(&broken(&harmless(text)));
                html.push_str("</blockquote>");
            }
        }
    }
    html
}

/// Lines, wherever somebody's client may break them.
fn pieces(text: &str) -> Vec<String> {
    let unified = text.replace("\r\n", "\n");
    let breaks = [
        '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
    ];
    unified.split(breaks).map(str::to_owned).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Takes everything out of foreign words that names, links to or hides behind something in Matrix. A mail
/// address stays as it is: it is evidence, and names nobody here.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        out.push(c);
        if matches!(c, '@' | '#' | '!' | '+') && !before.is_alphanumeric() {
            out.push(JOINER);
        }
        before = c;
    }
    let out = parted(&out, "matrix.to", "matrix[.]to");
    parted(&out, "matrix:", "matrix[:]")
}

/// Replaces a word of ASCII letters, whatever their case.
fn parted(text: &str, word: &str, other: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (at, found) in lower.match_indices(word) {
        out.push_str(text.get(end..at).unwrap_or_default());
        out.push_str(other);
        end = at + found.len();
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

/// Characters that turn the direction of writing or take no room: with them a text can look like another.
fn is_invisible(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}');
    control
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(lines: Vec<Line>) -> Post {
        Post {
            lines,
            mentions: Vec::new(),
            loudness: Loudness::Notice,
        }
    }

    #[test]
    fn every_kind_of_line_has_its_form() {
        let content = content_of(&post(vec![
            Line::Strong("CRT-2026-0042".to_owned()),
            Line::Plain("ransomware & meer".to_owned()),
            Line::Item("een".to_owned()),
            Line::Item("twee".to_owned()),
            Line::Outside("<b>hallo</b>\r\n!reply ja".to_owned()),
            Line::Plain("einde".to_owned()),
        ]));
        assert_eq!(
            content["body"],
            "CRT-2026-0042\nransomware & meer\n- een\n- twee\n> <b>hallo</b>\n> !\u{2060}reply ja\neinde"
        );
        assert_eq!(
            content["formatted_body"],
            "<strong>CRT-2026-0042</strong><br>ransomware &amp; meer<ul><li>een</li><li>twee</li></ul>\
             <blockquote>&lt;b&gt;hallo&lt;/b&gt;<br>!\u{2060}reply ja</blockquote>einde"
        );
        assert_eq!(
            (&content["msgtype"], &content["m.mentions"]),
            (&json!("m.notice"), &json!({}))
        );
    }

    #[test]
    fn words_from_outside_name_nobody_and_command_nothing() {
        for (outside, harmless) in [
            ("@room help", "> @\u{2060}room help"),
            (
                "zie @an:hackegem.example",
                "> zie @\u{2060}an:hackegem.example",
            ),
            ("(@an:x)", "> (@\u{2060}an:x)"),
            ("an@hackegem.example", "> an@hackegem.example"),
            (
                "https://Matrix.to/#/@an:x",
                "> https://matrix[.]to/#\u{2060}/@\u{2060}an:x",
            ),
            ("MATRIX:u/an:x", "> matrix[:]u/an:x"),
            ("a\u{2028}!reply", "> a\n> !\u{2060}reply"),
            ("a\r!close", "> a\n> !\u{2060}close"),
            ("\u{202e}moor@", "> moor@"),
            ("@\u{200b}room", "> @\u{2060}room"),
        ] {
            let content = content_of(&post(vec![Line::Outside(outside.to_owned())]));
            assert_eq!(content["body"], harmless, "{outside:?}");
            assert_eq!(content["m.mentions"], json!({}));
            let body = content["body"].as_str().unwrap();
            assert!(body.lines().all(|line| line.starts_with("> ")));
        }
    }

    #[test]
    fn who_is_mentioned_is_said_and_nobody_else() {
        let content = content_of(&Post {
            lines: vec![Line::Plain("An, kijk".to_owned())],
            mentions: vec![UserId::parse("@an:crt.example").unwrap()],
            loudness: Loudness::Message,
        });
        assert_eq!(
            content["m.mentions"],
            json!({"user_ids": ["@an:crt.example"]})
        );
        assert_eq!(content["msgtype"], "m.text");
    }
}

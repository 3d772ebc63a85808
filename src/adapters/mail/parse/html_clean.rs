//! HTML written anew with nothing in it but what the layout needs: no comment, no styling, no formatting, a
//! few elements that are properly nested, and never deep.
//!
//! The layout library is fast on such HTML and hopeless on hostile HTML, whatever is counted beforehand: a
//! closing tag may stand in a comment or an attribute, or close something else. Here nothing of the sender's
//! structure is passed on, so none of it has to be judged. Every step is counted; the work is linear.

use crate::adapters::mail::parse::html_scan::{Piece, Scan};

/// Deepest nesting that is written.
const DEEPEST: usize = 60;
/// Deepest nesting of tables, and of quotes, whose lines are all written anew at each level.
const DEEPEST_COSTLY: usize = 12;
/// Longest address of a link, in bytes.
const LONGEST_LINK: usize = 8 * 1024;

/// How much may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Elements, and signs written by their names, which cost as much.
    pub elements: usize,
    /// Bytes.
    pub bytes: usize,
}

/// What came of it.
#[derive(Debug)]
pub struct Clean {
    /// The HTML.
    pub html: String,
    /// Elements in it.
    pub elements: usize,
    /// Steps that were taken, for the tests of the bound.
    pub steps: usize,
}

/// An element that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Block,
    Paragraph,
    Heading,
    Pre,
    Quote,
    List,
    NumberedList,
    Item,
    Table,
    Row,
    Cell,
    Link,
}

impl Element {
    fn read(name: &str) -> Option<Self> {
        Some(match name {
            "p" => Self::Paragraph,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Self::Heading,
            "pre" => Self::Pre,
            "blockquote" => Self::Quote,
            "ul" | "menu" | "dir" => Self::List,
            "ol" => Self::NumberedList,
            "li" => Self::Item,
            "table" => Self::Table,
            "tr" => Self::Row,
            "td" | "th" => Self::Cell,
            "a" => Self::Link,
            "div" | "section" | "article" | "header" | "footer" | "main" | "aside" | "nav"
            | "form" | "fieldset" | "address" | "figure" | "figcaption" | "center" | "details"
            | "summary" | "dl" | "dt" | "dd" | "caption" | "legend" => Self::Block,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Block => "div",
            Self::Paragraph => "p",
            Self::Heading => "h4",
            Self::Pre => "pre",
            Self::Quote => "blockquote",
            Self::List => "ul",
            Self::NumberedList => "ol",
            Self::Item => "li",
            Self::Table => "table",
            Self::Row => "tr",
            Self::Cell => "td",
            Self::Link => "a",
        }
    }

    /// Is what stands outside of it out of reach for what stands inside?
    fn walls_off(self, from: Self) -> bool {
        match from {
            Self::Table => false,
            Self::Row | Self::Cell => self == Self::Table,
            Self::Item => matches!(
                self,
                Self::List | Self::NumberedList | Self::Table | Self::Cell
            ),
            _ => matches!(self, Self::Table | Self::Cell),
        }
    }
}

/// Writes HTML anew; nothing where that would be more than is allowed.
pub fn clean(html: &str, allowance: Allowance) -> Option<Clean> {
    let mut writer = Writer {
        out: Clean {
            html: String::with_capacity(html.len().min(64 * 1024)),
            elements: 0,
            steps: 0,
        },
        open: Vec::new(),
    };
    let lowered = html.to_ascii_lowercase();
    let mut scan = Scan::new(html, &lowered);
    while let Some(piece) = scan.next_piece() {
        writer.out.steps += 1;
        match piece {
            Piece::Text(text) => writer.text(text),
            Piece::Open(name, tag) => writer.open(name, tag),
            Piece::Close(name) => writer.close(name),
        }
        if writer.out.elements > allowance.elements || writer.out.html.len() > allowance.bytes {
            return None;
        }
    }
    writer.out.steps += scan.looked();
    while writer.pop() {}
    Some(writer.out)
}

struct Writer {
    out: Clean,
    open: Vec<Element>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if text == "<" {
            self.out.elements += 1;
            self.out.html.push_str("&lt;");
        } else {
            self.out.elements += text.bytes().filter(|byte| *byte == b'&').count();
            self.out.html.push_str(text);
        }
    }

    fn open(&mut self, name: &str, tag: &str) {
        if matches!(name, "br" | "hr") {
            self.out.elements += 1;
            self.out
                .html
                .push_str(if name == "br" { "<br>" } else { "<hr>" });
            return;
        }
        let Some(mut element) = Element::read(name) else {
            return;
        };
        match element {
            Element::Item | Element::Row | Element::Cell | Element::Link => {
                self.close_through(element);
            }
            _ if self.open.last() == Some(&Element::Paragraph) => {
                self.pop();
            }
            _ => {}
        }
        let inside = |wanted: Element| self.open.contains(&wanted);
        match element {
            Element::Row | Element::Cell if !inside(Element::Table) => element = Element::Block,
            Element::Item if !inside(Element::List) && !inside(Element::NumberedList) => {
                element = Element::Block;
            }
            _ => {}
        }
        let costly = matches!(element, Element::Table | Element::Quote);
        let same = self.open.iter().filter(|open| **open == element).count();
        self.out.steps += self.open.len();
        // Links are what a report is about: there is always room for one.
        let deepest = DEEPEST + usize::from(element == Element::Link);
        if self.open.len() >= deepest || (costly && same >= DEEPEST_COSTLY) {
            // What can't be nested any deeper begins on a line of its own.
            self.out.html.push_str("<br>");
            return;
        }
        self.out.elements += 1;
        self.out.html.push('<');
        self.out.html.push_str(element.name());
        if element == Element::Link
            && let Some(link) = link_of(tag)
        {
            self.out.html.push_str(" href=\"");
            self.out.html.push_str(&link.replace('"', "&quot;"));
            self.out.html.push('"');
        }
        self.out.html.push('>');
        self.open.push(element);
    }

    fn close(&mut self, name: &str) {
        if let Some(element) = Element::read(name) {
            self.close_through(element);
        }
    }

    /// Closes the innermost of this element with all that is open inside it, where it is within reach.
    fn close_through(&mut self, element: Element) {
        for (inside, open) in self.open.iter().rev().enumerate() {
            self.out.steps += 1;
            if *open == element {
                for _ in 0..=inside {
                    self.pop();
                }
                return;
            }
            if open.walls_off(element) {
                return;
            }
        }
    }

    fn pop(&mut self) -> bool {
        let Some(element) = self.open.pop() else {
            return false;
        };
        self.out.html.push_str("</");
        self.out.html.push_str(element.name());
        self.out.html.push('>');
        true
    }
}

/// The address of a link, as written; nothing where it is absurdly long.
fn link_of(tag: &str) -> Option<&str> {
    let lowered = tag.to_ascii_lowercase();
    let at = lowered.match_indices("href").find_map(|(at, word)| {
        let before = tag.as_bytes().get(at.checked_sub(1)?)?;
        let after = tag.get(at + word.len()..)?.trim_start().strip_prefix('=')?;
        (before.is_ascii_whitespace() || matches!(before, b'"' | b'\'' | b'/'))
            .then_some(tag.len() - after.len())
    })?;
    let value = tag.get(at..)?.trim_start();
    let value = match value.chars().next()? {
        '"' => value.get(1..)?.split('"').next()?,
        '\'' => value.get(1..)?.split('\'').next()?,
        _ => value.split(char::is_whitespace).next()?,
    };
    (value.len() <= LONGEST_LINK).then_some(value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Allowance = Allowance {
        elements: usize::MAX,
        bytes: usize::MAX,
    };
    use proptest::prelude::*;

    #[test]
    fn only_what_is_needed_is_written_again() {
        for (html, expected) in [
            ("<p>een<p>twee", "<p>een</p><p>twee</p>"),
            ("<b><div>x</b></div>", "<div>x</div>"),
            ("<div></b></div>", "<div></div>"),
            ("<div><!--</div>-->x</div>", "<div>x</div>"),
            ("<div title=\"</div>>\">x</div>", "<div>x</div>"),
            (
                "<a title=it's href=http://a.example/>x</a>",
                "<a href=\"http://a.example/\">x</a>",
            ),
            (
                "<A HREF='http://A.example/?a=1&amp;b'>x</A>",
                "<a href=\"http://A.example/?a=1&amp;b\">x</a>",
            ),
            ("<style>p{}</style><script>1<2</script>x", "x"),
            ("<o:p>&nbsp;</o:p><span>x</span>", "&nbsp;x"),
            ("1 < 2 <3 <", "1 &lt; 2 &lt;3 &lt;"),
            ("<td>x", "<div>x</div>"),
            (
                "<table><tr><td>a<td>b<tr><td>c</table>d",
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d",
            ),
            (
                "<ul><li>a<li>b<ul><li>c</ul></ul>",
                "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
            ),
            ("<![if !x]>a<![endif]><?xml?>", "a"),
            ("<!-- never closed <p>a", "&lt;!-- never closed <p>a</p>"),
            ("<div class=\"never closed>a", "<div>a</div>"),
        ] {
            assert_eq!(clean(html, ALL).unwrap().html, expected, "{html}");
        }
    }

    const PIECES: &[&str] = &[
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<a href='x:y'>",
        "</a>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "</td>",
        "<ul>",
        "<li>",
        "</ul>",
        "<p>",
        "</p>",
        "<svg>",
        "</svg>",
        "<font color=\"",
        "\">",
        "'",
        "<!--",
        "-->",
        "<style>",
        "</style>",
        "<script",
        ">",
        "<",
        "/",
        "=",
        "woord ",
        "<o:p>",
        "<br>",
        "<blockquote>",
        "</blockquote>",
        "<x y='",
        "é",
        "&amp;",
        "<![",
        "<select>",
        "<option>",
    ];

    proptest! {
        /// Tags of all names mixed, repeated until they are large: the work stays a small multiple of the
        /// size, and what is written is never deep.
        #[test]
        fn mixed_tags_take_work_in_proportion_to_their_size(
            pieces in proptest::collection::vec(0..PIECES.len(), 1..12),
            repeats in 1_usize..3_000,
        ) {
            let unit: String = pieces.iter().map(|at| PIECES[*at]).collect();
            let html = unit.repeat(repeats);
            let written = clean(&html, ALL).unwrap();
            prop_assert!(written.steps <= (2 * DEEPEST + 4) * (pieces.len() * repeats + 1) + 8 * html.len());
            prop_assert!(written.elements <= pieces.len() * repeats);
            prop_assert!(deepest(&written.html) <= DEEPEST + 1);
        }
    }

    /// The nesting of HTML that is well formed.
    fn deepest(html: &str) -> usize {
        let (mut depth, mut most) = (0_usize, 0);
        for tag in html.split('<').skip(1) {
            if tag.starts_with("br>") || tag.starts_with("hr>") {
                continue;
            }
            if tag.starts_with('/') {
                depth = depth.checked_sub(1).expect("closed more than opened");
            } else {
                depth += 1;
            }
            most = most.max(depth);
        }
        assert_eq!(depth, 0, "all is closed");
        most
    }
}

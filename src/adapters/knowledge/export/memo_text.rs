//! The Markdown of a memo as HTML for its page, and as plain sections for the search, from one reading of it: so the
//! anchors of both are the same.
//!
//! A memo may have been imported: HTML in it is text, images are their description, and links lead to the web, to
//! mail, to a telephone or to another memo, else they are text. `markdown` cuts the same text for answers by mail.

use crate::adapters::knowledge::export::anchors::{Anchors, slug};
use crate::adapters::knowledge::export::links::{
    TextKind, escaped, linked, outside, with_contacts,
};
use crate::domain::guidance::contacts::Contacts;
use pulldown_cmark::utils::TextMergeStream;
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;

/// A memo's text, ready for its page and for the search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct MemoText {
    /// Its HTML.
    pub(super) html: String,
    /// Its sections in order; the first may have no heading.
    pub(super) parts: Vec<Part>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Part {
    /// Where it is on the page; empty before the first heading.
    pub(super) anchor: String,
    /// Its heading; empty before the first one.
    pub(super) heading: String,
    /// Its text, plain: a line for each paragraph, list item and row of a table.
    pub(super) text: String,
}

/// Turns the Markdown of a memo into HTML. The names are those of the memos' pages without their ending, by memo.
pub(super) fn memo_text(
    markdown: &str,
    contacts: &Contacts,
    names: &BTreeMap<String, String>,
) -> MemoText {
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES).map(as_text);
    let mut writer = Writer {
        contacts,
        names,
        events: Vec::new(),
        parts: vec![Part::default()],
        anchors: Anchors::default(),
        heading: None,
        links: Vec::new(),
        in_code: 0,
    };
    for event in TextMergeStream::new(parser) {
        writer.take(event);
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, writer.events.into_iter());
    let parts = writer.parts.into_iter().map(Part::tidied);
    MemoText {
        html,
        parts: parts.filter(|part| !part.text.is_empty()).collect(),
    }
}

/// What looks like HTML is text.
fn as_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    }
}

/// The heading that is being read.
struct Heading {
    /// Where its beginning stands among the events.
    place: usize,
    level: HeadingLevel,
    text: String,
}

struct Writer<'a> {
    contacts: &'a Contacts,
    names: &'a BTreeMap<String, String>,
    events: Vec<Event<'a>>,
    parts: Vec<Part>,
    anchors: Anchors,
    heading: Option<Heading>,
    /// For each link that is open: does it lead anywhere?
    links: Vec<bool>,
    in_code: usize,
}

impl<'a> Writer<'a> {
    fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(text),
            Event::Code(text) => {
                self.note(&text);
                self.events.push(Event::Code(text));
            }
            Event::SoftBreak | Event::HardBreak => {
                self.note(" ");
                self.events.push(event);
            }
            Event::Rule => self.events.push(Event::Rule),
            // No other extension is switched on.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.heading = Some(Heading {
                    place: self.events.len(),
                    // The title of the page is the only one of the first level.
                    level: level.clamp(HeadingLevel::H2, HeadingLevel::H4),
                    text: String::new(),
                });
                self.events.push(Event::Rule);
            }
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                let href = self.target(link_type, &dest_url);
                self.links.push(href.is_some());
                self.events.extend(href.map(link_start));
            }
            Tag::Image { .. } => {}
            Tag::Table(columns) => {
                let anchor = self.parts.last().map(|part| part.anchor.as_str());
                let named = anchor.filter(|anchor| !anchor.is_empty()).map(|anchor| {
                    format!(" role=\"group\" aria-labelledby=\"{}\"", escaped(anchor))
                });
                let named = named.unwrap_or_default();
                self.events.push(Event::Html(CowStr::from(format!(
                    "<div class=\"table\" tabindex=\"0\"{named}>\n"
                ))));
                // Aligned columns would bring styles of their own, which a page may not have.
                let columns = columns.into_iter().map(|_| pulldown_cmark::Alignment::None);
                self.events
                    .push(Event::Start(Tag::Table(columns.collect())));
            }
            tag => {
                self.in_code += usize::from(matches!(tag, Tag::CodeBlock(_)));
                self.events.push(Event::Start(tag));
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => return self.heading_end(),
            TagEnd::Link => {
                if self.links.pop().unwrap_or_default() {
                    self.events.push(Event::End(TagEnd::Link));
                }
                return;
            }
            TagEnd::Image => return,
            TagEnd::TableCell => self.note(" · "),
            TagEnd::Paragraph | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead => {
                self.note("\n");
            }
            TagEnd::CodeBlock => {
                self.in_code = self.in_code.saturating_sub(1);
                self.note("\n");
            }
            _ => {}
        }
        self.events.push(Event::End(tag));
        if tag == TagEnd::Table {
            self.events.push(Event::Html(CowStr::from("</div>\n")));
        }
    }

    fn heading_end(&mut self) {
        let Some(heading) = self.heading.take() else {
            return;
        };
        let text = heading
            .text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let anchor = self.anchors.free(&text);
        if let Some(start) = self.events.get_mut(heading.place) {
            *start = Event::Start(Tag::Heading {
                level: heading.level,
                id: Some(CowStr::from(anchor.clone())),
                classes: Vec::new(),
                attrs: Vec::new(),
            });
        }
        self.events.push(Event::End(TagEnd::Heading(heading.level)));
        if heading.level == HeadingLevel::H2 {
            self.parts.push(Part {
                anchor,
                heading: text,
                text: String::new(),
            });
        } else {
            self.note(&format!("{text}\n"));
        }
    }

    /// Contacts become what they stand for; numbers and addresses become links where there is none around them.
    fn text(&mut self, text: CowStr<'a>) {
        if self.in_code > 0 {
            self.note(&text);
            self.events.push(Event::Text(text));
            return;
        }
        let contacts = self.contacts;
        for (text, kind) in with_contacts(&text, contacts) {
            self.plain(text, kind);
        }
    }

    fn plain(&mut self, text: &str, kind: TextKind) {
        self.note(text);
        if self.links.contains(&true) || self.heading.is_some() {
            self.events.push(Event::Text(CowStr::from(text.to_owned())));
            return;
        }
        let html = CowStr::from(linked(text, kind));
        self.events.push(Event::InlineHtml(html));
    }

    /// Text for the section, or for the heading that is open.
    fn note(&mut self, text: &str) {
        match (&mut self.heading, self.parts.last_mut()) {
            (Some(heading), _) => heading.text.push_str(text),
            (None, Some(part)) => part.text.push_str(text),
            (None, None) => {}
        }
    }

    /// Where a link of a memo leads, if it may.
    fn target(&self, kind: LinkType, address: &str) -> Option<String> {
        if kind == LinkType::Email {
            return outside(&format!("mailto:{address}"));
        }
        if let Some(address) = outside(address) {
            return Some(address);
        }
        let (id, place) = address.split_once('#').unwrap_or((address, ""));
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("#{}", slug(place))
        };
        if id.is_empty() {
            return Some(place).filter(|place| !place.is_empty());
        }
        let name = self.names.get(id.strip_suffix(".md").unwrap_or(id))?;
        Some(format!("{name}.html{place}"))
    }
}

fn link_start<'a>(href: String) -> Event<'a> {
    Event::Start(Tag::Link {
        link_type: LinkType::Inline,
        dest_url: CowStr::from(href),
        title: CowStr::from(""),
        id: CowStr::from(""),
    })
}

impl Part {
    /// Without the blanks and separators that the ends of cells and lines left.
    fn tidied(mut self) -> Self {
        let lines = self.text.lines().map(|line| {
            let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
            line.trim_end_matches(" ·")
                .trim_end_matches('·')
                .trim()
                .to_owned()
        });
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        self.text = lines.join("\n");
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guidance::contacts::Contact;
    use crate::domain::guidance::playbook::Wording;

    fn read(markdown: &str) -> MemoText {
        let mut contacts = Contacts::default();
        for (id, text) in [
            ("card-stop", "Card Stop (078 170 170)"),
            ("bad", "<b onclick=x>"),
        ] {
            contacts.0.insert(
                id.to_owned(),
                Contact {
                    id: id.to_owned(),
                    text: Wording {
                        nl: text.to_owned(),
                        fr: String::new(),
                        en: String::new(),
                    },
                    checked_on: String::new(),
                },
            );
        }
        let names = BTreeMap::from([("mfa".to_owned(), "mfa".to_owned())]);
        memo_text(markdown, &contacts, &names)
    }

    #[test]
    fn headings_are_places_and_the_search_has_the_same() {
        let text = read(
            "Vooraf.\n\n## Één\nTekst *met* `code`\nen meer.\n\n- a\n- b\n\n## Één\n### Onder\nx",
        );
        assert!(
            text.html.contains("<h2 id=\"een\">Één</h2>"),
            "{}",
            text.html
        );
        assert!(text.html.contains("<h2 id=\"een-2\">") && text.html.contains("<h3 id=\"onder\">"));
        let parts: Vec<(&str, &str)> = text
            .parts
            .iter()
            .map(|part| (part.anchor.as_str(), part.text.as_str()))
            .collect();
        assert_eq!(
            parts,
            [
                ("", "Vooraf."),
                ("een", "Tekst met code en meer.\na\nb"),
                ("een-2", "Onder\nx"),
            ]
        );
    }

    #[test]
    fn a_table_scrolls_in_its_own_box_and_reads_as_lines() {
        let text = read("## T\n| a | b |\n|:--|--:|\n| 1 | [[card-stop]] |\n");
        assert!(
            text.html.contains(
                "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-labelledby=\"t\">"
            )
        );
        assert!(
            text.html.contains("</table>\n</div>") && !text.html.contains("style="),
            "{}",
            text.html
        );
        assert_eq!(text.parts[0].text, "a · b\n1 · Card Stop (078 170 170)");
        assert!(
            text.html
                .contains("<a class=\"bare\" href=\"tel:078170170\">078 170 170</a>")
        );
    }

    #[test]
    fn links_lead_to_memos_and_to_the_web_only() {
        let text = read(
            "[MFA](mfa) [deel](mfa#Hoe dan) [ook](mfa.md#hoe-dan) [weg](nergens) [w](https://a.example) \
             [s](javascript:alert(1)) <javascript:alert(2)> <a@b.example> ![beeld](https://a.example/x.png) \
             [d](data:text/html,x) [u](../index) [r][1]\n\n[1]: JAVASCRIPT:x \"t\"",
        );
        for there in [
            "<a href=\"mfa.html\">MFA</a>",
            "<a href=\"mfa.html#hoe-dan\">ook</a>",
            "<a href=\"https://a.example\">w</a>",
            "<a href=\"mailto:a@b.example\">",
            " weg ",
            " s ",
            " beeld ",
        ] {
            assert!(text.html.contains(there), "{there}: {}", text.html);
        }
        let lower = text.html.to_lowercase();
        assert!(!lower.contains("href=\"javascript") && !lower.contains("href=\"data"));
        assert!(!text.html.contains("<img") && !text.html.contains("title="));
    }

    #[test]
    fn html_of_a_memo_is_text() {
        let text = read(
            "## <img src=x onerror=a>\n<script>alert(1)</script>\n\nwoord <b onclick=x>vet</b> [[bad]]\n\n\
             `<i>`\n\n```\"><script>\n<u>\n```\n\n[<s>](mfa)\n\n| <td> |\n|---|\n| </table><script> |\n",
        );
        for tag in ["<script", "<img", "<b", "<i>", "<u>", "<s>", "<td> "] {
            assert!(!text.html.contains(tag), "{tag}: {}", text.html);
        }
        assert!(text.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(text.html.contains("<h2 id=\"img-src-x-onerror-a\">"));
        assert_eq!(
            text.html.matches("<table>").count(),
            text.html.matches("</table>").count()
        );
    }

    #[test]
    fn an_unknown_contact_and_half_a_mark_stay_text() {
        let text = read("[[niemand]] en [[ en ]] en [[card-stop]]");
        assert_eq!(
            text.parts[0].text,
            "[[niemand]] en [[ en ]] en Card Stop (078 170 170)"
        );
    }
}

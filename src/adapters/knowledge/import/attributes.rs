//! Attributes of HTML, counted before the parser sees them: it compares each one of a tag with all before it, so that a
//! tag with a hundred thousand of them would take minutes.
//!
//! Where a tag begins depends on what the parser makes of all before it: in a comment, a script or a value `<a` is none.
//! Here each `<a` may be one, and all of them are followed at once. So no tag is missed; one that is none may be
//! counted, which takes hundreds of words without a `>` behind it.

use crate::adapters::knowledge::import::limits::MOST_ATTRIBUTES;

/// Where in a tag something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// In the name of the element.
    Name,
    /// Before an attribute.
    Between,
    /// In the name of an attribute.
    Attribute,
    /// Behind that name and a space.
    BehindName,
    /// Behind the `=`.
    BeforeValue,
    /// In a value between double quotes.
    Double,
    /// In a value between single quotes.
    Single,
    /// In a value without quotes.
    Bare,
}

impl At {
    /// Where the next byte leads, by the rules of HTML; nothing where it ends the tag.
    fn after(self, byte: u8) -> Option<Self> {
        let is_space = byte.is_ascii_whitespace();
        Some(match self {
            Self::Double if byte == b'"' => Self::Between,
            Self::Single if byte == b'\'' => Self::Between,
            Self::Double | Self::Single => self,
            _ if byte == b'>' => return None,
            Self::BeforeValue => match byte {
                b'"' => Self::Double,
                b'\'' => Self::Single,
                _ if is_space => self,
                _ => Self::Bare,
            },
            Self::Name | Self::Bare if is_space => Self::Between,
            Self::Bare => self,
            _ if byte == b'/' => Self::Between,
            Self::Attribute | Self::BehindName if byte == b'=' => Self::BeforeValue,
            Self::Attribute if is_space => Self::BehindName,
            Self::Between | Self::BehindName if is_space => self,
            Self::Name | Self::Attribute => self,
            Self::Between | Self::BehindName => Self::Attribute,
        })
    }
}

/// The tags of a page that may be open.
#[derive(Debug, Default)]
pub(super) struct OpenTags {
    /// Each place once, with the most attributes of the tags that are there.
    open: Vec<(At, usize)>,
    last: u8,
    last_but_one: u8,
}

impl OpenTags {
    /// Does a tag have too many attributes by the end of this next piece of the page?
    pub(super) fn are_too_long(&mut self, piece: &str) -> bool {
        let mut next: Vec<(At, usize)> = Vec::new();
        for byte in piece.bytes() {
            for (at, count) in self.open.drain(..) {
                let Some(to) = at.after(byte) else {
                    continue;
                };
                let begins = to == At::Attribute && at != At::Attribute;
                let count = count + usize::from(begins);
                if count > MOST_ATTRIBUTES {
                    return true;
                }
                match next.iter_mut().find(|(other, _)| *other == to) {
                    Some((_, most)) => *most = count.max(*most),
                    None => next.push((to, count)),
                }
            }
            let is_behind_an_opening =
                self.last == b'<' || (self.last == b'/' && self.last_but_one == b'<');
            if is_behind_an_opening
                && byte.is_ascii_alphabetic()
                && next.iter().all(|(at, _)| *at != At::Name)
            {
                next.push((At::Name, 0));
            }
            std::mem::swap(&mut self.open, &mut next);
            (self.last_but_one, self.last) = (self.last, byte);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wherever the page is cut.
    fn are_too_many(html: &str) -> bool {
        let at_once = OpenTags::default().are_too_long(html);
        let mut tags = OpenTags::default();
        let mut letters = html.chars().map(String::from);
        let one_by_one = letters.any(|letter| tags.are_too_long(&letter));
        assert_eq!(at_once, one_by_one);
        at_once
    }

    #[test]
    fn attributes_are_counted_wherever_a_tag_may_begin() {
        for unit in [" a", "/a", " a=b", " a = 'b>'", " a=\"b\"", "a=''", "\na\n"] {
            let enough = unit.repeat(MOST_ATTRIBUTES);
            let many = unit.repeat(MOST_ATTRIBUTES + 1);
            for before in [
                "<p ",
                "</p ",
                "<title><x y=\"</title><p ",
                "<!--'<i a='--><p ",
            ] {
                assert!(are_too_many(&format!("{before}{many}>")), "{before}{unit}");
            }
            assert!(
                !are_too_many(&format!("<p {enough}><p {enough}>")),
                "{unit}"
            );
        }
    }

    #[test]
    fn values_and_text_are_no_attributes() {
        let words = "a b/c ".repeat(1_000);
        for html in [
            words.clone(),
            format!("<p>{words}</p>"),
            format!("<p title='{words}' class=\"{words}\">"),
            format!("<img src=data:{}>", "a/b".repeat(1_000)),
            format!("1 < 2 {words}"),
            format!("<!-- {words} --><? {words} ?>"),
            "<p a b>".repeat(1_000),
        ] {
            assert!(
                !are_too_many(&html),
                "{}",
                html.chars().take(40).collect::<String>()
            );
        }
    }
}

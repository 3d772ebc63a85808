//! Where a link of a page leads: to a page that is brought in too, to the web, or nowhere.
//!
//! Pages are known by keys (`id:12`, `file:a/b.html`, `title:SPACE:name`); which memo that is, is known only when all
//! pages are: until then a link stands in the text between marks.

use crate::adapters::knowledge::import::tidy::{END, LINK, PART, one_line, web_address};
use std::collections::BTreeMap;

/// Where a page stands, for links that start from there.
#[derive(Debug, Clone, Default)]
pub(super) struct Here {
    /// The file in the source; empty in `entities.xml`.
    pub(super) path: String,
    /// The address of the wiki.
    pub(super) base: Option<String>,
    /// The address of the page.
    pub(super) url: Option<String>,
    /// The key of the space.
    pub(super) space: String,
}

/// Where a link leads.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    /// The page, where it may be one.
    pub(super) page: Option<String>,
    /// The address of the web, for where the page isn't brought in.
    pub(super) address: Option<String>,
}

/// The key of a page by its title.
pub(super) fn by_title(space: &str, title: &str) -> String {
    format!("title:{}:{}", one_line(space), one_line(title)).to_lowercase()
}

/// The key of a page by its number.
pub(super) fn by_number(number: &str) -> String {
    format!("id:{number}")
}

/// The key of a page by its file.
pub(super) fn by_file(path: &str) -> String {
    format!("file:{}", one_line(path))
}

/// The address of a page by its number.
pub(super) fn address_of(base: Option<&str>, number: &str) -> Option<String> {
    let base = base?.trim_end_matches('/');
    web_address(&format!("{base}/pages/viewpage.action?pageId={number}"))
}

/// Where this address leads.
pub(super) fn target(href: &str, here: &Here) -> Target {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') {
        return Target::default();
    }
    let href = match href.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => href.to_owned(),
    };
    let base = here.base.as_deref().map(|base| base.trim_end_matches('/'));
    if let Some(address) = web_address(&href) {
        let inside = base.and_then(|base| href.strip_prefix(base));
        return Target {
            page: inside.and_then(in_the_wiki),
            address: Some(address),
        };
    }
    if has_scheme(&href) {
        return Target::default();
    }
    let address = base.and_then(|base| on_the_server(base, &href));
    let page = in_the_wiki(&href).or_else(|| {
        let (path, _) = cut(&href, ['?', '#']);
        (!path.starts_with('/')).then(|| by_file(&joined(&here.path, &decoded(path))))
    });
    Target { page, address }
}

/// A page of the wiki by its address there.
fn in_the_wiki(path: &str) -> Option<String> {
    let (plain, _) = cut(path, ['#', '#']);
    let (plain, query) = cut(plain, ['?', '?']);
    let number = query
        .split('&')
        .find_map(|part| part.strip_prefix("pageId="))
        .filter(|_| plain.contains("/pages/") || plain.starts_with("pages/"));
    let parts: Vec<&str> = plain.split('/').filter(|part| !part.is_empty()).collect();
    let numbered = parts
        .iter()
        .position(|part| *part == "pages")
        .filter(|_| parts.contains(&"spaces"))
        .and_then(|at| parts.get(at + 1));
    if let Some(number) = number.or(numbered.copied())
        && !number.is_empty()
        && number.chars().all(|c| c.is_ascii_digit())
    {
        return Some(by_number(number));
    }
    let display = parts.iter().position(|part| *part == "display")?;
    let (space, title) = (parts.get(display + 1)?, parts.get(display + 2)?);
    Some(by_title(
        &decoded(space),
        &decoded(&title.replace('+', " ")),
    ))
}

/// An address that begins at the top of the server, such as `/wiki/x`.
fn on_the_server(base: &str, path: &str) -> Option<String> {
    let rest = path.strip_prefix('/')?;
    let (scheme, host) = base.split_once("://")?;
    let host = host.split('/').next()?;
    web_address(&format!("{scheme}://{host}/{rest}"))
}

fn has_scheme(href: &str) -> bool {
    let (before, colon) = cut(href, [':', ':']);
    !colon.is_empty()
        && before.starts_with(|c: char| c.is_ascii_alphabetic())
        && before
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// A text at the first of these characters; the second part is without it.
fn cut(text: &str, at: [char; 2]) -> (&str, &str) {
    text.split_once(at).unwrap_or((text, ""))
}

/// A path as seen from a file.
fn joined(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// `%20` and its like as characters.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let pair = behind.get(..2).filter(|_| *first == b'%');
        let byte = pair
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = match byte {
            Some(_) => behind.get(2..).unwrap_or_default(),
            None => behind,
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A link as it stands until its memo is known.
pub(super) fn marked(text: &str, page: &str, address: Option<&str>) -> String {
    let (page, address) = (one_line(page), one_line(address.unwrap_or_default()));
    format!("{LINK}{text}{PART}{page}{PART}{address}{END}")
}

/// The text with its links: to a memo, else to the web, else only their words.
pub(super) fn resolved(text: &str, memos: &BTreeMap<String, String>) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(LINK) {
        whole.push_str(before);
        let (link, after) = behind.split_once(END).unwrap_or((behind, ""));
        let mut parts = link.split(PART);
        let mut part = || parts.next().unwrap_or_default();
        let (words, page, address) = (part(), part(), part());
        let target = memos.get(page).map_or(address, String::as_str);
        if target.is_empty() {
            whole.push_str(words);
        } else {
            whole.extend(["[", words, "](", target, ")"]);
        }
        rest = after;
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> Here {
        Here {
            path: "CRT/Back-up_12.html".into(),
            base: Some("https://wiki.example/wiki/".into()),
            ..Here::default()
        }
    }

    fn page(href: &str) -> Option<String> {
        target(href, &here()).page
    }

    #[test]
    fn pages_are_known_by_file_number_and_title() {
        assert_eq!(
            page("Herstel_13.html#x").as_deref(),
            Some("file:CRT/Herstel_13.html")
        );
        assert_eq!(page("../a%20b.html").as_deref(), Some("file:a b.html"));
        for href in [
            "/wiki/pages/viewpage.action?pageId=13&x=1",
            "https://wiki.example/wiki/spaces/CRT/pages/13/Herstel",
            "/wiki/spaces/CRT/pages/13",
        ] {
            assert_eq!(page(href).as_deref(), Some("id:13"), "{href}");
        }
        assert_eq!(
            page("/display/CRT/Herstel+na+%C3%A9%C3%A9n#x").as_deref(),
            Some("title:crt:herstel na één")
        );
        assert_eq!(page("https://other.example/wiki/spaces/CRT/pages/13"), None);
    }

    #[test]
    fn what_is_no_page_leads_to_the_web_or_nowhere() {
        let address = |href: &str| target(href, &here()).address;
        assert_eq!(
            address("//x.example/a").as_deref(),
            Some("https://x.example/a")
        );
        assert_eq!(
            address("/wiki/a").as_deref(),
            Some("https://wiki.example/wiki/a")
        );
        for href in [
            "#x",
            "",
            "mailto:a@b.example",
            "javascript:alert(1)",
            "tel:112",
        ] {
            assert_eq!(target(href, &here()), Target::default(), "{href}");
        }
    }

    #[test]
    fn a_link_becomes_a_memo_an_address_or_words() {
        let memos = BTreeMap::from([("id:1".to_owned(), "herstel".to_owned())]);
        let text = format!(
            "a {} b {} c {}.",
            marked("x", "id:1", Some("https://x.example")),
            marked("y", "id:2", Some("https://x.example")),
            marked("z", "id:3", None)
        );
        assert_eq!(
            resolved(&text, &memos),
            "a [x](herstel) b [y](https://x.example) c z."
        );
        assert_eq!(resolved("\u{e000}half", &memos), "half");
    }
}

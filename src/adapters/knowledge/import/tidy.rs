//! Words from elsewhere, made harmless for a memo, a list and a terminal: no control characters, no marks of ours,
//! no contact names that would be looked up.

/// Where a link to another page begins in a text that isn't finished; `links` puts the memo's name in.
pub(super) const LINK: char = '\u{e000}';
/// Between the parts of such a link.
pub(super) const PART: char = '\u{e001}';
/// Where it ends.
pub(super) const END: char = '\u{e002}';

/// Characters that no text of a page keeps: our own marks, and those that turn the direction of what follows.
fn is_unwanted(c: char) -> bool {
    matches!(c, LINK | PART | END | '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// All on one line, with single spaces, without control characters.
pub(super) fn one_line(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| !is_unwanted(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    words.join(" ")
}

/// Words as they may stand in a memo. White space at the ends stays as one space; `[[` would name a contact and
/// `](` would make a link, so they are set apart.
pub(super) fn words(text: &str) -> String {
    let line = one_line(text);
    let starts = text.starts_with(|c: char| c.is_whitespace());
    let ends = text.ends_with(|c: char| c.is_whitespace());
    let line = apart(&line);
    match (starts, ends) {
        _ if line.is_empty() => " ".repeat(usize::from(starts || ends)),
        (true, true) => format!(" {line} "),
        (true, false) => format!(" {line}"),
        (false, true) => format!("{line} "),
        (false, false) => line,
    }
}

/// A line of code: its spaces stay.
pub(super) fn code(line: &str) -> String {
    let kept: String = line
        .trim_end()
        .chars()
        .filter(|c| !is_unwanted(*c) && *c != '`')
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    apart(&kept)
}

/// Without `[[` and `](`.
fn apart(text: &str) -> String {
    without_contacts(&text.replace("](", "] ("))
}

/// Without `[[`: a link after a bracket makes one too.
pub(super) fn without_contacts(text: &str) -> String {
    let mut text = text.to_owned();
    while text.contains("[[") {
        text = text.replace("[[", "[ [");
    }
    text
}

/// The text of a link: it must not end the link.
pub(super) fn inside_a_link(text: &str) -> String {
    text.trim().replace('[', "(").replace(']', ")")
}

/// An address of the web, such that it ends no link and no table; nothing where it is something else.
pub(super) fn web_address(address: &str) -> Option<String> {
    const LONGEST: usize = 2_000;
    let address = address.trim();
    let (scheme, _) = address.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https")
        || address.len() > LONGEST
    {
        return None;
    }
    let mut safe = String::with_capacity(address.len());
    for c in address.chars().filter(|c| !is_unwanted(*c)) {
        match c {
            ' ' => safe.push_str("%20"),
            '(' => safe.push_str("%28"),
            ')' => safe.push_str("%29"),
            '[' => safe.push_str("%5B"),
            ']' => safe.push_str("%5D"),
            '|' => safe.push_str("%7C"),
            '`' => safe.push_str("%60"),
            '<' => safe.push_str("%3C"),
            '>' => safe.push_str("%3E"),
            '"' => safe.push_str("%22"),
            '*' => safe.push_str("%2A"),
            '\\' => safe.push_str("%5C"),
            c if c.is_control() || c.is_whitespace() => {}
            c => safe.push(c),
        }
    }
    Some(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_page_names_a_contact_or_forges_a_link() {
        assert_eq!(
            words(" Bel [[police]]\u{a0}of\n[[[x]](y) "),
            " Bel [ [police]] of [ [ [x]] (y) "
        );
        assert_eq!(words("a\u{e000}b\u{202e}c\u{1b}[31m"), "abc [31m");
        assert_eq!(words(" \n "), " ");
        assert_eq!(code("\tif [[ -f `x` ]]; then\r"), " if [ [ -f x ]]; then");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(
            web_address(" https://x.example/a (1)").as_deref(),
            Some("https://x.example/a%20%281%29")
        );
        for other in [
            "javascript:alert(1)",
            "data:text/html,x",
            "/a",
            "file:///etc/passwd",
            "",
        ] {
            assert_eq!(web_address(other), None, "{other}");
        }
    }
}

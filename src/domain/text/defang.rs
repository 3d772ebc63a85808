//! Writing an indicator so that no click can follow it, and reading such writing back.
//!
//! Only text in, text out; finding indicators in a report is `triage::extract`.

use crate::domain::triage::indicator::IndicatorType;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The value of an indicator, harmless to show: `hxxps://evil[.]example/x`, `a[@]b[.]be`.
pub fn defang(kind: IndicatorType, value: &str) -> String {
    match kind {
        IndicatorType::Url => defang_url(value),
        // A mail program makes a link of a file such as "factuur.zip" too.
        IndicatorType::Domain | IndicatorType::Ipv4 | IndicatorType::File => {
            value.replace('.', "[.]")
        }
        IndicatorType::Ipv6 => value.replace(':', "[:]"),
        IndicatorType::Email => value.replace('@', "[@]").replace('.', "[.]"),
        _ => value.to_owned(),
    }
}

fn defang_url(value: &str) -> String {
    let (scheme, rest) = value.split_once("://").unwrap_or(("", value));
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(host_end).unwrap_or((rest, ""));
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "" => String::new(),
        "http" => "hxxp://".to_owned(),
        "https" => "hxxps://".to_owned(),
        "ftp" => "fxp://".to_owned(),
        other => format!("{other}[:]//"),
    };
    // A second address inside the path must not become a link either.
    let path = path.replace("://", "[:]//").replace("www.", "www[.]");
    format!("{scheme}{}{path}", host.replace('.', "[.]"))
}

#[expect(
    clippy::unwrap_used,
    reason = "the patterns are constants, built by every test run"
)]
static MARKS: LazyLock<[(Regex, &str); 6]> = LazyLock::new(|| {
    [
        (Regex::new(r"(?i)[ \t]{0,2}(?:[\[({<][ \t]?(?:\.|dot|punt|point)[ \t]?[\])}>]|\[\.|\.\]|\\\.)[ \t]{0,2}").unwrap(), "."),
        (Regex::new(r"(?i)[ \t]{0,2}[\[({<][ \t]?(?:@|at)[ \t]?[\])}>][ \t]{0,2}").unwrap(), "@"),
        (Regex::new(r"[\[({]:(?://)?[\])}](?://)?").unwrap(), "://"),
        (Regex::new(r"[\[({]/[\])}]").unwrap(), "/"),
        (Regex::new(r"(?i)(?-u:\b)(?:hxxp|hxtp|htxp|h\*\*p|hXXp|meow)(s?)(?:://|:\\\\|:/)").unwrap(), "http$1://"),
        (Regex::new(r"(?i)(?-u:\b)fxp(s?)://").unwrap(), "ftp$1://"),
    ]
});

/// Text in which the usual harmless writings (`hxxp`, `[.]`, `(dot)`, `[at]`) are made real again.
/// Never shown to people; only for finding indicators.
pub fn refang(text: &str) -> Cow<'_, str> {
    if !text.contains(['[', '(', '{', '<', '\\', '*']) && !has_masked_scheme(text) {
        return Cow::Borrowed(text);
    }
    let mut real = text.to_owned();
    for (pattern, plain) in MARKS.iter() {
        if let Cow::Owned(changed) = pattern.replace_all(&real, *plain) {
            real = changed;
        }
    }
    Cow::Owned(real)
}

fn has_masked_scheme(text: &str) -> bool {
    ["xxp", "XXP", "xXp", "Xxp", "xtp", "txp", "fxp", "meow"]
        .iter()
        .any(|mask| text.contains(mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_are_written_harmlessly() {
        for (kind, value, harmless) in [
            (
                IndicatorType::Url,
                "https://evil.example/login?a=http://x.be",
                "hxxps://evil[.]example/login?a=http[:]//x.be",
            ),
            (IndicatorType::Domain, "evil.example", "evil[.]example"),
            (IndicatorType::Ipv4, "192.0.2.1", "192[.]0[.]2[.]1"),
            (IndicatorType::Ipv6, "2001:db8::1", "2001[:]db8[:][:]1"),
            (IndicatorType::Email, "a@evil.example", "a[@]evil[.]example"),
            (IndicatorType::Cve, "CVE-2024-1234", "CVE-2024-1234"),
        ] {
            assert_eq!(defang(kind, value), harmless);
        }
    }

    #[test]
    fn harmless_writing_is_read_back() {
        for (harmless, real) in [
            ("hxxps://evil[.]example/x", "https://evil.example/x"),
            ("hXXp[:]//evil(dot)example", "http://evil.example"),
            ("evil [dot] example", "evil.example"),
            ("a[at]evil[.]example", "a@evil.example"),
            ("http://evil(.)example(/)x", "http://evil.example/x"),
            ("gewone (tekst) blijft", "gewone (tekst) blijft"),
        ] {
            assert_eq!(refang(harmless), real, "{harmless}");
        }
    }
}

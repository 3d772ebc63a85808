//! Finds indicators in a report: links, addresses, hashes, account numbers, also when written harmlessly.
//!
//! A pattern finds candidates, a check decides: public suffixes for domains, check digits for account
//! numbers. Nothing is opened or resolved.

use crate::domain::text::defang::{defang, refang};
use crate::domain::text::fold::at_most;
use crate::domain::triage::indicator::{Indicator, IndicatorType};
use core::net::{Ipv4Addr, Ipv6Addr};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// What stands behind this much text, report and evidence together, is not searched.
const MOST_TEXT: usize = 256 * 1024;
/// A report with more indicators than this is a list for an expert, not for a card.
const MOST_INDICATORS: usize = 200;

/// The indicators of the reporter's words and of the evidence, in the order of their kind.
pub fn from_report(own: &str, evidence: &[String]) -> Vec<Indicator> {
    let mut found = BTreeSet::new();
    let mut left = MOST_TEXT;
    for text in std::iter::once(own).chain(evidence.iter().map(String::as_str)) {
        let part = at_most(text, left);
        left -= part.len();
        search(part, &mut found);
    }
    found
        .into_iter()
        .take(MOST_INDICATORS)
        .map(|(kind, value)| Indicator {
            kind,
            defanged: defang(kind, &value),
            value,
        })
        .collect()
}

type Found = BTreeSet<(IndicatorType, String)>;

fn search(text: &str, found: &mut Found) {
    // Most reports hold none: a digit, a dot or a sign is the least that any indicator has.
    if !text.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | ':' | '@' | '[' | '(')) {
        return;
    }
    let real = refang(text);
    let mut rest = String::from(real.as_ref());
    for (kind, pattern, check) in PATTERNS.iter() {
        // What one pattern took is blank for the next: no domain twice, no hash inside a link.
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for candidate in pattern.find_iter(&rest) {
            if let Some(value) = check(candidate.as_str()) {
                found.insert((*kind, value));
                taken.push((candidate.start(), candidate.end()));
            }
            if found.len() >= MOST_INDICATORS * 2 {
                return;
            }
        }
        blank(&mut rest, &taken);
    }
}

fn blank(text: &mut String, taken: &[(usize, usize)]) {
    for (start, end) in taken {
        text.replace_range(*start..*end, &" ".repeat(end - start));
    }
}

type Check = fn(&str) -> Option<String>;

/// Where a word begins or ends in ASCII. With the words of Unicode a search falls back to its slowest way at the first letter
/// with an accent; where such a letter may stand before a match the pattern takes it along.
const END: &str = r"(?-u:\b)";

#[expect(
    clippy::unwrap_used,
    reason = "the patterns are constants, built by every test run"
)]
static PATTERNS: LazyLock<Vec<(IndicatorType, Regex, Check)>> = LazyLock::new(|| {
    use IndicatorType as T;
    let list: [(T, &str, Check); 15] = [
        (
            T::Url,
            r#"(?i)\b(?:https?|ftps?)://[^\s<>"'`{}|\\^«»“”＜＞]+"#,
            url,
        ),
        (T::Url, r#"(?i)\bwww\.[^\s<>"'`{}|\\^«»“”＜＞]+"#, bare_url),
        (
            T::Email,
            r"(?i)[a-z0-9][a-z0-9._%+'-]*@(?:[a-z0-9-]+\.)+[a-z]{2,24}\b",
            email,
        ),
        (T::Sha256, r"\b[A-Fa-f0-9]{64}\b", hash),
        (T::Sha1, r"\b[A-Fa-f0-9]{40}\b", hash),
        (T::Md5, r"\b[A-Fa-f0-9]{32}\b", hash),
        (
            T::Cve,
            r"(?i)\bCVE[-\u{2010}-\u{2014} ]\d{4}[-\u{2010}-\u{2014} ]\d{4,7}\b",
            cve,
        ),
        (
            T::Iban,
            r"\b[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{2,4}){3,8}\b",
            iban,
        ),
        (
            T::Bitcoin,
            r"\b(?:bc1[ac-hj-np-z02-9]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\b",
            bitcoin,
        ),
        (
            T::Url,
            r#"(?i)(?:[\p{L}0-9_][\p{L}0-9_-]*\.)+[a-z]{2,24}(?::\d{1,5})?/[^\s<>"'`{}|\\^«»“”＜＞]+"#,
            bare_url,
        ),
        (
            T::File,
            r"(?i)\w[\w.()-]*\.(?:exe|scr|bat|cmd|ps1|vbs|vbe|jse|wsf|hta|lnk|iso|img|vhdx?|msi|dll|docm|xlsm|pptm|one|jar|chm|rar|7z|zip|apk|js|cpl|reg|html?|pdf|docx?|xlsx?)\b",
            file,
        ),
        (T::Ipv4, r"\b(?:\d{1,3}\.){3}\d{1,3}\b", ipv4),
        (
            T::Ipv6,
            r"(?i)[0-9a-f]{0,4}:(?:[0-9a-f]{0,4}:){1,7}[0-9a-f]{0,4}",
            ipv6,
        ),
        (T::Domain, r"[\p{L}0-9_-]+(?:\.[\p{L}0-9_-]+)+", domain),
        (
            T::Phone,
            r"(?:\+|\b00)32[ ./]?(?:\(0\)[ ]?)?\d{1,3}(?:[ ./-]?\d{2,3}){2,4}\b|\b0\d{1,3}(?:[ ./-]{1,3}\d{2,3}){2,4}\b|\b04\d{8}\b",
            phone,
        ),
    ];
    list.into_iter()
        .map(|(kind, pattern, check)| {
            let pattern = pattern.replace(r"\b", END);
            (kind, Regex::new(&pattern).unwrap(), check)
        })
        .collect()
});

/// Without the punctuation that belongs to the sentence around it.
fn trimmed(value: &str) -> &str {
    let mut rest = value;
    loop {
        let shorter = rest.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '…', ']', '>']);
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if inner.matches('(').count() <= inner.matches(')').count() => inner,
            _ => shorter,
        };
        if shorter.len() == rest.len() {
            return rest;
        }
        rest = shorter;
    }
}

fn url(value: &str) -> Option<String> {
    let value = trimmed(value);
    let (scheme, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let bracketed = host
        .strip_prefix('[')
        .and_then(|inner| inner.split(']').next());
    let name = host.split(':').next().unwrap_or(host);
    let known = bracketed.is_some_and(|inner| inner.parse::<Ipv6Addr>().is_ok())
        || name.parse::<Ipv4Addr>().is_ok()
        || is_domain(name);
    let path = rest.get(authority.len()..).unwrap_or_default();
    known.then(|| {
        format!(
            "{}://{}{path}",
            scheme.to_ascii_lowercase(),
            authority.to_lowercase()
        )
    })
}

fn bare_url(value: &str) -> Option<String> {
    url(&format!("http://{value}"))
}

fn email(value: &str) -> Option<String> {
    let (local, host) = value.rsplit_once('@')?;
    (is_domain(host) && !local.ends_with('.')).then(|| format!("{local}@{}", host.to_lowercase()))
}

fn hash(value: &str) -> Option<String> {
    // A number or a ruler of zeros is no hash.
    let digits = value.bytes().any(|b| b.is_ascii_digit());
    let letters = value.bytes().any(|b| b.is_ascii_alphabetic());
    (digits && letters).then(|| value.to_ascii_lowercase())
}

fn cve(value: &str) -> Option<String> {
    let numbers: Vec<&str> = value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|piece| !piece.is_empty())
        .collect();
    match numbers.as_slice() {
        [year, number] => Some(format!("CVE-{year}-{number}")),
        _ => None,
    }
}

/// ISO 13616: the first four signs go to the back, letters become numbers, modulo 97 is 1.
fn iban(value: &str) -> Option<String> {
    let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    // Words in capitals may follow; the longest beginning with right check digits is the number.
    (15..=plain.len().min(34)).rev().find_map(|length| {
        let candidate = plain.get(..length)?;
        let (front, back) = candidate.split_at_checked(4)?;
        let rest = back
            .chars()
            .chain(front.chars())
            .try_fold(0_u32, |rest, sign| {
                let digit = sign.to_digit(36)?;
                let shift = if digit > 9 { 100 } else { 10 };
                Some((rest * shift + digit) % 97)
            })?;
        let belgian = !candidate.starts_with("BE") || length == 16;
        (rest == 1 && belgian).then(|| candidate.to_owned())
    })
}

fn bitcoin(value: &str) -> Option<String> {
    let mixed = value.starts_with("bc1")
        || (value.bytes().any(|b| b.is_ascii_digit())
            && value.bytes().any(|b| b.is_ascii_lowercase())
            && value.bytes().any(|b| b.is_ascii_uppercase()));
    mixed.then(|| value.to_owned())
}

/// Endings that are files far more often than domains, although some are also top-level domains.
const FILES_ONLY: &[&str] = &[
    "exe", "scr", "bat", "cmd", "ps1", "vbs", "vbe", "jse", "wsf", "hta", "lnk", "iso", "img",
    "vhd", "vhdx", "msi", "dll", "docm", "xlsm", "pptm", "jar", "chm", "rar", "7z", "zip", "apk",
    "js", "cpl", "reg", "one",
];

fn file(value: &str) -> Option<String> {
    let (stem, ending) = value.rsplit_once('.')?;
    let risky = FILES_ONLY.contains(&ending.to_ascii_lowercase().as_str());
    // "invoice.pdf" alone is no trace; "invoice.pdf.exe" and "pagina.html" as attachment are.
    let html = ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm");
    ((risky || html) && !stem.is_empty()).then(|| value.to_owned())
}

fn ipv4(value: &str) -> Option<String> {
    let address: Ipv4Addr = value.parse().ok()?;
    Some(address.to_string())
}

fn ipv6(value: &str) -> Option<String> {
    let address: Ipv6Addr = value.parse().ok()?;
    // "::" and times such as "10:30:00" are no traces.
    (!address.is_unspecified() && value.len() > 3).then(|| value.to_ascii_lowercase())
}

fn domain(value: &str) -> Option<String> {
    let ending = value.rsplit('.').next()?.to_lowercase();
    let file = FILES_ONLY.contains(&ending.as_str())
        || matches!(ending.as_str(), "md" | "py" | "sh" | "rs" | "ai" | "ps")
            && value.matches('.').count() == 1;
    (!file && is_domain(value)).then(|| value.to_lowercase())
}

/// A name below a public suffix that is really on the list.
fn is_domain(name: &str) -> bool {
    let name = name.to_lowercase();
    let labels = name.split('.').all(|label| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    });
    let known = psl::domain(name.as_bytes()).is_some_and(|domain| domain.suffix().is_known());
    // Names for examples (RFC 2606) are kept, so that exercises work; onion names have no suffix.
    let ending = name.rsplit('.').next().unwrap_or_default();
    let special = matches!(ending, "example" | "test" | "invalid" | "onion");
    let several = name.contains('.');
    labels && several && name.len() <= 253 && (known || special)
}

fn phone(value: &str) -> Option<String> {
    let mut digits: String = value
        .replace("(0)", "")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    if let Some(rest) = digits
        .strip_prefix("0032")
        .or_else(|| digits.strip_prefix("32"))
    {
        digits = format!("0{rest}");
    }
    // A Belgian number has nine digits, a mobile one ten.
    let mobile = digits.len() == 10 && digits.starts_with("04");
    let fixed = digits.len() == 9 && digits.starts_with('0') && !digits.starts_with("00");
    (mobile || fixed).then(|| format!("+32{}", digits.trim_start_matches('0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        from_report(text, &[])
            .into_iter()
            .map(|indicator| format!("{} {}", indicator.kind, indicator.value))
            .collect()
    }

    #[test]
    fn each_kind_is_found() {
        for (text, expected) in [
            (
                "zie https://Evil.example/Login?x=1.",
                "url https://evil.example/Login?x=1",
            ),
            ("(hxxps://evil[.]example/a)", "url https://evil.example/a"),
            ("www.evil.be/pad", "url http://www.evil.be/pad"),
            ("evil-bank.com/login", "url http://evil-bank.com/login"),
            ("de site evil-bank[.]com is vals", "domain evil-bank.com"),
            ("van 192[.]0[.]2[.]17", "ipv4 192.0.2.17"),
            ("2001:db8::17", "ipv6 2001:db8::17"),
            ("van boef[at]evil.be", "email boef@evil.be"),
            (
                "d41d8cd98f00b204e9800998ecf8427e",
                "md5 d41d8cd98f00b204e9800998ecf8427e",
            ),
            (
                "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
                "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709",
            ),
            ("cve-2024-3400", "cve CVE-2024-3400"),
            ("op BE68 5390 0754 7034 gestort", "iban BE68539007547034"),
            (
                "naar 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                "bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            ),
            ("bel 0470 12 34 56", "phone +32470123456"),
            ("bel +32 (0)2 555 12 12", "phone +3225551212"),
            ("de bijlage factuur.pdf.exe", "file factuur.pdf.exe"),
            // A letter with an accent is a letter: nothing is cut off behind it.
            ("zie «privé_loon.exe» eens", "file privé_loon.exe"),
            ("op privé-foto.be/pad", "url http://privé-foto.be/pad"),
            ("-evil-bank.com/login", "url http://evil-bank.com/login"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn look_alikes_are_no_indicators() {
        for text in [
            "om 10:30:00 op 12.05.2026",
            "versie 1.2.3",
            "zie verslag.docx en readme.md",
            "BE68 5390 0754 7035",
            "einde zin.Nieuwe zin",
            "999.1.1.1",
            "00000000000000000000000000000000",
            "wij werken van 9.00 tot 17.00 uur",
            "nul punten, geen sporen",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn evidence_is_searched_too_and_lists_are_bounded() {
        let evidence = vec!["klik https://evil.example/x".to_owned()];
        assert_eq!(from_report("zie bijlage", &evidence).len(), 1);
        let many: Vec<String> = (0..5000_u32)
            .map(|n| format!("http://a{n}.evil.example/"))
            .collect();
        assert_eq!(from_report(&many.join(" "), &[]).len(), MOST_INDICATORS);
    }
}

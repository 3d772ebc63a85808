//! Domain names: the one form in which two writings of a name are equal, and which of them one body can own.
//!
//! A mail program may write `gemeente-café.example` or `xn--gemeente-caf-meb.example` for the same domain (RFC 5890, 2.3.2.1).
//! What DNS knows is the second form, so all is turned into that one, never the other way round: several
//! names in Unicode can look like one, and each of them has a name in DNS of its own.

/// Longest name, in characters (RFC 1035, 2.3.4).
const LONGEST: usize = 253;
/// Longest label.
const LONGEST_LABEL: usize = 63;

/// Providers whose customers have only the domain in common.
const SHARED: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.be",
    "hotmail.fr",
    "outlook.com",
    "outlook.be",
    "live.com",
    "live.be",
    "msn.com",
    "yahoo.com",
    "yahoo.fr",
    "icloud.com",
    "me.com",
    "telenet.be",
    "skynet.be",
    "proximus.be",
    "proton.me",
    "protonmail.com",
    "gmx.net",
    "gmx.de",
];

/// The form that DNS knows, in lower case. What can't be a name in DNS stays as it is, in lower case.
pub fn dns_form(domain: &str) -> String {
    if domain.is_ascii() {
        return domain.to_ascii_lowercase();
    }
    // Four bytes a character: nothing longer can be a name, and it comes from outside.
    if domain.len() > 4 * LONGEST {
        return domain.to_lowercase();
    }
    // A wide `＠` becomes a plain one: what then holds more than a name can is none.
    let is_name = |form: &String| {
        form.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    let form = idna::domain_to_ascii(domain).ok().filter(is_name);
    form.unwrap_or_else(|| domain.to_lowercase())
}

/// Do the addresses of this domain belong to anybody who asks for one?
pub fn is_shared(domain: &str) -> bool {
    SHARED.contains(&dns_form(domain).as_str())
}

/// Why a name can't stand for one body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOwned {
    /// It is no name in DNS with at least two labels.
    #[error("write a domain, as in hackegem.example")]
    NoName,
    /// It is a mail address.
    #[error("write only what stands behind the @")]
    IsAnAddress,
    /// Names under it are given out to anybody, as under `be`.
    #[error("names under it are given out to anybody, who would then all be this constituent")]
    PublicSuffix,
    /// Anybody can have an address there.
    #[error("anybody can have an address there, and would then be this constituent")]
    Shared,
}

/// A domain that a body can own, in the form that DNS knows; an `@` before it and a dot behind it are left out.
pub fn owned_domain(written: &str) -> Result<String, NotOwned> {
    let written = written.trim();
    let domain = written.strip_prefix('@').unwrap_or(written);
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if domain.contains('@') {
        return Err(NotOwned::IsAnAddress);
    }
    let domain = dns_form(domain);
    let labels: Vec<&str> = domain.split('.').collect();
    let is_number = |label: &&str| label.bytes().all(|byte| byte.is_ascii_digit());
    let good = domain.len() <= LONGEST
        && labels.iter().all(|label| is_label(label))
        && !labels.last().is_none_or(is_number);
    match psl::suffix(domain.as_bytes()) {
        _ if !good => Err(NotOwned::NoName),
        Some(suffix) if suffix.typ() == Some(psl::Type::Icann) && suffix == domain.as_str() => {
            Err(NotOwned::PublicSuffix)
        }
        _ if is_shared(&domain) => Err(NotOwned::Shared),
        _ if labels.len() < 2 => Err(NotOwned::NoName),
        _ => Ok(domain),
    }
}

/// Letters, digits and hyphens inside (RFC 1123, 2.1); an international one that can be read (RFC 5890, 2.3.2.1).
fn is_label(label: &str) -> bool {
    let plain = label
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let international = label.starts_with("xn--");
    plain
        && (1..=LONGEST_LABEL).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && (!international || idna::domain_to_unicode(label).1.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_writings_of_one_name_are_equal() {
        for (written, form) in [
            ("Hackegem.EXAMPLE", "hackegem.example"),
            ("gemeente-café.example", "xn--gemeente-caf-meb.example"),
            ("Gemeente-CAFÉ.example", "xn--gemeente-caf-meb.example"),
            ("évil＠hackegem.example", "évil＠hackegem.example"),
            // The accent as a letter of its own, as macOS writes it.
            (
                "gemeente-cafe\u{301}.example",
                "xn--gemeente-caf-meb.example",
            ),
            (
                "XN--gemeente-caf-MEB.example",
                "xn--gemeente-caf-meb.example",
            ),
        ] {
            assert_eq!(dns_form(written), form, "{written}");
        }
    }

    #[test]
    fn names_that_only_look_alike_are_not() {
        for other in [
            // Decodes to the same letters, and is another name in DNS.
            "xn--hackegem-.example",
            "h\u{430}ckegem.example",
            "hackegem\u{200b}x.example",
            "hackégem.example",
        ] {
            assert_ne!(dns_form(other), "hackegem.example", "{other}");
        }
    }

    #[test]
    fn what_a_body_can_own() {
        for (written, expected) in [
            ("hackegem.example", Ok("hackegem.example")),
            (" @Hackegem.Example. ", Ok("hackegem.example")),
            ("café.example", Ok("xn--caf-dma.example")),
            ("xn--caf-dma.example", Ok("xn--caf-dma.example")),
            ("xn--9999999999.example", Err(NotOwned::NoName)),
            ("ocmw.hackegem.example", Ok("ocmw.hackegem.example")),
            ("an@hackegem.example", Err(NotOwned::IsAnAddress)),
            ("be", Err(NotOwned::PublicSuffix)),
            ("co.uk", Err(NotOwned::PublicSuffix)),
            ("Telenet.be", Err(NotOwned::Shared)),
            ("hackegem", Err(NotOwned::NoName)),
            ("geen domein", Err(NotOwned::NoName)),
            ("https://hackegem.example/", Err(NotOwned::NoName)),
            ("*.hackegem.example", Err(NotOwned::NoName)),
            ("hackegem..example", Err(NotOwned::NoName)),
            ("-hackegem.example", Err(NotOwned::NoName)),
            ("192.0.2.1", Err(NotOwned::NoName)),
            ("", Err(NotOwned::NoName)),
        ] {
            let found = owned_domain(written);
            assert_eq!(found.as_deref(), expected.as_ref().copied(), "{written}");
        }
    }
}

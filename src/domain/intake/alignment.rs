//! Alignment (RFC 7489, 3.1): does a domain that was proven speak for the domain of the sender?
//!
//! Relaxed, as nearly all senders ask for. Knows the public suffixes: two towns below one suffix aren't one house.

use crate::domain::address::is_within;

/// The same domain, or both under one registered domain and neither of them a public suffix.
pub fn is_aligned(domain: &str, from: &str) -> bool {
    let domain = domain.trim_end_matches('.').to_lowercase();
    let domain = domain
        .rsplit_once('@')
        .map_or(domain.as_str(), |(_, domain)| domain);
    let from = from.to_lowercase();
    domain == from
        || psl::domain_str(&from)
            .is_some_and(|registered| is_within(domain, registered) && registered.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_speaks_for_whom() {
        for (domain, from, expected) in [
            ("hackegem.example", "hackegem.example", true),
            ("Mail.Hackegem.Example.", "hackegem.example", true),
            ("hackegem.example", "mail.hackegem.example", true),
            ("a.hackegem.example", "b.hackegem.example", true),
            ("evilhackegem.example", "hackegem.example", false),
            ("hackegem.example.evil.example", "hackegem.example", false),
            // A public suffix is nobody's house.
            ("co.uk", "hackegem.co.uk", false),
            ("lekkegem.co.uk", "hackegem.co.uk", false),
            ("example", "hackegem.example", false),
            ("", "hackegem.example", false),
        ] {
            assert_eq!(is_aligned(domain, from), expected, "{domain} for {from}");
        }
    }
}

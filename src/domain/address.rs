//! Mail addresses and Message-IDs as values that can be compared.
//!
//! This is not a full RFC 5322 parser: the mail adapter takes headers apart, this module only says
//! what is fit to be written to and when two are the same.

use crate::domain::domain_name::dns_form;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest address that is accepted, in bytes (RFC 5321, 4.5.3.1.3: a path of 256 with its brackets).
const LONGEST_ADDRESS: usize = 254;
/// Longest Message-ID that is kept, in bytes: a line of RFC 5322 (2.1.1).
const LONGEST_MESSAGE_ID: usize = 998;

/// One mail address, `local@domain`. The domain is in the form that DNS knows, in lower case; the local part is as
/// written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Takes an address, or nothing where the text is not fit to be one: no single `@` at the end of
    /// a local part, blanks, control characters, brackets, or more than 254 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        if text.len() > LONGEST_ADDRESS {
            return None;
        }
        let domain = dns_form(domain);
        let fit =
            |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | ',' | ';');
        let local_fits = !local.is_empty() && !local.contains('@') && local.chars().all(fit);
        let domain_fits = !domain.is_empty()
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !domain.contains("..")
            && domain
                .chars()
                .all(|c| fit(c) && !matches!(c, '"' | '(' | ')' | '\\'));
        let address = format!("{local}@{domain}");
        (address.len() <= LONGEST_ADDRESS && local_fits && domain_fits).then_some(Self(address))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands behind the `@`, in the form that DNS knows.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The form in which two writings of one address are the same: all lower case. Mail systems of
    /// our reporters do not tell `Jan@` from `jan@`.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// Is it one of these, with or without something behind a `+` in its local part?
    pub fn is_one_of(&self, own: &[Self]) -> bool {
        let known = |address: &Self| own.iter().any(|known| known.key() == address.key());
        let plain = self.local().split_once('+');
        let plain = plain.and_then(|(local, _)| Self::parse(&format!("{local}@{}", self.domain())));
        known(self) || plain.is_some_and(|plain| known(&plain))
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Never the address itself: debug output ends in logs.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(‹sealed›)")
    }
}

/// Is `domain` the domain `parent` itself or below it, on label boundaries? `evilgent.be` is not
/// below `gent.be`.
pub fn is_within(domain: &str, parent: &str) -> bool {
    let (domain, parent) = (dns_form(domain), dns_form(parent));
    !parent.is_empty()
        && (domain == parent
            || domain
                .strip_suffix(&parent)
                .is_some_and(|rest| rest.ends_with('.')))
}

/// A display name with its address, as it stood in a header.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name, decoded; empty where there was none.
    pub name: String,
    /// The address.
    pub address: EmailAddress,
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(‹sealed›)")
    }
}

/// A Message-ID without its angle brackets (RFC 5322, 3.6.4).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(String);

impl MessageId {
    /// Takes a Message-ID with or without brackets, or nothing where it is empty, has blanks or
    /// control characters, or is longer than a line may be.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let inner = text.strip_prefix('<').unwrap_or(text);
        let inner = inner.strip_suffix('>').unwrap_or(inner);
        let fit = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>');
        (!inner.is_empty() && inner.len() <= LONGEST_MESSAGE_ID && inner.chars().all(fit))
            .then(|| Self(inner.to_owned()))
    }

    /// The ID without brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageId(‹sealed›)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_can_be_written_to() {
        assert_eq!(
            EmailAddress::parse(" Jan@Hackegem.BE ").unwrap().as_str(),
            "Jan@hackegem.be"
        );
        assert_eq!(
            EmailAddress::parse("Zoé@Café.example").unwrap().as_str(),
            "Zoé@xn--caf-dma.example"
        );
        for wrong in [
            "",
            "jan",
            "@x.be",
            "jan@",
            "a b@x.be",
            "a@x..be",
            "a@.be",
            "a@b@c",
            "a@x\u{3002}\u{3002}be",
            "a@x.be,b@y.be",
        ] {
            assert!(EmailAddress::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_domain_is_within_another_on_label_boundaries_only() {
        assert!(is_within("mail.gent.be", "gent.be"));
        assert!(is_within("gent.be", "GENT.be"));
        assert!(is_within("ict.café.example", "xn--caf-dma.example"));
        assert!(is_within("xn--caf-dma.example", "CAFÉ.example"));
        assert!(!is_within("evilgent.be", "gent.be"));
        assert!(!is_within("gent.be", ""));
    }

    #[test]
    fn debug_output_says_nothing() {
        let address = EmailAddress::parse("jan@hackegem.be").unwrap();
        assert!(!format!("{address:?}").contains("jan"));
    }
}

//! Addresses, Message-IDs and dates as they stand in header fields.

use crate::adapters::mail::parse::decode::{clean, one_line};
use crate::domain::address::{EmailAddress, Mailbox, MessageId};
use jiff::Timestamp;
use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

/// Most addresses that are kept of one field.
const MOST_ADDRESSES: usize = 500;
/// Most Message-IDs that are kept of one field.
const MOST_IDS: usize = 200;

/// What a field of addresses holds.
#[derive(Default)]
pub struct Addresses {
    /// The addresses that can be written to, in order.
    pub usable: Vec<Mailbox>,
    /// How many things in it look like an address, usable or not.
    pub written: usize,
}

/// Reads a field of addresses (RFC 5322, 3.4); groups are taken apart.
pub fn addresses(value: &[u8]) -> Addresses {
    let line = one_line(value);
    let mut found = Addresses::default();
    for (name, address) in raw_addresses(&line) {
        if !address.contains('@') {
            continue;
        }
        found.written += 1;
        if let Some(address) = EmailAddress::parse(&address).filter(|_| is_room(&found)) {
            found.usable.push(Mailbox { name, address });
        }
    }
    // `<a@x> <b@y>` without a comma: programs differ on who that is.
    found.written = found.written.max(angle_addresses(&line));
    found
}

fn is_room(found: &Addresses) -> bool {
    found.usable.len() < MOST_ADDRESSES
}

/// Display name and address of the first entry of a field, both as written.
pub fn first_as_written(value: &[u8]) -> (String, String) {
    let line = one_line(value);
    raw_addresses(&line).into_iter().next().unwrap_or_default()
}

fn raw_addresses(line: &[u8]) -> Vec<(String, String)> {
    match MessageStream::new(line).parse_address() {
        HeaderValue::Address(list) => list
            .iter()
            .map(|entry| {
                let name = clean(entry.name().unwrap_or_default());
                (name, clean(entry.address().unwrap_or_default()))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// How many `<...@...>` stand in a line, outside of quotes and comments.
fn angle_addresses(line: &[u8]) -> usize {
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_u32);
    let (mut inside, mut at, mut count) = (false, false, 0);
    for &byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' if depth == 0 => quoted = !quoted,
            _ if quoted => {}
            b'(' if !inside => depth += 1,
            b')' if !inside => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            b'<' => (inside, at) = (true, false),
            b'@' => at = true,
            b'>' if inside => {
                count += usize::from(at);
                inside = false;
            }
            _ => {}
        }
    }
    count
}

/// The Message-IDs in a field, in order (RFC 5322, 3.6.4). Without any brackets, words with an `@`.
pub fn message_ids(value: &[u8]) -> Vec<MessageId> {
    let line = one_line(value);
    let text = String::from_utf8_lossy(&line);
    let bracketed = |piece: &str| piece.split_once('>').map(|(id, _)| id.to_owned());
    let mut ids: Vec<String> = text.split('<').skip(1).filter_map(bracketed).collect();
    if ids.is_empty() {
        let word = |word: &&str| word.contains('@');
        ids = text
            .split_whitespace()
            .filter(word)
            .map(str::to_owned)
            .collect();
    }
    ids.iter()
        .filter_map(|id| MessageId::parse(id))
        .take(MOST_IDS)
        .collect()
}

/// A date (RFC 5322, 3.3), or nothing where it can't be one.
pub fn date(value: &[u8]) -> Option<Timestamp> {
    let line = one_line(value);
    match MessageStream::new(&line).parse_date() {
        HeaderValue::DateTime(date) if date.is_valid() => {
            Timestamp::from_second(date.to_timestamp()).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands_in_a_field() {
        for (value, usable, written) in [
            ("an@x.example", &["an@x.example"][..], 1),
            ("An <an@x.example>", &["an@x.example"], 1),
            (
                "\"Baas <baas@x.example>\" <evil@y.example>",
                &["evil@y.example"],
                1,
            ),
            ("baas@x.example <evil@y.example>", &["evil@y.example"], 1),
            (
                "a@x.example, b@y.example",
                &["a@x.example", "b@y.example"],
                2,
            ),
            (
                "team: a@x.example, b@y.example;",
                &["a@x.example", "b@y.example"],
                2,
            ),
            (
                "=?utf-8?q?Jan_=3Cz=40q=2Eexample=3E?= <jan@x.example>",
                &["jan@x.example"],
                1,
            ),
            ("Peeters, An <an@x.example>", &["an@x.example"], 1),
            // RFC 6532: the header in UTF-8. Both writings are one address.
            (
                "Zoé <an@gemeente-café.example>",
                &["an@xn--gemeente-caf-meb.example"],
                1,
            ),
            (
                "<an@xn--Gemeente-Caf-meb.example>",
                &["an@xn--gemeente-caf-meb.example"],
                1,
            ),
            ("undisclosed-recipients:;", &[], 0),
            ("An Peeters", &[], 0),
            ("", &[], 0),
        ] {
            let found = addresses(value.as_bytes());
            let got: Vec<&str> = found.usable.iter().map(|m| m.address.as_str()).collect();
            assert_eq!(got, usable, "{value}");
            assert_eq!(found.written, written, "{value}");
        }
    }

    #[test]
    fn two_addresses_without_a_comma_are_two() {
        assert!(addresses(b"<baas@x.example> <evil@y.example>").written > 1);
    }

    #[test]
    fn ids_with_and_without_brackets() {
        for (value, expected) in [
            ("<a@x> <b@y>\r\n\t<c@z>", &["a@x", "b@y", "c@z"][..]),
            ("a@x", &["a@x"]),
            ("Your message of today <a@x>", &["a@x"]),
            ("<broken", &[]),
            ("", &[]),
        ] {
            let ids = message_ids(value.as_bytes());
            let ids: Vec<&str> = ids.iter().map(MessageId::as_str).collect();
            assert_eq!(ids, expected, "{value}");
        }
    }

    #[test]
    fn dates_that_are_dates() {
        let expected: Timestamp = "2026-11-23T20:40:00Z".parse().unwrap();
        assert_eq!(date(b" Mon, 23 Nov 2026 21:40:00 +0100"), Some(expected));
        assert_eq!(date(b"23 Nov 2026 20:40:00 GMT"), Some(expected));
        assert_eq!(date(b"yesterday"), None);
        assert_eq!(date(b""), None);
    }
}

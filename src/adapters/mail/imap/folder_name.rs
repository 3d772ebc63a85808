//! Folder names on the wire: modified UTF-7 (RFC 3501, 5.1.3), which old and new servers take.

use data_encoding::BASE64_NOPAD;

/// A folder's name as IMAP writes it.
pub fn encode(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut waiting: Vec<u16> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut waiting, &mut wire);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            waiting.extend(c.encode_utf16(&mut [0; 2]).iter());
        }
    }
    flush(&mut waiting, &mut wire);
    wire
}

fn flush(waiting: &mut Vec<u16>, wire: &mut String) {
    if waiting.is_empty() {
        return;
    }
    let bytes: Vec<u8> = waiting.drain(..).flat_map(u16::to_be_bytes).collect();
    wire.push('&');
    wire.push_str(&BASE64_NOPAD.encode(&bytes).replace('/', ","));
    wire.push('-');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_the_wire() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("Verwerkt/Oud", "Verwerkt/Oud"),
            ("Traité", "Trait&AOk-"),
            ("R&D", "R&-D"),
            ("日本語", "&ZeVnLIqe-"),
        ] {
            assert_eq!(encode(name), wire);
        }
    }
}

//! Bytes of a page as text: UTF-8, UTF-16 with or without its mark, else the encoding that the page names, else UTF-8
//! with gaps.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How far into a page its encoding is looked for.
const HEAD: usize = 4_096;

/// The text. Where the bytes are UTF-8 they are read so, whatever the page claims: text in an older encoding is
/// almost never valid UTF-8 by chance.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode_with_bom_removal(bytes).0.into_owned();
    }
    // Text in UTF-16 may be valid UTF-8, with a zero beside each letter.
    if let Some(encoding) = wide(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    match named(bytes) {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// UTF-16 without its mark: most letters of our languages have a zero on the same side, and none on the other.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let (pairs, odd) = head.as_chunks::<2>();
    let before = pairs.iter().filter(|[one, _]| *one == 0).count();
    let behind = pairs.iter().filter(|[_, two]| *two == 0).count();
    let many = |count: usize| odd.is_empty() && count > pairs.len() / 2;
    match (before, behind) {
        (0, behind) if many(behind) => Some(UTF_16LE),
        (before, 0) if many(before) => Some(UTF_16BE),
        _ => None,
    }
}

fn named(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, behind) = head.split_once("charset=")?;
    let name = behind.trim_start_matches(['"', '\'', ' ']);
    let name = name.split(['"', '\'', ' ', ';', '>', '/']).next()?;
    Encoding::for_label(name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_in_the_encoding_it_names() {
        let mut old =
            b"<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>caf".to_vec();
        old.push(0xe9);
        assert!(decode(&old).ends_with("café"));
        assert_eq!(
            decode("<meta charset=latin1>café".as_bytes()),
            "<meta charset=latin1>café"
        );
        assert_eq!(decode(b"caf\xe9"), "caf\u{fffd}");
        assert_eq!(decode(b"\xff\xfea\0"), "a");
        assert_eq!(decode(b"#\0 \0c\0a\0f\0\xe9\0\n\0"), "# café\n");
        assert_eq!(decode(b"\0#\0 \0c\0a\0f\0\xe9\0\n"), "# café\n");
        assert_eq!(decode(b"a\0b"), "a\0b");
        assert_eq!(decode(b""), "");
    }
}

//! Bytes of a page as text: UTF-8, else the encoding that the page names, else UTF-8 with gaps.

use encoding_rs::Encoding;

/// How far into a page its encoding is looked for.
const HEAD: usize = 4_096;

/// The text. Where the bytes are UTF-8 they are read so, whatever the page claims: text in an older encoding is
/// almost never valid UTF-8 by chance.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode_with_bom_removal(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    match named(bytes) {
        Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        None => String::from_utf8_lossy(bytes).into_owned(),
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
    }
}

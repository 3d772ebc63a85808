//! From bytes to text: transfer encodings, character sets, encoded words in headers.
//!
//! Nothing is refused here. What can't be decoded comes out as well as it can, and is said to be odd.

use mail_parser::HeaderValue;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::parsers::MessageStream;
use std::borrow::Cow;

/// Longest header value that is decoded, in bytes as it stood in the mail.
const LONGEST_RAW_VALUE: usize = 16 * 1024;
/// Longest header value that is kept, in bytes after decoding.
pub const LONGEST_VALUE: usize = 4 * 1024;

/// Did bytes fit the character set that they claimed?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Yes.
    Good,
    /// No, or there is no such set; the text is a guess.
    Bad,
}

/// Bytes as text where nothing names their character set: UTF-8, or else Windows-1252, which has a
/// character for nearly every byte and is what old Western mail programs sent.
pub fn guess(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => charset_decoder(b"windows-1252").map_or_else(
            || String::from_utf8_lossy(bytes),
            |decoder| Cow::Owned(decoder(bytes)),
        ),
    }
}

/// The text of a part, by the character set that it claims.
pub fn text_of(bytes: &[u8], claimed: Option<&str>) -> (String, Fit) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let label = claimed.map(|label| label.trim().to_ascii_lowercase().replace('_', "-"));
    let valid = std::str::from_utf8(bytes).ok();
    match (label.as_deref(), valid) {
        (None | Some("utf-8" | "utf8" | ""), Some(text)) => (text.to_owned(), Fit::Good),
        (Some("us-ascii" | "ascii"), Some(text)) if text.is_ascii() => (text.to_owned(), Fit::Good),
        // Text with an accented letter that is right as UTF-8 is UTF-8, whatever it says.
        (Some(label), Some(text)) if is_western(label) && !text.is_ascii() => {
            (text.to_owned(), Fit::Bad)
        }
        (None | Some("utf-8" | "utf8" | "us-ascii" | "ascii" | ""), _) => {
            (guess(bytes).into_owned(), Fit::Bad)
        }
        (Some(label), _) => match charset_decoder(label.as_bytes()) {
            Some(decoder) => {
                let text = decoder(bytes);
                let fit = if text.contains('\u{fffd}') {
                    Fit::Bad
                } else {
                    Fit::Good
                };
                (text, fit)
            }
            None => (guess(bytes).into_owned(), Fit::Bad),
        },
    }
}

fn is_western(label: &str) -> bool {
    matches!(
        label,
        "us-ascii" | "ascii" | "iso-8859-1" | "iso-8859-15" | "latin1" | "windows-1252" | "cp1252"
    )
}

/// Undoes a Content-Transfer-Encoding (RFC 2045, 6). Broken encodings give what can be read.
pub fn transfer_decode<'a>(bytes: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    match encoding {
        "base64" => Cow::Owned(base64(bytes)),
        "quoted-printable" => Cow::Owned(quoted_printable(bytes)),
        _ => Cow::Borrowed(bytes),
    }
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    if let Some(decoded) = base64_decode(bytes) {
        return decoded;
    }
    let alphabet = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    let mut clean: Vec<u8> = bytes.iter().copied().filter(alphabet).collect();
    clean.truncate(clean.len() / 4 * 4);
    base64_decode(&clean).unwrap_or_else(|| bytes.to_vec())
}

/// Quoted-printable (RFC 2045, 6.7) that leaves a wrong `=` as it stands.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((line, after)) = crate::adapters::mail::parse::fields::next_line(rest) {
        let ended = after.len() + line.len() < rest.len();
        let line = line.trim_ascii_end();
        let (line, soft) = line
            .strip_suffix(b"=")
            .map_or((line, false), |cut| (cut, true));
        decode_escapes(line, &mut decoded);
        if ended && !soft {
            decoded.extend_from_slice(b"\r\n");
        }
        rest = after;
    }
    decoded
}

fn decode_escapes(line: &[u8], decoded: &mut Vec<u8>) {
    let mut rest = line;
    while let Some((&byte, after)) = rest.split_first() {
        let escape = (byte == b'=').then_some(after).and_then(|after| {
            let (&high, tail) = after.split_first()?;
            let (&low, tail) = tail.split_first()?;
            Some((hex(high)? << 4 | hex(low)?, tail))
        });
        if let Some((value, tail)) = escape {
            decoded.push(value);
            rest = tail;
        } else {
            decoded.push(byte);
            rest = after;
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

/// A header value on one line, as UTF-8 with a line end: what mail-parser's field parsers want.
pub fn one_line(value: &[u8]) -> Vec<u8> {
    let value = value.get(..LONGEST_RAW_VALUE).unwrap_or(value);
    let mut line: Vec<u8> = guess(value)
        .replace("\r\n", "")
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .into_bytes();
    line.push(b'\n');
    line
}

/// A header value as a person reads it: unfolded, encoded words decoded (RFC 2047), on one line, at
/// most [`LONGEST_VALUE`] bytes.
pub fn header_text(value: &[u8]) -> String {
    let line = one_line(value);
    let text = match MessageStream::new(&line).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    };
    clean(&text)
}

/// Without control characters, on one line, and not too long.
pub fn clean(text: &str) -> String {
    let mut kept = String::with_capacity(text.len().min(LONGEST_VALUE));
    for c in text.trim().chars() {
        if kept.len() + c.len_utf8() > LONGEST_VALUE {
            break;
        }
        kept.push(if c.is_control() { ' ' } else { c });
    }
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_sets_and_lies_about_them() {
        for (bytes, claimed, text, fit) in [
            (&b"caf\xe9"[..], Some("iso-8859-1"), "café", Fit::Good),
            (b"caf\xc3\xa9", Some("utf-8"), "café", Fit::Good),
            (b"caf\xc3\xa9", None, "café", Fit::Good),
            (b"caf\xc3\xa9", Some("ISO-8859-1"), "café", Fit::Bad),
            (b"caf\xe9", Some("utf-8"), "café", Fit::Bad),
            (b"caf\xe9", None, "café", Fit::Bad),
            (b"caf\xe9", Some("x-klingon"), "café", Fit::Bad),
            (b"cafe", Some("us-ascii"), "cafe", Fit::Good),
            (b"\xef\xbb\xbfcafe", Some("utf-8"), "cafe", Fit::Good),
            (b"cafe", Some("x-klingon"), "cafe", Fit::Bad),
        ] {
            assert_eq!(
                text_of(bytes, claimed),
                (text.to_owned(), fit),
                "{claimed:?}"
            );
        }
    }

    #[test]
    fn transfer_encodings_even_when_broken() {
        for (bytes, encoding, expected) in [
            (&b"aGFsbG8="[..], "base64", &b"hallo"[..]),
            (b"aGFs\r\nbG8=\r\n", "base64", b"hallo"),
            (b"aGFs!*bG8h", "base64", b"hallo!"),
            (b"caf=E9 =\r\nx", "quoted-printable", b"caf\xe9 x"),
            (b"a=3Db \r\nb=", "quoted-printable", b"a=b\r\nb"),
            (b"100% = =Zz=", "quoted-printable", b"100% = =Zz"),
            (b"x=y", "7bit", b"x=y"),
        ] {
            assert_eq!(&*transfer_decode(bytes, encoding), expected);
        }
    }

    #[test]
    fn header_values_are_one_clean_line() {
        for (value, expected) in [
            (&b" hallo\r\n\tdaar "[..], "hallo daar"),
            (b" =?utf-8?q?caf=C3=A9?=", "café"),
            (b" =?utf-8?q?a=0D=0ABcc:_x?=", "a  Bcc: x"),
            (b" caf\xe9", "café"),
            (b"", ""),
        ] {
            assert_eq!(header_text(value), expected);
        }
        assert!(header_text(&vec![b'x'; 100_000]).len() <= LONGEST_VALUE);
    }
}

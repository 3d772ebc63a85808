//! Cutting the header of a mail into fields, and telling which names are odd.
//!
//! Knows nothing of what a field means. Works on bytes with CRLF line ends.

use std::borrow::Cow;

/// Most fields that are looked at in one header.
const MOST_FIELDS: usize = 5_000;

/// One field, as it stood in the mail.
#[derive(Clone, Copy)]
pub struct RawField<'a> {
    /// Its name, as written, without the colon.
    pub name: &'a [u8],
    /// Its value with all its folds, without the last line end.
    pub value: &'a [u8],
}

impl RawField<'_> {
    /// Is this its name? Blanks before the colon are allowed by old rules (RFC 5322, 4.5).
    pub fn is(&self, name: &str) -> bool {
        self.name
            .trim_ascii_end()
            .eq_ignore_ascii_case(name.as_bytes())
    }

    /// Is it a field that names a sender, disguised by something else than printable ASCII in its name
    /// (RFC 5322, 3.6.8)? A blank before the colon of any other field is only careless.
    pub fn is_odd(&self) -> bool {
        if self.name.iter().all(u8::is_ascii_graphic) {
            return false;
        }
        let squeezed: Vec<u8> = self
            .name
            .iter()
            .filter(|byte| byte.is_ascii_graphic())
            .map(u8::to_ascii_lowercase)
            .collect();
        let names: [&[u8]; 3] = [b"from", b"sender", b"reply-to"];
        // A letter of another alphabet in the place of one of ours.
        let resembles = |name: &[u8]| {
            let foreign = !self.name.is_ascii();
            let mut rest = name.iter();
            let within = squeezed.iter().all(|byte| rest.any(|known| known == byte));
            squeezed == name || (foreign && within && name.len().abs_diff(squeezed.len()) <= 2)
        };
        names.into_iter().any(resembles)
    }
}

/// A header, cut into fields.
pub struct Header<'a> {
    /// The fields, in order.
    pub fields: Vec<RawField<'a>>,
    /// What stands behind it.
    pub body: &'a [u8],
    /// Were there more fields than are looked at?
    pub overflowing: Overflow,
}

/// Was everything looked at?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overflow {
    /// Yes.
    No,
    /// No, there was more than the bound.
    Yes,
}

impl<'a> Header<'a> {
    /// The first field of a name.
    pub fn first(&self, name: &str) -> Option<&RawField<'a>> {
        self.fields.iter().find(|field| field.is(name))
    }

    /// All fields of a name.
    pub fn all(&self, name: &'a str) -> impl Iterator<Item = &RawField<'a>> {
        self.fields.iter().filter(move |field| field.is(name))
    }
}

/// Gives every line a CRLF, so that a mail from a file and the same mail from the wire are the same.
pub fn canonical_lines(raw: &[u8]) -> Cow<'_, [u8]> {
    // Old Macs ended their lines with CR alone, and so do files that came from one.
    if !raw.contains(&b'\n') && raw.contains(&b'\r') {
        let lines = raw.iter().flat_map(|byte| match byte {
            b'\r' => &b"\r\n"[..],
            other => std::slice::from_ref(other),
        });
        return Cow::Owned(lines.copied().collect());
    }
    let bare = |before: Option<u8>, byte: u8| byte == b'\n' && before != Some(b'\r');
    let mut before = None;
    let found = raw.iter().any(|&byte| {
        let hit = bare(before, byte);
        before = Some(byte);
        hit
    });
    if !found {
        return Cow::Borrowed(raw);
    }
    let mut lines = Vec::with_capacity(raw.len() + raw.len() / 32);
    let mut before = None;
    for &byte in raw {
        if bare(before, byte) {
            lines.push(b'\r');
        }
        lines.push(byte);
        before = Some(byte);
    }
    Cow::Owned(lines)
}

/// Takes the first line off: the line without its end, and what follows.
pub fn next_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let end = bytes.iter().position(|&byte| byte == b'\n');
    let (line, rest) = end.map_or((bytes, &b""[..]), |end| {
        (
            bytes.get(..end).unwrap_or_default(),
            bytes.get(end + 1..).unwrap_or_default(),
        )
    });
    Some((line.strip_suffix(b"\r").unwrap_or(line), rest))
}

/// Cuts a header. It ends at an empty line, or at the first line that can't be part of one.
pub fn split_header(bytes: &[u8]) -> Header<'_> {
    let mut fields: Vec<RawField<'_>> = Vec::new();
    let mut overflowing = Overflow::No;
    let mut rest = without_envelope_line(bytes);
    while let Some((line, after)) = next_line(rest) {
        if line.is_empty() {
            rest = after;
            break;
        }
        let colon = line.iter().position(|&byte| byte == b':');
        let folded = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
        let Some(colon) = colon.filter(|_| !folded) else {
            if folded && fields.is_empty() {
                rest = after;
                continue;
            }
            break;
        };
        let (value, after) = value_with_folds(rest, colon + 1);
        if fields.len() < MOST_FIELDS {
            fields.push(RawField {
                name: line.get(..colon).unwrap_or_default(),
                value,
            });
        } else {
            overflowing = Overflow::Yes;
        }
        rest = after;
    }
    Header {
        fields,
        body: rest,
        overflowing,
    }
}

/// Skips the `From ` line that mbox files put before a mail.
fn without_envelope_line(bytes: &[u8]) -> &[u8] {
    let is_field = |rest: &[u8]| rest.trim_ascii_start().starts_with(b":");
    let named = bytes
        .strip_prefix(b"From ")
        .or_else(|| bytes.strip_prefix(b">From "));
    if named.is_some_and(|rest| !is_field(rest)) {
        next_line(bytes).map_or(bytes, |(_, rest)| rest)
    } else {
        bytes
    }
}

/// The value that starts at `start` with the lines that continue it, and what follows.
fn value_with_folds(bytes: &[u8], start: usize) -> (&[u8], &[u8]) {
    let mut rest = bytes;
    while let Some((_, after)) = next_line(rest) {
        rest = after;
        if !rest.first().is_some_and(|b| matches!(b, b' ' | b'\t')) {
            break;
        }
    }
    let end = bytes.len() - rest.len();
    let value = bytes.get(start..end).unwrap_or_default();
    let value = value.strip_suffix(b"\n").unwrap_or(value);
    (value.strip_suffix(b"\r").unwrap_or(value), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(raw: &str) -> Vec<String> {
        split_header(raw.as_bytes())
            .fields
            .iter()
            .map(|field| String::from_utf8_lossy(field.name).into_owned())
            .collect()
    }

    #[test]
    fn a_header_ends_at_the_empty_line() {
        let header = split_header(b"A: 1\r\nB: 2\r\n\t3\r\n\r\nC: 4\r\n");
        assert_eq!(header.fields.len(), 2);
        assert_eq!(header.fields[1].value, b" 2\r\n\t3");
        assert_eq!(header.body, b"C: 4\r\n");
    }

    #[test]
    fn a_header_ends_at_a_line_that_is_no_field() {
        let header = split_header(b"A: 1\r\nhello\r\nB: 2\r\n");
        assert_eq!(header.fields.len(), 1);
        assert_eq!(header.body, b"hello\r\nB: 2\r\n");
    }

    #[test]
    fn the_line_of_an_mbox_is_no_field() {
        assert_eq!(
            names("From a@x Mon Nov 23 21:40:00 2026\r\nA: 1\r\n\r\n"),
            ["A"]
        );
    }

    #[test]
    fn odd_names_are_seen() {
        let header =
            split_header(b"Fr om: x\r\nFrom : y\r\nFrom: z\r\n: n\r\nFr\xc3\xb8m: q\r\n\r\n");
        let odd: Vec<bool> = header.fields.iter().map(RawField::is_odd).collect();
        assert_eq!(odd, [true, true, false, false, true]);
        assert_eq!(header.all("from").count(), 2);
        let header = split_header(
            b"X-Mailer : x\r\nSub ject: y\r\nReply-To : z\r\nSen\tder: n\r\nX-Fr\xc3\xb8m: q\r\n\r\n",
        );
        let odd: Vec<bool> = header.fields.iter().map(RawField::is_odd).collect();
        assert_eq!(odd, [false, false, true, true, false]);
    }

    #[test]
    fn all_lines_end_alike() {
        assert_eq!(&*canonical_lines(b"a\nb\r\nc\n"), b"a\r\nb\r\nc\r\n");
        assert_eq!(&*canonical_lines(b"a\rb\r\rc"), b"a\r\nb\r\n\r\nc");
        assert!(matches!(canonical_lines(b"a\r\nb"), Cow::Borrowed(_)));
    }
}

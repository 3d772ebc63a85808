//! The properties of one object in an Outlook message file: numbers, times, texts, bytes.
//!
//! Knows the forms ([MS-OXMSG], 2.1 and 2.4), not what a property means.

use crate::adapters::mail::parse::decode::{clean, text_of};
use crate::adapters::mail::parse::outlook::compound::Compound;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Most properties of one object that are looked at.
const MOST_PROPERTIES: usize = 2_000;
/// Bytes of one entry in the stream of properties ([MS-OXMSG], 2.4.2).
const ENTRY: usize = 16;
/// Longest short text that is read, in bytes.
const LONGEST_LINE: u64 = 16 * 1024;
/// 100 ns from 1601 to 1970: FILETIME counts from there ([MS-DTYP], 2.3.3).
const FILETIME_OF_1970: i64 = 116_444_736_000_000_000;

/// What an object is: its stream of properties has a header of another length ([MS-OXMSG], 2.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The message of the file.
    TopMessage,
    /// A message that is attached to a message.
    EmbeddedMessage,
    /// An attachment.
    Attachment,
}

impl Holder {
    fn header(self) -> usize {
        match self {
            Self::TopMessage => 32,
            Self::EmbeddedMessage => 24,
            Self::Attachment => 8,
        }
    }
}

/// The properties of one object.
pub struct Properties {
    folder: PathBuf,
    fixed: Vec<(u32, u64)>,
    charset: Option<String>,
}

/// A property that holds a fixed number of bytes, with the type of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(pub u16, pub u16);

/// The type of a 32 bit number ([MS-OXCDATA], 2.11.1).
pub const NUMBER: u16 = 0x0003;
/// The type of a time.
pub const TIME: u16 = 0x0040;
/// `PidTagMessageCodepage`: the character set of texts that aren't Unicode.
const MESSAGE_CODEPAGE: Tag = Tag(0x3ffd, NUMBER);

impl Properties {
    /// Reads the properties in a folder; nothing where there are none. `around` is the character set of
    /// the message around it, for what names none itself.
    pub fn read(
        file: &mut Compound<'_>,
        folder: &Path,
        holder: Holder,
        around: Option<&str>,
    ) -> Option<Self> {
        let longest = holder.header() + ENTRY * MOST_PROPERTIES;
        let bytes = file.read(
            &folder.join("__properties_version1.0"),
            u64::try_from(longest).unwrap_or(0),
        )?;
        let entries = bytes.get(holder.header()..).unwrap_or_default();
        let fixed = entries.chunks_exact(ENTRY).filter_map(|entry| {
            let (tag, value) = (entry.get(..4)?, entry.get(8..)?);
            Some((
                u32::from_le_bytes(tag.try_into().ok()?),
                u64::from_le_bytes(value.try_into().ok()?),
            ))
        });
        let mut read = Self {
            folder: folder.to_path_buf(),
            fixed: fixed.collect(),
            charset: around.map(str::to_owned),
        };
        if let Some(label) = read.number(MESSAGE_CODEPAGE).and_then(charset_of) {
            read.charset = Some(label);
        }
        Some(read)
    }

    /// The character set of texts that aren't Unicode.
    pub fn charset(&self) -> Option<&str> {
        self.charset.as_deref()
    }

    /// Where a property of this kind would be held ([MS-OXMSG], 2.1.3).
    pub fn place(&self, id: u16, kind: u16) -> PathBuf {
        self.folder.join(format!("__substg1.0_{id:04X}{kind:04X}"))
    }

    /// A number.
    pub fn number(&self, tag: Tag) -> Option<u32> {
        let value = self.fixed(tag)?;
        u32::try_from(value & u64::from(u32::MAX)).ok()
    }

    /// A time.
    pub fn time(&self, tag: Tag) -> Option<Timestamp> {
        let ticks = i64::try_from(self.fixed(tag)?).ok().filter(|t| *t > 0)?;
        let micros = ticks.checked_sub(FILETIME_OF_1970)?.div_euclid(10);
        Timestamp::from_microsecond(micros).ok()
    }

    fn fixed(&self, Tag(id, kind): Tag) -> Option<u64> {
        let tag = u32::from(id) << 16 | u32::from(kind);
        let found = self.fixed.iter().find(|(other, _)| *other == tag);
        found.map(|(_, value)| *value)
    }

    /// A text, at most so many bytes of it: in Unicode, or in the character set of the message.
    pub fn text(&self, file: &mut Compound<'_>, id: u16, most: u64) -> Option<String> {
        if let Some(bytes) = file.read(&self.place(id, 0x001f), most) {
            return Some(utf16(&bytes));
        }
        let bytes = file.read(&self.place(id, 0x001e), most)?;
        let label = self.charset.as_deref().unwrap_or("windows-1252");
        let (text, _) = text_of(&bytes, Some(label));
        Some(text.trim_end_matches('\0').to_owned())
    }

    /// A short text on one line; empty where there is none.
    pub fn line(&self, file: &mut Compound<'_>, id: u16) -> String {
        let text = self.text(file, id, LONGEST_LINE);
        text.map(|text| clean(&text)).unwrap_or_default()
    }
}

/// UTF-16, little end first, up to the zeros that end it.
fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2);
    let units = units.filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes));
    let text: String = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.trim_end_matches('\0').to_owned()
}

/// The name of a character set by its number in Windows.
pub fn charset_of(codepage: u32) -> Option<String> {
    let label = match codepage {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        874 | 1250..=1258 => format!("windows-{codepage}"),
        20_127 => "us-ascii".to_owned(),
        20_866 => "koi8-r".to_owned(),
        21_866 => "koi8-u".to_owned(),
        28_591..=28_605 => format!("iso-8859-{}", codepage - 28_590),
        50_220..=50_222 => "iso-2022-jp".to_owned(),
        54_936 => "gb18030".to_owned(),
        65_001 => "utf-8".to_owned(),
        _ => return None,
    };
    Some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_end_before_their_zeros_and_halves_are_replaced() {
        assert_eq!(utf16(b"c\0a\0f\0\xe9\0\0\0"), "caf\u{e9}");
        assert_eq!(utf16(b"a\0\x3d\xd8b\0"), "a\u{fffd}b");
        assert_eq!(utf16(b"a\0b"), "a");
    }

    #[test]
    fn code_pages_have_names() {
        for (number, expected) in [
            (1252, Some("windows-1252")),
            (28_605, Some("iso-8859-15")),
            (65_001, Some("utf-8")),
            (1, None),
        ] {
            assert_eq!(charset_of(number).as_deref(), expected, "{number}");
        }
    }

    #[test]
    fn times_count_from_1601() {
        let at = |value| Properties {
            folder: PathBuf::new(),
            fixed: vec![(0x0039_0040, value)],
            charset: None,
        };
        let sent = Tag(0x0039, TIME);
        let expected: Timestamp = "2026-11-23T20:40:00Z".parse().unwrap();
        assert_eq!(at(134_399_400_000_000_000).time(sent), Some(expected));
        assert_eq!(at(0).time(sent), None);
        assert_eq!(at(u64::MAX).time(sent), None);
    }
}

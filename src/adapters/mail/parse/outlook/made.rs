//! Outlook message files for tests, written property by property.

use cfb::{CompoundFile, Version};
use std::io::{Cursor, Write};

/// A message file that is being written.
#[must_use]
pub(crate) struct Made(CompoundFile<Cursor<Vec<u8>>>);

impl Made {
    /// An empty file.
    pub(crate) fn empty() -> Self {
        let file = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()));
        Self(file.unwrap())
    }

    /// Its bytes.
    pub(crate) fn bytes(self) -> Vec<u8> {
        self.0.into_inner().into_inner()
    }

    /// Writes a stream.
    pub(crate) fn stream(mut self, path: &str, bytes: &[u8]) -> Self {
        let mut stream = self.0.create_stream(path).unwrap();
        stream.write_all(bytes).unwrap();
        stream.flush().unwrap();
        drop(stream);
        self
    }

    /// Makes a folder.
    pub(crate) fn folder(mut self, path: &str) -> Self {
        self.0.create_storage(path).unwrap();
        self
    }

    /// Writes the fixed properties of a folder, below a header of this length.
    pub(crate) fn fixed(self, folder: &str, header: usize, entries: &[(u32, u64)]) -> Self {
        let mut bytes = vec![0; header];
        for (tag, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(6_u32.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        self.stream(&format!("{folder}/__properties_version1.0"), &bytes)
    }

    /// Writes a text in Unicode.
    pub(crate) fn text(self, folder: &str, id: u16, text: &str) -> Self {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.stream(&format!("{folder}/__substg1.0_{id:04X}001F"), &bytes)
    }

    /// Writes a text in the character set of the message.
    pub(crate) fn ansi(self, folder: &str, id: u16, bytes: &[u8]) -> Self {
        self.stream(&format!("{folder}/__substg1.0_{id:04X}001E"), bytes)
    }

    /// Writes bytes.
    pub(crate) fn binary(self, folder: &str, id: u16, bytes: &[u8]) -> Self {
        self.stream(&format!("{folder}/__substg1.0_{id:04X}0102"), bytes)
    }

    /// Attaches a file.
    pub(crate) fn attach(self, number: u8, name: &str, mime: &str, bytes: &[u8]) -> Self {
        let folder = format!("/__attach_version1.0_#{number:08X}");
        self.folder(&folder)
            .fixed(&folder, 8, &[(0x3705_0003, 1)])
            .text(&folder, 0x3707, name)
            .text(&folder, 0x370e, mime)
            .binary(&folder, 0x3701, bytes)
    }
}

//! What the bytes of a file say that it is, whatever the mail claims, and whether it asks for a password.
//!
//! Nothing is unpacked: of an archive only the list at its end is read, of other files the first bytes.

use crate::adapters::mail::parse::outlook::compound::{Compound, is_compound};
use crate::domain::intake::message::Lock;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The first bytes of the kinds of files that reports are about.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"%PDF-", "application/pdf"),
    (LOCAL_ENTRY, "application/zip"),
    (END_OF_LIST, "application/zip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"MSCF", "application/vnd.ms-cab-compressed"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "application/x-ole-storage",
    ),
    (b"{\\rtf", "application/rtf"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "application/onenote"),
    (b"ITSF", "application/vnd.ms-htmlhelp"),
    (b"\x7fELF", "application/x-elf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
];
/// Where the name of an image of a disc stands (ECMA-119, 8.4).
const DISC_NAME: usize = 16 * 2_048 + 1;

/// Marks in a ZIP file (APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.16).
const LOCAL_ENTRY: &[u8] = b"PK\x03\x04";
const LISTED_ENTRY: &[u8] = b"PK\x01\x02";
const END_OF_LIST: &[u8] = b"PK\x05\x06";
/// The last mark of a ZIP file stands at most so far from its end: 22 bytes and a comment.
const FARTHEST_END: usize = 22 + 65_535;
/// Most entries of an archive whose flags are looked at.
const MOST_ENTRIES: usize = 10_000;

/// The media type that the bytes show; nothing where they show none.
pub fn type_of(bytes: &[u8]) -> Option<&'static str> {
    let known = BEGINNINGS
        .iter()
        .find(|(start, _)| bytes.starts_with(start));
    if let Some((_, kind)) = known {
        return Some(if holds(bytes, "/__properties_version1.0") {
            "application/vnd.ms-outlook"
        } else {
            kind
        });
    }
    if bytes
        .get(DISC_NAME..)
        .is_some_and(|rest| rest.starts_with(b"CD001"))
    {
        return Some("application/x-iso9660-image");
    }
    let text = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let is_html = [&b"<!doctype html"[..], b"<html"].into_iter().any(|tag| {
        text.get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag))
    });
    is_html.then_some("text/html")
}

/// Is it a compound file with a stream of this name?
fn holds(bytes: &[u8], stream: &str) -> bool {
    let has_stream =
        || Compound::open(bytes).is_some_and(|file| file.has_stream(Path::new(stream)));
    // A mistake in the library must not cost the mail around it.
    is_compound(bytes) && catch_unwind(AssertUnwindSafe(has_stream)).unwrap_or(false)
}

/// Does it ask for a password? Told for ZIP files and for documents of Office.
pub fn lock_of(bytes: &[u8]) -> Lock {
    let locked = if is_compound(bytes) {
        // [MS-OFFCRYPTO], 2.3.4.4.
        holds(bytes, "/EncryptedPackage")
    } else if bytes.starts_with(LOCAL_ENTRY) {
        has_encrypted_entry(bytes)
    } else {
        false
    };
    if locked { Lock::Password } else { Lock::None }
}

/// Is an entry of a ZIP file encrypted (APPNOTE.TXT, 4.4.4, bit 0)? By its first entry, and by its list. The list alone
/// isn't enough: where it stands is only claimed, and programs find it all the same where the claim is wrong.
fn has_encrypted_entry(bytes: &[u8]) -> bool {
    let first = number(bytes, 6).is_some_and(|flags| flags & 1 == 1);
    first || list_of(bytes).is_some_and(lists_encrypted_entry)
}

fn lists_encrypted_entry(list: &[u8]) -> bool {
    let mut entry = list;
    for _ in 0..MOST_ENTRIES {
        if !entry.starts_with(LISTED_ENTRY) {
            return false;
        }
        match number(entry, 8) {
            Some(flags) if flags & 1 == 0 => {}
            encrypted => return encrypted.is_some(),
        }
        // Name, further fields, comment.
        let lengths = [28, 30, 32].map(|at| number(entry, at).unwrap_or(0));
        let next = lengths.into_iter().map(usize::from).sum::<usize>() + 46;
        entry = entry.get(next..).unwrap_or_default();
    }
    false
}

/// From the beginning of the list of entries on.
fn list_of(bytes: &[u8]) -> Option<&[u8]> {
    let near = bytes.get(bytes.len().saturating_sub(FARTHEST_END)..)?;
    let at = near
        .windows(END_OF_LIST.len())
        .rposition(|mark| mark == END_OF_LIST)?;
    let start: [u8; 4] = near.get(at + 16..at + 20)?.try_into().ok()?;
    bytes.get(usize::try_from(u32::from_le_bytes(start)).ok()?..)
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes(two.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::mail::parse::outlook::made::Made;
    use proptest::prelude::*;

    /// A ZIP file of stored entries with these flags. Its sizes are as claimed, its contents 4 bytes each.
    fn zip(flags: &[u16], claimed: u32) -> Vec<u8> {
        let (mut file, mut list) = (Vec::new(), Vec::new());
        for flags in flags {
            let at = u32::try_from(file.len()).unwrap().to_le_bytes();
            let mut fields = Vec::new();
            fields.extend(20_u16.to_le_bytes());
            fields.extend(flags.to_le_bytes());
            fields.extend([8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            fields.extend(4_u32.to_le_bytes());
            fields.extend(claimed.to_le_bytes());
            fields.extend([1, 0, 0, 0]);
            file.extend(LOCAL_ENTRY);
            file.extend(&fields);
            file.extend(b"adata");
            list.extend(LISTED_ENTRY);
            list.extend([20, 0]);
            list.extend(&fields);
            list.extend([0; 10]);
            list.extend(at);
            list.extend(b"a");
        }
        let start = u32::try_from(file.len()).unwrap().to_le_bytes();
        file.extend(&list);
        file.extend(END_OF_LIST);
        file.extend([0; 12]);
        file.extend(start);
        file.extend([0, 0]);
        file
    }

    #[test]
    fn what_files_are() {
        for (bytes, expected) in [
            (
                &b"MZ\x90"[..],
                Some("application/vnd.microsoft.portable-executable"),
            ),
            (b"%PDF-1.7", Some("application/pdf")),
            (b"PK\x03\x04", Some("application/zip")),
            (b"\xef\xbb\xbf\n<!DOCTYPE HTML><p>", Some("text/html")),
            (b"<HTML>", Some("text/html")),
            (b"gewone tekst", None),
            (b"", None),
        ] {
            assert_eq!(type_of(bytes), expected);
        }
        let mut disc = vec![0; DISC_NAME];
        disc.extend(b"CD001");
        assert_eq!(type_of(&disc), Some("application/x-iso9660-image"));
    }

    #[test]
    fn what_asks_for_a_password() {
        for (flags, expected) in [
            (&[0][..], Lock::None),
            (&[1], Lock::Password),
            (&[0, 0, 0x0809], Lock::Password),
            (&[0, 8, 0x0800], Lock::None),
        ] {
            assert_eq!(lock_of(&zip(flags, 4)), expected, "{flags:?}");
        }
        let whole = zip(&[1, 1], 4);
        assert_eq!(lock_of(&whole[..40]), Lock::Password, "its list is cut off");
        for wrong in [
            u32::try_from(whole.len()).unwrap() - 22 - 2 * 47 + 1,
            0,
            u32::MAX,
        ] {
            let mut shifted = whole.clone();
            let claim = shifted.len() - 6;
            shifted[claim..claim + 4].copy_from_slice(&wrong.to_le_bytes());
            assert_eq!(
                lock_of(&shifted),
                Lock::Password,
                "its list is said to begin at {wrong}"
            );
        }
        let office = Made::empty().stream("/EncryptedPackage", b"x");
        assert_eq!(lock_of(&office.bytes()), Lock::Password);
        assert_eq!(lock_of(b"Rar!\x1a\x07"), Lock::None);
    }

    #[test]
    fn a_bomb_is_only_listed() {
        // 100,000 entries of 4 GiB each, as they say; 10,000 flags are looked at and not a byte is unpacked.
        let bomb = zip(&vec![0; 100_000], u32::MAX);
        assert_eq!(lock_of(&bomb), Lock::None);
    }

    proptest! {
        #[test]
        fn a_damaged_archive_is_looked_at(
            flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..9),
            end in any::<prop::sample::Index>(),
        ) {
            let mut bytes = zip(&[0, 1, 0], 4);
            for (at, byte) in flips {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let _ = lock_of(&bytes[..end.index(bytes.len() + 1)]);
            let _ = type_of(&bytes);
        }
    }
}

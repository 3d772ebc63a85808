//! The compound file around an Outlook message ([MS-CFB]): streams in folders, opened with bounds.
//!
//! Knows nothing of mail. Several streams of a hostile file may claim the same bytes, so all that is
//! read from one file together is never more than the file itself.

use cfb::CompoundFile;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// How every compound file begins ([MS-CFB], 2.2).
const MAGIC: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Sectors of the table of sectors that the header itself lists ([MS-CFB], 2.2).
const LISTED_IN_HEADER: usize = 109;
/// Largest part for streams under 4 KiB. Each look at one of them may walk all of it.
const LARGEST_MINI_STREAM: u64 = 4 * 1024 * 1024;
/// Most folders that are listed in one place.
const MOST_FOLDERS: usize = 1_000;

/// Are these bytes a compound file? Word, Excel and installers of Windows have the same beginning.
pub fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Was everything read that was asked for?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// Yes.
    Whole,
    /// No: there was more than is read, or it is damaged.
    Part,
}

/// An open compound file.
pub struct Compound<'a> {
    file: CompoundFile<Cursor<&'a [u8]>>,
    left: u64,
    coverage: Coverage,
}

impl<'a> Compound<'a> {
    /// Opens it, or nothing where it is no compound file, is damaged or makes no sense.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        if !is_compound(bytes) || !lists_few_sectors(bytes) {
            return None;
        }
        let file = CompoundFile::open(Cursor::new(bytes)).ok()?;
        (file.root_entry().len() <= LARGEST_MINI_STREAM).then_some(Self {
            file,
            left: u64::try_from(bytes.len()).unwrap_or(0),
            coverage: Coverage::Whole,
        })
    }

    /// The bytes of a stream, at most so many; nothing where there is no such stream.
    pub fn read(&mut self, path: &Path, most: u64) -> Option<Vec<u8>> {
        let stream = self.file.open_stream(path).ok()?;
        let granted = stream.len().min(most).min(self.left);
        if granted < stream.len() {
            self.coverage = Coverage::Part;
        }
        let mut bytes = Vec::new();
        if stream.take(granted).read_to_end(&mut bytes).is_err() {
            self.coverage = Coverage::Part;
        }
        let taken = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(taken);
        Some(bytes)
    }

    /// The folders in a folder whose names begin so, in the order of their names.
    pub fn folders(&self, path: &Path, prefix: &str) -> Vec<PathBuf> {
        let Ok(entries) = self.file.read_storage(path) else {
            return Vec::new();
        };
        let mut found: Vec<PathBuf> = entries
            .filter(|entry| entry.is_storage() && entry.name().starts_with(prefix))
            .take(MOST_FOLDERS)
            .map(|entry| entry.path().to_path_buf())
            .collect();
        found.sort();
        found
    }

    /// Is there a folder of this name?
    pub fn has_folder(&self, path: &Path) -> bool {
        self.file.is_storage(path)
    }

    /// Is there a stream of this name?
    pub fn has_stream(&self, path: &Path) -> bool {
        self.file.is_stream(path)
    }

    /// Was everything read so far that was asked for?
    pub fn coverage(&self) -> Coverage {
        self.coverage
    }
}

/// Lists the file no more sectors of its table of sectors than one of its size needs? Each of them can be
/// listed any number of times, and all are held in memory ([MS-CFB], 2.5).
fn lists_few_sectors(bytes: &[u8]) -> bool {
    let number = |at: usize| {
        let four = bytes.get(at..at.checked_add(4)?)?;
        usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
    };
    // The exponent of the sector size at 30, the first sector that goes on listing at 68.
    let sector: usize = match bytes.get(30) {
        Some(9) => 512,
        Some(12) => 4_096,
        _ => return false,
    };
    let per_sector = sector / 4;
    let needed = bytes.len().div_ceil(sector).div_ceil(per_sector);
    let more = needed
        .saturating_sub(LISTED_IN_HEADER)
        .div_ceil(per_sector - 1);
    let mut next = number(68);
    for _ in 0..=more {
        match next {
            Some(at) if at < bytes.len() / sector => next = number((at + 2) * sector - 4),
            // Any number past the end is a mark of the end, or a mistake that is seen later.
            _ => return true,
        }
    }
    false
}

//! Back-ups: everything of one moment in one sealed file, from either database into either.
//!
//! # The file
//! A magic line with the version of the format, in the clear; a random name of the file; a mark that tells
//! which master key opens it; then chunks, each sealed and bound to its place, the last one marked
//! (`chunks`). Inside are records (`records`): a header, each table with its columns and rows, and at the end
//! how many rows each table has.
//!
//! # What is not in it
//! The master key; the session in chat, because a copied one breaks encryption; names of instances and steps
//! of the schema, which belong to a database and not to its content (`tables`).
//!
//! What is *not* here: where files and databases of a configuration are, and words for people beyond the
//! reason of a failure.

mod chunks;
mod dump;
mod fill;
mod new_file;
mod records;
mod restore;
mod tables;

use crate::adapters::store::open::OpenError;
use crate::adapters::store::vault::{KEY_BYTES, MasterKey};
use crate::app::ports::StoreError;
use crate::domain::system_words::in_words;
use jiff::Timestamp;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The key that back-ups are sealed with. It follows from the master key.
pub struct BackupKey(Zeroizing<[u8; KEY_BYTES]>);

impl BackupKey {
    /// The key under this master key.
    pub fn new(master: &MasterKey) -> Self {
        Self(master.derive("backup"))
    }
}

/// What a back-up holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The moment: whatever was committed before is in it.
    pub made_at: Timestamp,
    /// The version of the program that made it.
    pub program: String,
    /// How many tickets.
    pub tickets: u64,
    /// How many messages that came in.
    pub messages: u64,
}

/// Why there is no back-up, or why one isn't restored. Each is one sentence with its remedy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A back-up never overwrites.
    #[error("{} is there already and is never overwritten; name another file", .0.display())]
    Exists(PathBuf),
    /// A run that was cut off left its beginning.
    #[error("{} is what a back-up left that was cut off, or one is being made now; remove it, or wait", .0.display())]
    CutOff(PathBuf),
    /// The file can't be written or read.
    #[error("can't write or read {}: {}; check the path, its rights and the room on the disk", path.display(), in_words(*cause))]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: ErrorKind,
    },
    /// The database knows more than this program.
    #[error(
        "the database was brought up to date by a newer version of this program, which alone knows all of it; make the back-up with that version"
    )]
    DatabaseNewer,
    /// Something else.
    #[error("{} is not a back-up of this program; name a file that `eerstelijn backup` made", .0.display())]
    Foreign(PathBuf),
    /// A back-up of a later version.
    #[error("{} was made by a newer version of this program; restore it with that version", .0.display())]
    Newer(PathBuf),
    /// Sealed with another key.
    #[error("{} was sealed with another master key; let store.key_file name the one that was in use when it was made", .0.display())]
    WrongKey(PathBuf),
    /// Something is missing or was changed.
    #[error("{} was cut off or altered, so nothing was restored; use another copy", .0.display())]
    Damaged(PathBuf),
    /// There is something in the place.
    #[error(
        "there is something at {0} already; a back-up is restored only where nothing is: move it away, or name another database"
    )]
    Occupied(String),
    /// There is something in the database on the server.
    #[error(
        "there is something in {0} already; restore into an empty database: an administrator makes one with createdb --owner USER NAME"
    )]
    Filled(String),
    /// The place has tables already, of a later version than the back-up.
    #[error(
        "the database at {0} has the tables of a newer version than the back-up; make a new one and restore into that"
    )]
    OtherSteps(String),
    /// The database can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is wrong with a file, before it is known which file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// No back-up.
    Foreign,
    /// A later format.
    Newer,
    /// Another key.
    WrongKey,
    /// Cut off or altered.
    Damaged,
    /// The system said no.
    System(ErrorKind),
}

impl Fault {
    fn of(self, file: &Path) -> BackupError {
        let path = file.to_owned();
        match self {
            Self::Foreign => BackupError::Foreign(path),
            Self::Newer => BackupError::Newer(path),
            Self::WrongKey => BackupError::WrongKey(path),
            Self::Damaged => BackupError::Damaged(path),
            Self::System(cause) => BackupError::File { path, cause },
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            // What must follow isn't there.
            ErrorKind::UnexpectedEof => Self::Damaged,
            cause => Self::System(cause),
        }
    }
}

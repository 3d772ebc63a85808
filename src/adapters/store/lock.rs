//! One service per database: a lock on a file beside it, which the system releases by itself when the
//! process ends. Commands don't take it.
//!
//! The lock is not on the database file: closing that would drop the locks that SQLite holds on it.

use crate::adapters::store::open::{OpenError, file};
use crate::adapters::store::sqlite::make_folder_of;
use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// As long as this lives, no other service can start on the same database.
#[derive(Debug)]
pub struct ServiceLock {
    file: File,
    path: PathBuf,
    is_new: bool,
    /// The folder, where it was made for this lock.
    folder: Option<PathBuf>,
}

impl ServiceLock {
    /// Takes the lock on a database, or says that another service holds it. Doesn't wait. The
    /// database itself need not exist, its folder must.
    pub fn take(database: &Path) -> Result<Self, OpenError> {
        let path = lock_file(database);
        loop {
            let is_new = !path.exists();
            let taken = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .mode(0o600)
                .open(&path)
                .map_err(|error| file(&path, error.kind()))?;
            match taken.try_lock() {
                Ok(()) if !lies_at(&taken, &path) => {
                    // Somebody undid his lock between our opening and our locking.
                }
                Ok(()) => {
                    return Ok(Self {
                        file: taken,
                        path,
                        is_new,
                        folder: None,
                    });
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(OpenError::Busy(database.display().to_string()));
                }
                Err(TryLockError::Error(error)) => return Err(file(&path, error.kind())),
            }
        }
    }

    /// Takes the lock and makes the folder where it is missing.
    pub(super) fn take_in_folder(database: &Path) -> Result<Self, OpenError> {
        let folder = database.parent().filter(|folder| !folder.exists());
        make_folder_of(database)?;
        let mut lock = Self::take(database)?;
        lock.folder = folder.map(Path::to_owned);
        Ok(lock)
    }

    /// Gives the lock back and leaves no file where there was none, nor a folder that was made for it: for
    /// a command that did nothing.
    pub fn undo(self) {
        if self.is_new {
            // While it is held: whoever waits for nothing sees that its file is gone.
            let _ = std::fs::remove_file(&self.path);
        }
        if let Some(folder) = self.folder {
            // Only an empty one is removed.
            let _ = std::fs::remove_dir(folder);
        }
        drop(self.file);
    }

    /// Holds the lock until the process is gone: a thread that had to be cut off may still write.
    pub fn hold_until_exit(self) {
        std::mem::forget(self.file);
    }
}

/// Is this open file still the one at this path?
fn lies_at(open: &File, path: &Path) -> bool {
    match (open.metadata(), std::fs::metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// `eerstelijn.db.lock` beside `eerstelijn.db`, whatever links and relative names lead there.
fn lock_file(database: &Path) -> PathBuf {
    let folder = database
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    let named = database.file_name().unwrap_or_default();
    let real = database.canonicalize().unwrap_or_else(|_| {
        folder
            .canonicalize()
            .map_or_else(|_| database.to_owned(), |folder| folder.join(named))
    });
    let mut name = OsString::from(real.file_name().unwrap_or(named));
    name.push(".lock");
    real.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_service_is_refused_until_the_first_ends() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("eerstelijn.db");
        let first = ServiceLock::take(&database).unwrap();
        let refused = ServiceLock::take(&database).unwrap_err().to_string();
        assert!(refused.contains("another service is running"), "{refused}");
        drop(first);
        ServiceLock::take(&database).unwrap();
        assert!(ServiceLock::take(&dir.path().join("missing/a.db")).is_err());
    }

    #[test]
    fn a_lock_that_is_undone_leaves_nothing_that_was_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("data");
        let database = folder.join("eerstelijn.db");
        ServiceLock::take_in_folder(&database).unwrap().undo();
        assert!(!folder.exists());
        std::fs::create_dir(&folder).unwrap();
        ServiceLock::take_in_folder(&database).unwrap().undo();
        assert!(folder.exists() && !lock_file(&database).exists());
        drop(ServiceLock::take(&database).unwrap());
        ServiceLock::take(&database).unwrap().undo();
        assert!(lock_file(&database).exists(), "it was there before");
    }

    #[test]
    fn a_link_to_the_database_leads_to_the_same_lock() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("eerstelijn.db");
        std::fs::write(&database, b"").unwrap();
        let link = dir.path().join("link.db");
        std::os::unix::fs::symlink(&database, &link).unwrap();
        let roundabout = dir.path().join(".").join("eerstelijn.db");
        let _held = ServiceLock::take(&database).unwrap();
        for other in [link, roundabout] {
            assert!(ServiceLock::take(&other).is_err(), "{}", other.display());
        }
    }
}

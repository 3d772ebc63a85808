//! One service per database: a lock on a file beside it, which the system releases by itself when the
//! process ends. Commands don't take it.
//!
//! The lock is not on the database file: closing that would drop the locks that SQLite holds on it.

use crate::adapters::store::open::{OpenError, file};
use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// As long as this lives, no other service can start on the same database.
#[derive(Debug)]
pub struct ServiceLock {
    file: File,
}

impl ServiceLock {
    /// Takes the lock on a database, or says that another service holds it. Doesn't wait. The
    /// database itself need not exist, its folder must.
    pub fn take(database: &Path) -> Result<Self, OpenError> {
        let path = lock_file(database);
        let taken = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| file(&path, error.kind()))?;
        match taken.try_lock() {
            Ok(()) => Ok(Self { file: taken }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Busy(database.display().to_string())),
            Err(TryLockError::Error(error)) => Err(file(&path, error.kind())),
        }
    }

    /// Holds the lock until the process is gone: a thread that had to be cut off may still write.
    pub fn hold_until_exit(self) {
        std::mem::forget(self.file);
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

//! One service per data directory: a lock on a file there, which the system releases by itself when
//! the process ends. Commands that only read don't take it.

use crate::app::ports::StoreError;
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The lock file in the data directory. It is empty.
pub const LOCK_FILE: &str = "eerstelijn.lock";

/// As long as this lives, no other service can start on the same data directory.
#[derive(Debug)]
pub struct DataDirLock {
    _file: File,
}

impl DataDirLock {
    /// Takes the lock, or says that another service holds it. Doesn't wait.
    pub fn take(data_dir: &Path) -> Result<Self, StoreError> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(data_dir.join(LOCK_FILE))
            .map_err(|error| cannot_lock(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Unavailable(
                "another service is running on this data directory; stop it first".to_owned(),
            )),
            Err(TryLockError::Error(error)) => Err(cannot_lock(&error)),
        }
    }
}

fn cannot_lock(error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!(
        "{LOCK_FILE} in the data directory can't be locked: {}",
        error.kind()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_service_is_refused_until_the_first_ends() {
        let dir = tempfile::tempdir().unwrap();
        let first = DataDirLock::take(dir.path()).unwrap();
        let refused = DataDirLock::take(dir.path()).unwrap_err().to_string();
        assert!(refused.contains("another service is running"), "{refused}");
        drop(first);
        DataDirLock::take(dir.path()).unwrap();
        assert!(DataDirLock::take(&dir.path().join("missing")).is_err());
    }
}

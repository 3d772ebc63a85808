//! The folder of the adapter: the library's store, the sealed session, and the lock over both.
//!
//! One store is one device is one process: two programs on it would break the encryption for good, and the
//! library's own lock doesn't prevent that.

use crate::adapters::matrix::error::MatrixError;
use crate::adapters::matrix::seal;
use crate::adapters::matrix::settings::StoreKey;
use serde::{Deserialize, Serialize};
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const LOCK_FILE: &str = "matrix.lock";
const SESSION_FILE: &str = "session";
const STORE_FOLDER: &str = "store";

/// Who we are to the homeserver.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct SavedSession {
    /// The account.
    pub(super) user: String,
    /// The device.
    pub(super) device: String,
    /// What proves it.
    pub(super) token: String,
}

/// The folder, held by this process alone.
#[derive(Debug)]
pub(super) struct MatrixFolder {
    path: PathBuf,
    _lock: File,
}

impl MatrixFolder {
    /// Makes the folder where it isn't there, and takes it. Doesn't wait.
    pub(super) fn take(path: &Path) -> Result<Self, MatrixError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(unusable)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path.join(LOCK_FILE))
            .map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(MatrixError::InUse),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// Where the library keeps keys and state.
    pub(super) fn store(&self) -> PathBuf {
        self.path.join(STORE_FOLDER)
    }

    /// Removes what a login that came to nothing left behind.
    pub(super) fn discard_store(&self) -> Result<(), MatrixError> {
        match std::fs::remove_dir_all(self.store()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(error)),
            _ => Ok(()),
        }
    }

    /// Keeps the session: whole or not at all.
    pub(super) fn save(&self, session: &SavedSession, key: &StoreKey) -> Result<(), MatrixError> {
        let plain = serde_json::to_vec(session).map(Zeroizing::new);
        let plain = plain.map_err(|_| MatrixError::Library)?;
        let sealed = seal::seal(key, &plain).map_err(|_| MatrixError::Library)?;
        let (new, place) = (self.path.join("session.new"), self.path.join(SESSION_FILE));
        let written = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&new)
            .and_then(|mut file| file.write_all(&sealed).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&new, place))
            .and_then(|()| File::open(&self.path)?.sync_all());
        written.map_err(unusable)
    }
}

/// The session in a folder, also while another process holds it; nothing where there is none.
pub(super) fn saved_session(
    path: &Path,
    key: &StoreKey,
) -> Result<Option<SavedSession>, MatrixError> {
    let sealed = match std::fs::read(path.join(SESSION_FILE)) {
        Ok(sealed) => sealed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(error)),
    };
    let plain = seal::open(key, &sealed).map_err(|_| MatrixError::Sealed)?;
    serde_json::from_slice(&plain)
        .map(Some)
        .map_err(|_| MatrixError::Sealed)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn unusable(error: io::Error) -> MatrixError {
    MatrixError::Folder(error.kind())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_kept_sealed_and_the_folder_is_for_one() {
        let dir = tempfile::tempdir().unwrap();
        let (path, key) = (dir.path().join("matrix"), StoreKey::new([3; 32]));
        let folder = MatrixFolder::take(&path).unwrap();
        assert!(matches!(MatrixFolder::take(&path), Err(MatrixError::InUse)));
        assert!(saved_session(&path, &key).unwrap().is_none());
        let session = SavedSession {
            user: "@crt:crt.example".to_owned(),
            device: "DEVICE".to_owned(),
            token: "CANARY".to_owned(),
        };
        folder.save(&session, &key).unwrap();
        let raw = std::fs::read(path.join(SESSION_FILE)).unwrap();
        assert!(!String::from_utf8_lossy(&raw).contains("CANARY"));
        let again = saved_session(&path, &key).unwrap().unwrap();
        assert_eq!(again.token, "CANARY");
        assert!(matches!(
            saved_session(&path, &StoreKey::new([4; 32])),
            Err(MatrixError::Sealed)
        ));
        drop(folder);
        MatrixFolder::take(&path).unwrap();
    }
}

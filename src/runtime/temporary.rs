//! A folder for one run, gone at its end. Only `demo` keeps anything there.

use crate::app::ports::Ids;
use crate::runtime::clock::SystemIds;
use crate::runtime::wire::WireError;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A folder that only its owner can read, removed when dropped.
#[derive(Debug)]
pub struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// Makes one among the system's temporary files.
    pub fn create() -> Result<Self, WireError> {
        let name = crate::domain::ids::InstanceId::from_random(SystemIds.random());
        let path = std::env::temp_dir().join(format!("eerstelijn-{name}"));
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| WireError::System("make a temporary folder", error.kind()))?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What can't be removed now the system removes later.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

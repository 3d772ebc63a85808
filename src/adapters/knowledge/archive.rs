//! The knowledge of one version as one value: its name, and its bytes to keep for replay.

use crate::adapters::knowledge::files::Files;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The version of one text: sha256, in hexadecimal.
pub fn version_of(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

/// The version of all files together: sha256 over path and content in the order of the paths, each
/// with its length before it so that no two folders look alike.
pub fn version_of_all(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (path, text) in files {
        for part in [path, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    HEXLOWER.encode(&hash.finalize())
}

/// All files as a JSON map from path to text.
///
/// # Errors
/// Never for texts; serde says so with a result.
pub fn pack(files: &Files) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(files)
}

/// The files of an archive.
///
/// # Errors
/// Where the bytes are no archive.
pub fn unpack(bytes: &[u8]) -> serde_json::Result<Files> {
    serde_json::from_slice(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_gives_the_same_files_and_version_back() {
        let mut files = Files::new();
        files.insert("a.md".into(), "één".into());
        files.insert("b.md".into(), String::new());
        let again = unpack(&pack(&files).unwrap()).unwrap();
        assert_eq!(again, files);
        assert_eq!(version_of_all(&again), version_of_all(&files));
        files.insert("b.md".into(), "x".into());
        assert_ne!(version_of_all(&again), version_of_all(&files));
    }
}

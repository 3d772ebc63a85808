//! Secrets: read from a file or a systemd credential, wiped when dropped, never printed.

use crate::config::error::ConfigError;
use std::fmt;
use std::path::{Path, PathBuf};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Largest secret file that is read, in bytes.
const LARGEST_SECRET: usize = 64 * 1024;

/// A password or key.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself. Hand it on, don't keep it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(‹hidden›)")
    }
}

/// Reads a secret file; one line break at its end doesn't count. A relative name is looked for
/// among the systemd credentials first.
pub fn read_secret(
    key: &str,
    path: &Path,
    credentials: Option<&Path>,
) -> Result<Secret, ConfigError> {
    let file = locate(path, credentials);
    let unreadable = |cause| ConfigError::Unreadable {
        key: key.to_owned(),
        path: file.clone(),
        cause,
    };
    let text = std::fs::read_to_string(&file).map_err(|error| unreadable(error.kind()))?;
    if text.len() > LARGEST_SECRET {
        return Err(unreadable(std::io::ErrorKind::FileTooLarge));
    }
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(Secret::new(line.strip_suffix('\r').unwrap_or(line)))
}

fn locate(path: &Path, credentials: Option<&Path>) -> PathBuf {
    let credential = credentials
        .map(|dir| dir.join(path))
        .filter(|_| path.is_relative());
    credential
        .filter(|file| file.exists())
        .unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_one_line_and_never_printed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        std::fs::write(&path, "geheim \r\n").unwrap();
        let secret = read_secret("smtp.password_file", &path, None).unwrap();
        assert_eq!(secret.reveal(), "geheim ");
        assert!(!format!("{secret:?}").contains("geheim"));
    }

    #[test]
    fn a_credential_of_the_service_manager_comes_first() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("imap"), "een").unwrap();
        let secret = read_secret("k", Path::new("imap"), Some(dir.path())).unwrap();
        assert_eq!(secret.reveal(), "een");
        let missing = read_secret("k", Path::new("elders"), Some(dir.path())).unwrap_err();
        assert!(
            missing.to_string().starts_with("k: can't read elders"),
            "{missing}"
        );
    }
}

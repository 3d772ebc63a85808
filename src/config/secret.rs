//! Secrets: read from the environment, a systemd credential or a file, wiped when dropped, never
//! printed.

use crate::config::environment::{Environment, variable_of};
use crate::config::error::ConfigError;
use std::fmt;
use std::path::{Path, PathBuf};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Largest secret file that is read, in bytes.
const LARGEST_SECRET: u64 = 64 * 1024;

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

/// Where a secret came from, as a person would look for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A variable of the environment.
    Variable(String),
    /// A file.
    File(PathBuf),
}

impl Origin {
    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Variable(_) => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// Finds the secret of a key: in its variable ([`variable_of`]), else in the file that is named. A
/// relative name of a file is looked for among the systemd credentials first. One line break at its
/// end doesn't count. Nothing where neither is there.
pub fn find_secret(
    key: &str,
    file: Option<&Path>,
    environment: &Environment,
) -> Result<Option<(Secret, Origin)>, ConfigError> {
    let variable = variable_of(key);
    if let Some(secret) = environment.secrets.get(&variable) {
        let found = Secret::new(one_line(secret.reveal()));
        return Ok(Some((found, Origin::Variable(variable))));
    }
    let Some(file) = file else {
        return Ok(None);
    };
    let file = locate(file, environment.credentials.as_deref());
    let secret = read(key, &file)?;
    Ok(Some((secret, Origin::File(file))))
}

fn read(key: &str, file: &Path) -> Result<Secret, ConfigError> {
    let unreadable = |cause| ConfigError::Unreadable {
        key: key.to_owned(),
        path: file.to_owned(),
        cause,
    };
    let size = std::fs::metadata(file).map_err(|error| unreadable(error.kind()))?;
    if size.len() > LARGEST_SECRET {
        return Err(unreadable(std::io::ErrorKind::FileTooLarge));
    }
    let text = std::fs::read_to_string(file).map_err(|error| unreadable(error.kind()))?;
    let text = Zeroizing::new(text);
    Ok(Secret::new(one_line(&text)))
}

fn one_line(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.strip_suffix('\r').unwrap_or(line)
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

    fn found(key: &str, file: Option<&Path>, environment: &Environment) -> (String, Origin) {
        let (secret, origin) = find_secret(key, file, environment).unwrap().unwrap();
        (secret.reveal().to_owned(), origin)
    }

    #[test]
    fn a_secret_is_one_line_and_never_printed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        std::fs::write(&path, "geheim \r\n").unwrap();
        let environment = Environment::default();
        let (secret, _) = found("smtp.password_file", Some(&path), &environment);
        assert_eq!(secret, "geheim ");
        assert!(!format!("{:?}", Secret::new("geheim")).contains("geheim"));
    }

    #[test]
    fn a_credential_of_the_service_manager_comes_before_a_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("imap"), "een").unwrap();
        let environment = Environment {
            credentials: Some(dir.path().to_owned()),
            ..Environment::default()
        };
        let (secret, _) = found("k", Some(Path::new("imap")), &environment);
        assert_eq!(secret, "een");
        let missing = find_secret("k", Some(Path::new("elders")), &environment).unwrap_err();
        assert!(
            missing.to_string().starts_with("k: can't read elders"),
            "{missing}"
        );
    }

    #[test]
    fn a_variable_comes_first_and_needs_no_file() {
        let name = "EERSTELIJN_MAILBOX_0_PASSWORD".to_owned();
        let environment = Environment {
            secrets: [(name.clone(), Secret::new("uit de omgeving\n"))].into(),
            ..Environment::default()
        };
        for file in [None, Some(Path::new("elders"))] {
            assert_eq!(
                found("mailbox[0].password_file", file, &environment),
                ("uit de omgeving".to_owned(), Origin::Variable(name.clone()))
            );
        }
        let other = find_secret("smtp.password_file", None, &environment).unwrap();
        assert!(other.is_none());
    }
}

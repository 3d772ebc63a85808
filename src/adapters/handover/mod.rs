//! One encrypted file for a hand-over: a tar of named texts inside the age format, so that the receiver needs
//! nothing of ours (`age -d FILE | tar x`).
//!
//! What is in it is not decided here. The file is written beside its place under a name of its own and gets its
//! name only when it is whole; a file that is there is never overwritten.

use crate::domain::system_words::in_words;
use age::secrecy::SecretString;
use age::{Encryptor, x25519};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The file in it that lists the others with their hashes, as `sha256sum -c` reads it.
const MANIFEST: &str = "MANIFEST.sha256";

/// A file that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum HandoverError {
    /// There is such a file.
    #[error("{0} exists already and is never overwritten; name another file")]
    Exists(PathBuf),
    /// It is no name of a file.
    #[error("{0} is no name of a file; name one in a folder that is there")]
    NoName(PathBuf),
    /// The system refused.
    #[error("can't write {}: {}; make room, or name a file in another folder", .0.display(), in_words(*.1))]
    Write(PathBuf, ErrorKind),
    /// The library of the format refused.
    #[error("the file can't be encrypted: {0}; check the recipients")]
    Encrypt(String),
}

/// Somebody who can open the file with a key of his own.
#[derive(Clone)]
pub struct Recipient(x25519::Recipient);

impl Recipient {
    /// Reads a public key, as `age-keygen` shows it: `age1...`.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

/// What opens the file.
pub enum Lock {
    /// A passphrase.
    Passphrase(Zeroizing<String>),
    /// The keys of these; never empty.
    Recipients(Vec<Recipient>),
}

impl Lock {
    fn encryptor(&self) -> Result<Encryptor, HandoverError> {
        match self {
            Self::Passphrase(phrase) => {
                let secret = SecretString::from(phrase.as_str().to_owned());
                Ok(Encryptor::with_user_passphrase(secret))
            }
            Self::Recipients(recipients) => {
                let keys = recipients.iter().map(|it| &it.0 as &dyn age::Recipient);
                Encryptor::with_recipients(keys)
                    .map_err(|error| HandoverError::Encrypt(error.to_string()))
            }
        }
    }
}

/// A file that is being made. Dropped before its end it leaves nothing behind.
pub struct Handover {
    target: PathBuf,
    temporary: PathBuf,
    file: File,
}

impl Handover {
    /// Begins a file that only its owner can read. `token` is a word that no other file has in its name.
    ///
    /// # Errors
    /// Where it exists already, or nothing can be written there.
    pub fn begin(target: &Path, token: &str) -> Result<Self, HandoverError> {
        if target.symlink_metadata().is_ok() {
            return Err(HandoverError::Exists(target.to_owned()));
        }
        let name = target.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| HandoverError::NoName(target.to_owned()))?;
        let temporary = target.with_file_name(format!(".{name}.{token}.part"));
        let opened = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary);
        let file = opened.map_err(|error| HandoverError::Write(target.to_owned(), error.kind()))?;
        Ok(Self {
            target: target.to_owned(),
            temporary,
            file,
        })
    }

    /// Encrypts these texts and a list of their hashes into it, and gives it its name.
    ///
    /// # Errors
    /// Where it can't be written or encrypted, or another file has its name by now.
    pub fn seal(
        self,
        lock: &Lock,
        files: &[(&str, &[u8])],
        at: Timestamp,
    ) -> Result<(), HandoverError> {
        let encryptor = lock.encryptor()?;
        self.write(encryptor, files, at)
            .and_then(|()| self.publish())
            .map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => HandoverError::Exists(self.target.clone()),
                kind => HandoverError::Write(self.target.clone(), kind),
            })
    }

    fn write(
        &self,
        encryptor: Encryptor,
        files: &[(&str, &[u8])],
        at: Timestamp,
    ) -> io::Result<()> {
        let sealed = encryptor.wrap_output(BufWriter::new(&self.file))?;
        let mut tar = tar::Builder::new(sealed);
        for (name, bytes) in files {
            append(&mut tar, name, bytes, at)?;
        }
        append(&mut tar, MANIFEST, manifest(files).as_bytes(), at)?;
        let mut written = tar.into_inner()?.finish()?;
        written.flush()?;
        self.file.sync_all()
    }

    /// Gives the file its name. That the name is durable too, the folder is asked for: who has the passphrase
    /// must find the file after a power cut.
    fn publish(&self) -> io::Result<()> {
        self.name()?;
        let folder = self
            .target
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
    }

    /// A link never takes the place of a file that is there, as renaming would. Some file systems know none.
    fn name(&self) -> io::Result<()> {
        match std::fs::hard_link(&self.temporary, &self.target) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                if self.target.symlink_metadata().is_ok() {
                    return Err(ErrorKind::AlreadyExists.into());
                }
                std::fs::rename(&self.temporary, &self.target)
            }
            linked => linked,
        }
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        // It is gone already where it was renamed.
        let _ = std::fs::remove_file(&self.temporary);
    }
}

fn append(
    tar: &mut tar::Builder<impl Write>,
    name: &str,
    bytes: &[u8],
    at: Timestamp,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(at.as_second()).unwrap_or_default());
    tar.append_data(&mut header, name, bytes)
}

fn manifest(files: &[(&str, &[u8])]) -> String {
    let mut text = String::new();
    for (name, bytes) in files {
        let hash = HEXLOWER.encode(&Sha256::digest(bytes));
        // Writing to a text never fails.
        let _ = writeln!(text, "{hash}  {name}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    const FILES: [(&str, &[u8]); 2] = [("ticket.json", b"{}"), ("messages/1-in.eml", b"\xff\r\n")];

    fn keys() -> (x25519::Identity, Lock) {
        let identity = x25519::Identity::generate();
        let recipient = Recipient::parse(&identity.to_public().to_string()).unwrap();
        (identity, Lock::Recipients(vec![recipient]))
    }

    #[test]
    fn what_is_sealed_is_opened_by_its_key_and_holds_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("dossier.age");
        let (identity, lock) = keys();
        let handover = Handover::begin(&target, "t").unwrap();
        handover.seal(&lock, &FILES, Timestamp::UNIX_EPOCH).unwrap();
        let plain = age::decrypt(&identity, &std::fs::read(&target).unwrap()).unwrap();
        let mut archive = tar::Archive::new(plain.as_slice());
        let mut found = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().display().to_string();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            found.push((name, bytes));
        }
        let (name, list) = found.pop().unwrap();
        assert_eq!(name, MANIFEST);
        let list = String::from_utf8(list).unwrap();
        assert!(list.starts_with(
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a  ticket.json\n"
        ));
        let expected = FILES.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        assert_eq!(found, expected);
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing else is left behind");
    }

    #[test]
    fn a_file_that_is_there_is_never_overwritten_and_one_that_fails_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("dossier.age");
        let (_, lock) = keys();
        let late = Handover::begin(&target, "t").unwrap();
        std::fs::write(&target, "theirs").unwrap();
        let sealed = late.seal(&lock, &FILES, Timestamp::UNIX_EPOCH);
        assert!(matches!(sealed, Err(HandoverError::Exists(_))));
        assert!(matches!(
            Handover::begin(&target, "t"),
            Err(HandoverError::Exists(_))
        ));
        assert_eq!(std::fs::read(&target).unwrap(), b"theirs");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        let nowhere = dir.path().join("none/x.age");
        assert!(matches!(
            Handover::begin(&nowhere, "t"),
            Err(HandoverError::Write(..))
        ));
    }

    #[test]
    fn only_a_public_key_is_a_recipient() {
        let identity = x25519::Identity::generate();
        let public = identity.to_public().to_string();
        assert!(Recipient::parse(&public).is_some());
        let cut = public.strip_suffix(|_: char| true).unwrap();
        for wrong in [
            "",
            "age1",
            "els@crt.example",
            cut,
            &public.replace("age1", "age2"),
        ] {
            assert!(Recipient::parse(wrong).is_none(), "{wrong}");
        }
    }
}

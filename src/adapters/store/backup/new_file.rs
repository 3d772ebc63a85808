//! A file that is there whole or not at all: written beside its place, for the owner alone, and put there
//! only when the disk has it. Never takes the place of another one. What stands in it is not known here.

use crate::adapters::store::backup::{BackupError, Fault};
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file that is being written. Dropped before its end it is removed.
pub(super) struct NewFile {
    to: BufWriter<File>,
    place: PathBuf,
    part: PathBuf,
}

impl NewFile {
    /// Begins it.
    pub(super) fn begin(place: &Path) -> Result<Self, BackupError> {
        if place.symlink_metadata().is_ok() {
            return Err(BackupError::Exists(place.to_owned()));
        }
        let part = beside(place, ".part");
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part);
        let file = made.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => BackupError::CutOff(part.clone()),
            cause => Fault::System(cause).of(place),
        })?;
        Ok(Self {
            to: BufWriter::new(file),
            place: place.to_owned(),
            part,
        })
    }

    /// Puts it in its place. Returns how many bytes it has.
    pub(super) fn end(mut self) -> Result<u64, BackupError> {
        let place = self.place.clone();
        let written = self.put_in_place();
        written.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => BackupError::Exists(place),
            cause => Fault::System(cause).of(&place),
        })
    }

    fn put_in_place(&mut self) -> io::Result<u64> {
        self.to.flush()?;
        let file = self.to.get_ref();
        file.sync_all()?;
        let length = file.metadata()?.len();
        // A second name, unlike a new name, never takes the place of what came there meanwhile.
        match std::fs::hard_link(&self.part, &self.place) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            // A file system without second names.
            Err(_) if self.place.symlink_metadata().is_ok() => {
                return Err(ErrorKind::AlreadyExists.into());
            }
            Err(_) => std::fs::rename(&self.part, &self.place)?,
        }
        // Before the folder is on the disk, so that the first name is gone with it.
        self.remove_part();
        flush_folder_of(&self.place)?;
        Ok(length)
    }

    fn remove_part(&self) {
        // Gone already where it was given a new name.
        let _ = std::fs::remove_file(&self.part);
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        self.remove_part();
    }
}

/// The path with something added to its name.
pub(super) fn beside(place: &Path, ending: &str) -> PathBuf {
    let mut name = place
        .file_name()
        .map_or_else(OsString::new, ToOwned::to_owned);
    name.push(ending);
    place.with_file_name(name)
}

/// Makes names in the folder durable.
pub(super) fn flush_folder_of(place: &Path) -> io::Result<()> {
    let folder = place
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn names(dir: &Path) -> Vec<OsString> {
        let entries = std::fs::read_dir(dir).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn it_is_there_whole_or_not_at_all_and_takes_no_place() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("a");
        let mut given_up = NewFile::begin(&place).unwrap();
        given_up.write_all(b"half").unwrap();
        let second = NewFile::begin(&place).err().unwrap();
        assert!(matches!(second, BackupError::CutOff(_)), "{second}");
        drop(given_up);
        assert_eq!(names(dir.path()), [""; 0]);
        let mut whole = NewFile::begin(&place).unwrap();
        whole.write_all(b"whole").unwrap();
        assert_eq!(whole.end().unwrap(), 5);
        assert_eq!(names(dir.path()), ["a"]);
        assert_eq!(
            place.metadata().unwrap().permissions().mode() & 0o777,
            0o600
        );
        let again = NewFile::begin(&place).err().unwrap();
        assert!(matches!(again, BackupError::Exists(_)), "{again}");
        // Somebody else puts one there meanwhile.
        let place = dir.path().join("b");
        let slower = NewFile::begin(&place).unwrap();
        std::fs::write(&place, b"other").unwrap();
        assert!(matches!(slower.end(), Err(BackupError::Exists(_))));
        assert_eq!(std::fs::read(&place).unwrap(), b"other");
        assert_eq!(names(dir.path()).len(), 2);
    }
}

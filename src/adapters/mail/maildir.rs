//! Mail that a server delivered into a Maildir on this machine.
//!
//! A file is the message and its name is its place: the name without flags never changes, so it is
//! the key. Renaming is the mark, made only after the message is stored.

use crate::adapters::mail::maildir_memory::Memory;
use crate::adapters::mail::source::{Backoff, Start, Tether, Woken};
use crate::app::ports::arrival::{Extent, Intake, Position, StoreError};
use crate::domain::ids::MailboxName;
use crate::domain::system_words::in_words;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How often the folder is looked at.
const EVERY: Duration = Duration::from_secs(1);
/// How much is read of a message that is too large.
const BEGINNING: u64 = 256 * 1024;

/// Which Maildir is read, and how.
#[derive(Debug, Clone)]
pub struct MaildirSettings {
    /// The name of the mailbox.
    pub name: MailboxName,
    /// The folder that holds `new`, `cur` and `tmp`.
    pub path: PathBuf,
    /// Where settled mail goes: the name of a Maildir++ folder, made when it is first needed.
    pub processed_folder: Option<String>,
    /// Where a Maildir that was never read starts.
    pub start: Start,
    /// Largest message that is stored whole, in bytes.
    pub max_message: u64,
}

/// Why a Maildir can't be used.
#[derive(Debug, thiserror::Error)]
pub enum MaildirError {
    /// It isn't there, or isn't a Maildir.
    #[error("there is no Maildir here: new and cur are missing or can't be read ({})", in_words(*.0))]
    Missing(io::ErrorKind),
    /// Marks can't be made.
    #[error("the Maildir can't be written to ({})", in_words(*.0))]
    ReadOnly(io::ErrorKind),
    /// The name of the folder for processed mail would leave the Maildir.
    #[error("processed_folder must be a plain name")]
    BadFolderName,
}

/// Reads a Maildir.
#[derive(Debug)]
pub struct MaildirSource {
    settings: MaildirSettings,
}

/// One file that may be a message.
pub(crate) struct Found {
    key: String,
    path: PathBuf,
    in_new: bool,
    modified: Timestamp,
    size: u64,
}

impl MaildirSource {
    /// A source for this Maildir; nothing is read yet.
    pub fn new(settings: MaildirSettings) -> Self {
        Self { settings }
    }

    /// Can it be read, and can marks be made?
    pub fn test_connection(&self) -> Result<(), MaildirError> {
        let path = &self.settings.path;
        for folder in ["new", "cur"] {
            fs::read_dir(path.join(folder)).map_err(|e| MaildirError::Missing(e.kind()))?;
        }
        if self.settings.processed_folder.is_some() && self.processed().is_none() {
            return Err(MaildirError::BadFolderName);
        }
        let probe = path.join("cur").join(".eerstelijn-check");
        fs::write(&probe, b"")
            .and_then(|()| fs::remove_file(&probe))
            .map_err(|e| MaildirError::ReadOnly(e.kind()))
    }

    /// Reads until the program stops. Blocks: it wants a thread of its own.
    pub fn run(&self, intake: &Arc<dyn Intake>, tether: &Tether) {
        let mut memory = Memory::default();
        let mut backoff = Backoff::default();
        loop {
            tether.attend();
            if tether.turn().is_none() {
                // Whoever had the turn meanwhile moved things.
                memory = Memory::default();
                match tether.wait(EVERY) {
                    Woken::ToWork => continue,
                    Woken::ToStop => return,
                }
            }
            let woken = match self.look(intake.as_ref(), tether, &mut memory) {
                Ok(()) => {
                    backoff.reset();
                    tether.wait(EVERY)
                }
                Err(error) => {
                    // What was not finished must be found again.
                    memory.changed = [None; 2];
                    let pause = backoff.next_pause();
                    tracing::warn!(
                        mailbox = %self.settings.name, attempt = backoff.failures(),
                        ms = pause.as_millis(), outcome = %error, "A Maildir could not be read"
                    );
                    tether.rest(pause)
                }
            };
            if woken == Woken::ToStop {
                return;
            }
        }
    }

    /// One look without a loop around it, for whoever decides himself when to look. Blocks.
    pub fn look_once(&self, intake: &Arc<dyn Intake>, tether: &Tether) -> Result<(), LookError> {
        self.look(intake.as_ref(), tether, &mut Memory::default())
    }

    /// One look: takes in what is new and moves what is settled.
    fn look(
        &self,
        intake: &dyn Intake,
        tether: &Tether,
        memory: &mut Memory,
    ) -> Result<(), LookError> {
        let name = &self.settings.name;
        let mut progress = tether.call(intake.progress(name))?;
        if progress.is_none() {
            tether.call(intake.start_mailbox(name, 0, 0))?;
            progress = tether.call(intake.progress(name))?;
        }
        let from = match self.settings.start {
            Start::All => Timestamp::MIN,
            // File systems keep coarser times than clocks do.
            Start::New => progress.map_or(Timestamp::MIN, |p| whole_second(p.started_at)),
        };
        if memory.is_unchanged(&self.settings.path) {
            return self.move_or_leave(intake, tether, memory);
        }
        let found = self.list()?;
        memory.forget_gone(&found);
        for file in found.values().filter(|file| file.modified >= from) {
            if tether.is_stopping() {
                return Ok(());
            }
            if file.in_new || !memory.known.contains(&file.key) {
                self.take_in(intake, tether, memory, file)?;
            }
        }
        self.move_or_leave(intake, tether, memory)
    }

    /// Moves what is settled, less and less often while that fails: reading must not wait for it.
    fn move_or_leave(
        &self,
        intake: &dyn Intake,
        tether: &Tether,
        memory: &mut Memory,
    ) -> Result<(), LookError> {
        if memory.moving.is_left_out() {
            return Ok(());
        }
        match self.move_settled(intake, tether) {
            Ok(()) => memory.moving.worked(),
            Err(LookError::Files(error)) => {
                let attempt = memory.moving.failed();
                tracing::warn!(
                    mailbox = %self.settings.name, attempt, outcome = in_words(error.kind()),
                    "Settled messages could not be moved"
                );
            }
            Err(error @ LookError::Store(_)) => return Err(error),
        }
        Ok(())
    }

    fn take_in(
        &self,
        intake: &dyn Intake,
        tether: &Tether,
        memory: &mut Memory,
        file: &Found,
    ) -> Result<(), StoreError> {
        if memory.is_skipped(&file.key) {
            return Ok(());
        }
        let (raw, extent) = match self.read(file) {
            Ok(read) => read,
            Err(error) => {
                memory.skip(&file.key);
                tracing::warn!(
                    mailbox = %self.settings.name, size = file.size, outcome = in_words(error.kind()),
                    "A message could not be read and is left out for now"
                );
                return Ok(());
            }
        };
        let position = Position::Maildir {
            name: file.key.clone(),
        };
        let name = &self.settings.name;
        match tether.call(intake.admit(name, position, raw, extent, file.modified)) {
            Ok(_) => {}
            Err(error @ StoreError::Unavailable(_)) => return Err(error),
            Err(error) => {
                memory.skip(&file.key);
                tracing::error!(mailbox = %name, outcome = %error, "A message could not be stored");
                return Ok(());
            }
        }
        memory.known.insert(file.key.clone());
        memory.skipping.remove(&file.key);
        if file.in_new {
            // Where this fails, the next look finds the file again and storing it changes nothing.
            let seen = self
                .settings
                .path
                .join("cur")
                .join(format!("{}:2,S", file.key));
            if let Err(error) = fs::rename(&file.path, seen) {
                memory.skip(&file.key);
                tracing::warn!(mailbox = %name, outcome = in_words(error.kind()), "A message could not be marked");
            }
        }
        Ok(())
    }

    fn read(&self, file: &Found) -> io::Result<(Vec<u8>, Extent)> {
        let whole = file.size <= self.settings.max_message;
        let most = if whole {
            self.settings.max_message
        } else {
            BEGINNING
        };
        let mut raw = Vec::new();
        fs::File::open(&file.path)?
            .take(most)
            .read_to_end(&mut raw)?;
        Ok((
            raw,
            if whole {
                Extent::Whole
            } else {
                Extent::Beginning
            },
        ))
    }

    /// All messages, in the order of their keys: those begin with the time of delivery.
    fn list(&self) -> io::Result<BTreeMap<String, Found>> {
        let mut found = BTreeMap::new();
        for (folder, in_new) in [("cur", false), ("new", true)] {
            for entry in fs::read_dir(self.settings.path.join(folder))? {
                // Gone between listing and looking, or no file: neither is an error.
                let Ok(entry) = entry else { continue };
                let name = entry.file_name().to_string_lossy().into_owned();
                let Ok(metadata) = entry.metadata() else {
                    continue;
                };
                if name.starts_with('.') || !metadata.is_file() {
                    continue;
                }
                let key = key_of(&name).to_owned();
                let modified = metadata
                    .modified()
                    .ok()
                    .and_then(|m| Timestamp::try_from(m).ok());
                let file = Found {
                    key: key.clone(),
                    path: entry.path(),
                    in_new,
                    modified: modified.unwrap_or(Timestamp::UNIX_EPOCH),
                    size: metadata.len(),
                };
                found.insert(key, file);
            }
        }
        Ok(found)
    }

    fn move_settled(&self, intake: &dyn Intake, tether: &Tether) -> Result<(), LookError> {
        let Some(folder) = self.processed() else {
            return Ok(());
        };
        let settled = tether.call(intake.settled(&self.settings.name))?;
        if settled.is_empty() {
            return Ok(());
        }
        for part in ["tmp", "new", "cur"] {
            fs::create_dir_all(folder.join(part))?;
        }
        // Mail readers know a folder below a Maildir by this file.
        fs::write(folder.join("maildirfolder"), b"")?;
        let mut found = self.list()?;
        let mut count = 0_u32;
        let mut failed = None;
        for (id, position) in settled {
            if let Some(file) = found.remove(&position.key()) {
                let name = file.path.file_name().unwrap_or_default();
                match fs::rename(&file.path, folder.join("cur").join(name)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        failed = Some(error);
                        continue;
                    }
                    _ => count += 1,
                }
            }
            tether.call(intake.moved(&id))?;
        }
        tracing::debug!(mailbox = %self.settings.name, count, "Settled messages were moved");
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Does mail lie in the folder for processed mail that came after this moment? A folder that can't be
    /// read may hold some.
    pub fn has_processed_since(&self, moment: Timestamp) -> bool {
        let Some(folder) = self.processed() else {
            return false;
        };
        let mut files = match fs::read_dir(folder.join("cur")) {
            Ok(files) => files,
            Err(error) => return error.kind() != io::ErrorKind::NotFound,
        };
        files.any(|file| {
            // Moving changes no time: it is when the mail was delivered.
            let modified = file.and_then(|file| file.metadata()?.modified());
            let modified = modified.ok().map(Timestamp::try_from);
            modified.is_none_or(|time| time.is_ok_and(|time| time >= whole_second(moment)))
        })
    }

    fn processed(&self) -> Option<PathBuf> {
        let name = self.settings.processed_folder.as_deref()?;
        let name = name.trim_start_matches('.');
        let plain = !name.is_empty() && !name.contains(['/', '\\', '\0']) && !name.contains("..");
        plain.then(|| self.settings.path.join(format!(".{name}")))
    }
}

/// A look that ended early.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The store didn't take a message, or couldn't say how far the mailbox was read.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// The folder can't be read or written.
    #[error("files: {}", in_words(.0.kind()))]
    Files(#[from] io::Error),
}

/// The unique part of a file name, without its flags.
fn key_of(name: &str) -> &str {
    name.split_once(':').map_or(name, |(key, _)| key)
}

fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

#[cfg(test)]
#[path = "maildir_tests.rs"]
mod tests;

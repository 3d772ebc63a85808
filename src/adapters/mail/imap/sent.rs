//! The folder for sent mail: what people answered from the mailbox itself is read before the mailbox, so that the
//! bot does not answer beside them.
//!
//! Nothing is changed in that folder. Trouble with it never keeps the mailbox from being read.

use crate::adapters::mail::imap::connection::ImapSession;
use crate::adapters::mail::imap::error::{ImapError, not_opened};
use crate::adapters::mail::imap::fetching::{Part, fetch, look_at};
use crate::adapters::mail::imap::folder_name;
use crate::adapters::mail::imap::memory::Memory;
use crate::adapters::mail::imap::progress::begin;
use crate::adapters::mail::imap::settings::{ImapSettings, SentFolder};
use crate::adapters::mail::source::{Start, Tether};
use crate::app::ports::arrival::{Extent, Intake, Position, Progress, ReadingTurn};
use jiff::Timestamp;

/// Sent mails that are taken in before the mailbox has its turn.
const MOST_AT_ONCE: usize = 100;
/// How far a folder is read back where the mailbox is read from its beginning. Reports that were answered
/// longer ago are too old for an automatic answer anyway.
const LOOKED_BACK: u32 = 500;

/// What is read along with a mailbox, and with what.
pub(super) struct SentReader<'a> {
    pub(super) imap: &'a mut ImapSession,
    pub(super) settings: &'a ImapSettings,
    pub(super) sent: &'a SentFolder,
    pub(super) intake: &'a dyn Intake,
    pub(super) tether: &'a Tether,
    pub(super) memory: &'a mut Memory,
}

/// Is the mailbox still the chosen folder?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    /// Yes.
    Mailbox,
    /// No: it must be chosen again.
    Other,
}

impl SentReader<'_> {
    /// Takes in what is new. Errors are those that end the connection.
    pub(super) fn read_new(&mut self) -> Result<Chosen, ImapError> {
        if self.memory.sent.is_left_out() {
            return Ok(Chosen::Mailbox);
        }
        match self.take_in_new() {
            Ok(chosen) => {
                self.memory.sent.worked();
                Ok(chosen)
            }
            Err(error @ ImapError::Store(_)) => Err(error),
            Err(error) => {
                let attempt = self.memory.sent.failed();
                tracing::warn!(
                    mailbox = %self.sent.name, attempt, outcome = %error,
                    "The folder for sent mail can't be read: answers from the mailbox itself go unnoticed"
                );
                // Said by the server about this folder, the connection is as it was; else the next one passes
                // this folder over for a while and reads the mailbox.
                match error {
                    ImapError::Refused | ImapError::NoSuchFolder => Ok(Chosen::Other),
                    _ => Err(error),
                }
            }
        }
    }

    fn take_in_new(&mut self) -> Result<Chosen, ImapError> {
        let folder = folder_name::encode(&self.sent.folder);
        let status = self
            .imap
            .status(&folder, "(UIDNEXT UIDVALIDITY)")
            .map_err(|error| not_opened(error, &self.sent.folder))?;
        let (Some(uid_validity), Some(next)) = (status.uid_validity, status.uid_next) else {
            return Err(ImapError::Refused);
        };
        let last = next.saturating_sub(1);
        let progress = self.progress(uid_validity, last)?;
        if progress.last_uid >= last {
            return Ok(Chosen::Mailbox);
        }
        self.imap
            .examine(&folder)
            .map_err(|error| not_opened(error, &self.sent.folder))?;
        let behind = progress.last_uid.saturating_add(1);
        let found = self.imap.uid_search(format!("UID {behind}:*"))?;
        let mut uids: Vec<u32> = found.into_iter().filter(|uid| *uid >= behind).collect();
        uids.sort_unstable();
        for uid in uids.into_iter().take(MOST_AT_ONCE) {
            if self.tether.is_stopping() {
                break;
            }
            let message = (uid_validity, uid);
            if !self.memory.may_try_sent(message) {
                tracing::error!(
                    mailbox = %self.sent.name,
                    "A sent mail can't be fetched and is passed over: what it answers may be answered again"
                );
                continue;
            }
            let taken = self.take_in(uid_validity, uid, progress.started_at);
            if matches!(taken, Ok(()) | Err(ImapError::Store(_))) {
                self.memory.sent_is_no_trouble(message);
            }
            taken?;
        }
        Ok(Chosen::Other)
    }

    /// How far it was read. A folder that was never read, or that has other numbers now, is read from here on.
    fn progress(&mut self, uid_validity: u32, last: u32) -> Result<Progress, ImapError> {
        let name = &self.sent.name;
        let Some(known) = self.tether.call(self.intake.progress(name))? else {
            let from = match self.settings.start {
                Start::New => last,
                Start::All => last.saturating_sub(LOOKED_BACK),
            };
            return begin(name, self.intake, self.tether, uid_validity, from);
        };
        if known.uid_validity == uid_validity {
            return Ok(known);
        }
        let epoch = self.tether.turn().ok_or(ImapError::Refused)?;
        let of = &self.settings.name;
        let turn = ReadingTurn { of, epoch };
        tracing::warn!(mailbox = %name, "The server renumbered the folder for sent mail: going on from here");
        let noted = self.intake.renumber_mailbox(name, uid_validity, last, turn);
        self.tether.call(noted)?;
        Ok(Progress {
            uid_validity,
            last_uid: last,
            ..known
        })
    }

    fn take_in(
        &mut self,
        uid_validity: u32,
        uid: u32,
        started_at: Timestamp,
    ) -> Result<(), ImapError> {
        let Some(look) = look_at(self.imap, uid)? else {
            return Ok(());
        };
        let (part, extent) = if look.size > self.settings.max_message {
            (Part::Beginning, Extent::Beginning)
        } else {
            (Part::Whole, Extent::Whole)
        };
        let raw = fetch(self.imap, uid, part)?;
        let position = Position::Imap { uid_validity, uid };
        let received_at = look.received_at.unwrap_or(started_at);
        let admit = self
            .intake
            .admit(&self.sent.name, position, raw, extent, received_at);
        self.tether.call(admit)?;
        Ok(())
    }
}

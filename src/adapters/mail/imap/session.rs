//! One connection, from choosing the folder until something fails.
//!
//! The order is the promise: a message is stored first, and only then marked as read or moved.

use crate::adapters::mail::imap::connection::{ImapSession, LoggedIn};
use crate::adapters::mail::imap::error::{ImapError, not_opened};
use crate::adapters::mail::imap::fetching::{Part, fetch, highest_uid, look_at, mark_as_read};
use crate::adapters::mail::imap::folder_name;
use crate::adapters::mail::imap::memory::{Memory, Waiting, Wanted};
use crate::adapters::mail::imap::moving::{Abilities, move_uids, uids_of};
use crate::adapters::mail::imap::progress::begin;
use crate::adapters::mail::imap::sent::{Chosen, SentReader};
use crate::adapters::mail::imap::settings::ImapSettings;
use crate::adapters::mail::imap::stream::{ANSWER_WITHIN, Patience};
use crate::adapters::mail::source::{Start, Tether, Woken};
use crate::app::ports::arrival::{Extent, Intake, Position, ReadingTurn};
use crate::domain::ids::InboxId;
use imap::types::UnsolicitedResponse;
use jiff::Timestamp;
use std::time::Duration;

/// How long IDLE is held before it is renewed.
const IDLE_QUIET: Duration = Duration::from_mins(4);
/// How long IDLE is held while there may be settled mail to move.
const IDLE_BUSY: Duration = Duration::from_secs(20);
/// How often a server without IDLE is asked.
const POLL_EVERY: Duration = Duration::from_secs(30);
/// Rounds after the last new mail that count as busy: about ten minutes.
const BUSY_ROUNDS: u32 = 30;
/// How long a server may take to begin an IDLE. The library waits for the wrong thing when news
/// comes first; this ends that wait, and the new session finds the news.
const IDLE_BEGINS_WITHIN: Duration = Duration::from_secs(5);
/// Messages that are moved with one command.
const MOVE_AT_ONCE: usize = 100;

/// A folder that is open.
pub struct Session<'a> {
    imap: ImapSession,
    patience: Patience,
    settings: &'a ImapSettings,
    intake: &'a dyn Intake,
    tether: &'a Tether,
    memory: &'a mut Memory,
    abilities: Abilities,
    uid_validity: u32,
    last_uid: u32,
    numbering: Numbering,
    started_at: Timestamp,
    quiet_rounds: u32,
    /// Messages in the folder as far as the server said; nothing where that isn't known.
    exists: Option<u32>,
    /// The last batch that was moved, to notice when it comes again.
    last_batch: Vec<InboxId>,
}

/// Are the UIDs those that were stored?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbering {
    /// Yes.
    Known,
    /// No: UIDVALIDITY changed, and the whole folder is read again. The store knows the messages by
    /// what is in them.
    New,
}

/// Is there anything more to do at once?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    Yes,
    No,
}

impl<'a> Session<'a> {
    /// Opens the folder and finds out where to go on.
    pub fn open(
        logged_in: LoggedIn,
        settings: &'a ImapSettings,
        intake: &'a dyn Intake,
        tether: &'a Tether,
        memory: &'a mut Memory,
    ) -> Result<Self, ImapError> {
        let LoggedIn {
            session: mut imap,
            patience,
        } = logged_in;
        let abilities = Abilities::of(&mut imap)?;
        let folder = imap
            .select(folder_name::encode(&settings.folder))
            .map_err(|error| not_opened(error, &settings.folder))?;
        let uid_validity = folder.uid_validity.unwrap_or(1);
        let progress = match tether.call(intake.progress(&settings.name))? {
            Some(known) => known,
            None => {
                let last_uid = match (settings.start, folder.uid_next) {
                    (Start::All, _) => 0,
                    (Start::New, Some(next)) => next.saturating_sub(1),
                    (Start::New, None) => highest_uid(&mut imap)?,
                };
                begin(&settings.name, intake, tether, uid_validity, last_uid)?
            }
        };
        let renumbered = progress.uid_validity != uid_validity;
        if renumbered {
            tracing::warn!(mailbox = %settings.name, "The server renumbered the folder: reading all of it again");
        }
        Ok(Self {
            imap,
            patience,
            settings,
            intake,
            tether,
            memory,
            abilities,
            uid_validity,
            last_uid: if renumbered { 0 } else { progress.last_uid },
            numbering: if renumbered {
                Numbering::New
            } else {
                Numbering::Known
            },
            started_at: progress.started_at,
            quiet_rounds: 0,
            exists: Some(folder.exists),
            last_batch: Vec::new(),
        })
    }

    /// Reads, moves and waits until the program stops or the connection fails. `on_round` is told
    /// after every round that went well.
    pub fn serve(&mut self, mut on_round: impl FnMut()) -> Result<(), ImapError> {
        loop {
            self.tether.attend();
            let news = self.read_new()?;
            // Reading is what counts: trouble with moving must not slow it down.
            if self.memory.waits_well() {
                on_round();
            }
            let moved = self.move_or_leave()?;
            if self.tether.is_stopping() || self.tether.turn().is_none() {
                return Ok(());
            }
            // The library throws away what the server announces while it moves, and what is announced
            // before an IDLE is not announced again: after moving the folder is searched once more.
            let more = news == News::Yes || moved == News::Yes;
            if !more && self.wait_for_news()? == Woken::ToStop {
                return Ok(());
            }
        }
    }

    /// Takes in everything behind the last UID. Says whether the server announced more meanwhile.
    fn read_new(&mut self) -> Result<News, ImapError> {
        self.read_sent()?;
        self.hear_announcements();
        let behind = self.last_uid.saturating_add(1);
        // `n:*` always names the last message, also when that is below n.
        let found = self.imap.uid_search(format!("UID {behind}:*"))?;
        let mut uids: Vec<u32> = found.into_iter().filter(|uid| *uid >= behind).collect();
        uids.sort_unstable();
        self.quiet_rounds = if uids.is_empty() {
            self.quiet_rounds.saturating_add(1)
        } else {
            0
        };
        for uid in uids {
            if self.tether.is_stopping() {
                return Ok(News::No);
            }
            self.take_in(uid)?;
            self.last_uid = uid;
        }
        if self.numbering == Numbering::New {
            // Only now: until the whole folder was read again, a restart must do it again.
            let Some(epoch) = self.tether.turn() else {
                return Ok(News::No);
            };
            let (name, intake) = (&self.settings.name, self.intake);
            let turn = ReadingTurn { of: name, epoch };
            let noted = intake.renumber_mailbox(name, self.uid_validity, self.last_uid, turn);
            self.tether.call(noted)?;
            self.numbering = Numbering::Known;
        }
        Ok(self.hear_announcements())
    }

    /// What people answered from the mailbox itself comes first: the bot must not answer beside them.
    fn read_sent(&mut self) -> Result<(), ImapError> {
        let Some(sent) = &self.settings.sent else {
            return Ok(());
        };
        let mut reader = SentReader {
            imap: &mut self.imap,
            settings: self.settings,
            sent,
            intake: self.intake,
            tether: self.tether,
            memory: self.memory,
        };
        if reader.read_new()? == Chosen::Other {
            let folder = self
                .imap
                .select(folder_name::encode(&self.settings.folder))
                .map_err(|error| not_opened(error, &self.settings.folder))?;
            if folder.uid_validity.unwrap_or(1) != self.uid_validity {
                // A new session finds out what that means.
                return Err(ImapError::Protocol);
            }
            self.exists = Some(folder.exists);
        }
        Ok(())
    }

    /// Hears what the server said beside its answers. News is a number of messages that it had not said
    /// before: some servers repeat themselves with every answer.
    fn hear_announcements(&mut self) -> News {
        let mut news = News::No;
        for said in self.imap.take_all_unsolicited() {
            match said {
                UnsolicitedResponse::Exists(count) => {
                    if self.exists != Some(count) {
                        news = News::Yes;
                    }
                    self.exists = Some(count);
                }
                UnsolicitedResponse::Expunge(_) => {
                    self.exists = self.exists.map(|count| count.saturating_sub(1));
                }
                _ => {}
            }
        }
        news
    }

    /// Stores one message and marks it as read. What fails is tried again in the next session, and after
    /// some tries it is stored without its content.
    fn take_in(&mut self, uid: u32) -> Result<(), ImapError> {
        let message = (self.uid_validity, uid);
        let wanted = self.memory.begin_try(message);
        let outcome = self.fetch_and_store(uid, wanted);
        let attempt = self.memory.end_try(message, &outcome);
        if let Err(error) = &outcome {
            tracing::warn!(
                mailbox = %self.settings.name, attempt, outcome = %error,
                "A message could not be fetched"
            );
        } else if wanted != Wanted::Content {
            tracing::error!(
                mailbox = %self.settings.name,
                "A message can't be fetched and was stored without its content: a person must read it in the mailbox"
            );
        }
        outcome
    }

    fn fetch_and_store(&mut self, uid: u32, wanted: Wanted) -> Result<(), ImapError> {
        let mut received_at = self.started_at;
        let mut part = Part::Header;
        // A message that can't even be looked at is stored all the same in the end.
        if wanted != Wanted::Nothing {
            let Some(look) = look_at(&mut self.imap, uid)? else {
                return Ok(());
            };
            received_at = look.received_at.unwrap_or(self.started_at);
            if wanted == Wanted::Content {
                part = if look.size > self.settings.max_message {
                    Part::Beginning
                } else {
                    Part::Whole
                };
            }
        }
        let old = self.numbering == Numbering::New
            && self.settings.start == Start::New
            && received_at.as_second() < self.started_at.as_second();
        if old {
            return Ok(());
        }
        let raw = match wanted {
            Wanted::Nothing => Vec::new(),
            Wanted::Content | Wanted::Header => fetch(&mut self.imap, uid, part)?,
        };
        let extent = if part == Part::Whole {
            Extent::Whole
        } else {
            Extent::Beginning
        };
        let position = Position::Imap {
            uid_validity: self.uid_validity,
            uid,
        };
        let admit = self
            .intake
            .admit(&self.settings.name, position, raw, extent, received_at);
        self.tether.call(admit)?;
        if wanted == Wanted::Content {
            mark_as_read(&mut self.imap, uid)?;
        }
        Ok(())
    }

    /// Waits until the server announces something, the source is kicked, or it is time to look.
    fn wait_for_news(&mut self) -> Result<Woken, ImapError> {
        if !self.abilities.idle || self.memory.waiting() == Waiting::Poll {
            let woken = self.tether.wait(POLL_EVERY);
            self.imap.noop()?;
            return Ok(woken);
        }
        let outcome = self.idle();
        if !self.tether.is_stopping() {
            let attempt = self.memory.count_idle(&outcome);
            if attempt > 0 {
                tracing::warn!(mailbox = %self.settings.name, attempt, "Waiting for new mail failed");
            }
        }
        outcome?;
        let stops = self.tether.is_stopping();
        Ok(if stops { Woken::ToStop } else { Woken::ToWork })
    }

    fn idle(&mut self) -> Result<(), ImapError> {
        let busy = self.settings.processed_folder.is_some() && self.quiet_rounds < BUSY_ROUNDS;
        let hold = if busy { IDLE_BUSY } else { IDLE_QUIET };
        let exists = &mut self.exists;
        self.patience.set(IDLE_BEGINS_WITHIN);
        let waited = self
            .imap
            .idle()
            .timeout(hold)
            .keepalive(false)
            .wait_while(|news| {
                use UnsolicitedResponse::{Bye, Exists, Expunge, Recent};
                match &news {
                    Exists(count) => *exists = Some(*count),
                    Expunge(_) => *exists = exists.map(|count| count.saturating_sub(1)),
                    _ => {}
                }
                !matches!(news, Exists(_) | Recent(_) | Bye { .. })
            });
        self.patience.set(ANSWER_WITHIN);
        waited?;
        Ok(())
    }

    /// Moves what is settled, less and less often while that fails. Says whether anything was moved.
    fn move_or_leave(&mut self) -> Result<News, ImapError> {
        if self.memory.moving.is_left_out() {
            return Ok(News::No);
        }
        match self.move_settled() {
            Ok(moved) => {
                self.memory.moving.worked();
                Ok(moved)
            }
            Err(error) => {
                let attempt = self.memory.moving.failed();
                tracing::warn!(
                    mailbox = %self.settings.name, attempt, outcome = %error,
                    "Settled messages could not be moved"
                );
                // A plain refusal leaves the connection as it was.
                if matches!(error, ImapError::Refused) {
                    Ok(News::No)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// Moves the originals of settled messages out of the way, as many as are named at once. The next round
    /// reads first and then moves the next ones.
    fn move_settled(&mut self) -> Result<News, ImapError> {
        let Some(folder) = self.settings.processed_folder.as_deref() else {
            return Ok(News::No);
        };
        let settled = self.tether.call(self.intake.settled(&self.settings.name))?;
        let ids: Vec<InboxId> = settled.iter().map(|(id, _)| id.clone()).collect();
        if ids.is_empty() || ids == self.last_batch {
            return Ok(News::No);
        }
        let folder = folder_name::encode(folder);
        for batch in settled.chunks(MOVE_AT_ONCE) {
            let uids = uids_of(batch, self.uid_validity);
            if !uids.is_empty() {
                move_uids(&mut self.imap, &self.abilities, &uids, &folder)?;
            }
            for (id, _) in batch {
                self.tether.call(self.intake.moved(id))?;
            }
            tracing::debug!(mailbox = %self.settings.name, count = batch.len(), "Settled messages were moved");
        }
        self.exists = None;
        self.last_batch = ids;
        Ok(News::Yes)
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;

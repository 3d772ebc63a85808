//! One connection, from choosing the folder until something fails.
//!
//! The order is the promise: a message is stored first, and only then marked as read or moved.

use crate::adapters::mail::imap::connection::{ImapSession, LoggedIn};
use crate::adapters::mail::imap::error::{ImapError, not_opened};
use crate::adapters::mail::imap::folder_name;
use crate::adapters::mail::imap::moving::{Abilities, move_uids, uids_of};
use crate::adapters::mail::imap::settings::ImapSettings;
use crate::adapters::mail::imap::stream::{ANSWER_WITHIN, Patience};
use crate::adapters::mail::source::{Start, Tether, Woken};
use crate::app::ports::arrival::{Extent, Intake, Position, Progress, StoreError};
use imap::types::UnsolicitedResponse;
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// How much is read of a message that is too large.
const BEGINNING: u32 = 256 * 1024;
/// How often a message is tried before the next one is read.
const MOST_TRIES: u32 = 3;
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

/// Failures that are remembered of messages which could not be fetched.
const MOST_TRIES_KEPT: usize = 10_000;
/// Most rounds without moving, after moving failed again and again.
const LONGEST_UNMOVED: u32 = 64;

/// What outlives a session.
#[derive(Debug, Default)]
pub struct Memory {
    /// How often a message could not be fetched, by UIDVALIDITY and UID.
    tries: HashMap<(u32, u32), u32>,
    /// How often in a row moving failed, and how many rounds it is left out now.
    move_failures: u32,
    unmoved_rounds: u32,
}

impl Memory {
    fn count_move_failure(&mut self) {
        self.move_failures = self.move_failures.saturating_add(1);
        self.unmoved_rounds = (1 << self.move_failures.min(6)).min(LONGEST_UNMOVED);
    }
}

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

/// Is there anything more to read at once?
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
            None => begin(settings, intake, tether, uid_validity, folder.uid_next)?,
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
        })
    }

    /// Reads, moves and waits until the program stops or the connection fails. `on_round` is told
    /// after every round that went well.
    pub fn serve(&mut self, mut on_round: impl FnMut()) -> Result<(), ImapError> {
        loop {
            self.tether.attend();
            let news = self.read_new()?;
            // Reading is what counts: trouble with moving must not slow it down.
            on_round();
            self.move_or_leave()?;
            if self.tether.is_stopping() {
                return Ok(());
            }
            if news == News::No && self.wait_for_news()? == Woken::ToStop {
                return Ok(());
            }
        }
    }

    /// Takes in everything behind the last UID. Says whether the server announced more meanwhile.
    fn read_new(&mut self) -> Result<News, ImapError> {
        drop(self.imap.take_all_unsolicited());
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
            let start =
                self.intake
                    .start_mailbox(&self.settings.name, self.uid_validity, self.last_uid);
            self.tether.call(start)?;
            self.numbering = Numbering::Known;
        }
        let announced = |news| matches!(news, UnsolicitedResponse::Exists(_));
        let more = self.imap.take_all_unsolicited().any(announced);
        Ok(if more && self.quiet_rounds == 0 {
            News::Yes
        } else {
            News::No
        })
    }

    /// Stores one message and marks it as read. What fails is tried again in the next session, and
    /// after some tries the next message is read.
    fn take_in(&mut self, uid: u32) -> Result<(), ImapError> {
        if self.memory.tries.len() > MOST_TRIES_KEPT {
            self.memory.tries.clear();
        }
        let tries = self
            .memory
            .tries
            .entry((self.uid_validity, uid))
            .or_insert(0);
        if *tries >= MOST_TRIES {
            return Ok(());
        }
        *tries += 1;
        let attempt = *tries;
        let outcome = self.fetch_and_store(uid);
        let is_ours = !matches!(outcome, Err(ImapError::Store(StoreError::Unavailable(_))));
        match outcome {
            Ok(()) => {
                self.memory.tries.remove(&(self.uid_validity, uid));
                Ok(())
            }
            Err(error) if is_ours => {
                let name = &self.settings.name;
                if attempt >= MOST_TRIES {
                    tracing::error!(
                        mailbox = %name, attempt, outcome = %error,
                        "A message can't be fetched and is left in the mailbox: a person must read it there"
                    );
                } else {
                    tracing::warn!(mailbox = %name, attempt, outcome = %error, "A message could not be fetched");
                }
                Err(error)
            }
            Err(error) => {
                self.memory.tries.remove(&(self.uid_validity, uid));
                Err(error)
            }
        }
    }

    fn fetch_and_store(&mut self, uid: u32) -> Result<(), ImapError> {
        let Some((size, received_at)) = self.look_at(uid)? else {
            return Ok(());
        };
        let old = self.numbering == Numbering::New
            && self.settings.start == Start::New
            && received_at.as_second() < self.started_at.as_second();
        if old {
            return Ok(());
        }
        let extent = if size > self.settings.max_message {
            Extent::Beginning
        } else {
            Extent::Whole
        };
        let query = if extent == Extent::Whole {
            "(UID BODY.PEEK[])".to_owned()
        } else {
            format!("(UID BODY.PEEK[]<0.{BEGINNING}>)")
        };
        let fetched = self.imap.uid_fetch(uid.to_string(), query)?;
        let ours = fetched
            .iter()
            .find(|one| one.uid == Some(uid) && one.body().is_some());
        let raw = ours
            .and_then(imap::types::Fetch::body)
            .ok_or(ImapError::Protocol)?
            .to_vec();
        drop(fetched);
        let position = Position::Imap {
            uid_validity: self.uid_validity,
            uid,
        };
        let admit = self
            .intake
            .admit(&self.settings.name, position, raw, extent, received_at);
        self.tether.call(admit)?;
        match self
            .imap
            .uid_store(uid.to_string(), "+FLAGS.SILENT (\\Seen)")
        {
            // A mailbox that may only be read: everything else still works.
            Ok(_) | Err(imap::Error::No(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Size and time of arrival; nothing where the message is gone.
    fn look_at(&mut self, uid: u32) -> Result<Option<(u32, Timestamp)>, ImapError> {
        let fetched = self
            .imap
            .uid_fetch(uid.to_string(), "(UID RFC822.SIZE INTERNALDATE)")?;
        let ours = fetched
            .iter()
            .find(|one| one.uid == Some(uid) && one.size.is_some());
        Ok(ours.map(|one| {
            let time = one.internal_date().map(|date| date.timestamp());
            let time = time.and_then(|seconds| Timestamp::from_second(seconds).ok());
            (
                one.size.unwrap_or_default(),
                time.unwrap_or(self.started_at),
            )
        }))
    }

    /// Waits until the server announces something, the source is kicked, or it is time to look.
    fn wait_for_news(&mut self) -> Result<Woken, ImapError> {
        if !self.abilities.idle {
            let woken = self.tether.wait(POLL_EVERY);
            self.imap.noop()?;
            return Ok(woken);
        }
        let busy = self.settings.processed_folder.is_some() && self.quiet_rounds < BUSY_ROUNDS;
        let hold = if busy { IDLE_BUSY } else { IDLE_QUIET };
        self.patience.set(IDLE_BEGINS_WITHIN);
        let waited = self
            .imap
            .idle()
            .timeout(hold)
            .keepalive(false)
            .wait_while(|news| {
                use UnsolicitedResponse::{Bye, Exists, Recent};
                !matches!(news, Exists(_) | Recent(_) | Bye { .. })
            });
        self.patience.set(ANSWER_WITHIN);
        waited?;
        let stops = self.tether.is_stopping();
        Ok(if stops { Woken::ToStop } else { Woken::ToWork })
    }

    /// Moves what is settled, less and less often while that fails.
    fn move_or_leave(&mut self) -> Result<(), ImapError> {
        if self.memory.unmoved_rounds > 0 {
            self.memory.unmoved_rounds -= 1;
            return Ok(());
        }
        let outcome = self.move_settled();
        match outcome {
            Ok(()) => self.memory.move_failures = 0,
            Err(ref error) => {
                self.memory.count_move_failure();
                tracing::warn!(
                    mailbox = %self.settings.name, attempt = self.memory.move_failures,
                    outcome = %error, "Settled messages could not be moved"
                );
            }
        }
        // A plain refusal leaves the connection as it was.
        if matches!(outcome, Err(ImapError::Refused)) {
            Ok(())
        } else {
            outcome
        }
    }

    /// Moves the originals of settled messages out of the way.
    fn move_settled(&mut self) -> Result<(), ImapError> {
        let Some(folder) = self.settings.processed_folder.as_deref() else {
            return Ok(());
        };
        let settled = self.tether.call(self.intake.settled(&self.settings.name))?;
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
        Ok(())
    }
}

/// Notes where reading a new mailbox starts.
fn begin(
    settings: &ImapSettings,
    intake: &dyn Intake,
    tether: &Tether,
    uid_validity: u32,
    uid_next: Option<u32>,
) -> Result<Progress, ImapError> {
    let last_uid = first_uid(settings.start, uid_next);
    tether.call(intake.start_mailbox(&settings.name, uid_validity, last_uid))?;
    let noted = tether.call(intake.progress(&settings.name))?;
    Ok(noted.unwrap_or(Progress {
        uid_validity,
        last_uid,
        started_at: Timestamp::UNIX_EPOCH,
    }))
}

/// The UID before the first that is read.
fn first_uid(start: Start, uid_next: Option<u32>) -> u32 {
    match (start, uid_next) {
        (Start::New, Some(next)) => next.saturating_sub(1),
        (Start::New | Start::All, _) => 0,
    }
}

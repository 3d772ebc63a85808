//! What outlives a session: which messages could not be fetched, and what fails so often that it is tried
//! less.

use crate::adapters::mail::imap::error::ImapError;
use crate::adapters::mail::source::LessOften;
use std::collections::HashMap;

/// How often a message that the server won't give, or gives in a way that can't be understood, is tried
/// whole.
const MOST_FAULTS: u32 = 5;
/// How often the connection may be lost over one message. The pauses between the tries double, so this is
/// the better part of an hour.
const MOST_DROPS: u32 = 14;
/// Messages that are remembered.
const MOST_KEPT: usize = 10_000;
/// Most rounds without moving, after moving failed again and again.
const LONGEST_UNMOVED: u32 = 64;
/// How often a sent message is tried.
const MOST_SENT_TRIES: u32 = 5;
/// Failures of IDLE after which the server is asked instead.
const MOST_IDLE_FAILURES: u32 = 3;
/// Rounds of asking before IDLE is tried again: about ten minutes.
const POLLED_ROUNDS: u32 = 20;

/// What is asked of the server for one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All of it, or the beginning where it is too large.
    Content,
    /// Its header, because the content can't be had.
    Header,
    /// Nothing any more: it is taken in without content, so that a human looks for it.
    Nothing,
}

/// How to wait for news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// IDLE (RFC 2177).
    Idle,
    /// Asking now and then.
    Poll,
}

#[derive(Debug, Default, Clone, Copy)]
struct Tries {
    /// Failures that this message is to blame for.
    faults: u32,
    /// Lost connections while it was fetched.
    drops: u32,
}

/// What outlives a session.
#[derive(Debug)]
pub struct Memory {
    tries: HashMap<(u32, u32), Tries>,
    /// Moving, while it fails.
    pub moving: LessOften,
    /// Reading the folder for sent mail, while it fails.
    pub sent: LessOften,
    /// Sent messages that are being read, and how often that was begun.
    sent_tries: HashMap<(u32, u32), u32>,
    idle_failures: u32,
    polled_rounds: u32,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            tries: HashMap::new(),
            moving: LessOften::at_most(LONGEST_UNMOVED),
            sent: LessOften::at_most(LONGEST_UNMOVED),
            sent_tries: HashMap::new(),
            idle_failures: 0,
            polled_rounds: 0,
        }
    }
}

impl Memory {
    /// Begins a try of a message, by UIDVALIDITY and UID. A fault is counted until the try ended in another
    /// way: the library may panic in between.
    pub fn begin_try(&mut self, message: (u32, u32)) -> Wanted {
        if self.tries.len() >= MOST_KEPT && !self.tries.contains_key(&message) {
            self.tries.clear();
        }
        let tries = self.tries.entry(message).or_default();
        let beyond = tries.faults.saturating_sub(MOST_FAULTS)
            + tries.drops.saturating_sub(MOST_DROPS)
            + u32::from(tries.faults >= MOST_FAULTS || tries.drops >= MOST_DROPS);
        tries.faults = tries.faults.saturating_add(1);
        match beyond {
            0 => Wanted::Content,
            1 => Wanted::Header,
            _ => Wanted::Nothing,
        }
    }

    /// Ends a try. Says how often it failed because of the message itself.
    pub fn end_try(&mut self, message: (u32, u32), outcome: &Result<(), ImapError>) -> u32 {
        let Some(tries) = self.tries.get_mut(&message) else {
            return 0;
        };
        match outcome {
            Ok(()) => {
                self.tries.remove(&message);
                0
            }
            Err(ImapError::Protocol | ImapError::Refused | ImapError::Library) => tries.faults,
            Err(ImapError::Store(_)) => {
                tries.faults = tries.faults.saturating_sub(1);
                tries.faults
            }
            Err(_) => {
                tries.faults = tries.faults.saturating_sub(1);
                tries.drops = tries.drops.saturating_add(1);
                tries.faults
            }
        }
    }

    /// Begins to read a sent message, by UIDVALIDITY and UID. No, where that ended badly too often: then it
    /// is passed over, because the mailbox matters more.
    pub fn may_try_sent(&mut self, message: (u32, u32)) -> bool {
        if self.sent_tries.len() >= MOST_KEPT && !self.sent_tries.contains_key(&message) {
            self.sent_tries.clear();
        }
        let tries = self.sent_tries.entry(message).or_default();
        *tries = tries.saturating_add(1);
        *tries <= MOST_SENT_TRIES
    }

    /// The sent message is stored, or it is not to blame that it isn't.
    pub fn sent_is_no_trouble(&mut self, message: (u32, u32)) {
        self.sent_tries.remove(&message);
    }

    /// How to wait on a server that knows IDLE.
    pub fn waiting(&mut self) -> Waiting {
        if self.idle_failures < MOST_IDLE_FAILURES {
            return Waiting::Idle;
        }
        self.polled_rounds = self.polled_rounds.saturating_add(1);
        if self.polled_rounds > POLLED_ROUNDS {
            // One more failure, and it is asked again for as long.
            self.idle_failures = MOST_IDLE_FAILURES - 1;
            self.polled_rounds = 0;
            return Waiting::Idle;
        }
        Waiting::Poll
    }

    /// Notes how an IDLE ended. How often in a row it failed.
    pub fn count_idle(&mut self, outcome: &Result<(), ImapError>) -> u32 {
        self.idle_failures = match outcome {
            Ok(()) => 0,
            Err(_) => self.idle_failures.saturating_add(1),
        };
        self.idle_failures
    }

    /// Does the server wait as it should? Only then may the pauses between connections start over.
    pub fn waits_well(&self) -> bool {
        self.idle_failures == 0 || self.idle_failures >= MOST_IDLE_FAILURES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    const MESSAGE: (u32, u32) = (1, 7);

    #[test]
    fn a_lost_connection_is_not_the_fault_of_the_message() {
        let mut memory = Memory::default();
        for _ in 0..MOST_DROPS {
            assert_eq!(memory.begin_try(MESSAGE), Wanted::Content);
            let lost = Err(ImapError::Unreachable(ErrorKind::ConnectionAborted));
            assert_eq!(memory.end_try(MESSAGE, &lost), 0);
        }
        assert_eq!(memory.begin_try(MESSAGE), Wanted::Header);
    }

    #[test]
    fn a_message_that_cannot_be_had_is_asked_for_less_and_less() {
        let mut memory = Memory::default();
        let mut asked = Vec::new();
        for _ in 0..8 {
            asked.push(memory.begin_try(MESSAGE));
            memory.end_try(MESSAGE, &Err(ImapError::Refused));
        }
        assert_eq!(
            asked[4..7],
            [Wanted::Content, Wanted::Header, Wanted::Nothing]
        );
        memory.begin_try(MESSAGE);
        memory.end_try(MESSAGE, &Ok(()));
        assert_eq!(memory.begin_try(MESSAGE), Wanted::Content);
    }

    #[test]
    fn sent_messages_that_cannot_be_had_are_passed_over_each_for_itself() {
        let mut memory = Memory::default();
        for _ in 0..MOST_SENT_TRIES {
            assert!(memory.may_try_sent((1, 10)) && memory.may_try_sent((1, 11)));
        }
        assert!(!memory.may_try_sent((1, 10)) && !memory.may_try_sent((1, 11)));
        memory.sent_is_no_trouble((1, 11));
        assert!(memory.may_try_sent((1, 11)));
    }

    #[test]
    fn a_server_that_fails_at_idle_is_asked_instead_for_a_while() {
        let mut memory = Memory::default();
        for _ in 0..MOST_IDLE_FAILURES {
            assert_eq!(memory.waiting(), Waiting::Idle);
            memory.count_idle(&Err(ImapError::Unreachable(ErrorKind::TimedOut)));
        }
        assert!(memory.waits_well());
        for _ in 0..POLLED_ROUNDS {
            assert_eq!(memory.waiting(), Waiting::Poll);
        }
        assert_eq!(memory.waiting(), Waiting::Idle);
        assert!(!memory.waits_well());
        memory.count_idle(&Ok(()));
        assert!(memory.waits_well());
    }
}

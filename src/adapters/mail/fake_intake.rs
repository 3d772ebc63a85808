//! An application that only remembers, for the tests of the sources.

use crate::app::ports::arrival::{
    Admission, Extent, Intake, Position, Progress, ReadingTurn, StoreError,
};
use crate::domain::ids::{InboxId, MailboxName};
use async_trait::async_trait;
use jiff::Timestamp;
use std::sync::Mutex;

/// What it remembers.
#[derive(Default)]
pub(crate) struct Remembered {
    pub(crate) progress: Option<Progress>,
    pub(crate) admitted: Vec<(Position, Vec<u8>, Extent, Timestamp)>,
    pub(crate) settled: Vec<(InboxId, Position)>,
    /// How many settled messages are named in one answer.
    pub(crate) settled_at_once: Option<usize>,
    pub(crate) fails: bool,
}

/// The application.
#[derive(Default)]
pub(crate) struct FakeIntake(pub(crate) Mutex<Remembered>);

#[async_trait]
impl Intake for FakeIntake {
    async fn progress(&self, _: &MailboxName) -> Result<Option<Progress>, StoreError> {
        Ok(self.0.lock().unwrap().progress)
    }

    async fn start_mailbox(
        &self,
        _: &MailboxName,
        uid_validity: u32,
        last_uid: u32,
    ) -> Result<(), StoreError> {
        let started_at = "2026-11-23T20:40:00Z".parse().unwrap();
        self.0.lock().unwrap().progress = Some(Progress {
            uid_validity,
            last_uid,
            started_at,
        });
        Ok(())
    }

    async fn renumber_mailbox(
        &self,
        _: &MailboxName,
        uid_validity: u32,
        last_uid: u32,
        _: ReadingTurn<'_>,
    ) -> Result<(), StoreError> {
        if let Some(progress) = &mut self.0.lock().unwrap().progress {
            progress.uid_validity = uid_validity;
            progress.last_uid = last_uid;
        }
        Ok(())
    }

    async fn admit(
        &self,
        _: &MailboxName,
        position: Position,
        raw: Vec<u8>,
        extent: Extent,
        received_at: Timestamp,
    ) -> Result<Admission, StoreError> {
        let mut remembered = self.0.lock().unwrap();
        if remembered.fails {
            return Err(StoreError::Unavailable("away".to_owned()));
        }
        if remembered
            .admitted
            .iter()
            .any(|(known, ..)| *known == position)
        {
            return Ok(Admission::AlreadyKnown);
        }
        if let (Position::Imap { uid_validity, uid }, Some(progress)) =
            (&position, &mut remembered.progress)
            && progress.uid_validity == *uid_validity
        {
            progress.last_uid = progress.last_uid.max(*uid);
        }
        let id = InboxId::from_stored(position.key());
        remembered.settled.push((id, position.clone()));
        remembered
            .admitted
            .push((position, raw, extent, received_at));
        Ok(Admission::Stored)
    }

    async fn settled(&self, _: &MailboxName) -> Result<Vec<(InboxId, Position)>, StoreError> {
        let remembered = self.0.lock().unwrap();
        let most = remembered.settled_at_once.unwrap_or(usize::MAX);
        Ok(remembered.settled.iter().take(most).cloned().collect())
    }

    async fn moved(&self, id: &InboxId) -> Result<(), StoreError> {
        self.0
            .lock()
            .unwrap()
            .settled
            .retain(|(other, _)| other != id);
        Ok(())
    }
}

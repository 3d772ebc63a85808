//! An IMAP mailbox as a source that never gives up.

use crate::adapters::mail::imap::connection::log_in;
use crate::adapters::mail::imap::error::{ImapError, not_opened};
use crate::adapters::mail::imap::folder_name;
use crate::adapters::mail::imap::memory::Memory;
use crate::adapters::mail::imap::session::Session;
use crate::adapters::mail::imap::settings::ImapSettings;
use crate::adapters::mail::login::Credential;
use crate::adapters::mail::source::{Backoff, Tether, Woken};
use crate::app::ports::arrival::Intake;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// How long it waits for its turn; it is kicked when that comes.
const UNTIL_OUR_TURN: Duration = Duration::from_secs(10);

/// Reads one IMAP mailbox.
#[derive(Debug)]
pub struct ImapSource {
    settings: ImapSettings,
}

impl ImapSource {
    /// A source for this mailbox; no connection is made yet.
    pub fn new(settings: ImapSettings) -> Self {
        Self { settings }
    }

    /// What is said at one login.
    pub async fn credential(&self) -> Result<Credential, ImapError> {
        Ok(self.settings.login.credential().await?)
    }

    /// Connects, logs in, opens the folder, and changes nothing.
    pub fn test_connection(&self, credential: &Credential) -> Result<(), ImapError> {
        let mut session = log_in(&self.settings, credential, None)?.session;
        let sent = self.settings.sent.as_ref().map(|sent| &sent.folder);
        let outcome = [&self.settings.folder]
            .into_iter()
            .chain(sent)
            .try_for_each(|folder| {
                let opened = session.examine(folder_name::encode(folder));
                opened
                    .map(|_| ())
                    .map_err(|error| not_opened(error, folder))
            });
        // A server that hangs up before the goodbye is no failure.
        let _ = session.logout();
        outcome
    }

    /// Reads until the program stops. Blocks: it wants a thread of its own.
    pub fn run(&self, intake: &Arc<dyn Intake>, tether: &Tether) {
        let mut backoff = Backoff::default();
        let mut memory = Memory::default();
        loop {
            if tether.turn().is_none() {
                match tether.wait(UNTIL_OUR_TURN) {
                    Woken::ToWork => continue,
                    Woken::ToStop => return,
                }
            }
            let ended = catch_unwind(AssertUnwindSafe(|| {
                self.one_session(intake.as_ref(), tether, &mut memory, &mut backoff)
            }));
            if tether.is_stopping() {
                return;
            }
            let error = match ended {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error,
                Err(_) => ImapError::Library,
            };
            let pause = backoff.next_pause();
            tracing::warn!(
                mailbox = %self.settings.name, attempt = backoff.failures(),
                ms = pause.as_millis(), outcome = %error, "The connection to a mailbox ended"
            );
            if tether.rest(pause) == Woken::ToStop {
                return;
            }
        }
    }

    /// One connection, from its beginning to its end.
    pub(crate) fn one_session(
        &self,
        intake: &dyn Intake,
        tether: &Tether,
        memory: &mut Memory,
        backoff: &mut Backoff,
    ) -> Result<(), ImapError> {
        let credential = tether.call(self.credential())?;
        let logged_in = log_in(&self.settings, &credential, Some(tether))?;
        let mut session = Session::open(logged_in, &self.settings, intake, tether, memory)?;
        tracing::info!(mailbox = %self.settings.name, "A mailbox is open");
        session.serve(|| backoff.reset())
    }
}

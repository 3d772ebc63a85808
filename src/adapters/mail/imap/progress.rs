//! Where reading a folder begins, for one that was never read.

use crate::adapters::mail::imap::error::ImapError;
use crate::adapters::mail::source::Tether;
use crate::app::ports::arrival::{Intake, Progress};
use crate::domain::ids::MailboxName;
use jiff::Timestamp;

/// Notes where reading a new folder starts: behind this UID. Where another instance was first, its note counts.
pub(super) fn begin(
    mailbox: &MailboxName,
    intake: &dyn Intake,
    tether: &Tether,
    uid_validity: u32,
    last_uid: u32,
) -> Result<Progress, ImapError> {
    tether.call(intake.start_mailbox(mailbox, uid_validity, last_uid))?;
    let noted = tether.call(intake.progress(mailbox))?;
    Ok(noted.unwrap_or(Progress {
        uid_validity,
        last_uid,
        started_at: Timestamp::UNIX_EPOCH,
    }))
}

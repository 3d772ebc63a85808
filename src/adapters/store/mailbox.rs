//! How far each mailbox was read.

use crate::adapters::store::database::SqlStore;
use crate::adapters::store::fault::{Refusal, exactly_one};
use crate::adapters::store::leases;
use crate::adapters::store::rows::{count, millis, time};
use crate::adapters::store::sql::{Connection, query};
use crate::app::ports::{Committed, Position, Progress, ReadingTurn, StoreError};
use crate::domain::ids::MailboxName;
use jiff::Timestamp;

const GET: &str = "/* mailboxes.get */
    SELECT uid_validity, last_uid, started_at FROM mailboxes WHERE mailbox = $1";
const RENUMBER: &str = "/* mailboxes.renumber */
    UPDATE mailboxes SET uid_validity = $2, last_uid = $3 WHERE mailbox = $1";
const START: &str = "/* mailboxes.start */
    INSERT INTO mailboxes (mailbox, uid_validity, last_uid, started_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (mailbox) DO NOTHING";
const ADVANCE: &str = "/* mailboxes.advance */
    UPDATE mailboxes SET last_uid = $3 WHERE mailbox = $1 AND uid_validity = $2 AND last_uid < $3";

/// How far a mailbox was read.
pub(super) async fn progress(
    conn: &mut Connection,
    mailbox: &MailboxName,
) -> Result<Option<Progress>, StoreError> {
    let row: Option<(i64, i64, i64)> = query(GET)
        .bind(mailbox.as_str())
        .fetch_optional(conn)
        .await?;
    row.map(|(uid_validity, last_uid, started_at)| {
        Ok(Progress {
            uid_validity: count("mailboxes", uid_validity)?,
            last_uid: count("mailboxes", last_uid)?,
            started_at: time("mailboxes", started_at)?,
        })
    })
    .transpose()
}

/// Notes where reading starts, where nobody noted it before.
pub(super) async fn start(
    conn: &mut Connection,
    mailbox: &MailboxName,
    at: Progress,
) -> Result<(), StoreError> {
    query(START)
        .bind(mailbox.as_str())
        .bind(i64::from(at.uid_validity))
        .bind(i64::from(at.last_uid))
        .bind(millis(at.started_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that the folder has other numbers now.
pub(super) async fn renumber(
    conn: &mut Connection,
    mailbox: &MailboxName,
    uid_validity: u32,
    last_uid: u32,
) -> Result<(), Refusal> {
    let done = query(RENUMBER)
        .bind(mailbox.as_str())
        .bind(i64::from(uid_validity))
        .bind(i64::from(last_uid))
        .execute(conn)
        .await?;
    exactly_one(done)
}

impl SqlStore {
    pub(super) async fn renumber(
        &self,
        mailbox: &MailboxName,
        uid_validity: u32,
        last_uid: u32,
        turn: ReadingTurn<'_>,
    ) -> Result<Committed, StoreError> {
        let mut tx = self.begin_write().await?;
        let held =
            leases::check(&mut tx, self.instance.as_str(), &turn.of.work(), turn.epoch).await;
        let written = match held {
            Ok(()) => renumber(&mut tx, mailbox, uid_validity, last_uid).await,
            Err(lost) => Err(lost),
        };
        match written {
            Ok(()) => {
                tx.commit().await?;
                Ok(Committed::Done)
            }
            Err(refusal) => refusal.into_result(),
        }
    }
}

/// Notes that a message was stored. Never goes back, and leaves another UIDVALIDITY alone: that is
/// a late message of the folder's former numbering.
pub(super) async fn advance(
    conn: &mut Connection,
    mailbox: &MailboxName,
    position: &Position,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (uid_validity, uid) = match position {
        Position::Imap { uid_validity, uid } => (i64::from(*uid_validity), i64::from(*uid)),
        Position::Maildir { .. } | Position::Matrix { .. } => (0, 0),
    };
    query(START)
        .bind(mailbox.as_str())
        .bind(uid_validity)
        .bind(uid)
        .bind(millis(now))
        .execute(&mut *conn)
        .await?;
    query(ADVANCE)
        .bind(mailbox.as_str())
        .bind(uid_validity)
        .bind(uid)
        .execute(conn)
        .await?;
    Ok(())
}

//! Moving settled messages out of the way, with whatever the server can do.

use crate::adapters::mail::imap::connection::ImapSession;
use crate::adapters::mail::imap::error::ImapError;
use crate::app::ports::arrival::Position;
use crate::domain::ids::InboxId;

/// What the server can do.
pub struct Abilities {
    /// IDLE (RFC 2177).
    pub idle: bool,
    /// MOVE (RFC 6851).
    pub moves: bool,
    /// UIDPLUS (RFC 4315).
    pub expunges_by_uid: bool,
}

impl Abilities {
    /// Asks the server.
    pub fn of(imap: &mut ImapSession) -> Result<Self, ImapError> {
        let can = imap.capabilities()?;
        Ok(Self {
            idle: can.has_str("IDLE"),
            moves: can.has_str("MOVE"),
            expunges_by_uid: can.has_str("UIDPLUS"),
        })
    }
}

/// The UIDs that still mean something: under another UIDVALIDITY the original has no name any
/// more, and was read again under its new one.
pub fn uids_of(batch: &[(InboxId, Position)], current: u32) -> String {
    let uids = batch.iter().filter_map(|(_, position)| match position {
        Position::Imap { uid_validity, uid } if *uid_validity == current => Some(uid.to_string()),
        _ => None,
    });
    uids.collect::<Vec<String>>().join(",")
}

/// Goes on where the server refused; a failure of the connection stays one.
fn past_refusal(outcome: imap::Result<()>) -> Result<(), ImapError> {
    match outcome.map_err(ImapError::from) {
        Err(ImapError::Refused) => Ok(()),
        other => other,
    }
}

/// MOVE (RFC 6851), or its parts where the server has none. Makes the folder where it is missing.
pub fn move_uids(
    imap: &mut ImapSession,
    abilities: &Abilities,
    uids: &str,
    folder: &str,
) -> Result<(), ImapError> {
    // Asked first, because the library trips over a refusal that names a folder with accents.
    if imap.list(Some(""), Some(folder))?.is_empty() {
        // Somebody else may make it at this moment, and the server then refuses: the move will tell.
        past_refusal(imap.create(folder))?;
        past_refusal(imap.subscribe(folder))?;
    }
    if abilities.moves {
        imap.uid_mv(uids, folder)?;
    } else {
        imap.uid_copy(uids, folder)?;
        imap.uid_store(uids, "+FLAGS.SILENT (\\Deleted)")?;
        // A plain EXPUNGE would take what others marked; then the mark has to do.
        if abilities.expunges_by_uid {
            imap.uid_expunge(uids)?;
        }
    }
    Ok(())
}

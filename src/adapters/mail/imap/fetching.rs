//! Fetching one message, or what can be had of it.

use crate::adapters::mail::imap::connection::ImapSession;
use crate::adapters::mail::imap::error::ImapError;
use jiff::Timestamp;

/// How much is read of a message that is too large.
const BEGINNING: u32 = 256 * 1024;

/// Which bytes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All.
    Whole,
    /// The beginning.
    Beginning,
    /// The header.
    Header,
}

impl Part {
    fn query(self) -> String {
        match self {
            Self::Whole => "(UID BODY.PEEK[])".to_owned(),
            Self::Beginning => format!("(UID BODY.PEEK[]<0.{BEGINNING}>)"),
            Self::Header => "(UID BODY.PEEK[HEADER])".to_owned(),
        }
    }
}

/// Size and time of arrival.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Bytes.
    pub size: u32,
    /// When the server received it, where it says so.
    pub received_at: Option<Timestamp>,
}

/// Looks at a message; nothing where it is gone.
pub fn look_at(imap: &mut ImapSession, uid: u32) -> Result<Option<Look>, ImapError> {
    let fetched = imap.uid_fetch(uid.to_string(), "(UID RFC822.SIZE INTERNALDATE)")?;
    let ours = fetched
        .iter()
        .find(|one| one.uid == Some(uid) && one.size.is_some());
    Ok(ours.map(|one| {
        let time = one.internal_date().map(|date| date.timestamp());
        Look {
            size: one.size.unwrap_or_default(),
            received_at: time.and_then(|seconds| Timestamp::from_second(seconds).ok()),
        }
    }))
}

/// The bytes of a message.
pub fn fetch(imap: &mut ImapSession, uid: u32, part: Part) -> Result<Vec<u8>, ImapError> {
    let fetched = imap.uid_fetch(uid.to_string(), part.query())?;
    let bytes = fetched
        .iter()
        .filter(|one| one.uid == Some(uid))
        .find_map(|one| match part {
            Part::Header => one.header(),
            Part::Whole | Part::Beginning => one.body(),
        });
    bytes.map(<[u8]>::to_vec).ok_or(ImapError::Protocol)
}

/// Marks a message as read. A mailbox that may only be read says no: everything else still works.
pub fn mark_as_read(imap: &mut ImapSession, uid: u32) -> Result<(), ImapError> {
    match imap.uid_store(uid.to_string(), "+FLAGS.SILENT (\\Seen)") {
        Ok(_) | Err(imap::Error::No(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The highest UID in the folder, for servers that don't announce the next one.
pub fn highest_uid(imap: &mut ImapSession) -> Result<u32, ImapError> {
    let all = imap.uid_search("ALL")?;
    Ok(all.into_iter().max().unwrap_or_default())
}

//! Values as they stand in columns: times as milliseconds, closed words as text.

use crate::adapters::store::fault::inconsistent;
use crate::app::ports::{Extent, Position, StoreError};
use crate::domain::chat::ids::{EventId, RoomId};
use jiff::Timestamp;
use std::str::FromStr;

/// A time as it is stored: whole milliseconds.
pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A stored time.
pub(super) fn time(table: &'static str, millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|_| inconsistent(table, "a time out of range"))
}

/// A stored word of a closed list.
pub(super) fn word<T: FromStr>(table: &'static str, text: &str) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_| inconsistent(table, "a word that is on no list"))
}

/// A stored count.
pub(super) fn count<T: TryFrom<i64>>(table: &'static str, number: i64) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| inconsistent(table, "a number out of range"))
}

/// A number for a column; what is larger than a column holds is its largest value.
pub(super) fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The words of a position: its kind and its key.
pub(super) fn position_columns(position: &Position) -> (&'static str, String) {
    let kind = match position {
        Position::Imap { .. } => "imap",
        Position::Maildir { .. } => "maildir",
        Position::Matrix { .. } => "matrix",
    };
    (kind, position.key())
}

/// A stored position.
pub(super) fn position(kind: &str, key: String) -> Result<Position, StoreError> {
    let wrong = || inconsistent("inbox", "a position that can't be read");
    match kind {
        "maildir" => Ok(Position::Maildir { name: key }),
        "matrix" => {
            let (room, event) = key.split_once(' ').ok_or_else(wrong)?;
            Ok(Position::Matrix {
                room: RoomId::parse(room).ok_or_else(wrong)?,
                event: EventId::parse(event).ok_or_else(wrong)?,
            })
        }
        "imap" => {
            let (uid_validity, uid) = key.split_once('/').ok_or_else(wrong)?;
            Ok(Position::Imap {
                uid_validity: uid_validity.parse().map_err(|_| wrong())?,
                uid: uid.parse().map_err(|_| wrong())?,
            })
        }
        _ => Err(wrong()),
    }
}

/// The word of an extent.
pub(super) fn extent_word(extent: Extent) -> &'static str {
    match extent {
        Extent::Whole => "whole",
        Extent::Beginning => "beginning",
        Extent::Locked => "locked",
    }
}

/// A stored extent.
pub(super) fn extent(word: &str) -> Result<Extent, StoreError> {
    match word {
        "whole" => Ok(Extent::Whole),
        "beginning" => Ok(Extent::Beginning),
        "locked" => Ok(Extent::Locked),
        _ => Err(inconsistent("inbox", "a word that is on no list")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_read_back_what_they_write() {
        for there in [
            Position::Imap {
                uid_validity: u32::MAX,
                uid: 1,
            },
            Position::Maildir {
                name: "17/00.M1P2.host".into(),
            },
            Position::Matrix {
                room: RoomId::parse("!r").unwrap(),
                event: EventId::parse("$e/1").unwrap(),
            },
        ] {
            let (kind, key) = position_columns(&there);
            assert_eq!(position(kind, key).unwrap(), there);
        }
        for (kind, key) in [
            ("imap", "1"),
            ("imap", "a/b"),
            ("imap", "1/-2"),
            ("fax", "1"),
            ("matrix", "!r"),
        ] {
            assert!(position(kind, key.into()).is_err(), "{kind} {key}");
        }
    }
}

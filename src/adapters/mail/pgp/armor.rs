//! Armour (RFC 9580, 6): finding its blocks in a text, and taking it off.

use pgp::armor::Dearmor;
use std::io::{BufReader, Read};
use std::ops::Range;

/// Longest armoured block that is taken off, in bytes of what is inside.
const LONGEST: u64 = 40 * 1024 * 1024;
const BEGIN: &str = "-----BEGIN PGP ";
const DASHES: &str = "-----";

/// A block of armour in a text.
pub struct Block {
    /// What its first line says, such as `MESSAGE`.
    pub kind: String,
    /// Where it stands, first and last line included.
    pub place: Range<usize>,
}

/// The first block of armour at or after `from` whose first line stands alone. A block without an end reaches to
/// the end of the text.
pub fn next_block(text: &str, from: usize) -> Option<Block> {
    let mut at = from;
    loop {
        let start = at + text.get(at..)?.find(BEGIN)?;
        let rest = text.get(start..)?;
        let line = rest.lines().next()?.trim_end();
        at = start + BEGIN.len();
        let before = text.get(..start)?;
        let stands_alone = before.is_empty() || before.ends_with('\n');
        let kind = line
            .get(BEGIN.len()..)
            .and_then(|kind| kind.strip_suffix(DASHES));
        let Some(kind) = kind.filter(|_| stands_alone) else {
            continue;
        };
        // A signed text ends with its signature's block.
        let last = if kind == "SIGNED MESSAGE" {
            "SIGNATURE"
        } else {
            kind
        };
        let end_line = format!("-----END PGP {last}-----");
        let end = rest
            .find(&end_line)
            .map_or(rest.len(), |end| end + end_line.len());
        return Some(Block {
            kind: kind.to_owned(),
            place: start..start + end,
        });
    }
}

/// The bytes inside, or the bytes as they are where they wear no armour. Nothing where the armour is broken or
/// holds too much.
pub fn without_armour(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_armoured = bytes.trim_ascii_start().starts_with(b"-----BEGIN");
    if !is_armoured {
        return Some(bytes.to_vec());
    }
    let mut inside = Vec::new();
    let mut armour = Dearmor::new(BufReader::new(bytes.trim_ascii_start()));
    let read = armour
        .by_ref()
        .take(LONGEST + 1)
        .read_to_end(&mut inside)
        .ok()?;
    (u64::try_from(read).ok()? <= LONGEST).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_stand_alone_on_their_lines() {
        let text = "Dag,\nzie -----BEGIN PGP MESSAGE----- hier\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\nGroeten\n";
        let block = next_block(text, 0).unwrap();
        assert_eq!(block.kind, "MESSAGE");
        assert_eq!(
            text.get(block.place.clone()).unwrap(),
            "-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----"
        );
        assert!(next_block(text, block.place.end).is_none());
        let open_end = next_block("-----BEGIN PGP SIGNED MESSAGE-----\nx", 0).unwrap();
        assert_eq!(open_end.place, 0..36);
        assert!(next_block("-----BEGIN PGP", 0).is_none());
    }

    #[test]
    fn what_wears_none_stays_as_it_is() {
        assert_eq!(without_armour(b"\x99\x01").unwrap(), b"\x99\x01");
        assert!(
            without_armour(b"-----BEGIN PGP MESSAGE-----\n\n!!!!\n-----END")
                .is_none_or(|inside| inside.is_empty())
        );
    }
}

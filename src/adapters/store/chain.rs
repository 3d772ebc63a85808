//! Hash chains over tickets and reads, with keyed hashes over the rows that say where they end.
//!
//! # What they show
//! Somebody who can write the database but has no master key changes, removes, reorders or adds a
//! single event or read, or changes the row of a ticket, a counter or a head: `verify` names the place.
//!
//! # What they can't show
//! A state that once was: the last events of a ticket taken away **together with** the older row of
//! that ticket, the last reads together with their older head, or the whole database put back to an
//! older copy. Every keyed hash in it is genuine. What shows that is a copy that such a person can't
//! reach: compare with back-ups that are kept elsewhere.
//!
//! Only the hashes are here. Writing them is the work of `ticket` and `reads`, checking them of
//! `verify`.

use crate::adapters::store::vault::{HASH_BYTES, Vault, keyed_hash};

/// A hash in a chain.
pub type ChainHash = [u8; HASH_BYTES];

/// What the first row of a chain has as its previous hash.
pub const START: ChainHash = [0; HASH_BYTES];

/// The parts of a row that its hash covers.
pub struct Link<'a> {
    /// `event` or `read`: which chain.
    pub chain: &'static str,
    /// The ticket.
    pub ticket: &'a str,
    /// The place in the chain.
    pub seq: i64,
    /// When, in milliseconds.
    pub at: i64,
    /// The role of the actor; empty for reads.
    pub role: &'a str,
    /// The kind of event; empty for reads.
    pub kind: &'a str,
    /// The sealed payload, so that checking needs no data key.
    pub sealed: &'a [u8],
    /// The hash of the row before.
    pub previous: &'a [u8],
}

impl Vault {
    /// The hash of one row.
    pub fn link_hash(&self, link: &Link<'_>) -> ChainHash {
        keyed_hash(
            &self.chain,
            &[
                link.chain.as_bytes(),
                link.ticket.as_bytes(),
                &link.seq.to_be_bytes(),
                &link.at.to_be_bytes(),
                link.role.as_bytes(),
                link.kind.as_bytes(),
                link.sealed,
                link.previous,
            ],
        )
    }

    /// The keyed hash over the facts of a row that isn't part of a chain but says where one ends.
    pub fn row_mac(&self, table: &'static str, facts: &[&[u8]]) -> ChainHash {
        let mut parts = vec![b"row".as_slice(), table.as_bytes()];
        parts.extend_from_slice(facts);
        keyed_hash(&self.chain, &parts)
    }
}

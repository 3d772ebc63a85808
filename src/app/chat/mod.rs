//! Use cases in chat: what is heard there, and what is brought there.
//!
//! In: `intake` stores, `hear` finds out who wrote in which kind of room; people of the team come to `team`
//! and their commands to `commands`. Out: `follow` (beside this folder) writes errands with the events of a
//! ticket, `deliver` does them, `place` knows where.

pub(crate) mod card;
mod commands;
pub mod deliver;
mod edits;
pub(crate) mod hear;
pub mod intake;
mod letters;
mod place;
pub(crate) mod posts;
mod team;
pub(crate) mod words;

pub(crate) use place::accounts;

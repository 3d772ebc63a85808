//! Use cases in chat: what is heard there, and what is brought there.
//!
//! In: `intake` stores, `hear` finds out who wrote in which kind of room; people of the team come to `team`
//! and their commands to `commands`. Out: `follow` (beside this folder) writes errands with the events of a
//! ticket, `deliver` does them, `place` knows where. People outside the team come to `lobby` and `direct`;
//! what one of their messages is becomes a `chat_case`, and what is said to them `answering`.

pub(crate) mod again;
mod answering;
pub(crate) mod card;
mod chat_case;
mod comings;
mod commands;
pub mod deliver;
mod direct;
mod doorway;
mod edits;
pub(crate) mod follow_readers;
pub(crate) mod hear;
pub mod intake;
mod key_words;
mod letter_way;
mod letters;
mod lobby;
mod lobby_answer;
mod lobby_course;
pub(crate) mod missed;
mod pen;
mod place;
pub(crate) mod posts;
mod readers;
mod team;
mod wordless;
pub(crate) mod words;

pub(crate) use place::{accounts, name_of};

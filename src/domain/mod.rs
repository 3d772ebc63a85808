//! What the product decides, as pure functions and plain values.
//!
//! Nothing here asks for the time, draws a random number, reads a file, the environment or a socket,
//! or knows a database or mail library. Time types are welcome; asking for the time is not.

pub mod address;
pub mod chat;
pub mod command;
pub mod domain_name;
pub mod duty;
pub mod guidance;
pub mod ids;
pub mod intake;
pub mod letter;
pub mod oncall;
pub mod party;
pub mod pgp;
pub mod system_words;
pub mod text;
pub mod ticket;
pub mod tlp;
pub mod triage;

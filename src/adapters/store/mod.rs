//! Durable state on SQLite: what stands at rest is sealed, chained and leased.
//!
//! SQL is written once, with `$1` placeholders and in the part of the language that PostgreSQL
//! speaks too; only opening the database ([`database`]) is SQLite's own. What is *not* here: any
//! decision. Rows are written as the application's [`crate::app::ports::Change`] says.

pub mod chain;
mod commit;
pub mod database;
mod fault;
mod inbox;
mod inbox_end;
mod inbox_locked;
mod keys;
mod knowledge;
pub mod lock;
pub mod lookup;
mod mailbox;
mod numbers;
mod outbox;
mod outbox_count;
mod outbox_end;
mod outbox_pack;
mod port;
mod reads;
mod rows;
mod ticket;
mod ticket_find;
mod ticket_row;
mod timers;
pub mod vault;
mod verify;
mod verify_chain;
mod verify_numbers;

pub use database::{SqliteStore, StoreSettings};
pub use lock::DataDirLock;
pub use vault::{MasterKey, Vault};

//! Durable state on SQLite or PostgreSQL: what stands at rest is sealed, chained and leased.
//!
//! SQL is written once, with `$1` placeholders and in the part of the language that both databases speak
//! (`sql`); only connecting (`sqlite`, `postgres`) and a few statements that take locks differ. What is *not*
//! here: any decision. Rows are written as the application's [`crate::app::ports::Change`] says.

mod alarms;
pub mod backup;
pub mod chain;
mod commit;
pub mod database;
mod dead_addresses;
mod fault;
pub mod hints;
mod inbox;
mod inbox_by_hand;
mod inbox_decisions;
mod inbox_end;
mod inbox_locked;
mod keys;
mod knowledge;
mod leases;
pub mod lock;
pub mod lookup;
mod mailbox;
pub mod name_lock;
mod numbers;
pub mod open;
mod outbox;
mod outbox_count;
mod outbox_end;
mod outbox_kept;
mod outbox_pack;
mod pinned_keys;
mod port;
pub mod postgres;
mod reads;
pub mod refused;
mod rows;
mod sql;
mod sqlite;
mod ticket;
mod ticket_find;
mod ticket_row;
mod timers;
pub mod vault;
mod verify;
mod verify_chain;
mod verify_decisions;
mod verify_messages;
mod verify_numbers;

pub use backup::{BackupError, BackupKey, BackupReport};
pub use database::{SqlStore, StoreSettings};
pub use hints::{Hint, Hints};
pub use lock::ServiceLock;
pub use open::OpenError;
pub use postgres::{PostgresSettings, Protection, ServerHost};
pub use vault::{MasterKey, Vault};

//! What an adapter promises, as stories that every implementation must live through.
//!
//! `#[cfg(test)]` says nothing new here, but tells the linter that this is test code throughout.

#[cfg(test)]
mod schemas;
#[cfg(test)]
pub(crate) mod store;
#[cfg(test)]
mod store_at_rest;
#[cfg(test)]
mod store_backup;
#[cfg(test)]
pub(crate) mod store_care;
#[cfg(test)]
pub(crate) mod store_kept;
#[cfg(test)]
mod store_older;
#[cfg(test)]
pub(crate) mod store_outgoing;
#[cfg(test)]
mod store_postgres;
#[cfg(test)]
pub(crate) mod store_races;
#[cfg(test)]
mod store_restore_races;
#[cfg(test)]
pub(crate) mod store_samples;
#[cfg(test)]
mod store_sqlite;
#[cfg(test)]
mod store_tamper;
#[cfg(test)]
pub(crate) mod stories;

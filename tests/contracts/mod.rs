//! What an adapter promises, as stories that every implementation must live through.

pub(crate) mod store;
pub(crate) mod store_outgoing;
pub(crate) mod store_samples;
mod store_sqlite;
mod store_tamper;

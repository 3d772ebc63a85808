//! What the application needs from the world, as traits, and what the world may ask of it.
//!
//! Adapters implement these and know nothing else of the application. No SDK or SQL type appears
//! here. Values are plain; sealing them at rest is the store's work.

pub mod arrival;
pub mod change;
pub mod chat;
pub mod knowledge;
pub mod mail;
pub mod outgoing;
pub mod pgp;
pub mod rooms;
pub mod store;
pub mod world;

pub use arrival::*;
pub use change::*;
pub use chat::*;
pub use knowledge::*;
pub use mail::*;
pub use outgoing::*;
pub use pgp::*;
pub use rooms::*;
pub use store::*;
pub use world::*;

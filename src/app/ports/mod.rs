//! What the application needs from the world, as traits, and what the world may ask of it.
//!
//! Adapters implement these and know nothing else of the application. No SDK or SQL type appears
//! here. Values are plain; sealing them at rest is the store's work.

pub mod arrival;
pub mod change;
pub mod knowledge;
pub mod mail;
pub mod store;
pub mod world;

pub use arrival::*;
pub use change::*;
pub use knowledge::*;
pub use mail::*;
pub use store::*;
pub use world::*;

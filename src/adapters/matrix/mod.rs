//! Matrix: our account on its homeserver, the rooms that it reads, and what it does in them.
//!
//! A person makes the session once ([`first_login`]); the service takes it up ([`MatrixSession::restore`]),
//! reads its rooms ([`MatrixSession::run`]) and acts in them ([`MatrixSession::rooms`]). [`probe`] looks at
//! the account without disturbing either. Nothing here decides what a message means.

mod client;
mod error;
mod failure;
mod folder;
mod gap;
mod identity;
mod inbound;
mod invitations;
mod late_keys;
mod membership;
mod open_room;
mod outbound;
mod pins;
pub mod probe;
mod render;
mod seal;
mod sent;
mod session;
pub mod settings;
mod sync;
mod trust;
mod waiting;

pub use error::MatrixError;
pub use identity::Identity;
pub use session::{MatrixSession, first_login};
pub use sync::RunEnd;

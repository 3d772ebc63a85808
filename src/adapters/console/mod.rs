//! The terminal in place of servers, for `demo`: what would be mailed or said in chat is shown instead.

pub mod rooms;
pub mod screen;
pub mod sender;

pub use rooms::ConsoleRooms;
pub use screen::Screen;
pub use sender::ConsoleSender;

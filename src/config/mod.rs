//! The settings: the only reader of the configuration file, of the files it names, and of the
//! environment. Gives plain values; connects to nothing.

pub mod constituents;
pub mod database;
pub mod environment;
pub mod error;
mod gathered;
pub mod key_files;
pub mod limits;
mod listing_words;
pub mod load;
pub mod mail_login;
pub mod name_server;
pub mod oncall;
pub mod rules;
pub mod secret;
pub mod sections;
pub mod values;

pub use error::ConfigError;
pub use load::{Config, Mistakes, find, load, load_roster, load_whole};

//! The `[oncall]` sections: as they are written, and turned into the roster of the domain.
//!
//! Every mistake is named by the path of its key. Nothing here knows what time it is.

pub mod sections;

mod office;
mod overrides;
mod people;
mod policy;
mod roster;
mod rotations;

#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod written;

pub use roster::roster;

//! A message at the door: what it is made of, whether a machine wrote it, who sent it, which ticket it
//! belongs to, and how much automatic mail may still go out.

pub mod age;
pub mod alignment;
pub mod limits;
pub mod listing;
pub mod lookalike;
pub mod machine;
pub mod message;
pub mod placement;
pub mod sender;
pub mod skeleton;

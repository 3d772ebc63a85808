//! Who is on call, and who is woken when: people, rotations, overrides, policies and the climb.
//!
//! Pure arithmetic over the roster of the settings. Nothing here knows what time it is, sends a page or
//! remembers an acknowledgement; every function takes the moment that it is asked about.
//!
//! Reading order: [`roster`] (what there is), [`rotation`] and [`overrides`] (who), [`schedule`] (who, over
//! a window), [`policy`] and [`climb`] (when which of them is woken), [`office`] and [`holidays`] (when the
//! office is open). [`monday`] is the morning on which the team is told what can wait.

pub mod climb;
pub mod holidays;
pub mod moment;
pub mod monday;
pub mod office;
pub mod overrides;
pub mod people;
pub mod policy;
pub mod roster;
pub mod rotation;
pub mod schedule;
pub mod window;

#[cfg(test)]
mod roster_at_random;
#[cfg(test)]
mod roster_cases;

//! Making a file for a hand-over: the adapter that writes it, and a passphrase from the system's random source.

pub use crate::adapters::handover::{Handover, HandoverError, Lock, Recipient};

use crate::app::ports::Ids;
use crate::domain::ids::OutboxId;
use crate::runtime::clock::SystemIds;
use data_encoding::BASE32_NOPAD;
use std::path::Path;
use zeroize::Zeroizing;

/// Groups of a passphrase.
const GROUPS: usize = 6;
/// Letters and digits in a group, 5 bits each: 150 bits in all.
const IN_A_GROUP: usize = 5;

/// Begins a file, under a name that nobody else takes until it is whole.
///
/// # Errors
/// Where it exists already, or nothing can be written there.
pub fn begin_handover(target: &Path) -> Result<Handover, HandoverError> {
    let token = OutboxId::from_random(SystemIds.random());
    Handover::begin(target, token.as_str())
}

/// A passphrase that nobody guesses: six groups of five letters and digits.
pub fn new_passphrase() -> Zeroizing<String> {
    let random = Zeroizing::new([SystemIds.random(), SystemIds.random()].concat());
    let drawn = Zeroizing::new(BASE32_NOPAD.encode(&random).to_lowercase());
    // Room for all of it: growing would leave a copy in memory.
    let mut phrase = Zeroizing::new(String::with_capacity(GROUPS * (IN_A_GROUP + 1)));
    for (at, c) in drawn.chars().take(GROUPS * IN_A_GROUP).enumerate() {
        if at > 0 && at.is_multiple_of(IN_A_GROUP) {
            phrase.push('-');
        }
        phrase.push(c);
    }
    phrase
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_has_six_groups_and_never_comes_twice() {
        let (one, other) = (new_passphrase(), new_passphrase());
        assert_ne!(*one, *other);
        let groups: Vec<&str> = one.split('-').collect();
        assert_eq!(groups.len(), GROUPS);
        assert!(
            groups.iter().all(|group| group.len() == IN_A_GROUP),
            "{groups:?}"
        );
    }
}

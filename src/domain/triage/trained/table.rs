//! The weights of all features, found by their names.
//!
//! A report asks for hundreds of features, most of them unknown, and each look costs what it touches: so what is
//! searched is small (a hash and a place), and names and weights are touched only where something is found.

use crate::domain::triage::trained::outcome::OUTCOMES;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::BuildHasher;

/// What a feature adds to each outcome, in steps of `Model::step`.
pub type Weights = [i8; OUTCOMES];

/// The weights of each feature. Of two names with the same 64 bits of hash the first has weights: among the tens of
/// thousands of a model that is less likely than one in a billion. A report may aim at a hash, and finds nothing there.
#[derive(Debug, Clone, Default)]
pub struct Table {
    places: HashMap<u64, u32, FixedState>,
    names: Vec<Box<str>>,
    rows: Vec<Weights>,
}

impl Table {
    /// How many features have weights.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Has none any?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Sets the weights of a feature.
    pub fn insert(&mut self, name: Box<str>, weights: Weights) {
        let next = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(hash(&name)).or_insert(next);
        if place == next {
            self.names.push(name);
            self.rows.push(weights);
        } else if let Some(place) = self.place(&name)
            && let Some(row) = self.rows.get_mut(place as usize)
        {
            *row = weights;
        }
    }

    /// Each feature with its weights, in the order in which they were set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Weights)> {
        let names = self.names.iter().map(AsRef::as_ref);
        names.zip(&self.rows)
    }

    /// Where the weights of a feature are, if it has any.
    pub(crate) fn place(&self, name: &str) -> Option<u32> {
        let place = *self.places.get(&hash(name))?;
        let found = self.names.get(place as usize)?;
        (**found == *name).then_some(place)
    }

    /// The weights at a place.
    pub(crate) fn at(&self, place: u32) -> Option<&Weights> {
        self.rows.get(place as usize)
    }
}

impl FromIterator<(Box<str>, Weights)> for Table {
    fn from_iter<I: IntoIterator<Item = (Box<str>, Weights)>>(features: I) -> Self {
        let mut table = Self::default();
        for (name, weights) in features {
            table.insert(name, weights);
        }
        table
    }
}

fn hash(name: &str) -> u64 {
    FixedState::default().hash_one(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_last_is_found_by_its_name() {
        let row = |weight| [weight; OUTCOMES];
        let mut table: Table = [("rare".into(), row(1)), ("rare mail".into(), row(2))]
            .into_iter()
            .collect();
        table.insert("rare".into(), row(3));
        let found = |name| table.place(name).and_then(|place| table.at(place));
        assert_eq!(found("rare"), Some(&row(3)));
        assert_eq!(found("rare mail"), Some(&row(2)));
        assert_eq!(found("mail"), None);
        assert_eq!(
            table.iter().collect::<Vec<_>>(),
            [("rare", &row(3)), ("rare mail", &row(2))]
        );
        assert_eq!((table.len(), table.is_empty()), (2, false));
    }
}

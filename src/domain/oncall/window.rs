//! A stretch of time: from a moment up to, not including, another.

use jiff::Timestamp;

/// From `from` up to, not including, `until`. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    from: Timestamp,
    until: Timestamp,
}

/// A stretch of time that ends before or when it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the end must come after the beginning")]
pub struct EmptyWindow;

impl Window {
    /// The stretch between two moments; the second must be the later one.
    pub fn new(from: Timestamp, until: Timestamp) -> Result<Self, EmptyWindow> {
        (from < until)
            .then_some(Self { from, until })
            .ok_or(EmptyWindow)
    }

    /// Its first moment.
    pub fn from(self) -> Timestamp {
        self.from
    }

    /// The first moment after it.
    pub fn until(self) -> Timestamp {
        self.until
    }

    /// Does the moment lie in it? Its end does not.
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// What both have in common, if anything.
    pub fn common(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.until.min(other.until)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: i64, until: i64) -> Option<Window> {
        let at = |second| Timestamp::from_second(second).unwrap();
        Window::new(at(from), at(until)).ok()
    }

    #[test]
    fn the_end_does_not_belong_to_it() {
        let five = window(0, 5).unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(five.contains(at(0)) && five.contains(at(4)) && !five.contains(at(5)));
        assert_eq!(window(5, 5), None);
        assert_eq!(window(6, 5), None);
    }

    #[test]
    fn what_two_have_in_common() {
        for (a, b, expected) in [
            ((0, 5), (3, 9), window(3, 5)),
            ((0, 5), (5, 9), None),
            ((0, 9), (3, 4), window(3, 4)),
        ] {
            let (a, b) = (window(a.0, a.1).unwrap(), window(b.0, b.1).unwrap());
            assert_eq!(a.common(b), expected);
            assert_eq!(b.common(a), expected);
        }
    }
}

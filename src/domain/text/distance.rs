//! How far two words are apart, for slips of the keyboard. What counts as near is decided where it is asked.

/// How many letters are added, left out or changed, where two neighbours that are swapped count once (optimal string
/// alignment); none above the limit.
pub(crate) fn distance(left: &[char], right: &[char], limit: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX / 2);
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let [mut before, mut next] = [(); 2].map(|()| Vec::with_capacity(last.len()));
    let mut left_before = None;
    for (row, a) in left.iter().enumerate() {
        next.clear();
        next.push(row + 1);
        let mut right_before = None;
        for (column, b) in right.iter().enumerate() {
            let mut cost = (at(&last, column) + usize::from(a != b))
                .min(at(&last, column + 1) + 1)
                .min(at(&next, column) + 1);
            if column > 0 && Some(b) == left_before && Some(a) == right_before {
                cost = cost.min(at(&before, column - 1) + 1);
            }
            next.push(cost);
            right_before = Some(b);
        }
        if next.iter().min().is_some_and(|best| *best > limit) {
            return None;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut next);
        left_before = Some(a);
    }
    last.last().copied().filter(|errors| *errors <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_errors_is_bounded() {
        let count = |a: &str, b: &str, limit| {
            let letters = |word: &str| word.chars().collect::<Vec<char>>();
            distance(&letters(a), &letters(b), limit)
        };
        assert_eq!(count("phishing", "phising", 1), Some(1));
        assert_eq!(count("phishing", "phihsing", 1), Some(1));
        assert_eq!(count("phishing", "pishng", 1), None);
        assert_eq!(count("phishing", "xphihsing", 3), Some(2));
        assert_eq!(count("losgeld", "losgeld", 0), Some(0));
    }
}

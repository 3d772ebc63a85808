//! Domains for which no name server answers, so that not each of their mails waits for one.

use std::time::Duration;
use tokio::time::Instant;

/// How long a domain is left alone after nobody answered for it: a flood of mail during an outage must not wait for each.
const LEFT_ALONE: Duration = Duration::from_secs(60);
/// So many domains without an answer are no longer their own fault: then all are left alone.
const OUTAGE: usize = 3;

/// The domains for which nobody answered of late, each once.
#[derive(Debug, Default)]
pub(super) struct Unanswered(Vec<(String, Instant)>);

impl Unanswered {
    /// Is it too early to ask for this domain again?
    pub(super) fn leaves_alone(&mut self, domain: &str, now: Instant) -> bool {
        self.0
            .retain(|(_, at)| now.saturating_duration_since(*at) < LEFT_ALONE);
        self.0.len() >= OUTAGE || self.0.iter().any(|(known, _)| known == domain)
    }

    pub(super) fn note(&mut self, domain: &str, now: Instant) {
        self.0.retain(|(known, _)| known != domain);
        self.0.push((domain.to_owned(), now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_domain_is_left_alone_for_a_minute_and_all_of_them_in_an_outage() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let mut unanswered = Unanswered::default();
        assert!(!unanswered.leaves_alone("a.example", begun));
        unanswered.note("a.example", begun);
        unanswered.note("b.example", after(10));
        unanswered.note("b.example", after(20));
        assert!(unanswered.leaves_alone("a.example", after(59)));
        assert!(!unanswered.leaves_alone("c.example", after(59)));
        assert!(!unanswered.leaves_alone("a.example", after(60)));
        unanswered.note("a.example", after(61));
        unanswered.note("c.example", after(61));
        assert!(unanswered.leaves_alone("d.example", after(79)));
        assert!(!unanswered.leaves_alone("d.example", after(80)));
        assert!(unanswered.leaves_alone("c.example", after(80)));
    }
}

//! Whether, and in which form, the subject of a reporter's mail comes back in ours.

use crate::domain::guidance::select::Occasion;
use crate::domain::intake::sender::Standing;
use crate::domain::text::tlp::{label_in, without_labels};
use crate::domain::tlp::Label;
use crate::domain::triage::assessment::ChannelTrust;

/// The subject comes back only to a proven sender whose mailbox is his own: else anybody could have us send his
/// words to a victim. Not one marked TLP:RED, and without other labels: what we add is public.
pub(super) fn subject_for(occasion: &Occasion<'_>) -> Option<String> {
    let own = (Standing::Proven, ChannelTrust::Unsuspected);
    let is_red = label_in(occasion.subject, "") == Some(Label::Red);
    let shown = (occasion.standing, occasion.channel) == own && !is_red;
    shown.then(|| one_line(&without_labels(occasion.subject)))?
}

/// A subject fit to come back in ours: one line, not endless; none where nothing is left.
fn one_line(subject: &str) -> Option<String> {
    const MOST_CHARACTERS: usize = 120;
    let words = subject
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(MOST_CHARACTERS).collect();
    (!cut.is_empty()).then_some(cut)
}

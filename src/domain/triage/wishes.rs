//! What a reporter wants beside help: to speak with a human, or to take his report back.
//!
//! Words of the lexicon (`[words] human`, `false_alarm`). What follows from it on the ticket stands in `ticket::dialogue`.

use crate::domain::text::fold::Folded;
use crate::domain::triage::assessment::{Report, Wish};
use crate::domain::triage::fact_reading::asks_whether;
use crate::domain::triage::facts::Facts;
use crate::domain::triage::matching::{Hit, Meaning};
use crate::domain::triage::near::sentences;
use crate::domain::triage::polarity::{Polarity, Turns};

/// What was read of it in one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wishes {
    /// He wants a human.
    human: bool,
    /// Does he say that it was a false alarm, or that it was none?
    false_alarm: Option<bool>,
}

impl Wishes {
    /// Reads them from the phrases found in a text.
    pub(crate) fn read(text: &Folded<'_>, hits: &[Hit], turns: &Turns) -> Self {
        let sentences = sentences(text);
        let asked = |hit: &Hit| {
            let sentence = sentences.get(hit.sentence);
            sentence.is_some_and(|sentence| asks_whether(text, *sentence))
        };
        let of = |meaning: Meaning| hits.iter().filter(move |hit| hit.entry.meaning == meaning);
        // "Kan ik een mens spreken?" asks for one; "ik hoef geen mens te spreken" doesn't.
        let human = of(Meaning::WantsAHuman).any(|hit| turns.of(text, hit) != Polarity::Denied);
        let said = of(Meaning::FalseAlarm)
            .filter(|hit| !asked(hit))
            .map(|hit| turns.of(text, hit));
        let false_alarm = said.fold(None, |found, polarity| match polarity {
            // "Dit is geen vals alarm": it goes on, whatever else is said.
            Polarity::Denied => Some(false),
            Polarity::Stated => found.or(Some(true)),
            Polarity::Open => found,
        });
        Self { human, false_alarm }
    }

    /// What he wants. Who asks for a human and takes his report back at once gets the human.
    pub(crate) fn of(self, report: &Report<'_>, facts: &Facts, tells: bool) -> Option<Wish> {
        if self.human {
            Some(Wish::Human)
        } else {
            let taken_back = self.is_taken_back(report, facts, tells);
            taken_back.then_some(Wish::TakenBack)
        }
    }

    /// Is the report taken back, now or before? Not where the message tells of something worse: then it goes on.
    fn is_taken_back(self, report: &Report<'_>, facts: &Facts, tells: bool) -> bool {
        let Some(earlier) = report
            .earlier
            .filter(|earlier| earlier.kind.tells_of_an_incident())
        else {
            return false;
        };
        let worse = facts.tell_of_danger_beyond(&earlier.facts);
        match self.false_alarm {
            _ if worse => false,
            Some(said) => said,
            None => earlier.is_taken_back() && !tells,
        }
    }
}

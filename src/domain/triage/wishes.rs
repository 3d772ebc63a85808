//! What a reporter wants beside help: to speak with a human, or to take his report back.
//!
//! Words of the lexicon (`[words] human`, `plea`, `false_alarm`). What follows from it on the ticket stands in `ticket::dialogue`.

use crate::domain::text::fold::{Folded, Gap};
use crate::domain::triage::assessment::{ChannelTrust, Report, Wish};
use crate::domain::triage::fact_reading::asks_whether;
use crate::domain::triage::facts::{Fact, FactKey, Facts};
use crate::domain::triage::matching::{Hit, Meaning};
use crate::domain::triage::near::sentences;
use crate::domain::triage::polarity::{Polarity, Turns};

/// What was read of it in one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wishes {
    /// He wants a human.
    human: bool,
    /// He asks to be called, or whether anybody is there.
    pleads: bool,
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
        let pleads = of(Meaning::Pleads).any(|hit| turns.of(text, hit) != Polarity::Denied);
        let said = of(Meaning::FalseAlarm)
            .filter(|hit| !asked(hit))
            .map(|hit| match after(text, hit) {
                After::Denied => Polarity::Denied,
                After::But => Polarity::Open,
                After::Nothing => turns.of(text, hit),
            });
        let false_alarm = said.fold(None, |found, polarity| match polarity {
            // "Dit is geen vals alarm": it goes on, whatever else is said.
            Polarity::Denied => Some(false),
            Polarity::Stated => found.or(Some(true)),
            Polarity::Open => found,
        });
        Self {
            human,
            pleads,
            false_alarm,
        }
    }

    /// Does he want somebody, by whatever words?
    pub(crate) fn for_somebody(self) -> bool {
        self.human || self.pleads
    }

    /// What he wants. Who asks for a human and takes his report back at once gets the human.
    pub(crate) fn of(self, report: &Report<'_>, message: Message<'_>) -> Option<Wish> {
        if report.machine.is_some() {
            None
        } else if self.human {
            Some(Wish::Human)
        } else {
            let taken_back = self.is_taken_back(report, message);
            taken_back.then_some(Wish::TakenBack)
        }
    }

    /// Is the report taken back, now or before? Not where the message tells of anything else: then it goes on. What was
    /// taken back before stays so through thanks and the like only, and nowhere where an attacker may have written it.
    fn is_taken_back(self, report: &Report<'_>, message: Message<'_>) -> bool {
        let Some(earlier) = report
            .earlier
            .filter(|earlier| earlier.kind.tells_of_an_incident())
        else {
            return false;
        };
        let told = |(key, fact): (FactKey, &Fact)| fact.value.holds() && !may_be_said_with_it(key);
        if message.tells || message.stated.iter().any(told) {
            return false;
        }
        self.false_alarm.unwrap_or_else(|| {
            let silent = !message.presses && message.stated.iter().next().is_none();
            earlier.is_taken_back() && silent && earlier.channel() == ChannelTrust::Unsuspected
        })
    }
}

/// What follows "vals alarm" in its sentence.
enum After {
    /// "Vals alarm was het niet hoor."
    Denied,
    /// "Vals alarm, maar nu heeft er wel iemand mijn paswoord": whatever comes, it isn't over.
    But,
    /// Nothing of the kind.
    Nothing,
}

/// So many words behind "vals alarm" may still say that it was none, or that there is more.
const NEAR: usize = 3;

fn after(text: &Folded<'_>, hit: &Hit) -> After {
    let behind = text.words.iter().skip(hit.span().last + 1);
    let same = behind.take_while(|word| word.before != Gap::Sentence);
    let words: Vec<&str> = same.map(|word| word.text.as_str()).collect();
    let near = words.get(..words.len().min(NEAR)).unwrap_or_default();
    let has = |of: &[&str]| near.iter().any(|word| of.contains(word));
    let thanks = || words.iter().any(|word| THANKS.contains(word));
    // "Vals alarm, geen virus" denies the virus.
    let is_of_it = near
        .first()
        .is_some_and(|word| matches!(*word, "was" | "is"));
    if is_of_it && has(&["niet", "geen", "not"]) {
        After::Denied
    } else if has(&["maar", "mais", "but", "aber"]) && !thanks() {
        After::But
    } else {
        After::Nothing
    }
}

/// "Vals alarm, maar bedankt voor de hulp."
const THANKS: &[&str] = &[
    "bedankt",
    "dank",
    "dankjewel",
    "merci",
    "sorry",
    "excuses",
    "thanks",
    "thank",
    "desole",
    "desolee",
];

/// What else a message says.
#[derive(Clone, Copy)]
pub(crate) struct Message<'a> {
    /// The facts that it states itself.
    pub(crate) stated: &'a Facts,
    /// Do its words tell of an attack?
    pub(crate) tells: bool,
    /// Does he press to be helped?
    pub(crate) presses: bool,
}

/// Who says this beside "vals alarm" explains it.
fn may_be_said_with_it(key: FactKey) -> bool {
    matches!(
        key,
        FactKey::Contained | FactKey::CauseKnown | FactKey::SupplierInvolved
    )
}

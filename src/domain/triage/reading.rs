//! What the words of the lexicon and the rules make of a report, before anything that was learned joins in.
//!
//! Which words are the reporter's own was decided before; how bad it is in the end, and what is said, isn't decided here.

use crate::domain::text::fold::{Folded, at_most};
use crate::domain::triage::answers;
use crate::domain::triage::assessment::{Channel, Report, Wish};
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::fact_reading;
use crate::domain::triage::facts::Facts;
use crate::domain::triage::joined::{ByWords, Learned};
use crate::domain::triage::kind_of::KindSigns;
use crate::domain::triage::lexicon::TriageRules;
use crate::domain::triage::matching::Hit;
use crate::domain::triage::numbers;
use crate::domain::triage::polarity::Turns;
use crate::domain::triage::scoring::{Scores, Verdict};
use crate::domain::triage::severity::must_page;
use crate::domain::triage::trained::features::{Ruling, Signals};
use crate::domain::triage::wishes::{Message, Wishes};

/// What stands behind this much text is not read: nobody writes a report that long by hand.
pub(crate) const MOST_TEXT: usize = 64 * 1024;
/// Points that the category of an earlier message keeps, times its confidence.
const EARLIER: f64 = 4.0;
/// Points of a mail that was only forwarded: people forward to us what they don't trust.
const FORWARDED: f64 = 2.0;
/// From these points on the words of the lexicon tell of an incident.
const TELLS: f64 = 2.0;
/// From these on they leave hardly a doubt.
const SURELY_TELLS: f64 = 6.0;
/// An answer of so many words is hardly a mere yes.
const MANY_WORDS: usize = 8;
/// Who asks for somebody in no more words than these says nothing else.
const PLEA_WORDS: usize = 8;
/// More own words than these say themselves what the forwarded mail, or the wish to be called, is about.
const FEW_WORDS: usize = 25;

/// What a message may be hardly more than.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Merely {
    /// A forwarded mail.
    Forwards,
    /// A plea to be called, or that anybody be there.
    AsksForSomebody,
    /// It says more.
    Nothing,
}

/// What the words of the lexicon and the rules make of a report.
pub(crate) struct Read {
    channel: Channel,
    pub(crate) hits: Vec<Hit>,
    pub(crate) scores: Scores,
    pub(crate) signs: KindSigns,
    /// All facts, with those of earlier messages.
    pub(crate) facts: Facts,
    /// Those that this message states.
    pub(crate) stated: Facts,
    wishes: Wishes,
    /// Do words of an attack stand in it? That a supplier is named, or something failed, tells of none.
    tells: bool,
    /// What it is hardly more than.
    merely: Merely,
    /// How many words it has.
    words: usize,
    /// Does it state a fact that wasn't known, tell of some category, or say much?
    pub(crate) brings_news: bool,
    kind: Kind,
    pub(crate) verdict: Verdict,
    /// The categories with some points, best first, with how sure they are.
    categories: Vec<(Category, f64)>,
    severity: Severity,
}

impl Read {
    pub(crate) fn new(rules: &TriageRules, report: &Report<'_>, folded: &Folded<'_>) -> Self {
        let hits = rules.lexicon.index().find(folded);
        let turns = Turns::new(folded, &hits);
        let mut scores = Scores::read(folded, &hits, &turns);
        let forwards = only_forwards(report, folded, &scores);
        if forwards {
            scores.add(Category::Phishing, FORWARDED);
        }
        let signs = KindSigns::read(folded, &hits, &scores);
        let stated = stated(report, folded, &hits, &turns);
        let facts = joined_facts(report, &stated);
        let tells = scores.best_but(&[Category::SupplierIncident, Category::Outage]) >= TELLS;
        let wishes = Wishes::read(folded, &hits, &turns);
        let asks_for_somebody = wants_somebody(wishes, &signs)
            && folded.words.len() <= PLEA_WORDS
            && scores.best() < TELLS;
        let merely = match (forwards, asks_for_somebody) {
            (true, _) => Merely::Forwards,
            (false, true) => Merely::AsksForSomebody,
            (false, false) => Merely::Nothing,
        };
        let kind = kind(report, &signs, &scores);
        let known = report.earlier.map(|earlier| &earlier.facts);
        let brings_news = scores.best() >= TELLS
            || folded.words.len() >= MANY_WORDS
            || known
                .is_some_and(|known| facts.iter().any(|(key, fact)| known.get(key) != fact.value));
        let alone = alone(&scores, &facts);
        let mut categories = vec![(alone.category, alone.confidence)];
        categories.extend(
            alone
                .alternatives
                .iter()
                .map(|other| (other.category, other.confidence)),
        );
        let verdict = weigh(&mut scores, report, &facts);
        let severity = rules.severity_of(verdict.category, &facts);
        Self {
            channel: report.channel,
            hits,
            scores,
            signs,
            facts,
            stated,
            wishes,
            tells,
            merely,
            words: folded.words.len(),
            brings_news,
            kind,
            verdict,
            categories,
            severity,
        }
    }

    pub(crate) fn signals(&self) -> Signals<'_> {
        Signals {
            channel: self.channel,
            kind: self.kind,
            categories: &self.categories,
            facts: &self.facts,
            severity: self.severity,
            page: must_page(self.severity, &self.facts),
        }
    }

    /// What the rules of a category make of it.
    pub(crate) fn ruling(&self, rules: &TriageRules, category: Category) -> Ruling<'_> {
        let severity = rules.severity_of(category, &self.facts);
        Ruling {
            facts: &self.facts,
            category,
            severity,
            page: must_page(severity, &self.facts),
        }
    }

    /// "Hallo, is daar iemand?" may be about anything: nothing is made of its words.
    pub(crate) fn only_asks_for_somebody(&self) -> bool {
        self.merely == Merely::AsksForSomebody
    }

    /// Somebody else's mail, with hardly a word of his own: "is dit echt?".
    pub(crate) fn only_forwards(&self) -> bool {
        self.merely == Merely::Forwards
    }

    /// Does he want somebody to call him, and nothing says what else it is?
    fn wants_somebody(&self) -> bool {
        wants_somebody(self.wishes, &self.signs)
    }

    /// What he wants beside help. Who only wants to be called ("liever niet per mail") is served by no memo.
    pub(crate) fn wish(&self, report: &Report<'_>, kind: Kind) -> Option<Wish> {
        let message = Message {
            stated: &self.stated,
            tells: self.tells,
            presses: self.signs.presses(),
        };
        let wish = self.wishes.of(report, message);
        let is_a_plea = kind == Kind::Question && self.words <= FEW_WORDS && self.wants_somebody();
        wish.or(is_a_plea.then_some(Wish::Human))
    }

    pub(crate) fn kind(&self, report: &Report<'_>, learned: Option<&Learned<'_>>) -> Kind {
        let talks_on = report
            .earlier
            .is_some_and(|earlier| earlier.kind.tells_of_an_incident());
        let kind = match learned {
            Some(learned) if !talks_on && !self.signs.citizen() => {
                let by_words = match self.kind {
                    Kind::Incident if self.scores.best() >= SURELY_TELLS => {
                        ByWords::SurelyAnIncident
                    }
                    Kind::Incident if self.scores.best() >= TELLS => ByWords::AnIncident,
                    Kind::Incident if self.signs.presses() => ByWords::APlea,
                    Kind::Question => ByWords::AQuestion,
                    _ if self.wants_somebody() => ByWords::APlea,
                    _ => ByWords::Nothing,
                };
                learned.kind(by_words).0
            }
            _ => self.kind,
        };
        match kind {
            // "Wat vinden jullie hiervan?" above a forwarded mail asks about that mail.
            Kind::Question | Kind::Other
                if self.merely == Merely::Forwards && !self.signs.says_what_it_is() =>
            {
                Kind::Incident
            }
            // "Kan iemand mij bellen?" and nothing else: silence or a memo would be the worst answer.
            Kind::Question | Kind::Other if self.merely == Merely::AsksForSomebody => {
                Kind::Incident
            }
            kind => kind,
        }
    }
}

/// Does somebody want to be called or helped by a human, and no word makes it advertising, thanks, a question of policy, the
/// newsletter, or a citizen's own matter?
fn wants_somebody(wishes: Wishes, signs: &KindSigns) -> bool {
    wishes.for_somebody() && !signs.says_what_it_is() && !signs.citizen()
}

/// A mail of somebody else, with no or few own words that name no category.
fn only_forwards(report: &Report<'_>, folded: &Folded<'_>, scores: &Scores) -> bool {
    report.machine.is_none()
        && report.earlier.is_none()
        && report.evidence.iter().any(|text| !text.trim().is_empty())
        && folded.words.len() <= FEW_WORDS
        && scores.best() < FORWARDED
}

/// The subject and the text. The subject of an answer was counted with the first message; that of a
/// forwarded mail is the lure's.
pub(crate) fn own_words(report: &Report<'_>) -> String {
    let subject = report.subject.trim();
    let borrowed = subject.split_once(':').is_some_and(|(prefix, _)| {
        let prefix = prefix.trim().to_lowercase();
        matches!(
            prefix.as_str(),
            "fw" | "fwd" | "tr" | "wg" | "doorst" | "doorgestuurd" | "i"
        ) || (report.earlier.is_some() && matches!(prefix.as_str(), "re" | "antw" | "aw" | "sv"))
    });
    let text = at_most(report.text, MOST_TEXT);
    if subject.is_empty() || borrowed {
        text.to_owned()
    } else {
        format!("{}\n\n{text}", at_most(subject, 1024))
    }
}

/// What this message states.
fn stated(report: &Report<'_>, folded: &Folded<'_>, hits: &[Hit], turns: &Turns) -> Facts {
    let mut stated = fact_reading::read(folded, hits, turns);
    numbers::read(folded, &mut stated);
    let known = report.earlier.map(|earlier| &earlier.facts);
    answers::complete(&mut stated, known, report.text, report.asked);
    stated
}

/// The same with what was known. What was said to be over, or contained, is open again where something worse is told.
fn joined_facts(report: &Report<'_>, stated: &Facts) -> Facts {
    // "Ok bedankt, opgelost" contains nothing of what comes behind it.
    let earlier = report
        .earlier
        .filter(|earlier| earlier.kind.tells_of_an_incident());
    let Some(earlier) = earlier else {
        return stated.clone();
    };
    let mut all = earlier.facts.clone();
    if stated.tell_of_danger_beyond(&earlier.facts) {
        all.reopen();
    }
    all.merge(stated);
    all
}

fn kind(report: &Report<'_>, signs: &KindSigns, scores: &Scores) -> Kind {
    if let Some(machine) = report.machine {
        return machine;
    }
    match report.earlier {
        Some(earlier) if earlier.kind.tells_of_an_incident() => Kind::Incident,
        _ => signs.kind(scores),
    }
}

/// What the words of this message say by themselves: the model learned from first messages.
fn alone(scores: &Scores, facts: &Facts) -> Verdict {
    let mut scores = scores.clone();
    scores.apply_rules(facts);
    scores.verdict()
}

/// From points to a category, with what earlier messages said.
fn weigh(scores: &mut Scores, report: &Report<'_>, facts: &Facts) -> Verdict {
    let earlier = report
        .earlier
        .and_then(|earlier| Some((earlier, earlier.category?)));
    if let Some((earlier, category)) = earlier
        && category != Category::Other
    {
        scores.add(category, EARLIER * earlier.confidence.max(0.5));
    }
    scores.apply_rules(facts);
    let mut verdict = scores.verdict();
    keep_earlier_words(&mut verdict, report);
    verdict
}

/// What was said before still speaks for the category, where it is the same.
pub(crate) fn keep_earlier_words(verdict: &mut Verdict, report: &Report<'_>) {
    let Some(earlier) = report
        .earlier
        .filter(|earlier| earlier.category == Some(verdict.category))
    else {
        return;
    };
    verdict.confidence = verdict.confidence.max(earlier.confidence);
    for words in &earlier.because {
        if verdict.because.len() < 8 && !verdict.because.contains(words) {
            verdict.because.push(words.clone());
        }
    }
}

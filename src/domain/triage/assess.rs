//! The whole of triage: one report in, one assessment out. Start reading here.
//!
//! Pure and deterministic: the same rules and report always give the same assessment. The words of
//! the lexicon and the rules are read first; what was learned from labelled reports joins in `joined`.

use crate::domain::text::fold::{Folded, at_most};
use crate::domain::triage::answers;
use crate::domain::triage::assessment::{Assessment, Channel, Report, Wish};
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::extract;
use crate::domain::triage::fact_reading;
use crate::domain::triage::facts::{FactKey, Facts};
use crate::domain::triage::joined::{ByWords, Learned};
use crate::domain::triage::kind_of::KindSigns;
use crate::domain::triage::labelled::Labelled;
use crate::domain::triage::language::{Language, detect_folded};
use crate::domain::triage::lexicon::TriageRules;
use crate::domain::triage::matching::{Hit, Meaning};
use crate::domain::triage::numbers;
use crate::domain::triage::polarity::Turns;
use crate::domain::triage::scoring::{Scores, Verdict};
use crate::domain::triage::severity::must_page;
use crate::domain::triage::trained::features::{Ruling, Signals};
use crate::domain::triage::trained::fit::Lessons;
use crate::domain::triage::wishes::{Message, Wishes};

/// What stands behind this much text is not read: nobody writes a report that long by hand.
pub const MOST_TEXT: usize = 64 * 1024;
/// Points that the category of an earlier message keeps, times its confidence.
const EARLIER: f64 = 4.0;

/// Points of a mail that was only forwarded: people forward to us what they don't trust.
const FORWARDED: f64 = 2.0;
/// From these points on the words of the lexicon tell of an incident.
const TELLS: f64 = 2.0;
/// An answer of so many words is hardly a mere yes.
const MANY_WORDS: usize = 8;
/// More own words than these say themselves what the forwarded mail is about.
const FEW_WORDS: usize = 25;

/// Understands a report.
pub fn assess(rules: &TriageRules, report: &Report<'_>) -> Assessment {
    let text = own_words(report);
    let folded = Folded::new(&text);
    let read = Read::new(rules, report, &folded);
    let learned = rules
        .trained
        .as_deref()
        .filter(|_| report.machine.is_none())
        .and_then(|model| Learned::new(model, &folded, &read.signals(), report.earlier));
    let kind = read.kind(report, learned.as_ref());
    let told = learned
        .as_ref()
        .filter(|_| report.earlier.is_none() || read.brings_news);
    let base = Assessment {
        kind,
        language: language(report, &text, &folded, &read.hits),
        category: None,
        confidence: 0.0,
        alternatives: Vec::new(),
        because: Vec::new(),
        facts: told.map_or(&read.facts, Learned::facts).clone(),
        severity: Severity::Low,
        page: false,
        citizen: report.machine.is_none() && read.signs.citizen(),
        wish: read.wish(report),
        indicators: extract::from_report(&text, report.evidence),
    };
    if !kind.tells_of_an_incident() {
        return base;
    }
    // Who takes his report back tells nothing new of what it was.
    if base.is_taken_back()
        && let Some(known) = report.earlier
    {
        return Assessment {
            category: known.category,
            confidence: known.confidence,
            alternatives: known.alternatives.clone(),
            because: known.because.clone(),
            severity: known.severity,
            facts: known.facts.clone(),
            ..base
        };
    }
    // An answer without news changes nothing of what is known; where no category can be named the words decide.
    let learned = learned.filter(|learned| match report.earlier {
        Some(_) => read.brings_news && learned.names_a_category(),
        None => true,
    });
    match &learned {
        Some(learned) => {
            let mut verdict =
                learned.verdict(&folded, |category| read.scores.reasons_for(category));
            keep_earlier_words(&mut verdict, report);
            graded(rules, report, base, verdict, Some(learned))
        }
        None => graded(rules, report, base, read.verdict, None),
    }
}

/// Adds a labelled report of one message to what is learned from.
pub fn learn(rules: &TriageRules, labelled: &Labelled, lessons: &mut Lessons) {
    let Some(words) = labelled.only_words() else {
        return;
    };
    let report = labelled.report(&words, None);
    let text = own_words(&report);
    let folded = Folded::new(&text);
    let read = Read::new(rules, &report, &folded);
    let ruling = labelled.labels.category.map(|category| {
        let severity = rules.severity_of(category, &read.facts);
        Ruling {
            category,
            severity,
            page: must_page(severity, &read.facts),
        }
    });
    lessons.add(&folded, &read.signals(), labelled, ruling);
}

/// What the words of the lexicon and the rules make of a report.
struct Read {
    channel: Channel,
    hits: Vec<Hit>,
    scores: Scores,
    signs: KindSigns,
    /// All facts, with those of earlier messages.
    facts: Facts,
    /// Those that this message states.
    stated: Facts,
    wishes: Wishes,
    /// Do words of an attack stand in it? That a supplier is named, or something failed, tells of none.
    tells: bool,
    /// Is it hardly more than a forwarded mail?
    forwards: bool,
    /// Does it state a fact that wasn't known, tell of some category, or say much?
    brings_news: bool,
    kind: Kind,
    verdict: Verdict,
    /// The categories with some points, best first, with how sure they are.
    categories: Vec<(Category, f64)>,
    severity: Severity,
}

impl Read {
    fn new(rules: &TriageRules, report: &Report<'_>, folded: &Folded<'_>) -> Self {
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
            forwards,
            brings_news,
            kind,
            verdict,
            categories,
            severity,
        }
    }

    fn signals(&self) -> Signals<'_> {
        Signals {
            channel: self.channel,
            kind: self.kind,
            categories: &self.categories,
            facts: &self.facts,
            severity: self.severity,
            page: must_page(self.severity, &self.facts),
        }
    }

    /// What he wants beside help.
    fn wish(&self, report: &Report<'_>) -> Option<Wish> {
        let message = Message {
            stated: &self.stated,
            tells: self.tells,
            presses: self.signs.presses(),
        };
        self.wishes.of(report, message)
    }

    fn kind(&self, report: &Report<'_>, learned: Option<&Learned<'_>>) -> Kind {
        let talks_on = report
            .earlier
            .is_some_and(|earlier| earlier.kind.tells_of_an_incident());
        let kind = match learned {
            Some(learned) if !talks_on && !self.signs.citizen() => {
                let by_words = match self.kind {
                    Kind::Incident if self.scores.best() >= TELLS => ByWords::AnIncident,
                    Kind::Incident if self.signs.presses() => ByWords::APlea,
                    Kind::Question => ByWords::AQuestion,
                    _ => ByWords::Nothing,
                };
                learned.kind(by_words).0
            }
            _ => self.kind,
        };
        match kind {
            // "Wat vinden jullie hiervan?" above a forwarded mail asks about that mail.
            Kind::Question | Kind::Other if self.forwards && !self.signs.says_what_it_is() => {
                Kind::Incident
            }
            kind => kind,
        }
    }
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
fn own_words(report: &Report<'_>) -> String {
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
    let Some(earlier) = report.earlier else {
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

fn language(report: &Report<'_>, text: &str, folded: &Folded<'_>, hits: &[Hit]) -> Language {
    let votes: Vec<(Language, f64)> = hits
        .iter()
        .filter(|hit| !matches!(hit.entry.meaning, Meaning::Negation))
        .map(|hit| {
            (
                hit.entry.language,
                0.4 * f64::from(u8::try_from(hit.size()).unwrap_or(9)),
            )
        })
        .collect();
    let found = detect_folded(text, folded, &votes);
    match report.earlier {
        // "ok", "yes" and "oui merci" say little; the conversation keeps its language.
        Some(earlier) if folded.words.len() < 4 && earlier.language != Language::Und => {
            earlier.language
        }
        Some(earlier) if found == Language::Und => earlier.language,
        _ => found,
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
fn keep_earlier_words(verdict: &mut Verdict, report: &Report<'_>) {
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

fn graded(
    rules: &TriageRules,
    report: &Report<'_>,
    base: Assessment,
    verdict: Verdict,
    learned: Option<&Learned<'_>>,
) -> Assessment {
    let by_rules = rules.severity_of(verdict.category, &base.facts);
    let wakes = must_page(by_rules, &base.facts);
    let in_danger = by_rules == Severity::Critical && base.facts.get(FactKey::Danger).holds();
    // Where no category can be named nothing is known that could wake somebody but the facts.
    let learned = learned.filter(|learned| learned.names_a_category() && !in_danger);
    let (now, page) = learned.map_or((by_rules, wakes), |learned| {
        learned.urgency(Ruling {
            category: verdict.category,
            severity: by_rules,
            page: wakes,
        })
    });
    // What was bad stays so: it goes down only by a human, and wakes as long as nobody says that it is contained.
    let before = report
        .earlier
        .map_or(Severity::Low, |earlier| earlier.severity);
    let severity = now.max(before);
    let page = page || (before >= now && must_page(before, &base.facts));
    Assessment {
        category: Some(verdict.category),
        confidence: verdict.confidence,
        alternatives: verdict.alternatives,
        because: verdict.because,
        severity,
        page,
        ..base
    }
}

//! Joins what the words of the lexicon say with what the model learned from labelled reports.
//!
//! The lexicon and the rules speak through the model, which learned how far to trust them; what was told expressly counts
//! for more here. Without weights the lexicon decides alone.

use crate::domain::text::fold::Folded;
use crate::domain::triage::assessment::{Alternative, Assessment};
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::facts::{FactKey, Facts};
use crate::domain::triage::learned_facts;
use crate::domain::triage::scoring::Verdict;
use crate::domain::triage::trained::features::{Ruling, Signals};
use crate::domain::triage::trained::model::{Model, Reading};
use crate::domain::triage::trained::outcome::{Head, KINDS, Row, URGENCIES};

/// From this likelihood on it is taken for an incident: a report that is taken for a question is the worse mistake.
const INCIDENT: f64 = 0.45;
/// The same where words of the lexicon tell of one.
const INCIDENT_TOLD: f64 = 0.15;
/// The same where they leave hardly a doubt.
const INCIDENT_SURELY_TOLD: f64 = 0.02;
/// From this likelihood on what sounds like a question is none.
const NO_QUESTION: f64 = 0.80;
/// From this likelihood on somebody is woken: a missed one is the worse mistake.
const WAKES: f64 = 0.37;
/// The same in the middle of a conversation, where a message says less by itself.
const WAKES_LATER: f64 = 0.60;
/// The same where the rules of the category wake somebody for the facts that were told.
const WAKES_RULED: f64 = 0.35;
/// The same out of few words ("our mayor's mailbox was hacked"): they tell little that could let people sleep.
const WAKES_RULED_IN_FEW: f64 = 0.20;
/// The same where they let sleep because it was said to be contained or over.
const WAKES_CONTAINED: f64 = 0.45;
/// The same where they find it critical: what was told may be about many people.
const WAKES_CRITICAL: f64 = 0.10;
/// The same where access was given away.
const WAKES_GIVEN_AWAY: f64 = 0.02;
/// A category that is less likely than this is not named: the general steps are given, and a human looks.
const NAMED: f64 = 0.25;
/// What lies farther behind the likeliest than this is out of the question, whatever a fact says: facts are misread too.
const NEAR: f64 = 3.0;
/// How far a category that the facts settle stands above the likeliest other, in natural log-odds.
const PREFERRED: f64 = 2.0;
/// Nothing is told to be surer.
const SUREST: f64 = 0.99;
/// Runners-up below this likelihood are not told.
const TOLD: f64 = 0.02;
/// What the category of an earlier message is worth in a later one, in natural log-odds, times its confidence.
const EARLIER: f64 = 2.0;
/// Fewer words are few: of an answer with fewer the model makes less.
const FEW_WORDS: u32 = 12;
/// Of fewer words that it knows the model makes nothing: "help" may be anything.
const LEAST_WORDS: usize = 2;
/// What words of the lexicon tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByWords {
    /// Of an incident of some category.
    AnIncident,
    /// The same, with so many points that hardly a doubt is left.
    SurelyAnIncident,
    /// Somebody asks something.
    AQuestion,
    /// Somebody presses: he wants to be called, or it is urgent.
    APlea,
    /// Of none of these.
    Nothing,
}

/// What the model makes of a report.
pub(crate) struct Learned<'a> {
    model: &'a Model,
    reading: Reading<'a>,
    points: Row,
    /// From this likelihood on somebody is woken without a rule that says so.
    wakes: f64,
    /// The same where the rules say so.
    wakes_ruled: f64,
    /// What the words of the lexicon state, completed and corrected by what was learned.
    facts: Facts,
}

impl<'a> Learned<'a> {
    /// Adds up, with what was said before; none where it knows hardly a word.
    pub(crate) fn new(
        model: &'a Model,
        text: &Folded<'_>,
        signals: &Signals<'_>,
        earlier: Option<&Assessment>,
    ) -> Option<Self> {
        let reading = model.read(text, signals);
        if reading.words() < LEAST_WORDS {
            return None;
        }
        let mut points = reading.points();
        let mut facts = signals.facts.clone();
        learned_facts::complete(&mut facts, &reading, &points, text, earlier);
        // Behind "hallo?" a message is a first one.
        let earlier = earlier.filter(|earlier| earlier.names_an_incident());
        let mut wakes = WAKES;
        let words = u32::try_from(text.words.len()).unwrap_or(u32::MAX);
        let wakes_ruled = match words {
            ..FEW_WORDS => WAKES_RULED_IN_FEW,
            _ => WAKES_RULED,
        };
        if let Some(earlier) = earlier {
            wakes = WAKES_LATER;
            let share = (f64::from(words) / f64::from(FEW_WORDS)).min(1.0);
            for points in &mut points {
                *points *= share;
            }
            if let Some(before) = earlier.category.filter(|one| *one != Category::Other) {
                let worth = EARLIER * earlier.confidence.max(0.5);
                if let Some(points) = points_of(before, &mut points) {
                    *points += worth;
                }
                // "Geen idee, ik ga kijken" doesn't make something nameless of what had a name.
                if let Some(points) = points_of(Category::Other, &mut points) {
                    *points = f64::MIN;
                }
            }
        }
        by_facts(&facts, &mut points);
        Some(Self {
            model,
            reading,
            points,
            wakes,
            wakes_ruled,
            facts,
        })
    }

    /// What is known with it.
    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The kind of a message from a person, and how likely it is.
    pub(crate) fn kind(&self, by_words: ByWords) -> (Kind, f64) {
        let enough = match by_words {
            ByWords::AnIncident => INCIDENT_TOLD,
            ByWords::SurelyAnIncident => INCIDENT_SURELY_TOLD,
            ByWords::AQuestion | ByWords::APlea | ByWords::Nothing => INCIDENT,
        };
        let shares = Head::Kind.shares(&self.points);
        let told = KINDS.into_iter().zip(shares);
        let mut best = (Kind::Incident, 0.0);
        for (kind, share) in told {
            if kind == Kind::Incident && share >= enough {
                return (kind, share);
            }
            if share > best.1 {
                best = (kind, share);
            }
        }
        // A question that is taken for small talk gets silence, and nobody looks at it.
        match (best.0, by_words) {
            (Kind::Other, ByWords::AQuestion) if best.1 < NO_QUESTION => (Kind::Question, best.1),
            // Who presses is looked at by a human, whatever it is about.
            (Kind::Other, ByWords::APlea) => (Kind::Question, best.1),
            _ => best,
        }
    }

    /// Is one category likely enough to be named?
    pub(crate) fn names_a_category(&self) -> bool {
        let shares = Head::Category.shares(&self.points);
        shares.into_iter().fold(0.0, f64::max) >= NAMED
    }

    /// The category, with the lexicon's reasons or else the words that weighed most.
    pub(crate) fn verdict(
        &self,
        text: &Folded<'_>,
        reasons: impl Fn(Category) -> Vec<String>,
    ) -> Verdict {
        let mut ranked: Vec<(Category, f64)> = Category::ALL
            .iter()
            .copied()
            .zip(Head::Category.shares(&self.points))
            .map(|(category, share)| (category, told(share)))
            .collect();
        ranked.sort_by(|one, other| other.1.total_cmp(&one.1));
        let best = ranked.first().copied().filter(|(_, share)| *share >= NAMED);
        let (category, confidence) = best.unwrap_or((Category::Other, NAMED));
        let alternatives = ranked
            .into_iter()
            .filter(|(other, share)| *other != category && *share >= TOLD)
            .take(3)
            .map(|(category, confidence)| Alternative {
                category,
                confidence,
            })
            .collect();
        Verdict {
            category,
            confidence,
            alternatives,
            because: self.because(category, text, reasons(category)),
        }
    }

    fn because(
        &self,
        category: Category,
        text: &Folded<'_>,
        mut reasons: Vec<String>,
    ) -> Vec<String> {
        let place = place_of(category).filter(|_| category != Category::Other);
        let words = place.map(|place| self.reading.telling_words(Head::Category, place, text));
        let lower: Vec<String> = reasons.iter().map(|reason| reason.to_lowercase()).collect();
        for quote in words.unwrap_or_default() {
            // What stands in a phrase of the lexicon was told.
            let told = lower
                .iter()
                .any(|reason| reason.contains(&quote.to_lowercase()));
            if !told && reasons.len() < 8 {
                reasons.push(quote.to_owned());
            }
        }
        reasons
    }

    /// How bad it is and whether somebody is woken, by what the rules of the category say and by the words.
    pub(crate) fn urgency(&self, ruling: Ruling<'_>) -> (Severity, bool) {
        let mut points = self.points;
        self.model.rule(ruling, &mut points);
        let shares = Head::Urgency.shares(&points);
        let of = |wakes: bool| {
            let mine = URGENCIES.into_iter().zip(&shares);
            let mine: Vec<(Severity, f64)> = mine
                .filter(|((_, page), _)| *page == wakes)
                .map(|((severity, _), share)| (severity, *share))
                .collect();
            mine
        };
        let awake = of(true);
        let wakes: f64 = awake.iter().map(|(_, share)| share).sum();
        let enough = match ruling.severity {
            // Who gave access away has told enough, however lightly he takes it.
            _ if ruling.page && gave_access(&self.facts) => WAKES_GIVEN_AWAY,
            Severity::Critical => WAKES_CRITICAL,
            _ if ruling.page => self.wakes_ruled,
            Severity::High => self.wakes.max(WAKES_CONTAINED),
            _ => self.wakes,
        };
        let page = wakes >= enough;
        let severity = match (page, ruling.page) {
            // Facts that were told make it as bad as the rules say, at least.
            (true, true) => best(&awake).max(ruling.severity),
            (true, false) => best(&awake),
            (false, true) => best(&of(false)),
            // Neither wakes anybody: the rules say how bad it is, so that who edits them sees what they do.
            (false, false) => ruling.severity,
        };
        (severity, page)
    }
}

/// Was a password or code given, or a sign-in approved?
fn gave_access(facts: &Facts) -> bool {
    let gave = [FactKey::EnteredCredentials, FactKey::ApprovedMfa];
    gave.iter().any(|key| facts.get(*key).holds())
}

/// What was told settles what such a report is about: who gave a password, or paid, has more than a lure.
fn by_facts(facts: &Facts, points: &mut Row) {
    if gave_access(facts) {
        let less = [Category::Phishing, Category::Impersonation];
        prefer(Category::AccountCompromise, &less, points);
    }
    if facts.get(FactKey::Paid).holds() {
        let less = [Category::Phishing, Category::Impersonation];
        prefer(Category::PaymentFraud, &less, points);
    }
}

/// Gives a category what the likeliest has, where that is one of these.
fn prefer(category: Category, less: &[Category], points: &mut Row) {
    let Some(mine) = points.get_mut(Head::Category.range()) else {
        return;
    };
    let best = mine
        .iter()
        .zip(Category::ALL)
        .max_by(|one, other| one.0.total_cmp(other.0));
    let Some((most, best)) = best.map(|(points, category)| (*points, *category)) else {
        return;
    };
    if less.contains(&best)
        && let Some(points) = place_of(category).and_then(|place| mine.get_mut(place))
        && *points > most - NEAR
    {
        *points = most + PREFERRED;
    }
}

/// A likelihood as it is told: nothing that people write is beyond doubt.
fn told(share: f64) -> f64 {
    ((share * 1000.0).round() / 1000.0).min(SUREST)
}

fn best(told: &[(Severity, f64)]) -> Severity {
    let most = told.iter().max_by(|one, other| one.1.total_cmp(&other.1));
    most.map_or(Severity::Medium, |(severity, _)| *severity)
}

/// The points of a category.
fn points_of(category: Category, points: &mut Row) -> Option<&mut f64> {
    let place = Head::Category.range().start + place_of(category)?;
    points.get_mut(place)
}

fn place_of(category: Category) -> Option<usize> {
    Category::ALL.iter().position(|one| *one == category)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::triage::assessment::Channel;
    use crate::domain::triage::facts::FactValue;
    use crate::domain::triage::trained::outcome::OUTCOMES;

    /// What was learned, without words: these points, and these facts.
    fn learned<'a>(model: &'a Model, points: &Row, told: &[FactKey]) -> Learned<'a> {
        let mut facts = Facts::default();
        for key in told {
            facts.state(*key, FactValue::Yes, "");
        }
        let signals = Signals {
            channel: Channel::Mail,
            kind: Kind::Incident,
            categories: &[],
            facts: &facts,
            severity: Severity::Medium,
            page: false,
        };
        Learned {
            model,
            reading: model.read(&Folded::new(""), &signals),
            points: *points,
            wakes: WAKES,
            wakes_ruled: WAKES_RULED,
            facts,
        }
    }

    /// Points that make one outcome so likely, and another what is left.
    fn points(head: Head, (one, share): (usize, f64), other: usize) -> Row {
        let mut points = [-1e3; OUTCOMES];
        points[head.range().start + one] = share.ln();
        points[head.range().start + other] = (1.0 - share).ln();
        points
    }

    fn wakes(share: f64, ruled: (Severity, bool), told: &[FactKey]) -> bool {
        let model = Model::default();
        let learned = learned(&model, &points(Head::Urgency, (3, share), 1), told);
        let ruling = Ruling {
            facts: learned.facts(),
            category: Category::AccountCompromise,
            severity: ruled.0,
            page: ruled.1,
        };
        learned.urgency(ruling).1
    }

    #[test]
    fn the_more_the_rules_say_the_less_it_takes_to_wake_somebody() {
        assert_eq!(URGENCIES[3], (Severity::High, true));
        assert_eq!(URGENCIES[1], (Severity::Medium, false));
        let rising = [
            WAKES_GIVEN_AWAY,
            WAKES_CRITICAL,
            WAKES_RULED_IN_FEW,
            WAKES_RULED,
            WAKES,
            WAKES_CONTAINED,
            WAKES_LATER,
        ];
        assert!(rising.is_sorted());
        for (ruled, told, enough) in [
            ((Severity::Medium, false), &[][..], WAKES),
            ((Severity::High, true), &[], WAKES_RULED),
            ((Severity::High, false), &[], WAKES_CONTAINED),
            ((Severity::Critical, true), &[], WAKES_CRITICAL),
            (
                (Severity::High, true),
                &[FactKey::EnteredCredentials],
                WAKES_GIVEN_AWAY,
            ),
            (
                (Severity::High, true),
                &[FactKey::ApprovedMfa],
                WAKES_GIVEN_AWAY,
            ),
            // What was contained is no longer given away.
            (
                (Severity::High, false),
                &[FactKey::EnteredCredentials],
                WAKES_CONTAINED,
            ),
        ] {
            assert!(wakes(enough + 0.005, ruled, told), "{ruled:?} {told:?}");
            assert!(!wakes(enough - 0.005, ruled, told), "{ruled:?} {told:?}");
        }
    }

    #[test]
    fn what_sounds_like_an_incident_is_one_sooner_than_what_does_not() {
        for (by_words, enough, otherwise) in [
            (ByWords::Nothing, INCIDENT, Kind::Other),
            (ByWords::AQuestion, INCIDENT, Kind::Question),
            (ByWords::APlea, INCIDENT, Kind::Question),
            (ByWords::AnIncident, INCIDENT_TOLD, Kind::Other),
            (ByWords::SurelyAnIncident, INCIDENT_SURELY_TOLD, Kind::Other),
        ] {
            let kind = |share| {
                let model = Model::default();
                let learned = learned(&model, &points(Head::Kind, (0, share), 3), &[]);
                learned.kind(by_words).0
            };
            assert_eq!(kind(enough + 0.005), Kind::Incident, "{by_words:?}");
            assert_eq!(kind(enough - 0.005), otherwise, "{by_words:?}");
        }
        let model = Model::default();
        let surely_none = learned(&model, &points(Head::Kind, (3, NO_QUESTION + 0.01), 1), &[]);
        assert_eq!(surely_none.kind(ByWords::AQuestion).0, Kind::Other);
    }
}

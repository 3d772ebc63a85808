//! The whole of triage: one report in, one assessment out. Start reading here.
//!
//! Pure and deterministic: the same rules and report always give the same assessment. The words of
//! the lexicon and the rules are read first (`reading`); what was learned from labelled reports joins in `joined`.

use crate::domain::text::fold::{Folded, at_most};
use crate::domain::triage::assessment::{Assessment, Report};
use crate::domain::triage::category::{Category, Severity};
use crate::domain::triage::extract;
use crate::domain::triage::facts::{FactKey, Facts};
use crate::domain::triage::joined::Learned;
use crate::domain::triage::language::{Language, detect_folded};
use crate::domain::triage::lexicon::TriageRules;
use crate::domain::triage::matching::{Hit, Meaning};
use crate::domain::triage::reading::{MOST_TEXT, Read, keep_earlier_words, own_words};
use crate::domain::triage::scoring::Verdict;
use crate::domain::triage::severity::must_page;
use crate::domain::triage::trained::features::Ruling;

/// So sure a part of a message must be understood to count for the whole, from 0 to 1.
const SURE: f64 = 0.8;
/// Shorter parts are greetings and names.
const PART_WORDS: usize = 6;
/// So many parts are looked at.
const MOST_PARTS: usize = 12;
/// A line with one of these tells what is played.
const PLAYED: &[&str] = &[
    "oefening",
    "oefeningen",
    "simulatie",
    "scenario",
    "draaiboek",
    "exercice",
    "exercices",
    "simulation",
    "exercise",
    "exercises",
    "drill",
    "uebung",
    "ubung",
];

/// Understands a report.
pub fn assess(rules: &TriageRules, report: &Report<'_>) -> Assessment {
    let whole = assess_text(rules, report);
    buried(rules, report, &whole).unwrap_or(whole)
}

/// What somebody must be woken for, and stands in one line among thanks and questions: "PS: sinds vrijdag heten alle
/// documenten plots .akira".
fn buried(rules: &TriageRules, report: &Report<'_>, whole: &Assessment) -> Option<Assessment> {
    let is_settled = whole.kind.tells_of_an_incident() || whole.kind.is_machine() || whole.citizen;
    if is_settled || report.earlier.is_some() {
        return None;
    }
    let lines = at_most(report.text, MOST_TEXT).lines();
    let parts: Vec<&str> = lines
        .filter(|line| line.split_whitespace().take(PART_WORDS).count() == PART_WORDS)
        .take(MOST_PARTS)
        .collect();
    if parts.len() < 2 {
        return None;
    }
    let wakes = |text| {
        let part = Report {
            subject: "",
            text,
            evidence: &[],
            ..*report
        };
        let found = assess_text(rules, &part);
        let is_named = found.category.is_some_and(|of| of != Category::Other);
        (found.page && is_named && found.confidence >= SURE).then_some(found)
    };
    let mut real = parts.into_iter().filter(|line| !is_played(line));
    let found = real.find_map(wakes)?;
    Some(Assessment {
        language: whole.language,
        indicators: whole.indicators.clone(),
        ..found
    })
}

fn is_played(line: &str) -> bool {
    let words = Folded::new(line).words;
    words
        .iter()
        .any(|word| PLAYED.contains(&word.text.as_str()))
}

fn assess_text(rules: &TriageRules, report: &Report<'_>) -> Assessment {
    let text = own_words(report);
    let folded = Folded::new(&text);
    let read = Read::new(rules, report, &folded);
    let learned = rules
        .trained
        .as_deref()
        .filter(|_| report.machine.is_none() && !read.only_asks_for_somebody())
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
        wish: read.wish(report, kind),
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
            if read.only_forwards() && verdict.category == Category::Other {
                // "Is dit echt?" above somebody else's mail: the lure has no name in these words.
                verdict = read.verdict.clone();
            }
            keep_earlier_words(&mut verdict, report);
            graded(rules, (report, &read.stated), base, verdict, Some(learned))
        }
        None => graded(rules, (report, &read.stated), base, read.verdict, None),
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

/// Is it about something else than before? That the first was contained says nothing of the second.
fn is_another(earlier: &Assessment, verdict: &Verdict) -> bool {
    let before = earlier.category.filter(|one| *one != Category::Other);
    verdict.confidence >= SURE && before.is_some_and(|before| before != verdict.category)
}

fn graded(
    rules: &TriageRules,
    (report, stated): (&Report<'_>, &Facts),
    mut base: Assessment,
    verdict: Verdict,
    learned: Option<&Learned<'_>>,
) -> Assessment {
    if let Some(earlier) = report.earlier
        && is_another(earlier, &verdict)
    {
        base.facts.reopen_unless(stated);
    }
    let by_rules = rules.severity_of(verdict.category, &base.facts);
    let wakes = must_page(by_rules, &base.facts);
    let in_danger = by_rules == Severity::Critical && base.facts.get(FactKey::Danger).holds();
    // Where no category can be named nothing is known that could wake somebody but the facts.
    let learned = learned.filter(|learned| learned.names_a_category() && !in_danger);
    let (now, page) = learned.map_or((by_rules, wakes), |learned| {
        learned.urgency(Ruling {
            facts: &base.facts,
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

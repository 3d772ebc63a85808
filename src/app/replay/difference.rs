//! Two decisions on one message, side by side: what differs, field by field, in words for people.
//!
//! Pure. When and by which program it was decided is no difference; nor is the version of the knowledge alone:
//! what it changed shows in the other fields.

use crate::app::ports::DecisionRecord;
use crate::domain::ticket::event::GuidanceUsed;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::facts::{FactKey, FactValue};
use crate::domain::triage::indicator::Indicator;
use serde::Serialize;

/// Characters of a version that tell it from others.
const VERSION: usize = 12;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which: `category`, `fact clicked`.
    pub field: String,
    /// What was decided then.
    pub then: String,
    /// What is decided by the replay.
    pub again: String,
}

/// What differs between a decision and its replay; nothing where they are the same.
pub fn differences(then: &DecisionRecord, again: &DecisionRecord) -> Vec<Difference> {
    let told = |(field, then): (String, String), (_, again): (String, String)| Difference {
        field,
        then,
        again,
    };
    // Both have the same fields in the same order.
    fields(then)
        .into_iter()
        .zip(fields(again))
        .filter(|((_, then), (_, again))| then != again)
        .map(|(then, again)| told(then, again))
        .collect()
}

/// `id#section@version`, with a version that people can compare.
pub fn short_name(name: &str) -> String {
    match name.rsplit_once('@') {
        Some((entry, version)) => format!("{entry}@{}", short(version)),
        None => name.to_owned(),
    }
}

/// The beginning of a version.
pub fn short(version: &str) -> String {
    version.chars().take(VERSION).collect()
}

/// A passage that a reply was made of, as `id#section@version`.
pub fn used_name(used: &GuidanceUsed) -> String {
    format!("{}#{}@{}", used.id, used.section, short(&used.version))
}

/// A fact for people: `yes (aangeklikt)`.
pub fn fact_in_words(assessment: &Assessment, key: FactKey) -> String {
    let value = match assessment.facts.get(key) {
        FactValue::Yes => "yes".to_owned(),
        FactValue::No => "no".to_owned(),
        FactValue::Unknown => "unknown".to_owned(),
        FactValue::Number(number) => number.to_string(),
    };
    let mut facts = assessment.facts.iter();
    match facts.find(|(known, _)| *known == key) {
        Some((_, fact)) if !fact.because.is_empty() => format!("{value} ({})", fact.because),
        _ => value,
    }
}

fn fields(record: &DecisionRecord) -> Vec<(String, String)> {
    let field = |name: &str, value: String| (name.to_owned(), value);
    let standing = record.standing.map(|standing| format!("{standing:?}"));
    let authentication = serde_json::to_string(&record.authentication).unwrap_or_default();
    let mut fields = vec![field("kind", record.kind.to_string())];
    fields.extend(of_assessment(record.assessment.as_ref()));
    fields.extend([
        field("signs of a machine", joined(&record.machine_because)),
        field("checks of the sender", authentication),
        field(
            "standing",
            standing.map_or_else(none, |it| it.to_lowercase()),
        ),
        field("course", record.course.clone()),
        field(
            "found",
            joined(record.found.iter().map(|it| short_name(it))),
        ),
        field("guidance", joined(record.used.iter().map(used_name))),
        field(
            "no reply because",
            record
                .silence
                .map_or_else(none, |silence| silence.to_string()),
        ),
    ]);
    fields
}

fn of_assessment(assessment: Option<&Assessment>) -> Vec<(String, String)> {
    let of = |value: fn(&Assessment) -> String| assessment.map_or_else(none, value);
    let category = of(|it| {
        it.category
            .map_or_else(none, |category| category.to_string())
    });
    let alternatives = of(|it| {
        joined(
            it.alternatives
                .iter()
                .map(|other| format!("{} {:.3}", other.category, other.confidence)),
        )
    });
    let indicators = of(|it| {
        let told = |found: &Indicator| format!("{}: {}", found.kind, found.defanged);
        joined(it.indicators.iter().map(told))
    });
    let named = [
        ("category", category),
        ("severity", of(|it| it.severity.to_string())),
        (
            "calls for a human",
            of(|it| if it.page { "yes" } else { "no" }.to_owned()),
        ),
        ("language", of(|it| it.language.to_string())),
        ("confidence", of(|it| format!("{:.3}", it.confidence))),
        ("alternatives", alternatives),
        (
            "a citizen's own problem",
            of(|it| if it.citizen { "yes" } else { "no" }.to_owned()),
        ),
        (
            "wants",
            of(|it| it.wish.map_or_else(none, |wish| wish.to_string())),
        ),
        ("because", of(|it| joined(&it.because))),
        ("indicators", indicators),
    ];
    let named = named.map(|(name, value)| (name.to_owned(), value));
    let facts = FactKey::ALL.iter().map(|key| {
        let value = assessment.map_or_else(none, |it| fact_in_words(it, *key));
        (format!("fact {key}"), value)
    });
    named.into_iter().chain(facts).collect()
}

fn none() -> String {
    "-".to_owned()
}

fn joined<S: AsRef<str>>(parts: impl IntoIterator<Item = S>) -> String {
    let parts: Vec<String> = parts
        .into_iter()
        .map(|part| part.as_ref().to_owned())
        .collect();
    if parts.is_empty() {
        none()
    } else {
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guidance::handbook::PassageKind;
    use crate::domain::intake::sender::{Authentication, Standing};
    use crate::domain::ticket::words::Silence;
    use crate::domain::triage::assessment::Alternative;
    use crate::domain::triage::category::{Category, Kind, Severity};
    use crate::domain::triage::facts::Facts;
    use crate::domain::triage::language::Language;
    use jiff::Timestamp;

    fn decision() -> DecisionRecord {
        DecisionRecord {
            at: Timestamp::UNIX_EPOCH,
            program: "0.1.0".to_owned(),
            kind: Kind::Incident,
            machine_because: Vec::new(),
            authentication: Authentication::default(),
            own_dkim: None,
            standing: Some(Standing::Proven),
            course: "new open".to_owned(),
            assessment: Some(Assessment {
                kind: Kind::Incident,
                language: Language::Nl,
                category: Some(Category::Phishing),
                confidence: 0.9,
                alternatives: Vec::new(),
                because: vec!["valse mail".to_owned()],
                facts: Facts::default(),
                severity: Severity::Medium,
                page: false,
                citizen: false,
                wish: None,
                indicators: Vec::new(),
            }),
            handbook: "v1".to_owned(),
            found: vec![format!("mfa#Wat#{}@{}", "x", "a".repeat(64))],
            used: vec![used(&"b".repeat(64))],
            silence: None,
            corrects: None,
        }
    }

    fn used(version: &str) -> GuidanceUsed {
        GuidanceUsed {
            id: "phishing".to_owned(),
            kind: PassageKind::Playbook,
            section: "Nu doen".to_owned(),
            version: version.to_owned(),
            score: 1.0,
        }
    }

    fn triaged(change: impl Fn(&mut Assessment)) -> DecisionRecord {
        let mut record = decision();
        record.assessment.iter_mut().for_each(change);
        record
    }

    fn with(change: impl Fn(&mut DecisionRecord)) -> DecisionRecord {
        let mut record = decision();
        change(&mut record);
        record
    }

    /// What changed, the field, and its words then and again.
    type Row = (DecisionRecord, &'static str, &'static str, &'static str);

    fn of_no_consequence() -> Vec<Row> {
        let later = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1);
        vec![
            (decision(), "", "", ""),
            (with(|it| it.at = later), "", "", ""),
            (with(|it| it.program = "9.0.0".to_owned()), "", "", ""),
            (with(|it| it.handbook = "v2".to_owned()), "", "", ""),
            // Reading a number back may move its last digit.
            (triaged(|it| it.confidence = 0.900_000_01), "", "", ""),
        ]
    }

    fn of_triage() -> Vec<Row> {
        let malware = || Alternative {
            category: Category::Malware,
            confidence: 0.05,
        };
        let clicked = |it: &mut Assessment| {
            it.facts.state(FactKey::Clicked, FactValue::Yes, "geklikt");
        };
        vec![
            (
                triaged(|it| it.category = None),
                "category",
                "phishing",
                "-",
            ),
            (
                triaged(|it| it.severity = Severity::High),
                "severity",
                "medium",
                "high",
            ),
            (
                triaged(|it| it.page = true),
                "calls for a human",
                "no",
                "yes",
            ),
            (
                triaged(|it| it.language = Language::Fr),
                "language",
                "nl",
                "fr",
            ),
            (
                triaged(|it| it.confidence = 0.5),
                "confidence",
                "0.900",
                "0.500",
            ),
            (
                triaged(|it| it.citizen = true),
                "a citizen's own problem",
                "no",
                "yes",
            ),
            (
                triaged(|it| it.because.clear()),
                "because",
                "valse mail",
                "-",
            ),
            (
                triaged(|it| it.alternatives.push(malware())),
                "alternatives",
                "-",
                "malware 0.050",
            ),
            (triaged(clicked), "fact clicked", "unknown", "yes (geklikt)"),
        ]
    }

    fn of_what_follows() -> Vec<Row> {
        let sign = |it: &mut DecisionRecord| it.machine_because.push("auto-submitted".to_owned());
        let other_version = |it: &mut DecisionRecord| it.used = vec![used("c")];
        let old = "phishing#Nu doen@bbbbbbbbbbbb";
        vec![
            (
                with(|it| it.kind = Kind::Question),
                "kind",
                "incident",
                "question",
            ),
            (with(sign), "signs of a machine", "-", "auto-submitted"),
            (with(|it| it.standing = None), "standing", "proven", "-"),
            (
                with(|it| it.course = "pen hold".to_owned()),
                "course",
                "new open",
                "pen hold",
            ),
            (
                with(|it| it.found.clear()),
                "found",
                "mfa#Wat#x@aaaaaaaaaaaa",
                "-",
            ),
            (with(other_version), "guidance", old, "phishing#Nu doen@c"),
            (
                with(|it| it.silence = Some(Silence::TooOld)),
                "no reply because",
                "-",
                "too-old",
            ),
        ]
    }

    #[test]
    fn each_field_that_differs_is_told_with_both_values() {
        let rows = [of_no_consequence(), of_triage(), of_what_follows()].concat();
        for (again, field, then, now) in rows {
            let found = differences(&decision(), &again);
            let expected = (!field.is_empty()).then(|| Difference {
                field: field.to_owned(),
                then: then.to_owned(),
                again: now.to_owned(),
            });
            assert_eq!(found, Vec::from_iter(expected));
        }
    }

    #[test]
    fn without_triage_on_one_side_every_field_of_it_differs() {
        let found = differences(&decision(), &with(|it| it.assessment = None));
        let fields: Vec<&str> = found.iter().map(|it| it.field.as_str()).collect();
        assert!(
            fields.contains(&"category") && fields.contains(&"fact clicked"),
            "{fields:?}"
        );
    }
}

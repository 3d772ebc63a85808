//! Whole replies as people read them.

use crate::adapters::knowledge::shipped::knowledge;
use crate::app::ports::knowledge::Knowledge;
use crate::domain::guidance::fit::fit;
use crate::domain::guidance::reply::{MOST_LINES, RenderedMail, ReplyPlan, Template};
use crate::domain::guidance::select::{Occasion, Turn, plan_answer, plan_guidance, plan_notice};
use crate::domain::intake::sender::Standing;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::facts::{FactKey, FactValue, Facts};
use crate::domain::triage::language::Language;
use std::collections::BTreeSet;

fn assessment(category: Category, language: Language, facts: Facts) -> Assessment {
    Assessment {
        kind: Kind::Incident,
        language,
        category: Some(category),
        confidence: 0.9,
        alternatives: Vec::new(),
        because: Vec::new(),
        facts,
        severity: Severity::High,
        page: true,
        citizen: false,
        indicators: Vec::new(),
    }
}

fn reply(
    assessment: &Assessment,
    standing: Standing,
    turn: Turn,
    said: &BTreeSet<String>,
) -> (ReplyPlan, RenderedMail) {
    let number = "CRT-2026-0042".parse().unwrap();
    let passages = knowledge()
        .search("ransomware back-up terugzetten", assessment.language, 4)
        .unwrap();
    let occasion = Occasion {
        turn,
        assessment,
        standing,
        number: Some(&number),
        subject: "hulp gevraagd",
        said,
        late_hours: Some(5),
        passages: &passages,
    };
    let (plan, _) = plan_guidance(&knowledge().handbook(), &occasion).unwrap();
    fit(plan, |plan| knowledge().render(plan)).unwrap()
}

fn first(category: Category, language: Language, facts: Facts) -> String {
    let assessment = assessment(category, language, facts);
    let (_, mail) = reply(&assessment, Standing::Proven, Turn::First, &BTreeSet::new());
    format!("{}\n--\n{}", mail.subject, mail.text)
}

#[test]
fn show() {
    for c in [Category::Phishing, Category::Ransomware, Category::Ddos] {
        for l in [Language::Nl, Language::Fr, Language::En] {
            println!("=== {c} {l}\n{}", first(c, l, Facts::default()));
        }
    }
    for t in [
        Template::NoAnswer,
        Template::Citizen,
        Template::Subscription,
    ] {
        for l in [Language::Nl, Language::Fr, Language::En] {
            let m = knowledge().render(&plan_notice(t, l, "vraag")).unwrap();
            println!("=== {t} {l} {}\n{}", m.subject, m.text);
        }
    }
    let p = knowledge()
        .search("Hoe vaak moeten we back-ups testen?", Language::Nl, 3)
        .unwrap();
    let (p, _) = plan_answer(Language::Fr, "x", &p).unwrap();
    let (_, m) = fit(p, |plan| knowledge().render(plan)).unwrap();
    println!("{}\n{} {}", m.text, m.line_count(), MOST_LINES);
    let _ = (FactKey::Paid, FactValue::Yes);
}

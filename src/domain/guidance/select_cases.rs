//! Whom a reply tells what: the choice over facts, standing and what was said before.
//!
//! Longer than 400 lines because every case stands on the one made-up handbook at the top.

use crate::domain::duty::{Duty, DutyId};
use crate::domain::guidance::contacts::{Contact, Contacts};
use crate::domain::guidance::handbook::{Handbook, Passage, PassageKind};
use crate::domain::guidance::playbook::{Block, DutyTrigger, Item, Playbook, Question, Wording};
use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::guidance::select::{
    Occasion, Turn, duties_touched, plan_answer, plan_guidance, plan_notice, still_used,
};
use crate::domain::ids::TicketNumber;
use crate::domain::intake::message::Arrived;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::dialogue::Talk;
use crate::domain::ticket::event::GuidanceUsed;
use crate::domain::triage::assessment::{Assessment, Channel, ChannelTrust};
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::condition::Condition;
use crate::domain::triage::facts::Facts;
use crate::domain::triage::facts::{FactKey, FactValue};
use crate::domain::triage::language::Language;
use crate::domain::triage::lexicon::{Lexicon, TriageRules};
use crate::domain::triage::severity::SeverityRules;
use std::collections::{BTreeMap, BTreeSet};

fn same(text: &str) -> Wording {
    Wording {
        nl: text.into(),
        fr: text.into(),
        en: text.into(),
    }
}

fn item(when: &str, text: &str) -> Item {
    Item {
        when: (!when.is_empty()).then(|| Condition::parse(when).unwrap()),
        text: text.into(),
    }
}

fn question(fact: FactKey, text: &str) -> Question {
    Question {
        id: text.into(),
        fact,
        text: Wording {
            nl: text.into(),
            fr: text.into(),
            en: text.into(),
        },
    }
}

fn playbook(category: Category) -> Playbook {
    let now = vec![
        item("", "Bel [[crt]]."),
        item("paid", "Bel de bank."),
        item("not paid", "Betaal niet."),
        item("unknown clicked", "Klik niet."),
        item("", "Vier."),
        item("", "Vijf."),
        item("", "Zes."),
    ];
    let four = || (1..=4).map(|n| item("", &format!("{n}."))).collect();
    let items = [
        (Block::Now, now),
        (Block::Avoid, four()),
        (Block::Keep, four()),
        (Block::Notify, four()),
    ];
    let trigger = |id: &str, when: &str| DutyTrigger {
        id: DutyId(id.into()),
        when: (!when.is_empty()).then(|| Condition::parse(when).unwrap()),
    };
    Playbook {
        category,
        version: "v".into(),
        title: same("t"),
        line: same("l"),
        rsit: Vec::new(),
        severity: SeverityRules {
            default: Severity::Medium,
            rules: Vec::new(),
        },
        questions: vec![
            question(FactKey::Paid, "Betaald?"),
            question(FactKey::Clicked, "Geklikt?"),
            question(FactKey::Ongoing, "Nu nog?"),
            question(FactKey::AdminRights, "Beheerder?"),
        ],
        duties: vec![
            trigger("loose", ""),
            trigger("gdpr", "personal_data"),
            trigger("nis2", ""),
        ],
        tracks: BTreeMap::new(),
        items: items
            .into_iter()
            .map(|(block, items)| ((Language::Nl, block), items))
            .collect(),
    }
}

fn handbook() -> Handbook {
    let duty = |id: &str, hours| Duty {
        id: DutyId(id.into()),
        clock: same(id),
        deadline_hours: hours,
        ..Duty::default()
    };
    let contact = Contact {
        id: "crt".into(),
        text: same("ons"),
        checked_on: String::new(),
    };
    Handbook {
        version: "v".into(),
        playbooks: [Category::Phishing, Category::Ransomware]
            .map(|category| (category, playbook(category)))
            .into(),
        contacts: Contacts([("crt".to_owned(), contact)].into()),
        duties: [
            duty("loose", None),
            duty("gdpr", Some(72)),
            duty("nis2", Some(24)),
        ]
        .map(|duty| (duty.id.clone(), duty))
        .into(),
        triage: TriageRules {
            lexicon: Lexicon::default(),
            severity: BTreeMap::new(),
            trained: None,
        },
    }
}

fn assessment(category: Category, facts: &[(FactKey, FactValue)]) -> Assessment {
    let mut known = Facts::default();
    for (key, value) in facts {
        known.state(*key, *value, "");
    }
    Assessment {
        kind: Kind::Incident,
        language: Language::Und,
        category: Some(category),
        confidence: 1.0,
        alternatives: Vec::new(),
        because: Vec::new(),
        facts: known,
        severity: Severity::High,
        page: true,
        citizen: false,
        wish: None,
        indicators: Vec::new(),
    }
}

fn passage(id: &str, kind: PassageKind, score: f64) -> Passage {
    Passage {
        id: id.into(),
        kind,
        section: "s".into(),
        title: id.into(),
        version: "v".into(),
        url: None,
        score,
        sureness: 1.0,
        text: "Een zin.".into(),
    }
}

fn plan(
    turn: Turn,
    standing: Standing,
    assessment: &Assessment,
    said: &[&str],
) -> (ReplyPlan, Vec<GuidanceUsed>) {
    let number = TicketNumber::new("CRT", 2026, 42);
    let said = said.iter().map(|line| (*line).to_owned()).collect();
    let passages = [
        passage("phishing", PassageKind::Playbook, 3.0),
        passage("mfa", PassageKind::Memo, 2.0),
        passage("mfa", PassageKind::Memo, 1.5),
        passage("siem", PassageKind::Memo, 1.0),
        passage("wifi", PassageKind::Memo, 0.5),
    ];
    let occasion = Occasion {
        assessment,
        standing,
        channel: assessment.channel(),
        number: Some(&number),
        subject: "Help\r\nBcc: x",
        said: &said,
        late_hours: None,
        arrived: Arrived::Whole,
        passages: &passages,
        paged: false,
        way: Channel::Mail,
        talk: Talk::Open,
    };
    plan_guidance(&handbook(), turn, &occasion).unwrap()
}

/// What is chosen for a question, or for a notice.
fn asking<'a>(
    assessment: &'a Assessment,
    said: &'a BTreeSet<String>,
    subject: &'a str,
    passages: &'a [Passage],
) -> Occasion<'a> {
    Occasion {
        assessment,
        standing: Standing::Proven,
        channel: ChannelTrust::Unsuspected,
        number: None,
        subject,
        said,
        late_hours: None,
        arrived: Arrived::Whole,
        passages,
        paged: false,
        way: Channel::Mail,
        talk: Talk::Open,
    }
}

#[test]
fn the_facts_choose_the_lines_within_their_budget() {
    for (facts, now) in [
        (&[][..], "Bel ons. Klik niet. Vier. Vijf. Zes."),
        (
            &[(FactKey::Paid, FactValue::Yes)][..],
            "Bel ons. Bel de bank. Klik niet. Vier. Vijf.",
        ),
        (
            &[
                (FactKey::Paid, FactValue::No),
                (FactKey::Clicked, FactValue::No),
            ][..],
            "Bel ons. Betaal niet. Vier. Vijf. Zes.",
        ),
    ] {
        let assessment = assessment(Category::Phishing, facts);
        let (plan, _) = plan(Turn::First, Standing::Proven, &assessment, &[]);
        assert_eq!(plan.now.join(" "), now);
        assert_eq!(
            (plan.avoid.len(), plan.keep.len(), plan.notify.len()),
            (3, 2, 2)
        );
    }
}

#[test]
fn only_what_is_unknown_is_asked() {
    let facts = [
        (FactKey::Paid, FactValue::No),
        (FactKey::Ongoing, FactValue::Unknown),
    ];
    let assessment = assessment(Category::Phishing, &facts);
    let (plan, _) = plan(Turn::First, Standing::Proven, &assessment, &[]);
    assert_eq!(plan.questions, ["Geklikt?", "Nu nog?", "Beheerder?"]);
}

#[test]
fn who_is_proven_sees_more() {
    use Category::{Phishing, Ransomware};
    use Template::{FollowUp, Guidance, GuidanceNeutral, GuidancePublic};
    // Turn, standing, category; then template, number and subject shown, clocks, memos named.
    for (turn, standing, category, template, ticket, clocks, memos) in [
        (
            Turn::First,
            Standing::Proven,
            Phishing,
            Guidance,
            true,
            2,
            2,
        ),
        (
            Turn::First,
            Standing::Proven,
            Ransomware,
            GuidanceNeutral,
            false,
            2,
            0,
        ),
        (
            Turn::First,
            Standing::Listed,
            Phishing,
            GuidancePublic,
            false,
            0,
            0,
        ),
        (
            Turn::First,
            Standing::Unknown,
            Ransomware,
            GuidancePublic,
            false,
            0,
            0,
        ),
        (
            Turn::FollowUp,
            Standing::Proven,
            Phishing,
            FollowUp,
            true,
            2,
            2,
        ),
        (
            Turn::FollowUp,
            Standing::Proven,
            Ransomware,
            FollowUp,
            false,
            2,
            0,
        ),
        (
            Turn::FollowUp,
            Standing::Unknown,
            Phishing,
            FollowUp,
            false,
            0,
            0,
        ),
    ] {
        let assessment = assessment(category, &[]);
        let (plan, used) = plan(turn, standing, &assessment, &[]);
        let case = format!("{turn:?} {standing:?} {category}");
        assert_eq!(plan.template, template, "{case}");
        assert_eq!(plan.number.is_some(), ticket, "{case}");
        assert_eq!(plan.subject.is_some(), ticket, "{case}");
        assert_eq!(
            (plan.clocks.len(), plan.duties.len()),
            (clocks, clocks),
            "{case}"
        );
        assert_eq!(plan.reading.len(), memos, "{case}");
        assert_eq!(used.len(), 1 + memos, "{case}");
    }
}

#[test]
fn running_clocks_come_first() {
    let facts = [(FactKey::PersonalData, FactValue::Yes)];
    let assessment = assessment(Category::Phishing, &facts);
    let (plan, _) = plan(Turn::First, Standing::Proven, &assessment, &[]);
    assert_eq!(plan.clocks, ["gdpr", "nis2"]);
    let touched = duties_touched(&playbook(Category::Phishing), &assessment.facts);
    assert_eq!(touched.len(), 3);
}

#[test]
fn what_was_said_is_not_said_again() {
    let assessment = assessment(Category::Phishing, &[(FactKey::Paid, FactValue::Yes)]);
    let said = ["Bel ons.", "Klik niet.", "1.", "gdpr", "nis2"];
    let (plan, used) = plan(Turn::FollowUp, Standing::Proven, &assessment, &said);
    assert_eq!(plan.now, ["Bel de bank.", "Vier.", "Vijf.", "Zes."]);
    assert_eq!(plan.avoid, ["2.", "3.", "4."]);
    assert_eq!(plan.clocks, ["loose"]);
    assert_eq!(used.first().unwrap().section, "Nu doen");
}

#[test]
fn a_subject_comes_back_on_one_line() {
    let assessment = assessment(Category::Phishing, &[]);
    let (plan, _) = plan(Turn::First, Standing::Proven, &assessment, &[]);
    assert_eq!(plan.subject.as_deref(), Some("Help Bcc: x"));
    let nothing = BTreeSet::new();
    let empty = asking(&assessment, &nothing, " \n\t\u{0} ", &[]);
    assert_eq!(plan_notice(Template::NoAnswer, &empty).subject, None);
}

#[test]
fn a_subject_comes_back_only_to_a_proven_sender_with_a_mailbox_of_his_own() {
    let assessment = assessment(Category::Phishing, &[]);
    let nothing = BTreeSet::new();
    let own = asking(&assessment, &nothing, "hulp", &[]);
    for (standing, channel, expected) in [
        (Standing::Proven, ChannelTrust::Unsuspected, Some("hulp")),
        (Standing::Proven, ChannelTrust::Suspect, None),
        // Anybody could write a victim's address above his own words.
        (Standing::Listed, ChannelTrust::Unsuspected, None),
        (Standing::Unknown, ChannelTrust::Unsuspected, None),
    ] {
        let occasion = Occasion {
            standing,
            channel,
            ..own
        };
        let plan = plan_notice(Template::NoAnswer, &occasion);
        assert_eq!(
            plan.subject.as_deref(),
            expected,
            "{standing:?} {channel:?}"
        );
    }
}

#[test]
fn an_answer_has_two_sections_where_both_fit() {
    let close = [
        passage("mfa", PassageKind::Memo, 2.0),
        passage("siem", PassageKind::Memo, 1.9),
        passage("wifi", PassageKind::Memo, 1.8),
    ];
    let (assessment, nothing) = (assessment(Category::Other, &[]), BTreeSet::new());
    let answer = |passages| plan_answer(&asking(&assessment, &nothing, "", passages));
    let (plan, used) = answer(&close).unwrap();
    assert_eq!((plan.reading.len(), used.len()), (2, 2));
    let far = [
        passage("mfa", PassageKind::Memo, 2.0),
        passage("siem", PassageKind::Memo, 0.5),
    ];
    let (plan, used) = answer(&far).unwrap();
    assert_eq!(plan.reading.first().unwrap().text, "Een zin.");
    assert_eq!(still_used(used, &plan).len(), 1);
    assert_eq!(answer(&[]), None);
}

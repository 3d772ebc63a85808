//! Whole replies as people read them: their bounds for every playbook, and the texts of the main ones.
//!
//! Longer than 400 lines because it is one list: whoever asks how a reply reads finds it here.

use crate::adapters::knowledge::base::KnowledgeBase;
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::shipped::{knowledge, look_for};
use crate::app::ports::knowledge::Knowledge;
use crate::domain::guidance::fit::fit;
use crate::domain::guidance::handbook::Passage;
use crate::domain::guidance::playbook::Block;
use crate::domain::guidance::reply::{MOST_LINES, RenderedMail, ReplyPlan, Template};
use crate::domain::guidance::select::{Occasion, Turn, plan_answer, plan_guidance, plan_notice};
use crate::domain::intake::message::Arrived;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::dialogue::Talk;
use crate::domain::triage::assessment::{Assessment, Channel};
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::facts::{FactKey, FactValue, Facts};
use crate::domain::triage::language::Language;
use crate::domain::triage::severity::must_page;
use regex::Regex;
use std::collections::BTreeSet;

const NOBODY: &BTreeSet<String> = &BTreeSet::new();

/// Words that give a verdict or blame.
fn forbidden() -> Regex {
    Regex::new(
        r"(?i)\b(veilig|veilige|safe|safely|sûr|sûre|sûrs|sûres|onschuldig|harmless|inoffensif|uw schuld|had niet mogen|your fault|votre faute)\b",
    )
    .unwrap()
}

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
        wish: None,
        indicators: Vec::new(),
    }
}

fn reply(
    knowledge: &KnowledgeBase,
    assessment: &Assessment,
    standing: Standing,
    turn: Turn,
    said: &BTreeSet<String>,
) -> (ReplyPlan, RenderedMail) {
    let number = "CRT-2026-0042".parse().unwrap();
    let passages = look_for("back-up terugzetten", assessment.language, 4);
    let occasion = Occasion {
        assessment,
        standing,
        channel: assessment.channel(),
        number: Some(&number),
        subject: "hulp gevraagd",
        said,
        late_hours: None,
        arrived: Arrived::Whole,
        passages: &passages,
        paged: false,
        way: Channel::Mail,
        talk: Talk::Open,
    };
    let (plan, _) = plan_guidance(&knowledge.handbook(), turn, &occasion).unwrap();
    fit(plan, |plan| knowledge.render(plan)).unwrap()
}

/// A notice in a language, to a proven sender whose mail had this subject.
fn notice(template: Template, language: Language, subject: &str) -> ReplyPlan {
    let assessment = assessment(Category::Other, language, Facts::default());
    plan_notice(template, &asking(&assessment, subject, &[]))
}

fn asking<'a>(
    assessment: &'a Assessment,
    subject: &'a str,
    passages: &'a [Passage],
) -> Occasion<'a> {
    Occasion {
        assessment,
        standing: Standing::Proven,
        channel: assessment.channel(),
        number: None,
        subject,
        said: NOBODY,
        late_hours: None,
        arrived: Arrived::Whole,
        passages,
        paged: false,
        way: Channel::Mail,
        talk: Talk::Open,
    }
}

fn stated(value: FactValue) -> Facts {
    let mut facts = Facts::default();
    for key in FactKey::ALL {
        facts.state(*key, value, "");
    }
    facts
}

/// Facts drawn by a small generator, so that a failure comes back.
fn drawn(seed: u64) -> Facts {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut facts = Facts::default();
    for key in FactKey::ALL {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let value = match state % 4 {
            0 => FactValue::Yes,
            1 => FactValue::No,
            2 => FactValue::Number(state / 7 % 2_000),
            _ => FactValue::Unknown,
        };
        facts.state(*key, value, "");
    }
    facts
}

#[test]
fn every_reply_is_short_starts_with_an_action_and_gives_no_verdict() {
    let forbidden = forbidden();
    let standings = [Standing::Proven, Standing::Unknown];
    for category in Category::ALL {
        for language in Language::OF_REPLIES {
            let mut cases = vec![
                Facts::default(),
                stated(FactValue::Yes),
                stated(FactValue::No),
                stated(FactValue::Number(5_000)),
            ];
            cases.extend((1..13).map(drawn));
            for (facts, standing) in cases.into_iter().zip(standings.into_iter().cycle()) {
                let assessment = assessment(*category, language, facts);
                let (plan, mail) = reply(knowledge(), &assessment, standing, Turn::First, NOBODY);
                let case = format!("{category} {language} {standing:?}\n{}", mail.text);
                assert!(mail.line_count() <= MOST_LINES, "{case}");
                assert_eq!(
                    mail.text.lines().next(),
                    plan.now.first().map(String::as_str),
                    "{case}"
                );
                assert!(!forbidden.is_match(&mail.text), "{case}");
                assert!(!mail.text.contains("[["), "{case}");
                assert!(!mail.text.contains("\n\n\n"), "{case}");
                assert!(mail.subject.starts_with("Auto: "), "{case}");
                let shows_number = mail.text.contains("0042") || mail.subject.contains("0042");
                assert_eq!(shows_number, plan.template == Template::Guidance, "{case}");
            }
        }
    }
}

#[test]
fn no_playbook_gives_a_verdict_or_blames() {
    let forbidden = forbidden();
    let handbook = knowledge().handbook();
    let mut wrong = Vec::new();
    for playbook in handbook.playbooks.values() {
        for language in Language::OF_REPLIES {
            for block in Block::ALL {
                for item in playbook.block(language, block) {
                    if forbidden.is_match(&item.text) || item.text.chars().count() > 150 {
                        wrong.push(format!("{} {language}: {}", playbook.category, item.text));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_follow_up_says_only_what_is_new() {
    for category in Category::ALL {
        for language in Language::OF_REPLIES {
            let before = assessment(*category, language, Facts::default());
            let (plan, _) = reply(knowledge(), &before, Standing::Proven, Turn::First, NOBODY);
            let said: BTreeSet<String> = [&plan.now, &plan.avoid, &plan.keep, &plan.notify]
                .into_iter()
                .flatten()
                .cloned()
                .collect();
            let after = assessment(*category, language, stated(FactValue::Yes));
            let (_, mail) = reply(knowledge(), &after, Standing::Proven, Turn::FollowUp, &said);
            assert!(mail.line_count() <= MOST_LINES, "{}", mail.text);
            for line in &said {
                assert!(
                    !mail.text.contains(line.as_str()),
                    "{line} in\n{}",
                    mail.text
                );
            }
        }
    }
}

#[test]
fn without_a_phone_or_hours_every_mail_still_reads_well() {
    let bare = KnowledgeBase::embedded(OrganisationWords::default()).unwrap();
    for language in Language::OF_REPLIES {
        for template in Template::ALL {
            let mut plan = notice(*template, language, "");
            plan.now.push("Eerste stap.".to_owned());
            let text = bare.render(&plan).unwrap().text;
            for hole in ["  ", " .", "()", " ,", "Bel .", "None", "none"] {
                assert!(
                    !text.contains(hole),
                    "{template} {language}: {hole:?} in\n{text}"
                );
            }
        }
    }
}

#[test]
fn answers_stay_within_their_bounds() {
    for question in [
        "Hoe testen we back-ups?",
        "Mag TikTok nog?",
        "Hebben wij een SIEM nodig?",
    ] {
        for language in Language::OF_REPLIES {
            let passages = look_for(question, Language::Nl, 3);
            let assessment = assessment(Category::Other, language, Facts::default());
            let asking = asking(&assessment, question, &passages);
            let (plan, used) = plan_answer(&asking).unwrap();
            let (plan, mail) = fit(plan, |plan| knowledge().render(plan)).unwrap();
            assert!(mail.line_count() <= MOST_LINES, "{}", mail.text);
            assert!(!plan.reading.is_empty() && !used.is_empty());
            assert!(plan.reading.iter().all(|reading| !reading.text.is_empty()));
        }
    }
}

#[test]
fn hostile_words_stay_words() {
    let mut plan = notice(
        Template::Guidance,
        Language::Nl,
        "{{ team }} {% raw %} [[police]]",
    );
    plan.now.push("{{ phone }} <b>".to_owned());
    let mail = knowledge().render(&plan).unwrap();
    assert!(mail.subject.contains("{{ team }} {% raw %} [[police]]"));
    assert!(mail.text.starts_with("{{ phone }} <b>\n"));
}

fn shown(category: Category, language: Language, facts: Facts, standing: Standing) -> String {
    let severity = knowledge().handbook().triage.severity_of(category, &facts);
    let page = must_page(severity, &facts);
    let assessment = Assessment {
        severity,
        page,
        ..assessment(category, language, facts)
    };
    let (_, mail) = reply(knowledge(), &assessment, standing, Turn::First, NOBODY);
    format!("{}\n\n{}", mail.subject, mail.text)
}

/// Everything that makes it worse, and nothing that makes it better.
fn worst() -> Facts {
    let mut facts = stated(FactValue::Yes);
    facts.state(FactKey::PeopleAffected, FactValue::Number(5_000), "");
    facts.state(FactKey::Contained, FactValue::No, "");
    facts.state(FactKey::EncryptedDevice, FactValue::No, "");
    facts.state(FactKey::CauseKnown, FactValue::No, "");
    // "Call 112" is the first line of every playbook where life is in danger; here the rest is to be read.
    facts.state(FactKey::Danger, FactValue::Unknown, "");
    facts
}

/// Over, and nothing else is known.
fn contained() -> Facts {
    let mut facts = Facts::default();
    facts.state(FactKey::Contained, FactValue::Yes, "");
    facts.state(FactKey::Ongoing, FactValue::No, "");
    facts
}

#[test]
fn the_reply_of_each_playbook_reads_like_this() {
    for category in Category::ALL {
        for language in Language::OF_REPLIES {
            let cases = [
                ("nothing known", Facts::default()),
                ("the worst", worst()),
                ("contained", contained()),
            ];
            let replies = cases.map(|(name, facts)| {
                let reply = shown(*category, language, facts, Standing::Proven);
                format!("=== {name}\n{reply}")
            });
            insta::assert_snapshot!(
                format!("playbook-{category}-{language}"),
                replies.join("\n")
            );
        }
    }
    for language in Language::OF_REPLIES {
        let public = shown(
            Category::Ransomware,
            language,
            Facts::default(),
            Standing::Unknown,
        );
        insta::assert_snapshot!(format!("public-{language}"), public);
    }
}

#[test]
fn the_notices_read_like_this() {
    for language in Language::OF_REPLIES {
        for template in [
            Template::NoAnswer,
            Template::Citizen,
            Template::Subscription,
            Template::FollowUp,
            Template::CannotOpen,
            Template::NoKeyOfYours,
            Template::KeyChanged,
            Template::TooLarge,
            Template::FalseAlarm,
        ] {
            let plan = notice(template, language, "een vraag");
            let mail = knowledge().render(&plan).unwrap();
            let text = format!("{}\n\n{}", mail.subject, mail.text);
            insta::assert_snapshot!(format!("{template}-{language}"), text);
        }
        let called = |plan: ReplyPlan| ReplyPlan {
            paged: true,
            handed_over: true,
            ..plan
        };
        for template in [Template::FollowUp, Template::FalseAlarm] {
            let plan = called(notice(template, language, "een vraag"));
            let mail = knowledge().render(&plan).unwrap();
            insta::assert_snapshot!(format!("called-{template}-{language}"), mail.text);
        }
    }
}

#[test]
fn whoever_sent_too_much_reads_what_to_do_with_it() {
    for language in Language::OF_REPLIES {
        for (standing, name) in [(Standing::Proven, "proven"), (Standing::Unknown, "public")] {
            for category in [Category::DataBreach, Category::AccountCompromise] {
                let assessment = assessment(category, language, Facts::default());
                let (mut plan, _) = reply(knowledge(), &assessment, standing, Turn::First, NOBODY);
                plan.arrived = Arrived::Beginning;
                let (_, mail) = fit(plan, |plan| knowledge().render(plan)).unwrap();
                assert!(mail.line_count() <= MOST_LINES, "{}", mail.text);
                insta::assert_snapshot!(
                    format!("beginning-{category}-{name}-{language}"),
                    mail.text
                );
            }
        }
        for template in [Template::FollowUp, Template::NoAnswer] {
            let mut plan = notice(template, language, "een vraag");
            plan.arrived = Arrived::Beginning;
            let mail = knowledge().render(&plan).unwrap();
            insta::assert_snapshot!(format!("beginning-{template}-{language}"), mail.text);
        }
    }
}

#[test]
fn the_words_of_chat_read_like_this() {
    for language in Language::OF_REPLIES {
        for template in [
            Template::Apart,
            Template::ApartAlready,
            Template::Hello,
            Template::Unreadable,
            Template::ConfirmDevice,
            Template::FirstSteps,
            Template::NotReached,
            Template::NoAnswer,
            Template::FalseAlarm,
        ] {
            let plan = notice(template, language, "").by(Channel::Chat);
            let text = knowledge().render(&plan).unwrap().text;
            assert!(!forbidden().is_match(&text), "{text}");
            insta::assert_snapshot!(format!("chat-{template}-{language}"), text);
        }
        let assessment = assessment(Category::DataBreach, language, Facts::default());
        for (turn, name) in [(Turn::First, "first"), (Turn::FollowUp, "follow-up")] {
            let (plan, _) = reply(knowledge(), &assessment, Standing::Proven, turn, NOBODY);
            let mail = knowledge().render(&plan.by(Channel::Chat)).unwrap();
            assert!(mail.line_count() <= MOST_LINES, "{}", mail.text);
            insta::assert_snapshot!(format!("chat-{name}-{language}"), mail.text);
        }
        let passages = look_for("Hebben wij een SIEM nodig?", Language::Nl, 2);
        let asking = asking(&assessment, "", &passages[1..]);
        for template in [Template::Answer, Template::LobbyAnswer] {
            let (plan, _) = plan_answer(&asking).unwrap();
            let plan = ReplyPlan { template, ..plan }.by(Channel::Chat);
            let (_, mail) = fit(plan, |plan| knowledge().render(plan)).unwrap();
            insta::assert_snapshot!(format!("chat-{template}-{language}"), mail.text);
        }
    }
}

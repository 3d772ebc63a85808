//! The choice of what a reporter is told: which lines of the playbook, which questions, clocks and memos.
//!
//! Pure choice among texts that are already written. What a mail looks like around them stands in
//! `knowledge/replies/`; how it is cut to size stands in `guidance::fit`; whether anything is said at
//! all is decided in `ticket::decide`.

use crate::domain::duty::{Duty, DutyId};
use crate::domain::guidance::contacts::UnknownContact;
use crate::domain::guidance::excerpt::excerpt;
use crate::domain::guidance::handbook::{Handbook, Passage, PassageKind};
use crate::domain::guidance::playbook::{Block, Playbook};
use crate::domain::guidance::reply::{Reading, ReplyPlan, Template};
use crate::domain::ids::TicketNumber;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::event::GuidanceUsed;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::Category;
use crate::domain::triage::facts::Facts;
use crate::domain::triage::language::Language;
use std::collections::BTreeSet;

/// Most questions in one mail: more are not answered.
const MOST_QUESTIONS: usize = 3;
/// Most legal clocks in one mail; the expert gets all of them.
const MOST_CLOCKS: usize = 2;
/// Most hints for further reading, and most sections in an answer.
const MOST_READING: usize = 2;
/// Lines of memo text in an answer; with the words around them the mail stays within its bound.
const ANSWER_LINES: usize = 16;
/// A second section is shown only where it fits nearly as well as the first.
const SECOND_SECTION_WORTH: f64 = 0.6;

/// Is this the first help on a ticket, or a step in the dialogue?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The first help.
    First,
    /// The reporter wrote again.
    FollowUp,
}

/// What guidance is chosen for.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// First help or dialogue.
    pub turn: Turn,
    /// What triage made of it, earlier messages included.
    pub assessment: &'a Assessment,
    /// What is proven about the sender.
    pub standing: Standing,
    /// The ticket's number, shown only to who may have it.
    pub number: Option<&'a TicketNumber>,
    /// The subject of the reporter's mail, shown only to who may see it come back.
    pub subject: &'a str,
    /// Lines that the reporter already has.
    pub said: &'a BTreeSet<String>,
    /// Whole hours since the mail was sent, where that is more than one.
    pub late_hours: Option<u32>,
    /// What search found with the reporter's own words, best first.
    pub passages: &'a [Passage],
}

/// Why no guidance could be chosen: the knowledge is incomplete. The loader refuses such knowledge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A category has no playbook.
    #[error("there is no playbook for {0}")]
    NoPlaybook(Category),
    /// A text names a contact that doesn't exist.
    #[error(transparent)]
    UnknownContact(#[from] UnknownContact),
}

/// Chooses the first help, or the next steps in a dialogue.
///
/// # Errors
/// Only for knowledge that the loader would refuse.
pub fn plan_guidance(
    handbook: &Handbook,
    occasion: &Occasion<'_>,
) -> Result<(ReplyPlan, Vec<GuidanceUsed>), PlanError> {
    let assessment = occasion.assessment;
    let category = assessment.category.unwrap_or(Category::Other);
    let playbook = handbook
        .playbooks
        .get(&category)
        .ok_or(PlanError::NoPlaybook(category))?;
    let language = assessment.language.for_reply();
    let choice = Choice {
        handbook,
        playbook,
        facts: &assessment.facts,
        language,
        said: occasion.said,
    };
    let template = template_for(occasion.turn, occasion.standing, category);
    let shown = Shown::to_reader(occasion.standing, category);
    let mut plan = ReplyPlan::blank(template, language);
    plan.line = choice.fill(playbook.line.in_language(language))?;
    plan.now = choice.lines(Block::Now)?;
    plan.avoid = choice.lines(Block::Avoid)?;
    plan.keep = choice.lines(Block::Keep)?;
    plan.notify = choice.lines(Block::Notify)?;
    plan.questions = choice.questions()?;
    plan.late_hours = occasion.late_hours;
    plan.urgent = assessment.page;
    if shown.clocks() {
        (plan.duties, plan.clocks) = choice.clocks()?.into_iter().unzip();
    }
    if shown.ticket() {
        plan.number = occasion.number.cloned();
        plan.subject = one_line(occasion.subject);
        plan.reading = hints(occasion.passages);
    }
    let mut used = Vec::new();
    used.extend(playbook_used(playbook, &plan));
    used.extend(memos_used(occasion.passages, &plan));
    Ok((plan, used))
}

/// Chooses the answer to a question: at most two sections, cut at the end of a sentence. `None` where
/// nothing was found, which is a case for [`plan_notice`] with [`Template::NoAnswer`].
pub fn plan_answer(
    language: Language,
    subject: &str,
    passages: &[Passage],
) -> Option<(ReplyPlan, Vec<GuidanceUsed>)> {
    let first = passages.first()?;
    let second = passages.iter().skip(1).find(|other| {
        other.score >= first.score * SECOND_SECTION_WORTH
            && (&other.id, &other.section) != (&first.id, &first.section)
    });
    let share = if second.is_some() {
        ANSWER_LINES / 2
    } else {
        ANSWER_LINES
    };
    let mut plan = ReplyPlan::blank(Template::Answer, language);
    plan.subject = one_line(subject);
    plan.reading = std::iter::once(first)
        .chain(second)
        .take(MOST_READING)
        .map(|passage| Reading {
            text: excerpt(&passage.text, share),
            ..reading(passage)
        })
        .collect();
    let used = memos_used(passages, &plan);
    Some((plan, used))
}

/// A mail whose words are all in its template: no answer, a pointer for a citizen, a subscription.
pub fn plan_notice(template: Template, language: Language, subject: &str) -> ReplyPlan {
    let mut plan = ReplyPlan::blank(template, language);
    plan.subject = one_line(subject);
    plan
}

/// The duties of this category that these facts touch, in the playbook's order.
pub fn duties_touched(playbook: &Playbook, facts: &Facts) -> Vec<DutyId> {
    playbook
        .duties
        .iter()
        .filter(|trigger| trigger.when.as_ref().is_none_or(|when| when.holds(facts)))
        .map(|trigger| trigger.id.clone())
        .collect()
}

/// What was used, without the memos that a shortened mail no longer names.
pub fn still_used(used: Vec<GuidanceUsed>, plan: &ReplyPlan) -> Vec<GuidanceUsed> {
    used.into_iter()
        .filter(|entry| {
            plan.template != Template::Answer && entry.kind == PassageKind::Playbook
                || plan
                    .reading
                    .iter()
                    .any(|kept| kept.id == entry.id && kept.section == entry.section)
        })
        .collect()
}

fn template_for(turn: Turn, standing: Standing, category: Category) -> Template {
    match (turn, standing) {
        (Turn::FollowUp, _) => Template::FollowUp,
        (Turn::First, Standing::Proven) if category.makes_channel_suspect() => {
            Template::GuidanceNeutral
        }
        (Turn::First, Standing::Proven) => Template::Guidance,
        (Turn::First, _) => Template::GuidancePublic,
    }
}

/// How much of the ticket the reader of a mail may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Number, own subject, clocks, reading.
    All,
    /// Public steps and clocks: the attacker may be reading along.
    PublicToAConstituent,
    /// Public steps only.
    PublicToAnybody,
}

impl Shown {
    fn to_reader(standing: Standing, category: Category) -> Self {
        match (standing, category.makes_channel_suspect()) {
            (Standing::Proven, false) => Self::All,
            (Standing::Proven, true) => Self::PublicToAConstituent,
            _ => Self::PublicToAnybody,
        }
    }

    fn ticket(self) -> bool {
        self == Self::All
    }

    fn clocks(self) -> bool {
        self != Self::PublicToAnybody
    }
}

/// What is chosen from, and by what.
struct Choice<'a> {
    handbook: &'a Handbook,
    playbook: &'a Playbook,
    facts: &'a Facts,
    language: Language,
    said: &'a BTreeSet<String>,
}

impl Choice<'_> {
    /// The lines of a block whose condition holds and that the reporter doesn't have yet.
    fn lines(&self, block: Block) -> Result<Vec<String>, PlanError> {
        let mut lines = Vec::new();
        for item in self.playbook.block(self.language, block) {
            if lines.len() == budget(block) {
                break;
            }
            if item.when.as_ref().is_none_or(|when| when.holds(self.facts)) {
                let line = self.fill(&item.text)?;
                if !self.said.contains(&line) && !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        Ok(lines)
    }

    /// The most telling questions about what is still unknown.
    fn questions(&self) -> Result<Vec<String>, PlanError> {
        let mut asked = BTreeSet::new();
        self.playbook
            .questions
            .iter()
            .filter(|question| self.facts.get(question.fact).is_unknown())
            .filter(|question| asked.insert(question.fact))
            .map(|question| match self.language {
                Language::Fr => question.text.fr.as_str(),
                Language::En => question.text.en.as_str(),
                _ => question.text.nl.as_str(),
            })
            .filter(|text| !self.said.contains(*text))
            .take(MOST_QUESTIONS)
            .map(|text| self.fill(text))
            .collect()
    }

    /// The legal clocks that run, with their duties: those with a deadline first, and of the others
    /// at most one.
    fn clocks(&self) -> Result<Vec<(DutyId, String)>, PlanError> {
        let touched: Vec<&Duty> = duties_touched(self.playbook, self.facts)
            .iter()
            .filter_map(|id| self.handbook.duties.get(id))
            .collect();
        let (ticking, others): (Vec<_>, Vec<_>) = touched
            .into_iter()
            .partition(|duty| duty.deadline_hours.is_some());
        let mut clocks: Vec<(DutyId, String)> = Vec::new();
        for duty in ticking.into_iter().chain(others.into_iter().take(1)) {
            let line = self.fill(duty.clock.in_language(self.language))?;
            let known = clocks.iter().any(|(_, other)| *other == line);
            if !line.is_empty() && !known && !self.said.contains(&line) {
                clocks.push((duty.id.clone(), line));
            }
        }
        clocks.truncate(MOST_CLOCKS);
        Ok(clocks)
    }

    fn fill(&self, text: &str) -> Result<String, PlanError> {
        Ok(self.handbook.contacts.fill(text, self.language)?)
    }
}

/// Most lines of a block in one mail.
fn budget(block: Block) -> usize {
    match block {
        Block::Now => 5,
        Block::Avoid => 3,
        Block::Keep | Block::Notify => 2,
    }
}

fn playbook_used(playbook: &Playbook, plan: &ReplyPlan) -> Option<GuidanceUsed> {
    let first = [
        (Block::Now, &plan.now),
        (Block::Avoid, &plan.avoid),
        (Block::Keep, &plan.keep),
        (Block::Notify, &plan.notify),
    ]
    .into_iter()
    .find(|(_, lines)| !lines.is_empty())?;
    Some(GuidanceUsed {
        id: playbook.category.as_str().to_owned(),
        kind: PassageKind::Playbook,
        section: first.0.heading(plan.language).to_owned(),
        version: playbook.version.clone(),
        score: 1.0,
    })
}

fn memos_used(passages: &[Passage], plan: &ReplyPlan) -> Vec<GuidanceUsed> {
    plan.reading
        .iter()
        .filter_map(|kept| {
            passages
                .iter()
                .find(|passage| passage.id == kept.id && passage.section == kept.section)
        })
        .map(|passage| GuidanceUsed {
            id: passage.id.clone(),
            kind: passage.kind,
            section: passage.section.clone(),
            version: passage.version.clone(),
            score: passage.score,
        })
        .collect()
}

/// At most two memos, each named once.
fn hints(passages: &[Passage]) -> Vec<Reading> {
    let mut hints: Vec<Reading> = Vec::new();
    for passage in passages {
        let named = hints.iter().any(|hint| hint.id == passage.id);
        if passage.kind == PassageKind::Memo && !named && hints.len() < MOST_READING {
            hints.push(reading(passage));
        }
    }
    hints
}

fn reading(passage: &Passage) -> Reading {
    Reading {
        title: passage.title.clone(),
        section: passage.section.clone(),
        url: passage.url.clone().unwrap_or_default(),
        text: String::new(),
        id: passage.id.clone(),
        kind: passage.kind,
    }
}

/// A subject fit to come back in ours: one line, not endless; none where nothing is left.
fn one_line(subject: &str) -> Option<String> {
    const MOST_CHARACTERS: usize = 120;
    let words = subject
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(MOST_CHARACTERS).collect();
    (!cut.is_empty()).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guidance::contacts::{Contact, Contacts};
    use crate::domain::guidance::playbook::{DutyTrigger, Item, Question, QuestionText, Wording};
    use crate::domain::triage::category::{Kind, Severity};
    use crate::domain::triage::condition::Condition;
    use crate::domain::triage::facts::{FactKey, FactValue};
    use crate::domain::triage::lexicon::{Lexicon, TriageRules};
    use crate::domain::triage::severity::SeverityRules;
    use std::collections::BTreeMap;

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
            text: QuestionText {
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
            article: String::new(),
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
            duties: [duty("loose", None), duty("gdpr", Some(72)), duty("nis2", Some(24))]
                .map(|duty| (duty.id.clone(), duty))
                .into(),
            triage: TriageRules {
                lexicon: Lexicon::default(),
                severity: BTreeMap::new(),
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
            turn,
            assessment,
            standing,
            number: Some(&number),
            subject: "Help\r\nBcc: x",
            said: &said,
            late_hours: None,
            passages: &passages,
        };
        plan_guidance(&handbook(), &occasion).unwrap()
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
                &[(FactKey::Paid, FactValue::No), (FactKey::Clicked, FactValue::No)][..],
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
            (Turn::First, Standing::Proven, Phishing, Guidance, true, 2, 2),
            (Turn::First, Standing::Proven, Ransomware, GuidanceNeutral, false, 2, 0),
            (Turn::First, Standing::Listed, Phishing, GuidancePublic, false, 0, 0),
            (Turn::First, Standing::Unknown, Ransomware, GuidancePublic, false, 0, 0),
            (Turn::FollowUp, Standing::Proven, Phishing, FollowUp, true, 2, 2),
            (Turn::FollowUp, Standing::Proven, Ransomware, FollowUp, false, 2, 0),
            (Turn::FollowUp, Standing::Unknown, Phishing, FollowUp, false, 0, 0),
        ] {
            let assessment = assessment(category, &[]);
            let (plan, used) = plan(turn, standing, &assessment, &[]);
            let case = format!("{turn:?} {standing:?} {category}");
            assert_eq!(plan.template, template, "{case}");
            assert_eq!(plan.number.is_some(), ticket, "{case}");
            assert_eq!(plan.subject.is_some(), ticket, "{case}");
            assert_eq!((plan.clocks.len(), plan.duties.len()), (clocks, clocks), "{case}");
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
        assert_eq!(one_line(" \n\t\u{0} "), None);
    }

    #[test]
    fn an_answer_has_two_sections_where_both_fit() {
        let close = [
            passage("mfa", PassageKind::Memo, 2.0),
            passage("siem", PassageKind::Memo, 1.9),
            passage("wifi", PassageKind::Memo, 1.8),
        ];
        let (plan, used) = plan_answer(Language::Fr, "", &close).unwrap();
        assert_eq!((plan.reading.len(), used.len()), (2, 2));
        let far = [
            passage("mfa", PassageKind::Memo, 2.0),
            passage("siem", PassageKind::Memo, 0.5),
        ];
        let (plan, used) = plan_answer(Language::Fr, "", &far).unwrap();
        assert_eq!(plan.reading.first().unwrap().text, "Een zin.");
        assert_eq!(still_used(used, &plan).len(), 1);
        assert_eq!(plan_answer(Language::Fr, "", &[]), None);
    }
}

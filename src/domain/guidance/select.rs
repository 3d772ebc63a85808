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
use crate::domain::guidance::subject::subject_for;
use crate::domain::ids::TicketNumber;
use crate::domain::intake::message::Arrived;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::dialogue::Talk;
use crate::domain::ticket::event::GuidanceUsed;
use crate::domain::triage::assessment::{Assessment, Channel, ChannelTrust};
use crate::domain::triage::category::Category;
use crate::domain::triage::facts::{FactKey, Facts};
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
    /// What triage made of it, earlier messages included.
    pub assessment: &'a Assessment,
    /// What is proven about the sender.
    pub standing: Standing,
    /// Can the attacker read what we send?
    pub channel: ChannelTrust,
    /// The ticket's number, shown only to who may have it.
    pub number: Option<&'a TicketNumber>,
    /// The subject of the reporter's mail, shown only to who may see it come back.
    pub subject: &'a str,
    /// Lines that the reporter already has.
    pub said: &'a BTreeSet<String>,
    /// Whole hours since the mail was sent, where that is more than one.
    pub late_hours: Option<u32>,
    /// How much of his mail is known.
    pub arrived: Arrived,
    /// What search found with the reporter's own words, best first.
    pub passages: &'a [Passage],
    /// Is somebody on call woken now?
    pub paged: bool,
    /// The way that the reply goes.
    pub way: Channel,
    /// How the conversation goes on.
    pub talk: Talk,
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
    turn: Turn,
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
    let template = template_for(turn, occasion);
    let shown = Shown::to_reader(occasion);
    let mut plan = ReplyPlan::blank(template, language).by(occasion.way);
    if shown != Shown::PublicToASuspect {
        plan.line = choice.fill(playbook.line.in_language(language))?;
        let asks = occasion.talk == Talk::Open;
        let questions = if asks {
            choice.questions()?
        } else {
            Vec::new()
        };
        (plan.asked, plan.questions) = questions.into_iter().unzip();
    }
    // Where a human goes on, further steps come only while it is urgent.
    let waits = turn == Turn::FollowUp && occasion.talk != Talk::Open && !assessment.page;
    if !waits {
        plan.now = choice.lines(Block::Now)?;
        plan.avoid = choice.lines(Block::Avoid)?;
        plan.keep = choice.lines(Block::Keep)?;
        plan.notify = choice.lines(Block::Notify)?;
    }
    plan.late_hours = occasion.late_hours;
    plan.arrived = occasion.arrived;
    plan.urgent = assessment.page;
    plan.paged = occasion.paged;
    plan.handed_over = occasion.talk.calls().is_some();
    if shown.clocks() {
        (plan.duties, plan.clocks) = choice.clocks()?.into_iter().unzip();
    }
    if shown.ticket() {
        plan.number = occasion.number.cloned();
        plan.subject = subject_for(occasion);
        plan.reading = hints(occasion.passages);
    }
    let mut used = Vec::new();
    used.extend(playbook_used(playbook, &plan));
    used.extend(memos_used(occasion.passages, &plan));
    Ok((plan, used))
}

/// Chooses the answer to a question: at most two sections, cut at the end of a sentence. `None` where
/// nothing was found, which is a case for [`plan_notice`] with [`Template::NoAnswer`].
pub fn plan_answer(occasion: &Occasion<'_>) -> Option<(ReplyPlan, Vec<GuidanceUsed>)> {
    let passages = occasion.passages;
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
    let language = occasion.assessment.language;
    let mut plan = ReplyPlan::blank(Template::Answer, language).by(occasion.way);
    plan.arrived = occasion.arrived;
    plan.subject = subject_for(occasion);
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
pub fn plan_notice(template: Template, occasion: &Occasion<'_>) -> ReplyPlan {
    let language = occasion.assessment.language;
    let mut plan = ReplyPlan::blank(template, language).by(occasion.way);
    plan.arrived = occasion.arrived;
    plan.subject = subject_for(occasion);
    plan.paged = occasion.paged;
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
            !plan.is_an_answer() && entry.kind == PassageKind::Playbook
                || plan
                    .reading
                    .iter()
                    .any(|kept| kept.id == entry.id && kept.section == entry.section)
        })
        .collect()
}

fn template_for(turn: Turn, occasion: &Occasion<'_>) -> Template {
    match (turn, occasion.standing) {
        (Turn::FollowUp, _) => Template::FollowUp,
        (Turn::First, Standing::Proven) if occasion.channel == ChannelTrust::Suspect => {
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
    /// Public steps, and nothing that repeats or asks: he is unproven, and the attacker may be reading.
    PublicToASuspect,
}

impl Shown {
    fn to_reader(occasion: &Occasion<'_>) -> Self {
        match (occasion.standing, occasion.channel) {
            (Standing::Proven, ChannelTrust::Unsuspected) => Self::All,
            (Standing::Proven, ChannelTrust::Suspect) => Self::PublicToAConstituent,
            (_, ChannelTrust::Unsuspected) => Self::PublicToAnybody,
            (_, ChannelTrust::Suspect) => Self::PublicToASuspect,
        }
    }

    fn ticket(self) -> bool {
        self == Self::All
    }

    fn clocks(self) -> bool {
        matches!(self, Self::All | Self::PublicToAConstituent)
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
    fn questions(&self) -> Result<Vec<(FactKey, String)>, PlanError> {
        let mut asked = BTreeSet::new();
        self.playbook
            .questions
            .iter()
            .filter(|question| self.facts.get(question.fact).is_unknown())
            .filter(|question| asked.insert(question.fact))
            .map(|question| (question.fact, question.text.in_language(self.language)))
            .filter(|(_, text)| !self.said.contains(*text))
            .take(MOST_QUESTIONS)
            .map(|(fact, text)| Ok((fact, self.fill(text)?)))
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

//! Saying something to a reporter in chat: help, the next step, a memo's answer, a fixed word.
//!
//! Whether it is said was decided before; the limits have the last say, as by mail (`app::reply`).

use crate::app::App;
use crate::app::chat::hear::Heard;
use crate::app::ports::{ChatErrand, Dispatch, KnowledgeError, Lane, NewOutgoing, Secrecy, Voice};
use crate::app::reply::{Addressee, Prepared, Spot, To, Wording, prepare, word};
use crate::app::step::StepError;
use crate::domain::chat::ids::EventId;
use crate::domain::chat::incoming::Happening;
use crate::domain::chat::post::Post;
use crate::domain::guidance::handbook::Passage;
use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::guidance::select::Occasion;
use crate::domain::ids::{InboxId, OutboxId, TicketId, TicketNumber};
use crate::domain::intake::age::Age;
use crate::domain::intake::limits::Share;
use crate::domain::intake::message::Arrived;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::decide::Speech;
use crate::domain::ticket::dialogue::Talk;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::assessment::{Assessment, Channel, ChannelTrust};
use crate::domain::triage::language::Language;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A reply that is written, or why there is none.
pub(super) type Reply = Result<Prepared, Silence>;

/// What is said to whom, and all that it is made of.
pub(super) struct Answering<'a> {
    pub(super) app: &'a App,
    pub(super) ticket: Option<&'a TicketId>,
    pub(super) number: Option<&'a TicketNumber>,
    /// The message that is answered.
    pub(super) inbox: &'a InboxId,
    pub(super) to: To<'a>,
    pub(super) voice: Voice,
    pub(super) share: Share,
    pub(super) assessment: &'a Assessment,
    pub(super) passages: &'a [Passage],
    /// Lines that he has already.
    pub(super) said: &'a BTreeSet<String>,
    /// How the conversation goes on.
    pub(super) talk: Talk,
    pub(super) age: Age,
    /// Is somebody called now?
    pub(super) paged: bool,
    pub(super) now: Timestamp,
}

impl Answering<'_> {
    /// Puts it into words, chosen by the same rules as by mail.
    pub(super) async fn say(&self, speech: Speech) -> Result<Reply, StepError> {
        self.prepared(self.worded(speech)).await
    }

    /// The words alone, before the limits have their say.
    pub(super) fn worded(&self, speech: Speech) -> Result<Wording, KnowledgeError> {
        let handbook = self.app.knowledge.handbook();
        let render = |plan: &ReplyPlan| self.app.knowledge.render(plan);
        let occasion = Occasion {
            assessment: self.assessment,
            // Our words are encrypted to the signed devices of somebody whom we serve: he is who he is, and
            // nobody reads along.
            standing: Standing::Proven,
            channel: ChannelTrust::Unsuspected,
            number: self.number,
            subject: "",
            said: self.said,
            late_hours: match self.age {
                Age::Late(hours) => Some(hours),
                Age::Fresh | Age::Stale => None,
            },
            arrived: Arrived::Whole,
            passages: self.passages,
            paged: self.paged,
            way: Channel::Chat,
            talk: self.talk,
        };
        word(&handbook, render, speech, &occasion)
    }

    /// Says what stands in a template alone.
    pub(super) async fn say_fixed(&self, template: Template) -> Result<Reply, StepError> {
        let plan = ReplyPlan::blank(template, self.assessment.language).by(Channel::Chat);
        let wording = Wording::fixed(self.app.knowledge.as_ref(), plan);
        self.prepared(wording).await
    }

    async fn prepared(&self, wording: Result<Wording, KnowledgeError>) -> Result<Reply, StepError> {
        let wording = match wording {
            Ok(wording) => wording,
            Err(error) => {
                tracing::error!(error = %error, "a reply could not be written");
                return Ok(Err(Silence::NotWritten));
            }
        };
        let wording = match wording.worth_saying(self.talk) {
            Ok(wording) => wording,
            Err(silence) => return Ok(Err(silence)),
        };
        let addressee = Addressee {
            ticket: self.ticket,
            inbox: self.inbox,
            cause: Some(self.inbox),
            to: self.to,
            voice: self.voice,
            share: self.share,
            now: self.now,
        };
        prepare(self.app, &addressee, wording).await
    }
}

/// The place below a message in the lobby. What is posted there is public.
pub(super) fn below(heard: &Heard<'_>) -> Spot {
    let event = heard.event;
    Spot {
        room: event.room.clone(),
        thread: Some(root_of(heard)),
        answers: Some(event.event.clone()),
        secrecy: Secrecy::Public,
    }
}

/// The first message of the thread that a message stands in, or begins.
pub(super) fn root_of(heard: &Heard<'_>) -> EventId {
    let event = heard.event;
    let root = match &event.what {
        Happening::Said(said) => said.thread.as_ref().or(said.replaces.as_ref()),
        _ => None,
    };
    root.unwrap_or(&event.event).clone()
}

/// The room where it was said, in the room itself.
pub(super) fn here(heard: &Heard<'_>) -> Spot {
    Spot {
        room: heard.event.room.clone(),
        thread: None,
        answers: None,
        secrecy: Secrecy::Encrypted,
    }
}

/// Fixed words that are no help and no answer, and so are remembered by nobody: where somebody finds the
/// bot, that it can't read him.
pub(super) fn notice(
    heard: &Heard<'_>,
    ticket: Option<&TicketId>,
    spot: &Spot,
    language: Language,
    templates: &[Template],
) -> Result<NewOutgoing, KnowledgeError> {
    let app = heard.app;
    let mut lines: Vec<String> = Vec::new();
    for template in templates {
        let plan = ReplyPlan::blank(*template, language).by(Channel::Chat);
        let text = app.knowledge.render(&plan)?.text;
        lines.extend(text.lines().map(str::to_owned));
    }
    Ok(NewOutgoing {
        id: OutboxId::from_random(app.ids.random()),
        ticket: ticket.cloned(),
        cause: Some(heard.arrival.id.clone()),
        dispatch: Dispatch::Chat(ChatErrand::Act(spot.act(Post::notice(lines)))),
        voice: Voice::Notice,
        lane: Lane::Direct,
        release: app.settings.mode.release_of_fixed_words(),
        counted: None,
    })
}

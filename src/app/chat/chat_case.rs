//! One message of a reporter in chat, with all that was found out about it, and the events it makes.
//!
//! What `case` is for mail. Where it goes and what is said stands in `lobby` and `direct`.

use crate::app::App;
use crate::app::called::{called_on, calls_at_once, page_event};
use crate::app::chat::answering::Reply;
use crate::app::chat::hear::Heard;
use crate::app::file::history_as_seen;
use crate::app::ports::{ArrivalDone, DecisionRecord, Leaves, Outcome};
use crate::app::reply::Prepared;
use crate::app::step::StepError;
use crate::app::understand::{assess_words, look_up};
use crate::domain::address::EmailAddress;
use crate::domain::chat::ids::UserId;
use crate::domain::chat::incoming::{Happening, Said};
use crate::domain::guidance::handbook::{Handbook, Passage};
use crate::domain::ids::TicketNumber;
use crate::domain::intake::age::{Age, age_of};
use crate::domain::intake::message::Lock;
use crate::domain::intake::sender::{Authentication, Standing};
use crate::domain::ticket::decide::{Answerable, Word};
use crate::domain::ticket::dialogue::{Talk, talk_on};
use crate::domain::ticket::event::{Actor, GuidanceUsed, RecordedEvent, TicketEvent};
use crate::domain::ticket::message::{AttachmentNote, ChatOrigin, ReceivedMessage};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::assessment::{Assessment, Channel};
use std::sync::Arc;

/// One message with all that was found out about it.
pub(super) struct ChatCase<'a> {
    pub(super) heard: Heard<'a>,
    pub(super) said: &'a Said,
    pub(super) standing: Standing,
    /// The ticket that it belongs to.
    pub(super) known: Option<Ticket>,
    /// The events of that ticket.
    pub(super) history: Vec<RecordedEvent>,
    pub(super) handbook: Arc<Handbook>,
    pub(super) assessment: Assessment,
    /// What search found, as records name it: also what isn't sure enough to be said.
    found: Vec<String>,
    /// What may be said of it, best first.
    pub(super) passages: Vec<Passage>,
    pub(super) age: Age,
}

impl<'a> ChatCase<'a> {
    /// Finds out about a message; `known` is the ticket that it belongs to, if any.
    pub(super) async fn new(
        heard: &Heard<'a>,
        said: &'a Said,
        standing: Standing,
        known: Option<Ticket>,
    ) -> Result<Self, StepError> {
        let history = match &known {
            Some(known) => history_as_seen(heard.app, &known.id, known.last_seq).await?,
            None => Vec::new(),
        };
        Self::on(heard, said, standing, known, history)
    }

    /// The same where the events of that ticket are at hand. Deciding and replaying both come through here.
    pub(super) fn on(
        heard: &Heard<'a>,
        said: &'a Said,
        standing: Standing,
        known: Option<Ticket>,
        history: Vec<RecordedEvent>,
    ) -> Result<Self, StepError> {
        let app = heard.app;
        let handbook = app.knowledge.handbook();
        let talk = known.as_ref().map(Ticket::known).unwrap_or_default();
        let assessment = assess_words(&handbook, &said.text, talk);
        let passages = look_up(
            app.knowledge.as_ref(),
            &assessment,
            "",
            &said.text,
            heard.now,
        )?;
        Ok(Self {
            heard: *heard,
            said,
            standing,
            known,
            history,
            handbook,
            assessment,
            found: passages.iter().map(Passage::name).collect(),
            passages,
            age: age_of(heard.arrival.received_at, heard.now),
        })
    }

    pub(super) fn answerable(&self) -> Answerable {
        if self.passages.is_empty() {
            Answerable::ByHumanOnly
        } else {
            Answerable::FromMemo
        }
    }

    /// How the conversation goes on.
    pub(super) fn talk(&self) -> Talk {
        talk_on(self.known.as_ref(), &self.assessment)
    }

    pub(super) fn word(&self) -> Word {
        self.known.as_ref().map_or(Word::Bot, Ticket::word)
    }

    /// The events with which it begins a ticket.
    pub(super) fn opens(&self, number: &TicketNumber) -> Vec<(Actor, TicketEvent)> {
        let opened = TicketEvent::Opened {
            number: number.clone(),
            constituent: constituent_of(self.heard.app, &self.heard.event.sender),
        };
        [(Actor::Bot, opened)]
            .into_iter()
            .chain(self.joins())
            .collect()
    }

    /// The events with which it comes on a ticket that is there.
    pub(super) fn joins(&self) -> Vec<(Actor, TicketEvent)> {
        let known = self.known.as_ref();
        let closed = known.is_some_and(|known| known.closed_at.is_some());
        let message = message(&self.heard, self.standing, self.said.text.clone());
        let assessed = TicketEvent::Assessed {
            inbox: self.heard.arrival.id.clone(),
            assessment: Box::new(self.assessment.clone()),
            handbook: self.handbook.version.clone(),
        };
        let received = (
            Actor::Reporter,
            TicketEvent::MessageReceived(Box::new(message)),
        );
        let inbox = &self.heard.arrival.id;
        let called = called_on(known, &self.assessment, inbox).map(|event| (Actor::Bot, event));
        let reopened = closed.then_some((Actor::Bot, TicketEvent::Reopened));
        reopened
            .into_iter()
            .chain([received, (Actor::Bot, assessed)])
            .chain(called)
            .chain(self.page().map(|page| (Actor::Bot, page)))
            .collect()
    }

    fn page(&self) -> Option<TicketEvent> {
        let known = self.known.as_ref();
        page_event(self.heard.app, known, &self.assessment, self.heard.now)
    }

    /// Is somebody called because of it, now? Only then it may be said.
    pub(super) fn paged(&self) -> bool {
        let running = self.known.as_ref().and_then(Ticket::running_page);
        let taken_back =
            self.assessment.is_taken_back() && running.is_some_and(|page| page.called_at.is_some());
        taken_back || calls_at_once(self.heard.app, self.page().as_ref(), self.heard.now)
    }

    /// The end of deciding on it.
    pub(super) fn done(
        &self,
        outcome: Outcome,
        course: &str,
        reply: Option<&Reply>,
    ) -> ArrivalDone {
        let used = reply.map(|reply| reply.as_ref().map(Prepared::used).map_err(|reason| *reason));
        ArrivalDone {
            id: self.heard.arrival.id.clone(),
            attempt: self.heard.attempt,
            outcome,
            kind: self.assessment.kind,
            record: Some(self.record(course, used)),
            fingerprint: None,
            leaves: Leaves::Never,
        }
    }

    /// Why it is treated so: what is kept of the decision. `used` is what the reply was made of, or why none
    /// was written; nothing where none was wanted.
    pub(super) fn record(
        &self,
        course: &str,
        used: Option<Result<&[GuidanceUsed], Silence>>,
    ) -> DecisionRecord {
        DecisionRecord {
            at: self.heard.now,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            kind: self.assessment.kind,
            machine_because: Vec::new(),
            authentication: Authentication::default(),
            own_dkim: None,
            standing: Some(self.standing),
            course: course.to_owned(),
            assessment: Some(self.assessment.clone()),
            handbook: self.handbook.version.clone(),
            found: self.found.clone(),
            used: used.and_then(Result::ok).unwrap_or_default().to_vec(),
            silence: used.and_then(Result::err),
            corrects: self.said.replaces.clone(),
        }
    }
}

/// What a ticket remembers of a reply, or of why there is none.
pub(super) fn reply_event(heard: &Heard<'_>, reply: &Reply) -> (Actor, TicketEvent) {
    let event = match reply {
        Ok(prepared) => prepared.event.clone(),
        Err(reason) => TicketEvent::ReplyWithheld {
            inbox: heard.arrival.id.clone(),
            reason: *reason,
        },
    };
    (Actor::Bot, event)
}

/// The message as the ticket remembers it.
pub(super) fn message(heard: &Heard<'_>, standing: Standing, text: String) -> ReceivedMessage {
    let event = heard.event;
    let attachments = match &event.what {
        Happening::Shared {
            name, mime, size, ..
        } => vec![AttachmentNote {
            name: name.clone(),
            mime: mime.clone(),
            size: *size,
            sha256: String::new(),
            content: None,
            lock: Lock::None,
        }],
        _ => Vec::new(),
    };
    let replaces = match &event.what {
        Happening::Said(said) => said.replaces.clone(),
        _ => None,
    };
    ReceivedMessage {
        pgp: None,
        inbox: heard.arrival.id.clone(),
        channel: Channel::Chat,
        from: None,
        claimed: Vec::new(),
        chat: Some(ChatOrigin {
            room: event.room.clone(),
            event: event.event.clone(),
            user: event.sender.clone(),
            replaces,
        }),
        reply_to: Vec::new(),
        subject: String::new(),
        text,
        message_id: None,
        in_reply_to: Vec::new(),
        references: Vec::new(),
        standing,
        attachments,
        forwarded: Vec::new(),
        defects: Vec::new(),
        received_at: heard.arrival.received_at,
    }
}

/// The constituent whose homeserver vouches for somebody, where it bears the name of its domain.
pub(super) fn constituent_of(app: &App, user: &UserId) -> Option<String> {
    let address = EmailAddress::parse(&format!("x@{}", user.server()))?;
    let listed = app.settings.constituents.find(&address)?;
    Some(listed.name.clone())
}

//! One message with all that was found out about it, and the change that its course makes.
//!
//! The course itself was decided in `domain::ticket::decide`; here it becomes events, a reply and timers.

use crate::app::App;
use crate::app::arrival::year_of;
use crate::app::file::ticket_change;
use crate::app::place::Placed;
use crate::app::ports::{
    Arrival, ArrivalDone, Change, DecisionRecord, NewOutgoing, Outcome, Timer, TimerKind,
};
use crate::app::reply::{Addressee, prepare, word};
use crate::app::step::StepError;
use crate::app::understand::ReadMail;
use crate::domain::guidance::handbook::{Handbook, Passage};
use crate::domain::guidance::select::{Occasion, Turn};
use crate::domain::ids::{TicketId, TicketNumber, TimerId};
use crate::domain::intake::age::Age;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::decide::{Course, Filing, Speech, share_of};
use crate::domain::ticket::event::{
    Actor, AttachmentNote, ForwardedNote, ReceivedMessage, Silence, TicketEvent,
};
use crate::domain::triage::assessment::{Assessment, Channel};
use crate::domain::triage::category::Kind;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One message with all that was found out about it.
pub(crate) struct Case<'a> {
    pub(crate) app: &'a App,
    pub(crate) arrival: &'a Arrival,
    pub(crate) read: &'a ReadMail,
    pub(crate) handbook: Arc<Handbook>,
    pub(crate) standing: Standing,
    pub(crate) placed: Placed,
    pub(crate) assessment: Assessment,
    pub(crate) passages: Vec<Passage>,
    pub(crate) age: Age,
    pub(crate) now: Timestamp,
}

impl Case<'_> {
    /// Turns the course into the change that is written.
    pub(crate) async fn settle(&self, course: Course) -> Result<Change, StepError> {
        let number = match &course.filing {
            Filing::Open => Some(self.next_number().await?),
            _ => None,
        };
        let ticket = match &course.filing {
            Filing::NoTicket => None,
            Filing::Append => self.placed.ticket.as_ref().map(|ticket| ticket.id.clone()),
            Filing::Open | Filing::Hold { .. } => {
                Some(TicketId::from_random(self.app.ids.random()))
            }
        };
        let reply = self
            .reply(course.speech, ticket.as_ref(), number.as_ref())
            .await?;
        if reply.is_err() && course.filing == Filing::NoTicket && course.speech.is_ok() {
            // Nobody will be answered by machine, so a human must see it.
            return Box::pin(self.settle(Course {
                filing: Filing::Open,
                speech: course.speech,
            }))
            .await;
        }
        let silence = reply.as_ref().err().copied();
        let mut change = Change {
            arrival: Some(self.done(ticket.is_some(), silence)),
            ..Change::default()
        };
        if let Some(id) = &ticket {
            let mut events = self.events(&course.filing, number);
            events.extend(self.reply_event(&reply).map(|event| (Actor::Bot, event)));
            if let Filing::Hold { .. } = course.filing {
                change.timers.push(self.pen_timer(id));
            }
            change.ticket = Some(ticket_change(id, &self.placed.history, events, self.now));
        }
        change
            .outgoing
            .extend(reply.ok().map(|(_, outgoing)| outgoing));
        Ok(change)
    }

    async fn reply(
        &self,
        speech: Result<Speech, Silence>,
        ticket: Option<&TicketId>,
        number: Option<&TicketNumber>,
    ) -> Result<Result<(TicketEvent, NewOutgoing), Silence>, StepError> {
        let speech = match speech {
            Ok(speech) => speech,
            Err(silence) => return Ok(Err(silence)),
        };
        let Some(from) = self.read.mail.single_from() else {
            return Ok(Err(Silence::NoSingleSender));
        };
        let nothing = BTreeSet::new();
        let known = self.placed.ticket.as_ref();
        let occasion = Occasion {
            turn: Turn::First,
            assessment: &self.assessment,
            standing: self.standing,
            number: number.or(known.and_then(|ticket| ticket.number.as_ref())),
            subject: &self.read.mail.subject,
            said: known.map_or(&nothing, |ticket| &ticket.said),
            late_hours: match self.age {
                Age::Late(hours) => Some(hours),
                Age::Fresh | Age::Stale => None,
            },
            passages: &self.passages,
        };
        let render = |plan: &_| self.app.knowledge.render(plan);
        let wording = match word(&self.handbook, render, speech, &occasion) {
            Ok(wording) => wording,
            Err(error) => {
                tracing::error!(error = %error, "a reply could not be written");
                return Ok(Err(Silence::NotWritten));
            }
        };
        let addressee = Addressee {
            ticket,
            inbox: &self.arrival.id,
            read: self.read,
            to: &from.address,
            share: share_of(speech, self.standing),
            now: self.now,
        };
        let prepared = prepare(self.app, &addressee, wording).await?;
        Ok(prepared.map(|prepared| (prepared.event, prepared.outgoing)))
    }

    fn reply_event(
        &self,
        reply: &Result<(TicketEvent, NewOutgoing), Silence>,
    ) -> Option<TicketEvent> {
        match reply {
            Ok((event, _)) => Some(event.clone()),
            Err(_) if self.is_silent_machine() => None,
            Err(reason) => {
                let inbox = self.arrival.id.clone();
                Some(TicketEvent::ReplyWithheld {
                    inbox,
                    reason: *reason,
                })
            }
        }
    }

    fn is_silent_machine(&self) -> bool {
        self.assessment.kind.is_machine() && self.assessment.kind != Kind::Alert
    }

    fn events(&self, filing: &Filing, number: Option<TicketNumber>) -> Vec<(Actor, TicketEvent)> {
        let inbox = self.arrival.id.clone();
        if self.is_silent_machine() {
            let because = self.read.verdict.because.clone();
            let kind = self.assessment.kind;
            return vec![(
                Actor::Bot,
                TicketEvent::MachineHeard {
                    inbox,
                    kind,
                    because,
                },
            )];
        }
        let from = self.read.mail.single_from();
        let listed = from.and_then(|from| self.app.settings.constituents.find(&from.address));
        let constituent = listed.map(|constituent| constituent.name.clone());
        let mut events = Vec::new();
        if let Some(number) = number {
            events.push((
                Actor::Bot,
                TicketEvent::Opened {
                    number,
                    constituent,
                },
            ));
        } else if let Filing::Hold { possibly } = filing {
            let possibly = possibly.clone();
            let until = self.pen_until();
            events.push((
                Actor::Bot,
                TicketEvent::Held {
                    possibly,
                    until,
                    constituent,
                },
            ));
        }
        let message = Box::new(self.message());
        events.push((Actor::Reporter, TicketEvent::MessageReceived(message)));
        let assessment = Box::new(self.assessment.clone());
        let handbook = self.handbook.version.clone();
        events.push((
            Actor::Bot,
            TicketEvent::Assessed {
                inbox,
                assessment,
                handbook,
            },
        ));
        events
    }

    fn message(&self) -> ReceivedMessage {
        let mail = &self.read.mail;
        ReceivedMessage {
            inbox: self.arrival.id.clone(),
            channel: Channel::Mail,
            from: mail.single_from().cloned(),
            reply_to: mail.reply_to.iter().map(|to| to.address.clone()).collect(),
            subject: mail.subject.clone(),
            text: self.read.own.text.clone(),
            message_id: mail.message_id.clone(),
            in_reply_to: mail.in_reply_to.clone(),
            references: mail.references.clone(),
            standing: self.standing,
            attachments: mail.attachments.iter().map(AttachmentNote::from).collect(),
            forwarded: self.read.forwarded().map(ForwardedNote::from).collect(),
            defects: mail.defects.clone(),
            received_at: self.arrival.received_at,
        }
    }

    fn done(&self, on_ticket: bool, silence: Option<Silence>) -> ArrivalDone {
        let passage = |p: &Passage| format!("{}#{}@{}", p.id, p.section, p.version);
        ArrivalDone {
            id: self.arrival.id.clone(),
            outcome: if on_ticket {
                Outcome::OnTicket
            } else {
                Outcome::NoTicket
            },
            kind: self.assessment.kind,
            record: DecisionRecord {
                at: self.now,
                kind: self.assessment.kind,
                machine_because: self.read.verdict.because.clone(),
                authentication: self.read.authentication,
                assessment: Some(self.assessment.clone()),
                handbook: self.handbook.version.clone(),
                passages: self.passages.iter().map(passage).collect(),
                silence,
            },
            fingerprint: fingerprint(self.read),
        }
    }

    async fn next_number(&self) -> Result<TicketNumber, StepError> {
        let year = year_of(self.app, self.now);
        Ok(self
            .app
            .store
            .next_number(&self.app.settings.ticket_prefix, year)
            .await?)
    }

    fn pen_until(&self) -> Timestamp {
        self.now
            .saturating_add(self.app.settings.pen_wait)
            .unwrap_or(self.now)
    }

    fn pen_timer(&self, ticket: &TicketId) -> Timer {
        Timer {
            id: TimerId::from_random(self.app.ids.random()),
            kind: TimerKind::ReleaseFromPen,
            ticket: ticket.clone(),
            due_at: self.pen_until(),
        }
    }
}

/// What tells a second delivery of the same mail (To and a list): its id, sender and text.
fn fingerprint(read: &ReadMail) -> Option<String> {
    let id = read.mail.message_id.as_ref()?;
    let from = read
        .mail
        .from
        .first()
        .map(|from| from.address.key())
        .unwrap_or_default();
    Some(format!("{id}\n{from}\n{}", read.mail.text))
}

//! Deciding on one mail: all that is found out about it, and the change that its course makes.
//!
//! The course itself is decided in `domain::ticket::decide`; here it becomes a reply and a record. The
//! events of the ticket stand in `case_events`, the words of the reply in `case_words`.

use crate::app::App;
use crate::app::case_words::Worded;
use crate::app::file::put_on;
use crate::app::keys::{Keys, keys_of};
use crate::app::number::next_number;
use crate::app::place::{Placed, find_place};
use crate::app::ports::{
    Arrival, ArrivalDone, Change, DecisionRecord, Leaves, NewOutgoing, Outcome, Voice,
};
use crate::app::reply::{Addressee, Prepared, To, arrived, prepare};
use crate::app::step::StepError;
use crate::app::understand::{ReadMail, assess_mail, look_up};
use crate::domain::guidance::handbook::{Handbook, Passage};
use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::intake::age::{Age, age_of};
use crate::domain::intake::sender::{Standing, standing_of};
use crate::domain::ticket::decide::{
    Addressed, Answerable, Course, Filing, Heard, Speech, Word, decide, share_of,
};
use crate::domain::ticket::dialogue::{Talk, talk_on};
use crate::domain::ticket::event::{Actor, GuidanceUsed, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{Release, Silence};
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::Kind;
use jiff::Timestamp;
use std::sync::Arc;

/// One mail with all that was found out about it.
pub(super) struct Case<'a> {
    pub(super) app: &'a App,
    pub(super) arrival: &'a Arrival,
    pub(super) attempt: u32,
    pub(super) read: &'a ReadMail,
    pub(super) handbook: Arc<Handbook>,
    pub(super) standing: Standing,
    pub(super) keys: Keys,
    pub(super) placed: Placed,
    pub(super) assessment: Assessment,
    pub(super) passages: Vec<Passage>,
    pub(super) age: Age,
    pub(super) now: Timestamp,
}

/// What was looked up for a mail.
pub(super) struct Found {
    /// Its keys.
    pub(super) keys: Keys,
    /// Where it belongs.
    pub(super) placed: Placed,
}

/// A reply that is written, or why there is none.
type Reply = Result<Prepared, Silence>;

/// One round of deciding on a mail, on what the store holds now.
pub(crate) async fn decide_mail(
    app: &App,
    arrival: &Arrival,
    attempt: u32,
    read: &ReadMail,
    now: Timestamp,
) -> Result<Change, StepError> {
    let standing = standing_in(app, read);
    let placed = find_place(app, read, standing, now).await?;
    let keys = keys_of(app, read, standing, placed.ticket.as_ref(), now).await?;
    let found = Found { keys, placed };
    let case = Case::new(app, arrival, attempt, read, found, now)?;
    let course = decide(&case.heard());
    case.settle(course).await
}

/// What is proven about the sender, as the settings see it.
fn standing_in(app: &App, read: &ReadMail) -> Standing {
    standing_of(
        &read.mail,
        read.authentication,
        &app.settings.constituents,
        &app.settings.own_addresses,
    )
}

impl<'a> Case<'a> {
    /// Finds out about a mail whose place is known. Deciding and replaying both begin here.
    pub(super) fn new(
        app: &'a App,
        arrival: &'a Arrival,
        attempt: u32,
        read: &'a ReadMail,
        found: Found,
        now: Timestamp,
    ) -> Result<Self, StepError> {
        let Found { keys, placed } = found;
        let handbook = app.knowledge.handbook();
        let known = placed.ticket.as_ref().map(Ticket::known);
        let assessment = assess_mail(&handbook, read, known.unwrap_or_default());
        let passages = look_up(
            app.knowledge.as_ref(),
            &assessment,
            &read.mail.subject,
            &read.own.text,
            now,
        )?;
        Ok(Self {
            app,
            arrival,
            attempt,
            read,
            handbook,
            standing: standing_in(app, read),
            keys,
            placed,
            assessment,
            passages,
            age: age_of(arrival.received_at, now),
            now,
        })
    }
}

impl Case<'_> {
    pub(super) fn heard(&self) -> Heard<'_> {
        let ours = |to: &crate::domain::address::Mailbox| self.app.settings.is_own(&to.address);
        let to_us = self.read.mail.to.iter().chain(&self.read.mail.cc).any(ours);
        Heard {
            kind: self.assessment.kind,
            machine_silent: !self.read.verdict.answerable,
            citizen: self.assessment.citizen,
            page: self.assessment.page,
            word: match (&self.placed.answered, &self.placed.ticket) {
                (Some(_), _) => Word::Human,
                (None, ticket) => ticket.as_ref().map_or(Word::Bot, Ticket::word),
            },
            standing: self.standing,
            age: self.age,
            talk: self.talk(),
            addressed: if to_us {
                Addressed::ToUs
            } else {
                Addressed::NotToUs
            },
            placement: &self.placed.placement,
            arrived: arrived(self.arrival.extent, &self.read.mail.defects),
            answer: if self.passages.is_empty() {
                Answerable::ByHumanOnly
            } else {
                Answerable::FromMemo
            },
            mode: self.app.settings.mode,
        }
    }

    /// How the conversation goes on.
    pub(super) fn talk(&self) -> Talk {
        talk_on(self.placed.ticket.as_ref(), &self.assessment)
    }

    /// Turns the course into the change that is written.
    async fn settle(&self, course: Course) -> Result<Change, StepError> {
        let number = match &course.filing {
            Filing::Open => Some(next_number(self.app, self.now).await?),
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
        if reply.is_err() && course.needs_its_reply() {
            return Box::pin(self.settle(Course {
                filing: Filing::Open,
                speech: course.speech,
            }))
            .await;
        }
        let mut change = Change {
            arrival: Some(self.done(&course.filing, &reply)),
            dead: self.dead(),
            by_hand_so_far: self.placed.by_hand_so_far.clone(),
            pin: self.keys.pin(self.read),
            ..Change::default()
        };
        if let Some(id) = &ticket {
            let mut events = self.events(&course.filing, number);
            events.extend(self.page_event().map(|event| (Actor::Bot, event)));
            events.extend(self.reply_event(&reply).map(|event| (Actor::Bot, event)));
            events.extend(self.placed.answered.clone());
            put_on(
                self.app,
                &mut change,
                id,
                &self.placed.history,
                events,
                self.now,
            );
        }
        let outgoing: Option<NewOutgoing> = reply.ok().map(|prepared| prepared.outgoing);
        change.outgoing.extend(outgoing);
        Ok(change)
    }

    async fn reply(
        &self,
        speech: Result<Speech, Silence>,
        ticket: Option<&TicketId>,
        number: Option<&TicketNumber>,
    ) -> Result<Reply, StepError> {
        let Worded {
            speech,
            to,
            wording,
        } = match self.worded(speech, number) {
            Ok(worded) => worded,
            Err(silence) => return Ok(Err(silence)),
        };
        let addressee = Addressee {
            ticket,
            inbox: &self.arrival.id,
            cause: Some(&self.arrival.id),
            to: To::Mail(to, self.read, self.keys.answers_to()),
            voice: Voice::Bot,
            share: share_of(speech, &self.heard()),
            now: self.now,
        };
        prepare(self.app, &addressee, wording).await
    }

    fn reply_event(&self, reply: &Reply) -> Option<TicketEvent> {
        match reply {
            Ok(prepared) => Some(prepared.event.clone()),
            Err(_) if self.is_silent_machine() => None,
            Err(reason) => Some(TicketEvent::ReplyWithheld {
                inbox: self.arrival.id.clone(),
                reason: *reason,
            }),
        }
    }

    pub(super) fn is_silent_machine(&self) -> bool {
        self.assessment.kind.is_machine() && self.assessment.kind != Kind::Alert
    }

    fn done(&self, filing: &Filing, reply: &Reply) -> ArrivalDone {
        let used = reply.as_ref().map(Prepared::used).map_err(|reason| *reason);
        ArrivalDone {
            id: self.arrival.id.clone(),
            attempt: self.attempt,
            outcome: if *filing == Filing::NoTicket {
                Outcome::NoTicket
            } else {
                Outcome::OnTicket
            },
            kind: self.assessment.kind,
            record: Some(self.record(filing, used)),
            fingerprint: Some(self.fingerprint()),
            leaves: match reply {
                Ok(prepared) if prepared.outgoing.release != Release::DraftOnly => {
                    Leaves::WithReply
                }
                _ if self.is_silent_machine() => Leaves::AtOnce,
                _ => Leaves::Never,
            },
        }
    }

    /// Why it is treated so: what is kept of the decision.
    pub(super) fn record(
        &self,
        filing: &Filing,
        used: Result<&[GuidanceUsed], Silence>,
    ) -> DecisionRecord {
        DecisionRecord {
            at: self.now,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            kind: self.assessment.kind,
            machine_because: self.read.verdict.because.clone(),
            authentication: self.read.authentication,
            own_dkim: self.read.own_dkim,
            standing: Some(self.standing),
            course: format!("{} {}", self.placed.placement.word(), filing.word()),
            assessment: Some(self.assessment.clone()),
            handbook: self.handbook.version.clone(),
            found: self.passages.iter().map(Passage::name).collect(),
            used: used.unwrap_or_default().to_vec(),
            silence: used.err(),
            corrects: None,
        }
    }

    /// What tells a second delivery of the same mail (To and a list, a folder that was numbered anew):
    /// its id, sender and text, and how it was judged. A worse copy never stands in for a better one.
    /// Without an id only the very same bytes are the same mail.
    fn fingerprint(&self) -> String {
        let mail = &self.read.mail;
        let same = match &mail.message_id {
            Some(id) => {
                let from = mail.from.first().map(|from| from.address.key());
                format!("{id}\n{}\n{}", from.unwrap_or_default(), mail.text)
            }
            None => String::from_utf8_lossy(&self.arrival.raw).into_owned(),
        };
        let heard = self.heard();
        format!(
            "{:?} {:?} {:?} {}\n{same}",
            self.read.verdict.kind, heard.addressed, self.standing, heard.machine_silent
        )
    }
}

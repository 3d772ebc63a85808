//! Deciding on one stored message: the path from the inbox to a ticket and a reply, in one transaction.
//!
//! Reading and deciding can be repeated at will; only the commit counts. Whoever loses the race for a
//! ticket decides again on what is there then.

use crate::app::App;
use crate::app::faults::CrashPoint;
use crate::app::file::ticket_change;
use crate::app::ports::{
    Arrival, ArrivalDone, Change, ClaimedArrival, Committed, DecisionRecord, NewOutgoing, Outcome,
    Timer, TimerKind, Trace,
};
use crate::app::reply::{Addressee, prepare, word};
use crate::app::step::{LEASE, MOST_ATTEMPTS, RACES, Step, StepError, retry_at};
use crate::app::understand::{ReadMail, assess_mail, look_up, read_mail};
use crate::domain::guidance::handbook::{Handbook, Passage};
use crate::domain::guidance::select::{Occasion, Turn};
use crate::domain::ids::{InboxId, TicketId, TicketNumber, TimerId};
use crate::domain::intake::age::{Age, age_of};
use crate::domain::intake::placement::{Placement, number_in, place};
use crate::domain::intake::sender::{Authentication, Standing, standing_of};
use crate::domain::ticket::decide::{
    Addressed, Answerable, Course, Filing, Heard, Speech, decide, share_of,
};
use crate::domain::ticket::event::{
    Actor, AttachmentNote, ForwardedNote, ReceivedMessage, RecordedEvent, Silence, TicketEvent,
};
use crate::domain::ticket::state::Ticket;
use crate::domain::triage::assessment::{Assessment, Channel};
use crate::domain::triage::category::Kind;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Decides on the oldest message that is due.
pub async fn decide_step(app: &App) -> Result<Step, StepError> {
    let now = app.clock.now();
    let until = now.saturating_add(LEASE).unwrap_or(now);
    let Some(claimed) = app.store.claim_arrival(now, until).await? else {
        return Ok(Step::Idle);
    };
    app.faults.reach(CrashPoint::Claimed);
    let id = claimed.arrival.id.clone();
    if claimed.attempts >= MOST_ATTEMPTS {
        set_aside(app, &id).await?;
        return Ok(Step::Worked);
    }
    if let Err(error) = decide_on(app, &claimed).await {
        app.store
            .defer_arrival(&id, retry_at(now, claimed.attempts))
            .await?;
        return Err(error);
    }
    Ok(Step::Worked)
}

async fn decide_on(app: &App, claimed: &ClaimedArrival) -> Result<(), StepError> {
    let arrival = &claimed.arrival;
    let trusted = app.settings.trusted_authserv_ids.get(&arrival.mailbox);
    let read = read_mail(
        app.reader.as_ref(),
        &arrival.raw,
        arrival.extent,
        &app.settings.own_addresses,
        trusted.map_or(&[], Vec::as_slice),
    );
    for _ in 0..RACES {
        let now = app.clock.now();
        let change = decide_once(app, arrival, &read, now).await?;
        let leaves = !change.outgoing.is_empty();
        app.faults.reach(CrashPoint::Decided);
        match app.store.commit(change, now).await? {
            Committed::Done => {
                app.faults.reach(CrashPoint::Committed);
                let next = if leaves { &app.wake.outgoing } else { &app.wake.settled };
                next.notify_one();
                return Ok(());
            }
            Committed::Conflict => {}
            Committed::Duplicate => return finish(app, &arrival.id, Outcome::Duplicate).await,
        }
    }
    Err(StepError::Contended)
}

/// One round of deciding, on what the store holds now.
async fn decide_once(
    app: &App,
    arrival: &Arrival,
    read: &ReadMail,
    now: Timestamp,
) -> Result<Change, StepError> {
    let settings = &app.settings;
    let handbook = app.knowledge.handbook();
    let standing = standing_of(
        &read.mail,
        read.authentication,
        &settings.constituents,
        &settings.own_addresses,
    );
    let placed = find_place(app, read, standing).await?;
    let earlier = placed.ticket().and_then(|ticket| ticket.assessment.clone());
    let assessment = assess_mail(&handbook, read, earlier.as_ref());
    let passages = look_up(
        app.knowledge.as_ref(),
        &assessment,
        &read.mail.subject,
        &read.own.text,
    )?;
    let age = age_of(arrival.received_at, now);
    let course = decide(&Heard {
        kind: assessment.kind,
        machine_silent: !read.verdict.answerable,
        citizen: assessment.citizen,
        standing,
        age,
        addressed: addressed(app, read),
        placement: &placed.placement,
        answer: if passages.is_empty() {
            Answerable::ByHumanOnly
        } else {
            Answerable::FromMemo
        },
    });
    let case = Case {
        app,
        arrival,
        read,
        handbook,
        standing,
        placed,
        assessment,
        passages,
        age,
        now,
    };
    case.settle(course).await
}

/// Where a message belongs, with the history of that ticket.
struct Placed {
    placement: Placement,
    history: Vec<RecordedEvent>,
    ticket: Option<Ticket>,
}

impl Placed {
    fn ticket(&self) -> Option<&Ticket> {
        self.ticket.as_ref()
    }
}

async fn find_place(app: &App, read: &ReadMail, standing: Standing) -> Result<Placed, StepError> {
    let mail = &read.mail;
    let tokens = mail
        .to
        .iter()
        .chain(&mail.cc)
        .filter_map(|to| app.settings.token_in(&to.address));
    let traces: Vec<Trace> = tokens
        .map(Trace::Token)
        .chain(mail.points_back_to().into_iter().map(Trace::MessageId))
        .collect();
    let mut traced = Vec::new();
    for id in app.store.find_by_traces(&traces).await? {
        let history = app.store.history(&id).await?;
        traced.extend(Ticket::replay(&id, &history).map(|ticket| (ticket, history)));
    }
    let tickets: Vec<Ticket> = traced.iter().map(|(ticket, _)| ticket.clone()).collect();
    let machine = read.verdict.kind.is_some_and(|kind| kind != Kind::Alert);
    // A machine is never on a ticket, but a bounce belongs where our mail came from.
    let placement = match tickets.first().filter(|_| machine) {
        Some(ticket) => Placement::OnTicket(ticket.id.clone()),
        None => {
            let named = named_ticket(app, &mail.subject).await?;
            let sender = mail.single_from().map(|from| &from.address);
            place(&tickets, named.as_ref(), sender, standing)
        }
    };
    let found = traced
        .into_iter()
        .find(|(ticket, _)| placement == Placement::OnTicket(ticket.id.clone()));
    let (ticket, history) = found.map_or((None, Vec::new()), |(ticket, h)| (Some(ticket), h));
    Ok(Placed {
        placement,
        history,
        ticket,
    })
}

async fn named_ticket(app: &App, subject: &str) -> Result<Option<Ticket>, StepError> {
    let Some(number) = number_in(subject, &app.settings.ticket_prefix) else {
        return Ok(None);
    };
    let Some(id) = app.store.find_by_number(&number).await? else {
        return Ok(None);
    };
    Ok(Ticket::replay(&id, &app.store.history(&id).await?))
}

fn addressed(app: &App, read: &ReadMail) -> Addressed {
    let ours = |to: &crate::domain::address::Mailbox| app.settings.is_own(&to.address);
    if read.mail.to.iter().chain(&read.mail.cc).any(ours) {
        Addressed::ToUs
    } else {
        Addressed::NotToUs
    }
}

/// One message with all that was found out about it.
struct Case<'a> {
    app: &'a App,
    arrival: &'a Arrival,
    read: &'a ReadMail,
    handbook: Arc<Handbook>,
    standing: Standing,
    placed: Placed,
    assessment: Assessment,
    passages: Vec<Passage>,
    age: Age,
    now: Timestamp,
}

impl Case<'_> {
    /// Turns the course into the change that is written.
    async fn settle(&self, course: Course) -> Result<Change, StepError> {
        let number = match &course.filing {
            Filing::Open => Some(self.next_number().await?),
            _ => None,
        };
        let ticket = match &course.filing {
            Filing::NoTicket => None,
            Filing::Append => self.placed.ticket().map(|ticket| ticket.id.clone()),
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
        let known = self.placed.ticket();
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

/// The calendar year in which a ticket is numbered.
pub fn year_of(app: &App, now: Timestamp) -> i16 {
    app.settings.time_zone.to_datetime(now).year()
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

async fn set_aside(app: &App, id: &InboxId) -> Result<(), StepError> {
    tracing::error!(inbox = %id, outcome = "set-aside", "message {id} failed too often and waits for a human");
    finish(app, id, Outcome::SetAside).await
}

/// Ends deciding on a message without a ticket or a reply.
async fn finish(app: &App, id: &InboxId, outcome: Outcome) -> Result<(), StepError> {
    let now = app.clock.now();
    let record = DecisionRecord {
        at: now,
        kind: Kind::Other,
        machine_because: Vec::new(),
        authentication: Authentication::default(),
        assessment: None,
        handbook: app.knowledge.handbook().version.clone(),
        passages: Vec::new(),
        silence: None,
    };
    let done = ArrivalDone {
        id: id.clone(),
        outcome,
        kind: Kind::Other,
        record,
        fingerprint: None,
    };
    let change = Change {
        arrival: Some(done),
        ..Change::default()
    };
    app.store.commit(change, now).await?;
    Ok(())
}

//! Waking people: a climb begins, its rungs are reached, nobody answers, somebody goes silent.
//!
//! When each happens is decided in `domain::ticket::page` and the roster's policy; here it becomes mails
//! and messages, written with the event that says so.

use crate::app::App;
use crate::app::called::reaches;
use crate::app::chat::words;
use crate::app::closed_facts::{card_line, closed_facts};
use crate::app::envelope::{
    AnswersGo, RowLetter, fixed_words_on_ticket, outgoing_mail, own_letter, team_letter,
};
use crate::app::on_ticket::Decision;
use crate::app::ports::{
    Change, ChatErrand, Counted, Dispatch, Lane, NewOutgoing, OutgoingMail, SentQuery, Voice,
};
use crate::app::reply::{Addressee, To, Wording, prepare};
use crate::app::step::StepError;
use crate::domain::address::{EmailAddress, MessageId};
use crate::domain::chat::ids::UserId;
use crate::domain::chat::post::{Line, Loudness, Post};
use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::ids::OutboxId;
use crate::domain::intake::limits::{Share, allow};
use crate::domain::letter::{Letter, references_for};
use crate::domain::oncall::people::{Channel, Person, Role};
use crate::domain::party::Party;
use crate::domain::ticket::decide::Word;
use crate::domain::ticket::direct::DirectChat;
use crate::domain::ticket::event::{Actor, TicketEvent};
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::reply::WrittenReply;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::{PageReason, Release};
use crate::domain::triage::assessment;
use crate::domain::triage::language::Language;
use jiff::Timestamp;

/// The next rung of a climb: these people are called now.
pub(crate) fn reach_rung(
    app: &App,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Decision, StepError> {
    let roster = &app.settings.roster;
    let Some((page, rung)) = ticket
        .running_page()
        .and_then(|page| Some((page, page.next_rung(roster)?)))
    else {
        return Ok(Decision::default());
    };
    let mut notices = roster.notices(rung.notify, rung.channels, now);
    notices.retain(|notice| reaches(app, notice));
    let mut call = Call::new(app, ticket, now);
    let mut mentioned: Vec<UserId> = Vec::new();
    for notice in &notices {
        if notice.channels.contains(&Channel::Mail) {
            call.mail(notice.person)?;
        }
        if notice.channels.contains(&Channel::Matrix) {
            mentioned.extend(notice.person.matrix.clone());
        }
    }
    call.mention(mentioned);
    let people = notices.iter().map(|notice| notice.person.id.clone());
    let event = TicketEvent::Paged {
        climb: page.climb,
        rung: rung.number,
        people: people.collect(),
        mails: call.message_ids,
    };
    tracing::info!(ticket = %ticket.id, count = notices.len(), "page: step {}", rung.number);
    Ok(Decision {
        events: vec![(Actor::Bot, event)],
        with: Change {
            outgoing: call.outgoing,
            ..Change::default()
        },
    })
}

/// The last rung has waited long enough: all coordinators are told, and the reporter honestly.
pub(crate) async fn reach_nobody(
    app: &App,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Decision, StepError> {
    let Some(page) = ticket.running_page() else {
        return Ok(Decision::default());
    };
    tracing::error!(ticket = %ticket.id, "nobody on call acknowledged {}", ticket.id);
    let mut call = Call::new(app, ticket, now);
    let mut mentioned: Vec<UserId> = Vec::new();
    for coordinator in app.settings.roster.with_role(Role::Coordinator) {
        call.mail(coordinator)?;
        mentioned.extend(coordinator.matrix.clone());
    }
    call.mention(mentioned);
    let told = call.tell_the_reporter().await?;
    let nobody = TicketEvent::NobodyReached {
        climb: page.climb,
        mails: call.message_ids,
    };
    let events = [nobody].into_iter().chain(told);
    Ok(Decision {
        events: events.map(|event| (Actor::Bot, event)).collect(),
        with: Change {
            outgoing: call.outgoing,
            ..Change::default()
        },
    })
}

/// It was acknowledged, and then nobody did anything: the climb begins again.
pub(crate) fn page_again(ticket: &Ticket) -> Decision {
    let Some(page) = &ticket.page else {
        return Decision::default();
    };
    let event = TicketEvent::PageRaised {
        climb: ticket.next_climb(),
        severity: page.severity.max(ticket.severity()),
        because: PageReason::Silence,
    };
    Decision {
        events: vec![(Actor::Bot, event)],
        ..Decision::default()
    }
}

/// What is written to call people about one ticket.
struct Call<'a> {
    app: &'a App,
    ticket: &'a Ticket,
    now: Timestamp,
    outgoing: Vec<NewOutgoing>,
    message_ids: Vec<MessageId>,
}

impl<'a> Call<'a> {
    fn new(app: &'a App, ticket: &'a Ticket, now: Timestamp) -> Self {
        Self {
            app,
            ticket,
            now,
            outgoing: Vec::new(),
            message_ids: Vec::new(),
        }
    }

    /// A mail that wakes a person: closed words only. Nothing where he has no address.
    fn mail(&mut self, person: &Person) -> Result<(), StepError> {
        let language = person.language();
        let mut plan = ReplyPlan::blank(Template::Page, language);
        plan.number.clone_from(&self.ticket.number);
        plan.line = card_line(self.app, self.ticket, language);
        plan.now = closed_facts(self.app, self.ticket, language);
        let letter = team_letter(self.app, person, &plan, AnswersGo::ToUs, self.now)?;
        if let Some(RowLetter { outbox, letter }) = letter {
            self.message_ids.push(letter.message_id.clone());
            let mail = outgoing_mail(self.app, &outbox, &letter);
            let row = self.row(outbox, mail, Voice::Page, Lane::Page);
            self.outgoing.push(row);
        }
        Ok(())
    }

    /// A mention in the ticket's thread, where there is chat.
    fn mention(&mut self, mentions: Vec<UserId>) {
        if mentions.is_empty() || self.app.settings.chat.is_none() {
            return;
        }
        let post = Post {
            lines: vec![
                Line::Strong(self.numbered_line()),
                Line::Plain(words::WAKE_UP.to_owned()),
            ],
            mentions,
            loudness: Loudness::Message,
        };
        self.outgoing.push(NewOutgoing {
            id: OutboxId::from_random(self.app.ids.random()),
            ticket: Some(self.ticket.id.clone()),
            cause: None,
            dispatch: Dispatch::Chat(ChatErrand::Thread { post }),
            voice: Voice::Page,
            lane: Lane::Page,
            release: Release::AtOnce,
            counted: None,
        });
    }

    /// What it is about, with its number.
    fn numbered_line(&self) -> String {
        let line = card_line(self.app, self.ticket, Language::Nl);
        match &self.ticket.number {
            Some(number) => format!("{number} · {line}"),
            None => line,
        }
    }

    /// An honest word to whoever wrote last, by mail or in the direct chat. Only to somebody whom the bot has
    /// answered before: so no machine gets it, and the limits hold here too.
    async fn tell_the_reporter(&mut self) -> Result<Option<TicketEvent>, StepError> {
        let ticket = self.ticket;
        let Some(message) = &ticket.latest_message else {
            return Ok(None);
        };
        let Some(party) = message.party() else {
            return Ok(None);
        };
        let answered = |reply: &WrittenReply| reply.sent_at.is_some() && reply.to.is_same(&party);
        if ticket.word() == Word::Human || !ticket.replies.iter().any(answered) {
            return Ok(None);
        }
        let assessment = ticket.assessment.as_ref();
        let language = assessment.map_or(Language::Nl, |assessment| assessment.language);
        let mut plan = ReplyPlan::blank(Template::NotReached, language);
        if ticket.shows_its_number() {
            plan.number.clone_from(&ticket.number);
        }
        match party {
            Party::Mail(to) => self.tell_by_mail(message, plan, to).await,
            Party::Chat(user) => self.tell_in_chat(message, plan, &user).await,
        }
    }

    async fn tell_in_chat(
        &mut self,
        message: &ReceivedMessage,
        plan: ReplyPlan,
        user: &UserId,
    ) -> Result<Option<TicketEvent>, StepError> {
        let chat = self.ticket.direct.as_ref();
        if chat.and_then(DirectChat::open_room).is_none() {
            return Ok(None);
        }
        let plan = plan.by(assessment::Channel::Chat);
        let wording = Wording::fixed(self.app.knowledge.as_ref(), plan)?;
        let addressee = Addressee {
            ticket: Some(&self.ticket.id),
            inbox: &message.inbox,
            cause: None,
            to: To::DirectChat(user),
            voice: Voice::Notice,
            share: Share::Dialogue,
            now: self.now,
        };
        let prepared = prepare(self.app, &addressee, wording).await?.ok();
        Ok(prepared.map(|prepared| {
            self.outgoing.push(prepared.outgoing);
            prepared.event
        }))
    }

    async fn tell_by_mail(
        &mut self,
        message: &ReceivedMessage,
        plan: ReplyPlan,
        to: EmailAddress,
    ) -> Result<Option<TicketEvent>, StepError> {
        let ticket = self.ticket;
        let letter = own_letter(self.app, &to, &plan, AnswersGo::ToUs, self.now)?;
        let Some(RowLetter { outbox, letter }) = letter else {
            return Ok(None);
        };
        // Below what he wrote: he finds the numbers to call where he looks for an answer.
        let letter = Letter {
            in_reply_to: message.message_id.clone(),
            references: references_for(
                message.message_id.as_ref(),
                &message.references,
                &message.in_reply_to,
            ),
            ..letter
        };
        let query = SentQuery {
            to: Party::Mail(to.clone()),
            ticket: Some(ticket.id.clone()),
            text: letter.text.clone(),
            now: self.now,
        };
        let counts = self.app.store.sent_counts(&query).await?;
        let limits = &self.app.settings.limits;
        if let Err(reason) = allow(limits, &counts, Share::Dialogue, self.now) {
            let inbox = message.inbox.clone();
            return Ok(Some(TicketEvent::ReplyWithheld { inbox, reason }));
        }
        // Who isn't reached can't approve either.
        let release = self.app.settings.mode.release_of_fixed_words();
        let mail = fixed_words_on_ticket(self.app, ticket, &outbox, &letter).await?;
        let row = NewOutgoing {
            release,
            counted: Some(Counted {
                to: Party::Mail(to.clone()),
                text: letter.text.clone(),
                share: Share::Dialogue,
                seen: counts,
            }),
            ..self.row(outbox.clone(), mail, Voice::Notice, Lane::Direct)
        };
        self.outgoing.push(row);
        Ok(Some(TicketEvent::ReplyWritten {
            outbox,
            inbox: message.inbox.clone(),
            to: Party::Mail(to),
            message_id: Some(letter.message_id),
            plan: Box::new(plan),
            subject: letter.subject,
            text: letter.text,
            guidance: Vec::new(),
            release,
        }))
    }

    fn row(&self, id: OutboxId, mail: OutgoingMail, voice: Voice, lane: Lane) -> NewOutgoing {
        NewOutgoing {
            ticket: Some(self.ticket.id.clone()),
            cause: None,
            dispatch: Dispatch::Mail(mail),
            voice,
            lane,
            release: Release::AtOnce,
            counted: None,
            id,
        }
    }
}

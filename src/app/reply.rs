//! Writing one automatic reply: the plan, its words, the limits, the mail.
//!
//! Whether anything is said was decided before (`ticket::decide`); here it is put into words, and the
//! limits have the last say.

use crate::app::App;
use crate::app::ports::{
    Counted, Dispatch, KnowledgeError, Lane, NewOutgoing, OutgoingMail, SentQuery, Voice,
};
use crate::app::step::StepError;
use crate::app::understand::ReadMail;
use crate::domain::address::{EmailAddress, MessageId};
use crate::domain::guidance::fit::fit;
use crate::domain::guidance::handbook::Handbook;
use crate::domain::guidance::reply::{RenderedMail, ReplyPlan, Template};
use crate::domain::guidance::select::{
    Occasion, Turn, plan_answer, plan_guidance, plan_notice, still_used,
};
use crate::domain::ids::{InboxId, OutboxId, TicketId};
use crate::domain::intake::limits::{Share, allow};
use crate::domain::letter::{Letter, Nature, message_id_for, references_for};
use crate::domain::party::Party;
use crate::domain::ticket::decide::Speech;
use crate::domain::ticket::event::{GuidanceUsed, TicketEvent};
use crate::domain::ticket::words::Silence;
use jiff::Timestamp;

/// A reply in words.
pub struct Wording {
    /// What it says, line by line.
    pub plan: ReplyPlan,
    /// Subject and text.
    pub mail: RenderedMail,
    /// What it was made of.
    pub used: Vec<GuidanceUsed>,
}

/// Puts a speech into words.
///
/// # Errors
/// When a template can't be filled, or the knowledge lacks what a check at load would have found.
pub fn word(
    handbook: &Handbook,
    render: impl Fn(&ReplyPlan) -> Result<RenderedMail, KnowledgeError>,
    speech: Speech,
    occasion: &Occasion<'_>,
) -> Result<Wording, KnowledgeError> {
    let guidance = |turn: Turn| {
        plan_guidance(handbook, turn, occasion)
            .map_err(|error| KnowledgeError::BadFile(error.to_string()))
    };
    let notice = |template| (plan_notice(template, occasion), Vec::new());
    let (plan, used) = match speech {
        Speech::Guidance => guidance(Turn::First)?,
        Speech::FollowUp => guidance(Turn::FollowUp)?,
        Speech::Answer => plan_answer(occasion).unwrap_or_else(|| notice(Template::NoAnswer)),
        Speech::NoAnswer => notice(Template::NoAnswer),
        Speech::Citizen => notice(Template::Citizen),
        Speech::Subscription => notice(Template::Subscription),
    };
    let (plan, mail) = fit(plan, render)?;
    let used = still_used(used, &plan);
    Ok(Wording { plan, mail, used })
}

/// To whom, and as an answer to what, a reply goes.
pub struct Addressee<'a> {
    /// The ticket, if any.
    pub ticket: Option<&'a TicketId>,
    /// The message that is answered.
    pub inbox: &'a InboxId,
    /// That message.
    pub read: &'a ReadMail,
    /// The one sender.
    pub to: &'a EmailAddress,
    /// Which share of automatic mail it takes.
    pub share: Share,
    /// Now.
    pub now: Timestamp,
}

/// A reply, ready to be stored: the event and the row of the outbox.
pub struct Prepared {
    /// What the ticket remembers.
    pub event: TicketEvent,
    /// What will be sent.
    pub outgoing: NewOutgoing,
}

impl Prepared {
    /// What it was made of.
    pub fn used(&self) -> &[GuidanceUsed] {
        match &self.event {
            TicketEvent::ReplyWritten { guidance, .. } => guidance,
            _ => &[],
        }
    }
}

/// Asks the limits and makes the mail. `Err` inside says why it must not go.
pub async fn prepare(
    app: &App,
    addressee: &Addressee<'_>,
    wording: Wording,
) -> Result<Result<Prepared, Silence>, StepError> {
    let query = SentQuery {
        to: Party::Mail(addressee.to.clone()),
        ticket: addressee.ticket.cloned(),
        text: wording.mail.text.clone(),
        now: addressee.now,
    };
    let counts = app.store.sent_counts(&query).await?;
    if let Err(silence) = allow(&app.settings.limits, &counts, addressee.share) {
        return Ok(Err(silence));
    }
    let outbox = OutboxId::from_random(app.ids.random());
    let Some(message_id) = message_id_for(&outbox, app.settings.own_domain()) else {
        return Ok(Err(Silence::NotWritten));
    };
    let letter = letter(app, addressee, &wording, &outbox, message_id.clone());
    let release = app.settings.mode.release();
    let mail = OutgoingMail {
        envelope_from: app.settings.bounce_address.as_ref().map(|bounce| {
            app.settings
                .with_token(bounce, outbox.as_str())
                .unwrap_or_else(|| bounce.clone())
        }),
        to: addressee.to.clone(),
        bytes: app.composer.compose(&letter),
    };
    let outgoing = NewOutgoing {
        id: outbox.clone(),
        ticket: addressee.ticket.cloned(),
        cause: Some(addressee.inbox.clone()),
        dispatch: Dispatch::Mail(mail),
        voice: Voice::Bot,
        lane: Lane::Direct,
        release,
        counted: Some(Counted {
            to: Party::Mail(addressee.to.clone()),
            text: wording.mail.text.clone(),
            share: addressee.share,
        }),
    };
    let event = TicketEvent::ReplyWritten {
        outbox,
        inbox: addressee.inbox.clone(),
        to: Party::Mail(addressee.to.clone()),
        message_id: Some(message_id),
        plan: Box::new(wording.plan),
        subject: wording.mail.subject,
        text: wording.mail.text,
        guidance: wording.used,
        release,
    };
    Ok(Ok(Prepared { event, outgoing }))
}

fn letter(
    app: &App,
    addressee: &Addressee<'_>,
    wording: &Wording,
    outbox: &OutboxId,
    message_id: MessageId,
) -> Letter {
    let mail = &addressee.read.mail;
    Letter {
        from: app.settings.from.clone(),
        to: addressee.to.clone(),
        reply_to: app
            .settings
            .with_token(&app.settings.from.address, outbox.as_str()),
        subject: wording.mail.subject.clone(),
        text: wording.mail.text.clone(),
        language: wording.plan.language,
        message_id,
        in_reply_to: mail.message_id.clone(),
        references: references_for(
            mail.message_id.as_ref(),
            &mail.references,
            &mail.in_reply_to,
        ),
        date: addressee.now,
        nature: Nature::AutoReplied,
    }
}

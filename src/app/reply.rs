//! Writing one automatic reply: the plan, its words, the limits, the mail or the message in chat.
//!
//! Whether anything is said was decided before (`ticket::decide`); here it is put into words, and the
//! limits have the last say.

use crate::app::App;
use crate::app::envelope::{outgoing_mail, sealed_mail};
use crate::app::ports::{
    ChatErrand, Counted, Dispatch, Extent, Knowledge, KnowledgeError, Lane, NewOutgoing, RoomAct,
    Secrecy, SentQuery, Voice,
};
use crate::app::step::StepError;
use crate::app::understand::ReadMail;
use crate::domain::address::{EmailAddress, MessageId};
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::chat::post::Post;
use crate::domain::guidance::fit::fit;
use crate::domain::guidance::handbook::Handbook;
use crate::domain::guidance::reply::{RenderedMail, ReplyPlan, Template};
use crate::domain::guidance::select::{
    Occasion, Turn, plan_answer, plan_guidance, plan_notice, still_used,
};
use crate::domain::ids::{InboxId, OutboxId, TicketId};
use crate::domain::intake::limits::{Share, allow};
use crate::domain::intake::message::{Arrived, Defect};
use crate::domain::letter::{Letter, Nature, message_id_for, references_for};
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::ticket::decide::{Mode, Speech};
use crate::domain::ticket::dialogue::Talk;
use crate::domain::ticket::event::{GuidanceUsed, TicketEvent};
use crate::domain::ticket::words::{Release, Silence};
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
        Speech::AnswerInTheLobby => match plan_answer(occasion) {
            Some((plan, used)) => {
                let template = Template::LobbyAnswer;
                (ReplyPlan { template, ..plan }, used)
            }
            None => notice(Template::NoAnswer),
        },
        Speech::NoAnswer => notice(Template::NoAnswer),
        Speech::Citizen => notice(Template::Citizen),
        Speech::Subscription => notice(Template::Subscription),
        Speech::TooLarge => notice(Template::TooLarge),
        Speech::FalseAlarm => notice(Template::FalseAlarm),
    };
    let (plan, mail) = fit(plan, render)?;
    let used = still_used(used, &plan);
    Ok(Wording { plan, mail, used })
}

impl Wording {
    /// Is it worth a message, as the conversation goes on?
    ///
    /// # Errors
    /// Why not: where a human goes on and the bot has no other steps, it is silent.
    pub fn worth_saying(self, talk: Talk) -> Result<Self, Silence> {
        let helps = self.plan.guidance_lines().next().is_some();
        if talk == Talk::HandedOver && !helps {
            Err(Silence::HandedOver)
        } else {
            Ok(self)
        }
    }

    /// Words that stand in a template alone.
    ///
    /// # Errors
    /// When the template can't be filled.
    pub fn fixed(knowledge: &dyn Knowledge, plan: ReplyPlan) -> Result<Self, KnowledgeError> {
        let mail = knowledge.render(&plan)?;
        Ok(Self {
            plan,
            mail,
            used: Vec::new(),
        })
    }
}

/// How much of a reporter's mail is known. Where all of it is stored nothing has to be sent again.
pub(super) fn arrived(extent: Extent, defects: &[Defect]) -> Arrived {
    let unread = |defect: &Defect| {
        matches!(
            defect,
            Defect::TooLarge | Defect::TooComplex | Defect::Unreadable
        )
    };
    match extent {
        Extent::Beginning => Arrived::Beginning,
        Extent::Whole | Extent::Locked if defects.iter().any(unread) => Arrived::ReadInPart,
        Extent::Whole | Extent::Locked => Arrived::Whole,
    }
}

/// The one to whom a reply goes, and the way.
#[derive(Clone, Copy)]
pub enum To<'a> {
    /// By mail, in the thread of this one, encrypted where there is a certificate.
    Mail(&'a EmailAddress, &'a ReadMail, Option<&'a Certificate>),
    /// In the direct chat of the ticket.
    DirectChat(&'a UserId),
    /// In a room of chat.
    Room(&'a UserId, &'a Spot),
}

/// A place in a room of chat.
pub struct Spot {
    /// The room.
    pub room: RoomId,
    /// The first message of the thread.
    pub thread: Option<EventId>,
    /// The message that is answered.
    pub answers: Option<EventId>,
    /// What the room must be.
    pub secrecy: Secrecy,
}

impl Spot {
    /// Posts something there.
    pub fn act(&self, post: Post) -> RoomAct {
        RoomAct::Post {
            room: self.room.clone(),
            thread: self.thread.clone(),
            answers: self.answers.clone(),
            post,
            secrecy: self.secrecy,
        }
    }
}

impl To<'_> {
    /// The text, as it is told from others: what was sealed for another key is another one. Whoever has a new key
    /// can't read the old mail.
    fn counted(self, text: &str) -> String {
        match self {
            Self::Mail(_, _, Some(key)) => format!("{}\n{text}", key.fingerprint.as_str()),
            _ => text.to_owned(),
        }
    }

    fn party(self) -> Party {
        match self {
            Self::Mail(address, _, _) => Party::Mail(address.clone()),
            Self::DirectChat(user) | Self::Room(user, _) => Party::Chat(user.clone()),
        }
    }
}

/// To whom, and as an answer to what, a reply goes.
pub struct Addressee<'a> {
    /// The ticket, if any.
    pub ticket: Option<&'a TicketId>,
    /// The message that is answered.
    pub inbox: &'a InboxId,
    /// The message whose one answer it is; nothing where it is a further word on it.
    pub cause: Option<&'a InboxId>,
    /// To whom.
    pub to: To<'a>,
    /// Whose words: those of a report, or fixed ones.
    pub voice: Voice,
    /// Which share of automatic mail it takes.
    pub share: Share,
    /// Now.
    pub now: Timestamp,
}

impl Addressee<'_> {
    fn release(&self, mode: Mode) -> Release {
        match self.voice {
            Voice::Notice => mode.release_of_fixed_words(),
            Voice::Bot | Voice::Human | Voice::Page | Voice::Inside => mode.release(),
        }
    }
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

/// Asks the limits and makes the mail or the message. `Err` inside says why it must not go.
pub async fn prepare(
    app: &App,
    addressee: &Addressee<'_>,
    wording: Wording,
) -> Result<Result<Prepared, Silence>, StepError> {
    let party = addressee.to.party();
    let counted_text = addressee.to.counted(&wording.mail.text);
    let query = SentQuery {
        to: party.clone(),
        ticket: addressee.ticket.cloned(),
        text: counted_text.clone(),
        now: addressee.now,
    };
    let counts = app.store.sent_counts(&query).await?;
    if let Err(silence) = allow(
        &app.settings.limits,
        &counts,
        addressee.share,
        addressee.now,
    ) {
        if silence == Silence::UnprovenLimit {
            tracing::warn!(
                outcome = silence.as_str(),
                "the share of unproven senders is used up"
            );
        }
        return Ok(Err(silence));
    }
    let outbox = OutboxId::from_random(app.ids.random());
    let Some(made) = make(app, addressee, &wording, &outbox) else {
        return Ok(Err(Silence::NotWritten));
    };
    let release = addressee.release(app.settings.mode);
    let outgoing = NewOutgoing {
        id: outbox.clone(),
        ticket: addressee.ticket.cloned(),
        cause: addressee.cause.cloned(),
        dispatch: made.dispatch,
        voice: addressee.voice,
        lane: Lane::Direct,
        release,
        counted: Some(Counted {
            to: party.clone(),
            text: counted_text,
            share: addressee.share,
            seen: counts,
        }),
    };
    let event = TicketEvent::ReplyWritten {
        outbox,
        inbox: addressee.inbox.clone(),
        to: party,
        message_id: made.message_id,
        plan: Box::new(wording.plan),
        subject: made.subject,
        text: wording.mail.text,
        guidance: wording.used,
        release,
    };
    Ok(Ok(Prepared { event, outgoing }))
}

/// What is handed over, and what the ticket remembers of it beside the words.
struct Made {
    dispatch: Dispatch,
    message_id: Option<MessageId>,
    subject: String,
}

fn make(
    app: &App,
    addressee: &Addressee<'_>,
    wording: &Wording,
    outbox: &OutboxId,
) -> Option<Made> {
    let in_chat = |errand| Made {
        dispatch: Dispatch::Chat(errand),
        message_id: None,
        subject: String::new(),
    };
    let post = Post::reply(&wording.mail.text);
    Some(match addressee.to {
        To::Mail(address, read, certificate) => {
            let message_id = message_id_for(outbox, app.settings.own_domain())?;
            let letter = letter(
                app,
                read,
                address,
                wording,
                outbox,
                message_id,
                addressee.now,
            );
            let mail = match certificate {
                Some(certificate) => sealed_mail(app, outbox, &letter, certificate)?,
                None => outgoing_mail(app, outbox, &letter),
            };
            Made {
                dispatch: Dispatch::Mail(mail),
                message_id: Some(letter.message_id),
                subject: letter.subject,
            }
        }
        To::DirectChat(_) => in_chat(ChatErrand::Direct { post }),
        To::Room(_, spot) => in_chat(ChatErrand::Act(spot.act(post))),
    })
}

fn letter(
    app: &App,
    read: &ReadMail,
    to: &EmailAddress,
    wording: &Wording,
    outbox: &OutboxId,
    message_id: MessageId,
    now: Timestamp,
) -> Letter {
    let mail = &read.mail;
    Letter {
        from: app.settings.from.clone(),
        to: to.clone(),
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
        date: now,
        nature: Nature::AutoReplied,
    }
}

//! The messages of one reporter as lines of `triage --jsonl`: without mail headers, each understood together with
//! those before.

use crate::app::ports::{Knowledge, KnowledgeError};
use crate::app::triage::{Inspection, Said, Words, as_proven, duties, said};
use crate::app::understand::look_up;
use crate::domain::guidance::handbook::Handbook;
use crate::domain::ids::TicketId;
use crate::domain::intake::message::Arrived;
use crate::domain::intake::placement::{Placement, Proof};
use crate::domain::intake::sender::Authentication;
use crate::domain::pgp::reading::{PgpReading, Signature};
use crate::domain::text::own_words::{Borne, words_of_plain_mail};
use crate::domain::text::tlp::label_in;
use crate::domain::ticket::decide::{Addressed, Filing};
use crate::domain::ticket::dialogue::{HandedOver, Talk, is_a_turn};
use crate::domain::triage::assess::assess;
use crate::domain::triage::assessment::{Assessment, Channel, ChannelTrust, Report};
use crate::domain::triage::facts::FactKey;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// One message without mail headers, as in a line of `triage --jsonl`.
pub struct PlainMessage<'a> {
    /// The way it came.
    pub channel: Channel,
    /// The subject; empty for chat.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
}

/// Inspects the messages of one reporter in order; each is understood together with those before.
pub fn inspect_turns(
    knowledge: &dyn Knowledge,
    messages: &[PlainMessage<'_>],
    now: Timestamp,
) -> Result<Vec<Inspection>, KnowledgeError> {
    let handbook = knowledge.handbook();
    let mut talk = Conversation::begun(now);
    let inspect = |message| inspect_plain(knowledge, &handbook, message, &mut talk);
    messages.iter().map(inspect).collect()
}

/// What is known from the messages before.
struct Conversation {
    now: Timestamp,
    earlier: Option<Assessment>,
    placement: Placement,
    channel: ChannelTrust,
    lines: BTreeSet<String>,
    asked: Vec<FactKey>,
    turns: usize,
    handed_over: HandedOver,
}

impl Conversation {
    fn begun(now: Timestamp) -> Self {
        Self {
            now,
            earlier: None,
            placement: Placement::New,
            channel: ChannelTrust::default(),
            lines: BTreeSet::new(),
            asked: Vec::new(),
            turns: 0,
            handed_over: HandedOver::NotYet,
        }
    }

    /// What our reply changes of it.
    fn remember(&mut self, goes_on: Talk, said: &Words) {
        self.lines.extend(said.lines.iter().cloned());
        self.turns += usize::from(said.template.is_some_and(is_a_turn));
        if said.template.is_some() {
            self.asked.clone_from(&said.asked);
        }
        if goes_on.calls().is_some() {
            self.handed_over = HandedOver::Already;
        }
    }

    /// In the direct chat our words are encrypted to the reporter's own devices: nobody reads along.
    fn channel_of(&self, way: Channel) -> ChannelTrust {
        match way {
            Channel::Mail => self.channel,
            Channel::Chat => ChannelTrust::Unsuspected,
        }
    }
}

fn inspect_plain(
    knowledge: &dyn Knowledge,
    handbook: &Handbook,
    message: &PlainMessage<'_>,
    talk: &mut Conversation,
) -> Result<Inspection, KnowledgeError> {
    let (Borne { text, evidence }, forwarded) = match message.channel {
        Channel::Mail => words_of_plain_mail(message.subject, message.text),
        Channel::Chat => {
            let text = message.text.to_owned();
            let evidence = Vec::new();
            (Borne { text, evidence }, Vec::new())
        }
    };
    let report = Report {
        channel: message.channel,
        subject: message.subject,
        text: &text,
        evidence: &evidence,
        machine: None,
        earlier: talk.earlier.as_ref(),
        asked: &talk.asked,
    };
    let assessment = assess(&handbook.triage, &report);
    if assessment.channel() == ChannelTrust::Suspect {
        talk.channel = ChannelTrust::Suspect;
    }
    let goes_on = Talk::after(talk.turns, talk.handed_over, &assessment);
    let passages = look_up(knowledge, &assessment, message.subject, &text, talk.now)?;
    let said = said(
        knowledge,
        handbook,
        &Said {
            assessment: &assessment,
            subject: message.subject,
            passages: &passages,
            machine_silent: false,
            standing: as_proven(&assessment),
            addressed: Addressed::ToUs,
            placement: &talk.placement,
            way: message.channel,
            channel: talk.channel_of(message.channel),
            lines: &talk.lines,
            notice: None,
            arrived: Arrived::Whole,
            talk: goes_on,
        },
    )?;
    if said.filing != Filing::NoTicket {
        talk.placement = Placement::OnTicket {
            ticket: TicketId::from_stored("turns"),
            by: Proof::Ours,
        };
        talk.earlier = Some(assessment.clone());
    }
    talk.remember(goes_on, &said);
    Ok(Inspection {
        duties: duties(handbook, &assessment),
        tlp: label_in(message.subject, &text),
        text,
        from: None,
        subject: message.subject.to_owned(),
        defects: Vec::new(),
        machine_because: Vec::new(),
        failed_recipients: Vec::new(),
        attachments: Vec::new(),
        forwarded,
        authentication: Authentication::default(),
        pgp: PgpReading::default(),
        signature: Signature::None,
        answerable: true,
        guidance: said.guidance,
        questions: said.questions,
        reply: said.reply.ok(),
        to_sender: None,
        assessment,
    })
}

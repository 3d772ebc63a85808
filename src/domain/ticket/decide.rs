//! What happens with a message that was understood: where it is filed, and whether the bot speaks.
//!
//! The heart of the product, as one table in code. Pure: it sees values only, and its answer is a
//! value. The words of a reply, and the limits on sending, come after it; who is woken stands in
//! `ticket::climb`.

use crate::domain::ids::TicketNumber;
use crate::domain::intake::age::Age;
use crate::domain::intake::limits::Share;
use crate::domain::intake::message::Arrived;
use crate::domain::intake::placement::{Placement, Proof};
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::dialogue::Talk;
use crate::domain::ticket::words::{Release, Silence};
use crate::domain::triage::category::Kind;

/// How far the bot may go by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It writes drafts; nothing is sent.
    Observe,
    /// It sends what a person approved.
    Approve,
    /// It answers.
    Answer,
}

impl Mode {
    /// When a reply that is written now may leave.
    pub fn release(self) -> Release {
        match self {
            Self::Observe => Release::DraftOnly,
            Self::Approve => Release::OnApproval,
            Self::Answer => Release::AtOnce,
        }
    }

    /// When fixed words that hold nothing of a report may leave: nobody needs to approve them.
    pub fn release_of_fixed_words(self) -> Release {
        match self {
            Self::Observe => Release::DraftOnly,
            Self::Approve | Self::Answer => Release::AtOnce,
        }
    }
}

/// Was the message written to us?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressed {
    /// One of our addresses is in To or Cc, or it stands in a chat with us.
    ToUs,
    /// None is: it came by Bcc, a list or a forwarding rule.
    NotToUs,
}

/// Who speaks with the reporter?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// The bot, as long as no human does.
    Bot,
    /// A human: the bot has no more words.
    Human,
}

/// Does the knowledge hold an answer to a question?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answerable {
    /// A memo is about this.
    FromMemo,
    /// Nothing here is about this.
    ByHumanOnly,
}

/// What is known of a message when it is decided.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// What kind of message it is.
    pub kind: Kind,
    /// May it be answered by a machine at all?
    pub machine_silent: bool,
    /// A citizen's own problem?
    pub citizen: bool,
    /// Must a human be woken for it?
    pub page: bool,
    /// Who has the word on this ticket?
    pub word: Word,
    /// How the conversation goes on.
    pub talk: Talk,
    /// What is proven about the sender.
    pub standing: Standing,
    /// How old it is.
    pub age: Age,
    /// Was it written to us?
    pub addressed: Addressed,
    /// Where it belongs.
    pub placement: &'a Placement,
    /// How much of it is known.
    pub arrived: Arrived,
    /// Is there an answer?
    pub answer: Answerable,
    /// How far the bot may go by itself.
    pub mode: Mode,
}

/// Where a message is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filing {
    /// Stored and classified; no ticket.
    NoTicket,
    /// A ticket is opened.
    Open,
    /// It waits in the holding pen.
    Hold {
        /// The ticket that it points at.
        possibly: TicketNumber,
    },
    /// It goes on the ticket where it belongs.
    Append,
}

impl Filing {
    /// The closed word for records.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoTicket => "no-ticket",
            Self::Open => "open",
            Self::Hold { .. } => "hold",
            Self::Append => "append",
        }
    }
}

/// What the bot says, if it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    /// First help.
    Guidance,
    /// The next steps in a dialogue on a ticket.
    FollowUp,
    /// A memo's answer.
    Answer,
    /// A memo's answer among other people: its text and where it stands, no more.
    AnswerInTheLobby,
    /// A human looks at the question.
    NoAnswer,
    /// A pointer for a citizen.
    Citizen,
    /// Confirm a subscription.
    Subscription,
    /// What to do with what was too large for a mail.
    TooLarge,
    /// That a false alarm was noted.
    FalseAlarm,
}

/// The course that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Where the message is filed.
    pub filing: Filing,
    /// What is said, or why nothing is.
    pub speech: Result<Speech, Silence>,
}

impl Course {
    /// Is the reply all that becomes of the message? Where it can't be written nobody is answered by machine,
    /// so a human must see the message: then a ticket is opened.
    pub fn needs_its_reply(&self) -> bool {
        self.filing == Filing::NoTicket && self.speech.is_ok()
    }
}

/// Decides on a message.
pub fn decide(heard: &Heard<'_>) -> Course {
    let wanted = wanted(heard);
    let speech = permitted(heard).and(wanted);
    Course {
        filing: filing(heard, wanted, speech),
        speech,
    }
}

/// Which share of automatic mail a reply is taken from.
///
/// It is a dialogue only where something of ours came back that nobody can guess: whoever forges a
/// reporter's address knows the Message-IDs that he made up himself.
pub fn share_of(speech: Speech, heard: &Heard<'_>) -> Share {
    let ours_came_back = matches!(
        heard.placement,
        Placement::OnTicket {
            by: Proof::Ours,
            ..
        }
    );
    match (speech, heard.standing) {
        (Speech::FollowUp | Speech::FalseAlarm, _) if ours_came_back => Share::Dialogue,
        (_, Standing::Proven) if heard.page => Share::Urgent,
        (_, Standing::Proven) => Share::Proven,
        _ => Share::Unproven,
    }
}

/// What would be said to anybody who may be answered.
fn wanted(heard: &Heard<'_>) -> Result<Speech, Silence> {
    if heard.kind.is_machine() || heard.machine_silent {
        return Err(Silence::Machine);
    }
    let on_ticket = matches!(heard.placement, Placement::OnTicket { .. });
    match (heard.kind, on_ticket) {
        (_, true) if heard.talk == Talk::TakenBack => Ok(Speech::FalseAlarm),
        (_, true) if heard.talk.calls().is_some() => Ok(Speech::FollowUp),
        (Kind::Incident | Kind::Question | Kind::Subscription, true) => Ok(Speech::FollowUp),
        (Kind::Incident, false) => Ok(Speech::Guidance),
        (Kind::Question, false) => Ok(match heard.answer {
            // Who wants a human isn't sent a memo instead.
            _ if heard.talk.calls().is_some() => Speech::NoAnswer,
            Answerable::FromMemo => Speech::Answer,
            Answerable::ByHumanOnly => Speech::NoAnswer,
        }),
        (Kind::Subscription, false) => Ok(Speech::Subscription),
        // A constituent is never sent away as a citizen.
        (_, false) if heard.citizen && heard.standing == Standing::Unknown => Ok(Speech::Citizen),
        // Whether it is a report can't be told from a beginning; its sender waits for us all the same.
        _ if heard.arrived == Arrived::Beginning => Ok(Speech::TooLarge),
        _ => Err(Silence::NothingToSay),
    }
}

/// May this sender be answered by a machine?
fn permitted(heard: &Heard<'_>) -> Result<(), Silence> {
    if heard.kind.is_machine() || heard.machine_silent {
        return Err(Silence::Machine);
    }
    match heard.standing {
        Standing::Unclear => return Err(Silence::NoSingleSender),
        Standing::Refused => return Err(Silence::RefusedSender),
        Standing::Proven | Standing::Listed | Standing::Unknown => {}
    }
    if heard.word == Word::Human {
        Err(Silence::HumanSpeaks)
    } else if heard.addressed == Addressed::NotToUs {
        Err(Silence::NotAddressedToUs)
    } else if heard.age == Age::Stale {
        Err(Silence::TooOld)
    } else {
        Ok(())
    }
}

fn filing(
    heard: &Heard<'_>,
    wanted: Result<Speech, Silence>,
    speech: Result<Speech, Silence>,
) -> Filing {
    let silent_machine = heard.kind.is_machine() && heard.kind != Kind::Alert;
    match heard.placement {
        Placement::OnTicket { .. } => Filing::Append,
        _ if silent_machine => Filing::NoTicket,
        Placement::Pen { possibly } => Filing::Hold {
            possibly: possibly.clone(),
        },
        // What wasn't read may be the report; and whoever sent too much is told that a human sees to it.
        Placement::New if heard.arrived != Arrived::Whole => Filing::Open,
        Placement::New => match (wanted, speech) {
            // A memo answers at once; nobody needs to look.
            (_, Ok(Speech::Answer | Speech::Citizen)) if heard.mode == Mode::Answer => {
                Filing::NoTicket
            }
            // Thanks and advertising. From a constituent, or from nobody knows whom, it may be a report
            // that was not understood.
            (Err(Silence::NothingToSay), _)
                if matches!(heard.standing, Standing::Unknown | Standing::Refused) =>
            {
                Filing::NoTicket
            }
            _ => Filing::Open,
        },
    }
}

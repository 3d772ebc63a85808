//! How the bot goes on speaking with a reporter: it asks, hands over to a human, or hears that it was a false alarm.
//!
//! Whether it may speak at all is decided in `ticket::decide`; who is woken in `ticket::page`.

use crate::domain::guidance::reply::Template;
use crate::domain::ticket::decide::Word;
use crate::domain::ticket::reply::WrittenReply;
use crate::domain::ticket::state::Ticket;
use crate::domain::ticket::words::Trouble;
use crate::domain::triage::assessment::{Assessment, Wish};
use crate::domain::triage::category::Kind;

/// After so many automatic replies a human goes on.
pub const MOST_TURNS: usize = 5;

/// How the bot goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Talk {
    /// It helps and asks.
    #[default]
    Open,
    /// A human is called, and it says so: from now on it asks nothing.
    HandsOver(Trouble),
    /// It has said so: only steps that he doesn't have yet are worth a mail.
    HandedOver,
    /// He says that it was a false alarm: it says that this was noted.
    TakenBack,
}

impl Talk {
    /// With a message that was understood so, after so many automatic replies.
    pub fn after(turns: usize, handed_over: HandedOver, assessment: &Assessment) -> Self {
        if assessment.is_taken_back() {
            Self::TakenBack
        } else if handed_over == HandedOver::Already {
            Self::HandedOver
        } else if assessment.wish == Some(Wish::Human) {
            Self::HandsOver(Trouble::HumanWanted)
        } else if turns >= MOST_TURNS {
            Self::HandsOver(Trouble::ManyTurns)
        } else {
            Self::Open
        }
    }

    /// Does the reporter wait for a human?
    pub fn waits_for_a_human(self) -> bool {
        matches!(self, Self::HandsOver(_) | Self::HandedOver)
    }

    /// Why a human is called now.
    pub fn calls(self) -> Option<Trouble> {
        match self {
            Self::HandsOver(because) => Some(because),
            Self::Open | Self::HandedOver | Self::TakenBack => None,
        }
    }
}

/// Was the conversation handed over to a human before?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HandedOver {
    /// It was.
    Already,
    /// It wasn't.
    #[default]
    NotYet,
}

/// How the bot goes on with a message, on its ticket where there is one. Before there is one only who reports or asks can
/// want a human: a robot is spoken of in advertising and small talk too.
pub fn talk_on(ticket: Option<&Ticket>, assessment: &Assessment) -> Talk {
    match ticket {
        Some(ticket) => ticket.talk(assessment),
        None if matches!(assessment.kind, Kind::Incident | Kind::Question) => {
            Talk::after(0, HandedOver::NotYet, assessment)
        }
        None => Talk::Open,
    }
}

impl Ticket {
    /// How the bot goes on with a message that was understood so. Where a human has the word there is nothing to hand over;
    /// a machine wants nobody; and what is closed begins again.
    pub fn talk(&self, assessment: &Assessment) -> Talk {
        if self.word() == Word::Human || assessment.kind.is_machine() {
            Talk::Open
        } else if self.closed_at.is_some() {
            Talk::after(0, HandedOver::NotYet, assessment)
        } else {
            Talk::after(self.automatic_turns(), self.handed_over, assessment)
        }
    }

    /// How many automatic replies the reporter got in the conversation.
    fn automatic_turns(&self) -> usize {
        let counts =
            |reply: &&WrittenReply| reply.reaches_the_reporter() && is_a_turn(reply.template);
        let replies = self.replies.iter().skip(self.replies_before);
        replies.filter(counts).count()
    }
}

/// Is it a word in the conversation? What is said to anybody, or that nobody was reached, is none.
pub(crate) fn is_a_turn(template: Template) -> bool {
    matches!(
        template,
        Template::Guidance
            | Template::GuidancePublic
            | Template::GuidanceNeutral
            | Template::FollowUp
            | Template::Answer
            | Template::NoAnswer
            | Template::FalseAlarm
    )
}

//! What happens with a message that was understood: where it is filed, and whether the bot speaks.
//!
//! The heart of the product, as one table in code. Pure: it sees values only, and its answer is a
//! value. The words of a reply, and the limits on sending, come after it.

use crate::domain::ids::TicketNumber;
use crate::domain::intake::age::Age;
use crate::domain::intake::limits::Share;
use crate::domain::intake::placement::Placement;
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::event::{Release, Silence};
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
}

/// Was the mail written to us?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressed {
    /// One of our addresses is in To or Cc.
    ToUs,
    /// None is: it came by Bcc, a list or a forwarding rule.
    NotToUs,
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
    /// What is proven about the sender.
    pub standing: Standing,
    /// How old it is.
    pub age: Age,
    /// Was it written to us?
    pub addressed: Addressed,
    /// Where it belongs.
    pub placement: &'a Placement,
    /// Is there an answer?
    pub answer: Answerable,
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

/// What the bot says, if it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    /// First help.
    Guidance,
    /// The next steps in a dialogue on a ticket.
    FollowUp,
    /// A memo's answer.
    Answer,
    /// A human looks at the question.
    NoAnswer,
    /// A pointer for a citizen.
    Citizen,
    /// Confirm a subscription.
    Subscription,
}

/// The course that is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Where the message is filed.
    pub filing: Filing,
    /// What is said, or why nothing is.
    pub speech: Result<Speech, Silence>,
}

/// Decides on a message.
pub fn decide(heard: &Heard<'_>) -> Course {
    let speech = speech(heard);
    Course {
        filing: filing(heard, speech),
        speech,
    }
}

/// Which share of automatic mail a reply is taken from.
pub fn share_of(speech: Speech, standing: Standing) -> Share {
    match (speech, standing) {
        (Speech::FollowUp, _) => Share::Dialogue,
        (_, Standing::Proven) => Share::Proven,
        _ => Share::Unproven,
    }
}

fn filing(heard: &Heard<'_>, speech: Result<Speech, Silence>) -> Filing {
    if heard.kind.is_machine() && heard.kind != Kind::Alert {
        return match heard.placement {
            Placement::OnTicket(_) => Filing::Append,
            Placement::New | Placement::Pen { .. } => Filing::NoTicket,
        };
    }
    match heard.placement {
        Placement::OnTicket(_) => Filing::Append,
        Placement::Pen { possibly } => Filing::Hold {
            possibly: possibly.clone(),
        },
        Placement::New => match (heard.kind, speech) {
            // A memo answers; nobody needs to look. Thanks and advertising need nobody either.
            (_, Ok(Speech::Answer | Speech::Citizen) | Err(Silence::NothingToSay)) => {
                Filing::NoTicket
            }
            _ => Filing::Open,
        },
    }
}

fn speech(heard: &Heard<'_>) -> Result<Speech, Silence> {
    if heard.kind.is_machine() || heard.machine_silent {
        return Err(Silence::Machine);
    }
    match heard.standing {
        Standing::Unclear => return Err(Silence::NoSingleSender),
        Standing::Refused => return Err(Silence::RefusedSender),
        Standing::Proven | Standing::Listed | Standing::Unknown => {}
    }
    if heard.addressed == Addressed::NotToUs {
        return Err(Silence::NotAddressedToUs);
    }
    if heard.age == Age::Stale {
        return Err(Silence::TooOld);
    }
    let on_ticket = matches!(heard.placement, Placement::OnTicket(_));
    match (heard.kind, on_ticket) {
        (Kind::Incident | Kind::Question | Kind::Subscription, true) => Ok(Speech::FollowUp),
        (Kind::Incident, false) => Ok(Speech::Guidance),
        (Kind::Question, false) => Ok(match heard.answer {
            Answerable::FromMemo => Speech::Answer,
            Answerable::ByHumanOnly => Speech::NoAnswer,
        }),
        (Kind::Subscription, false) => Ok(Speech::Subscription),
        (_, false) if heard.citizen => Ok(Speech::Citizen),
        _ => Err(Silence::NothingToSay),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::TicketId;

    const PLAIN: Heard<'static> = Heard {
        kind: Kind::Incident,
        machine_silent: false,
        citizen: false,
        standing: Standing::Proven,
        age: Age::Fresh,
        addressed: Addressed::ToUs,
        placement: &Placement::New,
        answer: Answerable::ByHumanOnly,
    };

    fn course(heard: Heard<'_>) -> (Filing, Result<Speech, Silence>) {
        let course = decide(&heard);
        (course.filing, course.speech)
    }

    #[test]
    fn who_gets_what_on_a_new_message() {
        use Filing::{NoTicket, Open};
        use Standing::{Listed, Refused, Unclear, Unknown};
        let from_memo = Answerable::FromMemo;
        for (heard, expected) in [
            (PLAIN, (Open, Ok(Speech::Guidance))),
            (
                Heard {
                    standing: Listed,
                    ..PLAIN
                },
                (Open, Ok(Speech::Guidance)),
            ),
            (
                Heard {
                    standing: Unknown,
                    ..PLAIN
                },
                (Open, Ok(Speech::Guidance)),
            ),
            (
                Heard {
                    standing: Refused,
                    ..PLAIN
                },
                (Open, Err(Silence::RefusedSender)),
            ),
            (
                Heard {
                    standing: Unclear,
                    ..PLAIN
                },
                (Open, Err(Silence::NoSingleSender)),
            ),
            (
                Heard {
                    kind: Kind::Question,
                    answer: from_memo,
                    ..PLAIN
                },
                (NoTicket, Ok(Speech::Answer)),
            ),
            (
                Heard {
                    kind: Kind::Question,
                    ..PLAIN
                },
                (Open, Ok(Speech::NoAnswer)),
            ),
            // A question that can't be answered by mail is shown to a human instead.
            (
                Heard {
                    kind: Kind::Question,
                    answer: from_memo,
                    standing: Refused,
                    ..PLAIN
                },
                (Open, Err(Silence::RefusedSender)),
            ),
            (
                Heard {
                    kind: Kind::Subscription,
                    ..PLAIN
                },
                (Open, Ok(Speech::Subscription)),
            ),
            (
                Heard {
                    kind: Kind::Other,
                    ..PLAIN
                },
                (NoTicket, Err(Silence::NothingToSay)),
            ),
            (
                Heard {
                    kind: Kind::Other,
                    citizen: true,
                    standing: Unknown,
                    ..PLAIN
                },
                (NoTicket, Ok(Speech::Citizen)),
            ),
            (
                Heard {
                    age: Age::Stale,
                    ..PLAIN
                },
                (Open, Err(Silence::TooOld)),
            ),
            (
                Heard {
                    addressed: Addressed::NotToUs,
                    ..PLAIN
                },
                (Open, Err(Silence::NotAddressedToUs)),
            ),
        ] {
            assert_eq!(course(heard), expected, "{heard:?}");
        }
    }

    #[test]
    fn no_machine_is_ever_answered() {
        for kind in Kind::ALL.iter().copied().filter(|kind| kind.is_machine()) {
            for standing in [Standing::Proven, Standing::Unknown] {
                let heard = Heard {
                    kind,
                    standing,
                    ..PLAIN
                };
                assert_eq!(decide(&heard).speech, Err(Silence::Machine), "{kind}");
            }
        }
        let alert = Heard {
            kind: Kind::Alert,
            ..PLAIN
        };
        assert_eq!(
            decide(&alert).filing,
            Filing::Open,
            "an alarm may be the incident"
        );
        let silent = Heard {
            machine_silent: true,
            ..PLAIN
        };
        assert_eq!(course(silent), (Filing::Open, Err(Silence::Machine)));
    }

    #[test]
    fn a_message_on_a_ticket_stays_there_and_a_claim_waits_in_the_pen() {
        let on_it = Placement::OnTicket(TicketId::from_stored("t"));
        let possibly = TicketNumber::new("CRT", 2026, 42);
        let pen = Placement::Pen {
            possibly: possibly.clone(),
        };
        let heard = Heard {
            placement: &on_it,
            ..PLAIN
        };
        assert_eq!(course(heard), (Filing::Append, Ok(Speech::FollowUp)));
        let thanks = Heard {
            kind: Kind::Other,
            ..heard
        };
        assert_eq!(course(thanks), (Filing::Append, Err(Silence::NothingToSay)));
        let bounce = Heard {
            kind: Kind::Bounce,
            ..heard
        };
        assert_eq!(course(bounce), (Filing::Append, Err(Silence::Machine)));
        let claim = Heard {
            placement: &pen,
            standing: Standing::Unknown,
            ..PLAIN
        };
        assert_eq!(
            course(claim),
            (Filing::Hold { possibly }, Ok(Speech::Guidance))
        );
    }
}

//! Who gets what, case by case.

use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::intake::age::Age;
use crate::domain::intake::limits::Share;
use crate::domain::intake::message::Arrived;
use crate::domain::intake::placement::{Placement, Proof};
use crate::domain::intake::sender::Standing;
use crate::domain::ticket::decide::{
    Addressed, Answerable, Filing, Heard, Mode, Speech, Word, decide, share_of,
};
use crate::domain::ticket::dialogue::Talk;
use crate::domain::ticket::words::Silence;
use crate::domain::triage::category::Kind;

const PLAIN: Heard<'static> = Heard {
    kind: Kind::Incident,
    machine_silent: false,
    citizen: false,
    page: false,
    word: Word::Bot,
    talk: Talk::Open,
    standing: Standing::Proven,
    age: Age::Fresh,
    addressed: Addressed::ToUs,
    placement: &Placement::New,
    arrived: Arrived::Whole,
    answer: Answerable::ByHumanOnly,
    mode: Mode::Answer,
};

/// A question that a memo answers.
const ASKED: Heard<'static> = Heard {
    kind: Kind::Question,
    answer: Answerable::FromMemo,
    ..PLAIN
};

/// Something in which triage finds nothing.
const NOTHING: Heard<'static> = Heard {
    kind: Kind::Other,
    ..PLAIN
};

fn course(heard: Heard<'_>) -> (Filing, Result<Speech, Silence>) {
    let course = decide(&heard);
    (course.filing, course.speech)
}

fn from(standing: Standing, heard: Heard<'static>) -> Heard<'static> {
    Heard { standing, ..heard }
}

#[test]
fn who_gets_what_for_an_incident() {
    use Standing::{Listed, Proven, Refused, Unclear, Unknown};
    for (standing, speech) in [
        (Proven, Ok(Speech::Guidance)),
        (Listed, Ok(Speech::Guidance)),
        (Unknown, Ok(Speech::Guidance)),
        (Refused, Err(Silence::RefusedSender)),
        (Unclear, Err(Silence::NoSingleSender)),
    ] {
        let heard = from(standing, PLAIN);
        assert_eq!(course(heard), (Filing::Open, speech), "{heard:?}");
    }
    let stale = Heard {
        age: Age::Stale,
        ..PLAIN
    };
    assert_eq!(course(stale), (Filing::Open, Err(Silence::TooOld)));
    let elsewhere = Heard {
        addressed: Addressed::NotToUs,
        ..PLAIN
    };
    let silent = Err(Silence::NotAddressedToUs);
    assert_eq!(course(elsewhere), (Filing::Open, silent));
}

#[test]
fn what_is_too_large_is_seen_by_a_human_and_its_sender_hears_of_it() {
    use Standing::{Proven, Refused, Unknown};
    let cut = |heard: Heard<'static>| Heard {
        arrived: Arrived::Beginning,
        ..heard
    };
    let citizen = Heard {
        citizen: true,
        ..from(Unknown, NOTHING)
    };
    for (heard, speech) in [
        (PLAIN, Ok(Speech::Guidance)),
        (ASKED, Ok(Speech::Answer)),
        (NOTHING, Ok(Speech::TooLarge)),
        (from(Unknown, NOTHING), Ok(Speech::TooLarge)),
        (from(Refused, NOTHING), Err(Silence::RefusedSender)),
        (citizen, Ok(Speech::Citizen)),
        (from(Proven, citizen), Ok(Speech::TooLarge)),
    ] {
        assert_eq!(course(cut(heard)), (Filing::Open, speech), "{heard:?}");
    }
    let in_part = Heard {
        arrived: Arrived::ReadInPart,
        ..from(Unknown, NOTHING)
    };
    let nothing = Err(Silence::NothingToSay);
    assert_eq!(course(in_part), (Filing::Open, nothing));
    let bounce = Heard {
        kind: Kind::Bounce,
        ..cut(PLAIN)
    };
    assert_eq!(course(bounce), (Filing::NoTicket, Err(Silence::Machine)));
}

#[test]
fn who_gets_what_for_a_question_or_a_subscription() {
    let no_memo = Heard {
        answer: Answerable::ByHumanOnly,
        ..ASKED
    };
    let subscription = Heard {
        kind: Kind::Subscription,
        ..PLAIN
    };
    let in_mode = |mode| Heard { mode, ..ASKED };
    for (heard, filing, speech) in [
        (ASKED, Filing::NoTicket, Ok(Speech::Answer)),
        (no_memo, Filing::Open, Ok(Speech::NoAnswer)),
        // A question that can't be answered by mail is shown to a human instead.
        (
            from(Standing::Refused, ASKED),
            Filing::Open,
            Err(Silence::RefusedSender),
        ),
        (subscription, Filing::Open, Ok(Speech::Subscription)),
        // What waits for approval, or is only a draft, is shown to a human.
        (in_mode(Mode::Approve), Filing::Open, Ok(Speech::Answer)),
        (in_mode(Mode::Observe), Filing::Open, Ok(Speech::Answer)),
    ] {
        assert_eq!(course(heard), (filing, speech), "{heard:?}");
    }
}

#[test]
fn silence_leaves_no_ticket_only_where_nobody_can_be_waiting() {
    use Filing::{NoTicket, Open};
    use Standing::{Listed, Refused, Unclear, Unknown};
    let nothing = Err(Silence::NothingToSay);
    let citizen = Heard {
        citizen: true,
        ..NOTHING
    };
    let by_bcc = Heard {
        addressed: Addressed::NotToUs,
        ..NOTHING
    };
    for (heard, filing, speech) in [
        // From a constituent it may be a report that nobody understood.
        (NOTHING, Open, nothing),
        (from(Listed, NOTHING), Open, nothing),
        (from(Unknown, NOTHING), NoTicket, nothing),
        // Advertising by Bcc, or with a forged sender.
        (
            from(Unknown, by_bcc),
            NoTicket,
            Err(Silence::NotAddressedToUs),
        ),
        (from(Refused, by_bcc), NoTicket, Err(Silence::RefusedSender)),
        // An empty or broken mail without a sender: a human looks at it.
        (from(Unclear, NOTHING), Open, Err(Silence::NoSingleSender)),
        (from(Unknown, citizen), NoTicket, Ok(Speech::Citizen)),
        // "My wife" in a constituent's mail makes him no citizen.
        (citizen, Open, nothing),
    ] {
        assert_eq!(course(heard), (filing, speech), "{heard:?}");
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
    let filing = decide(&alert).filing;
    assert_eq!(filing, Filing::Open, "an alarm may be the incident");
    let silent = Heard {
        machine_silent: true,
        ..PLAIN
    };
    assert_eq!(course(silent), (Filing::Open, Err(Silence::Machine)));
}

fn on_ticket(by: Proof) -> Placement {
    Placement::OnTicket {
        ticket: TicketId::from_stored("t"),
        by,
    }
}

#[test]
fn a_message_on_a_ticket_stays_there_and_a_claim_waits_in_the_pen() {
    let on_it = on_ticket(Proof::Ours);
    let possibly = TicketNumber::new("CRT", 2026, 42);
    let pen = Placement::Pen {
        possibly: possibly.clone(),
    };
    for (kind, speech) in [
        (Kind::Incident, Ok(Speech::FollowUp)),
        (Kind::Other, Err(Silence::NothingToSay)),
        (Kind::Bounce, Err(Silence::Machine)),
    ] {
        let heard = Heard {
            kind,
            placement: &on_it,
            ..PLAIN
        };
        assert_eq!(course(heard), (Filing::Append, speech), "{kind}");
    }
    let taken = Heard {
        word: Word::Human,
        placement: &on_it,
        ..PLAIN
    };
    let silent = Err(Silence::HumanSpeaks);
    assert_eq!(course(taken), (Filing::Append, silent));
    let claim = Heard {
        standing: Standing::Unknown,
        placement: &pen,
        ..PLAIN
    };
    let held = Filing::Hold { possibly };
    assert_eq!(course(claim), (held, Ok(Speech::Guidance)));
}

#[test]
fn it_is_a_dialogue_only_where_something_of_ours_came_back() {
    let (ours, theirs) = (on_ticket(Proof::Ours), on_ticket(Proof::Theirs));
    for (placement, standing, page, share) in [
        (&ours, Standing::Unknown, false, Share::Dialogue),
        (&ours, Standing::Proven, true, Share::Dialogue),
        (&theirs, Standing::Unknown, false, Share::Unproven),
        (&theirs, Standing::Listed, true, Share::Unproven),
        (&theirs, Standing::Proven, false, Share::Proven),
        (&theirs, Standing::Proven, true, Share::Urgent),
    ] {
        let heard = Heard {
            page,
            standing,
            placement,
            ..PLAIN
        };
        assert_eq!(share_of(Speech::FollowUp, &heard), share, "{heard:?}");
    }
}

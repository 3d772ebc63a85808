//! Deciding on one stored message: the path from the inbox to a ticket and a reply, in one transaction.
//!
//! Reading and deciding can be repeated at will; only the commit counts. Whoever loses the race for a
//! ticket decides again on what is there then.

use crate::app::App;
use crate::app::case::Case;
use crate::app::faults::CrashPoint;
use crate::app::place::find_place;
use crate::app::ports::mail::Border;
use crate::app::ports::{
    Arrival, ArrivalDone, Change, ClaimedArrival, Committed, DecisionRecord, Outcome,
};
use crate::app::step::{LEASE, MOST_ATTEMPTS, RACES, Step, StepError, retry_at};
use crate::app::understand::{ReadMail, assess_mail, look_up, read_mail};
use crate::domain::ids::InboxId;
use crate::domain::intake::age::age_of;
use crate::domain::intake::sender::{Authentication, standing_of};
use crate::domain::ticket::decide::{Addressed, Answerable, Heard, decide};
use crate::domain::triage::category::Kind;
use jiff::Timestamp;

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
        trusted.unwrap_or(&Border::default()),
    );
    for _ in 0..RACES {
        let now = app.clock.now();
        let change = decide_once(app, arrival, &read, now).await?;
        let leaves = !change.outgoing.is_empty();
        app.faults.reach(CrashPoint::Decided);
        match app.store.commit(change, now).await? {
            Committed::Done => {
                app.faults.reach(CrashPoint::Committed);
                let next = if leaves {
                    &app.wake.outgoing
                } else {
                    &app.wake.settled
                };
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
    let earlier = placed
        .ticket
        .as_ref()
        .and_then(|ticket| ticket.assessment.clone());
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

fn addressed(app: &App, read: &ReadMail) -> Addressed {
    let ours = |to: &crate::domain::address::Mailbox| app.settings.is_own(&to.address);
    if read.mail.to.iter().chain(&read.mail.cc).any(ours) {
        Addressed::ToUs
    } else {
        Addressed::NotToUs
    }
}

/// The calendar year in which a ticket is numbered.
pub fn year_of(app: &App, now: Timestamp) -> i16 {
    app.settings.time_zone.to_datetime(now).year()
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

//! Words to the team about the bot as a whole, by mail and in the on-call room: calls, and what can wait. What is worth
//! them, and how often, is decided elsewhere.

use crate::app::App;
use crate::app::envelope::{AnswersGo, outgoing_mail, team_letter};
use crate::app::ports::{
    Change, ChatErrand, Dispatch, KnowledgeError, Lane, NewOutgoing, RaisedAlarm, Voice,
};
use crate::app::step::{StepError, until_done};
use crate::domain::chat::post::{Line, Loudness, Post};
use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::ids::{InboxId, OutboxId};
use crate::domain::oncall::people::{Person, Role};
use crate::domain::ticket::words::Release;
use jiff::Timestamp;

/// What people are called for.
pub(crate) struct Call {
    /// The words by mail.
    pub(crate) template: Template,
    /// What is filled into them.
    pub(crate) line: String,
    /// What it is, and what to do, in the on-call room.
    pub(crate) room: [String; 2],
    /// The message that it began with, if any.
    pub(crate) cause: Option<InboxId>,
}

/// What the team should know, and nobody is woken for.
pub(crate) struct Bulletin {
    /// The words by mail.
    pub(crate) template: Template,
    /// What is filled into them.
    pub(crate) line: String,
    /// The list in them.
    pub(crate) items: Vec<String>,
    /// The same in the on-call room.
    pub(crate) room: Vec<Line>,
}

/// Writes such words, unless they were written lately. `alarm` makes them, for each try anew.
///
/// # Errors
/// Where they can't be made or written: then nobody is told yet.
pub(crate) async fn raise(
    app: &App,
    alarm: impl Fn() -> Result<RaisedAlarm, KnowledgeError>,
    now: Timestamp,
) -> Result<(), StepError> {
    until_done(|| {
        let change = alarm().map(|alarm| Change {
            alarm: Some(alarm),
            ..Change::default()
        });
        async move { Ok(app.store.commit(change?, now).await?) }
    })
    .await?;
    app.wake.outgoing();
    Ok(())
}

/// Who coordinates is called; where nobody does, everybody.
pub(crate) fn calls(
    app: &App,
    call: &Call,
    now: Timestamp,
) -> Result<Vec<NewOutgoing>, KnowledgeError> {
    let people = who_coordinates(app);
    let mut calls = mails(app, &people, (call.template, &call.line, &[]), now)?;
    if app.settings.chat.is_some() {
        let [what, next] = call.room.clone();
        calls.push(in_the_room(
            app,
            Post {
                lines: vec![Line::Strong(what), Line::Plain(next)],
                mentions: people.iter().filter_map(|one| one.matrix.clone()).collect(),
                loudness: Loudness::Message,
            },
        ));
    }
    let row = |row| NewOutgoing {
        cause: call.cause.clone(),
        ..row
    };
    Ok(calls.into_iter().map(row).collect())
}

/// One quiet message in the on-call room; where there is no chat, a mail to each who coordinates.
pub(crate) fn bulletins(
    app: &App,
    bulletin: &Bulletin,
    now: Timestamp,
) -> Result<Vec<NewOutgoing>, KnowledgeError> {
    let rows = if app.settings.chat.is_some() {
        vec![in_the_room(
            app,
            Post {
                lines: bulletin.room.clone(),
                mentions: Vec::new(),
                loudness: Loudness::Notice,
            },
        )]
    } else {
        let words = (bulletin.template, &*bulletin.line, &*bulletin.items);
        mails(app, &who_coordinates(app), words, now)?
    };
    // Whatever else there is to send goes first.
    let row = |row| NewOutgoing {
        lane: Lane::Relay,
        ..row
    };
    Ok(rows.into_iter().map(row).collect())
}

fn who_coordinates(app: &App) -> Vec<&Person> {
    let roster = &app.settings.roster;
    let coordinators: Vec<&Person> = roster.with_role(Role::Coordinator).collect();
    if coordinators.is_empty() {
        roster.people.iter().collect()
    } else {
        coordinators
    }
}

/// A mail to each of these people who has an address.
fn mails(
    app: &App,
    people: &[&Person],
    (template, line, items): (Template, &str, &[String]),
    now: Timestamp,
) -> Result<Vec<NewOutgoing>, KnowledgeError> {
    let mut rows = Vec::new();
    for person in people {
        let mut plan = ReplyPlan::blank(template, person.language());
        line.clone_into(&mut plan.line);
        plan.now = items.to_vec();
        let letter = team_letter(app, person, &plan, AnswersGo::Nowhere, now)?;
        rows.extend(letter.map(|letter| {
            let mail = outgoing_mail(app, &letter.outbox, &letter.letter);
            row(letter.outbox, Dispatch::Mail(mail))
        }));
    }
    Ok(rows)
}

fn in_the_room(app: &App, post: Post) -> NewOutgoing {
    let id = OutboxId::from_random(app.ids.random());
    row(id, Dispatch::Chat(ChatErrand::OncallRoom { post }))
}

fn row(id: OutboxId, dispatch: Dispatch) -> NewOutgoing {
    NewOutgoing {
        id,
        // Not on a ticket: whoever takes the one that happened to come next has not seen this.
        ticket: None,
        cause: None,
        dispatch,
        voice: Voice::Inside,
        lane: Lane::Page,
        release: Release::AtOnce,
        counted: None,
    }
}

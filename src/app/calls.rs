//! Calls to people about the bot as a whole, by mail and in the on-call room. What is worth a call, and how often, is
//! decided elsewhere.

use crate::app::App;
use crate::app::envelope::{AnswersGo, outgoing_mail, team_letter};
use crate::app::ports::{ChatErrand, Dispatch, KnowledgeError, Lane, NewOutgoing, Voice};
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

/// Who coordinates is called; where nobody does, everybody.
pub(crate) fn calls(
    app: &App,
    call: &Call,
    now: Timestamp,
) -> Result<Vec<NewOutgoing>, KnowledgeError> {
    let roster = &app.settings.roster;
    let mut people: Vec<&Person> = roster.with_role(Role::Coordinator).collect();
    if people.is_empty() {
        people = roster.people.iter().collect();
    }
    let mut calls = Vec::new();
    for person in &people {
        let mut plan = ReplyPlan::blank(call.template, person.language());
        plan.line.clone_from(&call.line);
        let letter = team_letter(app, person, &plan, AnswersGo::Nowhere, now)?;
        calls.extend(letter.map(|letter| {
            let mail = outgoing_mail(app, &letter.outbox, &letter.letter);
            (letter.outbox, Dispatch::Mail(mail))
        }));
    }
    if app.settings.chat.is_some() {
        let [what, next] = call.room.clone();
        let post = Post {
            lines: vec![Line::Strong(what), Line::Plain(next)],
            mentions: people.iter().filter_map(|one| one.matrix.clone()).collect(),
            loudness: Loudness::Message,
        };
        let id = OutboxId::from_random(app.ids.random());
        calls.push((id, Dispatch::Chat(ChatErrand::OncallRoom { post })));
    }
    let row = |(id, dispatch)| NewOutgoing {
        id,
        // Not on a ticket: whoever takes the one that happened to come next has not seen this.
        ticket: None,
        cause: call.cause.clone(),
        dispatch,
        voice: Voice::Inside,
        lane: Lane::Page,
        release: Release::AtOnce,
        counted: None,
    };
    Ok(calls.into_iter().map(row).collect())
}

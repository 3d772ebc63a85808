//! The automatic mail of an hour is used up, all of it or the share of those who aren't proven: people must look.
//!
//! Raised with the decision that met the limit, and at most once an hour for each, not for each mail. When somebody isn't
//! answered is decided in `domain::intake::limits`; that nobody is called twice is the store's work.

use crate::app::App;
use crate::app::calls::{Call, calls};
use crate::app::chat::words;
use crate::app::ports::{Alarm, Change, RaisedAlarm};
use crate::domain::guidance::reply::Template;
use crate::domain::ids::InboxId;
use crate::domain::intake::limits::Limits;
use crate::domain::ticket::event::TicketEvent;
use crate::domain::ticket::words::Silence;
use jiff::{SignedDuration, Timestamp};

/// For how long nobody is called again because of it.
const RESTS: SignedDuration = SignedDuration::from_hours(1);

/// A limit at which people are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// Of all automatic mail: nobody is answered.
    All,
    /// Of what those get who aren't proven: the others are answered still.
    Unproven,
}

impl Limit {
    fn met(silence: Silence) -> Option<Self> {
        match silence {
            Silence::GlobalLimit => Some(Self::All),
            Silence::UnprovenLimit => Some(Self::Unproven),
            _ => None,
        }
    }

    fn alarm(self) -> Alarm {
        match self {
            Self::All => Alarm::MailLimit,
            Self::Unproven => Alarm::UnprovenLimit,
        }
    }

    fn template(self) -> Template {
        match self {
            Self::All => Template::Limit,
            Self::Unproven => Template::LimitUnproven,
        }
    }

    /// How many mails it is.
    fn count(self, limits: &Limits) -> u32 {
        match self {
            Self::All => limits.in_all_hour,
            Self::Unproven => limits.of_unproven_hour(),
        }
    }

    /// What it is, and what to do, in the on-call room.
    fn words(self, count: u32) -> [String; 2] {
        match self {
            Self::All => [
                words::all_mail_is_used_up(count),
                words::LOOK_INTO_THE_MAILBOX.to_owned(),
            ],
            Self::Unproven => [
                words::mail_of_unproven_is_used_up(count),
                words::LOOK_AT_THE_UNPROVEN.to_owned(),
            ],
        }
    }
}

/// Adds the calls to a change in which somebody isn't answered because automatic mail is used up.
pub(crate) fn raise_where_all_is_used_up(app: &App, change: &mut Change, now: Timestamp) {
    let Some((inbox, limit)) = unanswered(change) else {
        return;
    };
    let count = limit.count(&app.settings.limits);
    let call = Call {
        template: limit.template(),
        line: count.to_string(),
        room: limit.words(count),
        cause: Some(inbox),
    };
    match calls(app, &call, now) {
        Ok(calls) => {
            change.alarm = Some(RaisedAlarm {
                what: limit.alarm(),
                rests: RESTS,
                calls,
            });
        }
        // Without its calls an alarm would only keep the next one from being raised.
        Err(error) => {
            tracing::error!(error = %error, "people can't be called: automatic mail is used up");
        }
    }
}

/// The message that isn't answered because automatic mail is used up, and which of it.
fn unanswered(change: &Change) -> Option<(InboxId, Limit)> {
    let events = change.tickets.iter().flat_map(|ticket| &ticket.events);
    let on_a_ticket = events.filter_map(|(_, event)| match event {
        TicketEvent::ReplyWithheld { inbox, reason } => Some((inbox, *reason)),
        _ => None,
    });
    let decided = change.arrival.iter().filter_map(|done| {
        let silence = done.record.as_ref()?.silence?;
        Some((&done.id, silence))
    });
    on_a_ticket
        .chain(decided)
        .find_map(|(inbox, silence)| Some((inbox.clone(), Limit::met(silence)?)))
}

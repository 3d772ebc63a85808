//! On Monday morning the team is told which memos are due for review: once, whatever instances there are.
//!
//! Which are due and when it is Monday morning is decided in `domain`; that it is said once is the store's work, by
//! the row of the alarm. What broken files are told with stands in `renewal`.

use crate::app::App;
use crate::app::calls::{Bulletin, bulletins, raise};
use crate::app::chat::words;
use crate::app::ports::{Alarm, RaisedAlarm};
use crate::app::step::StepError;
use crate::domain::chat::post::Line;
use crate::domain::guidance::entry::{DueMemos, due_memos};
use crate::domain::guidance::reply::Template;
use crate::domain::oncall::monday::monday_morning;
use jiff::{SignedDuration, Timestamp};

/// Memos that are named in one message; the others are counted.
const MOST_NAMED: usize = 15;
/// The finest step of the store's clock: what was said at eight exactly was said this Monday.
const TICK: SignedDuration = SignedDuration::from_millis(1);

/// What came of a look at the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It isn't the time for it.
    NotNow,
    /// No memo is due: there is nothing to say.
    NothingDue,
    /// Memos are due, and there is nobody whom it could be said to.
    Nobody,
    /// It was said on the Monday that began then, now or before.
    Said(Timestamp),
}

/// Says on a Monday from 08:00 on which memos are due, unless it was said on this Monday. `said` is the Monday on which it
/// was said last, as far as is known: while it is the same one, the store isn't asked again.
///
/// # Errors
/// Where the words can't be made or the store fails; then it isn't said yet.
pub async fn tell_of_due_memos(app: &App, said: Option<Timestamp>) -> Result<Told, StepError> {
    let now = app.clock.now();
    let zone = &app.settings.time_zone;
    let Some(monday) = monday_morning(now, zone) else {
        return Ok(Told::NotNow);
    };
    let morning = monday.morning;
    if said == Some(morning) {
        return Ok(Told::Said(morning));
    }
    let Some(due) = due_memos(&app.knowledge.entries(), monday.date, MOST_NAMED) else {
        return Ok(Told::NothingDue);
    };
    let bulletin = bulletin(&due);
    if bulletins(app, &bulletin, now)?.is_empty() {
        return Ok(Told::Nobody);
    }
    let alarm = || {
        Ok(RaisedAlarm {
            what: Alarm::MemosDue,
            rests: now.duration_since(morning).saturating_add(TICK),
            calls: bulletins(app, &bulletin, now)?,
        })
    };
    raise(app, alarm, now).await?;
    Ok(Told::Said(morning))
}

fn bulletin(due: &DueMemos) -> Bulletin {
    let mut items = Vec::new();
    let mut room = vec![Line::Strong(words::review_these_memos(due.count))];
    for owner in &due.named {
        room.push(Line::Plain(words::memos_of(&owner.owner)));
        for memo in &owner.memos {
            room.push(Line::Item(words::memo_of_that_day(&memo.title, memo.since)));
            // In any language: the words around it stand in the template.
            let named = format!("{} ({})", memo.title, memo.since);
            items.push(match owner.owner.as_str() {
                "" => named,
                owner => format!("{owner}: {named}"),
            });
        }
    }
    room.extend(words::more_memos(due.more()).map(Line::Plain));
    room.push(Line::Plain(words::AFTER_THE_REVIEW.to_owned()));
    Bulletin {
        template: Template::MemosDue,
        line: due.count.to_string(),
        items,
        room,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guidance::entry::{DueMemo, DueOfOwner};
    use insta::assert_snapshot;

    #[test]
    fn the_list_in_the_room_says_what_to_do_first() {
        let memo = |title: &str, since: &str| DueMemo {
            title: title.to_owned(),
            since: since.parse().unwrap(),
        };
        let due = DueMemos {
            count: 18,
            named: vec![
                DueOfOwner {
                    owner: "Dienst informatieveiligheid".to_owned(),
                    memos: vec![
                        memo("Wifi voor bezoekers", "2026-01-31"),
                        memo("MFA", "2026-03-31"),
                    ],
                },
                DueOfOwner {
                    owner: String::new(),
                    memos: vec![memo("NIS2", "2026-02-28")],
                },
            ],
        };
        let bulletin = bulletin(&due);
        let lines = bulletin.room.iter().map(|line| match line {
            Line::Item(text) => format!("- {text}"),
            Line::Plain(text) | Line::Strong(text) | Line::Outside(text) => text.clone(),
        });
        assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
        assert_eq!(bulletin.items[2], "NIS2 (2026-02-28)", "nobody is named");
    }
}

//! Looks every minute whether it is Monday morning, and has the team told what is due. What that is, and that it is
//! said once, is decided in `app::memos_due`.
//!
//! A failure that lasts is said when it begins, when it becomes another one, and when it is over, not every minute.

use crate::app::App;
use crate::app::memos_due::{Told, tell_of_due_memos};
use crate::app::step::StepError;
use crate::runtime::supervisor::{Supervisor, wait};
use jiff::Timestamp;
use std::time::Duration;

/// How often it is looked.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Starts looking.
pub(super) fn tell_on_mondays(app: &App, supervisor: &Supervisor) {
    let app = app.clone();
    let stop = supervisor.stop_signal();
    supervisor.spawn("mondays", async move {
        let mut mondays = Mondays::default();
        while !stop.is_cancelled() {
            let told = tell_of_due_memos(&app.pinned(), mondays.said).await;
            mondays.note(told).say();
            tokio::select! {
                () = stop.cancelled() => {}
                () = wait(LOOK_AGAIN) => {}
            }
        }
    });
}

/// What is known from one look to the next.
#[derive(Debug, Default)]
struct Mondays {
    /// The Monday on which it was said.
    said: Option<Timestamp>,
    /// Why it can't be said, while it can't.
    failing: Option<String>,
}

/// What the log is told of a look.
#[derive(Debug, PartialEq, Eq)]
enum News {
    /// Nothing, or nothing new.
    None,
    /// It can't be said, because of this.
    Failing(String),
    /// It could not be said, and now it was.
    SaidAfterAll,
    /// It could not be said, and now no memo is due any more.
    NothingDue,
    /// It could not be said, and won't be on this Monday.
    NotSaid,
}

impl Mondays {
    fn note(&mut self, told: Result<Told, StepError>) -> News {
        let told = match told {
            Ok(told) => told,
            Err(error) => {
                let why = error.to_string();
                let is_new = self.failing.replace(why.clone()).as_ref() != Some(&why);
                return if is_new {
                    News::Failing(why)
                } else {
                    News::None
                };
            }
        };
        if let Told::Said(monday) = told {
            self.said = Some(monday);
        }
        match (self.failing.take(), told) {
            (None, _) => News::None,
            (Some(_), Told::Said(_)) => News::SaidAfterAll,
            (Some(_), Told::NothingDue) => News::NothingDue,
            (Some(_), Told::NotNow | Told::Nobody) => News::NotSaid,
        }
    }
}

impl News {
    fn say(self) {
        match self {
            Self::None => {}
            Self::Failing(error) => {
                tracing::error!(error, "the team can't be told yet which memos are due");
            }
            Self::SaidAfterAll => tracing::info!("the team is told now which memos are due"),
            Self::NothingDue => tracing::info!("no memo is due any more: there is nothing to tell"),
            Self::NotSaid => {
                tracing::warn!("this Monday the team was not told which memos are due");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ports::StoreError;

    fn away(what: &str) -> Result<Told, StepError> {
        Err(StoreError::Unavailable(what.to_owned()).into())
    }

    #[test]
    fn a_failure_is_said_once_and_so_is_its_end() {
        let monday = Told::Said("2026-11-23T07:00:00Z".parse().unwrap());
        let mut mondays = Mondays::default();
        assert_eq!(mondays.note(Ok(Told::NotNow)), News::None);
        assert!(matches!(mondays.note(away("a")), News::Failing(why) if why.contains('a')));
        assert_eq!(mondays.note(away("a")), News::None);
        assert!(matches!(mondays.note(away("b")), News::Failing(_)));
        assert_eq!(mondays.note(Ok(monday)), News::SaidAfterAll);
        assert_eq!(mondays.note(Ok(monday)), News::None);
        assert!(matches!(mondays.note(away("b")), News::Failing(_)));
        let over = mondays.note(Ok(Told::NotNow));
        assert_eq!(over, News::NotSaid, "Monday is over");
    }

    #[test]
    fn nobody_is_warned_where_nothing_is_due_any_more() {
        let mut mondays = Mondays::default();
        assert!(matches!(mondays.note(away("a")), News::Failing(_)));
        assert_eq!(mondays.note(Ok(Told::NothingDue)), News::NothingDue);
        assert_eq!(mondays.note(Ok(Told::NothingDue)), News::None);
        assert_eq!(mondays.note(Ok(Told::NotNow)), News::None);
    }

    #[test]
    fn what_was_said_stays_known_until_the_next_time() {
        let monday = "2026-11-23T07:00:00Z".parse().unwrap();
        let mut mondays = Mondays::default();
        for told in [Told::Said(monday), Told::NotNow, Told::NothingDue] {
            mondays.note(Ok(told));
            assert_eq!(mondays.said, Some(monday));
        }
    }
}

//! Other knowledge takes the place of the one in use: it is kept for replay first, and people are called where a file of
//! it is broken.

use crate::app::App;
use crate::app::calls::{Call, calls, raise};
use crate::app::chat::words;
use crate::app::ports::{Alarm, Knowledge, RaisedAlarm, StoreError};
use crate::app::step::StepError;
use crate::domain::guidance::reply::Template;
use jiff::SignedDuration;

/// For how long nobody is called again because of broken files: instances on one folder see the same within seconds.
const RESTS: SignedDuration = SignedDuration::from_mins(1);
/// Broken files that are named.
const MOST_NAMED: usize = 5;

/// Keeps this version of the knowledge, so that what is decided with it can be replayed.
///
/// # Errors
/// Where the store fails; then it must not be used yet.
pub async fn keep_version(app: &App, knowledge: &dyn Knowledge) -> Result<(), StoreError> {
    let version = knowledge.handbook().version.clone();
    app.store
        .keep_knowledge(&version, &knowledge.archive(), app.clock.now())
        .await
}

/// Calls people: these files of the knowledge can't be used, and what they said before holds. `places` are names of
/// files, with the line where one is known.
///
/// # Errors
/// Where the call can't be written.
pub async fn tell_of_broken_files(app: &App, places: &[String]) -> Result<(), StepError> {
    let now = app.clock.now();
    let named = named(places);
    let call = Call {
        template: Template::KnowledgeBroken,
        line: named.clone(),
        room: [
            words::knowledge_is_broken(&named),
            words::MEND_THE_KNOWLEDGE.to_owned(),
        ],
        cause: None,
    };
    let alarm = || {
        Ok(RaisedAlarm {
            what: Alarm::KnowledgeBroken,
            rests: RESTS,
            calls: calls(app, &call, now)?,
        })
    };
    raise(app, alarm, now).await
}

fn named(places: &[String]) -> String {
    let mut named: Vec<String> = places.iter().take(MOST_NAMED).cloned().collect();
    if let Some(more) = places
        .len()
        .checked_sub(MOST_NAMED)
        .filter(|more| *more > 0)
    {
        named.push(format!("+{more}"));
    }
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_broken_files_are_counted_and_not_all_named() {
        let places: Vec<String> = (1..8).map(|n| format!("memos/{n}.md")).collect();
        assert_eq!(
            named(&places),
            "memos/1.md, memos/2.md, memos/3.md, memos/4.md, memos/5.md, +2"
        );
        assert_eq!(named(&["a.md:3".to_owned()]), "a.md:3");
    }
}

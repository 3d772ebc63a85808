//! Watches the knowledge folder while the service runs: an edited file, or a `git pull` in it, is in use within seconds.
//!
//! Looked at by size and time of every file, because a folder on a share or in a container gives no other sign. Nothing
//! is read while files still change. What a broken file keeps is decided in `adapters::knowledge::live`.

use crate::adapters::knowledge::files::Marks;
use crate::adapters::knowledge::trouble::Trouble;
use crate::adapters::knowledge::{LiveKnowledge, live::Renewal};
use crate::app::App;
use crate::app::renewal::{keep_version, tell_of_broken_files};
use crate::runtime::supervisor::{Supervisor, wait};
use std::sync::Arc;
use std::time::Duration;

/// How often the folder is looked at. A change is in use after two looks.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long it is left alone after a failure, which is said each time.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Starts the watch.
pub(super) fn watch_knowledge(app: &App, live: Arc<LiveKnowledge>, supervisor: &Supervisor) {
    let app = app.clone();
    let stop = supervisor.stop_signal();
    supervisor.spawn("knowledge", async move {
        let mut watch = Watch {
            app,
            read: live.marks_when_read(),
            seen: None,
            live,
        };
        while !stop.is_cancelled() {
            let pause = match watch.look().await {
                Looked::Done => LOOK_AGAIN,
                Looked::Failed => AFTER_FAILURE,
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = wait(pause) => {}
            }
        }
    });
}

/// What became of a look at the folder.
enum Looked {
    /// There is nothing more to do until it changes.
    Done,
    /// It must be looked at again.
    Failed,
}

struct Watch {
    app: App,
    live: Arc<LiveKnowledge>,
    /// The folder as it was when it was read.
    read: Marks,
    /// The folder as it was at the last look.
    seen: Option<Marks>,
}

impl Watch {
    async fn look(&mut self) -> Looked {
        let live = Arc::clone(&self.live);
        let Ok(Ok(marks)) = tokio::task::spawn_blocking(move || live.marks()).await else {
            tracing::error!("the folder of the knowledge can't be looked at; what is in use stays");
            return Looked::Failed;
        };
        let stands_still = self.seen.replace(marks.clone()) == Some(marks.clone());
        if marks == self.read || !stands_still {
            return Looked::Done;
        }
        let live = Arc::clone(&self.live);
        let Ok(renewal) = tokio::task::spawn_blocking(move || live.read_again()).await else {
            tracing::error!("the knowledge can't be read again; what is in use stays");
            return Looked::Failed;
        };
        let taken = self.take(renewal).await;
        if matches!(taken, Looked::Done) {
            self.read = marks;
        }
        taken
    }

    /// Puts another version into use, and calls people where files of it are broken.
    async fn take(&self, renewal: Result<Renewal, Vec<Trouble>>) -> Looked {
        let troubles = match renewal {
            Ok(renewal) => {
                let knowledge = renewal.knowledge();
                let version = knowledge.handbook().version.clone();
                // First kept, then used: nothing may be decided with knowledge that can't be replayed.
                if let Err(error) = keep_version(&self.app, knowledge.as_ref()).await {
                    tracing::error!(error = %error, "other knowledge can't be kept yet; the one in use stays");
                    return Looked::Failed;
                }
                let troubles = self.live.take(renewal);
                let version: String = version.chars().take(12).collect();
                tracing::info!(version, "the knowledge was read again");
                troubles
            }
            Err(troubles) => troubles,
        };
        if troubles.is_empty() {
            return Looked::Done;
        }
        let places = places(&troubles);
        tracing::error!(
            files = places.len(),
            "files of the knowledge can't be used, their last version stays: {}",
            places.join(", ")
        );
        if let Err(error) = tell_of_broken_files(&self.app, &places).await {
            tracing::error!(error = %error, "people can't be called: files of the knowledge can't be used");
            // The call isn't written yet: the same is read and told again.
            return Looked::Failed;
        }
        Looked::Done
    }
}

/// Each file once, with the line of its first mistake.
fn places(troubles: &[Trouble]) -> Vec<String> {
    let mut places: Vec<(&str, usize)> = Vec::new();
    for trouble in troubles {
        if places.iter().all(|(path, _)| *path != trouble.path) {
            places.push((&trouble.path, trouble.line));
        }
    }
    let place = |(path, line): (&str, usize)| match line {
        0 => path.to_owned(),
        line => format!("{path}:{line}"),
    };
    places.into_iter().map(place).collect()
}

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
            watch.look().await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = wait(LOOK_AGAIN) => {}
            }
        }
    });
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
    async fn look(&mut self) {
        let live = Arc::clone(&self.live);
        // A folder that can't be listed is tried again at the next look: a share may be away.
        let Ok(Ok(marks)) = tokio::task::spawn_blocking(move || live.marks()).await else {
            return;
        };
        let stands_still = self.seen.replace(marks.clone()) == Some(marks.clone());
        if marks == self.read || !stands_still {
            return;
        }
        let live = Arc::clone(&self.live);
        let Ok(renewal) = tokio::task::spawn_blocking(move || live.read_again()).await else {
            return;
        };
        if self.take(renewal).await {
            self.read = marks;
        }
    }

    /// Puts another version into use. Is this look at the folder done with?
    async fn take(&self, renewal: Result<Renewal, Vec<Trouble>>) -> bool {
        let troubles = match renewal {
            Ok(renewal) => {
                let knowledge = renewal.knowledge();
                let version = knowledge.handbook().version.clone();
                // First kept, then used: nothing may be decided with knowledge that can't be replayed.
                if let Err(error) = keep_version(&self.app, knowledge.as_ref()).await {
                    tracing::error!(error = %error, "other knowledge can't be kept yet; the one in use stays");
                    return false;
                }
                let troubles = self.live.take(renewal);
                let version: String = version.chars().take(12).collect();
                tracing::info!(version, "the knowledge was read again");
                troubles
            }
            Err(troubles) => troubles,
        };
        if troubles.is_empty() {
            return true;
        }
        let places = places(&troubles);
        tracing::error!(
            files = places.len(),
            "files of the knowledge can't be used, their last version stays: {}",
            places.join(", ")
        );
        if let Err(error) = tell_of_broken_files(&self.app, &places).await {
            tracing::error!(error = %error, "people can't be called: files of the knowledge can't be used");
        }
        true
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

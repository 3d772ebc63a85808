//! Looks every minute whether it is Monday morning, and has the team told what is due. What that is, and that it is
//! said once, is decided in `app::memos_due`.

use crate::app::App;
use crate::app::memos_due::tell_of_due_memos;
use crate::runtime::supervisor::{Supervisor, wait};
use std::time::Duration;

/// How often it is looked.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Starts looking.
pub(super) fn tell_on_mondays(app: &App, supervisor: &Supervisor) {
    let app = app.clone();
    let stop = supervisor.stop_signal();
    supervisor.spawn("mondays", async move {
        let mut said = None;
        while !stop.is_cancelled() {
            match tell_of_due_memos(&app.pinned(), said).await {
                Ok(now_said) => said = now_said,
                Err(error) => {
                    tracing::error!(error = %error, "the team can't be told yet which memos are due");
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = wait(LOOK_AGAIN) => {}
            }
        }
    });
}

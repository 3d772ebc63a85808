//! The loops that repeat the steps of the application: decide, deliver, timers.
//!
//! A loop works until nothing is due, then waits for a hint or a second, and ends when told to stop.
//! A failing step is logged once and tried again after a pause; the row it held is due again.

use crate::app::App;
use crate::app::arrival::decide_step;
use crate::app::chat::deliver::chat_step;
use crate::app::deliver::deliver_step;
use crate::app::step::{Step, StepError};
use crate::app::timers::timer_step;
use crate::runtime::supervisor::{Supervisor, wait};
use std::future::Future;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long a loop waits when nothing is due and nobody wakes it.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long a loop waits after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Starts the workers.
pub fn start_workers(app: &App, supervisor: &Supervisor) {
    let deciding = app.clone();
    let stop = supervisor.stop_signal();
    supervisor.spawn("decide", async move {
        repeat(&stop, &deciding.wake.arrivals, "decide", || {
            let app = deciding.pinned();
            async move { decide_step(&app).await }
        })
        .await;
    });
    let sending = app.clone();
    let stop = supervisor.stop_signal();
    supervisor.spawn("deliver", async move {
        repeat(&stop, &sending.wake.mail, "deliver", || {
            let app = sending.pinned();
            async move { deliver_step(&app).await }
        })
        .await;
    });
    let chatting = app.clone();
    let stop = supervisor.stop_signal();
    supervisor.spawn("chat", async move {
        repeat(&stop, &chatting.wake.chat, "chat", || {
            let app = chatting.pinned();
            async move { chat_step(&app).await }
        })
        .await;
    });
    let timing = app.clone();
    let stop = supervisor.stop_signal();
    supervisor.spawn("timers", async move {
        repeat(&stop, &timing.wake.timers, "timers", || {
            let app = timing.pinned();
            async move { timer_step(&app).await }
        })
        .await;
    });
}

async fn repeat<F>(
    stop: &CancellationToken,
    wake: &Notify,
    worker: &'static str,
    mut step: impl FnMut() -> F,
) where
    F: Future<Output = Result<Step, StepError>>,
{
    while !stop.is_cancelled() {
        let pause = match step().await {
            Ok(Step::Worked) => continue,
            Ok(Step::Idle) => LOOK_AGAIN,
            Err(error) => {
                tracing::error!(worker, error = %error, "a step of {worker} failed");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = wake.notified() => {}
            () = wait(pause) => {}
        }
    }
}

/// Works until nothing is due, for `demo` and tests of the whole.
pub async fn run_until_idle(app: &App) -> Result<(), StepError> {
    loop {
        let steps = [
            decide_step(app).await?,
            deliver_step(app).await?,
            chat_step(app).await?,
            timer_step(app).await?,
        ];
        if steps.iter().all(|step| *step == Step::Idle) {
            return Ok(());
        }
    }
}

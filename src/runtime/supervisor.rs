//! Starts every task and thread of the service, and notices when one ends.
//!
//! A task that ends while the service should run takes the service down with a failing exit code: a bot
//! whose mailbox is no longer read is worse than one that is restarted. Stopping has two stages: first
//! everybody finishes what is in hand, then, after a while or at a second signal, it is cut off.

use crate::domain::system_words::in_words;
use crate::runtime::signals::Signals;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long tasks may take to finish what is in hand.
const GRACE: Duration = Duration::from_secs(20);

tokio::task_local! {
    /// The name of the task that runs.
    static TASK: &'static str;
}

/// The name of the task that runs here, where the supervisor started it.
pub fn current_task() -> Option<&'static str> {
    TASK.try_with(|name| *name).ok()
}

/// How the service ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was asked to stop and everybody finished.
    Stopped,
    /// It was asked to stop and somebody had to be cut off; their rows are due again.
    CutOff,
    /// A task ended by itself.
    TaskFailed,
}

/// Starts tasks and watches over them.
#[derive(Clone)]
pub struct Supervisor {
    stop: CancellationToken,
    tracker: TaskTracker,
    failed: Arc<AtomicBool>,
}

impl Default for Supervisor {
    fn default() -> Self {
        Self::new()
    }
}

impl Supervisor {
    /// A supervisor without tasks.
    pub fn new() -> Self {
        Self {
            stop: CancellationToken::new(),
            tracker: TaskTracker::new(),
            failed: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Tells tasks that they should finish.
    pub fn stop_signal(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Starts a task. It should end only after the stop signal.
    #[expect(clippy::disallowed_methods, reason = "this is the one owner of tasks")]
    pub fn spawn(&self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let watch = self.clone();
        let running = tokio::spawn(TASK.scope(name, task));
        self.tracker.spawn(async move {
            let outcome = running.await;
            watch.ended(name, outcome.is_err());
        });
    }

    /// Starts a thread for work that blocks. It should end only after the stop signal.
    pub fn spawn_thread(&self, name: &'static str, work: impl FnOnce() + Send + 'static) {
        let watch = self.clone();
        let (done, finished) = oneshot::channel();
        let started = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                work();
                // The receiver may be gone at shutdown; then nobody waits.
                let _ = done.send(());
            });
        if let Err(error) = started {
            // Its end of the channel is gone, so that it counts as ended by itself.
            tracing::error!(
                task = name,
                "the thread {name} can't be started: {}",
                in_words(error.kind())
            );
        }
        self.tracker.spawn(async move {
            let outcome = finished.await;
            watch.ended(name, outcome.is_err());
        });
    }

    /// Waits for a signal or a failed task, then stops everything.
    pub async fn run_to_end(self, mut signals: Signals) -> Ended {
        tokio::select! {
            () = signals.next() => tracing::info!("asked to stop"),
            () = self.stop.cancelled() => {}
        }
        self.stop.cancel();
        self.tracker.close();
        let all_finished = tokio::select! {
            () = self.tracker.wait() => true,
            () = wait(GRACE) => false,
            () = signals.next() => false,
        };
        match (self.failed.load(Ordering::SeqCst), all_finished) {
            (true, _) => Ended::TaskFailed,
            (false, true) => Ended::Stopped,
            (false, false) => Ended::CutOff,
        }
    }

    fn ended(&self, name: &'static str, panicked: bool) {
        if self.stop.is_cancelled() && !panicked {
            return;
        }
        tracing::error!(
            task = name,
            "the task {name} ended by itself; stopping the service"
        );
        self.failed.store(true, Ordering::SeqCst);
        self.stop.cancel();
    }
}

/// Waits for a time. Only loops of the runtime do this; the application waits in rows.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one owner of waiting"
)]
pub async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_early_takes_the_service_down() {
        let supervisor = Supervisor::new();
        let stop = supervisor.stop_signal();
        supervisor.spawn("steady", async move { stop.cancelled().await });
        supervisor.spawn("short", async {});
        assert_eq!(
            supervisor.run_to_end(Signals::catch().unwrap()).await,
            Ended::TaskFailed
        );
    }

    #[tokio::test]
    async fn a_thread_that_panics_takes_the_service_down() {
        let supervisor = Supervisor::new();
        supervisor.spawn_thread("thread", || panic!("broken"));
        assert_eq!(
            supervisor.run_to_end(Signals::catch().unwrap()).await,
            Ended::TaskFailed
        );
    }

    #[tokio::test]
    async fn a_task_knows_its_name() {
        let supervisor = Supervisor::new();
        let (told, hears) = oneshot::channel();
        supervisor.spawn("named", async move {
            told.send(current_task()).unwrap();
        });
        assert_eq!(hears.await.unwrap(), Some("named"));
        assert_eq!(current_task(), None);
    }

    #[tokio::test]
    async fn asked_to_stop_everybody_finishes() {
        let supervisor = Supervisor::new();
        let stop = supervisor.stop_signal();
        let asked = stop.clone();
        supervisor.spawn("steady", async move { stop.cancelled().await });
        asked.cancel();
        assert_eq!(
            supervisor.run_to_end(Signals::catch().unwrap()).await,
            Ended::Stopped
        );
    }
}

//! The built program as a process of a test: start it, read its log, end it, kill it.

use crate::support::servers::deadline::poll;
use crate::support::servers::process::ProcessGroup;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A running service. Dropping it ends it.
pub(crate) struct ServiceProcess {
    process: ProcessGroup,
    stdout: PathBuf,
    stderr: PathBuf,
}

/// Numbers the log files: a test may start a service many times in one folder.
static STARTED: AtomicUsize = AtomicUsize::new(1);

impl ServiceProcess {
    /// Starts `eerstelijn --config FILE run`; its output goes to files beside the config.
    pub(crate) fn start(config: &Path, environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eerstelijn"));
        command.arg("--config").arg(config).arg("run");
        command.envs(environment.iter().copied());
        let dir = config.parent().unwrap_or_else(|| Path::new("/tmp"));
        Self::spawn(command, dir)
    }

    /// Starts any program in its place; its output goes to files in `dir`.
    pub(crate) fn spawn(command: Command, dir: &Path) -> Self {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let stdout = dir.join(format!("service-{number}.stdout"));
        let stderr = dir.join(format!("service-{number}.stderr"));
        let process = ProcessGroup::spawn(command, &stdout, &stderr)
            .unwrap_or_else(|error| panic!("can't start the service: {error}"));
        Self {
            process,
            stdout,
            stderr,
        }
    }

    /// What it has printed so far: first its stdout, then its stderr.
    pub(crate) fn log(&self) -> String {
        let read = |path: &Path| std::fs::read(path).unwrap_or_default();
        let both = [read(&self.stdout), read(&self.stderr)].concat();
        String::from_utf8_lossy(&both).into_owned()
    }

    /// Waits until its output is as wanted. Fails when it ends before that, or the time is over.
    pub(crate) fn wait_until(&mut self, wanted: impl Fn(&str) -> bool, within: Duration) {
        let outcome = poll(within, || {
            // Asked before the log is read: what a program prints last is still seen.
            let ended = self.process.exited();
            match (wanted(&self.log()), ended) {
                (true, _) => Some(Ok(())),
                (false, Some(status)) => Some(Err(format!("it ended with {status}"))),
                (false, None) => None,
            }
        });
        let outcome = outcome.unwrap_or_else(|| Err(format!("not within {within:?}")));
        if let Err(why) = outcome {
            panic!(
                "the service didn't say what was awaited: {why}\n{}",
                self.log()
            );
        }
    }

    /// Kills it as a power cut does (SIGKILL), and waits until it is gone.
    pub(crate) fn kill9(&mut self) {
        self.process.kill();
    }

    /// Stops it where it is (SIGSTOP), as a machine does that is moved or out of breath.
    pub(crate) fn freeze(&mut self) {
        self.process.send("STOP");
    }

    /// Lets it go on (SIGCONT).
    pub(crate) fn thaw(&mut self) {
        self.process.send("CONT");
    }

    /// Asks it to end (SIGTERM).
    pub(crate) fn terminate(&mut self) {
        self.process.ask_to_end();
    }

    /// Waits for its end and returns how it ended.
    pub(crate) fn wait_exit(&mut self, within: Duration) -> ExitStatus {
        self.process
            .wait(within)
            .unwrap_or_else(|| panic!("the service still runs after {within:?}\n{}", self.log()))
    }
}

impl Drop for ServiceProcess {
    /// What fails beside it is often explained by what it said.
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- {}\n{}", self.stderr.display(), self.log());
        }
    }
}

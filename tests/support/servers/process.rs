//! A program in a process group of its own that can't outlive the test.

use crate::support::servers::deadline::poll;
use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// How long a killed group may take to be gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running program with everything that it started. Dropping it kills them all, without asking:
/// Dovecot takes a second to end politely, and nothing that ends with a test has state to keep.
pub(crate) struct ProcessGroup {
    leader: Child,
    reaper: Child,
}

impl ProcessGroup {
    /// Starts a program; what it prints goes to `stdout` and `stderr`, at their ends.
    pub(crate) fn spawn(mut command: Command, stdout: &Path, stderr: &Path) -> io::Result<Self> {
        let append = |path: &Path| File::options().create(true).append(true).open(path);
        let leader = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(append(stdout)?)
            .stderr(append(stderr)?)
            .spawn()?;
        let reaper = reaper(leader.id())?;
        Ok(Self { leader, reaper })
    }

    /// How it ended, if it did.
    pub(crate) fn exited(&mut self) -> Option<ExitStatus> {
        self.leader.try_wait().ok().flatten()
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self, within: Duration) -> Option<ExitStatus> {
        poll(within, || self.exited())
    }

    /// Asks the program to end (SIGTERM to it alone; it ends its own).
    pub(crate) fn ask_to_end(&mut self) {
        if self.exited().is_none() {
            signal("TERM", &self.leader.id().to_string());
        }
    }

    /// Sends the program a signal, by its name.
    pub(crate) fn send(&mut self, name: &str) {
        signal(name, &self.leader.id().to_string());
    }

    /// Kills the program and everything that it started (SIGKILL), and waits until all are gone: a
    /// child may hold the port for a moment longer than its parent lives.
    pub(crate) fn kill(&mut self) {
        signal("KILL", &format!("-{}", self.leader.id()));
        let _ = self.leader.wait();
        poll(PATIENCE, || (!group_lives(self.leader.id())).then_some(()));
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.kill();
        let _ = self.reaper.kill();
        let _ = self.reaper.wait();
    }
}

/// A shell that reads from us. When this process is gone, by whatever death, it reads the end of
/// the file and kills the group: `Drop` doesn't run in a killed test.
fn reaper(group: u32) -> io::Result<Child> {
    Command::new("sh")
        .args(["-c", "read -r _; kill -s KILL -- \"-$1\"", "reaper"])
        .arg(group.to_string())
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// Removes a folder when this process is gone, by whatever death: what a `static` holds is never dropped.
/// Who still writes into it is on its way out too, so that it tries for a while.
pub(crate) fn remove_after_us(folder: &Path) -> io::Result<()> {
    let script =
        "read -r _; for try in 1 2 3 4 5 6 7 8 9; do rm -rf -- \"$1\" && exit; sleep 1; done";
    Command::new("sh")
        .args(["-c", script, "sweeper"])
        .arg(folder)
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        // Its pipe has to stay open for as long as we live.
        .map(std::mem::forget)
}

/// Does anything of a process group still run? A zombie doesn't: where no init collects orphans it
/// stays for ever. See proc(5), `/proc/PID/stat`: state, parent and group follow the name.
fn group_lives(group: u32) -> bool {
    let group = group.to_string();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok())
        .filter_map(|stat| {
            let (_, after_name) = stat.rsplit_once(") ")?;
            let mut fields = after_name.split(' ');
            Some((fields.next()? != "Z", fields.nth(1)? == group))
        })
        .any(|(runs, in_group)| runs && in_group)
}

/// Sends a signal by the shell's own `kill`: a bare system has no program of that name, and this
/// project has no unsafe code. Nobody there any more is fine.
fn signal(name: &str, target: &str) {
    let _ = Command::new("sh")
        .args(["-c", "kill -s \"$1\" -- \"$2\"", "signal", name, target])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Runs a short program to its end; what it says is part of the failure.
pub(crate) fn run(command: &mut Command) {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("can't run {}: {error}", command.get_program().display()));
    assert!(
        output.status.success(),
        "{} failed ({}): {}",
        command.get_program().display(),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

//! What the machine must have for real servers: for mail root and a few packages, for Matrix a Synapse.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The line that brings everything.
const REMEDY: &str = "as root: apt-get install --no-install-recommends dovecot-imapd dovecot-lmtpd postfix openssl ca-certificates";

/// The version of Synapse that the tests were written against; `tests/run` names it too.
const SYNAPSE: &str = "1.163.2";

const PROGRAMS: [&str; 4] = ["dovecot", "postfix", "postconf", "openssl"];

/// Are the requirements met? On a continuous-integration machine (`CI` is set) a missing one fails
/// the test; elsewhere a line on the terminal says what is skipped.
pub(crate) fn met() -> bool {
    let missing = missing();
    if missing.is_empty() {
        return true;
    }
    skip(&format!(
        "real mail servers can't run here, missing: {}; {REMEDY}",
        missing.join(", ")
    ));
    false
}

/// The Python of the virtual environment with Synapse that `tests/run` makes, or the same as for mail.
pub(crate) fn synapse() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let environment = target?.join(format!("synapse-{SYNAPSE}"));
    if environment.join("complete").exists() {
        return Some(environment.join("bin/python"));
    }
    skip(&format!(
        "Synapse {SYNAPSE} can't run here; tests/run puts it into {}",
        environment.display()
    ));
    None
}

/// The programs of a PostgreSQL, and as whom they run: it refuses root.
#[derive(Debug, Clone)]
pub(crate) struct PostgresPrograms {
    folder: PathBuf,
    /// As somebody else than us.
    pub(crate) user: Option<&'static str>,
}

impl PostgresPrograms {
    /// Where a program is.
    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    /// A program, to be run as the right user.
    pub(crate) fn command(&self, program: &str) -> Command {
        let path = self.path(program);
        let Some(user) = self.user else {
            return Command::new(path);
        };
        let mut command = Command::new("setpriv");
        command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]);
        command.arg(path).current_dir("/");
        command
    }
}

/// The newest PostgreSQL of this machine, or the same as for mail.
pub(crate) fn postgres() -> Option<PostgresPrograms> {
    // Debian keeps its versions beside each other, off the path.
    let debian = Path::new("/usr/lib/postgresql");
    let versions = std::fs::read_dir(debian).into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .max();
    let folder = newest.map(|version| debian.join(version.to_string()).join("bin"));
    let Some(folder) = folder.filter(|folder| folder.join("initdb").exists()) else {
        skip(
            "PostgreSQL can't run here; as root: apt-get install --no-install-recommends postgresql",
        );
        return None;
    };
    let user = is_root().then_some("postgres");
    Some(PostgresPrograms { folder, user })
}

/// Is there a name server, and a signer of mail? Or the same as for mail.
pub(crate) fn dkim() -> bool {
    let signer = Command::new("/usr/bin/python3")
        .args(["-c", "import dkim, nacl"])
        .output();
    let there = Path::new("/usr/sbin/dnsmasq").exists()
        && signer.is_ok_and(|output| output.status.success());
    if !there {
        skip(
            "signatures of mail can't be tested here; as root: apt-get install --no-install-recommends dnsmasq-base python3-dkim python3-nacl",
        );
    }
    there
}

/// Is there a browser that prints? Or the same as for mail.
pub(crate) fn chromium() -> bool {
    let there = Path::new("/usr/bin/chromium").exists();
    if !there {
        skip(
            "pages can't be printed here; as root: apt-get install --no-install-recommends chromium fonts-dejavu-core",
        );
    }
    there
}

fn skip(message: &str) {
    assert!(!on_ci(), "{message}");
    let test = std::thread::current().name().unwrap_or("test").to_owned();
    // Past the capture of test output, so that the skip is seen.
    let _ = writeln!(std::io::stderr(), "\nSKIPPED {test}: {message}");
}

fn missing() -> Vec<String> {
    let mut missing: Vec<String> = PROGRAMS
        .iter()
        .filter(|program| !present(program))
        .map(|program| format!("program {program}"))
        .collect();
    if !is_root() {
        missing.push("root (Dovecot and Postfix change users)".to_owned());
    }
    missing
}

/// `sbin` isn't on the path of everybody.
fn present(program: &str) -> bool {
    Command::new("sh")
        .args([
            "-c",
            "PATH=$PATH:/usr/sbin:/sbin command -v \"$1\" >/dev/null",
        ])
        .args(["present", program])
        .status()
        .is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[expect(
    clippy::disallowed_methods,
    reason = "whether a missing server fails or skips is the machine's business, not a setting"
)]
fn on_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

//! What the machine must have for real mail servers: root and a few packages.

use std::io::Write;
use std::process::Command;

/// The line that brings everything.
const REMEDY: &str = "as root: apt-get install --no-install-recommends dovecot-imapd dovecot-lmtpd postfix openssl ca-certificates";

const PROGRAMS: [&str; 4] = ["dovecot", "postfix", "postconf", "openssl"];

/// Are the requirements met? On a continuous-integration machine (`CI` is set) a missing one fails
/// the test; elsewhere a line on the terminal says what is skipped.
pub(crate) fn met() -> bool {
    let missing = missing();
    if missing.is_empty() {
        return true;
    }
    let message = format!(
        "real mail servers can't run here, missing: {}; {REMEDY}",
        missing.join(", ")
    );
    assert!(!on_ci(), "{message}");
    let test = std::thread::current().name().unwrap_or("test").to_owned();
    // Past the capture of test output, so that the skip is seen.
    let _ = writeln!(std::io::stderr(), "\nSKIPPED {test}: {message}");
    false
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

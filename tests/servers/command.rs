//! Running the program's commands as a person would.

use std::path::Path;
use std::process::{Command, Stdio};

/// What a command printed and how it ended.
pub(crate) struct Outcome {
    /// The exit code.
    pub(crate) code: i32,
    /// The answer.
    pub(crate) stdout: String,
    /// Notes and errors.
    pub(crate) stderr: String,
}

/// Runs the program with these arguments.
pub(crate) fn eerstelijn(arguments: &[&str], input: &[u8]) -> Outcome {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_eerstelijn"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::scope(|scope| {
        // A program that stops reading early closes its end; that is its good right.
        scope.spawn(move || stdin.write_all(&input).is_ok());
        child.wait_with_output().unwrap()
    });
    Outcome {
        code: writer.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&writer.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&writer.stderr).into_owned(),
    }
}

/// Runs a command on a configuration.
pub(crate) fn on(config: &Path, arguments: &[&str]) -> Outcome {
    let config = config.to_str().unwrap();
    eerstelijn(&[&["--config", config], arguments].concat(), b"")
}

/// The tickets as `tickets list --json` shows them.
pub(crate) fn tickets(config: &Path) -> Vec<serde_json::Value> {
    let listed = on(config, &["tickets", "list", "--json"]);
    assert_eq!(listed.code, 0, "{}", listed.stderr);
    let object: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
    object["tickets"].as_array().unwrap().clone()
}

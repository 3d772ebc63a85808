//! What the program does at a terminal, as a real process, with nothing but files: a Maildir, a folder
//! for its data, no server anywhere but a PostgreSQL where that is what it is about (`postgres`).

// So that clippy takes the functions beside the tests for what they are.
#![cfg(test)]

mod audit;
mod backup;
mod caller;
mod database;
mod demo;
mod evaluate;
mod evidence;
mod export;
mod json_contract;
mod knowledge;
mod knowledge_import;
mod knowledge_site;
mod knowledge_stats;
mod lines;
mod output;
mod panic;
mod pgp;
mod postgres;
mod replay;
mod secrets;
mod settings;
mod triage_text;

use crate::support::servers::ServiceProcess;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How long anything may take.
const SOON: Duration = Duration::from_secs(60);

/// What a command printed and how it ended.
#[derive(Debug)]
struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

/// The program, with nothing of ours in its environment.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eerstelijn"));
    for name in ["EERSTELIJN_CONFIG", "EERSTELIJN_LOG", "SUDO_USER"] {
        command.env_remove(name);
    }
    command
}

/// Runs a command to its end.
fn outcome(command: &mut Command, input: &[u8]) -> Outcome {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // A program that stops reading early closes its end; that is its good right.
        scope.spawn(move || stdin.write_all(input).is_ok());
        child.wait_with_output().unwrap()
    });
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs the program with these arguments and no configuration.
fn eerstelijn(arguments: &[&str], input: &str) -> Outcome {
    outcome(program().args(arguments), input.as_bytes())
}

/// A configuration with everything that it names, in a folder of its own.
struct Desk {
    dir: TempDir,
}

impl Desk {
    /// A desk with a Maildir, a key, and no database yet.
    fn new() -> Self {
        let desk = Self {
            dir: TempDir::new().unwrap(),
        };
        for part in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(desk.path("mail").join(part)).unwrap();
        }
        desk.new_key("master.key");
        desk.write_config(|text| text);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn new_key(&self, name: &str) {
        let made = eerstelijn(&["keys", "new", self.path(name).to_str().unwrap()], "");
        assert_eq!(made.code, 0, "{made:?}");
    }

    /// Writes the configuration, changed as the test wants it.
    fn write_config(&self, change: impl FnOnce(String) -> String) {
        let dir = self.dir.path().display();
        let text = format!(
            r#"
[organisation]
name = "Cyber Response Team"
address = "crt@crt.example"
phone = "+32 2 000 00 00"
[[mailbox]]
kind = "maildir"
path = "{dir}/mail"
start = "all"
trusted_authserv_ids = ["mx.crt.example"]
[smtp]
host = "127.0.0.1"
port = 1
tls = "none"
[store]
key_file = "{dir}/master.key"
data_dir = "{dir}/data"
"#
        );
        std::fs::write(self.path("config.toml"), change(text)).unwrap();
    }

    /// The program on this configuration.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        outcome(&mut self.command(arguments), b"")
    }

    /// The service as a process.
    fn start(&self, environment: &[(&str, &str)]) -> ServiceProcess {
        let mut command = self.command(&["run"]);
        command.envs(environment.iter().copied());
        ServiceProcess::spawn(command, self.dir.path())
    }

    /// Puts a mail into the mailbox.
    fn deliver(&self, name: &str, mail: &str) {
        let written = self.path("mail").join("tmp").join(name);
        std::fs::write(&written, mail.replace('\n', "\r\n")).unwrap();
        std::fs::rename(written, self.path("mail").join("new").join(name)).unwrap();
    }

    /// A desk whose service has made one ticket of one report, and stopped.
    fn with_a_ticket() -> Self {
        Self::new().after_one_report()
    }

    /// The same on this configuration.
    fn after_one_report(self) -> Self {
        self.deliver("1.a.b", REPORT);
        let mut service = self.start(&[]);
        service.wait_until(|log| log.contains("ready"), SOON);
        service.wait_until(|_| self.numbers().len() == 1, SOON);
        service.terminate();
        assert!(service.wait_exit(SOON).success(), "{}", service.log());
        self
    }

    /// The numbers of the tickets.
    fn numbers(&self) -> Vec<String> {
        let listed = self.run(&["tickets", "list", "--json"]);
        assert_eq!(listed.code, 0, "{listed:?}");
        let object: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
        let tickets = object["tickets"].as_array().unwrap();
        let numbers = tickets
            .iter()
            .filter_map(|ticket| ticket["number"].as_str());
        numbers.map(str::to_owned).collect()
    }
}

/// A report of a stolen laptop.
const REPORT: &str = "From: An <an.peeters@hackegem.example>\nTo: crt@crt.example\nSubject: Hulp\n\
    Message-ID: <melding@hackegem.example>\nDate: Mon, 23 Nov 2026 21:40:00 +0100\n\n\
    mijn laptop is gestolen\n";

/// Everything that lies in a folder, by name.
fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

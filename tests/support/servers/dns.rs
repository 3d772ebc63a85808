//! A real name server (dnsmasq) with the keys of towns, and a signer for their mail (dkimpy).

use crate::support::servers::deadline::poll;
use crate::support::servers::ports::free_port;
use crate::support::servers::process::ProcessGroup;
use crate::support::servers::requirements;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const SIGN: &str = include_str!("dkim_sign.py");

/// A key and where the DNS has it.
pub(crate) struct DkimKey {
    file: PathBuf,
    selector: String,
    domain: String,
    record: String,
}

/// How a mail is signed.
#[derive(Clone, Copy)]
pub(crate) struct How {
    /// `rsa-sha256`, `rsa-sha1`, `ed25519-sha256`.
    pub(crate) algorithm: &'static str,
    /// The fields that are covered.
    pub(crate) headers: &'static str,
    /// `whole`, or `length`: only the body so far.
    pub(crate) extent: &'static str,
}

impl How {
    /// As most servers do.
    pub(crate) const USUAL: Self = Self {
        algorithm: "rsa-sha256",
        headers: "from,to,subject,date,message-id",
        extent: "whole",
    };
}

impl DkimKey {
    /// A new key (`rsa` or `ed25519`) in a folder. `None` where the machine has no signer, after saying so.
    pub(crate) fn new(dir: &TempDir, kind: &str, selector: &str, domain: &str) -> Option<Self> {
        if !requirements::dkim() {
            return None;
        }
        let file = dir.path().join(format!("{selector}.{domain}"));
        let mut make = signer();
        make.args(["new", kind]).arg(&file);
        let made = make.output().unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        Some(Self {
            file,
            selector: selector.to_owned(),
            domain: domain.to_owned(),
            record: String::from_utf8(made.stdout).unwrap().trim().to_owned(),
        })
    }

    /// The mail with a signature on top.
    pub(crate) fn sign(&self, mail: &[u8], how: How) -> Vec<u8> {
        let mut sign = signer();
        sign.arg("sign").arg(&self.file);
        sign.args([&self.selector, &self.domain]);
        sign.args([how.algorithm, how.headers, how.extent]);
        let pipes = sign.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        // Small enough for the pipe: nobody has to read meanwhile.
        child.stdin.take().unwrap().write_all(mail).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success());
        done.stdout
    }

    /// Its line in the zone.
    pub(crate) fn record(&self) -> (String, String) {
        (self.name(), self.record.clone())
    }

    /// Its line with further tags.
    pub(crate) fn record_with(&self, tags: &str) -> (String, String) {
        (
            self.name(),
            format!("{tags}; {}", self.record.trim_start_matches("v=DKIM1; ")),
        )
    }

    /// Its line after it was revoked (RFC 6376, 3.6.1).
    pub(crate) fn revoked(&self) -> (String, String) {
        (self.name(), "v=DKIM1; p=".to_owned())
    }

    fn name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
}

fn signer() -> Command {
    // Debian's own: its library isn't there for another Python.
    let mut python = Command::new("/usr/bin/python3");
    python.args(["-c", SIGN]);
    python
}

/// A running name server. Dropping it kills it.
pub(crate) struct NameServer {
    dir: TempDir,
    port: u16,
    _running: ProcessGroup,
}

impl NameServer {
    /// Starts one that knows these text records and nothing else, and returns when it answers.
    pub(crate) fn start(records: &[(String, String)]) -> Self {
        (0..3)
            .find_map(|_| Self::attempt(records))
            .unwrap_or_else(|| panic!("dnsmasq doesn't start"))
    }

    fn attempt(records: &[(String, String)]) -> Option<Self> {
        let dir = TempDir::with_prefix("dns-").unwrap();
        let port = free_port();
        let mut server = Command::new("/usr/sbin/dnsmasq");
        server.args([
            "--keep-in-foreground",
            "--no-resolv",
            "--no-hosts",
            "--conf-file=/dev/null",
        ]);
        server.args([
            "--local=/example/",
            "--listen-address=127.0.0.1",
            "--bind-interfaces",
            "--user=",
        ]);
        server.args(["--log-queries", "--log-facility=-", "--pid-file="]);
        server.arg(format!("--port={port}"));
        for (name, text) in records {
            server.arg(format!("--txt-record={name},{text}"));
        }
        let log = dir.path().join("log");
        let mut running = ProcessGroup::spawn(server, &log, &log).unwrap();
        let up = poll(Duration::from_secs(20), || {
            if running.exited().is_some() {
                return Some(false);
            }
            answers(port).then_some(true)
        });
        (up == Some(true)).then_some(Self {
            dir,
            port,
            _running: running,
        })
    }

    /// Where it answers.
    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// The names that it was asked for.
    pub(crate) fn asked_for(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        let asked = log.lines().filter_map(|line| {
            let (_, rest) = line.split_once("query[TXT] ")?;
            rest.split_whitespace().next().map(str::to_owned)
        });
        asked.collect()
    }
}

/// A question for the root, as bytes (RFC 1035, 4.1): any answer will do.
fn answers(port: u16) -> bool {
    let question = *b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01";
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let sent = socket.send_to(&question, (Ipv4Addr::LOCALHOST, port));
    let mut answer = [0; 512];
    sent.is_ok() && socket.recv(&mut answer).is_ok()
}

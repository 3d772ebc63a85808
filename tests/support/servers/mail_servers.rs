//! The pair of mail servers as a test sees it: send, look, wait, take one of them away.

use crate::support::servers::certificates;
use crate::support::servers::deadline::poll;
use crate::support::servers::dovecot::{Dovecot, PASSWORD};
use crate::support::servers::mail::{Mail, submit};
use crate::support::servers::postfix::Postfix;
use crate::support::servers::process::ProcessGroup;
use crate::support::servers::requirements;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

/// Where Debian keeps servers; not on everybody's path.
pub(crate) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A running Dovecot and Postfix. Dropping it stops both and removes their folder.
pub(crate) struct MailServers {
    dovecot: Dovecot,
    postfix: Postfix,
    running_dovecot: Mutex<Option<ProcessGroup>>,
    running_postfix: Mutex<Option<ProcessGroup>>,
    authority: PathBuf,
    // Last, so that it outlives the processes that write to it.
    dir: TempDir,
}

impl MailServers {
    /// Starts both and returns when both answer. `None` where the machine can't, after saying so;
    /// on a continuous-integration machine that is a failure.
    pub(crate) fn start() -> Option<Self> {
        requirements::met().then(|| {
            // Another process may take a port between our look and our start.
            (0..3)
                .find_map(|attempt| Self::attempt(attempt == 2))
                .unwrap_or_else(|| panic!("no mail servers after three attempts"))
        })
    }

    fn attempt(last: bool) -> Option<Self> {
        // Right under /tmp: the names of sockets inside may have 107 bytes in all.
        let dir = tempfile::Builder::new()
            .prefix("el-")
            .tempdir_in("/tmp")
            .unwrap_or_else(|error| panic!("can't make a folder in /tmp: {error}"));
        open_to_servers(dir.path());
        let certificates = certificates::make(dir.path());
        let dovecot = Dovecot::prepare(dir.path(), &certificates);
        let postfix = Postfix::prepare(dir.path(), &dovecot, &certificates);
        let (running_dovecot, running_postfix) = (dovecot.start(), postfix.start());
        if running_dovecot.is_none() || running_postfix.is_none() {
            let logs = logs(&dovecot, &postfix);
            assert!(!last, "Dovecot or Postfix doesn't start:\n{logs}");
            return None;
        }
        Some(Self {
            dovecot,
            postfix,
            running_dovecot: Mutex::new(running_dovecot),
            running_postfix: Mutex::new(running_postfix),
            authority: certificates.authority,
            dir,
        })
    }

    /// IMAP without TLS, with STARTTLS on offer.
    pub(crate) fn imap_port(&self) -> u16 {
        self.dovecot.imap
    }

    /// IMAP in TLS; the certificate names `localhost` and 127.0.0.1.
    pub(crate) fn imaps_port(&self) -> u16 {
        self.dovecot.imaps
    }

    /// SMTP without TLS, with STARTTLS on offer.
    pub(crate) fn smtp_port(&self) -> u16 {
        self.postfix.smtp
    }

    /// The authority that signed the servers' certificate.
    pub(crate) fn ca_file(&self) -> &Path {
        &self.authority
    }

    /// The folder of this test; gone with it.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Sends a mail, as the outside world does.
    pub(crate) fn send(&self, mail: &Mail) {
        submit(self.smtp_port(), mail)
            .unwrap_or_else(|error| panic!("Postfix takes no mail: {error}\n{}", self.logs()));
    }

    /// Every message of a folder, oldest first, without marking any as read. A folder that doesn't
    /// exist is empty.
    pub(crate) fn fetch_all(&self, user: &str, folder: &str) -> Vec<Vec<u8>> {
        self.try_fetch_all(user, folder)
            .unwrap_or_else(|error| panic!("{user}, {folder}: {error}\n{}", self.logs()))
    }

    fn try_fetch_all(&self, user: &str, folder: &str) -> imap::Result<Vec<Vec<u8>>> {
        let mut session = self.log_in(user)?;
        let mailbox = match session.examine(folder) {
            Err(imap::Error::No(_)) => return Ok(Vec::new()),
            opened => opened?,
        };
        if mailbox.exists == 0 {
            return Ok(Vec::new());
        }
        let messages = session.fetch("1:*", "BODY.PEEK[]")?;
        let bodies = messages.iter().filter_map(|m| m.body().map(<[u8]>::to_vec));
        Ok(bodies.collect())
    }

    /// Puts a message into a folder, as somebody's mail program does; makes the folder.
    pub(crate) fn append(&self, user: &str, folder: &str, raw: &[u8]) {
        let appended = self.log_in(user).and_then(|mut session| {
            // It may be there already.
            let _ = session.create(folder);
            session.append(folder, raw).finish().map(|_| ())
        });
        appended.unwrap_or_else(|error| panic!("{user}, {folder}: {error}\n{}", self.logs()));
    }

    fn log_in(&self, user: &str) -> imap::Result<imap::Session<TcpStream>> {
        let stream = TcpStream::connect(("127.0.0.1", self.imap_port()))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut client = imap::Client::new(stream);
        client.read_greeting()?;
        client.login(user, PASSWORD).map_err(|(error, _)| error)
    }

    /// Waits until the messages of a folder are as wanted, and returns them. Fails with what was
    /// there instead. An unreachable server counts as an empty folder.
    pub(crate) fn wait_for(
        &self,
        user: &str,
        folder: &str,
        wanted: impl Fn(&[Vec<u8>]) -> bool,
        within: Duration,
    ) -> Vec<Vec<u8>> {
        let mut last = Vec::new();
        let found = poll(within, || {
            last = self.try_fetch_all(user, folder).unwrap_or_default();
            wanted(&last).then_some(())
        });
        assert!(
            found.is_some(),
            "not in {folder} of {user} within {within:?}; there are {} messages there:\n{}\n{}",
            last.len(),
            last.iter()
                .map(|raw| String::from_utf8_lossy(raw))
                .collect::<Vec<_>>()
                .join("\n---\n"),
            self.logs()
        );
        last
    }

    /// Takes Dovecot away, with every connection to it.
    pub(crate) fn stop_dovecot(&self) {
        let mut running = self
            .running_dovecot
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *running = None;
    }

    /// Brings Dovecot back, on the same ports and with the same mail.
    pub(crate) fn start_dovecot(&self) {
        let mut running = self
            .running_dovecot
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *running = None;
        *running = self.dovecot.start();
        assert!(
            running.is_some(),
            "Dovecot doesn't come back:\n{}",
            self.logs()
        );
    }

    /// Takes Postfix away: nothing can be sent.
    pub(crate) fn stop_postfix(&self) {
        let mut running = self
            .running_postfix
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *running = None;
    }

    /// Brings Postfix back, on the same port and with the same queue.
    pub(crate) fn start_postfix(&self) {
        let mut running = self
            .running_postfix
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *running = None;
        *running = self.postfix.start();
        assert!(
            running.is_some(),
            "Postfix doesn't come back:\n{}",
            self.logs()
        );
    }

    /// Every message file of a user, in whatever folder, sorted by path.
    pub(crate) fn maildir_files(&self, user: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.dovecot.maildir(user)];
        while let Some(folder) = folders.pop() {
            let is_messages = folder.ends_with("new") || folder.ends_with("cur");
            let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            for path in entries.map(|entry| entry.path()) {
                if path.is_dir() {
                    folders.push(path);
                } else if is_messages {
                    files.push(path);
                }
            }
        }
        files.sort();
        files
    }

    /// How many mails came for somebody whose mailbox answers by itself, at `afwezig.example`.
    pub(crate) fn auto_replied(&self, name: &str) -> usize {
        let answered = std::fs::read_dir(self.postfix.auto_replies())
            .into_iter()
            .flatten()
            .flatten();
        answered
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(name))
            .count()
    }

    /// What both servers wrote in their logs.
    pub(crate) fn logs(&self) -> String {
        logs(&self.dovecot, &self.postfix)
    }
}

/// The servers work as users of their own and must pass through.
fn open_to_servers(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755))
        .unwrap_or_else(|error| panic!("can't open {}: {error}", dir.display()));
}

/// The last lines of both logs, for a failure's text.
fn logs(dovecot: &Dovecot, postfix: &Postfix) -> String {
    let tail = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let skipped = lines.len().saturating_sub(25);
        let last: Vec<&str> = lines.into_iter().skip(skipped).collect();
        format!("--- {}\n{}", path.display(), last.join("\n"))
    };
    format!("{}\n{}", tail(dovecot.log()), tail(postfix.log()))
}

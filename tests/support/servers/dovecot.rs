//! A private Dovecot 2.3: IMAP, IMAPS and LMTP for every user, password `geheim`.
//!
//! A user is a whole address in small letters; `name+token@domain` is delivered to `name@domain`.
//! The folder `Verzonden` exists, as on any real server; every other folder but INBOX must be made.

use crate::support::servers::certificates::Certificates;
use crate::support::servers::deadline::poll;
use crate::support::servers::ports::free_port;
use crate::support::servers::process::{ProcessGroup, run};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "geheim";

const CONFIG: &str = r"
base_dir = @RUN@
instance_name = test@IMAP@
protocols = imap lmtp
listen = 127.0.0.1
log_path = @LOG@
login_greeting = @GREETING@
default_internal_user = dovecot
default_login_user = dovenull
ssl = yes
ssl_cert = <@CERTIFICATE@
ssl_key = <@KEY@
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Lu
recipient_delimiter = +
mail_location = maildir:@MAILDIRS@/%u
first_valid_uid = 1
mail_max_userip_connections = 100
passdb {
  driver = static
  args = password=@PASSWORD@
}
userdb {
  driver = static
  args = uid=mail gid=mail home=@MAILDIRS@/%u
}
namespace inbox {
  inbox = yes
  mailbox Verzonden {
    auto = subscribe
    special_use = \Sent
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = @IMAP@
  }
  inet_listener imaps {
    port = @IMAPS@
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = @LMTP@
  }
}
service stats {
  chroot =
}
";

/// Where it listens and keeps its things.
#[derive(Clone)]
pub(crate) struct Dovecot {
    dir: PathBuf,
    pub(crate) imap: u16,
    pub(crate) imaps: u16,
    pub(crate) lmtp: u16,
}

impl Dovecot {
    /// Writes the configuration; starts nothing.
    pub(crate) fn prepare(dir: &Path, certificates: &Certificates) -> Self {
        let dovecot = Self {
            dir: dir.to_owned(),
            imap: free_port(),
            imaps: free_port(),
            lmtp: free_port(),
        };
        run(Command::new("mkdir")
            .arg("-p")
            .args([dovecot.run(), dovecot.maildirs()]));
        run(Command::new("chown")
            .arg("mail:mail")
            .arg(dovecot.maildirs()));
        std::fs::write(dovecot.config(), dovecot.config_text(certificates))
            .unwrap_or_else(|error| panic!("can't write to {}: {error}", dir.display()));
        dovecot
    }

    /// Starts it; `None` when it doesn't come up, which its log explains.
    pub(crate) fn start(&self) -> Option<ProcessGroup> {
        let mut command = Command::new("dovecot");
        command.arg("-F").arg("-c").arg(self.config());
        command.env("PATH", super::mail_servers::PATH);
        let mut process = ProcessGroup::spawn(command, &self.log(), &self.log()).ok()?;
        let greeted = poll(Duration::from_secs(20), || {
            let ended = process.exited().is_some();
            (ended || greets(self.imap, &self.greeting())).then_some(!ended)
        });
        greeted.unwrap_or(false).then_some(process)
    }

    /// Where the mail of a user lies.
    pub(crate) fn maildir(&self, user: &str) -> PathBuf {
        self.maildirs().join(user)
    }

    /// Its log.
    pub(crate) fn log(&self) -> PathBuf {
        self.dir.join("dovecot.log")
    }

    fn config(&self) -> PathBuf {
        self.dir.join("dovecot.conf")
    }

    fn run(&self) -> PathBuf {
        self.dir.join("run")
    }

    fn maildirs(&self) -> PathBuf {
        self.dir.join("maildirs")
    }

    /// Unlike that of any other test's server, so that nobody talks to a wrong one.
    fn greeting(&self) -> String {
        format!("dovecot of test {} {}", std::process::id(), self.imap)
    }

    fn config_text(&self, certificates: &Certificates) -> String {
        let text = |path: PathBuf| path.display().to_string();
        [
            ("@RUN@", text(self.run())),
            ("@MAILDIRS@", text(self.maildirs())),
            ("@LOG@", text(self.log())),
            ("@GREETING@", self.greeting()),
            ("@CERTIFICATE@", text(certificates.certificate.clone())),
            ("@KEY@", text(certificates.key.clone())),
            ("@IMAP@", self.imap.to_string()),
            ("@IMAPS@", self.imaps.to_string()),
            ("@LMTP@", self.lmtp.to_string()),
            ("@PASSWORD@", PASSWORD.to_owned()),
        ]
        .iter()
        .fold(CONFIG.to_owned(), |config, (name, value)| {
            config.replace(name, value)
        })
    }
}

/// Does the server on this port say so in its first line?
pub(crate) fn greets(port: u16, greeting: &str) -> bool {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_secs(2)) else {
        return false;
    };
    let mut line = Vec::new();
    let patient = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let read = BufReader::new(stream).read_until(b'\n', &mut line);
    patient.is_ok() && read.is_ok() && String::from_utf8_lossy(&line).contains(greeting)
}

//! A private Dovecot 2.3: IMAP, IMAPS and LMTP for every user, password `geheim`.
//!
//! A user is a whole address in small letters; `name+token@domain` is delivered to `name@domain`.
//! The folder `Verzonden` exists, as on any real server; every other folder but INBOX must be made.

use crate::support::servers::certificates::Certificates;
use crate::support::servers::deadline::poll;
use crate::support::servers::ports::free_port;
use crate::support::servers::process::{ProcessGroup, run};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "geheim";

/// What access tokens are signed with.
const TOKEN_KEY: &[u8] = b"the key of a token server that only tests know";

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
auth_mechanisms = plain login xoauth2
auth_username_format = %Lu
recipient_delimiter = +
mail_location = maildir:@MAILDIRS@/%u
first_valid_uid = 1
mail_max_userip_connections = 100
passdb {
  driver = static
  mechanisms = plain login
  args = password=@PASSWORD@
}
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = @TOKENS@/settings
}
userdb {
  driver = static
  args = uid=mail gid=mail home=@MAILDIRS@/%u allow_all_users=yes
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
service auth {
  inet_listener {
    address = 127.0.0.1
    port = @AUTH@
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
    /// Where Postfix asks who may log in.
    pub(crate) auth: u16,
}

impl Dovecot {
    /// Writes the configuration; starts nothing.
    pub(crate) fn prepare(dir: &Path, certificates: &Certificates) -> Self {
        let dovecot = Self {
            dir: dir.to_owned(),
            imap: free_port(),
            imaps: free_port(),
            lmtp: free_port(),
            auth: free_port(),
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
            .believe_tokens()
            .unwrap_or_else(|error| panic!("can't write {}: {error}", dovecot.tokens().display()));
        dovecot
    }

    /// An access token that proves a user (XOAUTH2) until a moment, in seconds since 1970: a JSON web token
    /// (RFC 7519), signed with a key that the server knows.
    pub(crate) fn token(user: &str, until: u64) -> String {
        let part = |json: &str| BASE64URL_NOPAD.encode(json.as_bytes());
        let claims = format!(r#"{{"sub":"{user}","email":"{user}","iat":1,"exp":{until}}}"#);
        let head = part(r#"{"typ":"JWT","alg":"HS256","kid":"default"}"#);
        let signed = format!("{head}.{}", part(&claims));
        let mut mac = Hmac::<Sha256>::new_from_slice(TOKEN_KEY).unwrap();
        mac.update(signed.as_bytes());
        let signature = BASE64URL_NOPAD.encode(&mac.finalize().into_bytes());
        format!("{signed}.{signature}")
    }

    /// Checks tokens itself, without a server of Microsoft or Google.
    fn believe_tokens(&self) -> std::io::Result<()> {
        let keys = self.tokens().join("keys");
        let folder = keys.join("default/HS256");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("default"), BASE64.encode(TOKEN_KEY))?;
        let settings = format!(
            "introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={}/\n",
            keys.display()
        );
        std::fs::write(self.tokens().join("settings"), settings)
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

    fn tokens(&self) -> PathBuf {
        self.dir.join("tokens")
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
            ("@AUTH@", self.auth.to_string()),
            ("@TOKENS@", text(self.tokens())),
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

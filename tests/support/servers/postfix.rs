//! A private Postfix as the organisation's own mail server: every recipient lands in Dovecot.
//!
//! It plays the verifying server `mx.crt.example`. Its verdict depends on the envelope sender's
//! domain: `hackegem.example` passes DMARC, `vervalst.example` is a forger who fails it with
//! `header.from=hackegem.example`, about anybody else it says nothing. A verdict of that name that
//! came with the mail is removed; verdicts of other names stay, as on a real server.
//!
//! Mail to `afwezig.example` is answered by a program, each time anew: `auto_responder.sh` says in which form.

use crate::support::servers::certificates::Certificates;
use crate::support::servers::deadline::poll;
use crate::support::servers::dovecot::{Dovecot, greets};
use crate::support::servers::mail_servers::PATH;
use crate::support::servers::ports::free_port;
use crate::support::servers::process::{ProcessGroup, run};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

/// Where it listens and keeps its things.
#[derive(Clone)]
pub(crate) struct Postfix {
    dir: PathBuf,
    pub(crate) smtp: u16,
}

/// Every service that a message passes, none in a chroot. Own, because a machine may have Postfix
/// without a configuration.
const SERVICES: &str = "\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
";

/// Answers every mail it gets, as bad programs do.
const AUTO_RESPONDER: &str = include_str!("auto_responder.sh");

/// The queue's folders, with owners and modes as Postfix wants them. `postfix start` would make
/// them too, with two seconds of checks of the whole installation.
const MAKE_QUEUE: &str = r#"
set -e
cd "$1"
mkdir -p etc data queue/pid
for name in active bounce corrupt defer deferred flush hold incoming private saved trace; do
  mkdir -m 700 "queue/$name"
  chown postfix "queue/$name"
done
mkdir -m 730 queue/maildrop
mkdir -m 710 queue/public
chown postfix:postdrop queue/maildrop queue/public
chown postfix data
"#;

/// Under this name the verdict is added, before it gets its real one: `header_checks` sees our
/// header beside the sender's and must know them apart.
const VERDICT: &str = "X-Verdict-Of-This-Server";

impl Postfix {
    /// Writes the configuration; starts nothing.
    pub(crate) fn prepare(dir: &Path, dovecot: &Dovecot, certificates: &Certificates) -> Self {
        let postfix = Self {
            dir: dir.join("postfix"),
            smtp: free_port(),
        };
        let dir = &postfix.dir;
        std::fs::create_dir(dir)
            .unwrap_or_else(|error| panic!("can't make {}: {error}", dir.display()));
        run(Command::new("sh")
            .args(["-c", MAKE_QUEUE, "queue"])
            .arg(dir));
        let master = format!(
            "127.0.0.1:{} inet n - n - - smtpd\n{SERVICES}",
            postfix.smtp
        );
        let script = postfix.dir.join("auto_responder.sh");
        let heard = postfix.auto_replies();
        std::fs::write(&script, AUTO_RESPONDER)
            .and_then(|()| std::fs::create_dir(&heard))
            .unwrap_or_else(|error| panic!("can't make the auto-responder: {error}"));
        run(Command::new("chown").arg("nobody").arg(&heard));
        let master = format!(
            "{master}autoreply unix - n n - 1 pipe\n  flags=R user=nobody argv=/bin/bash {} {} {} \
             ${{sender}} ${{recipient}}\n",
            script.display(),
            postfix.smtp,
            heard.display()
        );
        for (name, text) in [
            ("main.cf", postfix.main_cf(dovecot, certificates)),
            ("master.cf", master),
            ("header_checks", header_checks()),
        ] {
            write_long_ago(&postfix.etc().join(name), &text)
                .unwrap_or_else(|error| panic!("can't write {name}: {error}"));
        }
        postfix
    }

    /// Starts it; `None` when it doesn't come up, which its log explains.
    pub(crate) fn start(&self) -> Option<ProcessGroup> {
        let mut command = Command::new(daemons().join("master"));
        command
            .arg("-c")
            .arg(self.etc())
            .arg("-d")
            .env("PATH", PATH);
        let mut process = ProcessGroup::spawn(command, &self.log(), &self.log()).ok()?;
        let greeted = poll(Duration::from_secs(20), || {
            let ended = process.exited().is_some();
            (ended || greets(self.smtp, &self.greeting())).then_some(!ended)
        });
        greeted.unwrap_or(false).then_some(process)
    }

    /// Where the auto-responder keeps what it answered: one file for each mail, named after who got it.
    pub(crate) fn auto_replies(&self) -> PathBuf {
        self.dir.join("auto-replies")
    }

    /// Its log.
    pub(crate) fn log(&self) -> PathBuf {
        self.dir.join("postfix.log")
    }

    fn etc(&self) -> PathBuf {
        self.dir.join("etc")
    }

    fn greeting(&self) -> String {
        format!("postfix of test {} {}", std::process::id(), self.smtp)
    }

    fn main_cf(&self, dovecot: &Dovecot, certificates: &Certificates) -> String {
        let dir = self.dir.display();
        let (lmtp, auth) = (dovecot.lmtp, dovecot.auth);
        let (daemons, log, greeting) = (daemons(), self.log(), self.greeting());
        let (daemons, log) = (daemons.display(), log.display());
        let certificate = certificates.certificate.display();
        let key = certificates.key.display();
        let proven = "spf=pass smtp.mailfrom=hackegem.example; dkim=none; \
                      dmarc=pass header.from=hackegem.example";
        let forged = "spf=fail smtp.mailfrom=vervalst.example; dkim=none; \
                      dmarc=fail header.from=hackegem.example";
        format!(
            "\
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
daemon_directory = {daemons}
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {log}
maillog_file_prefixes = {dir}
myhostname = mx.crt.example
smtpd_banner = $myhostname ESMTP {greeting}
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
recipient_delimiter = +
virtual_mailbox_domains = static:ALL
virtual_mailbox_maps = static:OK
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = inline:{{ {{ afwezig.example = autoreply: }} }}
smtpd_relay_restrictions = permit_mynetworks, reject
# At DATA, once a mail; at RCPT the verdict would be added once for each recipient.
smtpd_data_restrictions = check_sender_access inline:{{
  {{ hackegem.example = PREPEND {VERDICT}: {proven} }},
  {{ vervalst.example = PREPEND {VERDICT}: {forged} }} }}
header_checks = regexp:{dir}/etc/header_checks
# A mail inside a mail is evidence: nothing in it changes.
mime_header_checks =
nested_header_checks =
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtputf8_enable = yes
# After an outage of Dovecot the mail comes within a second or two, not in minutes.
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
transport_retry_time = 1s
in_flow_delay = 0
smtpd_error_sleep_time = 0
"
        )
    }
}

/// First the own verdict gets its name (a replaced header isn't looked at again), then every
/// foreign one of that name goes, however it is written.
fn header_checks() -> String {
    format!(
        "/^{VERDICT}: (.*)$/ REPLACE Authentication-Results: mx.crt.example; $1\n\
         /^Authentication-Results:[^;]*mx\\.crt\\.example/ IGNORE\n"
    )
}

/// Writes a file as if it lay there since 2001: Postfix waits for two seconds when its configuration
/// is brand-new, in case somebody is still writing it.
fn write_long_ago(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000))
}

/// Where this system keeps Postfix's programs.
fn daemons() -> PathBuf {
    let output = Command::new("postconf")
        .args(["-d", "-h", "daemon_directory"])
        .env("PATH", PATH)
        .output()
        .unwrap_or_else(|error| panic!("can't run postconf: {error}"));
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

//! One night of the whole team on real servers: Dovecot, Postfix and Synapse, the service as a process,
//! and people with clients of their own. The stories stand in `story`.

use crate::servers::command::{on, tickets};
use crate::support::matrix_people::{Encryption, Keys, PATIENCE, Person, now};
use crate::support::servers::{
    MATRIX_PASSWORD, Mail, MailServers, ServiceProcess, Synapse, holds, write_config,
};
use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::app::ports::{Extent, MailReader};
use eerstelijn::domain::chat::ids::{EventId, RoomId, UserId};
use eerstelijn::domain::intake::message::IncomingMail;
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(super) const AN: &str = "an.peeters@hackegem.example";
pub(super) const CRT: &str = "crt@crt.example";
/// A word that stands in every report of these nights, and may be read in few places.
pub(super) const CANARY: &str = "KANARIEPIET";

/// Everybody and everything of one night.
pub(super) struct Night<'a> {
    // First, so that it ends before what it talks with.
    pub(super) service: ServiceProcess,
    pub(super) homeserver: &'a Synapse,
    pub(super) mail: MailServers,
    pub(super) config: PathBuf,
    /// On call first.
    pub(super) els: Person,
    /// On call when Els doesn't answer.
    pub(super) bram: Person,
    /// Of a town hall.
    pub(super) official: Person,
    pub(super) oncall: RoomId,
    pub(super) lobby: RoomId,
}

impl<'a> Night<'a> {
    /// Everything runs, and everybody is where he belongs. `tag` tells the accounts of this night from
    /// those of others on the same homeserver.
    pub(super) async fn falls(homeserver: &'a Synapse, tag: &str) -> Option<Self> {
        Self::falls_on(homeserver, tag, Keys::Signed).await
    }

    /// The same, with an official whose device somebody vouches for or nobody does.
    pub(super) async fn falls_on(
        homeserver: &'a Synapse,
        tag: &str,
        official: Keys,
    ) -> Option<Self> {
        let mail = MailServers::start()?;
        let bot = UserId::parse(&homeserver.register(&format!("bot-{tag}")).await).unwrap();
        let els = Person::arrive(homeserver, &format!("els-{tag}"), Keys::Signed).await;
        let bram = Person::arrive(homeserver, &format!("bram-{tag}"), Keys::Signed).await;
        let official = Person::arrive(homeserver, &format!("an-{tag}"), official).await;
        let oncall = els.make_room(&[&bram.id()], Encryption::On).await;
        let lobby = els.make_room(&[&official.id()], Encryption::Off).await;
        bram.join(&oncall).await;
        official.join(&lobby).await;
        let settings = settings(
            homeserver,
            mail.dir(),
            &bot,
            (&els, &bram, &official),
            (&oncall, &lobby),
        );
        std::fs::write(mail.dir().join("matrix-password"), MATRIX_PASSWORD).unwrap();
        let config = write_config(&mail, &settings);
        let login = on(&config, &["matrix", "init"]);
        assert_eq!(login.code, 0, "{}", login.stderr);
        let service = ready(&config);
        for room in [&oncall, &lobby] {
            els.invite(room, &bot).await;
            els.sees(room, &bot).await;
        }
        bram.sees(&oncall, &bot).await;
        official.sees(&lobby, &bot).await;
        Some(Self {
            service,
            homeserver,
            mail,
            config,
            els,
            bram,
            official,
            oncall,
            lobby,
        })
    }

    /// The service is killed as by a power cut, and starts again.
    pub(super) fn power_cut(&mut self) {
        self.service.kill9();
        self.service = ready(&self.config);
    }

    /// Waits until it is on record that the first help has left. A cut between the server's yes and our note of
    /// it sends the same mail once more, as nobody can avoid.
    pub(super) fn first_help_is_on_record(&self) {
        let end = now() + PATIENCE;
        loop {
            let listed = tickets(&self.config);
            if listed
                .iter()
                .any(|ticket| ticket["state"] == "waiting-for-reporter")
            {
                return;
            }
            assert!(now() < end, "{listed:?}");
        }
    }

    /// A mail from the secretary reaches the team's mailbox.
    pub(super) fn an_mails(&self, id: &str, headers: &str, text: &str) {
        let mail = format!(
            "From: {CANARY} Peeters <{AN}>\r\nTo: {CRT}\r\nSubject: {CANARY} gestolen\r\n\
             Message-ID: <{id}@hackegem.example>\r\n{headers}MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        );
        self.mail.send(&Mail::new(AN, CRT, &mail));
    }

    /// What lies in her mailbox, when it is so much.
    pub(super) fn an_receives(&self, count: usize) -> Vec<IncomingMail> {
        let mails = self
            .mail
            .wait_for(AN, "INBOX", |mails| mails.len() >= count, PATIENCE);
        assert_eq!(mails.len(), count, "no more than that");
        let read = |raw: &Vec<u8>| MailParserReader::default().read(raw, Extent::Whole);
        mails.iter().map(read).collect()
    }

    /// The first card in the on-call room, as Els reads it.
    pub(super) async fn card(&self) -> EventId {
        let card = self
            .els
            .reads(&self.oncall, |event| {
                let edits = event["content"].get("m.new_content").is_some();
                !edits && words(event).contains("gemeld om")
            })
            .await;
        assert!(!card.to_string().contains(CANARY), "{card}");
        EventId::parse(card["event_id"].as_str().unwrap()).unwrap()
    }

    /// Waits until words stand in a room that a person is in, and returns their event.
    pub(super) async fn reads(&self, who: &Person, room: &RoomId, wanted: &str) -> EventId {
        let event = who.reads(room, |event| words(event).contains(wanted)).await;
        EventId::parse(event["event_id"].as_str().unwrap()).unwrap()
    }

    /// Ends the service; nothing of the report may be readable where it should not.
    pub(super) fn ends(&mut self, secrets: &[&str]) {
        self.service.terminate();
        assert!(
            self.service.wait_exit(PATIENCE).success(),
            "{}",
            self.service.log()
        );
        let verified = on(&self.config, &["audit", "verify"]);
        assert_eq!(verified.code, 0, "{}", verified.stdout);
        for secret in secrets {
            assert!(!self.service.log().contains(secret), "{secret} in the log");
            assert!(
                !self.homeserver.database_holds(secret),
                "{secret} on the homeserver"
            );
            let data = self.config.parent().unwrap().join("data");
            assert!(unreadable(&data, secret) > 3, "files were looked at");
        }
    }
}

impl Drop for Night<'_> {
    /// What fails is often explained by what the tickets remember.
    fn drop(&mut self) {
        if std::thread::panicking() {
            let listed = on(&self.config, &["tickets", "list", "--json"]);
            let listed: Value = serde_json::from_str(&listed.stdout).unwrap_or_default();
            for ticket in listed["tickets"].as_array().into_iter().flatten() {
                let number = ticket["number"].as_str().unwrap_or_default();
                let shown = on(&self.config, &["tickets", "show", number]);
                eprintln!("--- {number}\n{}", shown.stdout);
            }
        }
    }
}

fn ready(config: &Path) -> ServiceProcess {
    let mut service = ServiceProcess::start(config, &[]);
    service.wait_until(|log| log.contains("ready"), PATIENCE);
    service
}

pub(super) fn settings(
    homeserver: &Synapse,
    dir: &Path,
    bot: &UserId,
    (els, bram, official): (&Person, &Person, &Person),
    (oncall, lobby): (&RoomId, &RoomId),
) -> String {
    format!(
        r#"
[matrix]
homeserver = "{}"
user = "{bot}"
password_file = "{dir}/matrix-password"
recovery_key_file = "{dir}/recovery-key"
oncall_room = "{oncall}"
lobby_rooms = ["{lobby}"]
officials = ["{}"]
[[oncall.people]]
id = "els"
name = "Els Maes"
matrix = "{}"
[[oncall.people]]
id = "bram"
name = "Bram Smet"
matrix = "{}"
[oncall.policy.high]
steps = [{{ after = "0m", notify = ["person:els"] }}, {{ after = "2s", notify = ["person:bram"] }}]
[oncall.policy.critical]
steps = [{{ after = "0m", notify = ["person:els"] }}, {{ after = "2s", notify = ["person:bram"] }}]
"#,
        homeserver.url(),
        official.id(),
        els.id(),
        bram.id(),
        dir = dir.display()
    )
}

/// The newest words of a message.
pub(super) fn words(event: &Value) -> String {
    let content = &event["content"];
    let newest = content.get("m.new_content").unwrap_or(content);
    newest["body"].as_str().unwrap_or_default().to_owned()
}

/// Looks through all files; how many there were.
fn unreadable(folder: &Path, secret: &str) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files = 0;
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            files += unreadable(&path, secret);
        } else {
            files += 1;
            let bytes = std::fs::read(&path).unwrap_or_default();
            assert!(!holds(&bytes, secret), "{secret} in {}", path.display());
        }
    }
    files
}

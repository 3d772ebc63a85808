//! An IMAP server for tests: a thread on loopback that speaks just enough of the protocol, and misbehaves
//! where its script says so.

use crate::adapters::mail::imap::settings::ImapSettings;
use crate::adapters::mail::login::{Login, Password, Proof};
use crate::adapters::mail::source::Start;
use crate::adapters::mail::tls::Tls;
use crate::domain::ids::MailboxName;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio_util::sync::CancellationToken;

/// What the server holds and how it behaves.
pub(crate) struct Script {
    /// The mails of the folder, by UID.
    pub(crate) mails: Vec<(u32, &'static str)>,
    pub(crate) uid_validity: u32,
    /// What it can do.
    pub(crate) capabilities: &'static str,
    /// Does it announce the next UID?
    pub(crate) tells_uid_next: bool,
    /// A mail that comes while it works on the first command that begins like this. It is announced with
    /// the answer, and not found by the command itself.
    pub(crate) arrives_on: Vec<(&'static str, (u32, &'static str))>,
    /// How often it hangs up in the middle of a mail.
    pub(crate) drops: u32,
    /// Fetches that it refuses: those that hold these words.
    pub(crate) refuses: Vec<&'static str>,
    /// Does it say that the folder for processed mail is there?
    pub(crate) lists_processed: bool,
    /// The commands it was sent, without their tags.
    pub(crate) log: Vec<String>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            mails: Vec::new(),
            uid_validity: 1,
            capabilities: "IMAP4rev1 IDLE MOVE UIDPLUS",
            tells_uid_next: true,
            arrives_on: Vec::new(),
            drops: 0,
            refuses: Vec::new(),
            lists_processed: true,
            log: Vec::new(),
        }
    }
}

/// The server. It stops the program under test when that waits with IDLE and there is no news.
pub(crate) struct ScriptedServer {
    script: Arc<Mutex<Script>>,
    port: u16,
    /// Cancelled at the first IDLE without news.
    pub(crate) idles: Arc<Mutex<CancellationToken>>,
}

impl ScriptedServer {
    #[expect(clippy::disallowed_methods, reason = "a server for one test")]
    pub(crate) fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = Arc::new(Mutex::new(script));
        let idles = Arc::new(Mutex::new(CancellationToken::new()));
        let (shared, stop) = (Arc::clone(&script), Arc::clone(&idles));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let _ = Connection {
                    stream,
                    script: &shared,
                    stop: &stop,
                }
                .serve();
            }
        });
        Self {
            script,
            port,
            idles,
        }
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    pub(crate) fn settings(&self, start: Start) -> ImapSettings {
        ImapSettings {
            name: MailboxName::new("crt"),
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: Tls::None,
            ca_file: None,
            login: Login {
                user: "crt".to_owned(),
                proof: Proof::Password(Password::new("geheim".to_owned())),
            },
            folder: "INBOX".to_owned(),
            processed_folder: Some("Verwerkt".to_owned()),
            sent: None,
            start,
            max_message: 100_000,
        }
    }
}

struct Connection<'a> {
    stream: TcpStream,
    script: &'a Mutex<Script>,
    stop: &'a Mutex<CancellationToken>,
}

impl Connection<'_> {
    fn serve(&mut self) -> std::io::Result<()> {
        let mut lines = BufReader::new(self.stream.try_clone()?);
        self.stream.write_all(b"* OK ready\r\n")?;
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            let sent = line.trim_end().to_owned();
            line.clear();
            if sent == "DONE" {
                continue;
            }
            let (tag, command) = sent.split_once(' ').unwrap_or((&sent, ""));
            let answer = self.script.lock().unwrap().answer(command);
            match answer {
                Answer::Ok(untagged) => write!(self.stream, "{untagged}{tag} OK done\r\n")?,
                Answer::No => write!(self.stream, "{tag} NO not today\r\n")?,
                Answer::HangUp(half) => return write!(self.stream, "{half}"),
                Answer::Idle => {
                    self.stream.write_all(b"+ idling\r\n")?;
                    self.stop.lock().unwrap().cancel();
                    lines.read_line(&mut line)?;
                    line.clear();
                    write!(self.stream, "{tag} OK done\r\n")?;
                }
            }
        }
        Ok(())
    }
}

enum Answer {
    Ok(String),
    No,
    HangUp(String),
    Idle,
}

impl Script {
    fn answer(&mut self, command: &str) -> Answer {
        self.log.push(command.to_owned());
        if self.refuses.iter().any(|words| command.contains(words)) {
            return Answer::No;
        }
        let answer = self.answer_as_it_stands(command);
        let arrives = self
            .arrives_on
            .iter()
            .position(|(beginning, _)| command.starts_with(beginning));
        match (answer, arrives) {
            (Answer::Ok(mut untagged), Some(at)) => {
                let (_, mail) = self.arrives_on.remove(at);
                self.mails.push(mail);
                let _ = write!(untagged, "* {} EXISTS\r\n", self.mails.len());
                Answer::Ok(untagged)
            }
            (answer, _) => answer,
        }
    }

    fn answer_as_it_stands(&mut self, command: &str) -> Answer {
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["CAPABILITY"] => Answer::Ok(format!("* CAPABILITY {}\r\n", self.capabilities)),
            ["SELECT", ..] => Answer::Ok(self.selected()),
            ["UID", "SEARCH", rest @ ..] => Answer::Ok(self.search(rest.last().unwrap_or(&"ALL"))),
            ["UID", "FETCH", uid, ..] => self.fetch(uid.parse().unwrap(), command),
            ["UID", "MOVE" | "COPY", uids, ..] => {
                let moves = command.starts_with("UID MOVE");
                let gone: Vec<u32> = uids.split(',').map(|uid| uid.parse().unwrap()).collect();
                self.mails.retain(|(uid, _)| !moves || !gone.contains(uid));
                Answer::Ok(String::new())
            }
            ["LIST", ..] if !self.lists_processed => Answer::Ok(String::new()),
            ["LIST", ..] => Answer::Ok("* LIST () \"/\" Verwerkt\r\n".to_owned()),
            ["IDLE"] => Answer::Idle,
            _ => Answer::Ok(String::new()),
        }
    }

    fn selected(&self) -> String {
        let mut said = format!(
            "* {} EXISTS\r\n* OK [UIDVALIDITY {}] valid\r\n",
            self.mails.len(),
            self.uid_validity
        );
        if self.tells_uid_next {
            let next = self.mails.iter().map(|(uid, _)| uid + 1).max().unwrap_or(1);
            let _ = write!(said, "* OK [UIDNEXT {next}] next\r\n");
        }
        said
    }

    /// `n:*` always names the last mail.
    fn search(&self, range: &str) -> String {
        let from = range
            .split(':')
            .next()
            .and_then(|n| n.parse().ok())
            .unwrap_or(0);
        let last = self.mails.last().map(|(uid, _)| *uid);
        let found = self
            .mails
            .iter()
            .map(|(uid, _)| *uid)
            .filter(|uid| *uid >= from || Some(*uid) == last);
        let uids: Vec<String> = found.map(|uid| format!(" {uid}")).collect();
        format!("* SEARCH{}\r\n", uids.concat())
    }

    fn fetch(&mut self, uid: u32, command: &str) -> Answer {
        let Some((place, (_, raw))) = self
            .mails
            .iter()
            .enumerate()
            .find(|(_, (known, _))| *known == uid)
        else {
            return Answer::Ok(String::new());
        };
        let seq = place + 1;
        if command.contains("RFC822.SIZE") {
            return Answer::Ok(format!(
                "* {seq} FETCH (UID {uid} RFC822.SIZE {} INTERNALDATE \"24-Nov-2026 10:00:00 +0000\")\r\n",
                raw.len()
            ));
        }
        let (section, bytes) = if command.contains("HEADER") {
            let end = raw.find("\r\n\r\n").map_or(raw.len(), |at| at + 4);
            ("BODY[HEADER]", raw.get(..end).unwrap_or(raw))
        } else {
            ("BODY[]", *raw)
        };
        let beginning = format!("* {seq} FETCH (UID {uid} {section} {{{}}}\r\n", bytes.len());
        if self.drops > 0 {
            self.drops -= 1;
            return Answer::HangUp(format!(
                "{beginning}{}",
                bytes.get(..bytes.len() / 2).unwrap_or_default()
            ));
        }
        Answer::Ok(format!("{beginning}{bytes})\r\n"))
    }
}

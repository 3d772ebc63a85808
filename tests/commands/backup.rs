//! `backup` beside a running service, `restore` into a new folder, and the service that goes on there.

use crate::commands::audit::on_file;
use crate::commands::{Desk, Outcome, REPORT, SOON};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc::{Receiver, Sender, channel};

/// A mail server that takes everything and shows it.
struct Post {
    port: u16,
    taken: Receiver<String>,
}

impl Post {
    #[expect(
        clippy::disallowed_methods,
        reason = "a server of a test is no task of the service"
    )]
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, taken) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A peer that goes away early is no failure of ours.
                let _ = converse(&stream.unwrap(), &sender);
            }
        });
        Self { port, taken }
    }

    fn next(&self) -> String {
        self.taken.recv_timeout(SOON).unwrap()
    }
}

fn converse(stream: &TcpStream, sender: &Sender<String>) -> std::io::Result<()> {
    let (mut to, mut lines) = (stream, BufReader::new(stream).lines());
    to.write_all(b"220 here\r\n")?;
    while let Some(line) = lines.next() {
        let answer = match line?.to_ascii_uppercase().as_str() {
            "DATA" => {
                to.write_all(b"354 go on\r\n")?;
                let mut mail = String::new();
                for line in lines.by_ref() {
                    match line?.as_str() {
                        "." => break,
                        line => mail = mail + line + "\n",
                    }
                }
                let _ = sender.send(mail);
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        to.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

fn message_id(mail: &str) -> &str {
    let line = mail.lines().find(|line| line.starts_with("Message-ID:"));
    line.unwrap_or_else(|| panic!("no Message-ID: {mail}"))
}

impl Desk {
    /// Answers by itself, through a server on this port.
    fn answers_through(&self, port: u16) {
        self.write_config(|text| {
            text.replace("[[mailbox]]", "mode = \"answer\"\n[[mailbox]]")
                .replace(
                    "start = \"all\"",
                    "start = \"all\"\nprocessed_folder = \"Done\"",
                )
                .replace("port = 1\n", &format!("port = {port}\n"))
        });
    }

    /// The output without what differs between runs.
    fn shown(&self, outcome: &Outcome) -> String {
        let dir = self.dir.path().display().to_string();
        let moment = regex::Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]+").unwrap();
        let text = format!("{}{}", outcome.stdout, outcome.stderr).replace(&dir, "DESK");
        moment.replace_all(&text, "MOMENT").into_owned()
    }

    fn sends_the_reply(&self, post: &Post) -> String {
        self.answers_through(post.port);
        // It was tried in vain, and would be tried again half a minute later.
        on_file(
            &self.path("data/eerstelijn.db"),
            "UPDATE outbox SET due_at = 0",
        );
        let mut service = self.start(&[]);
        let mail = post.next();
        service.terminate();
        assert!(service.wait_exit(SOON).success(), "{}", service.log());
        mail
    }
}

#[test]
fn who_waited_for_an_answer_gets_it_from_the_restored_service() {
    let desk = Desk::new();
    desk.answers_through(1);
    desk.deliver("1.a.b", REPORT);
    let mut service = desk.start(&[]);
    service.wait_until(|log| log.contains("attempt=1") && waits(&desk) == 1, SOON);
    for said in ["was not taken by 127.0.0.1:1 ", "is tried again at 20"] {
        assert!(service.log().contains(said), "{said}: {}", service.log());
    }
    let file = desk.path("monday");
    let made = desk.run(&["backup", file.to_str().unwrap()]);
    assert_eq!(made.code, 0, "{made:?}");
    insta::assert_snapshot!("backup", desk.shown(&made));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let again = desk.run(&["backup", file.to_str().unwrap()]);
    assert_eq!(again.code, 1);
    insta::assert_snapshot!("backup_again", desk.shown(&again));
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    // The service goes on and the reply leaves. Then the machine is lost.
    let post = Post::open();
    let sent = desk.sends_the_reply(&post);
    let intact = desk.run(&["audit", "verify"]);
    assert_eq!(intact.code, 0, "{intact:?}");

    let new = Desk::new();
    new.answers_through(1);
    std::fs::copy(desk.path("master.key"), new.path("master.key")).unwrap();
    std::fs::copy(&file, new.path("monday")).unwrap();
    let from = new.path("monday").display().to_string();
    let restored = new.run(&["restore", &from]);
    assert_eq!(restored.code, 0, "{restored:?}");
    insta::assert_snapshot!("restore", new.shown(&restored));
    assert_eq!(new.numbers(), desk.numbers());
    let intact = new.run(&["audit", "verify"]);
    assert_eq!(intact.code, 0, "{intact:?}");
    let again = new.run(&["restore", &from]);
    assert_eq!(again.code, 1);
    insta::assert_snapshot!("restore_again", new.shown(&again));
    let sent_again = new.sends_the_reply(&post);
    assert_eq!(message_id(&sent_again), message_id(&sent), "the same mail");
}

/// How many replies could not leave yet.
fn waits(desk: &Desk) -> u64 {
    let listed = desk.run(&["tickets", "list", "--json"]);
    let object: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap_or_default();
    object["unsent"].as_u64().unwrap_or_default()
}

#[test]
fn what_came_in_after_the_moment_and_was_moved_is_named() {
    let desk = Desk::new();
    desk.answers_through(1);
    let mut service = desk.start(&[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    let file = desk.path("monday");
    let made = desk.run(&["backup", file.to_str().unwrap()]);
    assert_eq!(made.code, 0, "{made:?}");
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    let done = desk.path("mail").join(".Done/cur");
    std::fs::create_dir_all(&done).unwrap();
    std::fs::write(done.join("2.a.b:2,S"), REPORT).unwrap();
    std::fs::remove_dir_all(desk.path("data")).unwrap();
    let restored = desk.run(&["restore", file.to_str().unwrap()]);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert!(
        restored.stdout.contains("moved to Done is not known here"),
        "{restored:?}"
    );
}

#[test]
fn a_restore_is_refused_beside_a_service_with_another_key_and_of_something_else() {
    let desk = Desk::new();
    let mut service = desk.start(&[]);
    service.wait_until(|log| log.contains("ready"), SOON);
    let file = desk.path("monday").display().to_string();
    assert_eq!(desk.run(&["backup", &file]).code, 0);
    let mut said = vec![desk.run(&["restore", &file])];
    service.terminate();
    assert!(service.wait_exit(SOON).success(), "{}", service.log());
    let new = Desk::new();
    for other in [
        &file,
        &desk.path("config.toml").display().to_string(),
        &desk.path("none").display().to_string(),
    ] {
        said.push(new.run(&["restore", other]));
    }
    assert!(said.iter().all(|outcome| outcome.code == 1), "{said:?}");
    let said: Vec<String> = said.iter().map(|outcome| desk.shown(outcome)).collect();
    insta::assert_snapshot!("restore_refused", said.concat());
    assert!(!new.path("data").exists(), "nothing is left");
}

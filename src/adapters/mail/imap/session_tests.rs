//! Sessions against a server that misbehaves.

use crate::adapters::mail::fake_intake::FakeIntake;
use crate::adapters::mail::imap::error::ImapError;
use crate::adapters::mail::imap::memory::Memory;
use crate::adapters::mail::imap::scripted::{Script, ScriptedServer};
use crate::adapters::mail::imap::source::ImapSource;
use crate::adapters::mail::source::{Backoff, Kick, Start, Tether, Turn};
use crate::app::ports::arrival::{Extent, Position};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

const FIRST: (u32, &str) = (
    1,
    "From: an@hackegem.example\r\nSubject: een\r\n\r\nWij zijn gehackt.\r\n",
);
const SECOND: (u32, &str) = (
    2,
    "From: jan@hackegem.example\r\nSubject: twee\r\n\r\nWij ook.\r\n",
);
const THIRD: (u32, &str) = (
    3,
    "From: els@hackegem.example\r\nSubject: drie\r\n\r\nEn wij.\r\n",
);

/// A source, its server and what it took in.
struct Bench {
    server: ScriptedServer,
    intake: FakeIntake,
    memory: Memory,
    start: Start,
    runtime: Runtime,
}

impl Bench {
    fn new(script: Script) -> Self {
        Self {
            server: ScriptedServer::start(script),
            intake: FakeIntake::default(),
            memory: Memory::default(),
            start: Start::All,
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_time()
                .build()
                .unwrap(),
        }
    }

    /// One connection, until it fails or the server is idle.
    fn session(&mut self) -> Result<(), ImapError> {
        let stop = CancellationToken::new();
        *self.server.idles.lock().unwrap() = stop.clone();
        let tether = Tether::new(
            self.runtime.handle().clone(),
            stop,
            Kick::default(),
            Turn::ours_alone(),
        );
        ImapSource::new(self.server.settings(self.start)).one_session(
            &self.intake,
            &tether,
            &mut self.memory,
            &mut Backoff::default(),
        )
    }

    /// Connections until one goes well; how many failed.
    fn sessions(&mut self) -> usize {
        (0..40).find(|_| self.session().is_ok()).unwrap()
    }

    fn uids(&self) -> Vec<u32> {
        let remembered = self.intake.0.lock().unwrap();
        let uid_of = |position: &Position| match position {
            Position::Imap { uid, .. } => *uid,
            _ => 0,
        };
        remembered
            .admitted
            .iter()
            .map(|(position, ..)| uid_of(position))
            .collect()
    }

    fn commands(&self, beginning: &str) -> usize {
        let script = self.server.script();
        script
            .log
            .iter()
            .filter(|line| line.starts_with(beginning))
            .count()
    }
}

#[test]
fn what_lies_there_is_read_marked_and_moved() {
    let mut bench = Bench::new(Script {
        mails: vec![FIRST, SECOND],
        ..Script::default()
    });
    bench.session().unwrap();
    assert_eq!(bench.uids(), [1, 2]);
    assert_eq!(bench.commands("UID STORE 1 +FLAGS.SILENT (\\Seen)"), 1);
    assert!(bench.server.script().mails.is_empty(), "moved away");
}

#[test]
fn lost_connections_lose_no_report() {
    let mut bench = Bench::new(Script {
        mails: vec![FIRST, SECOND],
        drops: 6,
        ..Script::default()
    });
    assert_eq!(bench.sessions(), 6);
    assert_eq!(bench.uids(), [1, 2]);
    let remembered = bench.intake.0.lock().unwrap();
    assert_eq!(remembered.admitted[0].1, FIRST.1.as_bytes());
    assert_eq!(remembered.admitted[0].2, Extent::Whole);
}

#[test]
fn a_message_that_the_server_will_not_give_is_shown_to_a_human() {
    for (refuses, stub) in [
        (
            vec!["FETCH 1 (UID BODY.PEEK[])"],
            "From: an@hackegem.example\r\nSubject: een\r\n\r\n",
        ),
        (vec!["FETCH 1 (UID BODY"], ""),
        (vec!["FETCH 1 "], ""),
    ] {
        let mut bench = Bench::new(Script {
            mails: vec![FIRST, SECOND],
            refuses,
            ..Script::default()
        });
        let failed = bench.sessions();
        assert!((5..=6).contains(&failed), "{failed}");
        assert_eq!(bench.uids(), [1, 2]);
        let remembered = bench.intake.0.lock().unwrap();
        assert_eq!(remembered.admitted[0].1, stub.as_bytes());
        assert_eq!(remembered.admitted[0].2, Extent::Beginning);
        assert_eq!(remembered.admitted[1].1, SECOND.1.as_bytes());
        assert_eq!(remembered.progress.unwrap().last_uid, 2);
    }
}

#[test]
fn mail_that_comes_between_two_commands_does_not_wait_for_the_end_of_an_idle() {
    for command in ["UID SEARCH", "UID FETCH", "UID STORE", "UID MOVE", "LIST"] {
        let mut bench = Bench::new(Script {
            mails: vec![FIRST],
            arrives_on: vec![(command, SECOND)],
            ..Script::default()
        });
        bench.session().unwrap();
        assert_eq!(bench.uids(), [1, 2], "{command}");
    }
    // Also where nothing was found and nothing moved.
    let mut bench = Bench::new(Script {
        arrives_on: vec![("UID SEARCH", FIRST)],
        ..Script::default()
    });
    bench.session().unwrap();
    assert_eq!(bench.uids(), [1]);
}

#[test]
fn all_that_is_settled_is_moved_before_waiting() {
    let mut bench = Bench::new(Script {
        mails: vec![FIRST, SECOND],
        arrives_on: vec![("UID MOVE", THIRD)],
        ..Script::default()
    });
    bench.intake.0.lock().unwrap().settled_at_once = Some(1);
    bench.session().unwrap();
    assert_eq!(bench.uids(), [1, 2, 3]);
    assert_eq!(bench.commands("UID MOVE"), 3);
    assert_eq!(bench.commands("IDLE"), 1);
}

#[test]
fn a_renumbered_folder_is_read_again() {
    let mut bench = Bench::new(Script {
        mails: vec![FIRST],
        ..Script::default()
    });
    bench.session().unwrap();
    {
        let mut script = bench.server.script();
        script.uid_validity = 2;
        script.mails = vec![SECOND, THIRD];
    }
    bench.session().unwrap();
    assert_eq!(bench.uids(), [1, 2, 3]);
    let progress = bench.intake.0.lock().unwrap().progress.unwrap();
    assert_eq!((progress.uid_validity, progress.last_uid), (2, 3));
}

#[test]
fn old_mail_stays_unread_also_where_the_next_uid_is_not_told() {
    for tells_uid_next in [true, false] {
        let mut bench = Bench::new(Script {
            mails: vec![FIRST, SECOND],
            tells_uid_next,
            ..Script::default()
        });
        bench.start = Start::New;
        bench.session().unwrap();
        assert_eq!(bench.uids(), Vec::<u32>::new(), "{tells_uid_next}");
        bench.server.script().mails.push(THIRD);
        bench.session().unwrap();
        assert_eq!(bench.uids(), [3], "{tells_uid_next}");
    }
}

#[test]
fn a_server_without_move_copies_and_deletes() {
    let mut bench = Bench::new(Script {
        mails: vec![FIRST],
        capabilities: "IMAP4rev1 IDLE",
        ..Script::default()
    });
    bench.session().unwrap();
    assert_eq!(bench.commands("UID COPY 1 "), 1);
    assert_eq!(bench.commands("UID STORE 1 +FLAGS.SILENT (\\Deleted)"), 1);
    assert_eq!(bench.commands("UID EXPUNGE") + bench.commands("EXPUNGE"), 0);
}

#[test]
fn moving_that_is_refused_stops_no_reading() {
    let mut bench = Bench::new(Script {
        mails: vec![FIRST],
        refuses: vec!["UID MOVE"],
        ..Script::default()
    });
    bench.session().unwrap();
    bench.server.script().mails.push(SECOND);
    bench.session().unwrap();
    assert_eq!(bench.uids(), [1, 2]);
}

/// Found by killing the service again and again beside another client of the same mailbox: between our
/// LIST and our CREATE the other one made the folder, and nothing was moved for a minute.
#[test]
fn a_folder_that_somebody_else_makes_at_this_moment_is_used() {
    let mut bench = Bench::new(Script {
        mails: vec![FIRST],
        lists_processed: false,
        refuses: vec!["CREATE", "SUBSCRIBE"],
        ..Script::default()
    });
    bench.session().unwrap();
    assert_eq!(bench.commands("UID MOVE"), 1);
}

//! What a look at a Maildir does, on real folders.

use crate::adapters::mail::fake_intake::FakeIntake;
use crate::adapters::mail::maildir::*;
use crate::adapters::mail::source::Kick;
use crate::adapters::mail::source::Turn;
use std::fs::FileTimes;
use std::time::SystemTime;
use tokio_util::sync::CancellationToken;

struct House {
    folder: tempfile::TempDir,
    intake: FakeIntake,
    memory: Memory,
    tether: Tether,
    _runtime: tokio::runtime::Runtime,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for part in ["new", "cur", "tmp"] {
            fs::create_dir(folder.path().join(part)).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build()
            .unwrap();
        let stop = CancellationToken::new();
        let tether = Tether::new(
            runtime.handle().clone(),
            stop,
            Kick::default(),
            Turn::ours_alone(),
        );
        Self {
            folder,
            intake: FakeIntake::default(),
            memory: Memory::default(),
            tether,
            _runtime: runtime,
        }
    }

    /// Delivers a message that was received so many seconds after the start of the fake.
    fn deliver(&self, place: &str, body: &[u8], seconds: i64) {
        let path = self.folder.path().join(place);
        fs::write(&path, body).unwrap();
        let start: Timestamp = "2026-11-23T20:40:00Z".parse().unwrap();
        let seconds = u64::try_from(start.as_second() + seconds).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_times(FileTimes::new().set_modified(time)).unwrap();
    }

    fn look(&mut self, start: Start, processed: Option<&str>) -> Result<(), LookError> {
        let source = MaildirSource::new(MaildirSettings {
            name: MailboxName::new("maildir:test"),
            path: self.folder.path().to_owned(),
            processed_folder: processed.map(str::to_owned),
            start,
            max_message: 1_000_000,
        });
        source.look(&self.intake, &self.tether, &mut self.memory)
    }

    fn admitted(&self) -> Vec<String> {
        let remembered = self.intake.0.lock().unwrap();
        remembered
            .admitted
            .iter()
            .map(|(position, ..)| position.key())
            .collect()
    }

    fn has(&self, place: &str) -> bool {
        self.folder.path().join(place).exists()
    }
}

#[test]
fn new_mail_is_stored_and_then_marked() {
    let mut house = House::new();
    house.deliver("new/2.b.host", b"two", 20);
    house.deliver("new/1.a.host", b"one", 10);
    house.look(Start::New, None).unwrap();
    assert_eq!(house.admitted(), ["1.a.host", "2.b.host"]);
    assert!(house.has("cur/1.a.host:2,S") && !house.has("new/1.a.host"));
    house.look(Start::New, None).unwrap();
    assert_eq!(house.admitted().len(), 2);
}

#[test]
fn what_is_not_stored_is_not_marked() {
    let mut house = House::new();
    house.deliver("new/1.a.host", b"one", 10);
    house.intake.0.lock().unwrap().fails = true;
    assert!(house.look(Start::New, None).is_err());
    assert!(house.has("new/1.a.host"));
    house.intake.0.lock().unwrap().fails = false;
    house.look(Start::New, None).unwrap();
    assert_eq!(house.admitted(), ["1.a.host"]);
}

#[test]
fn older_mail_is_taken_only_when_asked() {
    let mut house = House::new();
    house.deliver("new/1.a.host", b"old", -60);
    house.deliver("cur/2.b.host:2,", b"opened by a person meanwhile", 60);
    house.look(Start::New, None).unwrap();
    assert_eq!(house.admitted(), ["2.b.host"]);
    assert!(house.has("new/1.a.host"));
    house.look(Start::All, None).unwrap();
    assert_eq!(house.admitted(), ["2.b.host", "1.a.host"]);
}

#[test]
fn settled_mail_moves_and_nothing_is_read_twice() {
    let mut house = House::new();
    house.deliver("new/1.a.host", b"one", 10);
    house.look(Start::New, Some("Processed")).unwrap();
    assert!(house.has(".Processed/cur/1.a.host:2,S") && house.has(".Processed/maildirfolder"));
    assert!(house.intake.0.lock().unwrap().settled.is_empty());
    house.memory = Memory::default();
    house.look(Start::New, Some("Processed")).unwrap();
    assert_eq!(house.admitted().len(), 1);
}

#[test]
fn what_is_no_message_does_not_stop_the_others() {
    let mut house = House::new();
    fs::create_dir(house.folder.path().join("new/0.folder")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", house.folder.path().join("new/0.link")).unwrap();
    house.deliver("new/1.a.host", &vec![b'x'; 1_000_001], 10);
    house.deliver("new/2.b.host", b"two", 10);
    house.look(Start::New, None).unwrap();
    assert_eq!(house.admitted(), ["1.a.host", "2.b.host"]);
    let remembered = house.intake.0.lock().unwrap();
    let (_, raw, extent, at) = &remembered.admitted[0];
    assert_eq!((raw.len(), *extent), (256 * 1024, Extent::Beginning));
    assert_eq!(at.to_string(), "2026-11-23T20:40:10Z");
}

#[test]
fn a_file_that_fails_is_left_out_for_ever_longer() {
    let mut memory = Memory::default();
    let mut looks = Vec::new();
    for look in 0..40 {
        if !memory.is_skipped("k") {
            looks.push(look);
            memory.skip("k");
        }
    }
    assert_eq!(looks, [0, 2, 5, 10, 19, 36]);
}

#[test]
fn a_processed_folder_cannot_lead_out() {
    let house = House::new();
    for (name, good) in [
        ("Processed", true),
        (".Processed", true),
        ("../x", false),
        ("", false),
        ("a/b", false),
    ] {
        let source = MaildirSource::new(MaildirSettings {
            name: MailboxName::new("maildir:test"),
            path: house.folder.path().to_owned(),
            processed_folder: Some(name.to_owned()),
            start: Start::New,
            max_message: 1,
        });
        assert_eq!(source.test_connection().is_ok(), good, "{name}");
    }
}

#[test]
fn moving_that_fails_slows_no_reading() {
    let mut house = House::new();
    // A file stands where the folder should be.
    fs::write(house.folder.path().join(".Verwerkt"), b"").unwrap();
    for n in 1..=4 {
        house.deliver(&format!("new/{n}.x"), b"From: a@b.example\n\nhallo\n", 10);
        house.look(Start::All, Some("Verwerkt")).unwrap();
        assert_eq!(house.admitted().len(), n);
    }
    fs::remove_file(house.folder.path().join(".Verwerkt")).unwrap();
    for _ in 0..10 {
        house.look(Start::All, Some("Verwerkt")).unwrap();
    }
    let moved = fs::read_dir(house.folder.path().join(".Verwerkt/cur")).unwrap();
    assert_eq!(moved.count(), 4);
}

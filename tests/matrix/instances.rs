//! Two instances with a login and a device each, in the same rooms: everything is said once, whoever of them
//! lives.

use crate::matrix::night::{AN, CRT, settings, words};
use crate::servers::command::{on, tickets};
use crate::support::matrix_bot::Bot;
use crate::support::matrix_people::{Encryption, Keys, PATIENCE, Person, now};
use crate::support::servers::cluster::{Cluster, Instance};
use crate::support::servers::{MATRIX_PASSWORD, Mail, Synapse, shared};
use eerstelijn::app::ports::{RoomAct, RoomOutcome, Secrecy};
use eerstelijn::domain::chat::ids::{RoomId, UserId};
use eerstelijn::domain::chat::post::Post;
use serde_json::Value;
use std::collections::BTreeMap;

/// Seconds that a row is held here.
const LEASE: u32 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn what_another_device_of_ours_posted_is_found() {
    let Some(server) = shared() else { return };
    let an = Person::arrive(server, "an-twodevices", Keys::Signed).await;
    let first = Bot::arrive(server, "bot-twodevices").await;
    let mut second = Bot::new(server, "bot-twodevices");
    second.recovery_key.clone_from(&first.recovery_key);
    second.log_in().await.unwrap();
    second.start().await;
    let room = an.make_room(&[&first.id()], Encryption::On).await;
    an.sees(&room, &first.id()).await;
    let hello = an.say(&room, "hallo").await;
    first.hears(&hello).await;
    second.hears(&hello).await;
    let post = |words: &str| RoomAct::Post {
        room: room.clone(),
        thread: None,
        answers: None,
        post: Post::notice([words]),
        secrecy: Secrecy::Encrypted,
    };
    let by_first = first.act("row-one", &post("eerste")).await;
    let RoomOutcome::Done { event: Some(_), .. } = &by_first else {
        panic!("{by_first:?}");
    };
    // Its key may still be on its way: then the answer is "later".
    let end = now() + PATIENCE;
    let found = loop {
        match second.take_over("row-one", 2, &post("eerste")).await {
            RoomOutcome::Retry { .. } if now() < end => second.session().is_ready(),
            outcome => break outcome,
        };
    };
    assert_eq!(found, by_first, "the same event, not a second one");
    // What nobody posted is posted.
    let by_second = second.take_over("row-two", 2, &post("tweede")).await;
    assert!(matches!(
        by_second,
        RoomOutcome::Done { event: Some(_), .. }
    ));
    an.reads(&room, |event| event["content"]["body"] == "tweede")
        .await;
    assert_eq!(posted(&an, &room, &first.id()).await, [1, 1]);
}

/// How often each row of ours stands in a room.
async fn posted(reader: &Person, room: &RoomId, bot: &UserId) -> Vec<usize> {
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    for event in reader.history(room).await {
        let row = event["content"]["be.eerstelijn.outbox"].as_str();
        if event["sender"] == bot.as_str()
            && let Some(row) = row
        {
            *rows.entry(row.to_owned()).or_default() += 1;
        }
    }
    rows.into_values().collect()
}

/// A cluster in chat: two instances, each with its own device, and Els on call.
struct Team {
    cluster: Cluster,
    els: Person,
    bot: UserId,
    oncall: RoomId,
}

impl Team {
    /// `tag` tells the accounts from those of other tests on the same homeserver.
    async fn gathers(homeserver: &Synapse, tag: &str) -> Option<Self> {
        let mut cluster = tokio::task::block_in_place(|| Cluster::start(LEASE))?;
        let bot = UserId::parse(&homeserver.register(&format!("bot-{tag}")).await).unwrap();
        let els = Person::arrive(homeserver, &format!("els-{tag}"), Keys::Signed).await;
        let bram = Person::arrive(homeserver, &format!("bram-{tag}"), Keys::Signed).await;
        let oncall = els.make_room(&[&bram.id()], Encryption::On).await;
        let lobby = els.make_room(&[], Encryption::Off).await;
        bram.join(&oncall).await;
        let dir = cluster.mail.dir().to_owned();
        let people = (&els, &bram, &bram);
        cluster.settings = settings(homeserver, &dir, &bot, people, (&oncall, &lobby));
        std::fs::write(dir.join("matrix-password"), MATRIX_PASSWORD).unwrap();
        Some(Self {
            cluster,
            els,
            bot,
            oncall,
        })
    }

    /// One more instance logs in, and runs.
    fn instance(&self, environment: &[(&str, &str)]) -> Instance {
        let config = self.cluster.configure(None);
        let login = on(&config, &["matrix", "init"]);
        assert_eq!(login.code, 0, "{}", login.stderr);
        let key = self.cluster.mail.dir().join("recovery-key");
        if !key.exists() {
            let printed = login.stdout.lines().map(str::trim);
            let mut keys = printed.filter(|line| line.starts_with("Es"));
            std::fs::write(&key, keys.next().expect("a recovery key")).unwrap();
        }
        let mut process = self.cluster.run(&config, environment);
        process.wait_until(|log| log.contains("the Matrix rooms are read"), PATIENCE);
        Instance { config, process }
    }

    fn an_reports(&self, n: usize) {
        let from = format!("an{n}.{AN}");
        let mail = format!(
            "From: An <{from}>\r\nTo: {CRT}\r\nSubject: Hulp\r\nMessage-ID: <nacht-{n}@hackegem.example>\r\n\r\n             al onze servers worden nu versleuteld, er staat een losgeldbrief op het scherm\r\n"
        );
        self.cluster.mail.send(&Mail::new(&from, CRT, &mail));
    }

    /// Els is called about a ticket.
    async fn els_is_called(&self, number: &str) {
        let called = |event: &Value| {
            let mentioned = event["content"]["m.mentions"]["user_ids"].to_string();
            words(event).contains(number) && mentioned.contains(self.els.id().as_str())
        };
        self.els.reads(&self.oncall, called).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_in_the_same_rooms_call_once_and_go_on_when_one_dies() {
    let Some(homeserver) = shared() else { return };
    let Some(team) = Team::gathers(homeserver, "instances").await else {
        return;
    };
    let mut one = team.instance(&[]);
    let mut other = team.instance(&[]);
    team.els.invite(&team.oncall, &team.bot).await;
    team.els.sees(&team.oncall, &team.bot).await;
    team.an_reports(1);
    team.els_is_called("CRT-2026-0001").await;
    // Whichever it was: the one that reads the mailbox dies.
    let reads = |instance: &Instance| instance.process.log().contains("is ours");
    assert!(reads(&one));
    one.process.kill9();
    team.an_reports(2);
    team.els_is_called("CRT-2026-0002").await;
    // What she says is heard by the one that lives.
    let card = team
        .els
        .reads(&team.oncall, |event| {
            let edit = event["content"].get("m.new_content").is_some();
            !edit && words(event).contains("CRT-2026-0002") && words(event).contains("gemeld om")
        })
        .await;
    let card = eerstelijn::domain::chat::ids::EventId::parse(card["event_id"].as_str().unwrap());
    team.els
        .say_in_thread(&team.oncall, &card.unwrap(), "!ack")
        .await;
    let end = now() + PATIENCE;
    let acknowledged = || {
        let shown = on(&other.config, &["tickets", "show", "CRT-2026-0002"]);
        shown.stdout.contains("acknowledged")
    };
    while !acknowledged() {
        assert!(now() < end, "{}", other.process.log());
    }
    // The dead one comes back and finds nothing undone.
    one.process = team.cluster.run(&one.config, &[]);
    team.an_reports(3);
    team.els_is_called("CRT-2026-0003").await;
    let rows = posted(&team.els, &team.oncall, &team.bot).await;
    assert!(rows.len() >= 6, "cards and calls: {rows:?}");
    assert!(rows.iter().all(|times| *times == 1), "{rows:?}");
    assert_eq!(tickets(&other.config).len(), 3);
    for instance in [&mut one, &mut other] {
        instance.process.terminate();
        let ended = instance.process.wait_exit(PATIENCE);
        assert!(ended.success(), "{}", instance.process.log());
    }
    let verified = on(&other.config, &["audit", "verify"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
}

/// The worst moment: it stands in the room, and nobody has noted that.
#[tokio::test(flavor = "multi_thread")]
async fn killed_between_posting_and_noting_nothing_is_said_twice() {
    let Some(homeserver) = shared() else { return };
    let Some(team) = Team::gathers(homeserver, "accepted").await else {
        return;
    };
    let mut other = team.instance(&[]);
    team.els.invite(&team.oncall, &team.bot).await;
    team.els.sees(&team.oncall, &team.bot).await;
    let mut dying = team.instance(&[("EERSTELIJN_HALT_AT", "accepted")]);
    let mut reports = 0;
    while !dying.process.log().contains("halted at accepted") {
        reports += 1;
        assert!(reports < 30, "it is never reached");
        team.an_reports(reports);
        team.els_is_called(&format!("CRT-2026-{reports:04}")).await;
    }
    dying.process.kill9();
    let end = now() + PATIENCE;
    let unsent = || {
        let listed = on(&other.config, &["tickets", "list", "--json"]);
        let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
        listed["unsent"].as_u64().unwrap()
    };
    while unsent() > 0 {
        assert!(now() < end, "{}", other.process.log());
    }
    team.els.look(std::time::Duration::ZERO).await;
    let rows = posted(&team.els, &team.oncall, &team.bot).await;
    assert!(rows.len() >= 2, "a card and a call: {rows:?}");
    assert!(rows.iter().all(|times| *times == 1), "{rows:?}");
    other.process.terminate();
    assert!(other.process.wait_exit(PATIENCE).success());
}

//! Two and three instances on one mailbox: whatever happens to one of them, every report has its one first
//! reply, and the others go on within a lease.
//!
//! Each trial makes one row of the table in `docs/reliability.md`, which `tests/long/reliability` writes.

use crate::servers::command::on;
use crate::support::servers::cluster::{Cluster, Instance};
use crate::support::servers::postgres::Postgres;
use crate::support::servers::proxy::{Network, Proxy};
use crate::support::servers::{Mail, MailServers};
use eerstelijn::adapters::mail::parse::MailParserReader;
use eerstelijn::app::faults::CrashPoint;
use eerstelijn::app::ports::{Extent, MailReader};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::{Duration, Instant};

/// Seconds that a row is held in these tests; two minutes in life.
const LEASE: u32 = 6;
/// How long everything may take: several leases, on a machine that does other things too.
const LONG: Duration = Duration::from_secs(90);
const CRT: &str = "crt@crt.example";

/// What a trial found.
#[derive(Debug)]
struct Row {
    fault: String,
    reports: usize,
    lost: usize,
    doubled: usize,
    copies: usize,
    recovered: Duration,
}

impl Row {
    /// A line of the table.
    fn say(&self) {
        println!(
            "TABLE | {} | {} | {} | {} | {} | {:.1} s |",
            self.fault,
            self.reports,
            self.lost,
            self.doubled,
            self.copies,
            self.recovered.as_secs_f64()
        );
    }
}

/// Reports on their way in, and what came back for them.
struct Reports<'a> {
    cluster: &'a Cluster,
    /// The settings of whoever is asked what still waits.
    asks: &'a Path,
    sent: usize,
}

impl<'a> Reports<'a> {
    fn to(cluster: &'a Cluster, asks: &'a Path) -> Self {
        Self {
            cluster,
            asks,
            sent: 0,
        }
    }

    fn reporter(n: usize) -> String {
        format!("melder{n}@hackegem.example")
    }

    /// Some more people report.
    fn arrive(&mut self, count: usize) {
        for _ in 0..count {
            self.sent += 1;
            let from = Self::reporter(self.sent);
            let report = format!(
                "From: Melder <{from}>\r\nTo: {CRT}\r\nSubject: Hulp\r\n\
                 Message-ID: <melding-{}@hackegem.example>\r\n\
                 Date: Mon, 23 Nov 2026 21:40:00 +0100\r\n\r\n\
                 ik heb op een link geklikt en mijn paswoord ingegeven\r\n",
                self.sent
            );
            self.cluster.mail.send(&Mail::new(&from, CRT, &report));
        }
    }

    /// The Message-IDs of what a reporter received.
    fn replies_to(&self, n: usize) -> Vec<String> {
        let received = self.cluster.mail.fetch_all(&Self::reporter(n), "INBOX");
        received
            .iter()
            .filter_map(|raw| {
                MailParserReader::default()
                    .read(raw, Extent::Whole)
                    .message_id
            })
            .map(|id| id.to_string())
            .collect()
    }

    /// Waits until something is so, until the last report is answered, or for a moment.
    fn settle_until(&self, so: impl Fn() -> bool) {
        let begun = now();
        let moment = Duration::from_secs(2);
        while !so() && begun.elapsed() < moment && self.replies_to(self.sent).is_empty() {}
    }

    /// Waits until nothing is left to be sent.
    fn nothing_waits(&self) {
        let begun = now();
        let waits = || {
            let listed = on(self.asks, &["tickets", "list", "--json"]);
            let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap();
            listed["unsent"] != 0 || listed["undecided"] != 0
        };
        while waits() {
            assert!(begun.elapsed() < LONG, "something still waits");
        }
    }

    /// Waits until everybody has an answer, and counts.
    fn all_answered(&self, fault: &str, since: Instant) -> Row {
        let mut waiting: Vec<usize> = (1..=self.sent).collect();
        while !waiting.is_empty() && since.elapsed() < LONG {
            waiting.retain(|n| self.replies_to(*n).is_empty());
        }
        let recovered = since.elapsed();
        // What would be said twice is said when the leases of the dead run out, not before.
        outlast_a_lease(since);
        self.nothing_waits();
        let mut row = Row {
            fault: fault.to_owned(),
            reports: self.sent,
            lost: waiting.len(),
            doubled: 0,
            copies: 0,
            recovered,
        };
        for n in 1..=self.sent {
            let mut ids: BTreeMap<String, usize> = BTreeMap::new();
            for id in self.replies_to(n) {
                *ids.entry(id).or_default() += 1;
            }
            row.doubled += ids.len().saturating_sub(1);
            row.copies += ids.values().map(|count| count - 1).sum::<usize>();
        }
        row
    }
}

/// The time in which something must have happened.
#[expect(clippy::disallowed_methods, reason = "real servers take real time")]
fn now() -> Instant {
    Instant::now()
}

/// Lets time pass until no lease from before can hold any more.
fn outlast_a_lease(since: Instant) {
    let over = Duration::from_secs(u64::from(LEASE) + 1);
    std::thread::sleep(over.saturating_sub(since.elapsed()));
}

/// Nothing lost, nothing said twice, one ticket for each report, and the audit finds nothing.
fn must_be_whole(row: &Row, copies: RangeInclusive<usize>, healthy: &Instance) {
    row.say();
    assert_eq!((row.lost, row.doubled), (0, 0), "{row:?}");
    assert!(copies.contains(&row.copies), "{row:?}");
    let listed = on(&healthy.config, &["tickets", "list", "--limit", "1000"]);
    let tickets = listed
        .stdout
        .lines()
        .filter(|line| line.starts_with("CRT-"));
    assert_eq!(tickets.count(), row.reports, "{row:?}");
    let verified = on(&healthy.config, &["audit", "verify"]);
    assert_eq!(verified.code, 0, "{row:?}: {}", verified.stdout);
}

/// How many copies of the same message must and may leave after an instance was lost at a point, with so many
/// mails in its hands. Only between the server's yes and our note of it is a copy unavoidable; while the point
/// is one of reading and deciding, the part of the instance that sends may be just there.
fn copies(point: CrashPoint, in_hand: usize) -> RangeInclusive<usize> {
    match point {
        CrashPoint::BeforeSend => {
            assert_eq!(in_hand, 1, "{point}");
            0..=0
        }
        CrashPoint::Accepted => {
            assert_eq!(in_hand, 1, "{point}");
            1..=1
        }
        CrashPoint::Recorded => 0..=0,
        _ => 0..=in_hand,
    }
}

fn end(mut instance: Instance) {
    instance.process.terminate();
    let ended = instance.process.wait_exit(LONG);
    assert!(ended.success(), "{}", instance.process.log());
}

#[test]
fn two_instances_share_the_work() {
    let Some(cluster) = Cluster::start(LEASE) else {
        return;
    };
    let (one, other) = (cluster.instance(None, &[]), cluster.instance(None, &[]));
    let asks = cluster.configure(None);
    let mut reports = Reports::to(&cluster, &asks);
    let begun = now();
    reports.arrive(10);
    let row = reports.all_answered("none", begun);
    must_be_whole(&row, 0..=0, &one);
    end(one);
    end(other);
}

#[test]
fn killed_at_any_point_beside_another_instance() {
    for point in CrashPoint::ALL {
        let Some(cluster) = Cluster::start(LEASE) else {
            return;
        };
        // The first one has the turn to read the mailbox.
        let halts = [("EERSTELIJN_HALT_AT", point.as_str())];
        let mut dying = cluster.instance(None, &halts);
        let healthy = cluster.instance(None, &[]);
        let asks = cluster.configure(None);
        let mut reports = Reports::to(&cluster, &asks);
        let halted = format!("halted at {point}");
        // The other one may be quicker, with the first ones.
        while !dying.process.log().contains(&halted) {
            assert!(reports.sent < 60, "{point} is never reached");
            reports.arrive(1);
            reports.settle_until(|| dying.process.log().contains(&halted));
        }
        dying.process.kill9();
        let in_hand = cluster.in_hand(&dying);
        let begun = now();
        reports.arrive(2);
        let row = reports.all_answered(&format!("kill -9, {point}"), begun);
        must_be_whole(&row, copies(*point, in_hand), &healthy);
        end(healthy);
    }
}

/// Stopped in the middle of its work; when it goes on, another one has done it.
#[test]
fn stopped_at_any_point_for_longer_than_a_lease() {
    for point in CrashPoint::ALL {
        let Some(cluster) = Cluster::start(LEASE) else {
            return;
        };
        let pauses = [("EERSTELIJN_PAUSE_AT", point.as_str())];
        let mut frozen = cluster.instance(None, &pauses);
        let healthy = cluster.instance(None, &[]);
        let asks = cluster.configure(None);
        let mut reports = Reports::to(&cluster, &asks);
        let paused = format!("paused at {point}");
        while !frozen.process.log().contains(&paused) {
            assert!(reports.sent < 60, "{point} is never reached");
            reports.arrive(1);
            reports.settle_until(|| frozen.process.log().contains(&paused));
        }
        frozen.process.freeze();
        assert!(
            !frozen.process.log().contains("goes on after"),
            "it was frozen in the middle of it"
        );
        let in_hand = cluster.in_hand(&frozen);
        let begun = now();
        reports.arrive(2);
        let row = reports.all_answered(&format!("SIGSTOP, {point}"), begun);
        outlast_a_lease(begun);
        frozen.process.thaw();
        let gone_on = format!("goes on after {point}");
        frozen
            .process
            .wait_until(|log| log.contains(&gone_on), LONG);
        reports.arrive(2);
        let after = reports.all_answered(&format!("SIGSTOP, {point}, then SIGCONT"), now());
        row.say();
        assert_eq!((row.lost, row.doubled), (0, 0), "{row:?}");
        end(frozen);
        must_be_whole(&after, copies(*point, in_hand), &healthy);
        end(healthy);
    }
}

#[test]
fn the_network_to_the_database_fails_one_of_them() {
    for (network, fault) in [
        (Network::Slow, "network 200 ms slower"),
        (Network::Cut, "network cut"),
        (Network::Silent, "network silent"),
    ] {
        let Some(cluster) = Cluster::start(LEASE) else {
            return;
        };
        let door = Proxy::to(cluster.database_port());
        let troubled = cluster.instance(Some(&door), &[]);
        let healthy = cluster.instance(None, &[]);
        let asks = cluster.configure(None);
        let mut reports = Reports::to(&cluster, &asks);
        reports.arrive(4);
        door.make(network);
        let begun = now();
        reports.arrive(4);
        let row = reports.all_answered(fault, begun);
        door.make(Network::Well);
        reports.arrive(4);
        let after = reports.all_answered(&format!("{fault}, then well again"), now());
        row.say();
        assert_eq!((row.lost, row.doubled), (0, 0), "{row:?}");
        must_be_whole(&after, 0..=1, &healthy);
        end(troubled);
        end(healthy);
    }
}

/// The database server itself is killed and comes back.
#[test]
fn the_database_is_away_for_a_while() {
    let Some(mail) = MailServers::start() else {
        return;
    };
    let Some(mut server) = Postgres::start() else {
        return;
    };
    let cluster = Cluster::on(&server, mail, LEASE);
    let (one, other) = (cluster.instance(None, &[]), cluster.instance(None, &[]));
    let asks = cluster.configure(None);
    let mut reports = Reports::to(&cluster, &asks);
    reports.arrive(4);
    server.kill();
    reports.arrive(4);
    server.start_again();
    let row = reports.all_answered("kill -9 of the database, started again", now());
    must_be_whole(&row, 0..=1, &one);
    end(one);
    end(other);
}

/// A newer version adds to the schema while older instances work; only when what they need is taken away
/// do they say so, at their next start.
#[test]
fn instances_work_on_while_a_newer_version_adds_to_the_schema() {
    let Some(cluster) = Cluster::start(LEASE) else {
        return;
    };
    let mut instances = [cluster.instance(None, &[]), cluster.instance(None, &[])];
    let asks = cluster.configure(None);
    let mut reports = Reports::to(&cluster, &asks);
    reports.arrive(2);
    let begun = now();
    reports.all_answered("before", begun);
    cluster.sql(
        "ALTER TABLE tickets ADD COLUMN later TEXT;
         ALTER TABLE inbox ADD COLUMN later BIGINT NOT NULL DEFAULT 0;
         ALTER TABLE outbox ADD COLUMN later BYTEA;
         ALTER TABLE timers ADD COLUMN later BIGINT;
         CREATE TABLE later (n BIGINT PRIMARY KEY);
         INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'later', true, '\\x00', 0)",
    );
    let begun = now();
    reports.arrive(3);
    let row = reports.all_answered("expand, both instances older", begun);
    must_be_whole(&row, 0..=0, &instances[0]);
    cluster.sql("UPDATE tickets SET later = 'moved'");
    for instance in &mut instances {
        reports.arrive(1);
        instance.process.terminate();
        assert!(instance.process.wait_exit(LONG).success());
        instance.process = cluster.run(&instance.config, &[]);
    }
    let row = reports.all_answered("move, each restarted", now());
    must_be_whole(&row, 0..=0, &instances[1]);
    cluster.sql("ALTER TABLE tickets DROP COLUMN later; UPDATE schema_terms SET oldest = 9999");
    let [mut one, other] = instances;
    one.process.terminate();
    assert!(one.process.wait_exit(LONG).success());
    let told = on(&one.config, &["run"]);
    assert_eq!(told.code, 1, "{}", told.stderr);
    assert!(
        told.stderr.contains("made by a newer version"),
        "{}",
        told.stderr
    );
    end(other);
}

#[test]
fn a_rolling_restart_loses_nothing_and_waits_for_nobody() {
    let Some(cluster) = Cluster::start(LEASE) else {
        return;
    };
    let mut instances = [cluster.instance(None, &[]), cluster.instance(None, &[])];
    let asks = cluster.configure(None);
    let mut reports = Reports::to(&cluster, &asks);
    let begun = now();
    for instance in &mut instances {
        reports.arrive(3);
        instance.process.terminate();
        assert!(instance.process.wait_exit(LONG).success());
        reports.arrive(3);
        instance.process = cluster.run(&instance.config, &[]);
    }
    let row = reports.all_answered("rolling restart", begun);
    let [one, other] = instances;
    must_be_whole(&row, 0..=0, &one);
    end(one);
    end(other);
}

/// Three instances, of which one after the other is killed, frozen or restarted while reports come in. How
/// many reports: `EERSTELIJN_TEST_REPORTS`, without it few; `tests/long/reliability` sends 200.
#[test]
fn instances_die_at_random_while_reports_come_in() {
    let Some(cluster) = Cluster::start(LEASE) else {
        return;
    };
    let reports_in_all = reports_in_all();
    let mut chance = Chance::of_this_run();
    println!("the chance of this run: {}", chance.0);
    let mut instances: Vec<Instance> = (0..3).map(|_| cluster.instance(None, &[])).collect();
    let asks = cluster.configure(None);
    let mut reports = Reports::to(&cluster, &asks);
    let mut deaths = 0;
    while reports.sent < reports_in_all {
        reports.arrive(1 + chance.below(4));
        let victim = chance.below(instances.len());
        let instance = &mut instances[victim];
        match chance.below(3) {
            0 => instance.process.kill9(),
            1 => {
                instance.process.freeze();
                reports.arrive(1);
                instance.process.thaw();
                continue;
            }
            _ => {
                instance.process.terminate();
                instance.process.wait_exit(LONG);
            }
        }
        deaths += 1;
        reports.arrive(chance.below(3));
        instance.process = cluster.run(&instance.config, &[]);
    }
    let begun = now();
    let row = reports.all_answered(
        &format!("{deaths} deaths at random of three instances"),
        begun,
    );
    // Whoever dies between the server's yes and his note of it leaves one copy.
    must_be_whole(&row, 0..=deaths, &instances[0]);
    instances.into_iter().for_each(end);
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a test goes on is no setting of the product"
)]
fn reports_in_all() -> usize {
    let given = std::env::var("EERSTELIJN_TEST_REPORTS").ok();
    given.map_or(16, |given| given.parse().expect("a number of reports"))
}

/// Numbers that look random; the first one is said, so that a run can be told from another.
struct Chance(u64);

impl Chance {
    fn of_this_run() -> Self {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap();
        Self(u64::from(since.subsec_nanos()) << 32 | since.as_secs())
    }

    /// A number below this one (Knuth's MMIX generator).
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

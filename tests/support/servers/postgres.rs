//! A private PostgreSQL: a server of its own below a folder of its own, databases for as many tests as
//! want one.
//!
//! It refuses to run as root, so it runs as the user that its package made. Its files are not flushed:
//! what is tested is us, not its disk.

use crate::support::servers::deadline::poll;
use crate::support::servers::ports::free_port;
use crate::support::servers::process::{ProcessGroup, remove_after_us, run};
use crate::support::servers::requirements::{self, PostgresPrograms};
use eerstelijn::adapters::store::{PostgresSettings, Protection, ServerHost};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// The administrator of the server.
const ADMIN: &str = "admin";

/// Settings for speed, so many connections that tests never wait for one, and a log of changes that stays
/// small: each test has a database, and making one writes all of it.
const CONFIG: [&str; 10] = [
    "listen_addresses=127.0.0.1",
    "max_connections=300",
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "logging_collector=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "min_wal_size=32MB",
    "max_wal_size=128MB",
];

/// Whom it lets in: everybody as whom he says, but for a few who try the door.
const DOOR: &str = "\
local all by_account peer
host all by_password 127.0.0.1/32 scram-sha-256
host all by_no_line 127.0.0.1/32 reject
local all all trust
host all all 127.0.0.1/32 trust
";

/// A running PostgreSQL. Dropping it kills it.
pub(crate) struct Postgres {
    dir: TempDir,
    port: u16,
    programs: PostgresPrograms,
    running: Option<ProcessGroup>,
}

/// The one that tests share which don't stop it. Nobody drops it: it ends with this process, and its
/// folder, which grows to gigabytes, goes with it.
pub(crate) fn shared() -> Option<&'static Postgres> {
    static SHARED: OnceLock<Option<Postgres>> = OnceLock::new();
    let start = || {
        let server = Postgres::start()?;
        remove_after_us(server.dir.path()).unwrap();
        Some(server)
    };
    SHARED.get_or_init(start).as_ref()
}

impl Postgres {
    /// Starts one and returns when it answers. `None` where the machine can't, after saying so; on a
    /// continuous-integration machine that is a failure.
    pub(crate) fn start() -> Option<Self> {
        let programs = requirements::postgres()?;
        // Short: the name of its socket has an end.
        let dir = TempDir::with_prefix("pg-").unwrap();
        let data = dir.path().join("data");
        if programs.user.is_some() {
            run(Command::new("chown").arg("postgres").arg(dir.path()));
        }
        let mut init = programs.command("initdb");
        init.arg("-D").arg(&data);
        init.args(["--username", ADMIN, "--auth=trust", "--encoding=UTF8"]);
        init.args(["--locale=C.UTF-8", "--no-sync"]);
        run(&mut init);
        // Not a new file: its owner is the server's user.
        std::fs::write(data.join("pg_hba.conf"), DOOR).unwrap();
        let mut server = Self {
            dir,
            port: 0,
            programs,
            running: None,
        };
        // Somebody else may take the port between the look and the start.
        let log = server.dir.path().join("server.log");
        assert!(
            (0..5).any(|_| server.try_start(free_port())),
            "PostgreSQL does not start: {}",
            std::fs::read_to_string(log).unwrap_or_default()
        );
        Some(server)
    }

    fn try_start(&mut self, port: u16) -> bool {
        let dir = self.dir.path();
        let mut command = self.programs.command("postgres");
        command.arg("-D").arg(dir.join("data"));
        command.args(["-p", &port.to_string(), "-k"]).arg(dir);
        for setting in CONFIG {
            command.args(["-c", setting]);
        }
        let log = dir.join("server.log");
        let mut group = ProcessGroup::spawn(command, &log, &log).unwrap();
        let ready = self.programs.path("pg_isready");
        let answers = poll(Duration::from_secs(30), || {
            if group.exited().is_some() {
                return Some(false);
            }
            let mut ask = Command::new(&ready);
            ask.args(["-q", "-h"])
                .arg(dir)
                .args(["-p", &port.to_string()]);
            ask.status()
                .is_ok_and(|status| status.success())
                .then_some(true)
        });
        self.port = port;
        self.running = Some(group);
        answers == Some(true)
    }

    /// An empty database of its own.
    pub(crate) async fn database(&self) -> PostgresSettings {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("t{}", MADE.fetch_add(1, Ordering::SeqCst));
        let mut admin = self.connect("postgres").await;
        // From the template that nobody is ever connected to.
        let make = AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE template0"));
        sqlx::raw_sql(make).execute(&mut admin).await.unwrap();
        admin.close().await.unwrap();
        self.settings(&name)
    }

    /// Where a database of it is.
    fn settings(&self, name: &str) -> PostgresSettings {
        PostgresSettings {
            host: ServerHost::Name("127.0.0.1".to_owned()),
            port: self.port,
            user: Some(ADMIN.to_owned()),
            password: None,
            name: name.to_owned(),
            protection: Protection::None,
        }
    }

    /// A connection of a test's own.
    pub(crate) async fn connect(&self, name: &str) -> PgConnection {
        connect(&self.settings(name)).await
    }

    /// Kills it as a power cut does.
    pub(crate) fn kill(&mut self) {
        self.running = None;
    }

    /// Starts it again on the same port.
    pub(crate) fn start_again(&mut self) {
        assert!(self.try_start(self.port), "PostgreSQL does not come back");
    }

    /// Does something to a database of it, as its administrator.
    pub(crate) fn sql(&self, database: &str, statements: &str) {
        let statements = AssertSqlSafe(statements.to_owned());
        waiting(async {
            let mut admin = self.connect(database).await;
            sqlx::raw_sql(statements).execute(&mut admin).await.unwrap();
            admin.close().await.unwrap();
        });
    }

    /// An empty database of its own, for a test that waits by itself.
    pub(crate) fn new_database(&self) -> PostgresSettings {
        waiting(self.database())
    }

    /// The folder with its socket.
    pub(crate) fn socket_folder(&self) -> &Path {
        self.dir.path()
    }

    /// The folder with everything it keeps.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }
}

/// Runs it to its end.
fn waiting<T>(call: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(call)
}

/// A connection to a database, past the store.
pub(crate) async fn connect(settings: &PostgresSettings) -> PgConnection {
    let options = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(settings.port)
        .username(ADMIN)
        .database(&settings.name)
        .disable_statement_logging();
    PgConnection::connect_with(&options).await.unwrap()
}

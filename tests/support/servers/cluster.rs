//! Several instances of the service on one mailbox and one database, each with a folder of its own.

use crate::support::servers::postgres::{self, Postgres};
use crate::support::servers::proxy::Proxy;
use crate::support::servers::{MailServers, ServiceProcess, write_config};
use eerstelijn::adapters::store::PostgresSettings;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a start may take.
const SOON: Duration = Duration::from_secs(60);

/// Limits that no test reaches: every reporter here writes from the same town.
const LIMITS: &str = "[limits]\nper_domain_hour = 1000\nin_all_hour = 1000\n";

/// The servers that the instances share, and where the instances keep their own things.
pub(crate) struct Cluster {
    /// The mailbox.
    pub(crate) mail: MailServers,
    /// More settings for every instance that is configured from now on.
    pub(crate) settings: String,
    database: PostgresSettings,
    lease: String,
    key: PathBuf,
}

/// One instance: its settings, and its process while it runs.
pub(crate) struct Instance {
    /// Its configuration file.
    pub(crate) config: PathBuf,
    /// Its process.
    pub(crate) process: ServiceProcess,
}

impl Cluster {
    /// Servers of their own for mail, and a database of their own. Rows are held so many seconds. Nothing
    /// where the machine can't, after saying so.
    pub(crate) fn start(lease: u32) -> Option<Self> {
        let mail = MailServers::start()?;
        Some(Self::on(postgres::shared()?, mail, lease))
    }

    /// The same on a given database server.
    pub(crate) fn on(server: &Postgres, mail: MailServers, lease: u32) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let database = runtime.block_on(server.database());
        let first = write_config(&mail, "");
        Self {
            mail,
            settings: String::new(),
            database,
            lease: lease.to_string(),
            key: first.with_file_name("master.key"),
        }
    }

    /// Does something to the database, as a newer version would.
    pub(crate) fn sql(&self, statements: &'static str) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut conn = postgres::connect(&self.database).await;
            sqlx::raw_sql(statements).execute(&mut conn).await.unwrap();
        });
    }

    /// How many mails an instance that is dead or frozen had taken to send and not yet noted: whether the
    /// server has one of them, nobody can know, so each may leave once more.
    pub(crate) fn in_hand(&self, instance: &Instance) -> usize {
        let name = std::fs::read_to_string(instance.config.with_file_name("data").join("instance"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let count: i64 = runtime.block_on(async {
            let mut conn = postgres::connect(&self.database).await;
            let counted = sqlx::query_scalar(
                "SELECT count(*) FROM outbox
                 WHERE route = 'mail' AND state = 'sending' AND starts_with(lease_owner, $1)",
            )
            .bind(format!("{}.", name.unwrap().trim()));
            counted.fetch_one(&mut conn).await.unwrap()
        });
        usize::try_from(count).unwrap()
    }

    /// The port of the database.
    pub(crate) fn database_port(&self) -> u16 {
        self.database.port
    }

    /// The settings of one more instance, which reaches the database through a door if there is one.
    pub(crate) fn configure(&self, door: Option<&Proxy>) -> PathBuf {
        let port = door.map_or(self.database.port, |door| door.port);
        let user = self.database.user.as_deref().unwrap_or_default();
        let (name, key) = (&self.database.name, self.key.display());
        write_config(
            &self.mail,
            &format!(
                "{LIMITS}[store]\nurl = \"postgres://{user}@127.0.0.1:{port}/{name}\"\nkey_file = \"{key}\"\n{}",
                self.settings
            ),
        )
    }

    /// One more instance, ready.
    pub(crate) fn instance(&self, door: Option<&Proxy>, environment: &[(&str, &str)]) -> Instance {
        let config = self.configure(door);
        let process = self.run(&config, environment);
        Instance { config, process }
    }

    /// Runs the instance with these settings, until it is ready.
    pub(crate) fn run(&self, config: &Path, environment: &[(&str, &str)]) -> ServiceProcess {
        let lease = [("EERSTELIJN_LEASE", self.lease.as_str())];
        let environment = [&lease[..], environment].concat();
        let mut process = ServiceProcess::start(config, &environment);
        process.wait_until(|log| log.contains("ready"), SOON);
        process
    }
}

//! A private Synapse: the homeserver `crt.example` on a port of its own, with its state in SQLite.
//!
//! It speaks to no other server. Anybody can make an account, which is how tests make theirs.

use crate::support::servers::deadline::poll;
use crate::support::servers::ports::free_port;
use crate::support::servers::process::ProcessGroup;
use crate::support::servers::requirements;
use matrix_sdk::reqwest::{self, Client};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Its name, the second part of everybody's.
pub(crate) const SERVER_NAME: &str = "crt.example";
/// The password of everybody.
pub(crate) const MATRIX_PASSWORD: &str = "geheim-en-lang";

/// How much it lets one account do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limits {
    /// So much that no test notices.
    Raised,
    /// What Synapse comes with; only making accounts and logging in is free.
    Default,
}

const CONFIG: &str = r#"
server_name: "@NAME@"
pid_file: "@DIR@/synapse.pid"
listeners:
  - {port: @PORT@, bind_addresses: ["127.0.0.1"], type: http, tls: false, resources: [{names: [client]}]}
database: {name: sqlite3, args: {database: "@DIR@/homeserver.db"}}
media_store_path: "@DIR@/media"
signing_key_path: "@DIR@/signing.key"
macaroon_secret_key: "a test"
form_secret: "a test"
report_stats: false
trusted_key_servers: []
suppress_key_server_warning: true
federation_domain_whitelist: []
presence: {enabled: false}
enable_registration: true
enable_registration_without_verification: true
rc_registration: {per_second: 1000, burst_count: 1000}
rc_login: {address: {per_second: 1000, burst_count: 1000}, account: {per_second: 1000, burst_count: 1000}}
# A hash with few rounds: nothing here needs protection.
bcrypt_rounds: 4
"#;

const RAISED: &str = r"
rc_message: {per_second: 1000, burst_count: 1000}
rc_invites: {per_room: {per_second: 1000, burst_count: 1000}, per_user: {per_second: 1000, burst_count: 1000}, per_issuer: {per_second: 1000, burst_count: 1000}}
rc_joins: {local: {per_second: 1000, burst_count: 1000}}
rc_joins_per_room: {per_second: 1000, burst_count: 1000}
rc_room_creation: {per_second: 1000, burst_count: 1000}
";

/// A running Synapse. Dropping it stops it and removes its folder.
pub(crate) struct Synapse {
    dir: PathBuf,
    port: u16,
    python: PathBuf,
    running: Mutex<Option<ProcessGroup>>,
}

/// The one that tests share which don't stop it. Nobody drops it: it ends with this process, and its
/// folder is removed by the next run.
pub(crate) fn shared() -> Option<&'static Synapse> {
    static SHARED: OnceLock<Option<Synapse>> = OnceLock::new();
    SHARED
        .get_or_init(|| Synapse::start(Limits::Raised))
        .as_ref()
}

impl Synapse {
    /// Starts one and returns when it answers. `None` where the machine can't, after saying so; on a
    /// continuous-integration machine that is a failure.
    pub(crate) fn start(limits: Limits) -> Option<Self> {
        let python = requirements::synapse()?;
        remove_left_over();
        // Another process may take a port between our look and our start.
        (0..3).find_map(|attempt| Self::attempt(&python, limits, attempt == 2))
    }

    fn attempt(python: &Path, limits: Limits, last: bool) -> Option<Self> {
        let port = free_port();
        let dir = folders().join(format!("{}-{port}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
        let synapse = Self {
            port,
            python: python.to_owned(),
            running: Mutex::new(None),
            dir,
        };
        synapse.write_config(limits);
        synapse.begin();
        let up = synapse.is_up();
        assert!(up || !last, "Synapse doesn't start:\n{}", synapse.log());
        up.then_some(synapse)
    }

    fn write_config(&self, limits: Limits) {
        let mut config = CONFIG
            .replace("@NAME@", SERVER_NAME)
            .replace("@DIR@", &self.dir.display().to_string())
            .replace("@PORT@", &self.port.to_string());
        if limits == Limits::Raised {
            config.push_str(RAISED);
        }
        let key = "ed25519 a_test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";
        for (name, text) in [("homeserver.yaml", config.as_str()), ("signing.key", key)] {
            std::fs::write(self.dir.join(name), text)
                .unwrap_or_else(|error| panic!("can't write {name}: {error}"));
        }
    }

    /// Starts the process.
    fn begin(&self) {
        let mut command = Command::new(&self.python);
        command
            .args(["-m", "synapse.app.homeserver", "-c"])
            .arg(self.dir.join("homeserver.yaml"))
            .current_dir(&self.dir);
        let log = self.dir.join("log");
        let process = ProcessGroup::spawn(command, &log, &log)
            .unwrap_or_else(|error| panic!("can't start Synapse: {error}"));
        *self.process() = Some(process);
    }

    fn is_up(&self) -> bool {
        let listening = poll(Duration::from_secs(60), || {
            let ended = self.process().as_mut().is_none_or(|p| p.exited().is_some());
            let answers = std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok();
            (ended || answers).then_some(!ended && answers)
        });
        listening.unwrap_or_default()
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Stops it, as a power cut does; its state stays.
    pub(crate) fn stop(&self) {
        self.process().take();
    }

    /// Starts it again after [`Self::stop`].
    pub(crate) fn start_again(&self) {
        self.begin();
        assert!(self.is_up(), "Synapse doesn't start again:\n{}", self.log());
    }

    /// Makes an account and returns its whole name.
    pub(crate) async fn register(&self, name: &str) -> String {
        let account = json!({
            "username": name, "password": MATRIX_PASSWORD, "inhibit_login": true,
            "auth": {"type": "m.login.dummy"},
        });
        let answer = self.post("register", None, &account).await;
        match answer.get("user_id").and_then(Value::as_str) {
            Some(user) => user.to_owned(),
            None => panic!("no account {name}: {answer}\n{}", self.log()),
        }
    }

    /// Logs in as a client without encryption does, and returns the access token.
    pub(crate) async fn access_token(&self, name: &str) -> String {
        let login = json!({
            "type": "m.login.password", "password": MATRIX_PASSWORD,
            "identifier": {"type": "m.id.user", "user": name},
        });
        let answer = self.post("login", None, &login).await;
        match answer.get("access_token").and_then(Value::as_str) {
            Some(token) => token.to_owned(),
            None => panic!("no login of {name}: {answer}"),
        }
    }

    /// One call of the client API.
    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: &Value) -> Value {
        let address = format!("{}/_matrix/client/v3/{path}", self.url());
        let mut request = Client::new().post(address).body(body.to_string());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let text = async { request.send().await?.text().await };
        let text: Result<String, reqwest::Error> = text.await;
        let text = text.unwrap_or_else(|error| panic!("{path}: {error}"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
    }

    /// Does any file of its database hold these words?
    pub(crate) fn database_holds(&self, words: &str) -> bool {
        ["homeserver.db", "homeserver.db-wal"].iter().any(|name| {
            let bytes = std::fs::read(self.dir.join(name)).unwrap_or_default();
            holds(&bytes, words)
        })
    }

    /// Its log.
    pub(crate) fn log(&self) -> String {
        let log = std::fs::read(self.dir.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    fn process(&self) -> std::sync::MutexGuard<'_, Option<ProcessGroup>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Synapse {
    fn drop(&mut self) {
        self.stop();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Do these bytes hold these words?
pub(crate) fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|w| w == words.as_bytes())
}

/// Below the folder that Cargo gives tests for what they write.
fn folders() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("synapse")
}

/// Removes what processes left that are gone.
fn remove_left_over() {
    let folders = std::fs::read_dir(folders()).into_iter().flatten().flatten();
    for folder in folders {
        let name = folder.file_name().to_string_lossy().into_owned();
        let owner = name.split('-').next().unwrap_or_default();
        if !Path::new("/proc").join(owner).exists() {
            let _ = std::fs::remove_dir_all(folder.path());
        }
    }
}

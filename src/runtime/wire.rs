//! Wiring: from settings to a running application. Each `*_from_config` turns one section into one part.

use crate::adapters::mail::compose::MimeComposer;
use crate::adapters::mail::login::{Login, Password, Proof};
use crate::adapters::mail::smtp::{SmtpSender, SmtpSettings};
use crate::adapters::mail::tls::{Tls, TlsSetupError};
use crate::adapters::mail::token::TokenCommand;
use crate::adapters::matrix::{MatrixError, MatrixSession};
use crate::adapters::store::{BackupError, MasterKey, OpenError, SqlStore};
use crate::app::App;
use crate::app::ports::mail::Border;
use crate::app::ports::{Knowledge, KnowledgeError, StoreError};
use crate::app::renewal::keep_version;
use crate::app::settings::{ChatSettings, Settings, Tokens};
use crate::app::step::LEASE;
use crate::config::environment::Environment;
use crate::config::mail_login::{MailLogin, MailProof};
use crate::config::sections::{self, MailboxKind};
use crate::config::{Config, ConfigError};
use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::ids::MailboxName;
use crate::domain::intake::limits::Limits;
use crate::domain::system_words::in_words;
use crate::runtime::clock::{SharedClock, SystemClock, SystemIds};
use crate::runtime::dkim::dkim_verifier;
use crate::runtime::faults::faults_from_environment;
use crate::runtime::hints::{share_clock, start_hints};
use crate::runtime::knowledge::{knowledge_for, live_knowledge};
use crate::runtime::knowledge_watch::watch_knowledge;
use crate::runtime::matrix::{matrix_session, start_matrix};
use crate::runtime::mondays::tell_on_mondays;
use crate::runtime::opening::{lock_from_config, store_for_command};
use crate::runtime::signals::Signals;
use crate::runtime::sources::{sent_folder_of, start_sources};
use crate::runtime::starting::{keep_name, open_for_service};
use crate::runtime::supervisor::{Ended, Supervisor};
use crate::runtime::team_key::{mail_reader, openpgp, team_key};
use crate::runtime::workers::start_workers;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::future::Future;
use std::io::ErrorKind;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Parts that don't fit together.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A value of the settings that only the part itself could judge.
    #[error("{key}: {what}")]
    Setting {
        /// The key.
        key: String,
        /// What is wrong and what to do.
        what: String,
    },
    /// The knowledge.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account in chat.
    #[error(transparent)]
    Matrix(MatrixError),
    /// There is no database that can be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A back-up can't be made or restored.
    #[error(transparent)]
    Backup(BackupError),
    /// The system: what it was asked for, and what it said.
    #[error("the system refused to {}: {}; check its limits and its log", .0, in_words(*.1))]
    System(&'static str, ErrorKind),
}

impl WireError {
    /// Is it for the person who wrote the settings?
    pub fn is_configuration(&self) -> bool {
        matches!(self, Self::Config(_) | Self::Setting { .. })
    }
}

/// Runs a future to its end on a runtime of its own.
pub fn block_on<T>(future: impl Future<Output = T>) -> Result<T, WireError> {
    // Before anything speaks TLS: with two providers in the tree rustls can't choose by itself.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| WireError::System("start the threads of this program", error.kind()))?;
    let done = runtime.block_on(future);
    // A thread that still blocks at the end must not hold the program.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    Ok(done)
}

/// Runs the service until it is told to stop or a part ends by itself.
pub fn serve(config: &Config, environment: &Environment) -> Result<Ended, WireError> {
    let only_one = lock_from_config(config)?;
    let ended = block_on(serve_alone(config, environment));
    only_one.hold_until_exit();
    ended?
}

async fn serve_alone(config: &Config, environment: &Environment) -> Result<Ended, WireError> {
    let mut signals = Signals::catch()?;
    let opened = tokio::select! {
        opened = open_for_service(config) => opened?,
        () = signals.next() => return Ok(Ended::Stopped),
    };
    // Held until everything is done.
    let (store, name) = opened;
    store.release_stale_leases().await?;
    let supervisor = Supervisor::new();
    // At once: what follows may take long, and who says nothing loses his name.
    keep_name(Arc::clone(&store), &name, &supervisor);
    let clock = SharedClock::default();
    share_clock(&store, &clock, &supervisor).await?;
    let live = live_knowledge(config)?;
    let knowledge = match &live {
        Some(live) => Arc::clone(live) as Arc<dyn Knowledge>,
        None => knowledge_for(Some(config))?,
    };
    let mut app = app_from_config(config, Arc::clone(&store), knowledge)?;
    app.clock = Arc::new(clock);
    if let Some(lease) = environment.lease {
        let mut settings = app.settings.as_ref().clone();
        settings.lease = lease;
        app.settings = Arc::new(settings);
    }
    let session = matrix_session(config).await?;
    app.rooms = session.as_ref().map(MatrixSession::rooms);
    app.faults = faults_from_environment(environment);
    keep_version(&app, app.knowledge.as_ref()).await?;
    app.knowledge.prepare()?;
    start_hints(store, Arc::clone(&app.wake), &supervisor);
    start_workers(&app, &supervisor);
    if let Some(live) = live {
        tell_on_mondays(&app, &supervisor);
        watch_knowledge(&app, live, &supervisor);
    } else {
        // Nobody here can edit it: a list of its memos would be an order that nobody can carry out.
        tracing::info!(
            "the shipped knowledge is in use; it is reviewed with each version, so nobody is told on Mondays what is due"
        );
    }
    start_sources(&app, config, &supervisor)?;
    if let Some(session) = session {
        start_matrix(&app, session, &supervisor);
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "ready");
    let ended = supervisor.run_to_end(signals).await;
    if ended == Ended::Stopped {
        tracing::info!("stopped");
    }
    Ok(ended)
}

/// The application beside a running service, for commands: it reads and writes rows, and sends nothing.
/// The database must be there.
pub async fn open_app(config: &Config) -> Result<App, WireError> {
    let store = store_for_command(config).await?;
    app_from_config(config, Arc::new(store), knowledge_for(Some(config))?)
}

/// The application on this store, with this knowledge.
fn app_from_config(
    config: &Config,
    store: Arc<SqlStore>,
    knowledge: Arc<dyn Knowledge>,
) -> Result<App, WireError> {
    let team = team_key(config)?;
    Ok(App {
        store,
        knowledge,
        reader: mail_reader(team.clone()),
        composer: Arc::new(MimeComposer::signing_with(team)),
        pgp: openpgp(),
        dkim: dkim_verifier(config)?,
        sender: Arc::new(smtp_from_config(config)?),
        rooms: None,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
        faults: Arc::new(crate::app::faults::NoFaults),
        settings: Arc::new(settings_from_config(config)?),
        wake: Arc::default(),
    })
}

/// A new master key, as it stands in its file.
pub fn new_master_key() -> Zeroizing<String> {
    let key = MasterKey::draw().reveal();
    // Room for the line break: growing would leave a copy of the key in memory.
    let mut line = Zeroizing::new(String::with_capacity(key.len() + 1));
    line.push_str(&key);
    line.push('\n');
    line
}

/// Sending, as the settings say.
pub fn smtp_from_config(config: &Config) -> Result<SmtpSender, WireError> {
    let smtp = &config.file.smtp;
    let port = smtp.port.unwrap_or(match smtp.tls {
        sections::Tls::Implicit => 465,
        sections::Tls::StartTls => 587,
        sections::Tls::None => 25,
    });
    let own = EmailAddress::parse(&config.file.organisation.address);
    SmtpSender::new(SmtpSettings {
        host: smtp.host.clone(),
        port,
        tls: tls_of(smtp.tls),
        ca_file: smtp.ca_file.clone(),
        login: config.smtp_login.as_ref().map(login_of),
        hello_name: own.map_or_else(|| "localhost".to_owned(), |own| own.domain().to_owned()),
    })
    .map_err(|error| tls_setting("smtp", &error))
}

/// Who logs in, in the words of the mail adapter.
pub(crate) fn login_of(login: &MailLogin) -> Login {
    let proof = match &login.proof {
        MailProof::Password(secret) => Proof::Password(Password::new(secret.reveal().to_owned())),
        MailProof::TokenCommand(words) => Proof::Token(TokenCommand::new(words.clone())),
    };
    Login {
        user: login.user.clone(),
        proof,
    }
}

/// How a connection is protected, in the words of the mail adapter.
pub(crate) fn tls_of(tls: sections::Tls) -> Tls {
    match tls {
        sections::Tls::Implicit => Tls::Implicit,
        sections::Tls::StartTls => Tls::StartTls,
        sections::Tls::None => Tls::None,
    }
}

/// A TLS setting that can't work, with its key.
pub(crate) fn tls_setting(section: &str, error: &TlsSetupError) -> WireError {
    WireError::Setting {
        key: format!("{section}.ca_file"),
        what: error.to_string(),
    }
}

/// The name of a mailbox in logs and rows.
pub(crate) fn mailbox_name(mailbox: &sections::Mailbox) -> MailboxName {
    match mailbox.kind {
        MailboxKind::Maildir => {
            let path = mailbox
                .path
                .as_deref()
                .map(|path| path.display().to_string());
            MailboxName::new(format!("maildir:{}", path.unwrap_or_default()))
        }
        MailboxKind::Imap => MailboxName::new(format!(
            "imap:{}@{}/{}",
            mailbox.user.as_deref().unwrap_or_default(),
            mailbox.host.as_deref().unwrap_or_default(),
            mailbox.folder
        )),
    }
}

/// The rooms of chat, where there is one for the people on call.
fn chat_from_config(config: &Config) -> Option<ChatSettings> {
    let matrix = config.file.matrix.as_ref()?;
    let oncall_room = matrix.oncall_room.clone()?;
    Some(ChatSettings {
        oncall_room,
        lobby_rooms: matrix.lobby_rooms.clone(),
        officials: matrix.officials.clone(),
        trusted_servers: matrix.trusted_servers.clone(),
    })
}

fn settings_from_config(config: &Config) -> Result<Settings, WireError> {
    let organisation = &config.file.organisation;
    let smtp = &config.file.smtp;
    let address = |key: &str, written: &str| {
        EmailAddress::parse(written).ok_or_else(|| WireError::Setting {
            key: key.to_owned(),
            what: "is not a mail address".to_owned(),
        })
    };
    let from = smtp.from.as_deref().unwrap_or(&organisation.address);
    let trusted: BTreeMap<MailboxName, Border> = config
        .file
        .mailbox
        .iter()
        .map(|mailbox| {
            let border = Border {
                authserv_ids: mailbox.trusted_authserv_ids.clone(),
                own_hops: mailbox.own_hops,
            };
            (mailbox_name(mailbox), border)
        })
        .collect();
    let limits = &config.file.limits;
    Ok(Settings {
        team: organisation.name.clone(),
        from: Mailbox {
            name: format!("{} (automatisch)", organisation.name),
            address: address("smtp.from", from)?,
        },
        bounce_address: smtp
            .bounce_address
            .as_deref()
            .map(|bounce| address("smtp.bounce_address", bounce))
            .transpose()?,
        tokens: if smtp.plus_addressing {
            Tokens::InAddress
        } else {
            Tokens::InMessageIdOnly
        },
        own_addresses: config.own_addresses.clone(),
        trusted_authserv_ids: trusted,
        sent_folders: config
            .file
            .mailbox
            .iter()
            .filter_map(sent_folder_of)
            .map(|sent| sent.name)
            .collect(),
        constituents: config.constituents.clone(),
        ticket_prefix: organisation.ticket_prefix.clone(),
        time_zone: TimeZone::get(&organisation.time_zone).unwrap_or(TimeZone::UTC),
        mode: organisation.mode,
        limits: Limits {
            per_address_day: limits.per_address_day,
            per_ticket_day: limits.per_ticket_day,
            per_domain_hour: limits.per_domain_hour,
            in_all_hour: limits.in_all_hour,
            dead_address_days: limits.dead_address_days,
        },
        pen_wait: limits.pen_wait,
        lease: LEASE,
        roster: config.roster.clone(),
        chat: chat_from_config(config),
    })
}

//! The account in chat, as the settings say: its first login, its session, and what can be found about it.

use crate::adapters::matrix::probe::{DeviceStanding, RecoveryStanding, RoomStanding, probe};
use crate::adapters::matrix::settings::{Credential, Hidden, Inviters, MatrixSettings, StoreKey};
use crate::adapters::matrix::{Identity, MatrixError, MatrixSession, RunEnd, first_login};
use crate::adapters::store::MasterKey;
use crate::app::App;
use crate::app::ports::ChatIntake;
use crate::config::Config;
use crate::config::sections::Matrix;
use crate::domain::chat::ids::{RoomId, UserId};
use crate::runtime::check::Finding;
use crate::runtime::supervisor::Supervisor;
use crate::runtime::wire::WireError;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

/// What the first login left for the person who ordered it.
pub enum FirstLogin {
    /// The account's recovery key, to be seen this once.
    RecoveryKey(Hidden),
    /// The account had one; this device is signed with it.
    Recovered,
}

/// The adapter's settings; nothing where there is no `[matrix]`.
pub fn matrix_from_config(config: &Config) -> Result<Option<MatrixSettings>, WireError> {
    let Some(matrix) = &config.file.matrix else {
        return Ok(None);
    };
    let key = MasterKey::parse(config.master_key.reveal()).map_err(|_| WireError::Setting {
        key: "store.key_file".to_owned(),
        what: "holds no master key; make one with: eerstelijn keys new FILE".to_owned(),
    })?;
    let secrets = &config.matrix;
    let password = secrets.password.as_ref();
    let token = secrets.token.as_ref();
    Ok(Some(MatrixSettings {
        homeserver: matrix.homeserver.clone(),
        ca_file: matrix.ca_file.clone(),
        user: matrix.user.clone(),
        credential: password
            .map(|password| Credential::Password(Hidden::new(password.reveal())))
            .or_else(|| token.map(|token| Credential::Token(Hidden::new(token.reveal())))),
        device_name: matrix.device_name.clone(),
        folder: config.file.store.data_dir.join("matrix"),
        store_key: StoreKey::new(*key.derive("matrix")),
        inviters: Inviters {
            officials: matrix.officials.clone(),
            trusted_servers: matrix.trusted_servers.clone(),
        },
    }))
}

/// The session for the service; nothing where there is no `[matrix]`. The people on call may invite, and whom
/// we serve in chat.
pub async fn matrix_session(config: &Config) -> Result<Option<MatrixSession>, WireError> {
    let Some(mut settings) = matrix_from_config(config)? else {
        return Ok(None);
    };
    let people = config.roster.people.iter();
    let on_call = people.filter_map(|person| person.matrix.clone());
    settings.inviters.officials.extend(on_call);
    Ok(Some(MatrixSession::restore(settings).await?))
}

/// Reads along until the service stops. A login that is lost is logged once; mail goes on.
pub fn start_matrix(app: &App, session: MatrixSession, supervisor: &Supervisor) {
    let stop = supervisor.stop_signal();
    let intake: Arc<dyn ChatIntake> = Arc::new(app.clone());
    supervisor.spawn("matrix", async move {
        if session.run(intake, stop.clone()).await == RunEnd::LoginLost {
            tracing::error!(
                "the homeserver no longer accepts our session: run eerstelijn matrix init"
            );
        }
        stop.cancelled().await;
    });
}

/// Logs in for the first time, with the recovery key if its file is there.
pub async fn log_in_to_matrix(config: &Config) -> Result<FirstLogin, WireError> {
    let settings = matrix_from_config(config)?.ok_or_else(no_section)?;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&config.file.store.data_dir)
        .map_err(|error| WireError::System("make a folder for chat", error.kind()))?;
    Ok(
        match first_login(&settings, recovery_key(config).as_ref()).await? {
            Identity::Made(key) => FirstLogin::RecoveryKey(key),
            Identity::Recovered => FirstLogin::Recovered,
        },
    )
}

/// Takes somebody at his word again who made new keys. The service must not run.
pub async fn trust_again(config: &Config, user: &UserId) -> Result<(), WireError> {
    let settings = matrix_from_config(config)?.ok_or_else(no_section)?;
    let session = MatrixSession::restore(settings).await?;
    Ok(session.accept_new_identity(user).await?)
}

fn no_section() -> WireError {
    WireError::Setting {
        key: "matrix".to_owned(),
        what: "there is no such section; see config.example.toml".to_owned(),
    }
}

fn recovery_key(config: &Config) -> Option<Hidden> {
    let key = config.matrix.recovery_key.as_ref();
    key.map(|key| Hidden::new(key.reveal()))
}

/// What can be found about the account, also while the service runs.
pub async fn check_matrix(config: &Config) -> Vec<Finding> {
    let subject = "matrix";
    let settings = match matrix_from_config(config) {
        Ok(None) => return Vec::new(),
        Ok(Some(settings)) => settings,
        Err(error) => return vec![Finding::bad(subject, error.to_string())],
    };
    let Some(matrix) = &config.file.matrix else {
        return Vec::new();
    };
    let rooms = rooms_of(matrix);
    let ids: Vec<RoomId> = rooms.iter().map(|(_, room)| room.clone()).collect();
    let found = match probe(&settings, recovery_key(config).as_ref(), &ids).await {
        Ok(found) => found,
        Err(error) => return vec![Finding::bad(subject, error.to_string())],
    };
    let mut findings = vec![Finding::good(subject, "the homeserver accepts our session")];
    findings.push(match found.device {
        DeviceStanding::Signed => Finding::good(subject, "our device is signed by our account"),
        DeviceStanding::Unsigned => Finding::bad(
            subject,
            "our device isn't signed, so nobody gets its keys; stop the service, remove the folder matrix in store.data_dir and run: eerstelijn matrix init",
        ),
    });
    findings.push(about_recovery(found.recovery));
    findings.extend(
        rooms
            .iter()
            .zip(found.rooms)
            .map(|((key, _), standing)| about_room(key, standing)),
    );
    if matrix.oncall_room.is_none() {
        findings.push(Finding::warning(
            "matrix.oncall_room",
            "not named, so nobody is woken in Matrix",
        ));
    }
    findings
}

fn rooms_of(matrix: &Matrix) -> Vec<(String, RoomId)> {
    let lobbies = matrix.lobby_rooms.iter().enumerate();
    let lobbies = lobbies.map(|(n, room)| (format!("matrix.lobby_rooms[{n}]"), room.clone()));
    let oncall = matrix.oncall_room.iter();
    lobbies
        .chain(oncall.map(|room| ("matrix.oncall_room".to_owned(), room.clone())))
        .collect()
}

fn about_recovery(standing: RecoveryStanding) -> Finding {
    let subject = "matrix.recovery_key_file";
    match standing {
        RecoveryStanding::Opens => Finding::good(subject, "opens the account's secrets"),
        RecoveryStanding::DoesNotOpen => Finding::bad(
            subject,
            "is not the key of this account; put the one there that `matrix init` printed",
        ),
        RecoveryStanding::NotSetUp => Finding::bad(
            subject,
            "the account has no recovery key; stop the service, remove the folder matrix in store.data_dir and run: eerstelijn matrix init",
        ),
        RecoveryStanding::NoKeyGiven => Finding::warning(
            subject,
            "no key is there, so no further device can be set up and it can't be tested; keep what `matrix init` printed in this file",
        ),
    }
}

fn about_room(key: &str, standing: RoomStanding) -> Finding {
    match standing {
        RoomStanding::Encrypted => Finding::good(key, "we are in it, and it is encrypted"),
        RoomStanding::Plain if key.starts_with("matrix.lobby_rooms") => {
            Finding::warning(key, "isn't encrypted: nothing of a report is written there")
        }
        RoomStanding::Plain => Finding::bad(
            key,
            "isn't encrypted, so nothing can be posted there; switch encryption on in its settings",
        ),
        RoomStanding::NotJoined => Finding::bad(
            key,
            "we aren't in it; while the service runs, let somebody on call, one of matrix.officials or somebody of matrix.trusted_servers invite our account",
        ),
    }
}

impl From<MatrixError> for WireError {
    fn from(error: MatrixError) -> Self {
        match error {
            MatrixError::Address
            | MatrixError::CaFile(_)
            | MatrixError::NoCredential
            | MatrixError::OtherAccount => Self::Setting {
                key: "matrix".to_owned(),
                what: error.to_string(),
            },
            other => Self::Matrix(other),
        }
    }
}

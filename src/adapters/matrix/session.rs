//! The session of our account: made once by a person, restored at every start after that.

use crate::adapters::matrix::client::build;
use crate::adapters::matrix::error::MatrixError;
use crate::adapters::matrix::failure::trouble_of;
use crate::adapters::matrix::folder::{MatrixFolder, SavedSession, saved_session};
use crate::adapters::matrix::identity::{self, Identity};
use crate::adapters::matrix::outbound::MatrixRooms;
use crate::adapters::matrix::pins;
use crate::adapters::matrix::settings::{Credential, Hidden, MatrixSettings};
use crate::app::ports::rooms::{RoomFailure, Rooms};
use crate::domain::chat::ids::UserId;
use crate::domain::ids::MailboxName;
use matrix_sdk::authentication::matrix::MatrixSession as SdkSession;
use matrix_sdk::store::RoomLoadSettings;
use matrix_sdk::{Client, SessionMeta, SessionTokens};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The first login of this data directory: makes the device and its identity, and returns the recovery key
/// where one was made. Doesn't run beside a service, nor over a session that exists.
pub async fn first_login(
    settings: &MatrixSettings,
    recovery_key: Option<&Hidden>,
) -> Result<Identity, MatrixError> {
    let folder = MatrixFolder::take(&settings.folder)?;
    if saved_session(&settings.folder, &settings.store_key)?.is_some() {
        return Err(MatrixError::AlreadyLoggedIn);
    }
    let credential = settings
        .credential
        .as_ref()
        .ok_or(MatrixError::NoCredential)?;
    // What an interrupted login left is the store of another device.
    folder.discard_store()?;
    let client = build(settings, &folder.store(), &settings.store_key).await?;
    log_in(&client, settings, credential).await?;
    let session = client.matrix_auth().session().ok_or(MatrixError::Library)?;
    let identity = match identity::set_up(&client, settings, recovery_key).await {
        Ok(identity) => identity,
        Err(error) => {
            // A device that nobody will use must not stay with the account. That it can't be removed
            // now is no reason to hide why the login failed.
            let _ = client.matrix_auth().logout().await;
            return Err(error);
        }
    };
    let saved = SavedSession {
        user: session.meta.user_id.to_string(),
        device: session.meta.device_id.to_string(),
        token: session.tokens.access_token,
    };
    folder.save(&saved, &settings.store_key)?;
    Ok(identity)
}

async fn log_in(
    client: &Client,
    settings: &MatrixSettings,
    credential: &Credential,
) -> Result<(), MatrixError> {
    let refused = |failure| match failure {
        RoomFailure::Forbidden | RoomFailure::Login => MatrixError::WrongLogin,
        other => other.into(),
    };
    match credential {
        Credential::Password(password) => {
            client
                .matrix_auth()
                .login_username(&settings.user, password.reveal())
                .initial_device_display_name(&settings.device_name)
                .send()
                .await
                .map_err(|error| refused(trouble_of(&error).failure))?;
        }
        Credential::Token(token) => {
            let who = crate::adapters::matrix::probe::owner_of_token(settings, token).await;
            let (user, device) = who.map_err(|error| match error {
                MatrixError::LoginLost | MatrixError::Refused => MatrixError::WrongLogin,
                other => other,
            })?;
            if !settings.is_account(&user) {
                return Err(MatrixError::OtherAccount);
            }
            let session = SavedSession {
                user,
                device,
                token: token.reveal().to_owned(),
            };
            client
                .matrix_auth()
                .restore_session(sdk_session(&session)?, RoomLoadSettings::default())
                .await?;
        }
    }
    Ok(())
}

fn sdk_session(saved: &SavedSession) -> Result<SdkSession, MatrixError> {
    let user_id = saved.user.as_str().try_into();
    Ok(SdkSession {
        meta: SessionMeta {
            user_id: user_id.map_err(|_| MatrixError::Sealed)?,
            device_id: saved.device.as_str().into(),
        },
        tokens: SessionTokens {
            access_token: saved.token.clone(),
            refresh_token: None,
        },
    })
}

/// Our account in a running service. Holds its folder until it is dropped.
pub struct MatrixSession {
    pub(super) client: Client,
    pub(super) saved: SavedSession,
    pub(super) settings: MatrixSettings,
    pub(super) ready: Arc<AtomicBool>,
    rooms: Arc<MatrixRooms>,
    account: MailboxName,
    user: UserId,
    _folder: MatrixFolder,
}

impl fmt::Debug for MatrixSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MatrixSession").finish_non_exhaustive()
    }
}

impl MatrixSession {
    /// Takes up the session that [`first_login`] made. Connects to nothing: a homeserver that is away at
    /// the start is one that comes back.
    pub async fn restore(settings: MatrixSettings) -> Result<Self, MatrixError> {
        let folder = MatrixFolder::take(&settings.folder)?;
        let saved = saved_session(&settings.folder, &settings.store_key)?;
        let saved = saved.ok_or(MatrixError::NoSession)?;
        if !settings.is_account(&saved.user) {
            return Err(MatrixError::OtherAccount);
        }
        let client = build(&settings, &folder.store(), &settings.store_key).await?;
        let ready = Arc::new(AtomicBool::new(false));
        Ok(Self {
            account: MailboxName::new(format!("matrix:{}", saved.user)),
            user: UserId::parse(&saved.user).ok_or(MatrixError::Sealed)?,
            rooms: Arc::new(MatrixRooms::new(client.clone(), Arc::clone(&ready))),
            ready,
            client,
            saved,
            settings,
            _folder: folder,
        })
    }

    /// The name under which what happens in our rooms is stored.
    pub fn account(&self) -> &MailboxName {
        &self.account
    }

    /// Who we are.
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The rooms, to act in. Until the first look at the homeserver every act answers "later".
    pub fn rooms(&self) -> Arc<dyn Rooms> {
        Arc::clone(&self.rooms) as _
    }

    /// Is the service in touch with its rooms?
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Somebody has new keys, and people made sure that it is he: his next message says who he is now.
    pub async fn accept_new_identity(&self, user: &UserId) -> Result<(), MatrixError> {
        pins::forget(&self.client, user)
            .await
            .map_err(|_| MatrixError::Library)
    }

    /// Loads keys and state, now that the homeserver answers: what the library sets up at this moment
    /// needs it, and isn't tried again.
    pub(super) async fn activate(&self) -> Result<(), MatrixError> {
        // The library panics at a second time.
        if self.client.session_meta().is_none() {
            let session = sdk_session(&self.saved)?;
            self.client
                .matrix_auth()
                .restore_session(session, RoomLoadSettings::default())
                .await?;
        }
        self.client
            .encryption()
            .wait_for_e2ee_initialization_tasks()
            .await;
        if !identity::is_signed(&self.client).await? {
            tracing::error!(
                failure = "unsigned-device",
                "our Matrix device isn't signed; nobody will get its keys"
            );
        }
        Ok(())
    }
}

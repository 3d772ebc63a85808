//! The cross-signing identity of our account, its recovery key, and our device's place under it.

use crate::adapters::matrix::error::MatrixError;
use crate::adapters::matrix::settings::{Credential, Hidden, MatrixSettings};
use matrix_sdk::Client;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::encryption::recovery::RecoveryError;
use matrix_sdk::encryption::secret_storage::SecretStorageError;
use matrix_sdk::ruma::api::client::uiaa;
use std::time::Duration;

/// What setting up the identity gave.
#[derive(Debug)]
pub enum Identity {
    /// The account has an identity now, and this is the only time that its recovery key is seen.
    Made(Hidden),
    /// The account had one, and this device belongs to it now.
    Recovered,
}

/// Makes an identity, or joins the one that the account has, so that this device is signed by it.
pub(super) async fn set_up(
    client: &Client,
    settings: &MatrixSettings,
    recovery_key: Option<&Hidden>,
) -> Result<Identity, MatrixError> {
    client
        .encryption()
        .wait_for_e2ee_initialization_tasks()
        .await;
    let storage = client.encryption().secret_storage();
    if storage.is_enabled().await? {
        let key = recovery_key.ok_or(MatrixError::NeedsRecoveryKey)?;
        recover(client, key).await?;
        return Ok(Identity::Recovered);
    }
    sign_ourselves(client, settings).await?;
    let key = enable_recovery(client).await?;
    must_be_signed(client).await?;
    Ok(Identity::Made(key))
}

/// Takes the identity's keys and those of old messages out of the account's sealed storage.
async fn recover(client: &Client, key: &Hidden) -> Result<(), MatrixError> {
    // A device that the homeserver doesn't know yet can't be signed: the first look makes it known.
    client
        .sync_once(SyncSettings::default().timeout(Duration::ZERO))
        .await?;
    let recovery = client.encryption().recovery();
    recovery
        .recover(key.reveal())
        .await
        .map_err(|error| match error {
            RecoveryError::Sdk(sdk)
            | RecoveryError::SecretStorage(SecretStorageError::Sdk(sdk)) => MatrixError::from(sdk),
            RecoveryError::SecretStorage(_) => MatrixError::WrongRecoveryKey,
            RecoveryError::BackupExistsOnServer => MatrixError::Library,
        })?;
    must_be_signed(client).await
}

async fn must_be_signed(client: &Client) -> Result<(), MatrixError> {
    // The library learns of its own signature when it asks for our keys, not when it sends it.
    if let Some(user) = client.user_id() {
        client.encryption().request_user_identity(user).await?;
    }
    if is_signed(client).await? {
        Ok(())
    } else {
        Err(MatrixError::Library)
    }
}

/// Is this device signed by its own account?
pub(super) async fn is_signed(client: &Client) -> Result<bool, MatrixError> {
    let device = client.encryption().get_own_device().await;
    let device = device.map_err(|_| MatrixError::Library)?;
    Ok(device.is_some_and(|device| device.is_cross_signed_by_owner()))
}

/// Makes the identity. An older one whose keys nobody kept is replaced, with the password.
async fn sign_ourselves(client: &Client, settings: &MatrixSettings) -> Result<(), MatrixError> {
    let encryption = client.encryption();
    let Err(refused) = encryption.bootstrap_cross_signing(None).await else {
        return Ok(());
    };
    let Some(challenge) = refused.as_uiaa_response() else {
        return Err(refused.into());
    };
    let (Some(Credential::Password(password)), Some(user)) =
        (&settings.credential, client.user_id())
    else {
        return Err(MatrixError::NeedsPassword);
    };
    let user = uiaa::UserIdentifier::Matrix(uiaa::MatrixUserIdentifier::new(user.to_string()));
    let mut proof = uiaa::Password::new(user, password.reveal().to_owned());
    proof.session.clone_from(&challenge.session);
    let proof = uiaa::AuthData::Password(proof);
    match encryption.bootstrap_cross_signing(Some(proof)).await {
        Ok(()) => Ok(()),
        Err(error) if error.as_uiaa_response().is_some() => Err(MatrixError::NeedsPassword),
        Err(error) => Err(error.into()),
    }
}

/// Puts the identity's keys and a backup of the room keys under a new recovery key.
async fn enable_recovery(client: &Client) -> Result<Hidden, MatrixError> {
    let recovery = client.encryption().recovery();
    let backups = client.encryption().backups();
    // A backup whose key was never kept can't be read by anybody.
    if !backups.are_enabled().await && backups.fetch_exists_on_server().await? {
        backups.disable_and_delete().await?;
    }
    let key = recovery.enable().wait_for_backups_to_upload().await;
    match key {
        Ok(key) => Ok(Hidden::new(&key)),
        Err(RecoveryError::Sdk(error)) => Err(error.into()),
        Err(_) => Err(MatrixError::Library),
    }
}

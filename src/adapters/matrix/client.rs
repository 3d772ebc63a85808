//! Building the library's client: one place for every choice about encryption, retries and certificates.

use crate::adapters::matrix::error::MatrixError;
use crate::adapters::matrix::settings::{MatrixSettings, StoreKey};
use matrix_sdk::config::RequestConfig;
use matrix_sdk::cross_process_lock::CrossProcessLockConfig;
use matrix_sdk::encryption::{BackupDownloadStrategy, EncryptionSettings};
use matrix_sdk::reqwest::{Certificate, Url};
use matrix_sdk::{Client, ClientBuildError, SqliteStoreConfig};
use matrix_sdk_base::crypto::{CollectStrategy, DecryptionSettings, TrustRequirement};
use std::path::Path;
use std::time::Duration;

/// How long one request may take.
const REQUEST_WITHIN: Duration = Duration::from_secs(30);
/// How we name ourselves to servers.
const USER_AGENT: &str = concat!("eerstelijn/", env!("CARGO_PKG_VERSION"));

/// One try: who waits is a row in the outbox or our own loop, never a request.
pub(super) fn one_try() -> RequestConfig {
    RequestConfig::new().timeout(REQUEST_WITHIN).retry_limit(1)
}

/// A client over the store in this folder; it connects to nothing yet.
pub(super) async fn build(
    settings: &MatrixSettings,
    store: &Path,
    key: &StoreKey,
) -> Result<Client, MatrixError> {
    let config = SqliteStoreConfig::new(store).key(Some(key.bytes()));
    Client::builder()
        .homeserver_url(homeserver(settings)?)
        .sqlite_store_with_config_and_cache_path(config, None::<&Path>)
        // The folder has a lock of ours; the library's would say `main` in every process.
        .cross_process_store_config(CrossProcessLockConfig::SingleProcess)
        .request_config(one_try())
        .respect_login_well_known(false)
        .add_root_certificates(certificates(settings)?)
        .user_agent(USER_AGENT)
        .with_encryption_settings(EncryptionSettings {
            // Done by hand at the first login, where a failure can be told to a person.
            auto_enable_cross_signing: false,
            backup_download_strategy: BackupDownloadStrategy::AfterDecryptionFailure,
            auto_enable_backups: false,
        })
        // Room keys go to devices that their owner has signed, and to no other.
        .with_room_key_recipient_strategy(CollectStrategy::IdentityBasedStrategy)
        // Every message is opened; how much is proven about it is told beside it.
        .with_decryption_settings(DecryptionSettings {
            sender_device_trust_requirement: TrustRequirement::Untrusted,
        })
        // Who comes into a ticket room later doesn't get what was said before.
        .with_enable_share_history_on_invite(false)
        .build()
        .await
        .map_err(|error| match error {
            ClientBuildError::SqliteStore(_) => MatrixError::Sealed,
            ClientBuildError::Url(_) => MatrixError::Address,
            _ => MatrixError::Library,
        })
}

/// The address of the homeserver: encrypted, or on this machine.
pub(super) fn homeserver(settings: &MatrixSettings) -> Result<Url, MatrixError> {
    let url = Url::parse(&settings.homeserver).map_err(|_| MatrixError::Address)?;
    let local = match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => return Err(MatrixError::Address),
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if local => Ok(url),
        _ => Err(MatrixError::Address),
    }
}

/// The authorities that are trusted beside the system's.
pub(super) fn certificates(settings: &MatrixSettings) -> Result<Vec<Certificate>, MatrixError> {
    let Some(path) = &settings.ca_file else {
        return Ok(Vec::new());
    };
    let pem = std::fs::read(path).map_err(|error| MatrixError::CaFile(error.kind()))?;
    let invalid = MatrixError::CaFile(std::io::ErrorKind::InvalidData);
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(invalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::matrix::settings::Inviters;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for (address, good) in [
            ("https://matrix.example", true),
            ("http://127.0.0.1:8008", true),
            ("http://[::1]:8008", true),
            ("http://localhost", true),
            ("http://matrix.example", false),
            ("http://localhost.evil.example", false),
            ("matrix.example", false),
            ("ftp://localhost", false),
        ] {
            let settings = MatrixSettings {
                homeserver: address.to_owned(),
                ca_file: None,
                user: "crt".to_owned(),
                credential: None,
                device_name: String::new(),
                folder: "matrix".into(),
                store_key: StoreKey::new([0; 32]),
                inviters: Inviters::default(),
            };
            assert_eq!(homeserver(&settings).is_ok(), good, "{address}");
        }
    }
}

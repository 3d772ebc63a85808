//! Looking at our account from outside, for `check`: reads over HTTP and changes nothing. The store of keys
//! isn't opened, so this works beside a running service.

use crate::adapters::matrix::client::{certificates, homeserver};
use crate::adapters::matrix::error::MatrixError;
use crate::adapters::matrix::folder::saved_session;
use crate::adapters::matrix::settings::{Hidden, MatrixSettings};
use crate::domain::chat::ids::RoomId;
use matrix_sdk::reqwest::{Client, Method, Url};
use matrix_sdk::ruma::events::EventContentFromType;
use matrix_sdk::ruma::events::GlobalAccountDataEventType;
use matrix_sdk::ruma::events::secret_storage::key::SecretStorageKeyEventContent;
use matrix_sdk_base::crypto::secret_storage::SecretStorageKey;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use std::time::Duration;

/// How long one answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// What was found about the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Our account.
    pub user: String,
    /// Is our device signed by the account's identity?
    pub device: DeviceStanding,
    /// Does the recovery key open the account's secrets?
    pub recovery: RecoveryStanding,
    /// The rooms that were asked for, in the same order.
    pub rooms: Vec<RoomStanding>,
}

/// Is our device signed by the account's identity?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceStanding {
    /// Yes.
    Signed,
    /// No: clients warn about it and may not send it keys.
    Unsigned,
}

/// Does the recovery key open the account's secrets?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryStanding {
    /// It does.
    Opens,
    /// It is another key.
    DoesNotOpen,
    /// The account has none.
    NotSetUp,
    /// None was given.
    NoKeyGiven,
}

/// How a room is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomStanding {
    /// We are in it and it is encrypted.
    Encrypted,
    /// We are in it, and it isn't encrypted.
    Plain,
    /// We aren't in it.
    NotJoined,
}

/// Looks at the account of the session that lies in the folder.
pub async fn probe(
    settings: &MatrixSettings,
    recovery_key: Option<&Hidden>,
    rooms: &[RoomId],
) -> Result<Probe, MatrixError> {
    let saved = saved_session(&settings.folder, &settings.store_key)?;
    let saved = saved.ok_or(MatrixError::NoSession)?;
    let server = Server::new(settings, &Hidden::new(&saved.token))?;
    let (user, device) = server.whoami().await?;
    if user != saved.user || !settings.is_account(&user) {
        return Err(MatrixError::OtherAccount);
    }
    Ok(Probe {
        device: server.device(&user, &device).await?,
        recovery: server.recovery(&user, recovery_key).await?,
        rooms: server.rooms(rooms).await?,
        user,
    })
}

/// The account and the device to which an access token belongs.
pub(super) async fn owner_of_token(
    settings: &MatrixSettings,
    token: &Hidden,
) -> Result<(String, String), MatrixError> {
    Server::new(settings, token)?.whoami().await
}

struct Server {
    http: Client,
    address: Url,
    token: Hidden,
}

impl Server {
    fn new(settings: &MatrixSettings, token: &Hidden) -> Result<Self, MatrixError> {
        let mut http = Client::builder().timeout(ANSWER_WITHIN);
        for certificate in certificates(settings)? {
            http = http.add_root_certificate(certificate);
        }
        Ok(Self {
            http: http.build().map_err(|_| MatrixError::Library)?,
            address: homeserver(settings)?,
            token: token.clone(),
        })
    }

    async fn whoami(&self) -> Result<(String, String), MatrixError> {
        let answer = self.get(&["account", "whoami"]).await?;
        let answer = answer.ok_or(MatrixError::Refused)?;
        let text = |key: &str| answer.get(key).and_then(Value::as_str).map(str::to_owned);
        // A token without a device can't encrypt.
        text("user_id")
            .zip(text("device_id"))
            .ok_or(MatrixError::Refused)
    }

    async fn device(&self, user: &str, device: &str) -> Result<DeviceStanding, MatrixError> {
        let question = json!({"device_keys": {user: [device]}});
        let answer = self
            .ask(Method::POST, &["keys", "query"], Some(&question))
            .await?;
        let answer = answer.unwrap_or_default();
        let signers = answer
            .get("self_signing_keys")
            .and_then(|keys| keys.get(user)?.get("keys")?.as_object());
        let signatures = answer.get("device_keys").and_then(|keys| {
            keys.get(user)?
                .get(device)?
                .get("signatures")?
                .get(user)?
                .as_object()
        });
        let signed = signers
            .zip(signatures)
            .is_some_and(|(signers, signatures)| {
                signers.keys().any(|signer| signatures.contains_key(signer))
            });
        Ok(if signed {
            DeviceStanding::Signed
        } else {
            DeviceStanding::Unsigned
        })
    }

    /// The account's storage of secrets holds a value that only its key makes: that is compared, and
    /// no secret is opened.
    async fn recovery(
        &self,
        user: &str,
        key: Option<&Hidden>,
    ) -> Result<RecoveryStanding, MatrixError> {
        let data = ["user", user, "account_data"];
        let default = self
            .get(&[&data[..], &["m.secret_storage.default_key"]].concat())
            .await?;
        let Some(id) = default.as_ref().and_then(|d| d.get("key")?.as_str()) else {
            return Ok(RecoveryStanding::NotSetUp);
        };
        let kind = GlobalAccountDataEventType::SecretStorageKey(id.to_owned()).to_string();
        let Some(content) = self.get(&[&data[..], &[&kind]].concat()).await? else {
            return Ok(RecoveryStanding::NotSetUp);
        };
        let Some(key) = key else {
            return Ok(RecoveryStanding::NoKeyGiven);
        };
        let content = to_raw_value(&content).map_err(|_| MatrixError::Library)?;
        let content = SecretStorageKeyEventContent::from_parts(&kind, &content)
            .map_err(|_| MatrixError::Library)?;
        Ok(
            match SecretStorageKey::from_account_data(key.reveal(), content) {
                Ok(_) => RecoveryStanding::Opens,
                Err(_) => RecoveryStanding::DoesNotOpen,
            },
        )
    }

    async fn rooms(&self, rooms: &[RoomId]) -> Result<Vec<RoomStanding>, MatrixError> {
        let answer = self.get(&["joined_rooms"]).await?.unwrap_or_default();
        let joined: Vec<&str> = answer
            .get("joined_rooms")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut found = Vec::new();
        for room in rooms {
            let place = ["rooms", room.as_str(), "state", "m.room.encryption", ""];
            found.push(if !joined.contains(&room.as_str()) {
                RoomStanding::NotJoined
            } else if self.get(&place).await?.is_some() {
                RoomStanding::Encrypted
            } else {
                RoomStanding::Plain
            });
        }
        Ok(found)
    }

    async fn get(&self, path: &[&str]) -> Result<Option<Value>, MatrixError> {
        self.ask(Method::GET, path, None).await
    }

    /// One question; nothing where the homeserver has no such thing.
    async fn ask(
        &self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
    ) -> Result<Option<Value>, MatrixError> {
        let mut address = self.address.clone();
        address
            .path_segments_mut()
            .map_err(|()| MatrixError::Address)?
            .pop_if_empty()
            .extend(["_matrix", "client", "v3"])
            .extend(path);
        let mut request = self
            .http
            .request(method, address)
            .bearer_auth(self.token.reveal());
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let answer = request.send().await.map_err(|_| MatrixError::Unreachable)?;
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(|_| MatrixError::Unreachable)?;
        match status {
            200 => serde_json::from_str(&text)
                .map(Some)
                .map_err(|_| MatrixError::Unreachable),
            404 => Ok(None),
            401 => Err(MatrixError::LoginLost),
            429 => Err(MatrixError::RateLimited),
            400..=499 => Err(MatrixError::Refused),
            _ => Err(MatrixError::Unreachable),
        }
    }
}

//! People with a real Matrix client: experts and officials who come into rooms, write, answer and react.
//!
//! Their client is the same library as the bot's, with another store and other settings. What they wait for
//! has a deadline; nothing sleeps and hopes.

use crate::support::servers::{MATRIX_PASSWORD, Synapse};
use eerstelijn::domain::chat::ids::{EventId, RoomId, UserId};
use matrix_sdk::config::{RequestConfig, SyncSettings};
use matrix_sdk::encryption::{BackupDownloadStrategy, EncryptionSettings};
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::api::client::room::create_room;
use matrix_sdk::ruma::api::client::uiaa;
use matrix_sdk::ruma::events::InitialStateEvent;
use matrix_sdk::ruma::events::room::encryption::RoomEncryptionEventContent;
use matrix_sdk::ruma::{OwnedUserId, UInt, assign};
use matrix_sdk::{Client, Room, RoomMemberships};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long anything may take to arrive.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// How far a person has come with encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// An identity, and this device signed by it.
    Signed,
    /// No identity: nobody vouches for the device.
    None,
}

/// Somebody, on one device.
pub(crate) struct Person {
    pub(crate) client: Client,
}

/// Are rooms of these tests encrypted?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    On,
    Off,
}

impl Person {
    /// Makes an account and logs in.
    pub(crate) async fn arrive(server: &Synapse, name: &str, keys: Keys) -> Self {
        server.register(name).await;
        Self::on_another_device(server, name, keys).await
    }

    /// Logs in on a new device. `Signed` makes a new identity: for the first device only.
    pub(crate) async fn on_another_device(server: &Synapse, name: &str, keys: Keys) -> Self {
        let client = Client::builder()
            .homeserver_url(server.url())
            .request_config(RequestConfig::new().retry_limit(5))
            .with_encryption_settings(EncryptionSettings {
                auto_enable_cross_signing: false,
                backup_download_strategy: BackupDownloadStrategy::Manual,
                auto_enable_backups: false,
            })
            .build()
            .await
            .unwrap();
        let login = client.matrix_auth().login_username(name, MATRIX_PASSWORD);
        login.send().await.unwrap();
        client
            .encryption()
            .wait_for_e2ee_initialization_tasks()
            .await;
        let person = Self { client };
        if keys == Keys::Signed {
            person.sign().await;
        }
        person.look(Duration::ZERO).await;
        person
    }

    async fn sign(&self) {
        let encryption = self.client.encryption();
        let Err(refused) = encryption.bootstrap_cross_signing(None).await else {
            return;
        };
        let user = uiaa::MatrixUserIdentifier::new(self.id().to_string());
        let user = uiaa::UserIdentifier::Matrix(user);
        let mut proof = uiaa::Password::new(user, MATRIX_PASSWORD.to_owned());
        proof.session = refused.as_uiaa_response().unwrap().session.clone();
        let proof = uiaa::AuthData::Password(proof);
        encryption
            .bootstrap_cross_signing(Some(proof))
            .await
            .unwrap();
    }

    /// Who it is.
    pub(crate) fn id(&self) -> UserId {
        UserId::parse(self.client.user_id().unwrap().as_str()).unwrap()
    }

    /// One look at what is new.
    pub(crate) async fn look(&self, hold: Duration) {
        let settings = SyncSettings::default().timeout(hold);
        self.client.sync_once(settings).await.unwrap();
    }

    /// Looks until there is an answer.
    pub(crate) async fn until<T>(&self, what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
        let end = now() + PATIENCE;
        loop {
            let last = now() >= end;
            if let Some(answer) = ask().await {
                return answer;
            }
            assert!(!last, "{}: not in time: {what}", self.id());
            self.look(Duration::from_millis(500)).await;
        }
    }

    /// Makes a room and invites people into it.
    pub(crate) async fn make_room(&self, invite: &[&UserId], encryption: Encryption) -> RoomId {
        let initial_state = match encryption {
            Encryption::On => {
                let content = RoomEncryptionEventContent::with_recommended_defaults();
                vec![InitialStateEvent::with_empty_state_key(content).to_raw_any()]
            }
            Encryption::Off => Vec::new(),
        };
        let invite: Vec<OwnedUserId> = invite
            .iter()
            .map(|user| user.as_str().try_into().unwrap())
            .collect();
        let request = assign!(create_room::v3::Request::new(), {
            initial_state, invite, preset: Some(create_room::v3::RoomPreset::PrivateChat),
        });
        let room = self.client.create_room(request).await.unwrap();
        RoomId::parse(room.room_id().as_str()).unwrap()
    }

    /// The room, which he is in.
    pub(crate) fn room(&self, room: &RoomId) -> Room {
        let id = <&matrix_sdk::ruma::RoomId>::try_from(room.as_str()).unwrap();
        self.client.get_room(id).unwrap()
    }

    /// Invites somebody.
    pub(crate) async fn invite(&self, room: &RoomId, user: &UserId) {
        let id = <&matrix_sdk::ruma::UserId>::try_from(user.as_str()).unwrap();
        self.room(room).invite_user_by_id(id).await.unwrap();
    }

    /// Accepts an invitation.
    pub(crate) async fn join(&self, room: &RoomId) {
        let id = <&matrix_sdk::ruma::RoomId>::try_from(room.as_str()).unwrap();
        self.client.join_room_by_id(id).await.unwrap();
        self.look(Duration::ZERO).await;
    }

    /// Waits for an invitation, accepts it, and returns the room.
    pub(crate) async fn accepts_an_invitation(&self) -> RoomId {
        let invited = async || {
            let rooms = self.client.invited_rooms();
            rooms.first().map(|room| room.room_id().to_owned())
        };
        let room = self.until("an invitation", invited).await;
        let room = RoomId::parse(room.as_str()).unwrap();
        self.join(&room).await;
        room
    }

    /// Waits until somebody is in a room, so that he gets the keys of what is said next.
    pub(crate) async fn sees(&self, room: &RoomId, user: &UserId) {
        self.until("somebody joins", async || {
            let members = self.room(room).members(RoomMemberships::JOIN).await.ok()?;
            let there = members
                .iter()
                .any(|member| member.user_id().as_str() == user.as_str());
            there.then_some(())
        })
        .await;
    }

    /// Sends any message.
    pub(crate) async fn send(&self, room: &RoomId, kind: &str, content: Value) -> EventId {
        let sent = self.room(room).send_raw(kind, content).await.unwrap();
        EventId::parse(sent.response.event_id.as_str()).unwrap()
    }

    /// Writes a message.
    pub(crate) async fn say(&self, room: &RoomId, text: &str) -> EventId {
        let content = json!({"msgtype": "m.text", "body": text});
        self.send(room, "m.room.message", content).await
    }

    /// Writes into a thread, as clients do.
    pub(crate) async fn say_in_thread(&self, room: &RoomId, root: &EventId, text: &str) -> EventId {
        let content = json!({"msgtype": "m.text", "body": text, "m.relates_to": {
            "rel_type": "m.thread", "event_id": root.as_str(), "is_falling_back": true,
            "m.in_reply_to": {"event_id": root.as_str()}}});
        self.send(room, "m.room.message", content).await
    }

    /// Answers a message.
    pub(crate) async fn answer(&self, room: &RoomId, target: &EventId, text: &str) -> EventId {
        let content = json!({"msgtype": "m.text", "body": text,
            "m.relates_to": {"m.in_reply_to": {"event_id": target.as_str()}}});
        self.send(room, "m.room.message", content).await
    }

    /// Changes a message of his.
    pub(crate) async fn edit(&self, room: &RoomId, target: &EventId, text: &str) -> EventId {
        let content = json!({"msgtype": "m.text", "body": format!("* {text}"),
            "m.new_content": {"msgtype": "m.text", "body": text},
            "m.relates_to": {"rel_type": "m.replace", "event_id": target.as_str()}});
        self.send(room, "m.room.message", content).await
    }

    /// Puts a sign on a message.
    pub(crate) async fn react(&self, room: &RoomId, target: &EventId, sign: &str) -> EventId {
        let content = json!({"m.relates_to": {
            "rel_type": "m.annotation", "event_id": target.as_str(), "key": sign}});
        self.send(room, "m.reaction", content).await
    }

    /// Takes a message back.
    pub(crate) async fn redact(&self, room: &RoomId, target: &EventId) {
        let id = <&matrix_sdk::ruma::EventId>::try_from(target.as_str()).unwrap();
        self.room(room).redact(id, None, None).await.unwrap();
    }

    /// Waits until he can read a message, and returns it.
    pub(crate) async fn reads_event(&self, room: &RoomId, id: &EventId) -> Value {
        self.reads(room, |event| {
            event["event_id"] == id.as_str() && event["type"] != "m.room.encrypted"
        })
        .await
    }

    /// Waits until a message of a room is as wanted, and returns it as he reads it.
    pub(crate) async fn reads(&self, room: &RoomId, wanted: impl Fn(&Value) -> bool) -> Value {
        let end = now() + PATIENCE;
        loop {
            let last = now() >= end;
            let all = self.history(room).await;
            if let Some(found) = all.iter().find(|event| wanted(event)) {
                return found.clone();
            }
            assert!(!last, "{}: can't read it; there is: {all:#?}", self.id());
            self.look(Duration::from_millis(500)).await;
        }
    }

    /// What he can read of a room, newest first.
    pub(crate) async fn history(&self, room: &RoomId) -> Vec<Value> {
        let options = assign!(MessagesOptions::backward(), { limit: UInt::from(100_u32) });
        let page = self.room(room).messages(options).await.unwrap();
        page.chunk
            .iter()
            .map(|event| serde_json::from_str(event.raw().json().get()).unwrap())
            .collect()
    }
}

/// Real time: these tests run against a real server.
#[expect(
    clippy::disallowed_methods,
    reason = "a deadline against real servers runs on real time"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

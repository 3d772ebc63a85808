//! Making rooms: encrypted from the first event on, for the invited only, and never twice.
//!
//! Every room of ours carries the id of the row that ordered it, as a piece of state that only we can set.
//! Whether a room was made before is asked from the homeserver each time: after a crash, or an answer that
//! was lost, nothing on our side knows.

use crate::adapters::matrix::failure::Trouble;
use crate::adapters::matrix::membership::invite_into;
use crate::app::ports::rooms::{RoomFailure, RoomOutcome, RoomPurpose};
use crate::domain::chat::ids::{RoomId, UserId};
use crate::domain::ids::OutboxId;
use futures_util::StreamExt;
use matrix_sdk::ruma::api::client::membership::joined_rooms;
use matrix_sdk::ruma::api::client::room::Visibility;
use matrix_sdk::ruma::api::client::room::create_room::v3::{CreationContent, Request, RoomPreset};
use matrix_sdk::ruma::api::client::state::get_state_event_for_key;
use matrix_sdk::ruma::events::room::encryption::RoomEncryptionEventContent;
use matrix_sdk::ruma::events::room::guest_access::{GuestAccess, RoomGuestAccessEventContent};
use matrix_sdk::ruma::events::room::history_visibility::{
    HistoryVisibility, RoomHistoryVisibilityEventContent,
};
use matrix_sdk::ruma::events::{AnyInitialStateEvent, InitialStateEvent, StateEventType};
use matrix_sdk::ruma::serde::Raw;
use matrix_sdk::ruma::{self, OwnedRoomId, OwnedUserId, assign};
use matrix_sdk::{Client, Room, RoomState};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The kind of state that carries our mark.
const MARK: &str = "be.eerstelijn.room";
/// Rooms that are asked for their mark at the same time.
const AT_ONCE: usize = 8;

/// Finds the room that this row ordered, or makes it; then everybody who is to be there is invited.
pub(super) async fn find_or_make(
    client: &Client,
    marks: &Marks,
    id: &OutboxId,
    name: Option<&str>,
    invite: &[UserId],
    purpose: RoomPurpose,
) -> Result<RoomOutcome, Trouble> {
    let room = match marks.find(client, id).await? {
        Some(room) => {
            let room = known(client, &room).await?;
            invite_missing(&room, invite).await?;
            room
        }
        None => {
            client
                .create_room(request(id, name, invite, purpose)?)
                .await?
        }
    };
    Ok(RoomOutcome::Done {
        event: None,
        room: RoomId::parse(room.room_id().as_str()),
    })
}

/// The marks of the rooms that we are in, as far as they were asked. A mark never changes.
#[derive(Default)]
pub(super) struct Marks(Mutex<BTreeMap<OwnedRoomId, Option<String>>>);

impl Marks {
    /// The room with this mark, among those that the homeserver says we are in. What the library keeps
    /// of a room's state isn't asked: seen to lack our mark a moment after the room was made.
    async fn find(&self, client: &Client, id: &OutboxId) -> Result<Option<OwnedRoomId>, Trouble> {
        let rooms = client.send(joined_rooms::v3::Request::new()).await?;
        let unknown = {
            let marks = self.marks();
            let unknown = rooms
                .joined_rooms
                .iter()
                .filter(|room| !marks.contains_key(*room));
            unknown.cloned().collect::<Vec<_>>()
        };
        let mut asked = futures_util::stream::iter(unknown)
            .map(|room| async move { (mark_of(client, &room).await, room) })
            .buffer_unordered(AT_ONCE);
        while let Some((mark, room)) = asked.next().await {
            self.marks().insert(room, mark?);
        }
        let marks = self.marks();
        let ours =
            |room: &&OwnedRoomId| marks.get(*room).and_then(Option::as_deref) == Some(id.as_str());
        Ok(rooms.joined_rooms.iter().find(ours).cloned())
    }

    fn marks(&self) -> MutexGuard<'_, BTreeMap<OwnedRoomId, Option<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn mark_of(client: &Client, room: &ruma::RoomId) -> Result<Option<String>, Trouble> {
    let kind = StateEventType::from(MARK);
    let request = get_state_event_for_key::v3::Request::new(room.to_owned(), kind, String::new());
    match client.send(request).await.map_err(Trouble::from) {
        Ok(answer) => {
            let content: Option<Value> = serde_json::from_str(answer.event_or_content.get()).ok();
            Ok(content.as_ref().and_then(mark_in))
        }
        Err(trouble) if trouble.passes() => Err(trouble),
        Err(_) => Ok(None),
    }
}

fn mark_in(content: &Value) -> Option<String> {
    content
        .get("outbox")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

/// The room as the library knows it. One that was made a moment ago may not have come with a look yet.
async fn known(client: &Client, room: &ruma::RoomId) -> Result<Room, Trouble> {
    match client.get_room(room) {
        Some(known) if known.state() == RoomState::Joined => Ok(known),
        // Joining where one is already changes nothing, and tells the library.
        _ => Ok(client.join_room_by_id(room).await?),
    }
}

/// Invites who isn't there. One whose server refuses doesn't keep out the others.
async fn invite_missing(room: &Room, invite: &[UserId]) -> Result<(), Trouble> {
    let mut refused = None;
    for user in invite {
        match invite_into(room, user).await {
            Ok(_) => {}
            Err(trouble) if trouble.passes() => return Err(trouble),
            Err(trouble) => refused = Some(trouble),
        }
    }
    match refused {
        Some(trouble) if invite.len() == 1 => Err(trouble),
        _ => Ok(()),
    }
}

fn request(
    id: &OutboxId,
    name: Option<&str>,
    invite: &[UserId],
    purpose: RoomPurpose,
) -> Result<Request, Trouble> {
    let unsendable = |_| Trouble::never(RoomFailure::Unsendable);
    let invite: Result<Vec<OwnedUserId>, _> =
        invite.iter().map(|user| user.as_str().try_into()).collect();
    let invite = invite.map_err(|_: ruma::IdParseError| Trouble::never(RoomFailure::Forbidden))?;
    let direct = purpose != RoomPurpose::Ticket;
    // What people of the team read stays on our server; an official lives on his own.
    let federate = purpose == RoomPurpose::Direct;
    let creation = assign!(CreationContent::new(), { federate });
    let mark = json!({"type": MARK, "state_key": "", "content": {"outbox": id.as_str()}});
    let mark: Raw<AnyInitialStateEvent> =
        Raw::from_json_string(mark.to_string()).map_err(unsendable)?;
    let encryption = RoomEncryptionEventContent::with_recommended_defaults();
    let history = RoomHistoryVisibilityEventContent::new(HistoryVisibility::Joined);
    let guests = RoomGuestAccessEventContent::new(GuestAccess::Forbidden);
    let state = vec![
        InitialStateEvent::with_empty_state_key(encryption).to_raw_any(),
        InitialStateEvent::with_empty_state_key(history).to_raw_any(),
        InitialStateEvent::with_empty_state_key(guests).to_raw_any(),
        mark,
    ];
    Ok(assign!(Request::new(), {
        creation_content: Some(Raw::new(&creation).map_err(unsendable)?),
        initial_state: state,
        invite,
        is_direct: direct,
        name: name.map(str::to_owned),
        // Nobody else invites, puts out or changes anything: who is in is ours to say.
        power_level_content_override: Some(
            Raw::from_json_string(json!({
                "invite": 100, "kick": 100, "ban": 100, "redact": 100, "state_default": 100,
                "users_default": 0, "events_default": 0,
            }).to_string()).map_err(unsendable)?
        ),
        preset: Some(RoomPreset::PrivateChat),
        visibility: Visibility::Private,
    }))
}

//! Who is in a room: inviting, putting out, joining and leaving. What is so already is done.

use crate::adapters::matrix::failure::Trouble;
use crate::adapters::matrix::outbound::{done, joined};
use crate::app::ports::rooms::{Company, RoomFailure, RoomOutcome};
use crate::domain::chat::ids::{RoomId, UserId};
use matrix_sdk::ruma;
use matrix_sdk::ruma::api::client::state::get_state_event_for_key;
use matrix_sdk::ruma::events::StateEventType;
use matrix_sdk::{Client, Room, RoomMemberships, RoomState};

/// What somebody is in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    In,
    Invited,
    Out,
}

/// Invites somebody who isn't in the room and isn't invited.
pub(super) async fn invite(
    client: &Client,
    room: &RoomId,
    user: &UserId,
) -> Result<RoomOutcome, Trouble> {
    invite_into(&joined(client, room)?, user).await
}

/// Invites into a room that we have at hand.
pub(super) async fn invite_into(room: &Room, user: &UserId) -> Result<RoomOutcome, Trouble> {
    let whom = account(user)?;
    if standing(room, whom).await? != Standing::Out {
        return Ok(done());
    }
    room.invite_user_by_id(whom).await?;
    Ok(done())
}

/// Puts somebody out who is in the room or invited.
pub(super) async fn remove(
    client: &Client,
    room: &RoomId,
    user: &UserId,
) -> Result<RoomOutcome, Trouble> {
    let room = joined(client, room)?;
    let whom = account(user)?;
    if standing(&room, whom).await? == Standing::Out {
        return Ok(done());
    }
    room.kick_user(whom, None).await?;
    Ok(done())
}

/// Who is in the room beside us, as the homeserver says.
pub(super) async fn company(
    client: &Client,
    room: &RoomId,
    user: &UserId,
) -> Result<Company, Trouble> {
    let room = joined(client, room)?;
    let members = room.members(RoomMemberships::ACTIVE).await?;
    let us = client
        .user_id()
        .map(ToString::to_string)
        .unwrap_or_default();
    let beside: Vec<&str> = members
        .iter()
        .map(|member| member.user_id().as_str())
        .filter(|member| *member != us)
        .collect();
    Ok(match beside.as_slice() {
        [only] if *only == user.as_str() => Company::Alone,
        _ => Company::Others,
    })
}

/// Joins a room that we were invited to, or that is open.
pub(super) async fn join(client: &Client, room: &RoomId) -> Result<RoomOutcome, Trouble> {
    let id = place(room)?;
    let known = client.get_room(id);
    if known.is_none_or(|known| known.state() != RoomState::Joined) {
        client.join_room_by_id(id).await?;
    }
    Ok(done())
}

/// Leaves a room, or turns an invitation down, and forgets it: nothing of it is kept here, and the homeserver may
/// delete what nobody in it remembers.
pub(super) async fn leave(client: &Client, room: &RoomId) -> Result<RoomOutcome, Trouble> {
    let known = client.get_room(place(room)?);
    if let Some(room) = known {
        if matches!(room.state(), RoomState::Joined | RoomState::Invited) {
            room.leave().await?;
        }
        match room.forget().await.map_err(Trouble::from) {
            Err(trouble) if trouble.passes() => return Err(trouble),
            // What can't be forgotten is left all the same.
            _ => {}
        }
    }
    Ok(done())
}

/// What somebody is in a room: asked from the homeserver, because what we last saw may be old.
async fn standing(room: &Room, user: &ruma::UserId) -> Result<Standing, Trouble> {
    let request = get_state_event_for_key::v3::Request::new(
        room.room_id().to_owned(),
        StateEventType::RoomMember,
        user.to_string(),
    );
    let answer = match room.client().send(request).await {
        Ok(answer) => answer,
        Err(error) => {
            let trouble = Trouble::from(error);
            return match trouble.failure {
                RoomFailure::NotInRoom => Ok(Standing::Out),
                _ => Err(trouble),
            };
        }
    };
    let content: serde_json::Value =
        serde_json::from_str(answer.event_or_content.get()).unwrap_or_default();
    Ok(match content.get("membership").and_then(|m| m.as_str()) {
        Some("join") => Standing::In,
        Some("invite") => Standing::Invited,
        _ => Standing::Out,
    })
}

fn account(user: &UserId) -> Result<&ruma::UserId, Trouble> {
    user.as_str()
        .try_into()
        .map_err(|_| Trouble::never(RoomFailure::Forbidden))
}

fn place(room: &RoomId) -> Result<&ruma::RoomId, Trouble> {
    room.as_str()
        .try_into()
        .map_err(|_| Trouble::never(RoomFailure::NotInRoom))
}

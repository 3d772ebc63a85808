//! Acting in rooms: the port, and what is sent into a room.
//!
//! Every act may be repeated: a message carries the id of its row as transaction id, which the homeserver
//! recognises, and inside its encrypted content, which another instance can see.

use crate::adapters::matrix::client::one_try;
use crate::adapters::matrix::failure::Trouble;
use crate::adapters::matrix::membership;
use crate::adapters::matrix::open_room::{self, Marks};
use crate::adapters::matrix::render::content_of;
use crate::adapters::matrix::sent::{MARK, sent_before};
use crate::app::ports::rooms::{Company, Order, RoomAct, RoomFailure, RoomOutcome, Rooms, Secrecy};
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::chat::post::Post;
use crate::domain::ids::OutboxId;
use async_trait::async_trait;
use matrix_sdk::ruma::api::error::ErrorKind;
use matrix_sdk::ruma::{self, TransactionId};
use matrix_sdk::{Client, Room};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long one act may take in all.
const WITHIN: Duration = Duration::from_secs(80);
/// Largest content that is sent, in bytes: encrypted it grows by a third and must fit in 64 KB.
const LARGEST: usize = 44 * 1024;

/// Our rooms on a homeserver.
pub(super) struct MatrixRooms {
    client: Client,
    ready: Arc<AtomicBool>,
    marks: Marks,
}

impl MatrixRooms {
    pub(super) fn new(client: Client, ready: Arc<AtomicBool>) -> Self {
        Self {
            client,
            ready,
            marks: Marks::default(),
        }
    }
}

#[async_trait]
impl Rooms for MatrixRooms {
    async fn company(&self, room: &RoomId, user: &UserId) -> Company {
        let found = membership::company(&self.client, room, user).await;
        found.unwrap_or(Company::Unknown)
    }

    fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    async fn perform(&self, order: Order<'_>, act: &RoomAct) -> RoomOutcome {
        if !self.ready.load(Ordering::Acquire) {
            return Trouble::later(RoomFailure::Unreachable).into();
        }
        // Less than the row is held: another instance must not begin meanwhile.
        let done = tokio::time::timeout(WITHIN, self.act(order, act)).await;
        let done = done.unwrap_or(Err(Trouble::later(RoomFailure::Unreachable)));
        done.unwrap_or_else(RoomOutcome::from)
    }
}

impl MatrixRooms {
    async fn act(&self, order: Order<'_>, act: &RoomAct) -> Result<RoomOutcome, Trouble> {
        let (client, id) = (&self.client, order.id);
        match act {
            RoomAct::Post {
                room,
                thread,
                answers,
                post,
                secrecy,
            } => {
                let mut content = content_of(post);
                relate(&mut content, thread.as_ref(), answers.as_ref());
                self.message(order, room, content, *secrecy).await
            }
            RoomAct::Edit { room, target, post } => {
                let content = edit_of(post, target);
                self.message(order, room, content, Secrecy::Encrypted).await
            }
            RoomAct::React { room, target, sign } => self.react(id, room, target, sign).await,
            RoomAct::OpenRoom {
                name,
                invite,
                purpose,
            } => {
                let name = name.as_deref();
                open_room::find_or_make(client, &self.marks, id, name, invite, *purpose).await
            }
            RoomAct::Invite { room, user } => membership::invite(client, room, user).await,
            RoomAct::Remove { room, user } => membership::remove(client, room, user).await,
            RoomAct::Join { room } => membership::join(client, room).await,
            RoomAct::Leave { room } => membership::leave(client, room).await,
        }
    }

    async fn message(
        &self,
        order: Order<'_>,
        room: &RoomId,
        mut content: Value,
        secrecy: Secrecy,
    ) -> Result<RoomOutcome, Trouble> {
        let room = joined(&self.client, room)?;
        let encrypted = room.latest_encryption_state().await?.is_encrypted();
        if secrecy == Secrecy::Encrypted && !encrypted {
            return Err(Trouble::never(RoomFailure::NotEncrypted));
        }
        let id = order.id;
        if order.attempt > 1
            && let Some(event) = sent_before(&room, self.client.user_id(), order).await?
        {
            return Ok(event_made(&event));
        }
        if encrypted {
            // After an invitation the library asks who is in the room. An answer from before somebody came in,
            // stored after we heard that he did, would keep the keys from him for good: ask anew.
            room.mark_members_missing();
        }
        if let Some(fields) = content.as_object_mut() {
            fields.insert(MARK.to_owned(), id.as_str().into());
        }
        if content.to_string().len() > LARGEST {
            // The plain words are enough, where both are too much.
            drop_formatted(&mut content);
        }
        if content.to_string().len() > LARGEST {
            return Err(Trouble::never(RoomFailure::Unsendable));
        }
        let sent = room
            .send_raw("m.room.message", content)
            .with_transaction_id(<&TransactionId>::from(id.as_str()))
            .with_request_config(one_try())
            .await?;
        Ok(event_made(sent.response.event_id.as_str()))
    }

    async fn react(
        &self,
        id: &OutboxId,
        room: &RoomId,
        target: &EventId,
        sign: &str,
    ) -> Result<RoomOutcome, Trouble> {
        let relation =
            json!({"rel_type": "m.annotation", "event_id": target.as_str(), "key": sign});
        let sent = joined(&self.client, room)?
            .send_raw("m.reaction", json!({ "m.relates_to": relation }))
            .with_transaction_id(<&TransactionId>::from(id.as_str()))
            .with_request_config(one_try())
            .await;
        match sent {
            Ok(sent) => Ok(event_made(sent.response.event_id.as_str())),
            // It stands there.
            Err(error)
                if matches!(
                    error.client_api_error_kind(),
                    Some(ErrorKind::DuplicateAnnotation)
                ) =>
            {
                Ok(done())
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn drop_formatted(content: &mut Value) {
    if let Some(fields) = content.as_object_mut() {
        fields.remove("format");
        fields.remove("formatted_body");
        if let Some(new) = fields.get_mut("m.new_content") {
            drop_formatted(new);
        }
    }
}

/// A room that we are in.
pub(super) fn joined(client: &Client, room: &RoomId) -> Result<Room, Trouble> {
    let not_in_room = Trouble::never(RoomFailure::NotInRoom);
    let id = <&ruma::RoomId>::try_from(room.as_str()).map_err(|_| not_in_room)?;
    let room = client.get_room(id).ok_or(not_in_room)?;
    if room.state() == matrix_sdk::RoomState::Joined {
        Ok(room)
    } else {
        Err(not_in_room)
    }
}

/// Done, and nothing was made.
pub(super) fn done() -> RoomOutcome {
    RoomOutcome::Done {
        event: None,
        room: None,
    }
}

fn event_made(event: &str) -> RoomOutcome {
    RoomOutcome::Done {
        event: EventId::parse(event),
        room: None,
    }
}

/// Where a message stands. In a thread it names the root as fallback for clients without threads.
fn relate(content: &mut Value, thread: Option<&EventId>, answers: Option<&EventId>) {
    let relation = match (thread, answers) {
        (None, None) => return,
        (None, Some(answers)) => json!({"m.in_reply_to": {"event_id": answers.as_str()}}),
        (Some(root), answers) => json!({
            "rel_type": "m.thread",
            "event_id": root.as_str(),
            "is_falling_back": answers.is_none(),
            "m.in_reply_to": {"event_id": answers.unwrap_or(root).as_str()},
        }),
    };
    if let Some(fields) = content.as_object_mut() {
        fields.insert("m.relates_to".to_owned(), relation);
    }
}

/// An edit notifies nobody anew: the mentions stand in the new content only.
fn edit_of(post: &Post, target: &EventId) -> Value {
    let new = content_of(post);
    let mut content = new.clone();
    if let Some(fields) = content.as_object_mut() {
        fields.insert("m.mentions".to_owned(), json!({}));
        fields.insert("m.new_content".to_owned(), new);
        let relation = json!({"rel_type": "m.replace", "event_id": target.as_str()});
        fields.insert("m.relates_to".to_owned(), relation);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> EventId {
        EventId::parse(text).unwrap()
    }

    #[test]
    fn a_message_says_where_it_stands() {
        let related = |thread: Option<EventId>, answers: Option<EventId>| {
            let mut content = json!({});
            relate(&mut content, thread.as_ref(), answers.as_ref());
            content["m.relates_to"].clone()
        };
        assert_eq!(related(None, None), Value::Null);
        assert_eq!(
            related(None, Some(id("$a"))),
            json!({"m.in_reply_to": {"event_id": "$a"}})
        );
        assert_eq!(
            related(Some(id("$r")), None),
            json!({"rel_type": "m.thread", "event_id": "$r", "is_falling_back": true,
                "m.in_reply_to": {"event_id": "$r"}})
        );
        assert_eq!(
            related(Some(id("$r")), Some(id("$a")))["is_falling_back"],
            false
        );
    }

    #[test]
    fn an_edit_mentions_nobody_anew() {
        let mut post = Post::notice(["nieuw"]);
        post.mentions = vec![crate::domain::chat::ids::UserId::parse("@a:b").unwrap()];
        let edit = edit_of(&post, &id("$old"));
        assert_eq!(edit["m.mentions"], json!({}));
        assert_eq!(edit["m.new_content"]["m.mentions"]["user_ids"][0], "@a:b");
        assert_eq!(edit["m.relates_to"]["event_id"], "$old");
    }
}

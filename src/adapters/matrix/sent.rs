//! Finding what was sent before: by this instance before it died, or by another one with a login of its own,
//! whose transaction ids the homeserver doesn't know as ours.
//!
//! Every message of ours carries the id of its row inside its encrypted content.

use crate::adapters::matrix::failure::Trouble;
use crate::app::ports::rooms::{Order, RoomFailure};
use crate::domain::ids::OutboxId;
use jiff::Timestamp;
use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEvent;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::{UInt, UserId, assign};
use serde_json::Value;

/// The field that carries the id of our row.
pub(super) const MARK: &str = "be.eerstelijn.outbox";

/// Events of one page.
const PAGE: u32 = 100;
/// Most pages that are looked through, back to the time when the row was written.
const MOST_PAGES: usize = 20;
/// How much a homeserver's clock may differ from ours, in milliseconds.
const CLOCKS: i64 = 5 * 60 * 1000;

/// Tries that wait for the key of a message of ours. Some keys never come, and twice is better than never.
const MOST_WAITS: u32 = 4;

/// What one event is.
enum Seen {
    /// The message that we look for.
    It(String),
    /// One of ours that we can't read yet: it may be the one.
    Locked,
    /// Another one.
    Other,
}

/// The event under which this row stands in a room.
pub(super) async fn sent_before(
    room: &Room,
    us: Option<&UserId>,
    order: Order<'_>,
) -> Result<Option<String>, Trouble> {
    let mut from = None;
    let mut locked = false;
    for _ in 0..MOST_PAGES {
        let options = assign!(MessagesOptions::backward(), { from, limit: UInt::from(PAGE) });
        let page = room.messages(options).await?;
        let mut older = page.chunk.is_empty();
        for event in &page.chunk {
            if is_older(event, order.written_at) {
                older = true;
                continue;
            }
            match look(event, us, order.id) {
                Seen::It(event) => return Ok(Some(event)),
                Seen::Locked => locked = true,
                Seen::Other => {}
            }
        }
        match page.end {
            Some(next) if !older => from = Some(next),
            _ => break,
        }
    }
    if locked && order.attempt <= MOST_WAITS {
        // Its key is on its way from the instance that sent it: later, rather than twice.
        tracing::debug!(outbox = %order.id, "a message of ours can't be read yet");
        return Err(Trouble::later(RoomFailure::Unreachable));
    }
    Ok(None)
}

/// Was it sent before the row was written?
fn is_older(event: &TimelineEvent, written_at: Timestamp) -> bool {
    let sent_at = event.timestamp.map(|at| i64::from(at.get()));
    sent_at.is_some_and(|at| at < written_at.as_millisecond().saturating_sub(CLOCKS))
}

fn look(event: &TimelineEvent, us: Option<&UserId>, id: &OutboxId) -> Seen {
    let Ok(json) = serde_json::from_str::<Value>(event.raw().json().get()) else {
        return Seen::Other;
    };
    let text = |pointer: &str| json.pointer(pointer).and_then(Value::as_str);
    if text("/sender") != us.map(UserId::as_str) {
        return Seen::Other;
    }
    if event.kind.is_utd() {
        return Seen::Locked;
    }
    let content = json.get("content");
    let mark = content.and_then(|content| content.get(MARK));
    match text("/event_id") {
        Some(event) if mark.and_then(Value::as_str) == Some(id.as_str()) => {
            Seen::It(event.to_owned())
        }
        _ => Seen::Other,
    }
}

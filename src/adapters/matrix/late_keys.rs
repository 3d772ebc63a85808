//! Messages that couldn't be opened: tried again when keys come, and from time to time.
//!
//! The library doesn't tell again about an event whose key came late.

use crate::adapters::matrix::inbound::{Inbound, translate};
use crate::adapters::matrix::pins::weigh;
use crate::adapters::matrix::session::MatrixSession;
use crate::adapters::matrix::waiting::{Waited, rest};
use crate::app::ports::chat::ChatIntake;
use crate::domain::chat::ids::{EventId, RoomId};
use crate::domain::chat::incoming::Happening;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use matrix_sdk::ruma;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two rounds without news.
const EVERY: Duration = Duration::from_secs(30);
/// After news: keys come in swarms, and the message may be a moment behind its key.
const SETTLE: Duration = Duration::from_millis(200);
/// The longest pause for one message, in rounds: half an hour.
const MOST_ROUNDS: u32 = 60;

/// Tries until the program stops.
pub(super) async fn watch(
    session: &MatrixSession,
    intake: &dyn ChatIntake,
    stop: &CancellationToken,
) {
    let mut patience = Patience::default();
    let mut news = rooms_with_news(session).await;
    loop {
        let rooms = match tokio::time::timeout(EVERY, news.next()).await {
            Ok(Some(rooms)) => {
                if rest(SETTLE, stop).await == Waited::Stopped {
                    return;
                }
                rooms
            }
            Ok(None) => {
                // It doesn't end while the session lives; if it does, the timer goes on.
                news = futures_util::stream::pending().boxed();
                continue;
            }
            Err(_) => BTreeSet::new(),
        };
        if stop.is_cancelled() {
            return;
        }
        match intake.undecryptable(session.account()).await {
            Ok(locked) => {
                for (room, event) in patience.choose(locked, &rooms) {
                    try_again(session, intake, &room, &event).await;
                }
            }
            // The loop that reads the rooms tells about the store.
            Err(error) => tracing::debug!(error = %error, "locked messages can't be listed"),
        }
    }
}

/// The rooms for which keys came, as they come.
async fn rooms_with_news(session: &MatrixSession) -> BoxStream<'static, BTreeSet<String>> {
    let Some(stream) = session
        .client
        .encryption()
        .room_keys_received_stream()
        .await
    else {
        return futures_util::stream::pending().boxed();
    };
    let rooms = stream.map(|keys| {
        let keys = keys.unwrap_or_default();
        keys.iter().map(|key| key.room_id.to_string()).collect()
    });
    rooms.boxed()
}

/// Fetches the event once more, which also asks the backup for its key, and stores what it says.
async fn try_again(
    session: &MatrixSession,
    intake: &dyn ChatIntake,
    room: &RoomId,
    event: &EventId,
) {
    let (Ok(room_id), Ok(event_id)) = (
        <&ruma::RoomId>::try_from(room.as_str()),
        <&ruma::EventId>::try_from(event.as_str()),
    ) else {
        return;
    };
    let Some(joined) = session.client.get_room(room_id) else {
        return;
    };
    let Ok(fetched) = joined.event(event_id, None).await else {
        return;
    };
    let Inbound::Happened(mut happened) = translate(room, session.user(), &fetched) else {
        return;
    };
    if happened.what == Happening::Undecryptable {
        return;
    }
    weigh(&session.client, &mut happened).await;
    match intake.admit_event(session.account(), *happened).await {
        Ok(_) => tracing::info!(mailbox = %session.account(), "a late key opened a message"),
        Err(error) => {
            tracing::error!(error = %error, "a message opened late can't be stored; trying again");
        }
    }
}

/// Tries a message less and less often, but at once when keys come for its room.
#[derive(Default)]
struct Patience {
    /// For each message: tries so far, and rounds still to wait.
    waits: BTreeMap<EventId, (u32, u32)>,
}

impl Patience {
    /// The messages to try in this round.
    fn choose(
        &mut self,
        locked: Vec<(RoomId, EventId)>,
        news: &BTreeSet<String>,
    ) -> Vec<(RoomId, EventId)> {
        let mut before = std::mem::take(&mut self.waits);
        let mut chosen = Vec::new();
        for (room, event) in locked {
            let (tries, wait) = before.remove(&event).unwrap_or_default();
            // A round with news is no round of the timer.
            let wait = if news.is_empty() {
                wait.saturating_sub(1)
            } else {
                wait
            };
            let now = wait == 0 || news.contains(room.as_str());
            let next = if now {
                (
                    tries.saturating_add(1),
                    (1 << tries.min(16)).min(MOST_ROUNDS),
                )
            } else {
                (tries, wait)
            };
            self.waits.insert(event.clone(), next);
            if now {
                chosen.push((room, event));
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_less_and_less_but_at_once_when_keys_come() {
        let locked = || {
            let ids = (RoomId::parse("!a").unwrap(), EventId::parse("$1").unwrap());
            vec![ids]
        };
        let mut patience = Patience::default();
        let nothing = BTreeSet::new();
        let rounds: Vec<usize> = (0..16)
            .map(|_| patience.choose(locked(), &nothing).len())
            .collect();
        assert_eq!(rounds, [1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
        let elsewhere = BTreeSet::from(["!b".to_owned()]);
        assert_eq!(patience.choose(locked(), &elsewhere).len(), 0);
        let here = BTreeSet::from(["!a".to_owned()]);
        assert_eq!(patience.choose(locked(), &here).len(), 1);
        assert!(patience.choose(Vec::new(), &nothing).is_empty());
        assert!(patience.waits.is_empty(), "what is opened is forgotten");
    }
}

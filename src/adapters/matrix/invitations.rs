//! Invitations: accepted from the few who may invite us, turned down without a word from all others.

use crate::adapters::matrix::failure::trouble_of;
use crate::adapters::matrix::session::MatrixSession;
use crate::adapters::matrix::settings::Inviters;
use crate::adapters::matrix::waiting::{Backoff, Waited, rest};
use crate::domain::chat::ids::UserId;
use futures_util::StreamExt;
use matrix_sdk::ruma::api::client::membership::leave_room;
use matrix_sdk::{Error, Room, RoomState};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two looks. The library keeps what we were invited to, so nothing is lost in between.
const EVERY: Duration = Duration::from_millis(500);
/// Invitations that are answered at the same time: a server that doesn't answer must not hold up others.
const AT_ONCE: usize = 8;

impl Inviters {
    /// May this person invite us?
    pub fn accept(&self, inviter: &UserId) -> bool {
        let server = inviter.server();
        self.officials.contains(inviter)
            || (!server.is_empty()
                && self
                    .trusted_servers
                    .iter()
                    .any(|trusted| trusted.eq_ignore_ascii_case(server)))
    }
}

/// Answers invitations until the program stops, those that came while we were away too. Joining may take
/// long, so it isn't done by the loop that reads the rooms.
pub(super) async fn answer(session: &MatrixSession, stop: &CancellationToken) {
    let mut backoff = Backoff::default();
    let mut pause = EVERY;
    while rest(pause, stop).await == Waited::Through {
        let rooms = session.client.invited_rooms();
        let later = futures_util::stream::iter(rooms)
            .map(|room| async move { answer_one(session, &room).await })
            .buffer_unordered(AT_ONCE)
            .filter(|outcome| std::future::ready(*outcome == Outcome::Later))
            .count()
            .await;
        pause = if later == 0 {
            backoff.reset();
            EVERY
        } else {
            backoff.next_pause()
        };
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Answered,
    Later,
}

async fn answer_one(session: &MatrixSession, room: &Room) -> Outcome {
    // The room is there a moment before the library knows who invites.
    let Ok(invite) = room.invite_details().await else {
        return Outcome::Later;
    };
    let inviter = UserId::parse(invite.inviter_id.as_str());
    let inviters = &session.settings.inviters;
    let welcome = inviter.is_some_and(|inviter| inviters.accept(&inviter));
    if !welcome {
        return outcome(turn_down(room).await);
    }
    match room.join().await {
        Ok(()) => {
            tracing::info!(mailbox = %session.account(), "an invitation was accepted");
            Outcome::Answered
        }
        Err(error) if trouble_of(&error).passes() => Outcome::Later,
        // It was taken back, or leads nowhere.
        Err(_) if still_invites(room.state()) => outcome(turn_down(room).await),
        Err(_) => Outcome::Answered,
    }
}

/// Does a room still invite us that could not be joined? Another instance may have joined meanwhile: the library refuses to
/// join again, and to turn that down would be to leave the room for all instances.
fn still_invites(state: RoomState) -> bool {
    state == RoomState::Invited
}

/// Turns an invitation down. The library leaves the rooms too that this one says it follows, and its maker may have named
/// any: then the homeserver is asked for this room alone, and the next look tells the library.
async fn turn_down(room: &Room) -> Result<(), Error> {
    if room.predecessor_room().is_none() {
        return room.leave().await;
    }
    let request = leave_room::v3::Request::new(room.room_id().to_owned());
    room.client().send(request).await?;
    Ok(())
}

fn outcome(left: Result<(), Error>) -> Outcome {
    match left {
        Err(error) if trouble_of(&error).passes() => Outcome::Later,
        _ => Outcome::Answered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_that_another_instance_joined_is_not_left() {
        assert!(still_invites(RoomState::Invited));
        for state in [
            RoomState::Joined,
            RoomState::Left,
            RoomState::Knocked,
            RoomState::Banned,
        ] {
            assert!(!still_invites(state), "{state:?}");
        }
    }

    #[test]
    fn only_officials_and_people_of_trusted_servers_may_invite() {
        let inviters = Inviters {
            officials: vec![UserId::parse("@an:hackegem.example").unwrap()],
            trusted_servers: vec!["crt.example".to_owned()],
        };
        for (who, welcome) in [
            ("@an:hackegem.example", true),
            ("@bert:hackegem.example", false),
            ("@iemand:crt.example", true),
            ("@iemand:CRT.example", true),
            ("@iemand:evil.crt.example", false),
            ("@iemand:crt.example.evil", false),
            ("@iemand:crt.example:8448", false),
            ("@an", false),
        ] {
            let accepted = inviters.accept(&UserId::parse(who).unwrap());
            assert_eq!(accepted, welcome, "{who}");
        }
        let nobody = Inviters::default();
        assert!(!nobody.accept(&UserId::parse("@an:hackegem.example").unwrap()));
    }
}

//! An outgoing message as bytes, before it is sealed.
//!
//! A mail is kept exactly as it goes to the server: the length of its envelope, the envelope as JSON, the
//! mail itself. An act in chat is JSON.

use crate::adapters::store::fault::inconsistent;
use crate::app::ports::{Dispatch, OutgoingMail, Route, StoreError};
use crate::domain::address::EmailAddress;

/// Lays a message down as bytes.
pub(super) fn pack(dispatch: &Dispatch) -> Result<Vec<u8>, StoreError> {
    let wrong = || inconsistent("outbox", "a message that can't be written down");
    match dispatch {
        Dispatch::Chat(errand) => serde_json::to_vec(errand).map_err(|_| wrong()),
        Dispatch::Mail(mail) => {
            let envelope =
                serde_json::to_vec(&(&mail.envelope_from, &mail.to)).map_err(|_| wrong())?;
            let length = u32::try_from(envelope.len()).map_err(|_| wrong())?;
            let mut packed = length.to_be_bytes().to_vec();
            packed.extend_from_slice(&envelope);
            packed.extend_from_slice(&mail.bytes);
            Ok(packed)
        }
    }
}

/// Takes a message from the bytes it was laid down as.
pub(super) fn unpack(route: Route, packed: &[u8]) -> Result<Dispatch, StoreError> {
    let wrong = || inconsistent("outbox", "a message that can't be read");
    if route == Route::Chat {
        let errand = serde_json::from_slice(packed).map_err(|_| wrong())?;
        return Ok(Dispatch::Chat(errand));
    }
    let (length, rest) = packed.split_first_chunk::<4>().ok_or_else(wrong)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| wrong())?;
    let (envelope, bytes) = rest.split_at_checked(length).ok_or_else(wrong)?;
    let (envelope_from, to): (Option<EmailAddress>, EmailAddress) =
        serde_json::from_slice(envelope).map_err(|_| wrong())?;
    Ok(Dispatch::Mail(OutgoingMail {
        envelope_from,
        to,
        bytes: bytes.to_vec(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ports::ChatErrand;
    use crate::domain::chat::post::Post;

    #[test]
    fn a_message_is_unpacked_as_it_was_packed() {
        let address = |text| EmailAddress::parse(text).unwrap();
        let mail = |envelope_from| {
            Dispatch::Mail(OutgoingMail {
                envelope_from,
                to: address("jan@hackegem.be"),
                bytes: b"Subject: x\r\n\r\n\xff\0".to_vec(),
            })
        };
        let post = Post::notice(["one", "two"]);
        for dispatch in [
            mail(None),
            mail(Some(address("bounce+t@crt.example"))),
            Dispatch::Chat(ChatErrand::Card),
            Dispatch::Chat(ChatErrand::Thread { post }),
        ] {
            let packed = pack(&dispatch).unwrap();
            assert!(unpack(dispatch.route(), &packed).unwrap() == dispatch);
        }
        for wrong in [&b""[..], b"\0\0", b"\0\0\0\x09[]", b"\xff\xff\xff\xff"] {
            assert!(unpack(Route::Mail, wrong).is_err());
            assert!(unpack(Route::Chat, wrong).is_err());
        }
    }
}

//! Has a mail one reading only? Two programs that read it differently would let one part be signed and another believed.

use crate::adapters::mail::parse::fields::{Header, Overflow};
use mail_auth::AuthenticatedMessage;

/// Fields that say who, what, to whom and how it is read; each may stand once (RFC 5322, 3.6; RFC 2045, 4).
const ONCE: [&str; 13] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// No field that may stand once stands twice, and no name has anything in it that another program may cut off.
pub(super) fn has_one_reading(header: &Header<'_>) -> bool {
    header.overflowing == Overflow::No
        && ONCE.iter().all(|name| header.all(name).count() <= 1)
        && header
            .fields
            .iter()
            .all(|field| field.name.iter().all(u8::is_ascii_graphic))
}

/// Is there a CR without its LF? The canonical forms of mail-auth leave it out of what is signed, and we would begin a
/// line there.
pub(super) fn has_bare_return(lines: &[u8]) -> bool {
    let followed = lines.get(1..).unwrap_or_default().iter();
    let pairs = lines.iter().zip(followed.map(Some).chain([None]));
    pairs
        .into_iter()
        .any(|(byte, next)| *byte == b'\r' && next != Some(&b'\n'))
}

/// Does mail-auth see the fields that we read, and the same body? A mail that two programs cut differently could be
/// signed in one reading and believed in the other.
pub(super) fn reads_alike(
    header: &Header<'_>,
    lines: &[u8],
    message: &AuthenticatedMessage<'_>,
) -> bool {
    let theirs = message.headers.iter().map(|(name, _)| *name);
    let ours = header.fields.iter().map(|field| field.name);
    let body = lines.get(message.body_offset as usize..);
    theirs.eq(ours) && body == Some(header.body)
}

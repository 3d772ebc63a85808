//! Is a mail encrypted or signed with OpenPGP? Only recognised; nothing is decrypted or verified yet.

use crate::domain::intake::message::IncomingMail;
use crate::domain::triage::category::closed_list;

closed_list! {
    /// The OpenPGP form of a mail.
    PgpForm {
        /// Neither.
        None = "none",
        /// PGP/MIME encrypted (RFC 3156, 4).
        MimeEncrypted = "mime-encrypted",
        /// PGP/MIME signed (RFC 3156, 5).
        MimeSigned = "mime-signed",
        /// An armoured message in the text.
        InlineEncrypted = "inline-encrypted",
        /// An armoured signature in the text.
        InlineSigned = "inline-signed",
    }
}

/// The OpenPGP form of a mail.
pub fn form_of(mail: &IncomingMail) -> PgpForm {
    let declares = |protocol: &str| {
        mail.header("Content-Type")
            .any(|value| value.to_lowercase().contains(protocol))
    };
    if mail.media_type == "multipart/encrypted" && declares("pgp-encrypted") {
        PgpForm::MimeEncrypted
    } else if mail.media_type == "multipart/signed" && declares("pgp-signature") {
        PgpForm::MimeSigned
    } else if mail.text.contains("-----BEGIN PGP MESSAGE-----") {
        PgpForm::InlineEncrypted
    } else if mail.text.contains("-----BEGIN PGP SIGNED MESSAGE-----") {
        PgpForm::InlineSigned
    } else {
        PgpForm::None
    }
}

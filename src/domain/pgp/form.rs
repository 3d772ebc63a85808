//! How a mail is encrypted or signed with OpenPGP, and whether it could be opened.

use crate::domain::triage::category::closed_list;

closed_list! {
    /// The OpenPGP form of a mail: the first that is met, from the outside in.
    #[derive(Default)]
    PgpForm {
        /// Neither encrypted nor signed.
        #[default]
        None = "none",
        /// PGP/MIME encrypted (RFC 3156, 4), also where a mail server changed its outer type.
        MimeEncrypted = "mime-encrypted",
        /// PGP/MIME signed (RFC 3156, 5).
        MimeSigned = "mime-signed",
        /// An armoured message in the text.
        InlineEncrypted = "inline-encrypted",
        /// An armoured signature in the text.
        InlineSigned = "inline-signed",
    }
}

impl PgpForm {
    /// Could nobody read it on its way?
    pub fn is_encrypted(self) -> bool {
        matches!(self, Self::MimeEncrypted | Self::InlineEncrypted)
    }
}

closed_list! {
    /// What came of opening an encrypted mail.
    #[derive(Default)]
    Opening {
        /// It isn't encrypted.
        #[default]
        NotEncrypted = "not-encrypted",
        /// It was opened.
        Opened = "opened",
        /// We have none of the keys that it is encrypted to.
        NoKey = "no-key",
        /// It is damaged, too large, or not protected against changes (RFC 9580, 13.7): what may come out of it
        /// could be anybody's words.
        Damaged = "damaged",
    }
}

impl Opening {
    /// Is there a mail that nobody here can read?
    pub fn has_failed(self) -> bool {
        matches!(self, Self::NoKey | Self::Damaged)
    }
}

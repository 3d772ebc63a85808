//! What the OpenPGP layer of a mail says, before anybody's key is asked for.

use crate::domain::pgp::certificate::{Certificate, Fingerprint};
use crate::domain::pgp::course::WhyNotice;
use crate::domain::pgp::form::{Opening, PgpForm};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The OpenPGP layer of one mail. Confidential, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PgpReading {
    /// How it is protected.
    pub form: PgpForm,
    /// What came of opening it.
    pub opening: Opening,
    /// The signatures over all of its words, not yet checked.
    pub signed: Vec<SignedContent>,
    /// The certificates that came along: attached, or in an `Autocrypt` field. Anybody can send any.
    pub offered: Vec<Certificate>,
}

/// A signature with what it is over.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedContent {
    /// The signature packet.
    pub signature: Vec<u8>,
    /// What it is over.
    pub over: Over,
}

/// What a signature is over.
#[derive(Clone, PartialEq, Eq)]
pub enum Over {
    /// These bytes; several signatures share them.
    Content(Arc<[u8]>),
    /// Bytes with this hash, made as the signature asks.
    Hash(Vec<u8>),
}

/// What a mail's signature proves.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "signature", content = "signer", rename_all = "kebab-case")]
pub enum Signature {
    /// There is none.
    #[default]
    None,
    /// It was made by the certificate with this fingerprint. Whose that is, is another question.
    Good(Fingerprint),
    /// It doesn't fit: words or signature were changed on the way.
    Bad,
    /// We don't have the certificate that it names.
    UnknownKey,
    /// It was made by a key that is expired or revoked, or with a hash that no longer proves anything.
    Outdated,
}

impl Signature {
    /// The word in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Good(_) => "good",
            Self::Bad => "bad",
            Self::UnknownKey => "unknown-key",
            Self::Outdated => "outdated",
        }
    }

    /// Who made it, where it is good.
    pub fn signer(&self) -> Option<&Fingerprint> {
        match self {
            Self::Good(signer) => Some(signer),
            _ => None,
        }
    }
}

/// What a ticket remembers of the OpenPGP layer of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PgpNote {
    /// How it was protected.
    pub form: PgpForm,
    /// What came of opening it.
    pub opening: Opening,
    /// What its signature proves.
    pub signature: Signature,
    /// The certificate to which an answer is encrypted, where it is.
    pub answers_to: Option<Certificate>,
    /// Why no more than a notice may answer it, where that is so.
    #[serde(default)]
    pub notice: Option<WhyNotice>,
    /// The certificate that asks to take the place of the one that is pinned, where one does.
    #[serde(default)]
    pub claims: Option<Certificate>,
}

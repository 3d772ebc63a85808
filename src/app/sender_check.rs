//! The own check of a sender, where the configuration allows one: asks for the signatures of a mail before it is
//! decided, and never again. What came out stands in the record of the decision.
//!
//! Whose signatures are worth it is decided in `domain::intake::sender`.

use crate::app::ports::mail::DkimVerifier;
use crate::app::understand::ReadMail;
use crate::domain::address::EmailAddress;
use crate::domain::intake::sender::{Constituents, worth_checking};

/// Checks the signatures of a mail, and adds what they say to what our border server recorded.
pub async fn check_signatures(
    verifier: &dyn DkimVerifier,
    raw: &[u8],
    read: &mut ReadMail,
    constituents: &Constituents,
    team: &[EmailAddress],
) {
    if let Some(from) = worth_checking(&read.mail, read.authentication, constituents, team) {
        let verdict = verifier.verify(raw, from).await;
        read.note_own_dkim(verdict);
    }
}

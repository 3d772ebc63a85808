//! The own check of a sender, where the configuration allows one: asks for the signatures of a mail before it is
//! decided, and never again. What came out stands in the record of the decision.
//!
//! Whose signatures are worth it is decided in `domain::intake::sender`.

use crate::app::ports::mail::DkimVerifier;
use crate::app::understand::ReadMail;
use crate::domain::address::EmailAddress;
use crate::domain::intake::sender::{Constituents, Verdict, worth_checking};

/// Checks the signatures of a mail, and adds what they say to what our border server recorded. Gives the verdict of
/// this check alone; nothing where none was made.
pub async fn check_signatures(
    verifier: Option<&dyn DkimVerifier>,
    raw: &[u8],
    read: &mut ReadMail,
    constituents: &Constituents,
    team: &[EmailAddress],
) -> Option<Verdict> {
    let from = worth_checking(&read.mail, read.authentication, constituents, team)?;
    let verdict = verifier?.verify(raw, from).await;
    read.own_dkim = Some(verdict);
    read.authentication = read.authentication.with_own_dkim(verdict);
    Some(verdict)
}

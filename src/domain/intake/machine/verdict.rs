//! The layers in their order, and what comes out of them together.

use crate::domain::address::EmailAddress;
use crate::domain::intake::machine::{bounce, list, report, responder, sender};
use crate::domain::intake::message::{IncomingMail, ReturnPath};
use crate::domain::triage::category::Kind;

/// What the gate thinks of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineVerdict {
    /// The kind of machine; nothing where a person wrote it, as far as can be seen.
    pub kind: Option<Kind>,
    /// May an automatic mail go back? Always false for a machine, and for a person who asks for silence.
    pub answerable: bool,
    /// Why, in order of weight: header names and closed values only, never content.
    pub because: Vec<String>,
}

/// What one layer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind it proves; nothing where it only asks for silence.
    pub kind: Option<Kind>,
    /// Its reason, for example `auto-submitted: auto-replied`.
    pub because: String,
}

impl Finding {
    /// A machine of this kind.
    pub fn machine(kind: Kind, because: impl Into<String>) -> Self {
        Self {
            kind: Some(kind),
            because: because.into(),
        }
    }

    /// No proof of a machine, but no answer either.
    pub fn silence(because: impl Into<String>) -> Self {
        Self {
            kind: None,
            because: because.into(),
        }
    }
}

/// Judges a mail. `own_addresses` are the mailboxes of the team: what comes from them is never answered.
///
/// Every layer is asked, so that all reasons are on record; the first one with a kind decides.
pub fn judge(mail: &IncomingMail, own_addresses: &[EmailAddress]) -> MachineVerdict {
    let layers = [
        bounce::delivery_report(mail),
        bounce::other_bounce(mail),
        report::read_receipt(mail),
        report::about_mail(mail),
        sender::ourselves(mail, own_addresses),
        responder::answered_by_itself(mail),
        report::calendar(mail),
        list::proper_list(mail),
        responder::made_by_itself(mail),
        sender::never_answers(mail),
        responder::out_of_office(mail),
        list::bulk(mail),
        responder::inbox_rule(mail),
        null_sender(mail),
        responder::asks_for_silence(mail),
    ];
    let found: Vec<Finding> = layers.into_iter().flatten().collect();
    MachineVerdict {
        kind: found.iter().find_map(|finding| finding.kind),
        answerable: found.is_empty(),
        because: found.into_iter().map(|finding| finding.because).collect(),
    }
}

/// The null sender is only used by machines (RFC 3834, 2). Alone it does not say which one, so the
/// mail counts as an alarm: never answered, but looked at.
fn null_sender(mail: &IncomingMail) -> Option<Finding> {
    (mail.return_path == ReturnPath::Null).then(|| Finding::machine(Kind::Alert, "null-sender"))
}

//! The layers in their order, and what comes out of them together.

use crate::domain::address::EmailAddress;
use crate::domain::intake::machine::{alarm, bounce, list, passed_on, report, responder, sender};
use crate::domain::intake::message::{IncomingMail, ReturnPath};
use crate::domain::triage::category::Kind;

/// What the gate thinks of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineVerdict {
    /// The kind of machine; nothing where a person wrote it, as far as can be seen.
    pub kind: Option<Kind>,
    /// The kind that a layer was sure of; nothing where a person may have written it.
    pub sure: Option<Kind>,
    /// May an automatic mail go back? Always false for a machine, and for a person who asks for silence.
    pub answerable: bool,
    /// Why, in order of weight: header names and closed values only, never content.
    pub because: Vec<String>,
}

/// How sure a layer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// No person's mail looks like this.
    Sure,
    /// A person's mail may look like this too: enough for silence, not for looking away.
    Perhaps,
}

/// What one layer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind it points to; nothing where it only asks for silence.
    pub kind: Option<Kind>,
    /// How surely.
    pub certainty: Certainty,
    /// Its reason, for example `auto-submitted: auto-replied`.
    pub because: String,
}

impl Finding {
    /// Surely a machine of this kind.
    pub fn machine(kind: Kind, because: impl Into<String>) -> Self {
        Self::of(kind, Certainty::Sure, because)
    }

    /// Perhaps a machine of this kind, perhaps a person.
    pub fn perhaps(kind: Kind, because: impl Into<String>) -> Self {
        Self::of(kind, Certainty::Perhaps, because)
    }

    /// A machine of this kind, as surely as this.
    pub fn of(kind: Kind, certainty: Certainty, because: impl Into<String>) -> Self {
        Self {
            kind: Some(kind),
            certainty,
            because: because.into(),
        }
    }

    /// No proof of a machine, but no answer either.
    pub fn silence(because: impl Into<String>) -> Self {
        Self {
            kind: None,
            certainty: Certainty::Sure,
            because: because.into(),
        }
    }

    /// What is put on record.
    fn reason(self) -> String {
        match self.certainty {
            Certainty::Sure => self.because,
            Certainty::Perhaps => format!("perhaps: {}", self.because),
        }
    }
}

/// Judges a mail. `own_addresses` are the mailboxes of the team: what comes from them is never answered.
///
/// Every layer is asked, so that all reasons are on record; the first that is sure decides. Where none is,
/// the mail counts as an alarm: a person taken for a machine would disappear, an alarm gets a ticket.
pub fn judge(mail: &IncomingMail, own_addresses: &[EmailAddress]) -> MachineVerdict {
    let layers = [
        bounce::delivery_report(mail),
        bounce::other_bounce(mail),
        report::read_receipt(mail),
        report::about_mail(mail),
        sender::ourselves(mail, own_addresses),
        responder::answered_by_itself(mail),
        report::calendar(mail),
        list::proper_list(mail, own_addresses),
        responder::made_by_itself(mail),
        sender::never_answers(mail),
        alarm::alarm(mail),
        responder::out_of_office(mail),
        list::bulk(mail, own_addresses),
        passed_on::inbox_rule(mail),
        null_sender(mail),
        responder::asks_for_silence(mail),
    ];
    let found: Vec<Finding> = layers.into_iter().flatten().collect();
    let kind_of = |finding: &Finding| {
        finding
            .kind
            .filter(|_| finding.certainty == Certainty::Sure)
    };
    let doubtful = found.iter().any(|finding| finding.kind.is_some());
    let sure = found.iter().find_map(kind_of);
    MachineVerdict {
        kind: sure.or(doubtful.then_some(Kind::Alert)),
        sure,
        answerable: found.is_empty(),
        because: found.into_iter().map(Finding::reason).collect(),
    }
}

/// The null sender is only used by machines (RFC 3834, 2). Alone it does not say which one, so the
/// mail counts as an alarm: never answered, but looked at.
fn null_sender(mail: &IncomingMail) -> Option<Finding> {
    (mail.return_path == ReturnPath::Null).then(|| Finding::machine(Kind::Alert, "null-sender"))
}

#[cfg(test)]
#[path = "doubt_tests.rs"]
mod doubt_tests;
#[cfg(test)]
#[path = "kind_tests.rs"]
mod kind_tests;
#[cfg(test)]
#[path = "verdict_tests.rs"]
pub(in crate::domain::intake::machine) mod tests;

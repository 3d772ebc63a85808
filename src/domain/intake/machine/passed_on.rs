//! Mail that somebody else's mailbox passed on to us, by a rule or by hand. What its header says of a
//! program is about the passing on, not about the one who wrote it.

use crate::domain::intake::machine::verdict::Finding;
use crate::domain::intake::message::{IncomingMail, ReturnPath};
use crate::domain::triage::category::Kind;

/// What mail programs write before the subject of what they forward.
const FORWARDED: &[&str] = &[
    "fw:",
    "fwd:",
    "tr:",
    "tr :",
    "wg:",
    "i:",
    "doorst:",
    "doorgestuurd:",
    "[fwd:",
];

/// How a mail was passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedOn {
    /// As it was, under the name of its writer (RFC 5322, 3.6.6).
    Redirected,
    /// By a mailbox rule, under the name of the one whose mailbox it is.
    Forwarded,
}

/// Was a mail passed on? Exchange writes into each mail that a rule has made whose rule it was; that is the
/// sender of an answer and of what is forwarded, and somebody else where it is redirected.
pub fn passed_on(mail: &IncomingMail) -> Option<PassedOn> {
    let resent = ["Resent-From", "Resent-Sender", "Resent-To"]
        .into_iter()
        .any(|name| mail.header(name).next().is_some());
    let owners: Vec<String> = mail
        .header("X-MS-Exchange-Inbox-Rules-Loop")
        .map(str::to_lowercase)
        .collect();
    let by_owner = mail.from.iter().any(|from| {
        let address = from.address.as_str().to_lowercase();
        owners.iter().any(|owner| owner.contains(&address))
    });
    // An answer of Exchange goes to nobody, or asks for silence; its owner may have two addresses.
    let answer = mail.return_path == ReturnPath::Null
        || mail.header("X-Auto-Response-Suppress").next().is_some();
    let by_another = owners.iter().any(|owner| owner.contains('@')) && !by_owner && !answer;
    if resent || by_another {
        return Some(PassedOn::Redirected);
    }
    let by_rule = !owners.is_empty() || by_rules_agent(mail);
    let subject: String = mail.subject.trim_start().chars().take(20).collect();
    let subject = subject.to_lowercase();
    let forwarded = FORWARDED.iter().any(|prefix| subject.starts_with(prefix));
    (by_rule && forwarded).then_some(PassedOn::Forwarded)
}

/// Did the part of Exchange make this mail that answers, forwards and redirects for somebody?
pub fn by_rules_agent(mail: &IncomingMail) -> bool {
    mail.header("X-MS-Exchange-Generated-Message-Source")
        .any(|value| value.to_lowercase().contains("mailbox rules agent"))
}

/// What was passed on may be a report. Redirected, it is a mail of its writer, who does not know that we
/// have it; forwarded by a rule, an answer would go back into that rule. So nobody is answered, and a human
/// sees it.
pub fn inbox_rule(mail: &IncomingMail) -> Option<Finding> {
    match passed_on(mail) {
        Some(PassedOn::Redirected) => Some(Finding::silence("resent")),
        Some(PassedOn::Forwarded) => Some(Finding::machine(Kind::Alert, "forwarded by a rule")),
        None if mail
            .header("X-MS-Exchange-Inbox-Rules-Loop")
            .next()
            .is_some() =>
        {
            Some(Finding::machine(
                Kind::Alert,
                "x-ms-exchange-inbox-rules-loop",
            ))
        }
        None => by_rules_agent(mail)
            .then(|| Finding::machine(Kind::Alert, "x-ms-exchange-generated-message-source")),
    }
}

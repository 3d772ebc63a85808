//! Mail to many: discussion lists (RFC 2369, RFC 2919), newsletters and other bulk mail.

use crate::domain::intake::machine::verdict::{Certainty, Finding};
use crate::domain::intake::message::{IncomingMail, ReturnPath};
use crate::domain::triage::category::Kind;

/// Fields of software that keeps a list and distributes what people write to it.
const DISCUSSION: &[&str] = &[
    "List-Id",
    "List-Post",
    "Mailing-List",
    "X-Mailing-List",
    "X-MLServer",
    "X-ML-Name",
];

/// Fields that anybody adds who sends to many, also for one alarm to one customer.
const BULK: &[&str] = &[
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Subscribe",
    "List-Help",
    "List-Owner",
    "List-Archive",
    "Feedback-ID",
];

fn precedence(mail: &IncomingMail, wanted: &str) -> bool {
    ["Precedence", "X-Precedence"]
        .into_iter()
        .flat_map(|name| mail.header(name))
        .any(|value| value.trim().eq_ignore_ascii_case(wanted))
}

/// A mail through a list.
pub fn proper_list(mail: &IncomingMail) -> Option<Finding> {
    let field = DISCUSSION
        .iter()
        .find(|name| mail.header(name).next().is_some());
    if let Some(name) = field {
        return Some(Finding::machine(Kind::List, name.to_lowercase()));
    }
    if precedence(mail, "list") {
        return Some(Finding::machine(Kind::List, "precedence: list"));
    }
    let by_software = precedence(mail, "bulk") && sent_by_list_software(mail);
    by_software.then(|| Finding::machine(Kind::List, "precedence: bulk, sender: list software"))
}

/// Did list software put itself in between, as `Sender` or as envelope sender?
fn sent_by_list_software(mail: &IncomingMail) -> bool {
    let returned = match &mail.return_path {
        ReturnPath::Address(address) => is_list_software(&address.local().to_lowercase()),
        ReturnPath::Null | ReturnPath::Missing => false,
    };
    returned
        || mail.header("Sender").any(|sender| {
            let local = sender.split('@').next().unwrap_or_default();
            let local = local.rsplit(['<', ' ']).next().unwrap_or_default();
            is_list_software(&local.to_lowercase())
        })
}

/// Local parts under which list software writes, in lower case.
pub fn is_list_software(local: &str) -> bool {
    matches!(local, "listserv" | "majordomo" | "mailman" | "sympa")
        || local.starts_with("owner-")
        || ["-owner", "-request", "-bounces", "-bounce"]
            .iter()
            .any(|end| local.ends_with(end))
}

/// Bulk mail. A way to unsubscribe together with a low precedence makes a newsletter. Each alone does not:
/// web forms and gateways add the first to what a person wrote, monitoring writes the second.
pub fn bulk(mail: &IncomingMail) -> Option<Finding> {
    let low = precedence(mail, "junk") || precedence(mail, "bulk");
    if let Some(name) = BULK.iter().find(|name| mail.header(name).next().is_some()) {
        let certainty = if low {
            Certainty::Sure
        } else {
            Certainty::Perhaps
        };
        return Some(Finding::of(Kind::List, certainty, name.to_lowercase()));
    }
    if precedence(mail, "junk") {
        return Some(Finding::machine(Kind::Alert, "precedence: junk"));
    }
    if precedence(mail, "bulk") {
        return Some(Finding::machine(Kind::Alert, "precedence: bulk"));
    }
    let loops = mail.header("X-Loop").next().is_some();
    loops.then(|| Finding::machine(Kind::Alert, "x-loop"))
}

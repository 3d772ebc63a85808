//! Mail to many: discussion lists (RFC 2369, RFC 2919), newsletters and other bulk mail.

use crate::domain::address::EmailAddress;
use crate::domain::intake::machine::alarm::warns;
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

/// A mail through a list. Where the list is our own mailbox, kept as a group, it is mail to us; and what
/// goes one way only and warns is an alarm.
pub fn proper_list(mail: &IncomingMail, own_addresses: &[EmailAddress]) -> Option<Finding> {
    if is_our_group(mail, own_addresses) {
        return None;
    }
    let because = list_mark(mail)?;
    let kind = if is_discussion(mail) || !warns(&mail.subject) {
        Kind::List
    } else {
        Kind::Alert
    };
    Some(Finding::machine(kind, because))
}

fn list_mark(mail: &IncomingMail) -> Option<String> {
    let field = DISCUSSION
        .iter()
        .find(|name| mail.header(name).next().is_some());
    if let Some(name) = field {
        return Some(name.to_lowercase());
    }
    if precedence(mail, "list") {
        return Some("precedence: list".to_owned());
    }
    let by_software = precedence(mail, "bulk") && sent_by_list_software(mail);
    by_software.then(|| "precedence: bulk, sender: list software".to_owned())
}

/// Can everybody on the list write to it? `NO` says that nobody can (RFC 2369, 3.4).
fn is_discussion(mail: &IncomingMail) -> bool {
    let posts = mail
        .header("List-Post")
        .any(|value| !value.trim().to_lowercase().starts_with("no"));
    posts
        || ["Mailing-List", "X-Mailing-List", "X-BeenThere"]
            .iter()
            .any(|name| mail.header(name).next().is_some())
}

/// Is the list one of our own addresses? Google and Microsoft keep shared mailboxes as groups, and add the
/// fields of a list to what people write to them.
fn is_our_group(mail: &IncomingMail, own_addresses: &[EmailAddress]) -> bool {
    own_addresses.iter().any(|own| {
        let address = own.as_str().to_lowercase();
        let id = address.replace('@', ".");
        let names = |name: &str, sought: &str| {
            mail.header(name).any(|value| {
                value
                    .to_lowercase()
                    .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ':' | ';' | ','))
                    .any(|word| word == sought)
            })
        };
        names("List-Id", &id)
            || ["List-Post", "Mailing-List", "X-BeenThere"]
                .iter()
                .any(|name| names(name, &address))
    })
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
pub fn bulk(mail: &IncomingMail, own_addresses: &[EmailAddress]) -> Option<Finding> {
    if is_our_group(mail, own_addresses) {
        return None;
    }
    let low = precedence(mail, "junk") || precedence(mail, "bulk");
    if let Some(name) = BULK.iter().find(|name| mail.header(name).next().is_some()) {
        let certainty = if low {
            Certainty::Sure
        } else {
            Certainty::Perhaps
        };
        let kind = if warns(&mail.subject) {
            Kind::Alert
        } else {
            Kind::List
        };
        return Some(Finding::of(kind, certainty, name.to_lowercase()));
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

//! Senders that are never answered, whatever they write: ourselves, and mailboxes that nobody reads.

use crate::domain::address::{EmailAddress, Mailbox};
use crate::domain::intake::machine::list::is_list_software;
use crate::domain::intake::machine::verdict::Finding;
use crate::domain::intake::message::IncomingMail;
use crate::domain::triage::category::Kind;

/// The field that stands on all our automatic mail, written here and nowhere else.
pub const OWN_MARK: &str = "X-Eerstelijn";

/// Local parts, without the signs between words, that say that nobody reads there.
const NOBODY_READS: &[&str] = &[
    "noreply",
    "noreplyto",
    "donotreply",
    "dontreply",
    "donotrespond",
    "nietbeantwoorden",
    "nietantwoorden",
    "geenantwoord",
    "nepasrepondre",
    "pasdereponse",
    "nichtantworten",
    "keineantwort",
];

/// Local parts of programs that write to people.
const PROGRAMS: &[&str] = &[
    "alert",
    "alerts",
    "alerting",
    "alarm",
    "alarms",
    "notification",
    "notifications",
    "notify",
    "notifier",
    "notificatie",
    "notificaties",
    "melding-automatisch",
    "root",
    "daemon",
    "nobody",
    "cron",
    "www-data",
    "apache",
    "nagios",
    "zabbix",
    "monitoring",
    "msonlineservicesteam",
    "o365mc",
    "office365alerts",
    "office365reports",
];

/// Our own mail came back, or somebody writes under our address. Without our mark that may be a note of the
/// person on duty to the mailbox, or a forgery: never answered, and shown to a human.
pub fn ourselves(mail: &IncomingMail, own_addresses: &[EmailAddress]) -> Option<Finding> {
    if mail.header(OWN_MARK).next().is_some() {
        return Some(Finding::machine(Kind::AutoReply, "own mark"));
    }
    let own: Vec<String> = own_addresses.iter().map(without_tag).collect();
    mail.from
        .iter()
        .any(|from| own.contains(&without_tag(&from.address)))
        .then(|| Finding::machine(Kind::Alert, "own address"))
}

/// The address without what stands behind a plus sign, for comparing.
fn without_tag(address: &EmailAddress) -> String {
    let local = address.local();
    let local = local.split_once('+').map_or(local, |(base, _)| base);
    format!("{local}@{}", address.domain()).to_lowercase()
}

/// A sender who gets no answer. His mail may be the alarm itself, so it is triaged; and a local part alone
/// proves no list software: `product-owner@` is a person.
pub fn never_answers(mail: &IncomingMail) -> Option<Finding> {
    mail.from.iter().find_map(never_answered)
}

fn never_answered(from: &Mailbox) -> Option<Finding> {
    let local = from.address.local().to_lowercase();
    let base = local
        .split_once('+')
        .map_or(local.as_str(), |(base, _)| base);
    if is_list_software(base) {
        return Some(Finding::perhaps(Kind::List, "from: list software"));
    }
    if base == "bounce" || base == "bounces" || base.starts_with("bounce-") {
        return Some(Finding::perhaps(Kind::MachineReport, "from: bounces"));
    }
    if nobody_reads(base) {
        return Some(Finding::machine(Kind::Alert, "from: noreply"));
    }
    PROGRAMS
        .contains(&base)
        .then(|| Finding::machine(Kind::Alert, "from: notifications"))
}

/// Does a local part say that nobody reads there?
pub fn nobody_reads(local: &str) -> bool {
    let joined: String = local.chars().filter(char::is_ascii_alphabetic).collect();
    let joined = joined.to_ascii_lowercase();
    NOBODY_READS.iter().any(|word| joined.contains(word))
}

//! Alarms: what programs that watch machines, logs and threats send. Such a mail may be the incident, so it
//! is triaged as an alarm; it is only never answered.

use crate::domain::intake::machine::verdict::Finding;
use crate::domain::intake::message::IncomingMail;
use crate::domain::triage::category::Kind;

/// Programs and devices that are named in the address they write from. No person is called so.
const PRODUCTS: &[&str] = &[
    "nagios",
    "icinga",
    "zabbix",
    "prtg",
    "checkmk",
    "sensu",
    "monit",
    "munin",
    "cacti",
    "observium",
    "librenms",
    "grafana",
    "alertmanager",
    "prometheus",
    "graylog",
    "splunk",
    "wazuh",
    "ossec",
    "qradar",
    "sentinel",
    "logwatch",
    "logcheck",
    "rkhunter",
    "tripwire",
    "clamav",
    "fortigate",
    "fortianalyzer",
    "fortimail",
    "forticloud",
    "fortinet",
    "paloalto",
    "checkpoint",
    "sonicwall",
    "pfsense",
    "opnsense",
    "mikrotik",
    "sophos",
    "crowdstrike",
    "sentinelone",
    "defender",
    "trendmicro",
    "bitdefender",
    "eset",
    "malwarebytes",
    "veeam",
    "acronis",
    "nessus",
    "qualys",
    "synology",
    "qnap",
    "idrac",
    "vcenter",
    "uptimerobot",
    "statuspage",
    "pagerduty",
    "opsgenie",
    "shadowserver",
    "autoreports",
    "autoreport",
];

/// What cron puts before the command whose output it mails (cron(8)): `Cron <user@host> command`.
const CRON: &str = "cron <";

/// Whose subject begins in a form that is built into a program.
const SUBJECTS: &[&str] = &[
    // Nagios and Icinga.
    "** problem",
    "** recovery",
    "** acknowledgement",
    "** flapping",
    "*** problem",
    "*** recovery",
    "problem - ",
    "recovery - ",
    // Zabbix.
    "problem: ",
    "resolved: ",
    "resolved in ",
    "ok: ",
    // Grafana and Alertmanager, Fail2Ban, sudo, Logwatch.
    "[firing:",
    "[alerting]",
    "[resolved]",
    "[fail2ban]",
    "*** security information for",
    "logwatch for ",
];

/// An alarm without any other mark, known by the program's name in its address or by the form of its
/// subject. Where a person writes so, it is only silence: an alarm gets a ticket.
pub fn alarm(mail: &IncomingMail) -> Option<Finding> {
    let by_address = mail.from.iter().any(|from| {
        let local = from.address.local().to_lowercase();
        local
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| PRODUCTS.contains(&word))
    });
    if by_address {
        return Some(Finding::machine(Kind::Alert, "from: monitoring"));
    }
    let start: String = mail.subject.trim().chars().take(60).collect();
    let start = start.to_lowercase();
    if start.starts_with(CRON) {
        return Some(Finding::machine(Kind::Alert, "subject: cron"));
    }
    SUBJECTS
        .iter()
        .any(|form| start.starts_with(form))
        .then(|| Finding::perhaps(Kind::Alert, "subject: monitoring"))
}

/// Words with which teams that warn begin their subjects. TLP labels belong into the subject of a mail
/// (FIRST TLP 2.0); teams write them first.
const WARNINGS: &[&str] = &[
    "tlp:",
    "warning",
    "alert",
    "advisory",
    "security alert",
    "security advisory",
    "critical vulnerability",
    "spear warning",
    "early warning",
    "waarschuwing",
    "beveiligingswaarschuwing",
    "kritieke kwetsbaarheid",
    "kwetsbaarheid",
    "alarm",
    "avertissement",
    "alerte",
    "vulnérabilité",
    "vulnérabilité critique",
    "warnung",
    "sicherheitswarnung",
];

/// Does a subject warn? Such a mail to many is no newsletter: it may be about us.
pub fn warns(subject: &str) -> bool {
    let start: String = subject.chars().take(200).collect();
    let start = start.to_lowercase();
    let parts = start.split([']', ')', '|', '-']).take(4);
    parts
        .map(|part| part.trim_start_matches(|c: char| !c.is_alphanumeric()))
        .any(|part| {
            WARNINGS.iter().any(|word| {
                part.strip_prefix(word).is_some_and(|rest| {
                    word.ends_with(':') || !rest.starts_with(char::is_alphanumeric)
                })
            })
        })
}

//! Testing a configuration for real: keys, database, knowledge, every connection, each finding with its
//! remedy. Sends nothing, makes no database, and changes nothing in a mailbox.

use crate::app::ports::Clock;
use crate::config::Config;
use crate::config::sections::{Dkim, Mailbox, dutch_french_english};
use crate::domain::address::EmailAddress;
use crate::domain::oncall::roster::Roster;
use crate::domain::oncall::window::Window;
use crate::domain::triage::category::Severity;
use crate::runtime::check_files::{check_secrets, check_store};
use crate::runtime::check_mail::{check_mailbox, check_smtp};
use crate::runtime::clock::SystemClock;
use crate::runtime::dkim::check_dkim;
use crate::runtime::knowledge::knowledge_for;
use crate::runtime::matrix::check_matrix;
use crate::runtime::team_key::team_key;
use crate::runtime::wire::WireError;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How far ahead gaps are looked for, in days, and how many of them are told.
const GAPS_AHEAD: (i64, usize) = (30, 10);

/// How a thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// It works.
    Good,
    /// It can't be tested from here; what to do is said.
    Untested,
    /// It works, but something is worth knowing.
    Warning,
    /// It doesn't work.
    Bad,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it was found.
    pub grade: Grade,
    /// What was looked at.
    pub subject: String,
    /// What was found and what to do.
    pub text: String,
}

impl Finding {
    pub(crate) fn good(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            grade: Grade::Good,
            subject: subject.into(),
            text: text.into(),
        }
    }

    pub(crate) fn untested(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            grade: Grade::Untested,
            subject: subject.into(),
            text: text.into(),
        }
    }

    pub(crate) fn warning(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            grade: Grade::Warning,
            subject: subject.into(),
            text: text.into(),
        }
    }

    pub(crate) fn bad(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            grade: Grade::Bad,
            subject: subject.into(),
            text: text.into(),
        }
    }
}

/// Tests everything that a configuration names.
pub async fn check(config: &Config) -> Vec<Finding> {
    let mut findings = settings_worth_knowing(config);
    findings.extend(roster_worth_knowing(&config.roster, SystemClock.now()));
    findings.extend(check_secrets(config));
    findings.extend(check_team_key(config, SystemClock.now()));
    findings.push(check_store(config).await);
    findings.push(match knowledge_for(Some(config)) {
        Ok(knowledge) => {
            let version: String = knowledge.handbook().version.chars().take(12).collect();
            Finding::good("knowledge", format!("loaded, version {version}"))
        }
        Err(error) => Finding::bad("knowledge", error.to_string()),
    });
    for n in 0..config.file.mailbox.len() {
        findings.extend(check_mailbox(config, n).await);
    }
    findings.extend(check_dkim(config).await);
    findings.push(check_smtp(config).await);
    findings.extend(check_matrix(config).await);
    findings
}

/// Can others still encrypt to us, and will they be able to in a month?
fn check_team_key(config: &Config, now: Timestamp) -> Option<Finding> {
    let key = match team_key(config) {
        Ok(key) => key?,
        Err(WireError::Setting { key, what }) => return Some(Finding::bad(key, what)),
        Err(error) => return Some(Finding::bad("pgp.key_file", error.to_string())),
    };
    let in_a_month = now.saturating_add(SignedDuration::from_hours(30 * 24));
    let address = EmailAddress::parse(&config.file.organisation.address);
    if address.is_some_and(|address| !key.certificate().names(&address)) {
        return Some(Finding::warning(
            "pgp.key_file",
            "the team's OpenPGP key doesn't name organisation.address, so mail programs won't find it; add the address with gpg --quick-add-uid, and bring the key with eerstelijn keys pgp --import FILE --renew",
        ));
    }
    Some(if key.is_usable(in_a_month.unwrap_or(now)) {
        Finding::good("pgp.key_file", format!("fingerprint {}", key.fingerprint()))
    } else {
        Finding::warning(
            "pgp.key_file",
            "the team's OpenPGP key has ended, is revoked, or ends within a month: nobody can encrypt to it then; make a new one with eerstelijn keys pgp --renew and publish it",
        )
    })
}

fn settings_worth_knowing(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::good(
        "config",
        format!("{} is in order", config.path.display()),
    )];
    if config.constituents.0.is_empty() {
        findings.push(Finding::warning(
            "constituents.file",
            "no constituents are listed, so no sender of a mail is known: replies hold the public first steps only, without ticket number and clocks (tickets are made all the same); name a CSV file",
        ));
    }
    let listed = &config.constituents.0;
    if !listed.is_empty() {
        let active = listed.iter().filter(|one| one.is_active()).count();
        let text = format!(
            "domains listed: {}, of which active: {active}",
            listed.len()
        );
        findings.push(Finding::good("constituents.file", text));
    }
    if config.file.organisation.phone.is_none() {
        findings.push(Finding::warning(
            "organisation.phone",
            "replies name no telephone number; who can't trust his mailbox can't reach you",
        ));
    }
    if config.file.organisation.languages != dutch_french_english() {
        findings.push(Finding::warning(
            "organisation.languages",
            "has no effect: replies follow the reporter's language; leave it out",
        ));
    }
    for (n, mailbox) in config.file.mailbox.iter().enumerate() {
        findings.extend(border_worth_knowing(n, mailbox, config.file.dkim.as_ref()));
    }
    if config.file.smtp.bounce_address.is_none() {
        findings.push(Finding::warning(
            "smtp.bounce_address",
            "bounces of our replies will not come back; name an address in a watched mailbox",
        ));
    }
    findings
}

/// Whose checks of a sender are believed. Whether the names and hops fit shows only in a mail that arrived.
fn border_worth_knowing(n: usize, mailbox: &Mailbox, own_check: Option<&Dkim>) -> Vec<Finding> {
    let ids = format!("mailbox[{n}].trusted_authserv_ids");
    if !mailbox.trusted_authserv_ids.is_empty() {
        return vec![Finding::untested(
            ids,
            format!(
                "whether these and own_hops = {} fit shows only in a real mail: save one of a constituent from this mailbox as a file, whole, and run `eerstelijn --config FILE triage MAIL`; its line \"checks\" must name SPF, DKIM and DMARC; set own_hops no higher than that needs, because with one too many a sender can write a record of his own",
                mailbox.own_hops
            ),
        )];
    }
    let mut findings = match own_check {
        Some(_) => vec![Finding::untested(
            ids,
            "empty, so only a DKIM signature that is checked here proves a sender; a border server that records Authentication-Results says more",
        )],
        None => vec![Finding::warning(
            ids,
            "empty, so no sender can be proven; name your border mail server as it stands in Authentication-Results, or add [dkim] so that signatures are checked here",
        )],
    };
    if mailbox.own_hops > 0 {
        findings.push(Finding::warning(
            format!("mailbox[{n}].own_hops"),
            "has no effect without trusted_authserv_ids; name them, or leave this out",
        ));
    }
    findings
}

fn roster_worth_knowing(roster: &Roster, now: Timestamp) -> Vec<Finding> {
    if roster.people.is_empty() {
        return vec![Finding::warning(
            "oncall",
            "nobody is on call, so nobody is woken; name people, rotations and policies as in config.example.toml",
        )];
    }
    let (people, rotations) = (roster.people.len(), roster.rotations.len());
    let mut findings = vec![Finding::good(
        "oncall",
        format!("people: {people}, rotations: {rotations}"),
    )];
    for severity in [Severity::Critical, Severity::High] {
        if roster.policies.of(severity).is_none() {
            findings.push(Finding::warning(
                format!("oncall.policy.{severity}"),
                "missing, so such a ticket wakes nobody; name its steps",
            ));
        }
    }
    let unreachable = roster.people.iter().enumerate();
    let unreachable =
        unreachable.filter(|(_, person)| person.mail.is_none() && person.matrix.is_none());
    findings.extend(unreachable.map(|(n, _)| {
        Finding::warning(
            format!("oncall.people[{n}]"),
            "has only a webhook, which this version doesn't call: give a mail address",
        )
    }));
    let to_come = roster.overrides.iter().enumerate();
    let idle = to_come.filter(|(_, one)| one.window.until() > now && roster.is_idle(one));
    findings.extend(idle.map(|(n, _)| {
        Finding::warning(
            format!("oncall.overrides[{n}]"),
            "changes nothing: it is never that person's turn then; see `eerstelijn oncall --from --to`",
        )
    }));
    let (days, most) = GAPS_AHEAD;
    let ahead = now.checked_add(SignedDuration::from_hours(days * 24));
    let window = Window::new(now, ahead.unwrap_or(Timestamp::MAX));
    match window.map(|window| roster.gaps(window)) {
        Ok(Ok(gaps)) => findings.extend(gaps.iter().take(most).map(|gap| {
            let zone = roster.rotation(&gap.rotation).map(|one| one.zone().clone());
            let zone = zone.unwrap_or(TimeZone::UTC);
            let wall = |at: Timestamp| {
                let wall = at.to_zoned_datetime(zone.clone());
                wall.strftime("%a %d %b %Y %H:%M %Z").to_string()
            };
            let text = format!(
                "nobody is on call from {} until {} ({}); add an override",
                wall(gap.from),
                wall(gap.until),
                gap.because
            );
            Finding::warning(format!("oncall rotation {}", gap.rotation), text)
        })),
        Ok(Err(too_much)) => findings.push(Finding::warning("oncall", too_much.to_string())),
        Err(_) => {}
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::oncall::overrides::{Change, Override};
    use crate::domain::oncall::people::{Person, Role};
    use crate::domain::oncall::rotation::Rotation;

    fn told(roster: &Roster) -> Vec<String> {
        let now = "2026-11-23T08:00:00Z".parse().unwrap();
        let findings = roster_worth_knowing(roster, now);
        let warnings = findings
            .iter()
            .filter(|finding| finding.grade == Grade::Warning);
        warnings
            .map(|finding| format!("{}: {}", finding.subject, finding.text))
            .collect()
    }

    #[test]
    fn what_is_missing_on_the_roster_is_told() {
        let mut roster = Roster::default();
        let nobody = told(&roster);
        assert_eq!(nobody.len(), 1);
        assert!(nobody.concat().contains("nobody is on call"), "{nobody:?}");
        let id: crate::domain::oncall::people::PersonId = "anna".parse().unwrap();
        roster.people = vec![Person {
            id: id.clone(),
            name: "Anna".to_owned(),
            matrix: None,
            mail: None,
            webhook: None,
            languages: Vec::new(),
            roles: vec![Role::Expert],
        }];
        let start = "2026-12-01T09:00".parse().unwrap();
        let (name, every) = ("first".parse().unwrap(), "1w".parse().unwrap());
        let rotation = Rotation::new(name, vec![id.clone()], start, TimeZone::UTC, every).unwrap();
        roster.overrides = vec![Override {
            rotation: rotation.id().clone(),
            window: Window::new(Timestamp::UNIX_EPOCH, rotation.started()).unwrap(),
            change: Change::Remove(id),
        }];
        roster.rotations = vec![rotation];
        assert_eq!(
            told(&roster),
            [
                "oncall.policy.critical: missing, so such a ticket wakes nobody; name its steps",
                "oncall.policy.high: missing, so such a ticket wakes nobody; name its steps",
                "oncall.people[0]: has only a webhook, which this version doesn't call: give a mail address",
                "oncall.overrides[0]: changes nothing: it is never that person's turn then; see `eerstelijn oncall --from --to`",
                "oncall rotation first: nobody is on call from Mon 23 Nov 2026 08:00 UTC until Tue 01 Dec 2026 09:00 UTC (rotation not started); add an override",
            ]
        );
    }
}

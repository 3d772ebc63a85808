//! Testing a configuration for real: keys, database, knowledge, every connection, each finding with its
//! remedy. Sends nothing and changes nothing in a mailbox.

use crate::adapters::mail::maildir::MaildirSource;
use crate::app::ports::SendFailure;
use crate::config::Config;
use crate::config::sections::MailboxKind;
use crate::runtime::matrix::check_matrix;
use crate::runtime::sources::{imap_from_config, maildir_from_config};
use crate::runtime::wire::{knowledge_for, mailbox_name, smtp_from_config, store_from_config};

/// How a thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// It works.
    Good,
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
    findings.push(match store_from_config(config).await {
        Ok(_) => Finding::good("store", "the database opens with this key"),
        Err(error) => Finding::bad("store", error.to_string()),
    });
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
    findings.push(check_smtp(config).await);
    findings.extend(check_matrix(config).await);
    findings
}

fn settings_worth_knowing(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::good(
        "config",
        format!("{} is in order", config.path.display()),
    )];
    if config.constituents.0.is_empty() {
        findings.push(Finding::warning(
            "constituents.file",
            "no constituents are listed, so nobody gets a ticket number or clocks; name a CSV file",
        ));
    }
    if config.file.organisation.phone.is_none() {
        findings.push(Finding::warning(
            "organisation.phone",
            "replies name no telephone number; who can't trust his mailbox can't reach you",
        ));
    }
    for (n, mailbox) in config.file.mailbox.iter().enumerate() {
        if mailbox.trusted_authserv_ids.is_empty() {
            findings.push(Finding::warning(
                format!("mailbox[{n}].trusted_authserv_ids"),
                "empty, so no sender can be proven; name your border mail server as it stands in Authentication-Results",
            ));
        }
    }
    if config.file.smtp.bounce_address.is_none() {
        findings.push(Finding::warning(
            "smtp.bounce_address",
            "bounces of our replies will not come back; name an address in a watched mailbox",
        ));
    }
    findings
}

async fn check_mailbox(config: &Config, n: usize) -> Option<Finding> {
    let mailbox = config.file.mailbox.get(n)?;
    let subject = mailbox_name(mailbox).to_string();
    let tested = match mailbox.kind {
        MailboxKind::Maildir => {
            let source = MaildirSource::new(maildir_from_config(config, mailbox));
            source.test_connection().map_err(|error| error.to_string())
        }
        MailboxKind::Imap => match imap_from_config(config, n) {
            Err(error) => Err(error.to_string()),
            // The library blocks, so it gets a thread on which that harms nobody.
            Ok(source) => tokio::task::spawn_blocking(move || {
                source.test_connection().map_err(|error| error.to_string())
            })
            .await
            .unwrap_or_else(|_| Err("the test itself failed".to_owned())),
        },
    };
    Some(match tested {
        Ok(()) => Finding::good(subject, "can be read"),
        Err(what) => Finding::bad(subject, what),
    })
}

async fn check_smtp(config: &Config) -> Finding {
    let subject = format!("smtp {}", config.file.smtp.host);
    let sender = match smtp_from_config(config) {
        Ok(sender) => sender,
        Err(error) => return Finding::bad(subject, error.to_string()),
    };
    match sender.test_connection().await {
        Ok(()) => Finding::good(subject, "takes our connection"),
        Err(failure) => Finding::bad(subject, remedy(failure)),
    }
}

fn remedy(failure: SendFailure) -> &'static str {
    match failure {
        SendFailure::Unreachable => "can't be reached; check smtp.host, smtp.port and the firewall",
        SendFailure::Tls => {
            "its certificate can't be trusted; check smtp.tls, and name a private authority in smtp.ca_file"
        }
        SendFailure::TimedOut => "does not answer; check smtp.port and smtp.tls",
        SendFailure::Login => "refuses the login; check smtp.user and smtp.password_file",
        SendFailure::RefusedForNow => "refuses for now; try again in a few minutes",
        SendFailure::Refused => "refuses us; ask its operator whether this machine may send",
        SendFailure::Unsendable => {
            "can't carry our mail; ask its operator for 8BITMIME and SMTPUTF8"
        }
    }
}

//! What `check` says about mailboxes and the mail server: each no with the key that it hangs on and what to do.
//! Sends nothing, and changes nothing in a mailbox.

use crate::adapters::mail::imap::error::ImapError;
use crate::adapters::mail::imap::source::ImapSource;
use crate::adapters::mail::maildir::{MaildirError, MaildirSource};
use crate::adapters::mail::token::TokenCommand;
use crate::app::ports::SendFailure;
use crate::config::Config;
use crate::config::mail_login::MailProof;
use crate::config::sections::{Mailbox, MailboxKind};
use crate::domain::address::EmailAddress;
use crate::domain::system_words::in_words;
use crate::runtime::check::Finding;
use crate::runtime::sources::{imap_from_config, maildir_from_config};
use crate::runtime::wire::{mailbox_name, smtp_from_config};
use std::io::ErrorKind;

/// The mailbox in the `n`th section can be read.
pub(crate) async fn check_mailbox(config: &Config, n: usize) -> Option<Finding> {
    let mailbox = config.file.mailbox.get(n)?;
    let subject = mailbox_name(mailbox).to_string();
    let tested = match mailbox.kind {
        MailboxKind::Maildir => {
            let source = MaildirSource::new(maildir_from_config(config, mailbox));
            let tested = source.test_connection();
            tested.map_err(|error| about_maildir(n, mailbox, &error))
        }
        MailboxKind::Imap => match imap_from_config(config, n) {
            Err(error) => Err(error.to_string()),
            Ok(source) => test_imap(source)
                .await
                .map_err(|error| format!("mailbox[{n}].{}", about_imap(&error))),
        },
    };
    Some(match tested {
        Ok(()) => Finding::good(subject, "can be read"),
        Err(what) => Finding::bad(subject, what),
    })
}

async fn test_imap(source: ImapSource) -> Result<(), ImapError> {
    let credential = source.credential().await?;
    // The library blocks, so it gets a thread on which that harms nobody.
    tokio::task::spawn_blocking(move || source.test_connection(&credential))
        .await
        .unwrap_or(Err(ImapError::Library))
}

fn about_maildir(n: usize, mailbox: &Mailbox, error: &MaildirError) -> String {
    let path = mailbox.path.clone().unwrap_or_default();
    let path = path.display();
    match error {
        MaildirError::Missing(ErrorKind::NotFound | ErrorKind::NotADirectory) => format!(
            "mailbox[{n}].path: there is no Maildir at {path}, as its folders new and cur are missing; check the path, or let the mail server deliver one mail there"
        ),
        MaildirError::Missing(cause) => format!(
            "mailbox[{n}].path: the Maildir at {path} can't be read ({}); let the user of the service read new and cur",
            in_words(*cause)
        ),
        MaildirError::ReadOnly(cause) => format!(
            "mailbox[{n}].path: nothing can be written in {path}/cur ({}); mail is moved there once it is stored, so let the user of the service write in new and cur",
            in_words(*cause)
        ),
        MaildirError::BadFolderName => format!(
            "mailbox[{n}].processed_folder: must be a plain name, as in \"Verwerkt\", without / and .."
        ),
    }
}

/// The key, and what to do.
fn about_imap(error: &ImapError) -> String {
    let (key, to_do) = match error {
        ImapError::Setup(_) => ("ca_file", ""),
        ImapError::Unreachable(_) => ("port", ""),
        ImapError::UnknownHost => ("host", ""),
        ImapError::Tls(_) => (
            "ca_file",
            "; write host as it stands in the server's certificate, and name a private authority in ca_file",
        ),
        ImapError::NoStartTls => (
            "tls",
            "; write tls = \"implicit\", most often with port 993",
        ),
        ImapError::Login => (
            "user",
            "; check user and password_file (or token_command), and that the server lets this user in over IMAP",
        ),
        ImapError::Token(_) => ("token_command", ""),
        ImapError::NoSuchFolder => (
            "folder",
            "; write folder, processed_folder and sent_folder as the server names them",
        ),
        ImapError::Refused | ImapError::Protocol | ImapError::Library => (
            "host",
            "; see whether an IMAP server answers on that port, and what its log says",
        ),
        ImapError::Store(_) => ("folder", ""),
    };
    format!("{key}: {error}{to_do}")
}

/// The mail server takes our connection and our login.
pub(crate) async fn check_smtp(config: &Config) -> Finding {
    let subject = format!("smtp {}", config.file.smtp.host);
    let sender = match smtp_from_config(config) {
        Ok(sender) => sender,
        Err(error) => return Finding::bad(subject, error.to_string()),
    };
    if let Some(MailProof::TokenCommand(words)) = config.smtp_login.as_ref().map(|one| &one.proof)
        && let Err(error) = TokenCommand::new(words.clone()).token().await
    {
        return Finding::bad(subject, format!("smtp.token_command: {error}"));
    }
    if let Err(failure) = sender.test_connection().await {
        return Finding::bad(subject, about_smtp(failure));
    }
    let bounces = config.file.smtp.bounce_address.as_deref();
    let bounces = bounces.and_then(EmailAddress::parse);
    match sender.test_sender(bounces.as_ref()).await {
        Ok(()) => Finding::good(subject, "takes our connection and our sender"),
        Err(SendFailure::Refused | SendFailure::ServerRefuses) => {
            Finding::bad(subject, NOT_FROM_US)
        }
        Err(failure) => Finding::bad(subject, about_smtp(failure)),
    }
}

/// Automatic mail is sent from the bounce address, or from nobody (RFC 3834, 3.3).
const NOT_FROM_US: &str = "smtp.bounce_address: refuses mail of this sender (of <> where none is named); name an address that smtp.user may send from";

fn about_smtp(failure: SendFailure) -> &'static str {
    match failure {
        SendFailure::Unreachable => {
            "smtp.host: can't be reached, or no mail server answers; check smtp.host, smtp.port and the firewall"
        }
        SendFailure::Tls => {
            "smtp.tls: no trusted encryption; write smtp.host as it stands in the server's certificate, check smtp.tls and smtp.port, and name a private authority in smtp.ca_file"
        }
        SendFailure::TimedOut => "smtp.port: does not answer; check smtp.port and smtp.tls",
        SendFailure::Login => {
            "smtp.user: refuses the login, or wants one; check smtp.user and smtp.password_file (or token_command)"
        }
        SendFailure::ServerRefuses => {
            "smtp.from: refuses us or our sender; let its operator accept mail from this machine with smtp.from and smtp.bounce_address"
        }
        SendFailure::RefusedForNow => {
            "smtp.host: refuses for now; try again in a few minutes, then ask its operator"
        }
        SendFailure::Refused => {
            "smtp.from: refuses the recipient; let its operator accept mail of smtp.user to other domains (relaying)"
        }
        SendFailure::Unsendable => {
            "smtp.host: can't carry our mail; ask its operator for 8BITMIME and SMTPUTF8"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::mail::token::TokenError;

    #[test]
    fn each_no_of_a_mail_server_names_its_key_and_what_to_do() {
        for failure in SendFailure::ALL {
            let told = about_smtp(*failure);
            let (key, rest) = told.split_once(": ").unwrap();
            assert!(key.starts_with("smtp.") && rest.contains(';'), "{told}");
        }
        for (error, key) in [
            (ImapError::UnknownHost, "host: "),
            (
                ImapError::Unreachable(ErrorKind::ConnectionRefused),
                "port: ",
            ),
            (ImapError::Tls("bad certificate".to_owned()), "ca_file: "),
            (ImapError::NoStartTls, "tls: "),
            (ImapError::Login, "user: "),
            (ImapError::Token(TokenError::Failed(2)), "token_command: "),
            (ImapError::NoSuchFolder, "folder: "),
            (ImapError::Protocol, "host: "),
        ] {
            let told = about_imap(&error);
            assert!(told.starts_with(key) && told.contains(';'), "{told}");
        }
    }
}

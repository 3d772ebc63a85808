//! How to log in to mail servers: a user with a password, or with tokens that a command prints. Nothing is run
//! or connected here.

use crate::config::error::ConfigError;
use crate::config::load::lacks;
use crate::config::secret::Secret;
use crate::config::sections::{Auth, Mailbox, Smtp};
use std::path::Path;

/// A user of a mail server, and what proves that it is him.
#[derive(Debug, Clone)]
pub struct MailLogin {
    /// The user.
    pub user: String,
    /// What proves it.
    pub proof: MailProof,
}

/// What proves who logs in.
#[derive(Debug, Clone)]
pub enum MailProof {
    /// A password; also the app password of a provider.
    Password(Secret),
    /// A program that prints an access token, with its arguments.
    TokenCommand(Vec<String>),
}

/// How to log in to a mailbox; `n` is its place in the file.
pub(super) fn login_to_mailbox(
    path: &Path,
    n: usize,
    mailbox: &Mailbox,
    password: Option<Secret>,
) -> Result<MailLogin, ConfigError> {
    let section = Section {
        path,
        name: &format!("mailbox[{n}]"),
    };
    let user = mailbox
        .user
        .clone()
        .ok_or_else(|| section.wrong("user", "an IMAP mailbox needs the name of its user"))?;
    let proof = section.proof(mailbox.auth, &mailbox.token_command, password)?;
    let proof =
        proof.ok_or_else(|| section.lacks_password("an IMAP mailbox needs its password"))?;
    Ok(MailLogin { user, proof })
}

/// How to log in for sending; nothing where nobody logs in.
pub(super) fn login_to_send(
    path: &Path,
    smtp: &Smtp,
    password: Option<Secret>,
) -> Result<Option<MailLogin>, ConfigError> {
    let section = Section { path, name: "smtp" };
    let proof = section.proof(smtp.auth, &smtp.token_command, password)?;
    match (smtp.user.clone(), proof) {
        (None, None) => Ok(None),
        (Some(user), Some(proof)) => Ok(Some(MailLogin { user, proof })),
        (Some(_), None) => Err(section.lacks_password("a user needs a password")),
        (None, Some(MailProof::Password(_))) => {
            Err(section.wrong("user", "there is a password but no user; name the user"))
        }
        (None, Some(MailProof::TokenCommand(_))) => {
            Err(section.wrong("user", "a token belongs to a user; name the user"))
        }
    }
}

struct Section<'a> {
    path: &'a Path,
    name: &'a str,
}

impl Section<'_> {
    fn proof(
        &self,
        auth: Auth,
        command: &[String],
        password: Option<Secret>,
    ) -> Result<Option<MailProof>, ConfigError> {
        match (auth, command.first()) {
            (Auth::Password, None) => Ok(password.map(MailProof::Password)),
            (Auth::Password, Some(_)) => Err(self.wrong(
                "token_command",
                "tokens are only for auth = \"xoauth2\"; write that, or leave this out",
            )),
            (Auth::XOAuth2, _) if password.is_some() => Err(self.wrong(
                "password_file",
                "auth = \"xoauth2\" takes no password; leave this out",
            )),
            (Auth::XOAuth2, Some(program)) if !program.trim().is_empty() => {
                Ok(Some(MailProof::TokenCommand(command.to_vec())))
            }
            (Auth::XOAuth2, _) => Err(self.wrong(
                "token_command",
                "auth = \"xoauth2\" needs a program that prints a token, for example [\"/usr/local/bin/mail-token\"]",
            )),
        }
    }

    fn wrong(&self, key: &str, what: &str) -> ConfigError {
        ConfigError::wrong(self.path, &format!("{}.{key}", self.name), what)
    }

    fn lacks_password(&self, why: &str) -> ConfigError {
        lacks(self.path, &format!("{}.password_file", self.name), why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(section: &str, password: Option<&str>) -> String {
        let password = password.map(Secret::new);
        let smtp = toml::from_str(&format!("host = \"mx.example\"\n{section}")).unwrap();
        match login_to_send(Path::new("config.toml"), &smtp, password) {
            Ok(None) => "nobody logs in".to_owned(),
            Ok(Some(login)) => match login.proof {
                MailProof::Password(secret) => format!("{} with {}", login.user, secret.reveal()),
                MailProof::TokenCommand(words) => format!("{} asks {words:?}", login.user),
            },
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_login_is_whole_or_its_mistake_is_named() {
        let xoauth2 = "user = \"crt\"\nauth = \"xoauth2\"";
        let command = "token_command = [\"get\", \"crt\"]";
        for (section, password, expected) in [
            ("", None, "nobody logs in"),
            ("user = \"crt\"", Some("geheim"), "crt with geheim"),
            ("user = \"crt\"", None, "smtp.password_file: a user needs"),
            ("", Some("geheim"), "smtp.user: there is a password"),
            (
                &format!("{xoauth2}\n{command}"),
                None,
                "crt asks [\"get\", \"crt\"]",
            ),
            (xoauth2, None, "smtp.token_command: auth"),
            (
                &format!("{xoauth2}\ntoken_command = [\" \"]"),
                None,
                "smtp.token_command: auth",
            ),
            (
                &format!("{xoauth2}\n{command}"),
                Some("geheim"),
                "smtp.password_file: auth",
            ),
            (
                &format!("user = \"crt\"\n{command}"),
                Some("geheim"),
                "smtp.token_command: tokens",
            ),
            (
                &format!("auth = \"xoauth2\"\n{command}"),
                None,
                "smtp.user: a token",
            ),
        ] {
            let found = told(section, password);
            assert!(found.contains(expected), "{section}: {found}");
        }
    }
}

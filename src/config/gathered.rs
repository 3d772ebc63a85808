//! A configuration put together from its file and from what that names. A mistake ends nothing: it is kept, and the
//! next thing is looked at.

use crate::config::constituents::read_constituents;
use crate::config::database::{Database, database_at};
use crate::config::environment::Environment;
use crate::config::error::ConfigError;
use crate::config::load::{Config, MatrixSecrets, lacks, roster_of};
use crate::config::mail_login::{MailLogin, login_to_mailbox, login_to_send};
use crate::config::rules::key_beside_data;
use crate::config::secret::{Origin, Secret, find_secret};
use crate::config::sections::{File, Mailbox, MailboxKind};
use crate::domain::address::EmailAddress;
use crate::domain::intake::sender::Constituents;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A mistake that is kept: there is nothing to go on with.
pub(super) struct Told;

/// What was found so far.
pub(super) struct Gathered<'a> {
    path: &'a Path,
    environment: &'a Environment,
    /// The mistakes, each once.
    pub(super) found: Vec<ConfigError>,
    secrets_from: Vec<(String, Origin)>,
}

impl<'a> Gathered<'a> {
    /// Nothing yet.
    pub(super) fn new(path: &'a Path, environment: &'a Environment) -> Self {
        Self {
            path,
            environment,
            found: Vec::new(),
            secrets_from: Vec::new(),
        }
    }

    /// The configuration, where all that it needs is there.
    pub(super) fn config(&mut self, file: File) -> Result<Config, Told> {
        self.no_hidden_variable(&file);
        let mailboxes = file.mailbox.iter().enumerate();
        let mailbox_logins: Vec<_> = mailboxes
            .map(|(n, mailbox)| self.login_to_mailbox(n, mailbox))
            .collect();
        let smtp_login = self.smtp_login(&file);
        let matrix = self.matrix(&file);
        let team_key = self.team_key(&file);
        let password = file.store.password_file.as_ref();
        let database_password = self.secret("store.password_file", password);
        let master_key = self.master_key(&file);
        for (key, origin) in self.secrets_from.clone() {
            // What is wrong is told; nothing comes of what is right.
            let _ = self.keep(key_beside_data(self.path, &file, &key, &origin));
        }
        let constituents = match file.constituents.file.as_deref() {
            Some(list) => self.keep(read_constituents(list)),
            None => Ok(Constituents::default()),
        };
        let own_addresses = self.own_addresses(&file);
        let roster = self.keep(roster_of(self.path, &file));
        Ok(Config {
            path: self.path.to_owned(),
            mailbox_logins: mailbox_logins.into_iter().collect::<Result<_, _>>()?,
            smtp_login: smtp_login?,
            database_password: database_password?,
            matrix: matrix?,
            master_key: master_key?,
            team_key: team_key?,
            secrets_from: std::mem::take(&mut self.secrets_from),
            constituents: constituents?,
            roster: roster?,
            own_addresses,
            file,
        })
    }

    fn keep<T>(&mut self, result: Result<T, ConfigError>) -> Result<T, Told> {
        result.map_err(|mistake| {
            let text = mistake.to_string();
            if self.found.iter().all(|other| other.to_string() != text) {
                self.found.push(mistake);
            }
            Told
        })
    }

    /// A secret, where one is named.
    fn secret(&mut self, key: &str, file: Option<&PathBuf>) -> Result<Option<Secret>, Told> {
        let found = find_secret(key, file.map(PathBuf::as_path), self.environment);
        self.take(key, found)
    }

    fn take(
        &mut self,
        key: &str,
        found: Result<Option<(Secret, Origin)>, ConfigError>,
    ) -> Result<Option<Secret>, Told> {
        Ok(self.keep(found)?.map(|(secret, origin)| {
            self.secrets_from.push((key.to_owned(), origin));
            secret
        }))
    }

    /// The library that speaks to the database server reads variables by itself.
    fn no_hidden_variable(&mut self, file: &File) {
        let on_server = file.store.url.as_deref().map(database_at);
        if let (Some(Ok(Database::Server(_))), Some(name)) =
            (on_server, self.environment.postgres.first())
        {
            let what = format!(
                "the variable {name} would change the connection behind this file; unset it"
            );
            self.found
                .push(ConfigError::wrong(self.path, "store.url", what));
        }
    }

    fn login_to_mailbox(&mut self, n: usize, mailbox: &Mailbox) -> Result<Option<MailLogin>, Told> {
        let key = format!("mailbox[{n}].password_file");
        let password = self.secret(&key, mailbox.password_file.as_ref())?;
        match mailbox.kind {
            MailboxKind::Imap => {
                let login = login_to_mailbox(self.path, n, mailbox, password);
                self.keep(login).map(Some)
            }
            MailboxKind::Maildir => Ok(None),
        }
    }

    fn smtp_login(&mut self, file: &File) -> Result<Option<MailLogin>, Told> {
        let password = self.secret("smtp.password_file", file.smtp.password_file.as_ref())?;
        let login = login_to_send(self.path, &file.smtp, password);
        self.keep(login)
    }

    fn matrix(&mut self, file: &File) -> Result<MatrixSecrets, Told> {
        let Some(matrix) = &file.matrix else {
            return Ok(MatrixSecrets::default());
        };
        let password = self.secret("matrix.password_file", matrix.password_file.as_ref());
        let token = self.secret("matrix.token_file", matrix.token_file.as_ref());
        let key = "matrix.recovery_key_file";
        let file = matrix.recovery_key_file.as_deref();
        let recovery_key = match find_secret(key, file, self.environment) {
            // It is made after the first login.
            Err(ConfigError::Unreadable {
                cause: ErrorKind::NotFound,
                ..
            }) => Ok(None),
            found => self.take(key, found),
        };
        Ok(MatrixSecrets {
            password: password?,
            token: token?,
            recovery_key: recovery_key?,
        })
    }

    fn team_key(&mut self, file: &File) -> Result<Option<Secret>, Told> {
        let key = "pgp.key_file";
        let found = match find_secret(key, file.pgp.key_file.as_deref(), self.environment) {
            Err(ConfigError::Unreadable {
                cause: ErrorKind::NotFound,
                ..
            }) => Err(ConfigError::wrong(
                self.path,
                key,
                "names a file that isn't there yet; make it with eerstelijn keys pgp, or leave [pgp] out",
            )),
            found => found,
        };
        self.take(key, found)
    }

    fn master_key(&mut self, file: &File) -> Result<Secret, Told> {
        let key = "store.key_file";
        let found = match find_secret(key, file.store.key_file.as_deref(), self.environment) {
            Err(ConfigError::Unreadable {
                path,
                cause: ErrorKind::NotFound,
                ..
            }) => Err(ConfigError::wrong(
                self.path,
                key,
                format!(
                    "names a file that isn't there, {0}; bring back the key under which everything is sealed, or make the first one: eerstelijn keys new {0}",
                    path.display()
                ),
            )),
            found => found,
        };
        let found = self.take(key, found)?;
        let why = "everything is sealed with a master key (eerstelijn keys new FILE)";
        let found = found.ok_or_else(|| lacks(self.path, key, why));
        self.keep(found)
    }

    /// All addresses that are ours.
    fn own_addresses(&mut self, file: &File) -> Vec<EmailAddress> {
        let of_mailboxes = file.mailbox.iter().enumerate().flat_map(|(n, mailbox)| {
            let key = format!("mailbox[{n}].own_addresses");
            mailbox
                .own_addresses
                .iter()
                .map(move |address| (key.clone(), address))
        });
        let single = [
            ("organisation.address", Some(&file.organisation.address)),
            ("smtp.from", file.smtp.from.as_ref()),
            ("smtp.bounce_address", file.smtp.bounce_address.as_ref()),
        ];
        let single = single
            .into_iter()
            .filter_map(|(key, address)| address.map(|address| (key.to_owned(), address)));
        let mut own = Vec::new();
        for (key, written) in single.chain(of_mailboxes) {
            let address = EmailAddress::parse(written)
                .ok_or_else(|| ConfigError::wrong(self.path, &key, "is not a mail address"));
            match self.keep(address) {
                Ok(address) if !own.contains(&address) => own.push(address),
                Ok(_) | Err(Told) => {}
            }
        }
        own
    }
}

//! The sections of the configuration file, as they are written. Unknown keys are refused.
//!
//! Checks that need more than one key stand in `config::load`.

use crate::config::limits::Limits;
use crate::config::name_server::NameServer;
use crate::config::oncall::sections::Oncall;
use crate::domain::chat::ids::{RoomId, UserId};
use crate::domain::ticket::decide::Mode;
use crate::domain::triage::language::Language;
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer};
use std::path::PathBuf;

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Who we are.
    pub organisation: Organisation,
    /// Where mail comes in.
    #[serde(default)]
    pub mailbox: Vec<Mailbox>,
    /// Where mail goes out.
    pub smtp: Smtp,
    /// Where chat comes in and goes out; without it there is none.
    #[serde(default)]
    pub matrix: Option<Matrix>,
    /// Our own OpenPGP key.
    #[serde(default)]
    pub pgp: Pgp,
    /// Our own check of signatures; without it there is none.
    #[serde(default)]
    pub dkim: Option<Dkim>,
    /// Where state is kept.
    pub store: Store,
    /// What the bot may say.
    #[serde(default)]
    pub knowledge: Knowledge,
    /// Whom we serve.
    #[serde(default)]
    pub constituents: Constituents,
    /// How much automatic mail.
    #[serde(default)]
    pub limits: Limits,
    /// Who is on call.
    #[serde(default)]
    pub oncall: Oncall,
}

/// `[organisation]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// The team's name, as it signs.
    pub name: String,
    /// The team's mail address.
    pub address: String,
    /// The telephone number that replies name; without it none is named.
    #[serde(default)]
    pub phone: Option<String>,
    /// The languages of the team. Written down, but without effect: a reply is in the reporter's
    /// language where that is Dutch, French or English, else in English or Dutch.
    #[serde(default = "dutch_french_english")]
    pub languages: Vec<Language>,
    /// The prefix of ticket numbers.
    #[serde(default = "crt")]
    pub ticket_prefix: String,
    /// How far the bot goes by itself.
    #[serde(default = "observe")]
    pub mode: Mode,
    /// The time zone of ticket numbers and shown times.
    #[serde(default = "brussels")]
    pub time_zone: String,
    /// When a person reads mail, as words in a sentence.
    #[serde(default)]
    pub office_hours: OfficeHours,
}

/// `[organisation.office_hours]`: words that follow "a colleague reads your message ...".
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeHours {
    /// Dutch.
    pub nl: String,
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl Default for OfficeHours {
    fn default() -> Self {
        Self {
            nl: "op werkdagen tussen 9 en 17 uur".to_owned(),
            fr: "les jours ouvrables entre 9 et 17 heures".to_owned(),
            en: "on working days between 09:00 and 17:00".to_owned(),
        }
    }
}

/// The kinds of mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailboxKind {
    /// On a server.
    Imap,
    /// A folder of files on this machine.
    Maildir,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// From the first byte.
    Implicit,
    /// After a command.
    StartTls,
    /// Not at all: loopback only.
    None,
}

/// Which mail is taken at the first start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Start {
    /// What arrives from now on.
    New,
    /// What lies there too.
    All,
}

/// How to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// With a password.
    Password,
    /// With an access token of Microsoft 365 or Google that a command prints (SASL XOAUTH2).
    XOAuth2,
}

/// `[[mailbox]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// `imap` or `maildir`.
    pub kind: MailboxKind,
    /// Maildir: the folder.
    #[serde(default)]
    pub path: Option<PathBuf>,
    /// IMAP: the server.
    #[serde(default)]
    pub host: Option<String>,
    /// IMAP: the port; 993 with implicit TLS, else 143.
    #[serde(default)]
    pub port: Option<u16>,
    /// IMAP: how the connection is protected.
    #[serde(default = "implicit")]
    pub tls: Tls,
    /// IMAP: the certificate of a private authority (PEM).
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// IMAP: the user.
    #[serde(default)]
    pub user: Option<String>,
    /// IMAP: the file with the password; `EERSTELIJN_MAILBOX_0_PASSWORD` (with the section's number)
    /// stands in for it.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// IMAP: how to log in.
    #[serde(default = "by_password")]
    pub auth: Auth,
    /// IMAP with `xoauth2`: the program that prints an access token, and its arguments. No shell.
    #[serde(default)]
    pub token_command: Vec<String>,
    /// IMAP: the folder that is read.
    #[serde(default = "inbox")]
    pub folder: String,
    /// Where answered mail is moved; without it nothing is moved.
    #[serde(default)]
    pub processed_folder: Option<String>,
    /// IMAP: where what people send from this mailbox themselves is kept. Their answers count as a human
    /// speaking; without it they go unnoticed.
    #[serde(default)]
    pub sent_folder: Option<String>,
    /// Our addresses in this mailbox; the organisation's own always counts.
    #[serde(default)]
    pub own_addresses: Vec<String>,
    /// The names under which our own servers record checks of the sender (RFC 8601). Empty: nobody
    /// is proven.
    #[serde(default)]
    pub trusted_authserv_ids: Vec<String>,
    /// How many servers of ours stand between that record and the mailbox, the delivery not counted.
    #[serde(default)]
    pub own_hops: usize,
    /// Which mail is taken at the first start.
    #[serde(default = "from_now_on")]
    pub start: Start,
}

/// `[smtp]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// The server.
    pub host: String,
    /// The port; 465 with implicit TLS, 587 with `starttls`, 25 without.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default = "implicit")]
    pub tls: Tls,
    /// The certificate of a private authority (PEM).
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// The user; without it no login.
    #[serde(default)]
    pub user: Option<String>,
    /// The file with the password; `EERSTELIJN_SMTP_PASSWORD` stands in for it.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// How to log in.
    #[serde(default = "by_password")]
    pub auth: Auth,
    /// With `xoauth2`: the program that prints an access token, and its arguments. No shell.
    #[serde(default)]
    pub token_command: Vec<String>,
    /// The From address; the organisation's own where nothing is written.
    #[serde(default)]
    pub from: Option<String>,
    /// Where bounces go; they carry `+token` behind the local part when `plus_addressing` is on.
    /// Without it the envelope sender is empty and bounces don't come back.
    #[serde(default)]
    pub bounce_address: Option<String>,
    /// Does our server deliver `name+token@` to `name@`? Then answers and bounces carry a token.
    #[serde(default)]
    pub plus_addressing: bool,
}

/// `[matrix]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// The address of the homeserver.
    pub homeserver: String,
    /// The certificate of a private authority (PEM).
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Our account: `@crt:crt.example`.
    pub user: String,
    /// The file with its password; only the first login needs it.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// In place of a password: the file with an access token that was made for us, with a device.
    #[serde(default)]
    pub token_file: Option<PathBuf>,
    /// The file with the recovery key that `matrix init` printed. Every further device needs it.
    #[serde(default)]
    pub recovery_key_file: Option<PathBuf>,
    /// How our device is named to others.
    #[serde(default = "cyber_response_team")]
    pub device_name: String,
    /// The rooms in which officials write.
    #[serde(default)]
    pub lobby_rooms: Vec<RoomId>,
    /// The room in which experts are woken.
    #[serde(default)]
    pub oncall_room: Option<RoomId>,
    /// The homeservers whose people may invite us and chat with us.
    #[serde(default)]
    pub trusted_servers: Vec<String>,
    /// The people who may, wherever they are.
    #[serde(default)]
    pub officials: Vec<UserId>,
}

/// `[pgp]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pgp {
    /// The file with the team's secret key, made by `eerstelijn keys pgp`; `EERSTELIJN_PGP_KEY` stands in for it.
    /// Without one, what is encrypted can't be read. Not in `data_dir`.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
}

/// `[dkim]`: where it stands, the signatures of constituents and of the team's own people are checked by ourselves
/// when the border server recorded no proof.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dkim {
    /// Who is asked for the keys; none: the name servers of this machine.
    #[serde(default)]
    pub nameservers: Vec<NameServer>,
}

/// `[store]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// The database: `sqlite:FILE` or `postgres://USER@HOST/NAME`; `eerstelijn.db` in `data_dir`
    /// where nothing is written.
    #[serde(default)]
    pub url: Option<String>,
    /// The file with the password of the database server; `EERSTELIJN_STORE_PASSWORD` stands in for it.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// The authority that signed the certificate of the database server, where it isn't a public one.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// The file with the master key, made by `eerstelijn keys new`; `EERSTELIJN_STORE_KEY` stands in
    /// for it. Not in `data_dir`.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// Where everything else of the service lies.
    pub data_dir: PathBuf,
}

/// `[knowledge]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knowledge {
    /// A folder in place of the embedded knowledge.
    #[serde(default)]
    pub dir: Option<PathBuf>,
}

/// `[constituents]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constituents {
    /// CSV: domain, name, kind, status, contact, `callback_phone`.
    #[serde(default)]
    pub file: Option<PathBuf>,
}

/// Reads a duration such as `30m`; zero and less are refused.
pub(crate) fn duration<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SignedDuration, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse::<SignedDuration>()
        .ok()
        .filter(SignedDuration::is_positive)
        .ok_or_else(|| serde::de::Error::custom("expected a duration such as \"30m\" or \"2h\""))
}

/// The languages where none are written.
pub fn dutch_french_english() -> Vec<Language> {
    Language::OF_REPLIES.to_vec()
}

fn crt() -> String {
    "CRT".to_owned()
}

fn observe() -> Mode {
    Mode::Observe
}

fn cyber_response_team() -> String {
    "Cyber Response Team".to_owned()
}

fn brussels() -> String {
    "Europe/Brussels".to_owned()
}

fn implicit() -> Tls {
    Tls::Implicit
}

fn by_password() -> Auth {
    Auth::Password
}

fn inbox() -> String {
    "INBOX".to_owned()
}

fn from_now_on() -> Start {
    Start::New
}

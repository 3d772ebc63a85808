//! The team's OpenPGP key: read as the settings say, made and taken over for the command line.

use crate::adapters::mail::parse::MailParserReader;
use crate::adapters::mail::pgp::RpgpKeys;
pub use crate::adapters::mail::pgp::team_key::NotATeamKey;
use crate::adapters::mail::pgp::team_key::TeamKey;
use crate::app::ports::{MailReader, OpenPgp};
use crate::config::Config;
use crate::domain::address::EmailAddress;
use crate::domain::pgp::certificate::Fingerprint;
use crate::runtime::wire::WireError;
use jiff::Timestamp;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The team's key, where one is configured.
pub fn team_key(config: &Config) -> Result<Option<Arc<TeamKey>>, WireError> {
    let Some(secret) = &config.team_key else {
        return Ok(None);
    };
    let key = TeamKey::parse(secret.reveal()).map_err(|error| WireError::Setting {
        key: "pgp.key_file".to_owned(),
        what: format!("{error}; make one with eerstelijn keys pgp, or bring yours with eerstelijn keys pgp --import FILE"),
    })?;
    Ok(Some(Arc::new(key)))
}

/// Takes mail apart; opens what was encrypted to the team.
pub fn mail_reader(team: Option<Arc<TeamKey>>) -> Arc<dyn MailReader> {
    Arc::new(MailParserReader::opening_with(team))
}

/// The same for a command that needs no configuration.
pub fn mail_reader_for(config: Option<&Config>) -> Result<Arc<dyn MailReader>, WireError> {
    let team = config.map(team_key).transpose()?;
    Ok(mail_reader(team.flatten()))
}

/// Checks signatures and keys.
pub fn openpgp() -> Arc<dyn OpenPgp> {
    Arc::new(RpgpKeys)
}

/// A new key of the team, as it stands in its file.
pub fn new_team_key(user_id: &str) -> Result<Zeroizing<String>, NotATeamKey> {
    TeamKey::generate(user_id)
}

/// A key that was made elsewhere, as it stands in our file: without its passphrase.
pub fn imported_team_key(
    text: &str,
    passphrase: &str,
    now: Timestamp,
) -> Result<Zeroizing<String>, NotATeamKey> {
    TeamKey::import(text, passphrase, now)
}

/// What everybody may know of the key in a file: its fingerprint, and the public key for people to publish.
pub fn public_part(text: &str) -> Result<(Fingerprint, String), NotATeamKey> {
    let key = TeamKey::parse(text)?;
    Ok((key.fingerprint().clone(), key.public_text()?))
}

/// Does the key in a file name this address? Mail programs look keys up by address, so one that doesn't is found by
/// nobody.
pub fn names(text: &str, address: &EmailAddress) -> Result<bool, NotATeamKey> {
    Ok(TeamKey::parse(text)?.certificate().names(address))
}

//! Where the keys are to lie, asked before they exist: for the commands that make them.

use crate::config::environment::Environment;
use crate::config::error::ConfigError;
use crate::config::load::{find, parse, read};
use crate::config::sections::Organisation;
use std::path::{Path, PathBuf};

/// The master key's file as a configuration names it, without needing it to exist.
pub fn key_file(named: Option<&Path>, environment: &Environment) -> Result<PathBuf, ConfigError> {
    let path = find(named, environment)?;
    let named = parse(&path, &read(&path)?)?.store.key_file;
    named.ok_or_else(|| names_none(&path, "store.key_file", "eerstelijn keys new FILE"))
}

/// The file of the team's OpenPGP key as a configuration names it, without needing it to exist, and who the team
/// is.
pub fn pgp_key_file(
    named: Option<&Path>,
    environment: &Environment,
) -> Result<(PathBuf, Organisation), ConfigError> {
    let path = find(named, environment)?;
    let file = parse(&path, &read(&path)?)?;
    let key = file
        .pgp
        .key_file
        .ok_or_else(|| names_none(&path, "pgp.key_file", "key_file = \"FILE\" below [pgp]"))?;
    Ok((key, file.organisation))
}

fn names_none(path: &Path, key: &str, other_way: &str) -> ConfigError {
    ConfigError::wrong(
        path,
        key,
        format!("names no file; name one, or give it: {other_way}"),
    )
}

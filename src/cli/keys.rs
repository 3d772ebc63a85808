//! `keys`: makes the master key under which everything is sealed. The OpenPGP key stands in `keys_pgp`.

use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::keys_pgp::{self, KeysPgp};
use crate::cli::output;
use crate::config::key_files::key_file;
use crate::domain::system_words::in_words;
use crate::runtime::wire::new_master_key;
use clap::Subcommand;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Subcommands of `keys`.
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make a master key; never overwrites one
    New {
        /// The file; without it `store.key_file` of the configuration
        file: Option<PathBuf>,
    },
    /// Make the team's OpenPGP key in `pgp.key_file`, or take one over; shows the public key
    Pgp(KeysPgp),
}

/// Makes the key that is asked for.
pub(crate) fn run(arguments: &Keys, context: &Context) -> Result<(), Failure> {
    match arguments {
        Keys::New { file } => new_master_key_file(file.as_deref(), context),
        Keys::Pgp(arguments) => keys_pgp::run(arguments, context),
    }
}

/// Makes a key that only its owner can read.
fn new_master_key_file(file: Option<&Path>, context: &Context) -> Result<(), Failure> {
    let file = match file {
        Some(file) => file.to_owned(),
        None => key_file(context.config.as_deref(), &context.environment)?,
    };
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file);
    let mut made = made.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::failed(format_args!(
            "{} exists already; without its key nothing that was stored can be read, so it is never overwritten",
            file.display()
        )),
        kind => Failure::failed(format_args!("can't write {}: {}; check the path and who may write there", file.display(), in_words(kind))),
    })?;
    made.write_all(new_master_key().as_bytes())
        .and_then(|()| made.sync_all())
        .map_err(|error| {
            Failure::failed(format_args!(
                "can't write {}: {}; remove the file and try again",
                file.display(),
                in_words(error.kind())
            ))
        })?;
    output::line(format_args!(
        "{} made. Keep a copy off this machine: without it nothing that is stored can ever be read.",
        file.display()
    ));
    Ok(())
}

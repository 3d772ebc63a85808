//! `keys`: makes the master key under which everything is sealed.

use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::config::load::key_file;
use crate::domain::system_words::in_words;
use crate::runtime::wire::new_master_key;
use clap::Subcommand;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// Subcommands of `keys`.
#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Make a master key; never overwrites one
    New {
        /// The file; without it `store.key_file` of the configuration
        file: Option<PathBuf>,
    },
}

/// Makes a key that only its owner can read.
pub(crate) fn run(arguments: &Keys, context: &Context) -> Result<(), Failure> {
    let Keys::New { file } = arguments;
    let file = match file {
        Some(file) => file.clone(),
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

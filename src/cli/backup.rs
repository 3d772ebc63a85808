//! `backup`: everything that is stored, in one sealed file, also while the service runs.

use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::moment::shown;
use crate::cli::output;
use crate::config::load::time_zone;
use crate::runtime::backups::back_up;
use crate::runtime::wire::block_on;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `backup`.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to make; one that is there is never overwritten
    file: PathBuf,
}

/// Makes the back-up and says what must be kept besides.
pub(crate) fn run(arguments: &Backup, context: &Context) -> Result<(), Failure> {
    let config = context.load()?;
    let made = block_on(back_up(&config, &arguments.file))??;
    output::line(format_args!(
        "{} made, as everything was at {}: {} tickets, {} messages.",
        arguments.file.display(),
        shown(made.made_at, &time_zone(&config.file)),
        made.tickets,
        made.messages
    ));
    let account = if config.file.matrix.is_some() {
        ", and the recovery key of the account in Matrix"
    } else {
        ""
    };
    output::line(format_args!(
        "It can't be read without the master key, which is not in it. Keep in another place: the master key, the \
         configuration with the files that it names{account}."
    ));
    Ok(())
}

//! `matrix`: the account in chat.

use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::runtime::matrix::{FirstLogin, log_in_to_matrix};
use crate::runtime::wire::block_on;
use clap::Subcommand;

/// Subcommands of `matrix`.
#[derive(Debug, Subcommand)]
pub(crate) enum Matrix {
    /// Log in for the first time, make our device one that others trust, print the recovery key once
    Init,
}

/// Logs in.
pub(crate) fn run(arguments: &Matrix, context: &Context) -> Result<(), Failure> {
    let Matrix::Init = arguments;
    let config = context.load()?;
    match block_on(log_in_to_matrix(&config))?? {
        FirstLogin::RecoveryKey(key) => {
            output::line("The account is logged in and its device is signed. Its recovery key is:");
            output::line("");
            output::line(format_args!("    {}", key.reveal()));
            output::line("");
            output::line(
                "It is shown this once. Put it into the file that matrix.recovery_key_file names, and a copy into a safe: \
                 every further device needs it, and without it old messages are lost with this machine.",
            );
        }
        FirstLogin::Recovered => output::line(
            "The account is logged in, and its recovery key signed this device. Nothing new to keep.",
        ),
    }
    output::line("Next: eerstelijn check");
    Ok(())
}

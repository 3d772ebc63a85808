//! `matrix`: the account in chat.

use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::config::Config;
use crate::domain::chat::ids::UserId;
use crate::runtime::matrix::{FirstLogin, log_in_to_matrix, trust_again};
use crate::runtime::wire::block_on;
use clap::Subcommand;

/// Subcommands of `matrix`.
#[derive(Debug, Subcommand)]
pub(crate) enum Matrix {
    /// Log in for the first time, make our device one that others trust, print the recovery key once
    Init,
    /// Believe somebody again who made new keys. Make sure first, by phone, that it is he
    Trust {
        /// The account, such as @els:crt.example
        user: String,
    },
}

/// Runs the subcommand.
pub(crate) fn run(arguments: &Matrix, context: &Context) -> Result<(), Failure> {
    let config = context.load()?;
    match arguments {
        Matrix::Init => init(&config),
        Matrix::Trust { user } => trust(&config, user),
    }
}

fn trust(config: &Config, user: &str) -> Result<(), Failure> {
    let Some(user) = UserId::parse(user).filter(|user| !user.server().is_empty()) else {
        return Err(Failure::usage(
            "that is no account; write it whole, such as @els:crt.example",
        ));
    };
    block_on(trust_again(config, &user))??;
    output::line(format_args!(
        "The next message of {user} is believed, with the keys that it comes with. Start the service again."
    ));
    Ok(())
}

fn init(config: &Config) -> Result<(), Failure> {
    tell(&block_on(log_in_to_matrix(config))??);
    output::line("Next: eerstelijn check");
    Ok(())
}

/// Prints what the login left: the recovery key, this once.
pub(crate) fn tell(login: &FirstLogin) {
    match login {
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
}

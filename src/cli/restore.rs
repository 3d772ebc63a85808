//! `restore`: a back-up, where no database is yet, and what a person must know and do then.

use crate::app::ports::Backlog;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::moment::shown;
use crate::cli::{audit, matrix, output};
use crate::config::Config;
use crate::config::load::time_zone;
use crate::domain::chat::ids::RoomId;
use crate::runtime::backups::{Chat, log_in_after_restore, moved_since, restore};
use crate::runtime::wire::block_on;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `restore`.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A file that `eerstelijn backup` made
    file: PathBuf,
}

/// Restores, checks, logs in to chat again, and says what is left to do.
pub(crate) fn run(arguments: &Restore, context: &Context) -> Result<(), Failure> {
    let config = context.load()?;
    let zone = time_zone(&config.file);
    let restored = block_on(restore(&config, &arguments.file))??;
    let backup = &restored.backup;
    output::line(format_args!(
        "Restored, as everything was at {}: {} tickets, {} messages.",
        shown(backup.made_at, &zone),
        backup.tickets,
        backup.messages
    ));
    output::line(waiting(restored.waiting));
    let folders = moved_since(&config, backup.made_at);
    if !folders.is_empty() {
        output::line(format_args!(
            "Mail that came in after that moment and was moved to {} is not known here: move it back to the inbox \
             and it is handled again.",
            folders.join(", ")
        ));
    }
    tell_of_chat(&config, &block_on(log_in_after_restore(&config))?);
    audit::tell(&restored.audit)?;
    output::line(
        "Before anything starts: every service on the old database must be off for good, or people are answered twice.",
    );
    output::line("Next: eerstelijn check, then start the service.");
    Ok(())
}

fn waiting(backlog: Backlog) -> String {
    format!(
        "Waiting: {} to leave, {} for approval, {} to be decided. What left after that moment leaves again, as the \
         same message.",
        backlog.unsent, backlog.awaiting_approval, backlog.undecided
    )
}

fn tell_of_chat(config: &Config, chat: &Chat) {
    match chat {
        Chat::None => {}
        Chat::Kept => output::line("The session in Matrix that lies in store.data_dir is kept."),
        Chat::LoggedIn(login) => {
            matrix::tell(login);
            let rooms = rooms_of(config);
            if !rooms.is_empty() {
                output::line(format_args!(
                    "Nobody needs to invite it again: the account is still in its rooms, such as {rooms}."
                ));
            }
        }
        Chat::Failed(error) => output::line(format_args!(
            "Not yet in Matrix: {error}. Everything else is restored; run when it is mended: eerstelijn matrix init"
        )),
    }
}

fn rooms_of(config: &Config) -> String {
    let Some(matrix) = &config.file.matrix else {
        return String::new();
    };
    let rooms = matrix.oncall_room.iter().chain(&matrix.lobby_rooms);
    let rooms: Vec<&str> = rooms.map(RoomId::as_str).collect();
    rooms.join(", ")
}

//! The command line: one file per subcommand. Reads arguments, writes answers, decides nothing.
//!
//! Exit codes: 0 done, 1 the thing asked for failed, 2 wrong usage or configuration. Errors go to the
//! error stream as one sentence with the remedy.

mod ask;
mod ask_text;
mod audit;
mod backup;
mod check;
mod demo;
mod evaluate;
mod failure;
mod json;
mod keys;
mod keys_pgp;
mod knowledge;
mod knowledge_import;
mod knowledge_stats;
mod lines;
mod matrix;
mod moment;
mod oncall;
mod output;
mod replay;
mod restore;
mod service;
mod ticket_events;
mod tickets;
mod tickets_export;
mod triage;
mod triage_text;
mod triage_train;

use crate::cli::failure::Failure;
use crate::config::environment::Environment;
use crate::config::{Config, Mistakes, find, load, load_whole};
use crate::runtime::panics::hide_payloads;
use crate::runtime::telemetry::{Audience, start};
use clap::{Parser, Subcommand};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

/// The first-line bot of a Cyber Response Team: reads reports, gives first help, opens tickets.
#[derive(Debug, Parser)]
#[command(name = "eerstelijn", version, about, propagate_version = true)]
struct Arguments {
    /// The configuration file; without it `$EERSTELIJN_CONFIG`, and for commands that can't do without one
    /// `./config.toml`, then `/etc/eerstelijn/config.toml`
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service until it is told to stop
    Run,
    /// Show the whole job with nothing installed: sample reports, then your own
    Demo(demo::Demo),
    /// Test the configuration, the connections and the knowledge, each finding with its remedy
    Check,
    /// Show what the service would make of one mail, or of many lines; sends nothing. Only a configuration that is named
    /// (--config, `$EERSTELIJN_CONFIG`) is read: without one nobody is known as a constituent
    Triage(triage::Triage),
    /// Measure how well labelled reports are understood; sends nothing. Only a configuration that is named
    /// (--config, `$EERSTELIJN_CONFIG`) is read: without one the knowledge inside the program is measured
    Evaluate(evaluate::Evaluate),
    /// Ask what the knowledge says. Only a configuration that is named (--config, `$EERSTELIJN_CONFIG`) is read: without one
    /// the knowledge inside the program answers, and the team has no name and no address
    Ask(ask::Ask),
    /// What the bot may say: copy it, check it, list it, export it, bring pages in. Only a configuration that is named
    /// (--config, `$EERSTELIJN_CONFIG`) is read, but for `stats`, which can't do without one
    #[command(subcommand)]
    Knowledge(knowledge::Knowledge),
    /// Show who is on call, now or over a window
    ///
    /// A TIME is now, 2026-11-23T09:00:00[Europe/Brussels], 2026-11-23T09:00:00+01:00, or 2026-11-23T09:00 by
    /// the organisation's clock.
    Oncall(oncall::Oncall),
    /// List, read, approve and hand over
    #[command(subcommand)]
    Tickets(tickets::Tickets),
    /// Decide again on the stored messages of a ticket, and show what differs; the read is on record
    Replay(replay::Replay),
    /// Check that nothing in the database was changed, removed or reordered
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Write everything that is stored into one sealed file, also while the service runs
    Backup(backup::Backup),
    /// Restore a back-up where no database is yet
    Restore(restore::Restore),
    /// The account in chat
    #[command(subcommand)]
    Matrix(matrix::Matrix),
    /// Make keys
    #[command(subcommand)]
    Keys(keys::Keys),
}

/// Runs the program with the arguments and environment of this process.
pub fn run() -> ExitCode {
    hide_payloads();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Help and version are answers; all else is wrong usage.
        Err(error) if error.use_stderr() => {
            let _ = error.print();
            return ExitCode::from(2);
        }
        Err(help) => {
            output::note_failure(help.print());
            return end(output::finish());
        }
    };
    let context = Context {
        config: arguments.config,
        environment: Environment::of_process(),
    };
    let audience = match arguments.command {
        Command::Run => Audience::Operator,
        _ => Audience::Person,
    };
    start(&context.environment, audience);
    // A panic was told by its place when it happened; it is a failure like others.
    let done = catch_unwind(AssertUnwindSafe(|| dispatch(arguments.command, &context)));
    let done = done.unwrap_or_else(|_| {
        Err(Failure::failed(
            "the program has a fault and could not go on; please report the line above",
        ))
    });
    end(done.and_then(|()| output::finish()))
}

fn end(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::error(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Run => service::run(context),
        Command::Demo(demo) => demo::run(&demo),
        Command::Check => check::run(context),
        Command::Triage(triage) => triage::run(&triage, context),
        Command::Evaluate(evaluate) => evaluate::run(&evaluate, context),
        Command::Ask(ask) => ask::run(&ask, context),
        Command::Knowledge(knowledge) => knowledge::run(&knowledge, context),
        Command::Oncall(oncall) => oncall::run(&oncall, context),
        Command::Tickets(tickets) => tickets::run(&tickets, context),
        Command::Replay(replay) => replay::run(&replay, context),
        Command::Audit(audit) => audit::run(&audit, context),
        Command::Backup(backup) => backup::run(&backup, context),
        Command::Restore(restore) => restore::run(&restore, context),
        Command::Matrix(matrix) => matrix::run(&matrix, context),
        Command::Keys(keys) => keys::run(&keys, context),
    }
}

/// What every command may need.
struct Context {
    config: Option<PathBuf>,
    environment: Environment,
}

impl Context {
    /// The configuration, found and checked.
    fn load(&self) -> Result<Config, Failure> {
        let path = find(self.config.as_deref(), &self.environment)?;
        Ok(load(&path, &self.environment)?)
    }

    /// The same, with all its mistakes.
    fn load_whole(&self) -> Result<Result<Config, Mistakes>, Failure> {
        let path = find(self.config.as_deref(), &self.environment)?;
        Ok(load_whole(&path, &self.environment))
    }

    /// The configuration, where one was named; commands that need none go without.
    fn load_if_named(&self) -> Result<Option<Config>, Failure> {
        let named = self.config.is_some() || self.environment.config.is_some();
        named.then(|| self.load()).transpose()
    }

    /// Who runs this command, for records of reads and of approvals.
    fn person(&self) -> String {
        self.environment.caller.in_words()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}

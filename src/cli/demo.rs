//! `demo`: the whole job with nothing installed and no configuration.

use crate::app::tickets::list;
use crate::cli::failure::Failure;
use crate::cli::lines::unreadable;
use crate::cli::output;
use crate::cli::tickets::summary_line;
use crate::runtime::demo::samples::{STORY, mail_of, mail_typed};
use crate::runtime::demo::{Demo as Stage, DemoError};
use crate::runtime::temporary::TemporaryFolder;
use crate::runtime::wire::block_on;
use clap::Args;
use std::io::BufRead;

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Play the sample reports and exit
    #[arg(long)]
    script: bool,
}

/// Plays the story, then takes reports from the terminal.
pub(crate) fn run(arguments: &Demo) -> Result<(), Failure> {
    let folder = TemporaryFolder::create()?;
    block_on(async {
        let stage = Stage::set_up(folder.path(), Box::new(output::Answer)).await?;
        play(&stage).await?;
        if !arguments.script {
            listen(&stage).await?;
        }
        Ok(())
    })?
}

async fn play(stage: &Stage) -> Result<(), Failure> {
    output::line(
        "eerstelijn, the first-line bot of a Cyber Response Team. Local governments mail it when something is wrong.\n\
         This runs for real: a mailbox (Maildir), a sealed database (SQLite), the knowledge; only the mail server is your screen.\n",
    );
    for (n, scene) in STORY.iter().enumerate() {
        output::line(format_args!("━━ {}. {}\n", n + 1, scene.told));
        output::line(format_args!(
            "  {} writes: \"{}\"\n",
            scene.from,
            scene.text.trim().replace('\n', " ")
        ));
        stage
            .receive(&mail_of(scene, n, stage.last_reply().as_deref()))
            .await?;
        output::line(format_args!("\n  → {}\n", scene.moral));
    }
    tickets(stage).await?;
    output::line(
        "Everything above lay sealed on disk, each ticket as a chain of events that can't be changed unnoticed.",
    );
    Ok(())
}

async fn tickets(stage: &Stage) -> Result<(), Failure> {
    output::line("━━ What the team sees (closed words only, nothing of the reports):\n");
    for ticket in &list(&stage.app, 50).await?.tickets {
        output::line(format_args!(
            "  {}",
            summary_line(ticket, &stage.app.settings.time_zone)
        ));
    }
    output::line("");
    Ok(())
}

async fn listen(stage: &Stage) -> Result<(), Failure> {
    output::line(
        "━━ Your turn: write a report, as u@hackegem.example. An empty line sends it; `quit` ends.\n",
    );
    let mut report = String::new();
    let mut sent = 0;
    output::prompt("> ");
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| unreadable(&error))?;
        if line.trim() == "quit" {
            break;
        }
        if !line.trim().is_empty() {
            report.push_str(&line);
            report.push('\n');
        } else if !report.is_empty() {
            sent += 1;
            stage.receive(&mail_typed(&report, sent)).await?;
            report.clear();
            tickets(stage).await?;
        }
        output::prompt("> ");
    }
    Ok(())
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        Self::failed(error)
    }
}

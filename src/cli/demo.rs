//! `demo`: the whole job with nothing installed and no configuration.

use crate::app::tickets::list;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::tickets::summary_line;
use crate::domain::system_words::in_words;
use crate::runtime::demo::story::{Deed, STORY, So, mail_of, mail_typed};
use crate::runtime::demo::terminal::typed_lines;
use crate::runtime::demo::{Demo as Stage, DemoError};
use crate::runtime::signals::Signals;
use crate::runtime::temporary::TemporaryFolder;
use crate::runtime::wire::block_on;
use clap::Args;

/// What is said to who becomes Els in the middle of a report.
const SEND_FIRST: &str = "Your report is not sent yet: an empty line sends it. Then write as Els.";

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Play the sample reports and exit
    #[arg(long)]
    script: bool,
}

/// Plays the story, then takes reports from the terminal. Its folder is removed however it ends, short
/// of kill -9.
pub(crate) fn run(arguments: &Demo) -> Result<(), Failure> {
    let script = arguments.script;
    // The folder comes back out: nothing writes there any more once the threads are gone.
    let (_folder, done) = block_on(async move {
        // First of all: from here on no signal leaves the folder behind.
        let mut signals = Signals::catch_in_terminal()?;
        let folder = TemporaryFolder::create()?;
        let done = tokio::select! {
            done = perform(&folder, script) => done,
            () = signals.next() => Err(Failure::failed(
                "the demonstration was stopped; nothing of it is left behind",
            )),
        };
        Ok::<_, Failure>((folder, done))
    })??;
    done
}

async fn perform(folder: &TemporaryFolder, script: bool) -> Result<(), Failure> {
    let stage = Stage::set_up(folder.path(), Box::new(output::Answer)).await?;
    play(&stage).await?;
    if !script {
        listen(&stage).await?;
    }
    Ok(())
}

async fn play(stage: &Stage) -> Result<(), Failure> {
    output::line(
        "eerstelijn, the first-line bot of a Cyber Response Team. Local governments mail it when something is wrong.\n\
         This runs for real: a mailbox (Maildir), a sealed database (SQLite), the knowledge; only the mail server and the\n\
         team's chat are your screen. Left of `│` stands the room; a thread is indented.\n",
    );
    for (n, scene) in STORY.iter().enumerate() {
        output::line(format_args!("━━ {}. {}", n + 1, scene.told));
        act(stage, n, &scene.deed).await?;
        output::line(format_args!("  → {}\n", scene.moral));
    }
    tickets(stage).await?;
    output::line(
        "Everything above lay sealed on disk, each ticket as a chain of events: `audit verify` names an event or a row that somebody changed or removed.",
    );
    Ok(())
}

async fn act(stage: &Stage, n: usize, deed: &Deed) -> Result<(), Failure> {
    match deed {
        Deed::Mail(mail) => {
            let words: Vec<&str> = mail.text.split_whitespace().collect();
            output::line(format_args!(
                "  {} writes: \"{}\"",
                mail.from,
                words.join(" ")
            ));
            let so = So {
                last_reply: stage.last_reply(),
                first_number: first_number(stage).await?,
            };
            stage.receive(&mail_of(mail, n, &so)).await?;
        }
        Deed::Words(words) => stage.els_writes(words).await?,
        Deed::Sign => stage.els_signs().await?,
    }
    Ok(())
}

/// The number of the ticket that was opened first.
async fn first_number(stage: &Stage) -> Result<Option<String>, Failure> {
    let found = list(&stage.app, 50).await?.tickets;
    let first = found
        .iter()
        .filter(|ticket| ticket.number.is_some())
        .min_by_key(|ticket| ticket.opened_at);
    Ok(first.and_then(|ticket| ticket.number.as_ref().map(ToString::to_string)))
}

async fn tickets(stage: &Stage) -> Result<(), Failure> {
    output::line("━━ What the team sees (closed words only, nothing of the reports):");
    for ticket in &list(&stage.app, 50).await?.tickets {
        let line = summary_line(ticket, &stage.app.settings.time_zone);
        output::line(format_args!("  {line}"));
    }
    output::line("");
    Ok(())
}

async fn listen(stage: &Stage) -> Result<(), Failure> {
    output::line(
        "━━ Your turn: write a report, as u@hackegem.example. An empty line sends it; `quit` ends.\n   \
         You are Els too: a line that begins with `!` is hers, in the thread of the newest ticket, or in its room once she\n   \
         has taken it. `!help` lists what she can do; `+` puts ✅ on her last message.\n",
    );
    let mut typed = typed_lines();
    let mut report = String::new();
    let mut sent = 0;
    output::prompt("> ");
    while let Some(line) = typed.recv().await {
        let line = line.map_err(|cause| {
            Failure::failed(format_args!(
                "can't read what you type: {}; start again",
                in_words(cause)
            ))
        })?;
        match line.trim() {
            "quit" => break,
            // Els would answer the ticket before this report: nobody means that.
            "+" if !report.is_empty() => output::line(SEND_FIRST),
            line if line.starts_with('!') && !report.is_empty() => output::line(SEND_FIRST),
            "+" => stage.els_signs().await?,
            "" if report.is_empty() => {}
            "" => {
                sent += 1;
                stage.receive(&mail_typed(&report, sent)).await?;
                report.clear();
                tickets(stage).await?;
            }
            command if command.starts_with('!') => stage.els_writes(command).await?,
            _ => {
                report.push_str(&line);
                report.push('\n');
            }
        }
        output::prompt("> ");
    }
    // The input ended without an empty line: what was written is sent all the same.
    if !report.is_empty() {
        stage.receive(&mail_typed(&report, sent + 1)).await?;
        tickets(stage).await?;
    }
    Ok(())
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        Self::failed(error)
    }
}

//! `tickets export`: one encrypted file with everything of one ticket, for police, an authority or an archive.

use crate::app::export::{Exported, export};
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::tickets::{parse, ticket_json, ticket_lines};
use crate::config::Config;
use crate::runtime::handover::{HandoverError, Lock, Recipient, begin_handover, new_passphrase};
use crate::runtime::wire::{block_on, open_app};
use clap::Args;
use jiff::tz::TimeZone;
use std::path::PathBuf;

/// Arguments of `tickets export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The number, for example CRT-2026-0042
    number: String,
    /// Why it is handed over, and to whom; kept with the read
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The file; one that is there is never overwritten
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Who can open it: a public key of age (age1...), once for each; without any a passphrase is made
    #[arg(long = "recipient", value_name = "AGE_KEY")]
    recipients: Vec<String>,
}

impl Export {
    /// Gathers, encrypts, and says how it is opened.
    pub(crate) fn run(&self, config: &Config, person: &str) -> Result<(), Failure> {
        let number = parse(&self.number)?;
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(Failure::usage(
                "--reason is empty; say why the ticket is handed over, and to whom",
            ));
        }
        let recipients = self.recipients()?;
        // Before the ticket is read: where nothing can be written nobody reads it.
        let handover = begin_handover(&self.to)?;
        let (exported, zone, at) = block_on(async {
            let app = open_app(config).await?;
            let exported = export(&app, &number, person, reason).await?;
            Ok::<_, Failure>((exported, app.settings.time_zone.clone(), app.clock.now()))
        })??;
        let lock = if recipients.is_empty() {
            Lock::Passphrase(new_passphrase())
        } else {
            Lock::Recipients(recipients)
        };
        handover.seal(&lock, &files(&texts(&exported, &zone)?, &exported), at)?;
        self.tell(&exported, &lock);
        Ok(())
    }

    fn recipients(&self) -> Result<Vec<Recipient>, Failure> {
        let read = |text: &String| {
            Recipient::parse(text).ok_or_else(|| {
                Failure::usage(format_args!(
                    "--recipient {text:?} is no public key of age; it begins with age1, as age-keygen shows it"
                ))
            })
        };
        self.recipients.iter().map(read).collect()
    }

    fn tell(&self, exported: &Exported, lock: &Lock) {
        let file = self.to.display();
        for gap in &exported.gaps {
            output::note(gap);
        }
        match lock {
            Lock::Recipients(_) => output::line(format_args!("{file} made")),
            Lock::Passphrase(phrase) => {
                output::line(format_args!(
                    "{file} made. Its passphrase is kept nowhere and shown only now; give it on another way than the file:"
                ));
                output::line(phrase.as_str());
            }
        }
    }
}

/// The texts that people and programs read first.
struct Texts {
    json: String,
    timeline: String,
}

fn texts(exported: &Exported, zone: &TimeZone) -> Result<Texts, Failure> {
    let mut timeline = ticket_lines(&exported.ticket, &exported.events, zone);
    if !exported.gaps.is_empty() {
        timeline.push(String::new());
        timeline.extend(exported.gaps.iter().map(|gap| format!("not here: {gap}")));
    }
    let mut timeline = timeline.join("\n");
    timeline.push('\n');
    Ok(Texts {
        json: ticket_json(&exported.ticket, &exported.events)?,
        timeline,
    })
}

fn files<'a>(texts: &'a Texts, exported: &'a Exported) -> Vec<(&'a str, &'a [u8])> {
    let first = [
        ("ticket.json", texts.json.as_bytes()),
        ("timeline.txt", texts.timeline.as_bytes()),
    ];
    let papers = exported.papers.iter();
    first
        .into_iter()
        .chain(papers.map(|paper| (paper.name.as_str(), paper.bytes.as_slice())))
        .collect()
}

impl From<HandoverError> for Failure {
    fn from(error: HandoverError) -> Self {
        Self::failed(error)
    }
}

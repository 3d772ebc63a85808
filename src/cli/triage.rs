//! `triage`: what the service would make of a message. Sends nothing, and opens no connection: only
//! with `--ask-dns` are name servers asked.

use crate::app::ports::{Border, Clock, Extent};
use crate::app::sender_check::check_signatures;
use crate::app::triage::{Inspection, Ours, TriageKeys, inspect_mail, read_as_ours};
use crate::app::triage_turns::{PlainMessage, inspect_turns};
use crate::app::understand::ReadMail;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::json::{Known, LookAlikeObject, TriageObject, TurnsObject};
use crate::cli::lines::{LineId, each_line};
use crate::cli::output;
use crate::cli::triage_text::{print, sentence};
use crate::cli::triage_train::{self, Train};
use crate::config::Config;
use crate::domain::intake::lookalike::look_alike;
use crate::domain::system_words::in_words;
use crate::domain::triage::assessment::Channel;
use crate::runtime::clock::SystemClock;
use crate::runtime::dkim::dkim_verifier;
use crate::runtime::knowledge::knowledge_for;
use crate::runtime::team_key::{mail_reader_for, openpgp};
use crate::runtime::wire::block_on;
use clap::{Args, Subcommand};
use serde::Deserialize;
use std::io::Read;
use std::path::PathBuf;

/// Most bytes of a mail that are read whole.
const LARGEST_MAIL: u64 = 25 * 1024 * 1024;

/// Arguments of `triage`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Triage {
    #[command(subcommand)]
    task: Option<Task>,
    /// The file with one mail; `-` or nothing for the standard input
    #[arg(conflicts_with = "jsonl")]
    file: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Check DKIM signatures too, as `[dkim]` allows the service to: asks name servers for the sender's keys
    #[arg(long, conflicts_with = "jsonl")]
    ask_dns: bool,
    /// Read messages as JSON lines from the standard input, print one JSON object a line. A line has `channel` (mail or
    /// chat), `text`, and may have `id` and `subject`; or `turns`, the messages of a conversation, instead of `text`.
    /// `reply` is null where nothing would be sent
    #[arg(long)]
    jsonl: bool,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Learn from the labelled reports of a knowledge folder. What was learned is written into it where it understands
    /// no less than before
    Train(Train),
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: LineId,
    channel: Channel,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    turns: Option<Vec<String>>,
}

/// Inspects.
pub(crate) fn run(arguments: &Triage, context: &Context) -> Result<(), Failure> {
    if let Some(Task::Train(train)) = &arguments.task {
        return triage_train::run(train, context);
    }
    let config = context.load_if_named()?;
    let knowledge = knowledge_for(config.as_ref())?;
    if arguments.jsonl {
        return each_line(|line: Line| print_line(knowledge.as_ref(), line));
    }
    let (raw, extent) = read_mail_file(arguments.file.as_deref())?;
    let ours = config.as_ref().map_or_else(Ours::default, ours);
    let reader = mail_reader_for(config.as_ref())?;
    let pgp = openpgp();
    let keys = TriageKeys {
        pgp: pgp.as_ref(),
        now: SystemClock.now(),
    };
    let mut read = read_as_ours(reader.as_ref(), &raw, extent, &ours);
    if let Some(config) = config.as_ref().filter(|_| arguments.ask_dns) {
        check_sender(config, &raw, &mut read)?;
    }
    let inspected = inspect_mail(knowledge.as_ref(), read, extent, &ours, &keys)?;
    for defect in &inspected.defects {
        output::note(sentence(*defect));
    }
    if arguments.json {
        let known = known_of(config.as_ref(), &inspected);
        let object = TriageObject::new(LineId::default(), known, inspected);
        output::line(serde_json::to_string(&object).map_err(Failure::failed)?);
    } else {
        print(&inspected, config.as_ref());
    }
    Ok(())
}

/// What the configuration says of us. A mail in a file doesn't say in which mailbox it arrived, so
/// every server that is trusted in one counts.
fn ours(config: &Config) -> Ours {
    let mailboxes = &config.file.mailbox;
    let names = mailboxes
        .iter()
        .flat_map(|mailbox| &mailbox.trusted_authserv_ids);
    let hops = mailboxes.iter().map(|mailbox| mailbox.own_hops).max();
    Ours {
        own_addresses: config.own_addresses.clone(),
        border: Border {
            authserv_ids: names.cloned().collect(),
            own_hops: hops.unwrap_or_default(),
        },
        constituents: config.constituents.clone(),
    }
}

/// The own check of signatures, where the configuration allows it: the service makes it too.
fn check_sender(config: &Config, raw: &[u8], read: &mut ReadMail) -> Result<(), Failure> {
    let Some(verifier) = dkim_verifier(config)? else {
        return Ok(());
    };
    let team = config.roster.addresses();
    block_on(check_signatures(
        verifier.as_ref(),
        raw,
        read,
        &config.constituents,
        &team,
    ))?;
    Ok(())
}

fn print_line(knowledge: &dyn crate::app::ports::Knowledge, line: Line) -> Result<(), Failure> {
    let Line {
        id,
        channel,
        subject,
        text,
        turns,
    } = line;
    let message = |text| PlainMessage {
        channel,
        subject: &subject,
        text,
    };
    let json = match &turns {
        Some(turns) => {
            let messages: Vec<_> = turns.iter().map(|turn| message(turn)).collect();
            let inspected = inspect_turns(knowledge, &messages, SystemClock.now())?;
            let turns = inspected
                .into_iter()
                .map(|one| TriageObject::new(id.clone(), Known::default(), one));
            serde_json::to_string(&TurnsObject {
                id: id.clone(),
                turns: turns.collect(),
            })
        }
        None => {
            let inspected = inspect_turns(knowledge, &[message(&text)], SystemClock.now())?.pop();
            let object = inspected.map(|one| TriageObject::new(id, Known::default(), one));
            serde_json::to_string(&object)
        }
    };
    output::line(json.map_err(Failure::failed)?);
    Ok(())
}

fn read_mail_file(file: Option<&std::path::Path>) -> Result<(Vec<u8>, Extent), Failure> {
    let mut raw = Vec::new();
    let standard_input = file.is_none_or(|file| file.as_os_str() == "-");
    let read = match file.filter(|_| !standard_input) {
        None => std::io::stdin()
            .lock()
            .take(LARGEST_MAIL + 1)
            .read_to_end(&mut raw),
        Some(file) => std::fs::File::open(file)
            .and_then(|mail| mail.take(LARGEST_MAIL + 1).read_to_end(&mut raw)),
    };
    read.map_err(|error| {
        let name = file.map_or_else(
            || "the standard input".to_owned(),
            |f| f.display().to_string(),
        );
        Failure::failed(format_args!(
            "can't read {name}: {}",
            in_words(error.kind())
        ))
    })?;
    if raw.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::failed(
            "the mail is empty; give a file with one mail, headers included",
        ));
    }
    let whole = u64::try_from(raw.len()).unwrap_or(u64::MAX) <= LARGEST_MAIL;
    Ok((
        raw,
        if whole {
            Extent::Whole
        } else {
            Extent::Beginning
        },
    ))
}

fn known_of(config: Option<&Config>, inspected: &Inspection) -> Known {
    let (Some(config), Some(from)) = (config, &inspected.from) else {
        return Known::default();
    };
    let listed = config.constituents.find(&from.address);
    Known {
        constituent: listed.map(|constituent| constituent.name.clone()),
        look_alike: look_alike(&from.address, &config.constituents).map(LookAlikeObject::from),
    }
}

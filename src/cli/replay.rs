//! `replay`: the stored messages of a ticket decided again, beside what was decided. The read is on record.

use crate::app::ports::DecisionRecord;
use crate::app::replay::difference::{Difference, fact_in_words, short, short_name, used_name};
use crate::app::replay::{Again, Against, Replay as Replayed, ReplayedMessage, replay};
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::moment::shown;
use crate::cli::output;
use crate::cli::ticket_events::printable;
use crate::cli::tickets::{parse, print_json, summary_line};
use crate::domain::ids::{InboxId, TicketNumber};
use crate::domain::triage::assessment::{Assessment, Channel};
use crate::runtime::knowledge::knowledge_kept;
use crate::runtime::wire::{block_on, open_app};
use clap::{ArgGroup, Args};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

/// Arguments of `replay`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("knowledge").required(true).args(["then", "now"])))]
pub(crate) struct Replay {
    /// The number, for example CRT-2026-0042
    ticket: String,
    /// With the knowledge that decided then, as it was kept
    #[arg(long)]
    then: bool,
    /// With the knowledge of today
    #[arg(long)]
    now: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct ReplayObject<'a> {
    number: &'a TicketNumber,
    against: &'static str,
    program: &'static str,
    messages: Vec<MessageObject<'a>>,
}

#[derive(Serialize)]
struct MessageObject<'a> {
    n: usize,
    inbox: &'a InboxId,
    at: Timestamp,
    channel: Option<Channel>,
    outcome: &'static str,
    because: Option<String>,
    then: Option<&'a DecisionRecord>,
    again: Option<&'a DecisionRecord>,
    differences: &'a [Difference],
}

/// Decides again and shows it.
pub(crate) fn run(arguments: &Replay, context: &Context) -> Result<(), Failure> {
    let config = context.load()?;
    let person = context.person();
    let number = parse(&arguments.ticket)?;
    let kept = |archive: &[u8]| knowledge_kept(&config, archive);
    let against = if arguments.then {
        Against::Then(&kept)
    } else {
        Against::Now
    };
    block_on(async {
        let app = open_app(&config).await?;
        let replayed = replay(&app, &number, &person, against).await?;
        if arguments.json {
            return print_json(&object(&number, against, &replayed));
        }
        for line in lines(&replayed, against, &app.settings.time_zone) {
            output::line(printable(&line));
        }
        Ok(())
    })?
}

fn object<'a>(
    number: &'a TicketNumber,
    against: Against<'_>,
    replayed: &'a Replayed,
) -> ReplayObject<'a> {
    let message = |(n, message): (usize, &'a ReplayedMessage)| {
        let again = message.again.as_ref().ok();
        MessageObject {
            n,
            inbox: &message.inbox,
            at: message.at,
            channel: message.channel,
            outcome: match again {
                None => "not-replayed",
                Some(again) if again.differences.is_empty() => "same",
                Some(_) => "differs",
            },
            because: message.again.as_ref().err().map(ToString::to_string),
            then: message.then.as_ref(),
            again: again.map(|again| &again.record),
            differences: again.map_or(&[], |again| again.differences.as_slice()),
        }
    };
    ReplayObject {
        number,
        against: match against {
            Against::Then(_) => "then",
            Against::Now => "now",
        },
        program: replayed.program,
        messages: (1..).zip(&replayed.messages).map(message).collect(),
    }
}

/// What a person reads.
fn lines(replayed: &Replayed, against: Against<'_>, zone: &TimeZone) -> Vec<String> {
    let knowledge = match against {
        Against::Then(_) => "the knowledge of then",
        Against::Now => "the knowledge of today",
    };
    let mut lines = vec![
        summary_line(&replayed.ticket.summary(), zone),
        format!(
            "replayed by program {} with {knowledge} and the settings of today; nothing was sent or changed",
            replayed.program
        ),
    ];
    for (n, message) in (1_usize..).zip(&replayed.messages) {
        lines.push(String::new());
        let way = match message.channel {
            Some(Channel::Mail) => "mail",
            Some(Channel::Chat) => "chat",
            None => "message",
        };
        lines.push(format!("{n:3}  {}  {way}", shown(message.at, zone)));
        let told = told(message);
        lines.extend(told.iter().map(|line| format!("     {line}")));
    }
    lines
}

fn told(message: &ReplayedMessage) -> Vec<String> {
    let decided = message.then.iter().map(|then| {
        format!(
            "decided by program {} with knowledge {}",
            then.program,
            short(&then.handbook)
        )
    });
    let rest = match &message.again {
        Ok(again) => decided_again(again),
        Err(why) => vec![format!("not replayed: {why}")],
    };
    decided.chain(rest).collect()
}

fn decided_again(again: &Again) -> Vec<String> {
    let record = &again.record;
    let mut lines = Vec::new();
    if !again.differences.is_empty() {
        lines.push(format!(
            "replayed with knowledge {}",
            short(&record.handbook)
        ));
    }
    lines.extend(record.assessment.iter().flat_map(assessed));
    if !record.machine_because.is_empty() {
        lines.push(format!("a machine: {}", record.machine_because.join(" · ")));
    }
    let used = record.used.iter().map(used_name);
    lines.extend(used.map(|name| format!("guidance {name}")));
    let found = record.found.iter().map(|name| short_name(name));
    lines.extend(found.map(|name| format!("found {name}")));
    lines.extend(
        record
            .silence
            .map(|reason| format!("no automatic reply: {reason}")),
    );
    if again.differences.is_empty() {
        lines.push("the same".to_owned());
    } else {
        lines.push("differs:".to_owned());
        let told = |it: &Difference| format!("  {}: {} -> {}", it.field, it.then, it.again);
        lines.extend(again.differences.iter().map(told));
    }
    lines
}

fn assessed(assessment: &Assessment) -> Vec<String> {
    let category = assessment
        .category
        .map_or("-", |category| category.as_str());
    let page = if assessment.page {
        ", calls for a human"
    } else {
        ""
    };
    let first = format!(
        "{} · {category} ({:.0} %) · {}{page} · {}",
        assessment.kind,
        assessment.confidence * 100.0,
        assessment.severity,
        assessment.language
    );
    let because = format!("because: {}", assessment.because.join(" · "));
    let facts = assessment
        .facts
        .iter()
        .map(|(key, _)| format!("fact {key} = {}", fact_in_words(assessment, key)));
    [first, because].into_iter().chain(facts).collect()
}

//! `ask`: what playbooks and memos say about a question.

use crate::app::ask::{Answer, ask};
use crate::app::ports::Clock;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::json::AskObject;
use crate::cli::lines::{LineId, each_line};
use crate::cli::output;
use crate::runtime::clock::SystemClock;
use crate::runtime::knowledge::{knowledge_for, knowledge_in};
use clap::Args;
use serde::Deserialize;
use std::path::PathBuf;

/// Arguments of `ask`.
#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The question
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    question: Option<String>,
    /// The knowledge folder to ask, in place of the configured one
    #[arg(long, value_name = "FOLDER")]
    knowledge: Option<PathBuf>,
    /// Most passages to show
    #[arg(long, default_value_t = 3)]
    limit: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Read questions as JSON lines from the standard input, print one JSON object a line
    #[arg(long)]
    jsonl: bool,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: LineId,
    text: String,
}

/// Answers.
pub(crate) fn run(arguments: &Ask, context: &Context) -> Result<(), Failure> {
    let config = context.load_if_named()?;
    let knowledge = match &arguments.knowledge {
        Some(folder) => knowledge_in(folder, config.as_ref())?,
        None => knowledge_for(config.as_ref())?,
    };
    let now = SystemClock.now();
    if arguments.jsonl {
        return each_line(|line: Line| {
            let answer = ask(knowledge.as_ref(), &line.text, arguments.limit, now)?;
            print_json(&AskObject::new(line.id, answer.language, answer.passages))
        });
    }
    let question = arguments.question.as_deref().unwrap_or_default();
    if question.trim().is_empty() {
        return Err(Failure::usage(
            "the question is empty; write for example: eerstelijn ask \"hoe maak ik back-ups?\"",
        ));
    }
    let answer = ask(knowledge.as_ref(), question, arguments.limit, now)?;
    if arguments.json {
        return print_json(&AskObject::new(
            LineId::default(),
            answer.language,
            answer.passages,
        ));
    }
    print_text(&answer);
    Ok(())
}

fn print_text(answer: &Answer) {
    if answer.passages.is_empty() {
        output::line("Geen memo hierover.");
    }
    for passage in &answer.passages {
        output::line(format_args!("{} · {}\n", passage.title, passage.section));
        output::line(&passage.text);
        output::line(format_args!(
            "\n({} {}, {:.1})\n",
            passage.id,
            short(&passage.version),
            passage.score
        ));
    }
}

fn short(version: &str) -> String {
    version.chars().take(12).collect()
}

fn print_json(object: &AskObject) -> Result<(), Failure> {
    output::line(serde_json::to_string(object).map_err(Failure::failed)?);
    Ok(())
}

//! `ask`: what playbooks and memos say about a question.

use crate::app::ask::ask;
use crate::app::ports::Clock;
use crate::cli::Context;
use crate::cli::ask_text;
use crate::cli::failure::Failure;
use crate::cli::json::AskObject;
use crate::cli::lines::{LineId, each_line};
use crate::cli::output;
use crate::domain::guidance::entry::Background;
use crate::runtime::clock::SystemClock;
use crate::runtime::knowledge::{knowledge_for, knowledge_in};
use clap::Args;
use serde::Deserialize;
use std::path::PathBuf;

/// Arguments of `ask`.
#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// The question, between quotes or not
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    question: Vec<String>,
    /// The knowledge folder to ask, in place of that of a named configuration
    #[arg(long, value_name = "FOLDER")]
    knowledge: Option<PathBuf>,
    /// Most passages to show
    #[arg(long, default_value_t = 3)]
    limit: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Read questions as JSON lines from the standard input, {"id":1,"text":"hoe maak ik back-ups?"}, and print one JSON object
    /// a line, in the same order
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
    if arguments.limit == 0 {
        return Err(Failure::usage(
            "--limit 0 would show nothing; name at least 1",
        ));
    }
    let config = context.load_if_named()?;
    let knowledge = match &arguments.knowledge {
        Some(folder) => knowledge_in(folder, config.as_ref())?,
        None => knowledge_for(config.as_ref())?,
    };
    let now = SystemClock.now();
    if arguments.jsonl {
        return each_line(|line: Line| {
            let answer = ask(knowledge.as_ref(), &line.text, arguments.limit, now)?;
            print_json(&AskObject::new(line.id, answer, knowledge.as_ref()))
        });
    }
    let question = arguments.question.join(" ");
    if question.trim().is_empty() {
        return Err(Failure::usage(
            "the question is empty; write for example: eerstelijn ask \"hoe maak ik back-ups?\"",
        ));
    }
    let answer = ask(knowledge.as_ref(), &question, arguments.limit, now)?;
    if arguments.json {
        return print_json(&AskObject::new(
            LineId::default(),
            answer,
            knowledge.as_ref(),
        ));
    }
    let backgrounds: Vec<Background> = answer
        .passages
        .iter()
        .map(|passage| knowledge.background(passage))
        .collect();
    let team = config.as_ref().map(|config| &config.file.organisation);
    for line in ask_text::lines(&answer, &backgrounds, team) {
        output::line(line);
    }
    Ok(())
}

fn print_json(object: &AskObject) -> Result<(), Failure> {
    output::line(serde_json::to_string(object).map_err(Failure::failed)?);
    Ok(())
}

//! `triage train`: learns from the labelled reports of a knowledge folder.

use crate::cli::evaluate::figures;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::domain::triage::evaluation::Evaluation;
use crate::runtime::learning::{TrainError, Training, train_in};
use clap::Args;
use std::path::PathBuf;

/// Arguments of `triage train`.
#[derive(Debug, Args)]
pub(crate) struct Train {
    /// The knowledge folder: learns from `examples/*.jsonl` in it, measures on `examples/measured.jsonl`, and writes `weights.txt`
    #[arg(long, value_name = "FOLDER")]
    knowledge: PathBuf,
}

/// Trains.
pub(crate) fn run(arguments: &Train) -> Result<(), Failure> {
    match train_in(&arguments.knowledge) {
        Ok(training) => {
            told(&training);
            let file = arguments.knowledge.join("weights.txt");
            output::line(format_args!("written: {}", file.display()));
            Ok(())
        }
        Err(TrainError::Worse(training)) => {
            told(&training);
            Err(Failure::failed(TrainError::Worse(training)))
        }
        Err(error) => Err(Failure::failed(error)),
    }
}

fn told(training: &Training) {
    output::line(format_args!(
        "learned from {} reports: {} words, parts of words and signs have weights",
        training.learned, training.features
    ));
    if let Some(before) = &training.before {
        part("before", before);
    }
    part("with what was learned", &training.after);
}

fn part(name: &str, of: &Evaluation) {
    output::line(format_args!(
        "{name}, on {} reports that were kept apart:",
        of.kind.all
    ));
    figures(of);
}

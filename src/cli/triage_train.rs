//! `triage train`: learns from the labelled reports of a knowledge folder.

use crate::app::corrected::{Gathered, corrections};
use crate::cli::Context;
use crate::cli::evaluate::figures;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::domain::triage::evaluation::Evaluation;
use crate::runtime::learning::{Classroom, TrainError, Training};
use crate::runtime::wire::{block_on, open_app};
use clap::Args;
use std::path::PathBuf;

/// Arguments of `triage train`.
#[derive(Debug, Args)]
pub(crate) struct Train {
    /// The knowledge folder: learns from `examples/*.jsonl` in it, measures on `examples/measured.jsonl`, and writes `weights.txt`
    #[arg(long, value_name = "FOLDER")]
    knowledge: PathBuf,
    /// Learn too from what people of the team corrected on tickets (`!kind`, `!category`, `!severity`): needs the configuration;
    /// you are on record as a reader of these tickets
    #[arg(long)]
    tickets: bool,
}

/// Trains. The folder is looked at first: nobody reads tickets for nothing.
pub(crate) fn run(arguments: &Train, context: &Context) -> Result<(), Failure> {
    let classroom = Classroom::open(&arguments.knowledge).map_err(Failure::failed)?;
    let gathered = if arguments.tickets {
        gathered(context)?
    } else {
        Gathered::default()
    };
    match classroom.train(&gathered.corrections) {
        Ok(training) => {
            told(&training, gathered.unopened);
            let file = arguments.knowledge.join("weights.txt");
            output::line(format_args!("written: {}", file.display()));
            if training.tickets == 0 && training.forgotten > 0 {
                output::line(format_args!(
                    "the weights that stood there had learned from {} corrected tickets too, these from none",
                    training.forgotten
                ));
            }
            Ok(())
        }
        Err(TrainError::Worse(training)) => {
            told(&training, gathered.unopened);
            Err(Failure::failed(TrainError::Worse(training)))
        }
        Err(error) => Err(Failure::failed(error)),
    }
}

fn gathered(context: &Context) -> Result<Gathered, Failure> {
    let config = context.load()?;
    let person = context.person();
    block_on(async {
        let app = open_app(&config).await?;
        Ok(corrections(&app, &person).await?)
    })?
}

fn told(training: &Training, unopened: usize) {
    let tickets = match training.tickets {
        0 => String::new(),
        1 => " and 1 corrected ticket".to_owned(),
        many => format!(" and {many} corrected tickets"),
    };
    output::line(format_args!(
        "learned from {} reports{tickets}: {} words, parts of words and signs have weights",
        training.learned, training.features
    ));
    if unopened > 0 {
        output::line(format_args!(
            "{unopened} corrected tickets can't be opened and taught nothing; `eerstelijn audit verify` says which"
        ));
    }
    match &training.before {
        Some(before) if *before == training.after => {
            part("before and with what was learned", before);
        }
        Some(before) => {
            part("before", before);
            part("with what was learned", &training.after);
        }
        None => part("with what was learned", &training.after),
    }
}

fn part(name: &str, of: &Evaluation) {
    output::line(format_args!(
        "{name}, on {} reports that were kept apart:",
        of.kind.all
    ));
    figures(of);
}

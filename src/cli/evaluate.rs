//! `evaluate`: how well labelled reports are understood. Sends nothing, opens no connection.

use crate::app::evaluate::{Evaluated, Mistake, evaluate};
use crate::app::ports::Clock;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::domain::triage::category::Category;
use crate::domain::triage::evaluation::{Evaluation, Share};
use crate::domain::triage::labelled::Labels;
use crate::runtime::clock::SystemClock;
use crate::runtime::knowledge::{knowledge_for, knowledge_in};
use crate::runtime::measuring::{Measured, measured};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Arguments of `evaluate`.
#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// The file with labelled reports, `-` for standard input: lines as for `triage --jsonl`, with `kind`, `category`, `severity` and `page`
    file: PathBuf,
    /// Measure the words, rules and weights of this knowledge folder instead of those that the service would use
    #[arg(long, value_name = "FOLDER")]
    knowledge: Option<PathBuf>,
    /// Show each report that was not understood as labelled, and the words that decided
    #[arg(long)]
    because: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Measures.
pub(crate) fn run(arguments: &Evaluate, context: &Context) -> Result<(), Failure> {
    let config = context.load_if_named()?;
    let knowledge = match &arguments.knowledge {
        Some(folder) => knowledge_in(folder, config.as_ref())?,
        None => knowledge_for(config.as_ref())?,
    };
    let Measured { reports, odd } = measured(&arguments.file)?;
    for trouble in &odd {
        output::note(trouble);
    }
    let evaluated = evaluate(&*knowledge, &reports, SystemClock.now())?;
    if arguments.json {
        let object = EvaluatedObject::new(&evaluated, arguments.because);
        output::line(serde_json::to_string(&object).map_err(Failure::failed)?);
        return Ok(());
    }
    output::line(format_args!("{} reports", reports.len()));
    figures(&evaluated.all);
    for (name, part) in &evaluated.parts {
        output::line(one_line(name, part));
    }
    confusion(&evaluated.all);
    calibration(&evaluated.all);
    if arguments.because {
        for mistake in &evaluated.mistakes {
            output::line(in_words(mistake));
        }
    }
    Ok(())
}

/// The figures as people read them, one a line.
pub(crate) fn figures(of: &Evaluation) {
    let line = |name: &str, share: Share| {
        output::line(format_args!(
            "{name:16} {:.3}  {} of {}",
            share.share(),
            share.right,
            share.all
        ));
    };
    line("kind", of.kind);
    line("incident or not", of.is_incident);
    line("category", of.category);
    output::line(format_args!("{:16} {:.3}", "macro-F1", of.macro_f1()));
    line("severity", of.severity);
    line("pages", of.pages);
    let wrong = of.quiet.all - of.quiet.right;
    output::line(format_args!(
        "{:16} {:.3}  {wrong} of {}",
        "false pages",
        of.false_pages(),
        of.quiet.all
    ));
    line("language", of.language);
    if of.facts_told.all > 0 {
        line("facts told", of.facts_told);
        line("facts read", of.facts_read);
    }
}

fn one_line(name: &str, of: &Evaluation) -> String {
    format!(
        "  {name:5} {:5} reports: kind {:.3}, category {:.3}, pages {:.3}, false pages {:.3}",
        of.kind.all,
        of.kind.share(),
        of.category.share(),
        of.pages.share(),
        of.false_pages()
    )
}

fn confusion(of: &Evaluation) {
    let mut confused: Vec<_> = of.confusion.iter().collect();
    confused.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    for ((labelled, found), count) in confused {
        let name = |category: &Option<Category>| category.map_or("no incident", Category::as_str);
        let (labelled, found) = (name(labelled), name(found));
        output::line(format_args!("  {labelled} taken for {found}: {count}"));
    }
}

fn calibration(of: &Evaluation) {
    for (tenth, share) in of
        .calibration
        .iter()
        .enumerate()
        .filter(|(_, share)| share.all > 0)
    {
        output::line(format_args!(
            "  sure by 0.{tenth} to {}: right {:.3}, {} of {}",
            if tenth == 9 {
                "1.0".to_owned()
            } else {
                format!("0.{}", tenth + 1)
            },
            share.share(),
            share.right,
            share.all
        ));
    }
}

fn in_words(mistake: &Mistake) -> String {
    format!(
        "{}: {}, taken for {} ({:.2}); because of {}",
        mistake.id,
        labels_in_words(mistake.labels),
        labels_in_words(mistake.found),
        mistake.confidence,
        if mistake.because.is_empty() {
            "no word".to_owned()
        } else {
            format!(
                "\u{201c}{}\u{201d}",
                mistake.because.join("\u{201d}, \u{201c}")
            )
        }
    )
}

fn labels_in_words(labels: Labels) -> String {
    let what = labels
        .category
        .map_or(labels.kind.as_str(), Category::as_str);
    let severity = labels
        .severity
        .map_or(String::new(), |severity| format!(" {severity}"));
    let page = if labels.page == Some(true) {
        ", wakes"
    } else {
        ""
    };
    format!("{what}{severity}{page}")
}

#[derive(Serialize)]
struct EvaluatedObject<'a> {
    reports: u32,
    #[serde(flatten)]
    all: FiguresObject,
    parts: BTreeMap<&'a str, FiguresObject>,
    categories: BTreeMap<Category, CategoryObject>,
    confusion: Vec<ConfusionObject>,
    calibration: Vec<CalibrationObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mistakes: Option<Vec<MistakeObject<'a>>>,
}

#[derive(Serialize)]
struct FiguresObject {
    kind: f64,
    incident: f64,
    category: f64,
    macro_f1: f64,
    severity: f64,
    page_recall: f64,
    false_pages: f64,
    language: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts_told: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts_read: Option<f64>,
}

#[derive(Serialize)]
struct CategoryObject {
    labelled: u32,
    taken_for: u32,
    both: u32,
    f1: f64,
}

#[derive(Serialize)]
struct ConfusionObject {
    labelled: Option<Category>,
    taken_for: Option<Category>,
    count: u32,
}

#[derive(Serialize)]
struct CalibrationObject {
    from: f64,
    right: u32,
    all: u32,
}

#[derive(Serialize)]
struct MistakeObject<'a> {
    id: &'a str,
    labelled: Labels,
    found: Labels,
    confidence: f64,
    because: &'a [String],
}

fn rounded(share: f64) -> f64 {
    (share * 1000.0).round() / 1000.0
}

impl From<&Evaluation> for FiguresObject {
    fn from(of: &Evaluation) -> Self {
        let facts = of.facts_told.all > 0;
        Self {
            kind: rounded(of.kind.share()),
            incident: rounded(of.is_incident.share()),
            category: rounded(of.category.share()),
            macro_f1: rounded(of.macro_f1()),
            severity: rounded(of.severity.share()),
            page_recall: rounded(of.pages.share()),
            false_pages: rounded(of.false_pages()),
            language: rounded(of.language.share()),
            facts_told: facts.then(|| rounded(of.facts_told.share())),
            facts_read: facts.then(|| rounded(of.facts_read.share())),
        }
    }
}

impl<'a> EvaluatedObject<'a> {
    fn new(evaluated: &'a Evaluated, because: bool) -> Self {
        let all = &evaluated.all;
        let mistakes = evaluated.mistakes.iter().map(|mistake| MistakeObject {
            id: &mistake.id,
            labelled: mistake.labels,
            found: mistake.found,
            confidence: mistake.confidence,
            because: &mistake.because,
        });
        let calibration = (0_u32..)
            .zip(&all.calibration)
            .map(|(tenth, share)| CalibrationObject {
                from: f64::from(tenth) / 10.0,
                right: share.right,
                all: share.all,
            });
        Self {
            reports: all.kind.all,
            all: all.into(),
            parts: evaluated
                .parts
                .iter()
                .map(|(name, part)| (name.as_str(), part.into()))
                .collect(),
            categories: all
                .by_category
                .iter()
                .map(|(category, of)| {
                    let object = CategoryObject {
                        labelled: of.labelled,
                        taken_for: of.taken_for,
                        both: of.both,
                        f1: rounded(of.f1()),
                    };
                    (*category, object)
                })
                .collect(),
            confusion: all
                .confusion
                .iter()
                .map(|((labelled, taken_for), count)| ConfusionObject {
                    labelled: *labelled,
                    taken_for: *taken_for,
                    count: *count,
                })
                .collect(),
            calibration: calibration.collect(),
            mistakes: because.then(|| mistakes.collect()),
        }
    }
}

//! `knowledge`: what the bot may say, for the people who keep it: check it, list it, make pages of it.

use crate::app::ports::Clock;
use crate::app::ports::knowledge::Sought;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::{knowledge_import, knowledge_stats, output};
use crate::domain::system_words::in_words;
use crate::runtime::clock::SystemClock;
use crate::runtime::knowledge::{Shelf, copy_shipped};
use crate::runtime::site_folder::write_pages;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde::Serialize;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Subcommands of `knowledge`. Each but `copy` and `stats` takes the folder that is named, else that of a named configuration, else what
/// is inside the program.
#[derive(Debug, Subcommand)]
pub(crate) enum Knowledge {
    /// Find every mistake in the files: file, line, what to do
    Check(Folder),
    /// List playbooks, memos, duties, obligations and contracts
    List(Folder),
    /// Write the knowledge inside the program into a folder, to go on from
    Copy(Copy),
    /// Write a site of files to publish, to print, or to put on a stick: memos, emergency cards, lists, and a search
    Export(Export),
    /// Bring pages of a wiki in as memos: an export of Confluence, a folder of Markdown or HTML. What is
    /// in the folder is told to whoever asks: bring in only pages that may go out
    Import(knowledge_import::Import),
    /// Show what answered, what was never found, and what people asked in vain; needs a configuration, and reading the
    /// questions is on record
    Stats(knowledge_stats::Stats),
}

/// A knowledge folder.
#[derive(Debug, Args)]
pub(crate) struct Folder {
    /// The knowledge folder; without it that of a named configuration (--config, `$EERSTELIJN_CONFIG`), else the knowledge
    /// inside the program
    folder: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `copy`.
#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// The folder to write into: empty, or made where it doesn't exist
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The knowledge folder; without it that of a named configuration (--config, `$EERSTELIJN_CONFIG`), else the knowledge
    /// inside the program
    folder: Option<PathBuf>,
    /// The folder to write into; made where it doesn't exist
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Runs a subcommand.
pub(crate) fn run(arguments: &Knowledge, context: &Context) -> Result<(), Failure> {
    let today = Sought::day_of(SystemClock.now());
    let open = |folder: Option<&Path>| {
        let config = context.load_if_named()?;
        Ok::<_, Failure>(Shelf::open(folder, config.as_ref())?)
    };
    match arguments {
        Knowledge::Check(folder) => check(&open(folder.folder.as_deref())?, today, folder.json),
        Knowledge::List(folder) => list(&open(folder.folder.as_deref())?, today, folder.json),
        Knowledge::Copy(copy) => self::copy(&copy.to),
        Knowledge::Export(export) => self::export(&open(export.folder.as_deref())?, today, export),
        Knowledge::Stats(stats) => knowledge_stats::run(stats, context),
        Knowledge::Import(import) => knowledge_import::run(import, context, today),
    }
}

#[derive(Serialize)]
struct CheckObject {
    ok: bool,
    findings: Vec<FindingObject>,
    due: Vec<DueObject>,
}

#[derive(Serialize)]
struct FindingObject {
    file: String,
    line: usize,
    text: String,
    refused: bool,
}

#[derive(Serialize)]
struct DueObject {
    entry: String,
    owner: String,
    since: Date,
}

fn check(shelf: &Shelf, today: Date, json: bool) -> Result<(), Failure> {
    let findings = shelf.check();
    let due = shelf.due(today);
    let (refused, unwanted) = (findings.refused.len(), findings.unwanted.len());
    if json {
        let all = findings.refused.into_iter().map(|trouble| (trouble, true));
        let all = all.chain(
            findings
                .unwanted
                .into_iter()
                .map(|trouble| (trouble, false)),
        );
        let object = CheckObject {
            ok: refused + unwanted == 0,
            findings: all
                .map(|(trouble, refused)| FindingObject {
                    file: trouble.path,
                    line: trouble.line,
                    text: trouble.what,
                    refused,
                })
                .collect(),
            due: due
                .into_iter()
                .map(|due| DueObject {
                    entry: due.what,
                    owner: due.owner,
                    since: due.since,
                })
                .collect(),
        };
        output::line(serde_json::to_string(&object).map_err(Failure::failed)?);
    } else {
        for (mark, troubles) in [
            ("refused", &findings.refused),
            ("unwanted", &findings.unwanted),
        ] {
            for trouble in troubles {
                output::line(format_args!("{mark:9} {trouble}"));
            }
        }
        for due in &due {
            let owner = Some(&due.owner).filter(|owner| !owner.is_empty());
            let owner = owner.map(|owner| format!(" ({owner})")).unwrap_or_default();
            output::line(format_args!(
                "due for review since {}: {}{owner}",
                due.since, due.what
            ));
        }
    }
    match (refused, unwanted) {
        (0, 0) => {
            if !json {
                output::line(in_order(shelf, today));
            }
            Ok(())
        }
        (0, unwanted) => Err(Failure::failed(format_args!(
            "{}; the service runs with these files, mend them all the same",
            mistakes(unwanted)
        ))),
        (refused, 0) => Err(Failure::failed(format_args!(
            "{}; the service refuses these files until they are mended",
            mistakes(refused)
        ))),
        (refused, unwanted) => Err(Failure::failed(format_args!(
            "{}; the service refuses these files until the {refused} marked refused are mended, mend the others all the same",
            mistakes(refused + unwanted)
        ))),
    }
}

fn mistakes(count: usize) -> String {
    if count == 1 {
        "1 mistake".to_owned()
    } else {
        format!("{count} mistakes")
    }
}

fn in_order(shelf: &Shelf, today: Date) -> String {
    let items = shelf.overview(today);
    let count = |kind: &str| {
        items
            .iter()
            .filter(|item| item.kind.as_str() == kind)
            .count()
    };
    format!(
        "in order: {} playbooks, {} memos, {} duties, {} obligations, {} contracts",
        count("playbook"),
        count("memo"),
        count("duty"),
        count("obligation"),
        count("contract")
    )
}

fn list(shelf: &Shelf, today: Date, json: bool) -> Result<(), Failure> {
    if !shelf.refused().is_empty() {
        return Err(as_failure(shelf.refused()));
    }
    let items = shelf.overview(today);
    if json {
        output::line(serde_json::to_string(&items).map_err(Failure::failed)?);
        return Ok(());
    }
    for item in items {
        let mut remarks = Vec::new();
        if !item.checked_on.is_empty() {
            remarks.push(format!("checked {}", item.checked_on));
        }
        if !item.unconfirmed.is_empty() {
            remarks.push(format!("{} unconfirmed", item.unconfirmed.len()));
        }
        if item.ended {
            remarks.push("not shown".to_owned());
        }
        output::line(format_args!(
            "{:10}  {:40}  {}{}",
            item.kind.as_str(),
            item.id,
            item.title,
            if remarks.is_empty() {
                String::new()
            } else {
                format!(" ({})", remarks.join(", "))
            }
        ));
        for claim in &item.unconfirmed {
            output::line(format_args!("{:14}? {claim}", ""));
        }
    }
    Ok(())
}

fn copy(to: &Path) -> Result<(), Failure> {
    let count = copy_shipped(to).map_err(Failure::failed)?;
    let shown = to.display();
    output::line(format_args!(
        "{count} files written to {shown}. Change what you want, then: eerstelijn knowledge check {shown}"
    ));
    // Where the service runs, a relative path is another one.
    let absolute = std::path::absolute(to).unwrap_or_else(|_| to.to_owned());
    let dir = toml::Value::String(absolute.display().to_string());
    output::line(format_args!(
        "To answer from it, write in the configuration:\n\n[knowledge]\ndir = {dir}"
    ));
    Ok(())
}

fn export(shelf: &Shelf, today: Date, export: &Export) -> Result<(), Failure> {
    if export.to.exists() && !export.to.is_dir() {
        return Err(Failure::usage(format_args!(
            "--to {} is a file; name a folder: an empty one, one of an earlier export, or one that doesn't exist yet",
            export.to.display()
        )));
    }
    if let Some(folder) = &export.folder
        && lies_in(&export.to, folder)
    {
        return Err(Failure::usage(format_args!(
            "--to {} lies in the knowledge folder, where pages would be taken for memos; name another folder",
            export.to.display()
        )));
    }
    let pages = shelf.pages(today).map_err(|found| as_failure(&found))?;
    let written = write_pages(&export.to, &pages).map_err(|(path, cause)| {
        let remedy = if cause == ErrorKind::AlreadyExists {
            "no export wrote it, so it stays: name an empty folder, or one of an earlier export"
        } else {
            "name a folder that you may write into"
        };
        Failure::failed(format_args!(
            "can't write {path}: {}; {remedy}",
            in_words(cause)
        ))
    })?;
    for name in &written.left {
        output::note(format_args!(
            "{name} is no longer made, but was changed since the last export, so it stays: take it away yourself"
        ));
    }
    for name in &written.made_anew {
        output::note(format_args!(
            "{name} was changed since the last export and is made anew, so the change is gone: change memos, or words and layout in pages/ of the knowledge folder"
        ));
    }
    let open: usize = pages.iter().map(|page| page.to_fill_in).sum();
    if open > 0 {
        output::note(format_args!(
            "{open} places of the page after RFC 2350 stand between square brackets; fill them in, in pages/rfc2350.md.j2 of the knowledge folder"
        ));
    }
    output::line(format_args!(
        "{} pages written to {}",
        pages.len(),
        export.to.display()
    ));
    Ok(())
}

/// Is a path within a folder? What doesn't exist yet lies where it would be made.
fn lies_in(path: &Path, folder: &Path) -> bool {
    let (Ok(folder), Ok(path)) = (folder.canonicalize(), std::path::absolute(path)) else {
        return false;
    };
    let known = path.ancestors().find_map(|part| part.canonicalize().ok());
    known.is_some_and(|known| known.starts_with(folder))
}

fn as_failure(found: &[impl fmt::Display]) -> Failure {
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    Failure::failed(lines.join("\n"))
}

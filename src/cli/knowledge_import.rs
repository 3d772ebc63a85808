//! `knowledge import`: pages of a wiki become memos; says what came in, what stayed, and what needs a person.

use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::runtime::knowledge_import::{LOST_LETTER, Plan, Wish, import, is_an_address};
use clap::Args;
use jiff::civil::Date;
use serde::Serialize;
use std::path::PathBuf;

/// Arguments of `import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A Confluence space exported as HTML or XML (zip or unpacked), a folder of Markdown or HTML, or one such file
    source: PathBuf,
    /// The knowledge folder to write memos into
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Who answers for new memos; without it the organisation of a named configuration (--config, `$EERSTELIJN_CONFIG`), else
    /// the Cyber Response Team
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// The address of the wiki, for links to the pages: <https://wiki.example.org/wiki>
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Object<T> {
    ok: bool,
    #[serde(flatten)]
    plan: T,
}

/// Runs the command.
pub(crate) fn run(arguments: &Import, context: &Context, today: Date) -> Result<(), Failure> {
    if let Some(url) = arguments
        .base_url
        .as_deref()
        .filter(|url| !is_an_address(url))
    {
        return Err(Failure::usage(format_args!(
            "--base-url {url} is no address; write it as https://wiki.example.org/wiki"
        )));
    }
    if arguments
        .owner
        .as_deref()
        .is_some_and(|owner| owner.trim().is_empty())
    {
        return Err(Failure::usage(
            "--owner is empty; name who answers for the memos",
        ));
    }
    let config = context.load_if_named()?;
    let wish = Wish {
        source: &arguments.source,
        folder: &arguments.to,
        owner: arguments.owner.as_deref(),
        base_url: arguments.base_url.as_deref(),
    };
    let plan = import(&wish, config.as_ref(), today).map_err(Failure::failed)?;
    let failed = plan.failed.len();
    if arguments.json {
        let object = Object {
            ok: failed == 0,
            plan: &plan,
        };
        output::line(serde_json::to_string(&object).map_err(Failure::failed)?);
    } else {
        tell(&plan);
    }
    match failed {
        0 => Ok(()),
        1 => Err(Failure::failed(
            "1 page could not be brought in; the others are",
        )),
        failed => Err(Failure::failed(format_args!(
            "{failed} pages could not be brought in; the others are"
        ))),
    }
}

/// What a person reads: what came in, what stayed, and what needs him.
fn tell(plan: &Plan) {
    for (what, lines) in [("new", &plan.new), ("changed", &plan.changed)] {
        for line in lines {
            output::line(format_args!("{what:9} {}  {}", line.file, line.title));
        }
    }
    for edited in &plan.edited {
        let file = &edited.line.file;
        output::line(if edited.page_changed {
            format!(
                "edited    {file}: somebody changed it, and its page changed too; compare them, or remove the file and import again"
            )
        } else {
            format!(
                "edited    {file}: somebody changed it since it came in, so it stays; to have the page's text again, remove the file and import again"
            )
        });
    }
    for line in &plan.gone {
        output::line(format_args!(
            "gone      {}: its page isn't in the source any more; remove the memo if it no longer holds",
            line.file
        ));
    }
    for line in &plan.damaged {
        output::line(format_args!(
            "damaged   {}: letters of its page can't be read ({LOST_LETTER} stands for them); save the page as UTF-8 and import it again, or write them in the memo",
            line.file
        ));
    }
    for line in &plan.empty {
        output::line(format_args!(
            "empty     {}: the page has no text",
            line.title
        ));
    }
    for failed in &plan.failed {
        output::line(format_args!("failed    {}: {}", failed.page, failed.reason));
    }
    output::line(format_args!(
        "{} new, {} changed, {} unchanged, {} edited, {} gone, {} empty, {} failed",
        plan.new.len(),
        plan.changed.len(),
        plan.unchanged.len(),
        plan.edited.len(),
        plan.gone.len(),
        plan.empty.len(),
        plan.failed.len(),
    ));
}

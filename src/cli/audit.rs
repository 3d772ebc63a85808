//! `audit`: proof that nothing in the database was changed, removed or reordered.

use crate::app::ports::AuditReport;
use crate::app::tickets::verify;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::runtime::wire::{block_on, open_app};
use clap::Subcommand;

/// Subcommands of `audit`.
#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// Check the chains of all tickets and of all reads, and that the key of every message and the decision on it open
    Verify,
}

/// Verifies; findings are named and fail the command.
pub(crate) fn run(arguments: &Audit, context: &Context) -> Result<(), Failure> {
    let Audit::Verify = arguments;
    let config = context.load()?;
    let report = block_on(async {
        let app = open_app(&config).await?;
        Ok::<_, Failure>(verify(&app).await?)
    })??;
    tell(&report)
}

/// Prints what the check found; a finding fails the command.
pub(crate) fn tell(report: &AuditReport) -> Result<(), Failure> {
    for finding in &report.findings {
        output::line(finding);
    }
    if !report.findings.is_empty() {
        let count = report.findings.len();
        return Err(Failure::failed(format_args!(
            "{count} findings: the database was changed outside the program; keep a copy and compare it with a back-up"
        )));
    }
    output::line(format_args!(
        "intact: {} tickets, {} events, {} reads",
        report.tickets, report.events, report.reads
    ));
    Ok(())
}

//! `check`: tests the configuration and everything it names, each finding with its remedy.

use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::runtime::check::{Grade, check};
use crate::runtime::wire::block_on;

/// Tests; a bad finding fails the command.
pub(crate) fn run(context: &Context) -> Result<(), Failure> {
    let config = context.load()?;
    let findings = block_on(check(&config))?;
    for finding in &findings {
        let grade = match finding.grade {
            Grade::Good => "good   ",
            Grade::Warning => "warning",
            Grade::Bad => "BAD    ",
        };
        output::line(format_args!(
            "{grade}  {}: {}",
            finding.subject, finding.text
        ));
    }
    match findings
        .iter()
        .filter(|finding| finding.grade == Grade::Bad)
        .count()
    {
        0 => Ok(()),
        bad => Err(Failure::failed(format_args!(
            "{bad} of {} checks failed; each line marked BAD says what to do",
            findings.len()
        ))),
    }
}

//! `check`: tests the configuration and everything it names, each finding with its remedy.

use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::config::Config;
use crate::runtime::check::{Grade, check};
use crate::runtime::wire::block_on;

/// Tests; a bad finding fails the command.
pub(crate) fn run(context: &Context) -> Result<(), Failure> {
    let Some(config) = whole_config(context)? else {
        return Err(Failure::usage(
            "nothing else was tested; mend the lines marked BAD first",
        ));
    };
    let findings = block_on(check(&config))?;
    for finding in &findings {
        let grade = match finding.grade {
            Grade::Good => "good   ",
            Grade::Untested => "to test",
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

/// The configuration. Of one with several mistakes each gets a line, and there is nothing then.
fn whole_config(context: &Context) -> Result<Option<Config>, Failure> {
    let mistakes = match context.load_whole()? {
        Ok(config) => return Ok(Some(config)),
        Err(mistakes) if mistakes.more.is_empty() => return Err(mistakes.first.into()),
        Err(mistakes) => mistakes,
    };
    for mistake in std::iter::once(&mistakes.first).chain(&mistakes.more) {
        output::line(format_args!("BAD      {mistake}"));
    }
    Ok(None)
}

//! `run`: the service.

use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::runtime::supervisor::Ended;
use crate::runtime::wire::serve;

/// Runs until told to stop, or until a task ends by itself.
pub(crate) fn run(context: &Context) -> Result<(), Failure> {
    let config = context.load()?;
    match serve(&config, &context.environment)? {
        Ended::Stopped => Ok(()),
        Ended::CutOff => Err(Failure::failed(
            "stopped, but some work had to be cut off; it goes on at the next start",
        )),
        Ended::TaskFailed => Err(Failure::failed(
            "a part of the service ended by itself and everything was stopped; see the log above",
        )),
    }
}

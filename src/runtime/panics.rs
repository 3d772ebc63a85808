//! What is written about a panic: where it happened, never its words. They may hold what a reporter
//! wrote: an index that is out of bounds prints no text, but an `expect` of a library may.

use crate::runtime::supervisor::current_task;
use std::panic::{Location, PanicHookInfo};

/// From now on a panic in any thread is logged by its place alone.
pub fn hide_payloads() {
    std::panic::set_hook(Box::new(note));
}

fn note(panic: &PanicHookInfo<'_>) {
    let thread = std::thread::current();
    let text = describe(panic.location(), current_task(), thread.name());
    tracing::error!("{text}");
}

fn describe(location: Option<&Location<'_>>, task: Option<&str>, thread: Option<&str>) -> String {
    let place = location.map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let whose = match (task, thread) {
        (Some(task), _) => format!("task {task}"),
        (None, Some(thread)) => format!("thread {thread}"),
        (None, None) => "a thread without a name".to_owned(),
    };
    format!("a fault in the program at {place}, {whose}; please report this line")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_by_place_and_task_only() {
        let here = Location::caller();
        let told = describe(Some(here), Some("decide"), Some("tokio-rt-worker"));
        assert!(told.contains("src/runtime/panics.rs:"), "{told}");
        assert!(
            told.contains("task decide") && !told.contains("tokio"),
            "{told}"
        );
        assert!(describe(None, None, Some("imap")).contains("an unknown place, thread imap"));
        assert!(describe(None, None, None).contains("without a name"));
    }
}

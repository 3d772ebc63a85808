//! Logs. Only fields on a list are written, so that a new field is dropped until somebody has thought
//! about it; no body, address or name is ever on the list.

use crate::config::environment::Environment;
use std::fmt;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// The fields that may be written.
const ALLOWED: &[&str] = &[
    "message", "attempt", "count", "error", "failure", "inbox", "kind", "mailbox", "ms", "number",
    "outbox", "outcome", "point", "seq", "size", "task", "ticket", "timer", "version", "worker",
];

/// What is logged where nothing is asked for. Libraries stay quiet: some of them log what they read, and
/// those of Matrix (all that begin with `matrix_sdk`) whose messages they couldn't open.
const DEFAULT_FILTER: &str = "eerstelijn=info,warn,lettre=off,imap=off,rustls=off,sqlx=off,matrix_sdk=off,ruma=off,hickory_net=off,hickory_proto=off,hickory_resolver=off";

/// What is logged beside the answer of a command.
const QUIET_FILTER: &str = "error,lettre=off,imap=off,rustls=off,sqlx=off,matrix_sdk=off,ruma=off,hickory_net=off,hickory_proto=off,hickory_resolver=off";

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Json,
}

/// Who reads the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// An operator: what the service does.
    Operator,
    /// A person at a terminal, who came for the answer: only what is wrong.
    Person,
}

/// Starts logging to the error stream. A second call in one process changes nothing.
pub fn start(environment: &Environment, audience: Audience) {
    let usual = match audience {
        Audience::Operator => DEFAULT_FILTER,
        Audience::Person => QUIET_FILTER,
    };
    let asked = environment.log.as_deref().unwrap_or(usual);
    let filter = EnvFilter::try_new(asked).unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let json = environment.log_format.as_deref() == Some("json");
    let lines = Lines(if json { Shape::Json } else { Shape::Text });
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .event_format(lines)
        .finish();
    // Tests start several services in one process; the first one's logs serve all.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

struct Lines(Shape);

#[derive(Default)]
struct Allowed(Vec<(&'static str, String)>);

impl Allowed {
    fn keep(&mut self, field: &Field, value: String) {
        if ALLOWED.contains(&field.name()) {
            self.0.push((field.name(), value));
        }
    }
}

impl Visit for Allowed {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, format!("{value:?}"));
    }
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut allowed = Allowed::default();
        event.record(&mut allowed);
        let level = event.metadata().level();
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        match self.0 {
            Shape::Text => {
                write!(writer, "{time} {level:>5}")?;
                for (name, value) in allowed.0 {
                    if name == "message" {
                        write!(writer, " {}", one_line(&value))?;
                    } else {
                        write!(writer, " {name}={}", one_line(&value))?;
                    }
                }
                writeln!(writer)
            }
            Shape::Json => {
                let mut line = serde_json::Map::new();
                line.insert("time".to_owned(), time.into());
                line.insert("level".to_owned(), level.as_str().into());
                line.insert("target".to_owned(), event.metadata().target().into());
                for (name, value) in allowed.0 {
                    line.insert(name.to_owned(), value.into());
                }
                writeln!(writer, "{}", serde_json::Value::Object(line))
            }
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};
    use tracing_subscriber::fmt::MakeWriter;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Captured {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn only_listed_fields_are_written() {
        for shape in [Shape::Text, Shape::Json] {
            let captured = Captured::default();
            let subscriber = tracing_subscriber::fmt()
                .with_writer(captured.clone())
                .event_format(Lines(shape))
                .finish();
            tracing::subscriber::with_default(subscriber, || {
                tracing::info!(ticket = "t1", subject = "CANARY", "stored\nand more");
            });
            let written = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
            assert!(
                written.contains("t1") && written.contains("stored"),
                "{written}"
            );
            assert!(!written.contains("CANARY"), "{written}");
            assert_eq!(written.lines().count(), 1);
        }
    }
}

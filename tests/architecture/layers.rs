//! Who may use whom: `main -> cli -> runtime -> {app, adapters, config}`, `app -> domain`,
//! `adapters -> app::ports, domain`; and which crate belongs to which adapter.

use super::Finding;
use super::paths::{self, Named};
use super::source::Source;
use regex::Regex;

/// What the domain may not touch: whatever speaks to the world or waits for it.
const NOT_IN_DOMAIN: [&str; 20] = [
    "tokio",
    "tokio_util",
    "async_trait",
    "sqlx",
    "lettre",
    "imap",
    "mail_parser",
    "mail_builder",
    "tantivy",
    "minijinja",
    "matrix_sdk",
    "rustls",
    "tracing",
    "include_dir",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::io",
];

/// A list of words in a part of the system that the domain may not touch: nothing in it does anything.
const WORDS: [&str; 3] = ["std", "io", "ErrorKind"];

/// A crate and the one folder that may name it.
const OWNED: [(&str, &str); 15] = [
    ("sqlx", "src/adapters/store/"),
    ("tantivy", "src/adapters/knowledge/"),
    ("minijinja", "src/adapters/knowledge/"),
    ("zip", "src/adapters/knowledge/import/"),
    ("quick_xml", "src/adapters/knowledge/import/"),
    ("html5ever", "src/adapters/knowledge/import/"),
    ("encoding_rs", "src/adapters/knowledge/import/"),
    ("imap", "src/adapters/mail/"),
    ("lettre", "src/adapters/mail/"),
    ("mail_parser", "src/adapters/mail/"),
    ("mail_builder", "src/adapters/mail/"),
    ("age", "src/adapters/handover/"),
    ("tar", "src/adapters/handover/"),
    ("matrix_sdk", "src/adapters/matrix/"),
    ("matrix_sdk_base", "src/adapters/matrix/"),
];

/// Every breach in one file.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if source.is_test() {
        return Vec::new();
    }
    let module = source.module();
    let named = paths::find(&source.code);
    let breach = |path: &Named| {
        let rule =
            own_path(&module, path).or_else(|| foreign_crate(&source.file, &module, path))?;
        Some(Finding::new(&source.file, path.line, rule))
    };
    named
        .iter()
        .filter_map(breach)
        .chain(waiting(source))
        .collect()
}

/// The domain never waits: no `async`, no `await`.
fn waiting(source: &Source) -> Vec<Finding> {
    if source.module().first() != Some(&"domain") {
        return Vec::new();
    }
    let waits = Regex::new(r"\b(async|await)\b").unwrap();
    let lines = source
        .code
        .lines()
        .zip(1..)
        .filter(|(line, _)| waits.is_match(line));
    lines
        .map(|(_, line)| Finding::new(&source.file, line, "`domain` is pure and may not wait"))
        .collect()
}

/// Is this path into our own code allowed here?
fn own_path(module: &[&str], path: &Named) -> Option<String> {
    let parts: Vec<&str> = path.parts.iter().map(String::as_str).collect();
    let inside = match parts.as_slice() {
        ["super", _, ..] => return Some("write `crate::` paths, not `super::`".to_owned()),
        ["crate" | "eerstelijn", inside @ ..] => inside,
        _ => return None,
    };
    let allowed = allowed(module)?;
    if allowed.iter().any(|allowed| inside.starts_with(allowed)) {
        return None;
    }
    let here = module.first().copied().unwrap_or_default();
    let list: Vec<String> = allowed.iter().map(|parts| parts.join("::")).collect();
    Some(format!(
        "`{here}` may not use `{}`; it may use {}",
        parts.join("::"),
        list.join(", ")
    ))
}

/// The modules that a module may use; `None` where there is no rule (the map in `lib.rs`).
fn allowed<'a>(module: &[&'a str]) -> Option<Vec<Vec<&'a str>>> {
    Some(match module {
        ["lib"] => return None,
        ["main"] => vec![vec!["cli"]],
        ["domain", ..] => vec![vec!["domain"]],
        ["app", ..] => vec![vec!["app"], vec!["domain"]],
        ["adapters", "mod"] => vec![vec!["adapters"]],
        ["adapters", name, ..] => {
            vec![vec!["adapters", name], vec!["app", "ports"], vec!["domain"]]
        }
        ["config", ..] => vec![vec!["config"], vec!["domain"]],
        ["runtime", ..] => ["runtime", "app", "adapters", "config", "domain"]
            .map(|m| vec![m])
            .into(),
        ["cli", ..] => ["cli", "runtime", "config", "app", "domain"]
            .map(|m| vec![m])
            .into(),
        _ => Vec::new(),
    })
}

/// Is this crate allowed here?
fn foreign_crate(file: &str, module: &[&str], path: &Named) -> Option<String> {
    let name = path.parts.first()?.as_str();
    let two = path
        .parts
        .iter()
        .take(2)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("::");
    let words = path.parts.iter().map(String::as_str).take(3).eq(WORDS);
    let banned = NOT_IN_DOMAIN.contains(&name) || NOT_IN_DOMAIN.contains(&two.as_str());
    if module.first() == Some(&"domain") && banned && !words {
        return Some(format!("`domain` is pure and may not use `{two}`"));
    }
    let (_, home) = OWNED.iter().find(|(owned, _)| *owned == name)?;
    (!file.starts_with(home)).then(|| format!("`{name}` is used in {home} and nowhere else"))
}

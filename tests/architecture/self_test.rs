//! Are the rules themselves awake? Each gets a sample that breaks it and one that keeps it.

use super::source::Source;
use super::{Finding, dependencies, files, layers, migrations};

fn lines(findings: &[Finding]) -> Vec<usize> {
    findings.iter().map(|finding| finding.line).collect()
}

fn layers_of(file: &str, code: &str) -> Vec<usize> {
    lines(&layers::check(&Source::new(file, code)))
}

fn files_of(file: &str, code: &str) -> Vec<usize> {
    lines(&files::check(&Source::new(file, code)))
}

#[test]
fn a_path_into_a_foreign_layer_is_found_however_it_is_written() {
    for (file, code) in [
        ("src/domain/a.rs", "use crate::app::ports::Clock;"),
        (
            "src/domain/a.rs",
            "use crate::{domain::ids::Id, config::load};",
        ),
        (
            "src/domain/a.rs",
            "fn f() { crate::adapters::mail::send() }",
        ),
        ("src/domain/a.rs", "use crate::{self, domain::x};"),
        ("src/domain/a.rs", "use crate::*;"),
        ("src/domain/a/mod.rs", "use std::{fmt, fs::File};"),
        (
            "src/domain/a.rs",
            "use std::{collections::{BTreeMap}, net::{IpAddr as A}};",
        ),
        ("src/domain/a.rs", "fn f() -> Result<(), ::sqlx::Error> {}"),
        (
            "src/domain/a.rs",
            "#[derive(Debug, sqlx::FromRow)] struct A;",
        ),
        ("src/domain/a.rs", "fn f() { tokio::join!(a) }"),
        ("src/domain/a.rs", "async fn f() {}"),
        ("src/domain/a.rs", "use tokio;"),
        ("src/domain/a.rs", "use super::b;"),
        ("src/app/a.rs", "use crate::adapters::store::Store;"),
        ("src/app/a.rs", "use crate :: config\n:: load;"),
        ("src/app/a.rs", "fn f(x: Vec<crate::runtime::R>) {}"),
        ("src/app/a.rs", "use sqlx::query;"),
        (
            "src/adapters/mail/a.rs",
            "use crate::adapters::store::Store;",
        ),
        ("src/adapters/mail/a.rs", "use crate::app::intake::take;"),
        ("src/adapters/mail/a.rs", "use crate::config::Mailbox;"),
        ("src/adapters/mail/a.rs", "use tantivy::Index;"),
        ("src/adapters/mod.rs", "use crate::domain::ids::Id;"),
        ("src/adapters/store/a.rs", "use lettre::Message;"),
        ("src/config/a.rs", "use crate::app::ports::Clock;"),
        ("src/runtime/a.rs", "use crate::cli::run;"),
        ("src/runtime/a.rs", "use minijinja::Environment;"),
        ("src/cli/a.rs", "use crate::adapters::mail::Imap;"),
        ("src/main.rs", "fn main() { eerstelijn::runtime::run() }"),
        ("src/elsewhere/a.rs", "use crate::domain::ids::Id;"),
    ] {
        assert_eq!(layers_of(file, code), [1], "{file}: {code}");
    }
}

#[test]
fn what_a_layer_may_use_is_no_finding() {
    for (file, code) in [
        (
            "src/domain/a.rs",
            "use crate::domain::{ids::Id, text as t}; use std::{fmt, collections::*};",
        ),
        (
            "src/domain/a.rs",
            "// use tokio::spawn;\n/* crate::app::x /* y */ sqlx::z */",
        ),
        (
            "src/domain/a.rs",
            "const A: &str = \"crate::app::x\"; const B: &str = r#\"\"sqlx::y\"\"#;",
        ),
        (
            "src/domain/a.rs",
            "const A: char = '\"'; const B: &str = \"\\\"imap::x\"; fn f<'a>(x: &'a u8) {}",
        ),
        (
            "src/domain/a.rs",
            "#[cfg(test)]\nmod tests {\n use super::*; use std::fs; fn f() { {} }\n}",
        ),
        ("src/domain/a/tests.rs", "use std::fs;"),
        (
            "src/domain/a.rs",
            "pub(super) fn imap(sqlx: u8) -> u8 { sqlx }",
        ),
        (
            "src/app/a.rs",
            "use crate::app::ports::Store; use crate::domain::ids::Id; use std::fs;",
        ),
        (
            "src/adapters/mail/imap.rs",
            "use crate::adapters::mail::parse; use imap::Client;",
        ),
        (
            "src/adapters/store/a.rs",
            "use crate::app::ports::Store; use crate::domain::x; use sqlx::query;",
        ),
        (
            "src/runtime/a.rs",
            "use crate::{adapters::mail::Imap, config::load, app::x, domain::y};",
        ),
        (
            "src/cli/a.rs",
            "use crate::{runtime::wire, config::load, app::x, domain::y, cli::z};",
        ),
        ("src/main.rs", "fn main() { eerstelijn::cli::main() }"),
        ("src/lib.rs", "pub mod adapters; pub use crate::app::x;"),
    ] {
        assert_eq!(layers_of(file, code), Vec::<usize>::new(), "{file}: {code}");
    }
}

#[test]
fn the_line_is_that_of_the_name() {
    let code = "//! A.\n\nuse crate::{\n    domain::a,\n    app::b,\n};\n#[cfg(test)]\nmod tests {\n\n}\nuse sqlx::c;\n";
    assert_eq!(layers_of("src/domain/a.rs", code), [5, 11]);
}

#[test]
fn a_file_that_breaks_a_rule_is_found() {
    for (file, code, line) in [
        ("src/app/a.rs", "use x::y;\n", 1),
        ("src/app/a.rs", "//!\n", 1),
        ("src/app/a.rs", "", 1),
        ("src/app/util.rs", "//! A.\n", 1),
        ("src/app/helpers/a.rs", "//! A.\n", 1),
        ("src/app/a.rs", "//! A.\nmod common {\n}\n", 2),
        ("src/app/a.rs", "//! A.\n#[expect(dead_code)]\n", 2),
        (
            "src/app/a.rs",
            "//! A.\n\n#[expect(\n  dead_code,\n  unused\n)]\n",
            3,
        ),
        ("src/app/a.rs", "//! A.\n#![expect(dead_code)]\n", 2),
        (
            "src/app/a.rs",
            "//! A.\n#[cfg_attr(unix, expect(dead_code))]\n",
            2,
        ),
        ("src/app/a.rs", "//! A.\nfn f() { println!(\"x\") }\n", 2),
        (
            "src/adapters/console/a.rs",
            "//! A.\nfn f() { std::eprint!(\"x\") }\n",
            2,
        ),
    ] {
        assert_eq!(files_of(file, code), [line], "{file}: {code}");
    }
}

#[test]
fn a_file_that_keeps_the_rules_is_no_finding() {
    for (file, code) in [
        (
            "src/app/a.rs",
            "//! A.\n#[expect(dead_code, reason = \"later\")]\nfn f() {}\n",
        ),
        (
            "src/app/a.rs",
            "//! A.\nfn f() { x.expect(\"y\"); writeln!(out, \"println!\"); }\n",
        ),
        ("src/cli/a.rs", "//! A.\nfn f() { println!(\"x\") }\n"),
        (
            "src/app/a.rs",
            "//! A.\n#[cfg(test)]\nmod tests {\n  fn f() { println!(\"x\") }\n}\n",
        ),
    ] {
        assert_eq!(files_of(file, code), Vec::<usize>::new(), "{file}: {code}");
    }
}

#[test]
fn a_long_file_needs_a_reason_and_a_longer_one_has_none() {
    let plain = "//! A.\n";
    let reasoned = "//! A.\n//!\n//! Longer than 400 lines\n//! because it is one table.\n";
    for (doc, lines, breaks) in [
        (plain, 400, false),
        (plain, 401, true),
        (reasoned, 401, false),
        (reasoned, 600, false),
        (reasoned, 601, true),
    ] {
        let missing = lines - doc.lines().count();
        let code = format!("{doc}{}", "x();\n".repeat(missing));
        assert_eq!(
            files_of("src/app/a.rs", &code).len(),
            usize::from(breaks),
            "{doc}{lines}"
        );
        let tests = format!(
            "{code}#[cfg(test)]\nmod tests {{\n{}}}\n",
            "y();\n".repeat(300)
        );
        assert_eq!(
            files_of("src/app/a.rs", &tests).len(),
            usize::from(breaks),
            "{doc}{lines}, tests"
        );
    }
}

#[test]
fn a_migration_with_another_name_or_number_is_found() {
    let set = |sqlite: &[&str], postgres: &[&str]| {
        let owned = |files: &[&str]| files.iter().map(ToString::to_string).collect::<Vec<_>>();
        [("sqlite", sqlite), ("postgres", postgres)]
            .map(|(name, files)| (name.to_owned(), owned(files)))
            .into()
    };
    assert_eq!(
        migrations::check(&set(&["0001_a.sql"], &["0001_a.sql"])),
        []
    );
    for (files, findings) in [
        (vec!["1_a.sql"], 2),
        (vec!["0001-a.sql"], 2),
        (vec!["0001_a.sql", "0001_b.sql"], 2),
    ] {
        assert_eq!(
            migrations::check(&set(&files, &files)).len(),
            findings,
            "{files:?}"
        );
    }
    assert_eq!(migrations::check(&set(&["0001_a.sql"], &[])).len(), 1);
}

#[test]
fn a_dependency_without_a_comment_is_found() {
    let manifest = "[package]\nname = \"x\"\n\n[dependencies]\n# One.\na = \"1\"\nb = { version = \"1\", features = [\n  \"x\",\n] }\n\nc = \"1\"\n[dev-dependencies]\nd = \"1\"\n\n[lints]\ne = 1\n";
    assert_eq!(lines(&dependencies::check(manifest)), [11, 13]);
}

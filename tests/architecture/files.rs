//! How a file looks: it says what it is, isn't too long, has a name that says something, silences no
//! lint without a reason, and prints only where a person at a terminal is meant.

use super::Finding;
use super::source::Source;
use regex::Regex;

/// Above this many lines outside tests a file must say why.
const LONG: usize = 400;
/// Above this many lines outside tests it must be split.
const TOO_LONG: usize = 600;
/// How a long file begins its reason.
const REASON: &str = "Longer than 400 lines because";

const EMPTY_NAMES: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

/// Every breach in one file.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(module_doc(source));
    findings.extend(length(source));
    findings.extend(names(source));
    findings.extend(expectations(source));
    if !source.is_test() {
        findings.extend(printing(source));
    }
    findings
}

fn module_doc(source: &Source) -> Option<Finding> {
    let says = |line: &str| {
        line.strip_prefix("//!")
            .is_some_and(|doc| !doc.trim().is_empty())
    };
    (!source.text.lines().next().is_some_and(says))
        .then(|| Finding::new(&source.file, 1, "begin with `//!` and what the file is"))
}

fn length(source: &Source) -> Option<Finding> {
    let lines = source.lines;
    let doc: Vec<&str> = source
        .text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .collect();
    let says_why = doc.join(" ").contains(REASON);
    let rule = if lines > TOO_LONG {
        format!("{lines} lines outside tests: split it, {TOO_LONG} is the most")
    } else if lines > LONG && !says_why {
        format!("{lines} lines outside tests: split it, or say `{REASON} ...` in its module doc")
    } else {
        return None;
    };
    Some(Finding::new(&source.file, lines, rule))
}

fn names(source: &Source) -> Vec<Finding> {
    let rule = |name: &str| format!("a module named `{name}` says nothing of what it holds");
    let inline = Regex::new(r"\bmod\s+(\w+)\s*\{").unwrap();
    let of_file = source.module().into_iter().map(|name| (1, name));
    let of_inline = inline.captures_iter(&source.code).map(|found| {
        (
            line_at(&source.code, found.get(0).unwrap().start()),
            found.get(1).unwrap().as_str(),
        )
    });
    of_file
        .chain(of_inline)
        .filter(|(_, name)| EMPTY_NAMES.contains(name))
        .map(|(line, name)| Finding::new(&source.file, line, rule(name)))
        .collect()
}

/// `#[expect(...)]` without a reason.
fn expectations(source: &Source) -> Vec<Finding> {
    let attribute = Regex::new(r"#!?\[\s*(cfg_attr\s*\([^\]]*)?\bexpect\s*\([^\]]*\]").unwrap();
    let reason = Regex::new(r"\breason\s*=").unwrap();
    attribute
        .find_iter(&source.code)
        .filter(|found| !reason.is_match(found.as_str()))
        .map(|found| line_at(&source.code, found.start()))
        .map(|line| {
            Finding::new(
                &source.file,
                line,
                "`#[expect(...)]` needs a `reason = \"...\"`",
            )
        })
        .collect()
}

fn printing(source: &Source) -> Vec<Finding> {
    if source.file == "src/main.rs" || source.file.starts_with("src/cli/") {
        return Vec::new();
    }
    let print = Regex::new(r"\b(e?print(ln)?|dbg)!").unwrap();
    let place = |at| line_at(&source.code, at);
    print
        .find_iter(&source.code)
        .map(|found| (place(found.start()), found.as_str()))
        .map(|(line, call)| {
            Finding::new(
                &source.file,
                line,
                format!("`{call}` only in src/cli: log, or return the text"),
            )
        })
        .collect()
}

fn line_at(code: &str, at: usize) -> usize {
    code.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

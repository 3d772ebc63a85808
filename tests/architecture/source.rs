//! A source file as the rules see it: without comments, the contents of literals, and tests.

use std::path::Path;

/// One file of `src/`.
pub(super) struct Source {
    /// From the top of the package, with `/`.
    pub(super) file: String,
    /// As it is written.
    pub(super) text: String,
    /// The same lines; comments, contents of literals and `#[cfg(test)]` modules are blank.
    pub(super) code: String,
    /// How many lines stand outside the test modules.
    pub(super) lines: usize,
}

impl Source {
    /// Takes a file apart.
    pub(super) fn new(file: &str, text: &str) -> Self {
        let without_comments = blank_comments_and_literals(text);
        let (code, in_tests) = blank_tests(&without_comments);
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            code,
            lines: text.lines().count().saturating_sub(in_tests),
        }
    }

    /// Reads every `.rs` file below a folder of the package, sorted by name.
    pub(super) fn read_all(dir: &Path) -> Vec<Self> {
        let mut sources = Vec::new();
        let mut folders = vec![dir.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let name = path.strip_prefix(super::root()).unwrap();
                    sources.push(Self::new(name.to_str().unwrap(), &text));
                }
            }
        }
        sources.sort_by(|a, b| a.file.cmp(&b.file));
        sources
    }

    /// The names of the folders and of the file itself below `src/`, without `.rs`.
    pub(super) fn module(&self) -> Vec<&str> {
        let inside = self.file.strip_prefix("src/").unwrap_or(&self.file);
        inside.trim_end_matches(".rs").split('/').collect()
    }

    /// Is the whole file a test module (`tests.rs` beside the code)?
    pub(super) fn is_test(&self) -> bool {
        self.module().contains(&"tests")
    }
}

/// Blanks comments and the contents of string and character literals; every line stays a line.
fn blank_comments_and_literals(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = end_of_blank(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(
                chars[at..end]
                    .iter()
                    .map(|c| if *c == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    out
}

/// Where the comment or literal that begins at `at` ends; `at` itself when none begins there.
fn end_of_blank(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    match rest {
        ['/', '/', ..] => at + rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => at + end_of_block_comment(rest),
        ['r', '"' | '#', ..] if !in_word(chars, at) => end_of_raw(chars, at, 1),
        ['b' | 'c', 'r', '"' | '#', ..] if !in_word(chars, at) => end_of_raw(chars, at, 2),
        ['"', ..] => at + end_of_string(rest),
        ['\'', '\\', ..] => at + 3 + rest.iter().skip(3).take_while(|c| **c != '\'').count() + 1,
        ['\'', _, '\'', ..] => at + 3,
        _ => at,
    }
    .min(chars.len())
}

fn in_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')
}

fn end_of_block_comment(rest: &[char]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn end_of_string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// A raw string whose `r` is the last of `prefix` characters; a raw identifier is none.
fn end_of_raw(chars: &[char], at: usize, prefix: usize) -> usize {
    let hashes = chars
        .iter()
        .skip(at + prefix)
        .take_while(|c| **c == '#')
        .count();
    let body = at + prefix + hashes + 1;
    if chars.get(body - 1) != Some(&'"') {
        return at;
    }
    let closing: Vec<char> = std::iter::once('"')
        .chain(std::iter::repeat_n('#', hashes))
        .collect();
    let rest = chars.get(body..).unwrap_or_default();
    let length = rest
        .windows(closing.len())
        .position(|w| w == closing)
        .unwrap_or(rest.len());
    body + length + closing.len()
}

/// Blanks `#[cfg(test)] mod name { ... }`, and counts the lines that it took.
fn blank_tests(code: &str) -> (String, usize) {
    let start = regex::Regex::new(
        r"#\[cfg\(test\)\]\s*(#\[[^\]]*\]\s*)*(pub(\([^)]*\))?\s+)?mod\s+\w+\s*\{",
    )
    .unwrap();
    let mut out = String::with_capacity(code.len());
    let (mut rest, mut lines) = (code, 0);
    while let Some(found) = start.find(rest) {
        let (before, from) = rest.split_at(found.start());
        let (block, after) = from.split_at(end_of_braces(from));
        out.push_str(before);
        out.extend(block.chars().filter(|c| *c == '\n'));
        lines += block.lines().count();
        rest = after;
    }
    out.push_str(rest);
    (out, lines)
}

/// The length up to the brace that closes the first one.
fn end_of_braces(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    code.len()
}

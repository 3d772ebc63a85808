//! An answer that can't be written is a failure; a reader that went away is none.

use crate::commands::{outcome, program};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

const QUESTION: [&str; 2] = ["ask", "hoe maken wij back-ups?"];

#[test]
fn a_full_disk_fails_the_command() {
    for arguments in [&QUESTION[..], &["--help"], &["demo", "--script"]] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = program()
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(
            said.contains("the answer can't be written"),
            "{arguments:?}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = program()
        .args(["ask", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let question = b"{\"text\":\"hoe maken wij back-ups?\"}\n";
    stdin.write_all(question).unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with('{'), "{first}");
    // The reader is gone; the program notices and reads no further.
    for _ in 0..10_000 {
        if stdin.write_all(question).is_err() {
            break;
        }
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*said), (Some(0), ""));
}

#[test]
fn an_answer_that_arrives_is_a_success() {
    let told = outcome(program().args(QUESTION), b"");
    assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{told:?}");
}

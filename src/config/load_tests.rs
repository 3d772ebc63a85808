//! Each mistake in a configuration is named with its place and its remedy; the example is right.

use crate::config::load::*;
use crate::config::values::is_loopback;

const LEAST: &str = r#"
    [organisation]
    name = "CRT"
    address = "crt@crt.example"
    [[mailbox]]
    kind = "maildir"
    path = "/var/mail/crt"
    [smtp]
    host = "localhost"
    tls = "none"
    [store]
    key_file = "key"
    data_dir = "data"
"#;

fn error_of(text: &str) -> String {
    let path = Path::new("config.toml");
    let file = match parse(path, text) {
        Ok(file) => file,
        Err(error) => return error.to_string(),
    };
    let mut found = check(path, &file);
    found.extend(check_together(path, &file));
    // Secrets and lists lie in files that aren't there.
    let environment = Environment::default();
    let mut gathered = Gathered::new(path, &environment);
    let _ = gathered.config(file);
    let elsewhere = |error: &ConfigError| {
        matches!(error, ConfigError::Unreadable { .. }) || error.to_string().contains("isn't there")
    };
    found.extend(gathered.found.into_iter().filter(|error| !elsewhere(error)));
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    found.join("\n")
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = LEAST
        .replace("path = \"/var/mail/crt\"", "")
        .replace("host = \"localhost\"", "host = \"mx.example\"")
        .replace("crt@crt.example", "crt");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    std::fs::write(&file, text).unwrap();
    let mistakes = load_whole(&file, &Environment::default()).unwrap_err();
    let all = std::iter::once(&mistakes.first).chain(&mistakes.more);
    let told: Vec<String> = all.map(ToString::to_string).collect();
    let keys = [
        "mailbox[0].path: ",
        "smtp.tls: ",
        "store.key_file: ",
        "organisation.address: ",
    ];
    assert_eq!(told.len(), keys.len(), "{told:?}");
    for (line, key) in told.iter().zip(keys) {
        assert!(line.contains(key), "{told:?}");
    }
}

#[test]
fn the_least_configuration_is_enough() {
    assert_eq!(error_of(LEAST), "");
}

#[test]
fn a_section_that_is_missing_is_named_and_stands_on_no_line() {
    let text = LEAST.replace("[smtp]\n    host = \"localhost\"\n    tls = \"none\"\n", "");
    assert_eq!(
        error_of(&text),
        "config.toml: smtp: this section is missing; write it as config.example.toml shows"
    );
}

#[test]
fn each_mistake_is_named_with_its_place_and_remedy() {
    for (from, to, expected) in [
        (
            "name = \"CRT\"",
            "",
            "organisation (line 2): missing key `name`; write it as config.example.toml shows",
        ),
        (
            "name =",
            "naam =",
            "organisation.naam (line 3): unknown key `naam`",
        ),
        ("kind = \"maildir\"", "kind = \"pop3\"", "mailbox[0].kind"),
        (
            "path = \"/var/mail/crt\"",
            "",
            "mailbox[0].path: a maildir needs",
        ),
        (
            "host = \"localhost\"",
            "host = \"mx.example\"",
            "smtp.tls: \"none\" is only for",
        ),
        (
            "crt@crt.example",
            "crt",
            "organisation.address: is not a mail address",
        ),
        ("[store]", "[store", "config.toml: line"),
        (
            "data_dir = \"data\"",
            "data_dir = \"data\"\nurl = \"mysql:x\"",
            "store.url: write sqlite:FILE",
        ),
        (
            "data_dir = \"data\"",
            "data_dir = \"data\"\nurl = \"sqlite::memory:\"",
            "store.url: names no file",
        ),
        (
            "[smtp]",
            "[limits]\nlargest_mail_mb = 0\n[smtp]",
            "limits.largest_mail_mb: write a number from 1 to 100",
        ),
        (
            "[smtp]",
            "[limits]\nlargest_mail_mb = 101\n[smtp]",
            "limits.largest_mail_mb: write a number from 1 to 100",
        ),
        (
            "[smtp]",
            "[[mailbox]]\nkind = \"maildir\"\npath = \"/var/mail/./crt/\"\n[smtp]",
            "mailbox[1]: is the same mailbox as mailbox[0]",
        ),
        (
            "path = \"/var/mail/crt\"",
            "path = \"/var/mail/crt\"\nsent_folder = \"Sent\"",
            "mailbox[0].sent_folder: only an IMAP mailbox",
        ),
        (
            "[smtp]",
            "[[mailbox]]\nkind = \"imap\"\nhost = \"mx\"\nuser = \"u\"\nsent_folder = \"inbox\"\n[smtp]",
            "mailbox[1].sent_folder: reports come into that folder too",
        ),
        (
            "[smtp]",
            "[limits]\npen_wait = \"soon\"\n[smtp]",
            "limits.pen_wait",
        ),
    ] {
        let found = error_of(&LEAST.replace(from, to));
        assert!(found.contains(expected), "{from} -> {to}: {found}");
    }
}

#[test]
fn each_mistake_about_chat_is_named_too() {
    let section = |lines: &str| {
        let user = "user = \"@crt:crt.example\"";
        let home = "homeserver = \"https://matrix.crt.example\"";
        let mut section = format!("\n[matrix]\n{lines}\n");
        for default in [user, home] {
            let key = default.split(' ').next().unwrap_or_default();
            if !lines.contains(key) {
                section.push_str(default);
                section.push('\n');
            }
        }
        error_of(&format!("{LEAST}{section}"))
    };
    assert_eq!(section(""), "");
    assert_eq!(section("homeserver = \"http://127.0.0.1:8008\""), "");
    assert_eq!(section("homeserver = \"http://[::1]:8008/\""), "");
    for (lines, expected) in [
        (
            "homeserver = \"http://matrix.example\"",
            "matrix.homeserver: plain http",
        ),
        (
            "homeserver = \"http://127.0.0.1.evil.example\"",
            "matrix.homeserver: plain http",
        ),
        (
            "homeserver = \"matrix.example\"",
            "matrix.homeserver: write https://",
        ),
        ("user = \"crt\"", "matrix.user: write the whole name"),
        (
            "password_file = \"p\"\ntoken_file = \"t\"",
            "matrix.token_file: name",
        ),
        (
            "trusted_servers = [\"@crt.example\"]",
            "matrix.trusted_servers[0]",
        ),
        ("officials = [\"an\"]", "matrix.officials[0]"),
        (
            "officials = [\"@an\"]",
            "matrix.officials[0]: write the whole",
        ),
        (
            "oncall_room = \"#oncall:crt.example\"",
            "matrix.oncall_room",
        ),
        (
            "lobby_rooms = [\"!a\"]",
            "matrix.lobby_rooms: needs matrix.oncall_room",
        ),
        (
            "lobby_rooms = [\"!a\"]\noncall_room = \"!a\"",
            "matrix.oncall_room: is a lobby",
        ),
        ("oncall = \"!a\"", "matrix.oncall"),
    ] {
        let found = section(lines);
        assert!(found.contains(expected), "{lines}: {found}");
    }
}

#[test]
fn the_example_is_a_good_configuration() {
    let example = include_str!("../../config.example.toml");
    assert_eq!(error_of(example), "");
    // What is only proposed there must be right too.
    let (before, rest) = example.split_once("# [matrix]").unwrap();
    let (matrix, after) = rest.split_once("\n[store]").unwrap();
    let matrix = matrix.replace("\n# ", "\n");
    let with_matrix = format!("{before}[matrix]{matrix}\n[store]{after}");
    assert!(with_matrix.contains("\nhomeserver = "), "{with_matrix}");
    assert_eq!(error_of(&with_matrix), "");
}

#[test]
fn the_example_marks_what_must_be_changed_and_made_and_nothing_else() {
    let example = include_str!("../../config.example.toml");
    let lines = example.lines().filter(|line| !line.starts_with('#'));
    let (mut changed, mut made) = (0, 0);
    for line in lines {
        let (value, remark) = line.split_once(" #").unwrap_or((line, ""));
        let (change, make) = (remark.contains("CHANGE"), remark.contains("MAKE"));
        changed += usize::from(change);
        made += usize::from(make);
        // Made up, or unknowable: the border server.
        let is_ours = value.contains("crt.example") || value.contains("authserv_ids");
        assert_eq!(change, is_ours, "{line}");
        assert_eq!(make, value.contains("_file ="), "{line}");
    }
    assert_eq!((changed, made), (5, 2), "as its first lines say");
}

#[test]
fn loopback_is_this_machine_only() {
    for (host, expected) in [
        ("localhost", true),
        ("127.0.0.9", true),
        ("[::1]", true),
        ("10.0.0.1", false),
        ("mx.example", false),
    ] {
        assert_eq!(is_loopback(host), expected, "{host}");
    }
}

//! `knowledge`: checked, listed and exported, as the people who keep it see it.

use super::{Desk, Outcome, eerstelijn};
use crate::support::servers::requirements;
use eerstelijn::adapters::knowledge::copy::copy_shipped;
use insta::assert_snapshot;
use regex::Regex;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The shipped folder, copied, so that it can be broken.
pub(super) fn copied() -> TempDir {
    let folder = TempDir::new().unwrap();
    copy_shipped(folder.path()).unwrap();
    folder
}

fn knowledge(arguments: &[&str]) -> Outcome {
    let all: Vec<&str> = std::iter::once("knowledge")
        .chain(arguments.iter().copied())
        .collect();
    eerstelijn(&all, "")
}

#[test]
fn what_is_shipped_is_in_order() {
    let checked = knowledge(&["check"]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert_snapshot!(checked.stdout.trim_end(), @"in order: 17 playbooks, 45 memos, 20 duties, 9 obligations, 7 contracts");
    let as_json = knowledge(&["check", "--json"]);
    let object: serde_json::Value = serde_json::from_str(&as_json.stdout).unwrap();
    assert_eq!(object["ok"], true);
    assert_eq!(object["findings"], serde_json::json!([]));
}

#[test]
fn the_shipped_folder_is_copied_and_in_order() {
    let folder = TempDir::new().unwrap();
    let to = folder.path().join("knowledge");
    let path = to.to_str().unwrap();
    let done = knowledge(&["copy", "--to", path]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{done:?}");
    let (_, setting) = done.stdout.split_once("\n\n").unwrap();
    let setting: toml::Table = toml::from_str(setting).unwrap();
    assert_eq!(setting["knowledge"]["dir"].as_str(), Some(path));
    let checked = knowledge(&["check", path]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert_eq!(checked.stdout, knowledge(&["check"]).stdout);
    let again = knowledge(&["copy", "--to", path]);
    assert_eq!((again.code, again.stdout.as_str()), (1, ""));
    assert!(again.stderr.contains("isn't empty"), "{}", again.stderr);
}

#[test]
fn a_mistake_is_told_and_says_whether_the_service_would_run() {
    let folder = copied();
    let memo = folder.path().join("memos/wifi.md");
    let text = std::fs::read_to_string(&memo).unwrap();
    std::fs::write(
        &memo,
        text.replacen("## Bronnen", "## Lees ook over wifi", 1),
    )
    .unwrap();
    let path = folder.path().to_str().unwrap();
    let checked = knowledge(&["check", path]);
    assert_eq!(checked.code, 1);
    assert!(
        checked.stdout.starts_with("unwanted  memos/wifi.md:"),
        "{}",
        checked.stdout
    );
    assert!(
        checked.stderr.contains("the service runs with these files"),
        "{}",
        checked.stderr
    );

    std::fs::remove_file(folder.path().join("playbooks/ddos.md")).unwrap();
    let checked = knowledge(&["check", path]);
    let refused = "refused   playbooks/ddos.md: the playbook is missing";
    assert!(checked.stdout.starts_with(refused), "{}", checked.stdout);
    assert!(
        checked.stderr.contains("until the 1 marked refused"),
        "{}",
        checked.stderr
    );
    let checked = knowledge(&["check", path, "--json"]);
    assert_eq!(checked.code, 1);
    assert!(
        checked.stderr.contains("the service refuses these files"),
        "{}",
        checked.stderr
    );
    let object: serde_json::Value = serde_json::from_str(&checked.stdout).unwrap();
    assert_eq!(object["ok"], false);
    let findings = object["findings"].as_array().unwrap();
    let of = |file: &str| {
        findings
            .iter()
            .find(|finding| finding["file"] == file)
            .unwrap()
    };
    assert_eq!(of("playbooks/ddos.md")["refused"], true);
    assert_eq!(of("memos/wifi.md")["refused"], false);
}

#[test]
fn a_file_that_is_not_utf_8_hides_no_mistake_of_another() {
    let folder = copied();
    let file = |name: &str| folder.path().join(name);
    let contacts = std::fs::read_to_string(file("contacts.toml")).unwrap();
    let mut old = contacts.into_bytes();
    old.extend(b"# caf\xe9\n");
    std::fs::write(file("contacts.toml"), old).unwrap();
    let wifi = std::fs::read_to_string(file("memos/wifi.md")).unwrap();
    std::fs::write(file("memos/wifi.md"), wifi.replacen("owner =", "ownr =", 1)).unwrap();
    let mfa = std::fs::read_to_string(file("memos/mfa.md")).unwrap();
    let lost = mfa.replacen("version =", "# \u{fffd}\nversion =", 1);
    std::fs::write(file("memos/mfa.md"), lost).unwrap();

    let path = folder.path().to_str().unwrap();
    let checked = knowledge(&["check", path]);
    let told: Vec<&str> = checked.stdout.lines().collect();
    assert_eq!(told.len(), 3, "{}", checked.stdout);
    for (line, beginning) in told.iter().zip([
        "refused   contacts.toml: the file isn't UTF-8",
        "refused   memos/wifi.md:",
        "unwanted  memos/mfa.md:3: letters were lost",
    ]) {
        assert!(line.starts_with(beginning), "{beginning}: {line}");
    }
    // What answers or is made of the folder is refused with all of it, too.
    let elsewhere = TempDir::new().unwrap();
    let to = elsewhere.path().join("made");
    let made = knowledge(&["export", path, "--to", to.to_str().unwrap()]);
    let asked = eerstelijn(&["ask", "--knowledge", path, "mfa"], "");
    for done in [made, asked] {
        assert_eq!(done.code, 1, "{done:?}");
        let both = done.stderr.contains("contacts.toml") && done.stderr.contains("memos/wifi.md");
        assert!(both, "{}", done.stderr);
    }
}

#[test]
fn a_folder_that_is_not_there_is_named_by_what_named_it() {
    let on_the_command_line = [
        knowledge(&["check", "/nowhere/at/all"]),
        eerstelijn(&["ask", "--knowledge", "/nowhere/at/all", "mfa"], ""),
    ];
    for nowhere in on_the_command_line {
        assert_eq!(nowhere.code, 1, "{nowhere:?}");
        let told = &nowhere.stderr;
        assert!(told.contains("/nowhere/at/all: the folder can't"), "{told}");
        assert!(!told.contains("knowledge.dir"), "{told}");
    }
    let desk = Desk::new();
    desk.write_config(|text| format!("{text}\n[knowledge]\ndir = \"/nowhere/at/all\"\n"));
    for arguments in [&["knowledge", "check"][..], &["ask", "mfa"]] {
        let nowhere = desk.run(arguments);
        assert_eq!(nowhere.code, 2, "{nowhere:?}");
        let told = &nowhere.stderr;
        assert!(told.contains("knowledge.dir: there is no folder"), "{told}");
    }
}

#[test]
fn the_help_says_which_configuration_is_read() {
    for command in [
        &["ask"][..],
        &["knowledge", "check"],
        &["knowledge", "export"],
    ] {
        let help = eerstelijn(&[command, &["--help"]].concat(), "").stdout;
        let words: Vec<&str> = help.split_whitespace().collect();
        let help = words.join(" ");
        assert!(help.contains("named configuration"), "{help}");
        assert!(
            help.contains("commands that can't do without one `./config.toml`"),
            "{help}"
        );
    }
}

#[test]
fn pages_are_not_written_where_a_file_stands() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("pages");
    std::fs::write(&file, "mine").unwrap();
    let done = knowledge(&["export", "--to", file.to_str().unwrap()]);
    assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{done:?}");
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    assert!(
        done.stderr.contains("is a file; name a folder"),
        "{}",
        done.stderr
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn pages_are_not_written_among_the_knowledge() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("kennis");
    let kennis = path.to_str().unwrap();
    knowledge(&["copy", "--to", kennis]);
    for to in [path.clone(), path.join("site/nieuw")] {
        let done = knowledge(&["export", kennis, "--to", to.to_str().unwrap()]);
        assert_eq!(done.code, 2, "{done:?}");
        let told = &done.stderr;
        assert!(told.contains("lies in the knowledge folder"), "{told}");
        assert!(!to.join("index.html").exists());
    }
    let beside = folder.path().join("kennis-site");
    let done = knowledge(&["export", kennis, "--to", beside.to_str().unwrap()]);
    assert_eq!(done.code, 0, "{done:?}");
}

#[test]
fn a_folder_that_lacks_a_part_is_told_which_and_what_that_costs() {
    for (part, lost) in [
        ("lexicon", "no report is understood"),
        ("entries", "no duty, obligation or contract answers"),
        ("pages", "no site can be made"),
        ("search", "find nothing"),
    ] {
        let folder = copied();
        std::fs::remove_dir_all(folder.path().join(part)).unwrap();
        let checked = knowledge(&["check", folder.path().to_str().unwrap()]);
        assert_eq!(checked.code, 1, "{part}");
        let refuses = checked.stdout.contains("refuses") || checked.stderr.contains("refuses");
        assert_eq!(refuses, part == "lexicon", "{checked:?}");
        let line = checked
            .stdout
            .lines()
            .find(|line| line.contains(&format!("  {part}/: the folder is missing")));
        let line = line.unwrap_or_else(|| panic!("{part}: {}", checked.stdout));
        assert!(
            line.contains(lost) && line.contains("knowledge copy --to"),
            "{line}"
        );
    }
}

#[test]
fn the_examples_of_the_documentation_are_knowledge_that_can_be_used() {
    let documented = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/knowledge.md");
    let documented = std::fs::read_to_string(documented).unwrap();
    let example = |name: &str| {
        let (_, behind) = documented.split_once(&format!("```{name}\n")).unwrap();
        behind.split_once("```").unwrap().0.to_owned()
    };
    let folder = copied();
    let append = |file: &str, name: &str| {
        let path = folder.path().join(file);
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(path, format!("{before}\n{}", example(name)).trim_start()).unwrap();
    };
    append("memos/badges.md", "memo");
    append("search/memos/badges.toml", "search");
    append("duties.toml", "duty");
    append("contacts.toml", "contact");
    let path = folder.path().to_str().unwrap();
    let checked = knowledge(&["check", path, "--json"]);
    let object: serde_json::Value = serde_json::from_str(&checked.stdout).unwrap();
    for finding in object["findings"].as_array().unwrap() {
        assert_eq!(finding["refused"], false, "{finding}");
        assert_eq!(finding["file"], "memos/badges.md", "{finding}");
    }
    let asked = "ik denk dat mijn badge nog op de trein ligt";
    let asked = eerstelijn(&["ask", "--knowledge", path, asked], "");
    assert!(
        asked.stdout.starts_with("1. Badges en deuren – "),
        "{asked:?}"
    );
    assert!(asked.stdout.contains("(memo toegangsbeheer)"), "{asked:?}");
}

#[test]
fn the_list_names_every_entry_and_what_nobody_confirmed() {
    let listed = knowledge(&["list"]);
    assert_eq!(listed.code, 0, "{}", listed.stderr);
    for part in [
        "playbook    ransomware",
        "memo        mfa",
        "duty        duty:D1",
        "obligation  obligation:eedaflegging",
        "contract    contract:ict-2022",
        "unconfirmed",
        "not shown",
    ] {
        assert!(listed.stdout.contains(part), "{part}\n{}", listed.stdout);
    }
    let as_json = knowledge(&["list", "--json"]);
    let items: Vec<serde_json::Value> = serde_json::from_str(&as_json.stdout).unwrap();
    let ended = |item: &&serde_json::Value| item["kind"] == "contract" && item["ended"] == true;
    assert_eq!(items.iter().filter(ended).count(), 2);
}

/// The pages of an export, as files below a folder.
fn exported() -> (TempDir, Vec<PathBuf>) {
    let folder = TempDir::new().unwrap();
    let to = folder.path().join("pages");
    let done = knowledge(&["export", "--to", to.to_str().unwrap()]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let cards = std::fs::read_dir(to.join("cards")).unwrap();
    let mut cards: Vec<PathBuf> = cards.map(|entry| entry.unwrap().path()).collect();
    cards.sort();
    (folder, cards)
}

#[test]
fn every_card_prints_on_one_page() {
    if !requirements::chromium() {
        return;
    }
    let (folder, cards) = exported();
    let one_page = Regex::new(r"/Count 1\b").unwrap();
    assert_eq!(cards.len(), 18, "a card for each category, and their list");
    for card in cards {
        let printed = folder.path().join("card.pdf");
        let done = Command::new("/usr/bin/chromium")
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-pdf-header-footer",
            ])
            .arg(format!(
                "--user-data-dir={}",
                folder.path().join("browser").display()
            ))
            .arg(format!("--print-to-pdf={}", printed.display()))
            .arg(format!("file://{}", card.display()))
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        let pdf = std::fs::read(&printed).unwrap();
        let text = String::from_utf8_lossy(&pdf);
        assert!(
            one_page.is_match(&text),
            "{} needs more than one page",
            card.display()
        );
        std::fs::remove_file(&printed).unwrap();
    }
}

#[test]
fn nothing_is_exported_or_listed_of_files_that_cannot_be_read() {
    let folder = copied();
    let path = folder.path().to_str().unwrap();
    let elsewhere = TempDir::new().unwrap();
    let to = elsewhere.path().join("pages-made");
    for broken in ["playbooks/ransomware.md", "contacts.toml", "duties.toml"] {
        let file = folder.path().join(broken);
        let whole = std::fs::read(&file).unwrap();
        std::fs::write(&file, "geen kaart").unwrap();
        for arguments in [
            vec!["export", path, "--to", to.to_str().unwrap()],
            vec!["list", path],
        ] {
            let done = knowledge(&arguments);
            assert_eq!(done.code, 1, "{broken}: {}", done.stdout);
            assert!(done.stderr.contains(broken), "{broken}: {}", done.stderr);
        }
        assert!(!to.exists(), "{broken}");
        std::fs::write(&file, whole).unwrap();
    }
}

#[test]
fn a_team_with_odd_letters_in_its_name_gets_a_page_without_them_as_markup() {
    let folder = copied();
    let template = folder.path().join("pages/rfc2350.md.j2");
    let text = std::fs::read_to_string(&template).unwrap();
    std::fs::write(
        &template,
        text.replace("Europe/Brussels", "<script>x</script>"),
    )
    .unwrap();
    let elsewhere = TempDir::new().unwrap();
    let to = elsewhere.path().join("made");
    let done = knowledge(&[
        "export",
        folder.path().to_str().unwrap(),
        "--to",
        to.to_str().unwrap(),
    ]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(
        done.stderr.contains("between square brackets"),
        "{}",
        done.stderr
    );
    let html = std::fs::read_to_string(to.join("rfc2350.html")).unwrap();
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"));
}

#[test]
fn a_card_says_the_first_action_whom_to_call_and_which_clocks_run() {
    let (_folder, cards) = exported();
    let ransomware = cards
        .iter()
        .find(|card| card.ends_with("ransomware.html"))
        .unwrap();
    let html = std::fs::read_to_string(ransomware).unwrap();
    let first = html.split("<li>").nth(1).unwrap();
    assert!(
        first.starts_with("Trek bij elk getroffen toestel"),
        "{first}"
    );
    for part in [
        "Is er betaald?",
        "72 uur",
        "Onze DPO:",
        "TLP:CLEAR",
        "lang=\"nl\"",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("[["), "a contact isn't filled in");
}

#[test]
fn the_page_after_rfc_2350_is_the_one_in_the_documentation() {
    let (folder, _) = exported();
    let page = std::fs::read_to_string(folder.path().join("pages/rfc2350.md")).unwrap();
    let documented = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rfc2350.md");
    let documented = std::fs::read_to_string(documented).unwrap();
    let without_date = |text: &str| -> Vec<String> {
        let is_date = |line: &&str| line.parse::<jiff::civil::Date>().is_err();
        text.lines().filter(is_date).map(str::to_owned).collect()
    };
    assert_eq!(
        without_date(&page),
        without_date(&documented),
        "write docs/rfc2350.md anew: eerstelijn knowledge export --to FOLDER"
    );
    for heading in [
        "## 1. Document information",
        "## 3. Charter",
        "## 7. Disclaimers",
    ] {
        assert!(page.contains(heading), "{heading}");
    }
    let html = std::fs::read_to_string(folder.path().join("pages/rfc2350.html")).unwrap();
    assert!(html.contains("<h2>2. Contact information</h2>"));
}

//! `evaluate` and `triage train`: measuring what is understood, and learning it.

use crate::commands::{Outcome, outcome, program};
use insta::assert_snapshot;
use std::path::Path;
use tempfile::TempDir;

const LABELLED: &str = r#"{"id":"1","channel":"chat","text":"alle bestanden op de server zijn versleuteld, er staat een losgeldbrief","language":"nl","kind":"incident","category":"ransomware","severity":"critical","page":true}
{"id":"2","channel":"mail","subject":"Nieuwsbrief","text":"Graag schrijf ik mij in voor de nieuwsbrief.","language":"nl","kind":"subscription","severity":"low","page":false}
{"id":"3","channel":"mail","subject":"Valse mail","text":"Ik kreeg een valse mail van de bank. Ik heb nergens op geklikt.","language":"nl","kind":"incident","category":"lost-device","severity":"low","page":false,"facts":{"clicked":"no","paid":"yes"}}

{"id":"4","channel":"chat","turns":["vreemde mail gekregen van de bank","ik heb mijn wachtwoord ingevuld"],"language":"nl","kind":"incident","category":"account-compromise","severity":"high","page":true}
"#;

/// Runs the program in a folder, without a configuration.
fn run_in(folder: &TempDir, arguments: &[&str]) -> Outcome {
    outcome(program().current_dir(folder).args(arguments), b"")
}

#[test]
fn labelled_reports_are_compared_with_what_triage_makes_of_them() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("labelled.jsonl"), LABELLED).unwrap();
    let told = run_in(&folder, &["evaluate", "labelled.jsonl", "--because"]);
    assert_eq!(told.code, 0, "{told:?}");
    // Labelled wrongly on purpose: it says so, and why it thinks otherwise.
    let mistake = told.stdout.lines().last().unwrap();
    assert!(
        mistake.starts_with("3: lost-device low, taken for phishing low ("),
        "{mistake}"
    );
    assert!(mistake.contains("; because of \u{201c}"), "{mistake}");
    let figures: Vec<&str> = told.stdout.lines().take(11).collect();
    assert_snapshot!(figures.join("\n"), @r"
    4 reports
    kind             1.000  4 of 4
    incident or not  1.000  4 of 4
    category         0.667  2 of 3
    macro-F1         0.667
    severity         1.000  3 of 3
    pages            1.000  2 of 2
    false pages      0.000  0 of 2
    language         1.000  4 of 4
    facts told       0.500  1 of 2
    facts read       1.000  1 of 1
    ");
    let json = run_in(
        &folder,
        &["evaluate", "labelled.jsonl", "--because", "--json"],
    );
    let object: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(object["reports"], 4);
    assert_eq!(object["category"], 0.667);
    assert_eq!(object["page_recall"], 1.0);
    assert_eq!(object["facts_told"], 0.5);
    assert!(object["parts"]["chat"].get("facts_told").is_none());
    assert_eq!(object["confusion"][0]["taken_for"], "phishing");
    assert_eq!(object["mistakes"][0]["id"], "3");
    assert_eq!(object["parts"]["mail"]["kind"], 1.0);
}

/// "1) ja" means nothing without the question that our reply asked.
#[test]
fn answers_by_number_count_as_in_service() {
    let folder = TempDir::new().unwrap();
    let line = r#"{"channel":"chat","turns":["vreemde mail van bpost met een link gekregen","1) ja 2) ja"],"kind":"incident","category":"account-compromise","severity":"high","page":true}"#;
    let asked = outcome(program().args(["triage", "--jsonl"]), line.as_bytes());
    let asked: serde_json::Value = serde_json::from_str(asked.stdout.trim()).unwrap();
    assert_eq!(asked["turns"][1]["facts"]["entered_credentials"], "yes");
    let told = outcome(
        program()
            .current_dir(&folder)
            .args(["evaluate", "-", "--json"]),
        line.as_bytes(),
    );
    let object: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(object["category"], 1.0, "{object}");
    assert_eq!(object["page_recall"], 1.0);
}

/// What a coordinator changed is measured before it goes into service.
#[test]
fn the_knowledge_of_a_folder_is_measured() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("labelled.jsonl"), LABELLED).unwrap();
    let copied = run_in(&folder, &["knowledge", "copy", "--to", "ours"]);
    assert_eq!(copied.code, 0, "{copied:?}");
    std::fs::remove_file(folder.path().join("ours/weights.txt")).unwrap();
    let measured = |arguments: &[&str]| {
        let all = [&["evaluate", "labelled.jsonl", "--because"], arguments].concat();
        run_in(&folder, &all).stdout
    };
    let (with, without) = (measured(&[]), measured(&["--knowledge", "ours"]));
    assert!(without.starts_with("4 reports\n"), "{without}");
    assert_ne!(with, without, "there are no weights in it");
    let nowhere = run_in(
        &folder,
        &["evaluate", "labelled.jsonl", "--knowledge", "nowhere"],
    );
    assert_eq!(nowhere.code, 1);
    assert!(nowhere.stderr.contains("nowhere"), "{}", nowhere.stderr);
}

#[test]
fn a_wrong_line_is_named_and_nothing_is_measured() {
    let folder = TempDir::new().unwrap();
    let text = format!("{LABELLED}{{\"channel\":\"chat\",\"text\":\"x\",\"kind\":\"indicent\"}}\n");
    std::fs::write(folder.path().join("labelled.jsonl"), text).unwrap();
    let told = run_in(&folder, &["evaluate", "labelled.jsonl"]);
    assert_eq!(told.code, 1);
    assert_eq!(told.stdout, "");
    assert!(
        told.stderr
            .contains("labelled.jsonl:6: this is no labelled report: "),
        "{}",
        told.stderr
    );
    let told = run_in(&folder, &["evaluate", "nowhere.jsonl"]);
    assert_eq!(told.code, 1);
    assert!(told.stderr.contains("can't be read"), "{}", told.stderr);
}

#[test]
fn what_is_only_measured_is_counted_as_far_as_it_is_labelled() {
    let folder = TempDir::new().unwrap();
    let lines = concat!(
        r#"{"id":7,"channel":"chat","text":"onze website ligt plat, enorm veel verkeer","kind":"incident","category":"ddos"}"#,
        "\n",
        r#"{"channel":"mail","subject":"Afwezig","text":"Ik ben met vakantie tot maandag.","kind":"auto-reply","page":false}"#,
        "\n",
        r#"{"channel":"chat","text":"er is iets raars","kind":"incident","severity":"low","page":false}"#,
        "\n",
    );
    let told = outcome(
        program()
            .current_dir(&folder)
            .args(["evaluate", "-", "--json"]),
        lines.as_bytes(),
    );
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(
        told.stderr,
        "note: standard input:3: an incident needs a category; it is counted as it is labelled\n"
    );
    let object: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(object["reports"], 3);
    assert_eq!(object["category"], 1.0);
    let nothing = outcome(
        program().current_dir(&folder).args(["evaluate", "-"]),
        b"\n",
    );
    assert_eq!(nothing.code, 1);
    assert!(nothing.stderr.contains("there is no labelled report in it"));
}

/// Leaves so many examples, spread over all of them.
fn thin_out(knowledge: &Path, keep: usize) {
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(knowledge.join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() != "measured.jsonl" {
            let text = std::fs::read_to_string(&path).unwrap();
            lines.extend(text.lines().map(str::to_owned));
            std::fs::remove_file(path).unwrap();
        }
    }
    lines.sort();
    let every = lines.len() / keep;
    let few: Vec<String> = lines.into_iter().step_by(every).collect();
    std::fs::write(knowledge.join("examples/few.jsonl"), few.join("\n")).unwrap();
}

#[test]
fn what_was_learned_is_written_only_where_it_understands_no_less() {
    let folder = TempDir::new().unwrap();
    let copied = run_in(&folder, &["knowledge", "copy", "--to", "knowledge"]);
    assert_eq!(copied.code, 0, "{copied:?}");
    let knowledge = folder.path().join("knowledge");
    let weights = knowledge.join("weights.txt");
    let shipped = std::fs::read_to_string(&weights).unwrap();
    thin_out(&knowledge, 300);
    let train = ["triage", "train", "--knowledge", "knowledge"];
    // So few examples teach less than the shipped ones did.
    let worse = run_in(&folder, &train);
    assert_eq!(worse.code, 1, "{worse:?}");
    assert!(
        worse.stderr.contains("is worse on examples/measured.jsonl"),
        "{}",
        worse.stderr
    );
    assert!(worse.stdout.contains("before, on "), "{}", worse.stdout);
    assert_eq!(std::fs::read_to_string(&weights).unwrap(), shipped);
    let check = run_in(&folder, &["knowledge", "check", "knowledge"]);
    assert!(
        check
            .stdout
            .contains("examples/ was changed since the weights were made"),
        "{check:?}"
    );
    // Tickets stand in the database of a configuration.
    let without = run_in(
        &folder,
        &["triage", "train", "--knowledge", "knowledge", "--tickets"],
    );
    assert_eq!(without.code, 2, "{without:?}");
    assert!(
        without.stderr.contains("no configuration found"),
        "{without:?}"
    );
    // Where there are none, they are better than nothing.
    std::fs::remove_file(&weights).unwrap();
    let check = run_in(&folder, &["knowledge", "check", "knowledge"]);
    assert!(
        check.stdout.contains("weights.txt: there are no weights"),
        "{check:?}"
    );
    let trained = run_in(&folder, &train);
    assert_eq!(trained.code, 0, "{trained:?}");
    assert!(
        trained.stdout.contains("with what was learned, on "),
        "{}",
        trained.stdout
    );
    assert!(
        std::fs::read_to_string(&weights)
            .unwrap()
            .contains("made-from ")
    );
    let check = run_in(&folder, &["knowledge", "check", "knowledge"]);
    assert_eq!(check.code, 0, "{check:?}");
    // With hardly any it says how many are needed.
    thin_out(&knowledge, 20);
    let few = run_in(&folder, &train);
    assert_eq!(few.code, 1);
    assert!(
        few.stderr
            .contains("are too few; at least 200 and 50 are needed"),
        "{}",
        few.stderr
    );
}

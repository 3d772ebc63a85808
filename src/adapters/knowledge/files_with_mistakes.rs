//! What an author is told about a mistake: the file, the line, and what to do.

use crate::adapters::knowledge::base::KnowledgeBase;
use crate::adapters::knowledge::files;
use crate::adapters::knowledge::shipped::organisation;
use crate::app::ports::knowledge::Knowledge;

/// The message for the shipped knowledge with one text in one file replaced by another.
fn told(path: &str, from: &str, to: &str) -> String {
    let mut files = files::embedded();
    let text = files.get_mut(path).unwrap();
    assert!(text.contains(from), "{path} holds no {from:?}");
    *text = text.replacen(from, to, 1);
    match KnowledgeBase::from_files(&files, organisation()) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn a_mistake_is_told_with_its_place_and_remedy() {
    let ddos = "playbooks/ddos.md";
    let siem = "memos/siem.md";
    for (path, from, to, place, remedy) in [
        (ddos, "+++\n", "", "playbooks/ddos.md:1:", "line +++"),
        (ddos, "[title]", "[titel]", "playbooks/ddos.md:", "titel"),
        (
            ddos,
            "when = \"services_down",
            "when = \"servces_down",
            "playbooks/ddos.md:",
            "servces_down",
        ),
        (
            ddos,
            "fact = \"ongoing\"",
            "fact = \"going\"",
            "playbooks/ddos.md:",
            "going",
        ),
        (
            ddos,
            "id = \"D10\"",
            "id = \"D999\"",
            "playbooks/ddos.md:",
            "D999",
        ),
        (ddos, "# fr\n", "# francais\n", "playbooks/ddos.md:", "# fr"),
        (
            ddos,
            "## Bewaren",
            "## Bewaar",
            "playbooks/ddos.md:",
            "## Bewaren",
        ),
        (
            ddos,
            "- Meld de aanval",
            "Meld de aanval",
            "playbooks/ddos.md:",
            "list item",
        ),
        (
            ddos,
            "- Report the attack",
            "- {if paid} Report the attack",
            "playbooks/ddos.md:",
            "Dutch line",
        ),
        (
            ddos,
            "{if ongoing or",
            "{if ongoing of",
            "playbooks/ddos.md:",
            "ongoing of",
        ),
        (
            ddos,
            "[[ccb]]",
            "[[cbb]]",
            "playbooks/ddos.md:",
            "contacts.toml",
        ),
        (siem, "title = ", "titel = ", "memos/siem.md:", "titel"),
        (
            "contacts.toml",
            "[ccb]\n",
            "[ccb]\nphone = \"1\"\n",
            "contacts.toml:",
            "phone",
        ),
        (
            "contacts.toml",
            "checked_on = \"2026",
            "checked_on = \"in 2026",
            "contacts.toml:",
            "checked_on",
        ),
        (
            "duties.toml",
            "id = \"D2\"",
            "id = \"D1\"",
            "duties.toml:",
            "twice",
        ),
        (
            "duties.toml",
            "[duty.clock]",
            "[duty.klok]",
            "duties.toml:",
            "clock",
        ),
        (
            "replies/guidance.nl.j2",
            "Subject: ",
            "Onderwerp: ",
            "replies/guidance.nl.j2:1:",
            "Subject",
        ),
        (
            "replies/guidance.nl.j2",
            "{{ team }}",
            "{{ teem }}",
            "replies/guidance.nl.j2:",
            "undefined",
        ),
        (
            "replies/answer.fr.j2",
            "{% for",
            "{% fro",
            "replies/answer.fr.j2:",
            "fro",
        ),
        (
            "replies/citizen.nl.j2",
            "\"police\"",
            "\"polis\"",
            "replies/citizen.nl.j2:",
            "polis",
        ),
    ] {
        let told = told(path, from, to);
        assert!(told.contains(place), "{from:?} to {to:?}: {told}");
        assert!(told.contains(remedy), "{from:?} to {to:?}: {told}");
    }
}

#[test]
fn a_missing_file_is_told() {
    for path in [
        "playbooks/phishing.md",
        "contacts.toml",
        "duties.toml",
        "replies/answer.en.j2",
    ] {
        let mut files = files::embedded();
        files.remove(path);
        let error = KnowledgeBase::from_files(&files, organisation())
            .err()
            .unwrap();
        assert!(error.to_string().contains(path), "{error}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let mut files = files::embedded();
    files.remove("playbooks/phishing.md");
    files.insert("memos/new.md".into(), "nothing".into());
    files.insert("playbooks/fishing.md".into(), String::new());
    let error = KnowledgeBase::from_files(&files, organisation())
        .err()
        .unwrap();
    assert!(error.to_string().lines().count() >= 3, "{error}");
}

#[test]
fn an_archive_loads_as_the_same_version() {
    let now = KnowledgeBase::embedded(organisation()).unwrap();
    let then = KnowledgeBase::from_archive(&now.archive(), organisation()).unwrap();
    assert_eq!(then.handbook().version, now.handbook().version);
    assert!(KnowledgeBase::from_archive(b"x", organisation()).is_err());
}

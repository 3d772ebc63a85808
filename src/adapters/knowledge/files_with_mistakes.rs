//! What an author is told about a mistake: the file, the line, and what to do.

use crate::adapters::knowledge::base::KnowledgeBase;
use crate::adapters::knowledge::check::{check, due_on};
use crate::adapters::knowledge::files;
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::search::search_words;
use crate::adapters::knowledge::shipped::organisation;
use crate::adapters::knowledge::trouble::Trouble;
use crate::app::ports::knowledge::Knowledge;
use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::triage::language::Language;
use std::path::Path;

/// What `knowledge check` says of the shipped knowledge with one text in one file replaced by another.
fn told(path: &str, from: &str, to: &str) -> String {
    let mut files = files::embedded();
    let text = files.get_mut(path).unwrap();
    assert!(text.contains(from), "{path} holds no {from:?}");
    *text = text.replacen(from, to, 1);
    // What people ask of other entries needn't be there, nor a lexicon of three languages: reading these takes longest.
    let entry = Path::new(path).file_stem();
    files.retain(|name, _| match name.split_once('/') {
        Some(("search", _)) => Path::new(name).file_stem() == entry,
        Some(("lexicon", file)) => file.starts_with("en-"),
        _ => true,
    });
    let found = check(&files, &organisation());
    let told = |word: &str, troubles: &[Trouble]| {
        let lines: Vec<String> = troubles
            .iter()
            .filter(|one| one.path != search_words::FOLDER)
            .map(|one| format!("{word}  {one}"))
            .collect();
        lines.join("\n")
    };
    let both = [
        told("refused ", &found.refused),
        told("unwanted", &found.unwanted),
    ];
    both.join("\n").trim().to_owned()
}

/// A file, what is broken in it, and how.
const BROKEN: [(&str, &str, &str); 55] = [
    // What people ask, and the words of search.
    ("search/memos/wifi.toml", "nl = [", "be = ["),
    ("search/playbooks.toml", "[ddos]", "[dos]"),
    ("search/synonyms.toml", "\nnl = [", "\nbe = ["),
    ("search/words.toml", "[town]", "[dorp]"),
    // Playbooks.
    ("playbooks/ddos.md", "+++\n", ""),
    ("playbooks/ddos.md", "[title]", "[titel]"),
    ("playbooks/ddos.md", "when = \"danger", "when = \"dangre"),
    (
        "playbooks/ddos.md",
        "when = \"ongoing and",
        "when = \"danger and ongoing and",
    ),
    (
        "playbooks/ddos.md",
        "when = \"contained and",
        "when = \"unknown contained and contained and",
    ),
    (
        "playbooks/ddos.md",
        "id = \"D13\", when = \"paid",
        "id = \"D13\", when = \"paid and not paid",
    ),
    (
        "playbooks/ddos.md",
        "fact = \"ongoing\"",
        "fact = \"going\"",
    ),
    ("playbooks/ddos.md", "id = \"D10\"", "id = \"D999\""),
    ("playbooks/ddos.md", "# fr\n", "# francais\n"),
    ("playbooks/ddos.md", "## Bewaren", "## Bewaar"),
    (
        "playbooks/ddos.md",
        "- {if unless paid} Meld",
        "{if unless paid} Meld",
    ),
    (
        "playbooks/ddos.md",
        "- {if unless paid} Report the attack",
        "- {if paid} Report the attack",
    ),
    ("playbooks/ddos.md", "{if ongoing and", "{if ongoing en"),
    ("playbooks/ddos.md", "[[ccb]]", "[[cbb]]"),
    ("playbooks/ddos.md", "\ntechnical = [", "\ntechnisch = ["),
    (
        "playbooks/ddos.md",
        "Meld de aanval bij [[ccb]]",
        "Meld de aanval op 02 501 05 60",
    ),
    (
        "playbooks/ddos.md",
        "Meld de aanval bij [[ccb]]",
        "Meld de aanval aan incident@ccb.example",
    ),
    (
        "playbooks/ddos.md",
        "Meld de aanval bij [[ccb]]",
        "Meld de aanval op www.ccb.example",
    ),
    (
        "playbooks/ddos.md",
        "Meld de aanval bij [[ccb]]",
        "Uw website is veilig",
    ),
    (
        "playbooks/ddos.md",
        "Meld de aanval bij [[ccb]]",
        "Meld de aanval bij [[ccb]] en bel daarna iedereen die dit nog moet weten, van de burgemeester tot de laatste medewerker van de laatste dienst in het verste gebouw van uw gemeente",
    ),
    // Memos.
    ("memos/wifi.md", "title = ", "titel = "),
    (
        "memos/wifi.md",
        "reviewed_on = \"2026-11-26\"",
        "reviewed_on = \"november 2026\"",
    ),
    (
        "memos/wifi.md",
        "review_before = \"2027-11-26\"",
        "review_before = \"2025-11-26\"",
    ),
    ("memos/wifi.md", "tags = [", "tags = 5 # ["),
    (
        "memos/wifi.md",
        "owner = \"Cyber Response Team\"",
        "owner = \"\"",
    ),
    ("memos/wifi.md", "\nfr = [", "\nfr = []\nde = ["),
    (
        "memos/wifi.md",
        "playbooks = [\"intrusion\"",
        "playbooks = [\"hacking\"",
    ),
    ("memos/wifi.md", "duties = []", "duties = [\"D99\"]"),
    ("memos/wifi.md", "## Bronnen", "## Verder lezen over wifi"),
    (
        "memos/wifi.md",
        "## Hoeveel wifinetwerken hebt u nodig?\n",
        "",
    ),
    (
        "memos/wifi.md",
        "## Hoeveel wifinetwerken hebt u nodig?",
        "## Hoelang bewaart een SIEM de logs?",
    ),
    (
        "memos/wifi.md",
        "Drie wifinetwerken volstaan",
        "Drie wifinetwerken volstaan (zie [de memo](draadloos))",
    ),
    (
        "memos/wifi.md",
        "Drie wifinetwerken volstaan meestal.",
        "Dat is de fout van de zwakste schakel.",
    ),
    (
        "memos/wifi.md",
        "Drie wifinetwerken volstaan meestal.",
        "Bel 0470 12 34 56 voor hulp.",
    ),
    // Lists.
    (
        "contacts.toml",
        "nl = \"het cybercentrum",
        "nl = \"Het cybercentrum",
    ),
    ("contacts.toml", "[ccb]\n", "[ccb]\nphone = \"1\"\n"),
    (
        "contacts.toml",
        "checked_on = \"2026",
        "checked_on = \"in 2026",
    ),
    ("duties.toml", "id = \"D2\"", "id = \"D1\""),
    ("duties.toml", "[duty.clock]", "[duty.klok]"),
    ("duties.toml", "trigger = \"", "trigger = \"\" # \""),
    ("duties.toml", "url = [\"https://", "url = [\"http://"),
    ("inventory.csv", "kwaliteit", "kwalitiet"),
    ("inventory.csv", ",ruw,,2026", ",misschien,,2026"),
    ("inventory.csv", ",dubbel,", ",ruw,"),
    ("inventory.csv", "Vlaamse Regering,", ","),
    (
        "contracts.toml",
        "access = \"onbekend\"",
        "access = \"misschien\"",
    ),
    (
        "contracts.toml",
        "ends = \"2028-05-31\"",
        "ends = \"mei 2028\"",
    ),
    (
        "contracts.toml",
        "ends = \"2028-05-31\"",
        "ends = \"2018-05-31\"",
    ),
    // Templates and words.
    ("replies/guidance.nl.j2", "{{ team }}", "{{ teem }}"),
    ("replies/citizen.nl.j2", "\"police\"", "\"polis\""),
    ("wording.toml", "why = ", "waarom = "),
];

#[test]
fn each_mistake_is_told_with_its_file_its_line_and_a_remedy() {
    let mut unclear = Vec::new();
    let mut all = Vec::new();
    for (path, from, to) in BROKEN {
        let told = told(path, from, to);
        let place = told.split(": ").next().unwrap_or_default();
        let line = place
            .rsplit(':')
            .next()
            .and_then(|line| line.parse::<u32>().ok());
        if !place.contains(path) || line.is_none() {
            unclear.push(format!("{path}: {from:?} to {to:?}: {told}"));
        }
        all.push(format!(
            "{path}: {} -> {}\n{told}\n",
            from.trim(),
            to.trim()
        ));
    }
    assert!(unclear.is_empty(), "{}", unclear.join("\n"));
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn the_shipped_knowledge_is_in_order() {
    let found = check(&files::embedded(), &organisation());
    assert_eq!((found.refused, found.unwanted), (Vec::new(), Vec::new()));
}

#[test]
fn what_is_old_is_due_and_nothing_is_wrong_with_it() {
    let parts = Parts::read(&files::embedded(), &organisation(), &mut Vec::new());
    let due = |day: &str| due_on(&parts, day.parse().unwrap());
    assert_eq!(due("2026-12-01"), []);
    let later = due("2027-06-30");
    assert!(
        later
            .iter()
            .any(|due| due.what == "memo nis2" && !due.owner.is_empty())
    );
    assert!(later.iter().any(|due| due.what == "contact card-stop"));
    assert!(!later.iter().any(|due| due.what == "memo mfa"));
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
fn a_letter_to_the_team_that_came_later_is_sent_in_the_shipped_words() {
    let mut files = files::embedded();
    files.retain(|path, _| !path.contains("memos-due") && !path.contains("knowledge-broken"));
    let older = KnowledgeBase::from_files(&files, organisation()).unwrap();
    let plan = ReplyPlan::blank(Template::MemosDue, Language::Fr);
    assert!(older.render(&plan).unwrap().subject.contains("mémos"));
    let found = check(&files, &organisation());
    assert_eq!((found.refused.len(), found.unwanted.len()), (0, 6));
    // One that is there and broken is a mistake like any other.
    files.insert("replies/memos-due.nl.j2".into(), "{{ nonsense }}".into());
    let broken = KnowledgeBase::from_files(&files, organisation()).err();
    assert!(broken.unwrap().to_string().contains("memos-due.nl.j2"));
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
fn knowledge_of_before_there_were_lists_and_pages_still_loads() {
    let mut files = files::embedded();
    let is_new = |path: &String| {
        ["entries/", "pages/"]
            .iter()
            .any(|folder| path.starts_with(folder))
            || ["inventory.csv", "contracts.toml", "wording.toml"].contains(&path.as_str())
    };
    files.retain(|path, _| !is_new(path));
    for (path, text) in &mut files {
        if path.starts_with("memos/") {
            let is_old = |line: &&str| {
                let new = ["review_before", "playbooks =", "duties =", "unconfirmed ="];
                !new.iter().any(|key| line.starts_with(key))
            };
            let front = text.lines().filter(is_old).collect::<Vec<_>>().join("\n");
            // The lists of claims that went over more lines went with their keys.
            *text = front.replace("\n  \"", "\n# \"").replace("\n]\n", "\n");
        }
    }
    let then = KnowledgeBase::from_files(&files, organisation());
    assert!(then.is_ok(), "{}", then.err().unwrap());
}

#[test]
fn an_archive_loads_as_the_same_version() {
    let now = KnowledgeBase::embedded(organisation()).unwrap();
    let then = KnowledgeBase::from_archive(&now.archive(), organisation()).unwrap();
    assert_eq!(then.handbook().version, now.handbook().version);
    assert!(KnowledgeBase::from_archive(b"x", organisation()).is_err());
}

//! `knowledge import`: pages of a wiki become memos that the service answers from, again and again, and hostile exports
//! are refused with a sentence.

use super::knowledge::copied;
use super::{Outcome, eerstelijn};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/import")
        .join(name)
}

fn import(source: &Path, to: &Path, more: &[&str]) -> Outcome {
    let (source, to) = (source.to_str().unwrap(), to.to_str().unwrap());
    let mut arguments = vec!["knowledge", "import", source, "--to", to];
    arguments.extend(more);
    eerstelijn(&arguments, "")
}

/// A zip with these files.
fn zip_of(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The same zip with another size in its directory than its first file has.
fn declaring(mut zip: Vec<u8>, size: u32) -> Vec<u8> {
    const SIZE: usize = 24;
    let entry = zip
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    zip[entry + SIZE..entry + SIZE + 4].copy_from_slice(&size.to_le_bytes());
    zip
}

/// A zip of the pages of a fixture, with attachments as an export has them.
fn export_of(folder: &str) -> Vec<u8> {
    let mut files = vec![("attachments/65601/65650.png", b"\x89PNG".to_vec())];
    let names: Vec<String> = std::fs::read_dir(fixtures(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in &names {
        let bytes = std::fs::read(fixtures(folder).join(name)).unwrap();
        files.push((name.as_str(), bytes));
    }
    zip_of(&files)
}

/// A knowledge folder with a source beside it.
struct Desk {
    knowledge: TempDir,
    sources: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            knowledge: copied(),
            sources: TempDir::new().unwrap(),
        }
    }

    fn to(&self) -> &Path {
        self.knowledge.path()
    }

    fn source(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.sources.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn memo(&self, name: &str) -> PathBuf {
        self.to().join(format!("memos/{name}.md"))
    }

    /// Every file with its time and its bytes.
    fn state(&self) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
        let entries = std::fs::read_dir(self.to().join("memos")).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .map(|path| {
                let time = path.metadata().unwrap().modified().unwrap();
                let bytes = std::fs::read(&path).unwrap();
                (path, (time, bytes))
            })
            .collect()
    }

    fn ask(&self, question: &str) -> serde_json::Value {
        let folder = self.to().to_str().unwrap();
        let asked = eerstelijn(&["ask", "--knowledge", folder, question, "--json"], "");
        assert_eq!(asked.code, 0, "{asked:?}");
        serde_json::from_str(&asked.stdout).unwrap()
    }
}

#[test]
fn an_html_export_is_brought_in_checked_and_found() {
    let desk = Desk::new();
    let source = desk.source("space.html.zip", &export_of("html"));
    let done = import(&source, desk.to(), &["--owner", "Dienst ICT"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stdout.contains("2 new, 0 changed, 0 unchanged"),
        "{}",
        done.stdout
    );
    let text = std::fs::read_to_string(desk.memo("back-up-terugzetten")).unwrap();
    for part in [
        "owner = \"Dienst ICT\"",
        "reviewed_on = \"2026-03-25\"",
        "[wat u doet bij verlies](gestolen-laptop-het-eerste-uur)",
        "from = \"confluence:65601\"",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for name in ["Peeters", "jpeeters", "Maes"] {
        assert!(!text.contains(name), "{name}");
    }

    // The service runs with it; what the house wants is told in one line for each page.
    let checked = eerstelijn(&["knowledge", "check", desk.to().to_str().unwrap()], "");
    assert!(
        checked.stderr.contains("the service runs with these files"),
        "{checked:?}"
    );
    let told = checked
        .stdout
        .lines()
        .filter(|line| line.contains("came in from"));
    assert_eq!(told.count(), 2, "{}", checked.stdout);
    assert!(
        !checked.stdout.contains("there is no memo"),
        "{}",
        checked.stdout
    );

    let answer = desk.ask("Hoe meld ik een kwijtgespeelde flexwerkplek?");
    assert_eq!(answer["answered"], true, "{answer}");
    assert_eq!(answer["answers"][0]["id"], "gestolen-laptop-het-eerste-uur");
}

#[test]
fn a_second_time_nothing_is_written() {
    let desk = Desk::new();
    let source = desk.source("space.zip", &export_of("html"));
    assert_eq!(import(&source, desk.to(), &[]).code, 0);
    let before = desk.state();
    let again = import(&source, desk.to(), &["--json"]);
    assert_eq!(again.code, 0, "{again:?}");
    let object: serde_json::Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(object["ok"], true);
    assert_eq!(object["unchanged"].as_array().unwrap().len(), 2);
    assert_eq!(object["new"], serde_json::json!([]));
    assert_eq!(desk.state(), before);
    // The unpacked folder holds the same pages.
    let folder = import(&fixtures("html"), desk.to(), &[]);
    assert!(folder.stdout.contains("2 unchanged"), "{}", folder.stdout);
    assert_eq!(desk.state(), before);
}

#[test]
fn a_changed_page_is_written_and_an_edit_survives() {
    let desk = Desk::new();
    let export = std::fs::read_to_string(fixtures("xml/entities.xml")).unwrap();
    let first = zip_of(&[("entities.xml", export.clone().into_bytes())]);
    let source = desk.source("space.xml.zip", &first);
    let base = ["--base-url", "https://wiki.example/wiki"];
    let done = import(&source, desk.to(), &base);
    assert!(done.stdout.contains("2 new"), "{done:?}");

    let edited = desk.memo("wachtwoordkluis-invoeren");
    let text = std::fs::read_to_string(&edited).unwrap();
    let by_hand = text.replace("een overeenkomst", "een verwerkersovereenkomst");
    std::fs::write(&edited, &by_hand).unwrap();
    let changed = export
        .replace("Wis niets vooraleer", "Wis nooit iets vooraleer")
        .replace("vraagt een back-up", "vraagt een goede back-up");
    let source = desk.source(
        "space.xml.zip",
        &zip_of(&[("entities.xml", changed.into_bytes())]),
    );
    let done = import(&source, desk.to(), &base);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stdout
            .contains("0 new, 1 changed, 0 unchanged, 1 edited"),
        "{}",
        done.stdout
    );
    assert!(
        done.stdout.contains(
            "memos/wachtwoordkluis-invoeren.md: somebody changed it, and its page changed too"
        ),
        "{}",
        done.stdout
    );
    assert_eq!(std::fs::read_to_string(&edited).unwrap(), by_hand);
    let laptop = std::fs::read_to_string(desk.memo("gestolen-laptop-eerste-uur")).unwrap();
    assert!(laptop.contains("Wis nooit iets"), "{laptop}");
    assert!(laptop.contains(
        "[Afbeelding: beslisboom.png](https://wiki.example/wiki/pages/viewpage.action?pageId=70001)"
    ));
}

#[test]
fn a_folder_and_a_file_of_markdown_come_in_and_own_memos_stay() {
    let desk = Desk::new();
    let own = std::fs::read(desk.memo("wifi")).unwrap();
    let page = desk.source("x.md", b"# Wifi\n\nAnders.\n");
    let done = import(&page, desk.to(), &[]);
    assert!(done.stdout.contains("memos/wifi-2.md"), "{done:?}");
    let done = import(&fixtures("markdown"), desk.to(), &[]);
    assert!(done.stdout.contains("2 new"), "{done:?}");
    assert_eq!(std::fs::read(desk.memo("wifi")).unwrap(), own);
    let answer = desk.ask("wie beheert het zwabberpunt?");
    assert_eq!(answer["answered"], true, "{answer}");
    let text = std::fs::read_to_string(desk.memo("beheer-van-het-zwabberpunt")).unwrap();
    assert!(
        text.contains("[Terug](wifi-voor-gasten-op-het-gemeentehuis)"),
        "{text}"
    );
}

#[test]
fn hostile_exports_are_refused_with_a_sentence() {
    let desk = Desk::new();
    let before = desk.state();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "rommel.zip",
            b"PK\x03\x04 geen zip".to_vec(),
            "is no zip that can be read",
        ),
        ("rommel.bin", b"niets".to_vec(), "is no export"),
        (
            "leeg.zip",
            zip_of(&[("a.png", vec![1])]),
            "there is no page in",
        ),
        (
            "bom.zip",
            declaring(zip_of(&[("entities.xml", b"<a/>".to_vec())]), 600_000_000),
            "larger than 500 MB together",
        ),
        (
            "dtd.zip",
            zip_of(&[(
                "entities.xml",
                b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".to_vec(),
            )]),
            "DOCTYPE",
        ),
        (
            "half.zip",
            {
                let whole = export_of("html");
                whole[..whole.len() / 2].to_vec()
            },
            "is no zip that can be read",
        ),
    ];
    for (name, bytes, sentence) in cases {
        let done = import(&desk.source(name, &bytes), desk.to(), &[]);
        assert_eq!(done.code, 1, "{name}: {done:?}");
        assert!(done.stderr.contains(sentence), "{name}: {}", done.stderr);
        assert_eq!(done.stderr.lines().count(), 1, "{name}: {}", done.stderr);
    }
    assert_eq!(desk.state(), before);
    let nowhere = import(Path::new("/nowhere/at/all"), desk.to(), &[]);
    assert_eq!(nowhere.code, 1);
    assert!(
        nowhere.stderr.contains("/nowhere/at/all can't be read"),
        "{}",
        nowhere.stderr
    );
    let no_knowledge = import(&fixtures("html"), desk.sources.path(), &[]);
    assert_eq!(no_knowledge.code, 1);
    assert!(
        no_knowledge.stderr.contains("is no knowledge folder"),
        "{}",
        no_knowledge.stderr
    );
    assert_eq!(
        import(&fixtures("html"), desk.to(), &["--base-url", "wiki"]).code,
        2
    );
}

#[test]
fn names_in_a_zip_are_no_paths_and_a_bad_page_hides_no_other() {
    let desk = Desk::new();
    let good = b"# Goed\n\nEen goede pagina over de frommelbak.\n".to_vec();
    let outside = desk.to().parent().unwrap().join("weg.md");
    let bytes = zip_of(&[
        ("../../weg.md", good.clone()),
        ("/etc/absoluut.md", b"# Absoluut\n\nTekst.\n".to_vec()),
        ("diep.html", "<div>".repeat(100_000).into_bytes()),
        ("bom.md", vec![b'a'; 5_000_000]),
        (
            "[[b]].md",
            b"# Bel [[police]]\n\nBel [[nergens]] en {{ team }}.\n".to_vec(),
        ),
    ]);
    let done = import(&desk.source("pages.zip", &bytes), desk.to(), &[]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(
        done.stdout.contains("3 new") && done.stdout.contains("2 failed"),
        "{}",
        done.stdout
    );
    assert!(
        done.stdout
            .contains("failed    bom.md: it is larger than 4 MB"),
        "{}",
        done.stdout
    );
    assert!(
        done.stdout.contains("failed    diep.html: it nests deeper"),
        "{}",
        done.stdout
    );
    assert!(
        done.stderr.contains("2 pages could not be brought in"),
        "{}",
        done.stderr
    );
    assert!(!outside.exists() && !Path::new("/etc/absoluut.md").exists());
    assert!(desk.memo("goed").exists() && desk.memo("absoluut").exists());
    let checked = eerstelijn(&["knowledge", "check", desk.to().to_str().unwrap()], "");
    assert!(
        checked.stderr.contains("the service runs with these files"),
        "{checked:?}"
    );
}

#[test]
fn a_zip_that_lies_about_its_sizes_is_not_believed() {
    let desk = Desk::new();
    let bytes = declaring(zip_of(&[("bom.md", vec![b'a'; 5_000_000])]), 10);
    let done = import(&desk.source("bom.zip", &bytes), desk.to(), &[]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.stdout.contains("failed    bom.md"), "{}", done.stdout);
}

#[test]
fn letters_that_were_lost_are_told_at_the_import_and_at_the_check() {
    let desk = Desk::new();
    let folder = TempDir::new().unwrap();
    std::fs::write(
        folder.path().join("a.md"),
        b"# Kliko\n\nDe caf\xe9 van de kliko.\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("~$a.md"), b"\x05An\0").unwrap();
    let done = import(folder.path(), desk.to(), &[]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{done:?}");
    assert!(done.stdout.contains("1 new"), "{}", done.stdout);
    assert!(
        done.stdout
            .contains("\ndamaged   memos/kliko.md: letters of its page can't be read"),
        "{}",
        done.stdout
    );
    let checked = eerstelijn(&["knowledge", "check", desk.to().to_str().unwrap()], "");
    let told = checked.stdout.lines();
    let told: Vec<&str> = told
        .filter(|line| line.contains("letters were lost"))
        .collect();
    assert_eq!(told.len(), 1, "{}", checked.stdout);
    let text = std::fs::read_to_string(desk.memo("kliko")).unwrap();
    let line = text
        .lines()
        .position(|line| line.contains('\u{fffd}'))
        .unwrap()
        + 1;
    let place = format!("unwanted  memos/kliko.md:{line}: ");
    assert!(told[0].starts_with(&place), "{}", told[0]);
}

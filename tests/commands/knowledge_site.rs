//! `knowledge export` as a site: its links lead somewhere, its HTML is whole, it is the same twice, and it searches in
//! a browser that opens it from a disk.

use super::knowledge::copied;
use super::{Outcome, eerstelijn};
use crate::support::servers::requirements;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Exports a knowledge folder, or the shipped knowledge.
fn export(knowledge: Option<&Path>, to: &Path) -> Outcome {
    let mut arguments = vec!["knowledge", "export"];
    arguments.extend(knowledge.map(|folder| folder.to_str().unwrap()));
    arguments.extend(["--to", to.to_str().unwrap()]);
    eerstelijn(&arguments, "")
}

/// The files of an export by their names in it.
fn files_in(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(from) = folders.pop() {
        for entry in std::fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                files.insert(name.to_owned(), std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

/// The shipped knowledge as a site.
fn shipped() -> (TempDir, BTreeMap<String, String>) {
    let folder = TempDir::new().unwrap();
    let done = export(None, &folder.path().join("site"));
    assert_eq!(done.code, 0, "{}", done.stderr);
    let files = files_in(&folder.path().join("site"));
    (folder, files)
}

fn pages(files: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    files
        .iter()
        .filter(|(name, _)| {
            Path::new(name)
                .extension()
                .is_some_and(|ending| ending == "html")
        })
        .map(|(name, text)| (name.as_str(), text.as_str()))
}

/// The values of an attribute, read as a browser reads them.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<String> {
    let found = Regex::new(&format!(r#"\s{attribute}="([^"]*)""#)).unwrap();
    let plain = |text: &'a str| {
        let text = text.replace("&#x2f;", "/").replace("&#39;", "'");
        text.replace("&quot;", "\"").replace("&amp;", "&")
    };
    found
        .captures_iter(html)
        .map(|found| plain(found.get(1).unwrap().as_str()))
        .collect()
}

#[test]
fn every_link_and_every_place_is_there() {
    let (_folder, files) = shipped();
    let places: BTreeMap<&str, BTreeSet<String>> = pages(&files)
        .map(|(name, html)| (name, values(html, "id").into_iter().collect()))
        .collect();
    let mut checked = 0;
    for (page, html) in pages(&files) {
        let links = ["href", "src", "action"].map(|attribute| values(html, attribute));
        for link in links.concat() {
            if ["https://", "http://", "mailto:", "tel:"]
                .iter()
                .any(|scheme| link.starts_with(scheme))
            {
                continue;
            }
            let (path, place) = link.split_once('#').unwrap_or((&link, ""));
            let mut parts: Vec<&str> = page.split('/').collect();
            parts.pop();
            for part in path.split('/').filter(|part| !part.is_empty()) {
                if part == ".." {
                    assert!(parts.pop().is_some(), "{page}: {link} leaves the site");
                } else {
                    parts.push(part);
                }
            }
            let target = if path.is_empty() {
                page.to_owned()
            } else {
                parts.join("/")
            };
            assert!(files.contains_key(&target), "{page}: there is no {link}");
            let there = place.is_empty() || places[target.as_str()].contains(place);
            assert!(there, "{page}: there is no place {link}");
            checked += 1;
        }
    }
    assert!(checked > 1000, "{checked} links");
    let memo = files["memos/logging.html"].replace("&#x2f;", "/");
    for part in [
        "href=\"siem.html\"",
        "href=\"../cards/intrusion.html\"",
        "<h2 id=\"hoelang-bewaart-u-logs\">",
        "Nog te bevestigen",
        "26/11/2026",
        "<h2 id=\"bronnen\">",
    ] {
        assert!(memo.contains(part), "{part}");
    }
    assert!(files["memos/nis2.html"].contains("href=\"../duties.html#duty-d6\""));
    let duties = &files["duties.html"];
    for part in [
        "AVG art. 33",
        "<strong>Aan wie:</strong> GBA; VTC",
        "Nagekeken op 01",
    ] {
        assert!(duties.contains(part), "{part}");
    }
}

#[test]
fn the_html_is_whole() {
    let (_folder, files) = shipped();
    let tag = Regex::new(r#"^<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*/?>"#).unwrap();
    let live = Regex::new(r"\s(on[a-z]+|style)=").unwrap();
    let alone = ["meta", "link", "input", "br", "hr"];
    for (name, html) in pages(&files) {
        let html = html
            .strip_prefix("<!DOCTYPE html>")
            .unwrap_or_else(|| panic!("{name}"));
        let mut open: Vec<&str> = Vec::new();
        let mut level = 0;
        let mut titles = 0;
        for (at, _) in html.match_indices('<') {
            let rest = html.get(at..).unwrap();
            let shown: String = rest.chars().take(60).collect();
            let found = tag
                .captures(rest)
                .unwrap_or_else(|| panic!("{name}: no tag: {shown}"));
            let (ends, element) = (&found[1] == "/", found.get(2).unwrap().as_str());
            assert!(!live.is_match(&found[3]), "{name}: {}", &found[0]);
            if ends {
                assert_eq!(open.pop(), Some(element), "{name}: {shown}");
            } else if !alone.contains(&element) {
                open.push(element);
            }
            let heading = element
                .strip_prefix('h')
                .and_then(|rest| rest.parse::<u32>().ok());
            if let Some(heading) = heading.filter(|_| !ends) {
                assert!(heading <= level + 1, "{name}: h{heading} after h{level}");
                level = heading;
                titles += u32::from(heading == 1);
            }
        }
        assert!(open.is_empty(), "{name}: {open:?} stay open");
        assert_eq!(titles, 1, "{name}: one title");
        let ids = values(html, "id");
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        for part in [
            "<html lang=\"",
            "Content-Security-Policy",
            "<main",
            "<title>",
        ] {
            assert!(html.contains(part), "{name}: {part}");
        }
        assert!(!html.contains("[["), "{name}: a contact isn't filled in");
    }
}

#[test]
fn the_same_knowledge_gives_the_same_bytes_and_old_pages_go() {
    let (_folder, files) = shipped();
    let (folder, elsewhere) = (copied(), TempDir::new().unwrap());
    let to = elsewhere.path().join("made");
    assert_eq!(export(Some(folder.path()), &to).code, 0);
    assert_eq!(files_in(&to), files);

    std::fs::write(to.join("memos/van-ons.html"), "mine").unwrap();
    for memo in ["wifi", "iot-en-cameras"] {
        std::fs::remove_file(folder.path().join(format!("memos/{memo}.md"))).unwrap();
    }
    std::fs::write(to.join("memos/iot-en-cameras.html"), "changed by hand").unwrap();
    let again = export(Some(folder.path()), &to);
    assert_eq!(again.code, 0, "{}", again.stderr);
    let left = files_in(&to);
    assert!(!left.contains_key("memos/wifi.html"));
    assert_eq!(left["memos/van-ons.html"], "mine");
    assert_eq!(left["memos/iot-en-cameras.html"], "changed by hand");
    assert!(
        again
            .stderr
            .contains("memos/iot-en-cameras.html is no longer made"),
        "{}",
        again.stderr
    );

    let other = TempDir::new().unwrap();
    std::fs::write(other.path().join("index.html"), "of somebody else").unwrap();
    let refused = export(None, other.path());
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("name an empty folder"),
        "{}",
        refused.stderr
    );
    assert_eq!(files_in(other.path()).len(), 1);
}

/// What a page has become after its scripts ran, opened from the disk.
fn opened(folder: &Path, page: &str) -> String {
    let done = Command::new("/usr/bin/chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--virtual-time-budget=5000",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.join("browser").display()
        ))
        .arg("--dump-dom")
        .arg(format!("file://{}/site/{page}", folder.display()))
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

/// What the search says, and what it shows: nothing where it says that there is nothing.
fn searched(folder: &Path, question: &str) -> (String, String) {
    let dom = opened(folder, &format!("index.html{question}"));
    let between = |from: &str, to: &str| {
        let (_, rest) = dom.split_once(from).unwrap();
        let (_, rest) = rest.split_once('>').unwrap();
        rest.split_once(to).unwrap().0.to_owned()
    };
    let said = between("id=\"search_status\"", "</p>");
    let shown = between("id=\"search_results\"", "</div>");
    let nothing = dom.contains("<div id=\"search_nothing\">");
    assert_eq!(nothing, said == "Geen memo hierover", "{said}");
    assert!(!dom.contains(
        "<form id=\"search_form\" role=\"search\" action=\"index.html\" method=\"get\" hidden"
    ));
    (said, shown)
}

#[test]
fn the_search_answers_in_a_browser_without_a_server() {
    if !requirements::chromium() {
        return;
    }
    let (folder, _) = shipped();
    let first = |shown: &str| shown.split("</li>").next().unwrap().to_owned();

    let (said, shown) = searched(folder.path(), "?q=hoe%20lang%20bewaren%20we%20logs");
    assert!(said.ends_with(" gevonden"), "{said}");
    let logging = first(&shown);
    for part in [
        "href=\"memos/logging.html#hoelang-bewaart-u-logs\"",
        "Memo | Hoelang bewaart u logs?",
        "<mark>logs</mark>",
        "<p>Eén termijn",
    ] {
        assert!(logging.contains(part), "{part}: {logging}");
    }
    let (_, by_hash) = searched(folder.path(), "#q=hoe%20lang%20bewaren%20we%20logs");
    assert_eq!(by_hash, shown, "# works as ?");

    for (question, memo) in [
        ("wachtwordbeleid", "memos/wachtwoorden.html"),
        ("sauvegarde", "memos/backup-en-recovery.html"),
        ("laptop%20gestolen", "cards/lost-device.html"),
        ("mail%20gehackt", "cards/account-compromise.html"),
        ("nis%202", "memos/nis2.html"),
        ("continuiteit", "memos/bedrijfscontinuiteit.html"),
        ("kluis", "memos/wachtwoorden.html"),
    ] {
        let (_, shown) = searched(folder.path(), &format!("?q={question}"));
        assert!(
            first(&shown).contains(memo),
            "{question}: {}",
            first(&shown)
        );
    }

    let (said, shown) = searched(folder.path(), "?q=containerpark%20open");
    assert_eq!(
        (said.as_str(), shown.contains("<li")),
        ("Geen memo hierover", false)
    );

    let (said, _) = searched(folder.path(), "");
    assert_eq!(said, "", "nothing is asked yet");
}

#[test]
fn hostile_text_stays_text() {
    if !requirements::chromium() {
        return;
    }
    let knowledge = copied();
    let hostile = "+++\ntitle = \"Kwaad </script><script>document.title='x'</script> <img src=x onerror=a>\"\n\
        version = \"<b>\"\nreviewed_on = \"<i>\"\nowner = \"<u>\"\ntags = [\"</title><s>\"]\n\
        unconfirmed = [\"<img src=x onerror=a> javascript:alert(1)\"]\nurl = \"javascript:alert(1)\"\n\
        [keywords]\nnl = [\"kwaadaardigheden </script>\"]\n+++\n\
        ## Kop <script>document.title='x'</script> \u{2028}\n\
        <script>document.title='x'</script>\n\n<img src=x onerror=\"document.title='x'\"> kwaadaardigheden\n\n\
        [klik](javascript:document.title='x') [weg](../../../etc/passwd) ![p](https://a.example/p.png)\n";
    std::fs::write(knowledge.path().join("memos/a \"><b>.md"), hostile).unwrap();
    let folder = TempDir::new().unwrap();
    let done = export(Some(knowledge.path()), &folder.path().join("site"));
    assert_eq!(done.code, 0, "{}", done.stderr);
    let files = files_in(&folder.path().join("site"));
    let (name, html) = pages(&files)
        .find(|(_, html)| html.contains("Kwaad"))
        .unwrap();
    assert!(name.starts_with("memos/") || name == "index.html", "{name}");
    let page = files
        .keys()
        .find(|name| name.starts_with("memos/a-b-"))
        .unwrap();
    for html in [html, &files[page], &opened(folder.path(), page)] {
        for bad in [
            "<script>",
            "<img",
            "<b>",
            "<i>",
            "<u>",
            "<s>",
            "href=\"javascript",
            "etc/passwd\"",
        ] {
            assert!(!html.contains(bad), "{bad}");
        }
    }
    assert!(!opened(folder.path(), page).contains("<title>x</title>"));

    let (said, shown) = searched(folder.path(), "?q=kwaadaardigheden");
    assert_eq!(said, "1 gevonden");
    assert!(
        shown.contains("Kwaad &lt;/script&gt;") && !shown.contains("<img"),
        "{shown}"
    );

    for question in [
        "?q=%3Cimg%20src=x%20onerror=%22document.title='x'%22%3E%20logs",
        "#q=%3C/mark%3E%3Cscript%3Edocument.title='x'%3C/script%3E%20logs",
        "?q=%00%FF%E2%80%A8'%22%3E%3Csvg%20onload=a%3E__proto__%20constructor",
    ] {
        let (_, shown) = searched(folder.path(), question);
        for bad in ["<img", "<script", "<svg"] {
            assert!(!shown.contains(bad), "{question}: {shown}");
        }
        let dom = opened(folder.path(), &format!("index.html{question}"));
        assert!(!dom.contains("<title>x</title>"), "{question}");
    }
}

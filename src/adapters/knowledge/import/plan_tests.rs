//! What an import decides, page by page.

use crate::adapters::knowledge::import::links::marked;
use crate::adapters::knowledge::import::plan::*;

fn page(number: u32, title: &str, text: &str) -> Page {
    Page {
        from: format!("confluence:{number}"),
        space: "Kennis".into(),
        title: title.into(),
        text: format!("## {title}\n{text}"),
        changed_on: Some("2026-03-25".parse().unwrap()),
        keys: vec![format!("id:{number}")],
        ..Page::default()
    }
}

fn planned(read: Vec<Page>, files: &Files) -> Plan {
    let terms = Terms {
        owner: "Cyber Response Team".into(),
        base_url: None,
        today: "2026-11-26".parse().unwrap(),
    };
    let pages = Pages {
        read,
        unread: Vec::new(),
        spaces: vec!["Kennis".into()],
    };
    plan(pages, files, &terms)
}

fn after(plan: Plan, mut files: Files) -> Files {
    files.extend(plan.texts);
    files
}

fn files_of(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.file.as_str()).collect()
}

#[test]
fn names_are_given_by_number_and_never_taken_from_another_memo() {
    let own = "+++\ntitle = \"Wifi\"\nversion = \"1\"\nreviewed_on = \"2026-01-01\"\nowner = \"x\"\n+++\n## A\nb\n";
    let files = Files::from([("memos/wifi.md".to_owned(), own.to_owned())]);
    let pages = vec![
        page(20, "MFA", "b"),
        page(3, "mfa!", "a"),
        page(4, "Wifi", "c"),
    ];
    let plan = planned(pages.clone(), &files);
    assert_eq!(
        files_of(&plan.new),
        ["memos/mfa.md", "memos/wifi-2.md", "memos/mfa-2.md"]
    );
    let files = after(plan, files);
    assert_eq!(files["memos/wifi.md"], own);
    // A second time, in another order: nothing.
    let again = planned(pages.into_iter().rev().collect(), &files);
    assert_eq!((again.unchanged.len(), again.texts.len()), (3, 0));
}

#[test]
fn a_changed_page_keeps_its_name_and_what_people_filled_in() {
    let files = after(
        planned(vec![page(1, "MFA", "een")], &Files::new()),
        Files::new(),
    );
    let filled = files["memos/mfa.md"]
        .replace("nl = []", "nl = [\"tweestaps\"]")
        .replace("owner = \"Cyber Response Team\"", "owner = \"Dienst ICT\"")
        .replace("review_before = \"\"", "review_before = \"2027-01-01\"");
    let files = Files::from([("memos/mfa.md".to_owned(), filled)]);
    let plan = planned(vec![page(1, "MFA voor iedereen", "twee")], &files);
    assert_eq!(files_of(&plan.changed), ["memos/mfa.md"]);
    let text = &plan.texts[0].1;
    for part in [
        "title = \"MFA voor iedereen\"",
        "nl = [\"tweestaps\"]",
        "owner = \"Dienst ICT\"",
        "review_before = \"2027-01-01\"",
        "\ntwee\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

/// A page of which nobody knows when it changed.
fn undated(text: &str, url: Option<&str>) -> Page {
    Page {
        changed_on: None,
        url: url.map(str::to_owned),
        ..page(1, "MFA", text)
    }
}

/// A memo of such a page, reviewed by somebody who said until when that holds.
fn reviewed_until(review_before: &str) -> Files {
    let files = after(
        planned(vec![undated("een", None)], &Files::new()),
        Files::new(),
    );
    let text = files["memos/mfa.md"].replace(
        "review_before = \"2026-11-26\"",
        &format!("review_before = \"{review_before}\""),
    );
    let text = text.replace("reviewed_on = \"\"", "reviewed_on = \"2026-10-01\"");
    Files::from([("memos/mfa.md".to_owned(), text)])
}

#[test]
fn new_words_of_no_known_day_are_due_at_once_whatever_was_reviewed_before() {
    for (before, expected) in [
        ("2027-10-01", "2026-11-26"),
        ("", "2026-11-26"),
        // It waits for a review already: since then.
        ("2026-10-15", "2026-10-15"),
    ] {
        let plan = planned(vec![undated("twee", None)], &reviewed_until(before));
        assert_eq!(files_of(&plan.changed), ["memos/mfa.md"]);
        let text = &plan.texts[0].1;
        let due = format!("review_before = \"{expected}\"");
        assert!(text.contains(&due), "{before}: {text}");
        assert!(text.contains("reviewed_on = \"\""), "{before}: {text}");
    }
}

#[test]
fn a_page_as_it_was_that_only_gets_an_address_stays_reviewed() {
    let files = reviewed_until("2027-10-01");
    let address = Some("https://wiki.example/mfa");
    let plan = planned(vec![undated("een", address)], &files);
    let expected =
        files["memos/mfa.md"].replace("url = \"\"", "url = \"https://wiki.example/mfa\"");
    assert_eq!(plan.texts, [("memos/mfa.md".to_owned(), expected)]);
}

#[test]
fn what_somebody_edited_or_broke_is_left_and_named() {
    let files = after(
        planned(vec![page(1, "MFA", "een")], &Files::new()),
        Files::new(),
    );
    let edited = files["memos/mfa.md"].replace("een", "een en meer");
    let broken = files["memos/mfa.md"].replace("version =", "versie =");
    for (text, page_changed) in [(edited, false), (broken, true)] {
        let files = Files::from([("memos/mfa.md".to_owned(), text)]);
        let plan = planned(vec![page(1, "MFA", "een")], &files);
        assert!(plan.texts.is_empty());
        assert_eq!(plan.edited[0].line.file, "memos/mfa.md");
        assert_eq!(plan.edited[0].page_changed, page_changed);
    }
}

#[test]
fn a_page_that_is_gone_is_only_named() {
    let both = vec![page(1, "MFA", "een"), page(2, "Wifi", "twee")];
    let files = after(planned(both, &Files::new()), Files::new());
    let planned = planned(vec![page(1, "MFA", "een")], &files);
    assert_eq!(files_of(&planned.gone), ["memos/wifi.md"]);
    let elsewhere = Page {
        space: "Andere".into(),
        ..page(9, "Nieuw", "x")
    };
    let pages = Pages {
        read: vec![elsewhere],
        spaces: vec!["Andere".into()],
        ..Pages::default()
    };
    let terms = Terms {
        owner: String::new(),
        base_url: None,
        today: "2026-11-26".parse().unwrap(),
    };
    assert!(plan(pages, &files, &terms).gone.is_empty());
}

#[test]
fn a_page_of_another_space_is_another_one_whatever_it_is_known_by() {
    let files = after(
        planned(vec![page(1, "MFA", "een")], &Files::new()),
        Files::new(),
    );
    let elsewhere = Page {
        space: "Andere".into(),
        ..page(1, "MFA", "twee")
    };
    let plan = planned(vec![elsewhere.clone()], &files);
    assert_eq!(files_of(&plan.new), ["memos/mfa-2.md"]);
    assert!(plan.changed.is_empty());
    assert_eq!(files_of(&plan.gone), ["memos/mfa.md"]);
    // Both, from one source: each is known again.
    let files = after(plan, files);
    let again = planned(vec![page(1, "MFA", "een"), elsewhere], &files);
    assert_eq!(
        files_of(&again.unchanged),
        ["memos/mfa.md", "memos/mfa-2.md"]
    );
    assert!(again.gone.is_empty() && again.failed.is_empty());
}

#[test]
fn a_memo_that_was_written_meanwhile_is_told_as_edited() {
    let pages = vec![page(1, "MFA", "b\u{fffd}ta"), page(2, "Wifi", "x")];
    let mut plan = planned(pages, &Files::new());
    plan.leave("memos/mfa.md");
    assert_eq!(files_of(&plan.new), ["memos/wifi.md"]);
    assert_eq!(plan.edited[0].line.file, "memos/mfa.md");
    assert_eq!((plan.texts.len(), plan.damaged.len()), (1, 0));
}

#[test]
fn links_between_pages_become_links_between_memos() {
    let mut one = page(1, "MFA", "");
    one.text = format!("## A\nZie {}.", marked("wifi", "id:2", None));
    let plan = planned(vec![one, page(2, "Wifi in huis", "x")], &Files::new());
    assert!(plan.texts[0].1.contains("Zie [wifi](wifi-in-huis)."));
}

#[test]
fn twice_the_same_page_and_a_page_without_text_are_told() {
    let mut empty = page(2, "Leeg", "");
    empty.text = String::new();
    let plan = planned(
        vec![page(1, "a", "x"), page(1, "b", "y"), empty],
        &Files::new(),
    );
    assert_eq!(
        (plan.new.len(), plan.failed.len(), plan.empty.len()),
        (1, 1, 1)
    );
    let mut huge = page(3, "x", "");
    huge.text = "woord ".repeat(200_000);
    assert_eq!(planned(vec![huge], &Files::new()).failed.len(), 1);
}

#[test]
fn a_page_that_lost_letters_comes_in_and_is_named_until_it_is_mended() {
    let lost = page(1, "Caf\u{fffd}", "een");
    let plan = planned(
        vec![lost.clone(), page(2, "MFA", "b\u{fffd}ta")],
        &Files::new(),
    );
    let both = ["memos/caf.md", "memos/mfa.md"];
    assert_eq!(files_of(&plan.new), both);
    assert_eq!(files_of(&plan.damaged), both);
    let files = after(plan, Files::new());
    let again = planned(vec![lost, page(2, "MFA", "bèta")], &files);
    assert_eq!(files_of(&again.unchanged), ["memos/caf.md"]);
    assert_eq!(files_of(&again.changed), ["memos/mfa.md"]);
    assert_eq!(files_of(&again.damaged), ["memos/caf.md"]);
}

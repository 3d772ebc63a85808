//! What people ask, with what answers it: an own set in three languages, half of it to tune on and half only measured;
//! a set by another hand that keeps away from the words that are stored, whose questions off the subject were tuned on;
//! a small one of what somebody asked who used the bot for the first time; and public questions to a government, each
//! with its page.
//!
//! The figures stand in the log of the tests; the floors below are what was reached, so that nothing gets worse unseen.

#![cfg(test)]

use super::{corpus, say};
use eerstelijn::adapters::knowledge::{KnowledgeBase, OrganisationWords, files};
use eerstelijn::app::ask::ask;
use eerstelijn::app::ports::Knowledge;
use eerstelijn::domain::guidance::handbook::{BEYOND_DOUBT, Passage, Surety};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The day on which the questions were written.
fn day() -> Timestamp {
    "2026-11-26T12:00:00Z".parse().unwrap()
}

#[derive(Deserialize)]
struct Question {
    kind: String,
    language: String,
    #[serde(rename = "question")]
    text: String,
    /// What answers it, best first; empty where nothing here does.
    ids: Vec<String>,
    /// The section that answers it, where it is one.
    section: String,
}

fn questions(part: &str) -> Vec<Question> {
    let path = format!(
        "{}/tests/fixtures/questions/{part}.jsonl",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// What became of questions of one sort.
#[derive(Default)]
struct Tally {
    asked: u32,
    first: u32,
    among_three: u32,
    of_one_section: u32,
    section_among_three: u32,
}

impl Tally {
    fn share(&self, count: u32) -> f64 {
        f64::from(count) / f64::from(self.asked.max(1))
    }
}

/// How often what is shown first is right, by how sure it is told to be.
#[derive(Default)]
struct Shown {
    all: u32,
    right: u32,
}

impl Shown {
    fn count(&mut self, is_right: bool) {
        self.all += 1;
        self.right += u32::from(is_right);
    }

    fn share(&self) -> f64 {
        f64::from(self.right) / f64::from(self.all.max(1))
    }
}

struct Measured {
    by_sort: BTreeMap<String, Tally>,
    off_topic: u32,
    refused: u32,
    /// Sure enough for the lobby.
    in_the_lobby: Shown,
    /// Shown with the word that it may be about something else.
    perhaps: Shown,
}

impl Measured {
    fn of(knowledge: &dyn Knowledge, part: &str) -> Self {
        let mut measured = Self {
            by_sort: BTreeMap::new(),
            off_topic: 0,
            refused: 0,
            in_the_lobby: Shown::default(),
            perhaps: Shown::default(),
        };
        for question in questions(part) {
            let answer = ask(knowledge, &question.text, 3, day()).unwrap();
            if let Some(first) = answer.passages.first() {
                measured.count_shown(first, question.ids.contains(&first.id));
            }
            if question.ids.is_empty() {
                measured.off_topic += 1;
                measured.refused += u32::from(answer.passages.is_empty());
                continue;
            }
            let right: Vec<bool> = answer
                .passages
                .iter()
                .map(|passage| question.ids.contains(&passage.id))
                .collect();
            let section = |passage: &Passage| passage.section == question.section;
            let language = if question.language == "nl" {
                "nl"
            } else {
                "fr and en"
            };
            for sort in ["all", language, &question.kind] {
                let tally = measured.by_sort.entry(sort.to_owned()).or_default();
                tally.asked += 1;
                tally.first += u32::from(right.first() == Some(&true));
                tally.among_three += u32::from(right.contains(&true));
                if !question.section.is_empty() {
                    tally.of_one_section += 1;
                    tally.section_among_three += u32::from(answer.passages.iter().any(section));
                }
            }
        }
        measured
    }

    fn count_shown(&mut self, first: &Passage, is_right: bool) {
        if first.sureness >= BEYOND_DOUBT {
            self.in_the_lobby.count(is_right);
        }
        if first.surety() == Surety::Perhaps {
            self.perhaps.count(is_right);
        }
    }

    fn refused(&self) -> f64 {
        f64::from(self.refused) / f64::from(self.off_topic.max(1))
    }

    fn print(&self, part: &str) {
        for (sort, tally) in &self.by_sort {
            say(&format!(
                "questions, {part}, {sort}: {} asked, first {:.3}, among three {:.3}, the section among three {} of {}",
                tally.asked,
                tally.share(tally.first),
                tally.share(tally.among_three),
                tally.section_among_three,
                tally.of_one_section,
            ));
        }
        say(&format!(
            "questions, {part}: off the subject {} of {} refused ({:.3})",
            self.refused,
            self.off_topic,
            self.refused()
        ));
        for (name, shown) in [
            ("sure enough for the lobby", &self.in_the_lobby),
            ("perhaps", &self.perhaps),
        ] {
            say(&format!(
                "questions, {part}, {name}: {} of {} shown first are right ({:.3})",
                shown.right,
                shown.all,
                shown.share()
            ));
        }
    }

    fn tally(&self, sort: &str) -> &Tally {
        &self.by_sort[sort]
    }
}

#[test]
fn questions_find_their_answers() {
    let knowledge = KnowledgeBase::embedded(OrganisationWords::default()).unwrap();
    for (part, first, among_three, others_among_three, refused, in_the_lobby) in [
        ("tune", 0.87, 0.95, 0.95, 0.97, 0.94),
        ("measured", 0.90, 0.95, 0.95, 0.96, 0.95),
        ("indirect", 0.80, 0.88, 0.86, 0.98, 0.93),
        ("natural", 0.75, 0.88, 0.88, 0.76, 0.80),
    ] {
        let measured = Measured::of(&knowledge, part);
        measured.print(part);
        let all = measured.tally("all");
        assert!(all.share(all.first) >= first, "{part}: first");
        assert!(
            all.share(all.among_three) >= among_three,
            "{part}: among three"
        );
        let others = measured.tally("fr and en");
        assert!(
            others.share(others.among_three) >= others_among_three,
            "{part}: fr and en"
        );
        assert!(measured.refused() >= refused, "{part}: off the subject");
        assert!(
            measured.in_the_lobby.share() >= in_the_lobby,
            "{part}: in the lobby"
        );
        // Else the word would tell nothing.
        assert!(measured.perhaps.all > 0, "{part}: perhaps");
        assert!(
            measured.perhaps.share() <= 0.80
                && measured.perhaps.share() < measured.in_the_lobby.share(),
            "{part}: perhaps"
        );
    }
}

#[derive(Deserialize)]
struct Page {
    question: String,
    document: String,
}

/// Another knowledge than ours: pages without headings or keywords, as a wiki may hold them.
#[test]
fn public_questions_find_their_page() {
    let Some(folder) = corpus("policyqa-nl") else {
        return;
    };
    let text = std::fs::read_to_string(folder.join("policyqa.jsonl")).unwrap();
    let pages: Vec<Page> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut files = files::embedded();
    // Its memos, and what was written about how those are asked for.
    files.retain(|path, _| !path.starts_with("memos/") && !path.starts_with("search/"));
    for (number, page) in pages.iter().enumerate() {
        let text = page.document.replace('\n', " ");
        files.insert(
            format!("memos/pagina-{number}.md"),
            format!(
                "+++\ntitle = \"Pagina {number}\"\nversion = \"1\"\nreviewed_on = \"2023-03-14\"\nowner = \"\"\n+++\n\n{text}\n"
            ),
        );
    }
    let knowledge = KnowledgeBase::from_files(&files, OrganisationWords::default()).unwrap();
    let (mut first, mut among_five) = (0_u32, 0_u32);
    for (number, page) in pages.iter().enumerate() {
        let id = format!("pagina-{number}");
        let answer = ask(&knowledge, &page.question, 5, day()).unwrap();
        let place = answer.passages.iter().position(|passage| passage.id == id);
        first += u32::from(place == Some(0));
        among_five += u32::from(place.is_some());
    }
    let all = f64::from(u32::try_from(pages.len()).unwrap());
    let share = |count: u32| f64::from(count) / all;
    say(&format!(
        "policyqa-nl: {} questions, right at rank 1 {:.3}, in the top 5 {:.3}",
        pages.len(),
        share(first),
        share(among_five)
    ));
    assert!(share(first) >= 0.84 && share(among_five) >= 0.975);
}

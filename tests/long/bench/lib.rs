//! What the benches of this package measure with: the questions of the tests, the labelled reports, and knowledge of many sections. Nothing here is
//! measured, and nothing here is a part of the product.

use eerstelijn::adapters::knowledge::files::{self, Files};
use std::path::Path;

/// Sections of a generated page.
const SECTIONS: usize = 8;
/// Words of a generated section.
const WORDS: usize = 90;

/// The questions of the part of the test set that is tuned on.
///
/// # Panics
/// Where the fixture isn't there or isn't what it was.
#[must_use]
pub fn questions() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/questions/tune.jsonl");
    let text = std::fs::read_to_string(path).expect("the questions of the tests");
    text.lines()
        .map(|line| {
            let question: serde_json::Value = serde_json::from_str(line).expect("a question");
            question["question"].as_str().expect("its words").to_owned()
        })
        .collect()
}

/// A report as it was written.
#[derive(Clone)]
pub struct Told {
    /// Which one.
    pub id: String,
    /// The subject.
    pub subject: String,
    /// The words.
    pub text: String,
}

/// The labelled reports that are kept apart from training.
///
/// # Panics
/// Where they aren't there or aren't what they were.
#[must_use]
pub fn reports() -> Vec<Told> {
    let files = files::embedded_examples();
    let text = files.get("examples/measured.jsonl").expect("the reports");
    text.lines()
        .map(|line| {
            let report: serde_json::Value = serde_json::from_str(line).expect("a report");
            let field = |name: &str| report[name].as_str().unwrap_or_default().to_owned();
            Told {
                id: field("id"),
                subject: field("subject").replace(['\r', '\n'], " "),
                text: field("text"),
            }
        })
        .collect()
}

/// The shipped knowledge with so many sections more: pages whose words are drawn from the shipped memos, so that common
/// words are common in them too. The same each time.
#[must_use]
pub fn with_pages(sections: usize) -> Files {
    let mut files = files::embedded();
    let memos: Vec<&String> = files
        .iter()
        .filter(|(path, _)| path.starts_with("memos/"))
        .map(|(_, text)| text)
        .collect();
    let words: Vec<String> = memos
        .iter()
        .filter_map(|text| text.split("+++").nth(2))
        .flat_map(str::split_whitespace)
        .map(|word| {
            word.chars()
                .filter(|c| c.is_alphanumeric())
                .collect::<String>()
        })
        .filter(|word| !word.is_empty())
        .collect();
    let mut draw = Draw(0x2545_F491_4F6C_DD1D);
    let mut some = |count: usize| -> String {
        let drawn = (0..count).map(|_| words[draw.below(words.len())].as_str());
        drawn.collect::<Vec<_>>().join(" ")
    };
    let pages: Vec<String> = (0..sections.div_ceil(SECTIONS))
        .map(|page| {
            let sections: Vec<String> = (0..SECTIONS)
                .map(|_| format!("## {}\n\n{}.\n", some(5), some(WORDS)))
                .collect();
            format!(
                "+++\ntitle = \"{} {page}\"\nversion = \"1\"\nreviewed_on = \"2026-01-01\"\nowner = \"\"\n+++\n\n{}",
                some(3),
                sections.join("\n")
            )
        })
        .collect();
    for (number, page) in pages.into_iter().enumerate() {
        files.insert(format!("memos/pagina-{number}.md"), page);
    }
    files
}

/// Numbers that look random and are the same each time (xorshift).
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap_or(u64::MAX)).unwrap_or(0)
    }
}

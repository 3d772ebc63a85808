//! The file of a memo that was brought in: front matter as the shipped memos have it, the text, and the mark by which
//! the next import knows it again.

use crate::adapters::knowledge::archive::version_of;
use crate::adapters::knowledge::import::page::Page;
use crate::adapters::knowledge::keywords::Keywords;
use crate::adapters::knowledge::memo::Memo;
use jiff::civil::Date;
use std::fmt::Write as _;
use toml::Value;

/// What stands above the text besides the title. What the page doesn't say is kept from one import to the next, because
/// people fill it in.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) version: String,
    pub(super) reviewed_on: String,
    pub(super) review_before: String,
    pub(super) owner: String,
    pub(super) url: String,
    pub(super) tags: Vec<String>,
    pub(super) playbooks: Vec<String>,
    pub(super) duties: Vec<String>,
    pub(super) unconfirmed: Vec<String>,
    pub(super) keywords: Keywords,
}

impl Kept {
    /// For a page that comes in for the first time.
    pub(super) fn of_new(page: &Page, owner: &str, today: Date) -> Self {
        // Nobody knows how old it is: it is due for review at once.
        let due = page.changed_on.is_none().then(|| today.to_string());
        Self {
            version: edition(page, today),
            reviewed_on: last_looked_at(page),
            review_before: due.unwrap_or_default(),
            owner: owner.to_owned(),
            url: page.url.clone().unwrap_or_default(),
            tags: page.labels.clone(),
            ..Self::default()
        }
    }

    /// Of a memo whose page changed since it came in.
    pub(super) fn of_changed(memo: &Memo, page: &Page, today: Date) -> Self {
        let is_due = |before: &String| before.parse::<Date>().is_ok_and(|day| day < today);
        let kept =
            Some(&memo.review_before).filter(|before| page.changed_on.is_some() || is_due(before));
        Self {
            version: edition(page, today),
            reviewed_on: last_looked_at(page),
            // Nobody knows how old the new words are, and whoever reviewed the memo read others: it is due at once.
            review_before: kept.cloned().unwrap_or_else(|| today.to_string()),
            ..Self::of_same(memo, page)
        }
    }

    /// Of a memo whose page is as it was: all of it. An address that it lacks is taken from the page.
    pub(super) fn of_same(memo: &Memo, page: &Page) -> Self {
        let url = memo.url.clone().or_else(|| page.url.clone());
        Self {
            version: memo.edition.clone(),
            reviewed_on: memo.reviewed_on.clone(),
            review_before: memo.review_before.clone(),
            owner: memo.owner.clone(),
            url: url.unwrap_or_default(),
            tags: memo.tags.clone(),
            playbooks: memo.playbooks.clone(),
            duties: memo.duties.iter().map(ToString::to_string).collect(),
            unconfirmed: memo.unconfirmed.clone(),
            keywords: memo.keywords.clone(),
        }
    }
}

/// The day of a page's last change is the last one on which somebody surely looked at it; that it was brought in isn't one.
fn last_looked_at(page: &Page) -> String {
    page.changed_on
        .map(|day| day.to_string())
        .unwrap_or_default()
}

fn edition(page: &Page, today: Date) -> String {
    match (page.changed_on, &page.version) {
        (None, Some(version)) => version.clone(),
        (day, _) => {
            let day = day.unwrap_or(today);
            format!("{:04}-{:02}", day.year(), day.month())
        }
    }
}

/// What a memo holds of its page, as one value. White space at the ends is nobody's edit.
pub(super) fn fingerprint(title: &str, body: &str) -> String {
    version_of(&format!("{title}\n{}", body.trim()))
}

/// The whole file.
pub(super) fn write(page: &Page, body: &str, kept: &Kept) -> String {
    let mut text = String::from("+++\n");
    let mut line = |key: &str, value: Value| {
        // Writing to a text can't fail.
        let _ = writeln!(text, "{key} = {value}");
    };
    line("title", word(&page.title));
    line("version", word(&kept.version));
    line("reviewed_on", word(&kept.reviewed_on));
    line("review_before", word(&kept.review_before));
    line("owner", word(&kept.owner));
    line("tags", list(&kept.tags));
    line("url", word(&kept.url));
    line("playbooks", list(&kept.playbooks));
    line("duties", list(&kept.duties));
    line("unconfirmed", list(&kept.unconfirmed));
    text.push_str("\n[keywords]\n");
    let mut line = |key: &str, value: Value| {
        let _ = writeln!(text, "{key} = {value}");
    };
    line("nl", list(&kept.keywords.nl));
    line("fr", list(&kept.keywords.fr));
    line("en", list(&kept.keywords.en));
    text.push_str("\n[imported]\n");
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(text, "{key} = {}", word(value));
    };
    line("from", &page.from);
    line("space", &page.space);
    line("sha256", &fingerprint(&page.title, body));
    let _ = write!(text, "+++\n\n{}\n", body.trim());
    text
}

fn word(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn list(words: &[String]) -> Value {
    Value::Array(words.iter().map(|text| word(text)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::memo;

    #[test]
    fn what_is_written_is_read_again() {
        let page = Page {
            from: "confluence:1".into(),
            space: "Een \"ruimte\"".into(),
            title: "Wie belt er 's nachts? \\ \"ja\"".into(),
            labels: vec!["a 'b'".into()],
            changed_on: Some("2026-03-25".parse().unwrap()),
            ..Page::default()
        };
        let kept = Kept::of_new(&page, "Cyber Response Team", "2026-11-26".parse().unwrap());
        let text = write(&page, "## A\ntekst", &kept);
        let memo = memo::load("memos/a.md", "a", &text).unwrap();
        assert_eq!(memo.title, page.title);
        assert_eq!(
            (memo.edition.as_str(), memo.reviewed_on.as_str()),
            ("2026-03", "2026-03-25")
        );
        assert_eq!(memo.tags, ["a 'b'"]);
        let imported = memo.imported.clone().unwrap();
        assert_eq!(imported.from, "confluence:1");
        assert_eq!(imported.sha256, fingerprint(&memo.title, "\n## A\ntekst\n"));
        // A second time, from what stands there: the same.
        let again = Kept::of_same(&memo, &page);
        assert_eq!(write(&page, "## A\ntekst", &again), text);
    }

    #[test]
    fn a_page_of_no_known_day_was_reviewed_by_nobody_and_is_due_at_once() {
        let today = "2026-11-26".parse().unwrap();
        let page = Page {
            from: "file:a.md".into(),
            title: "A".into(),
            ..Page::default()
        };
        let text = write(&page, "## A\ntekst", &Kept::of_new(&page, "x", today));
        let memo = memo::load("memos/a.md", "a", &text).unwrap();
        assert_eq!(
            (memo.edition.as_str(), memo.reviewed_on.as_str()),
            ("2026-11", "")
        );
        assert_eq!(memo.review_before, "2026-11-26");
    }
}

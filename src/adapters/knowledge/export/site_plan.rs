//! `pages/site.toml`: how the memos are grouped on the front page, what the kinds of entry are called, and the words
//! that say nothing in a search.
//!
//! It names memos that needn't exist, so that a team may leave one out and keep the file.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::front_matter;
use crate::adapters::knowledge::memo::Memo;
use crate::adapters::knowledge::trouble::{TAKE_OVER, Trouble};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where the plan stands.
const PATH: &str = "pages/site.toml";

/// The plan of the site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SitePlan {
    /// What each kind of entry is called in results.
    pub(super) kinds: BTreeMap<String, String>,
    /// Words by which a card is found, by category: a playbook names none.
    #[serde(default)]
    pub(super) cards: BTreeMap<String, String>,
    /// The words of the search.
    pub(super) search: SearchWords,
    /// The heading above memos that no subject takes.
    rest: String,
    /// The subjects, in the order of the page.
    #[serde(default)]
    subject: Vec<Subject>,
}

/// Words that the search treats apart.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchWords {
    /// Words that say nothing.
    pub(super) stop_words: String,
    /// Words of daily life in a town hall: only a title or a keyword makes them a subject.
    pub(super) daily_words: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    title: String,
    /// Memos by name, in the order of the page.
    #[serde(default)]
    memos: Vec<String>,
    /// Memos that nobody named come here by their first tag that stands here.
    #[serde(default)]
    tags: Vec<String>,
}

impl SitePlan {
    /// Reads the plan.
    ///
    /// # Errors
    /// Where the file is missing or isn't in order.
    pub(super) fn read(files: &Files) -> Result<Self, Trouble> {
        let text = files
            .get(PATH)
            .ok_or_else(|| Trouble::of_file(PATH, format!("the file is missing; {TAKE_OVER}")))?;
        front_matter::read(PATH, text, 1)
    }

    /// The memos by subject: each stands once, and no subject is empty.
    pub(super) fn group<'a, T>(
        &'a self,
        memos: &'a [T],
        memo_of: impl Fn(&T) -> &Memo,
    ) -> Vec<(&'a str, Vec<&'a T>)> {
        let rest = self.subject.len();
        let mut placed: Vec<(usize, usize, &T)> = memos
            .iter()
            .map(|item| {
                let (subject, place) = self.place_of(memo_of(item)).unwrap_or((rest, usize::MAX));
                (subject, place, item)
            })
            .collect();
        placed
            .sort_by(|a, b| (a.0, a.1, &memo_of(a.2).title).cmp(&(b.0, b.1, &memo_of(b.2).title)));
        let titles = self.subject.iter().map(|subject| subject.title.as_str());
        let titles = titles.chain([self.rest.as_str()]).enumerate();
        titles
            .map(|(subject, title)| {
                let of_it = placed.iter().filter(|(of, _, _)| *of == subject);
                (title, of_it.map(|(_, _, item)| *item).collect::<Vec<_>>())
            })
            .filter(|(_, items)| !items.is_empty())
            .collect()
    }

    fn place_of(&self, memo: &Memo) -> Option<(usize, usize)> {
        let subjects = || self.subject.iter().enumerate();
        let by_name = subjects().find_map(|(count, subject)| {
            let place = subject.memos.iter().position(|id| *id == memo.id)?;
            Some((count, place))
        });
        by_name.or_else(|| {
            memo.tags.iter().find_map(|tag| {
                let takes = |subject: &Subject| subject.tags.contains(tag);
                let (count, _) = subjects().find(|(_, subject)| takes(subject))?;
                Some((count, usize::MAX))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::knowledge::memo;

    fn memo_of(id: &str, tags: &str) -> Memo {
        let text = format!(
            "+++\ntitle = \"{id}\"\nversion = \"1\"\nreviewed_on = \"2026-11-26\"\nowner = \"x\"\ntags = [{tags}]\n+++\n## x\nx\n"
        );
        memo::load(&format!("memos/{id}.md"), id, &text).unwrap()
    }

    #[test]
    fn memos_stand_by_name_then_by_tag_then_with_the_rest() {
        let plan = "rest = \"Andere\"\n[kinds]\n[search]\nstop_words = \"\"\ndaily_words = \"\"\n\
            [[subject]]\ntitle = \"Leeg\"\nmemos = [\"weg\"]\n\
            [[subject]]\ntitle = \"Net\"\nmemos = [\"vpn\", \"wifi\"]\ntags = [\"netwerk\"]\n";
        let files = Files::from([(PATH.to_owned(), plan.to_owned())]);
        let plan = SitePlan::read(&files).unwrap();
        let memos = [
            memo_of("dns", "\"netwerk\""),
            memo_of("los", "\"iets\""),
            memo_of("vpn", ""),
            memo_of("wifi", "\"iets\""),
        ];
        let groups = plan.group(&memos, |memo| memo);
        let names: Vec<(&str, Vec<&str>)> = groups
            .iter()
            .map(|(title, memos)| (*title, memos.iter().map(|memo| memo.id.as_str()).collect()))
            .collect();
        assert_eq!(
            names,
            [("Net", vec!["vpn", "wifi", "dns"]), ("Andere", vec!["los"])]
        );
        assert!(SitePlan::read(&Files::new()).is_err());
    }
}

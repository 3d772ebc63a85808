//! What one file says of another is there: memos that link to memos, playbooks and duties.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::parts::{MEMOS, Parts, markdown};
use crate::adapters::knowledge::trouble::{Trouble, line_of};
use crate::domain::duty::DutyId;
use crate::domain::triage::category::Category;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// `[text](target)`; `[[contact]]` is something else.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[^\]]\]\(([^)\s]+)\)").ok());

/// Every link that leads nowhere.
pub(super) fn check(files: &Files, parts: &Parts) -> Vec<Trouble> {
    // By their files: a memo that can't be read is there all the same.
    let memos: BTreeSet<&str> = markdown(files, MEMOS).map(|(_, name, _)| name).collect();
    let mut troubles = Vec::new();
    for (path, _, text) in markdown(files, MEMOS) {
        for (count, line) in text.lines().enumerate() {
            for target in targets(line) {
                let elsewhere = target.starts_with("https://") || target.starts_with("http://");
                if !elsewhere && !memos.contains(target) {
                    troubles.push(Trouble::at(
                        path,
                        count + 1,
                        format!("there is no memo \"{target}\"; link to a memo by its file name without ending"),
                    ));
                }
            }
        }
    }
    for memo in &parts.memos {
        let path = format!("{MEMOS}{}.md", memo.id);
        for name in memo
            .playbooks
            .iter()
            .filter(|name| name.parse::<Category>().is_err())
        {
            troubles.push(Trouble::at(
                &path,
                line_of(files, &path, "playbooks ="),
                format!("there is no playbook \"{name}\"; name a category"),
            ));
        }
        let duties = &parts.duties.by_id;
        let is_unknown = |id: &&DutyId| !duties.is_empty() && !duties.contains_key(*id);
        for id in memo.duties.iter().filter(is_unknown) {
            troubles.push(Trouble::at(
                &path,
                line_of(files, &path, "duties ="),
                format!("there is no duty {id}; add it to duties.toml or correct the id"),
            ));
        }
    }
    troubles
}

fn targets(line: &str) -> impl Iterator<Item = &str> {
    let links = LINK.as_ref().map(|link| link.captures_iter(line));
    links
        .into_iter()
        .flatten()
        .filter_map(|found| found.get(1).map(|target| target.as_str()))
}

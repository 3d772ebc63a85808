//! Migrations: `migrations/DATABASE/0001_name.sql`, the same numbers and names for each database.

use super::Finding;
use regex::Regex;
use std::collections::BTreeMap;
use std::path::Path;

/// The files of each database, by the name of its folder.
pub(super) type Migrations = BTreeMap<String, Vec<String>>;

/// Reads the folders; there may be none yet.
pub(super) fn read(dir: &Path) -> Migrations {
    let names = |dir: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(dir).into_iter().flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let folders = names(dir)
        .into_iter()
        .filter(|name| dir.join(name).is_dir());
    folders
        .map(|name| (name.clone(), names(&dir.join(name))))
        .collect()
}

/// Every breach.
pub(super) fn check(migrations: &Migrations) -> Vec<Finding> {
    let name = Regex::new(r"^[0-9]{4}_[a-z0-9_]+\.sql$").unwrap();
    let mut findings = Vec::new();
    for (database, files) in migrations {
        let mut numbers: Vec<&str> = Vec::new();
        for file in files {
            let place = format!("migrations/{database}/{file}");
            let number = file.split('_').next().unwrap_or_default();
            if !name.is_match(file) {
                findings.push(Finding::new(&place, 1, "name it like 0001_first.sql"));
            } else if numbers.contains(&number) {
                findings.push(Finding::new(&place, 1, "its number is taken"));
            }
            numbers.push(number);
            for (other, others) in migrations {
                if !others.contains(file) {
                    findings.push(Finding::new(&place, 1, format!("is missing for {other}")));
                }
            }
        }
    }
    findings
}

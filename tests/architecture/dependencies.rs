//! Every dependency in `Cargo.toml` stands under a comment that says what it is for. One comment may
//! speak for the lines below it, up to the next blank line or section.

use super::Finding;

/// Every breach.
pub(super) fn check(manifest: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut in_dependencies, mut explained, mut open) = (false, false, 0_usize);
    for (index, line) in manifest.lines().enumerate() {
        let trimmed = line.trim();
        if open == 0 && trimmed.starts_with('[') {
            in_dependencies = trimmed.contains("dependencies");
            explained = false;
        } else if trimmed.is_empty() {
            explained = false;
        } else if trimmed.starts_with('#') {
            explained = true;
        } else if in_dependencies && open == 0 && !explained {
            let name = trimmed.split(['=', '.', ' ']).next().unwrap_or_default();
            let rule = format!("say in a comment above what `{name}` is for");
            findings.push(Finding::new("Cargo.toml", index + 1, rule));
        }
        if in_dependencies && !trimmed.starts_with('#') {
            // A list may go over several lines.
            let count = |brackets: [char; 2]| trimmed.matches(brackets).count();
            open = (open + count(['[', '{'])).saturating_sub(count([']', '}']));
        }
    }
    findings
}

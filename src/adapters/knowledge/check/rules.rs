//! Rules of playbooks that can never count: severity rules that never decide, conditions that never hold. Whoever wrote
//! one believes that it works. That a rule changes nothing, because its level is the default, isn't said here.

use crate::adapters::knowledge::files::Files;
use crate::adapters::knowledge::front_matter::{self, line_at};
use crate::adapters::knowledge::parts::{PLAYBOOKS, markdown};
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::triage::category::Severity;
use crate::domain::triage::condition::Condition;
use crate::domain::triage::reachable::{Clash, Idle, Why, contradiction, idle_rules};
use crate::domain::triage::severity::SeverityRule;
use serde::Deserialize;
use toml::Spanned;

/// The conditions of a playbook, with their places.
#[derive(Deserialize)]
struct Front {
    severity: PlacedRules,
    #[serde(default)]
    duties: Vec<PlacedDuty>,
}

#[derive(Deserialize)]
struct PlacedRules {
    #[serde(default)]
    rules: Vec<PlacedRule>,
}

#[derive(Deserialize)]
struct PlacedRule {
    level: Severity,
    when: Spanned<Condition>,
}

#[derive(Deserialize)]
struct PlacedDuty {
    id: String,
    #[serde(default)]
    when: Option<Spanned<Condition>>,
}

/// Every condition that can never count. What can't be read is told elsewhere.
pub(super) fn check(files: &Files) -> Vec<Trouble> {
    markdown(files, PLAYBOOKS)
        .flat_map(|(path, _, text)| of_playbook(path, text))
        .collect()
}

fn of_playbook(path: &str, text: &str) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let Ok(parts) = front_matter::split(path, text) else {
        return troubles;
    };
    if let Ok(front) = toml::from_str::<Front>(parts.front) {
        // The front begins on the second line.
        let line_of = |when: &Spanned<Condition>| line_at(parts.front, when.span().start) + 1;
        let placed = front.severity.rules.into_iter();
        let (lines, rules): (Vec<usize>, Vec<SeverityRule>) = placed
            .map(|rule| (line_of(&rule.when), as_read(rule)))
            .unzip();
        for idle in idle_rules(&rules) {
            let line = lines.get(idle.place).copied().unwrap_or(1);
            troubles.push(Trouble::at(path, line, of_rule(&idle)));
        }
        for duty in &front.duties {
            let Some(when) = &duty.when else { continue };
            if let Some(clashes) = contradiction(when.as_ref()) {
                let what = format!(
                    "the condition \"{}\" of the duty {}",
                    when.as_ref(),
                    duty.id
                );
                troubles.push(Trouble::at(path, line_of(when), never(&what, &clashes)));
            }
        }
    }
    for (line, number) in parts.body.lines().zip(parts.body_line..) {
        if let Some(when) = condition_of(line)
            && let Some(clashes) = contradiction(&when)
        {
            let what = format!("the condition \"{when}\" of this line");
            troubles.push(Trouble::at(path, number, never(&what, &clashes)));
        }
    }
    troubles
}

fn as_read(placed: PlacedRule) -> SeverityRule {
    SeverityRule {
        level: placed.level,
        when: placed.when.into_inner(),
    }
}

/// The condition at the beginning of a list item, as playbooks are read.
fn condition_of(line: &str) -> Option<Condition> {
    let item = line.strip_prefix("- ")?.trim().strip_prefix("{if ")?;
    let (condition, _) = item.split_once('}')?;
    Condition::parse(condition).ok()
}

fn of_rule(idle: &Idle<'_>) -> String {
    let name = format!("the severity rule {}", named(idle.rule));
    match &idle.why {
        Why::Contradiction(clashes) => never(&name, clashes),
        Why::Covered(above) => {
            let names: Vec<String> = above.iter().map(|rule| named(rule)).collect();
            let first = match names.as_slice() {
                [one] => format!("the rule {one} above it holds first"),
                several => format!(
                    "one of the rules {} above it always holds first",
                    several.join(" and ")
                ),
            };
            // Higher up it would decide the same.
            let is_alike = above.iter().all(|rule| rule.level == idle.rule.level);
            let remedy = if is_alike {
                "remove it, or correct one of them"
            } else {
                "remove it or move it up"
            };
            format!("{name} can never decide: {first}; {remedy}")
        }
    }
}

fn named(rule: &SeverityRule) -> String {
    format!("\"{}\" ({})", rule.when, rule.level)
}

fn never(what: &str, clashes: &[Clash]) -> String {
    let clashes: Vec<String> = clashes.iter().map(Clash::to_string).collect();
    let clashes = clashes.join(", and ");
    format!("{what} can never hold: {clashes}; correct it or remove it")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAYBOOK: &str = r#"+++
duties = [
  { id = "D1" },
  { id = "D2", when = "paid" },
  { id = "D3", when = "paid and unknown paid" },
]
[severity]
default = "medium"
[[severity.rules]]
level = "critical"
when = "danger or paid"
[[severity.rules]]
level = "high"
when = "paid"
[[severity.rules]]
level = "critical"
when = "paid"
[[severity.rules]]
level = "high"
when = "ongoing"
[[severity.rules]]
level = "low"
when = "danger and clicked or ongoing and clicked"
[[severity.rules]]
level = "high"
when = "clicked and not clicked or amount < 0"
+++
# nl
## Nu doen
- Bel ons.
- {if ongoing} Bel ons nu.
- {if contained and unless contained} Bel ons
  morgen.
"#;

    #[test]
    fn each_condition_that_never_counts_is_told_at_its_own_line() {
        let told = of_playbook("playbooks/ddos.md", PLAYBOOK);
        let told: Vec<String> = told.iter().map(Trouble::to_string).collect();
        let expected = [
            r#"14: the severity rule "paid" (high) can never decide: the rule "danger or paid" (critical) above it holds first; remove it or move it up"#,
            r#"17: the severity rule "paid" (critical) can never decide: the rule "danger or paid" (critical) above it holds first; remove it, or correct one of them"#,
            r#"23: the severity rule "danger and clicked or ongoing and clicked" (low) can never decide: one of the rules "danger or paid" (critical) and "ongoing" (high) above it always holds first; remove it or move it up"#,
            r#"26: the severity rule "clicked and not clicked or amount < 0" (high) can never hold: "clicked" and "not clicked" exclude each other, and "amount < 0" holds for no number; correct it or remove it"#,
            r#"5: the condition "paid and unknown paid" of the duty D3 can never hold: "paid" and "unknown paid" exclude each other; correct it or remove it"#,
            r#"32: the condition "contained and unless contained" of this line can never hold: "contained" and "unless contained" exclude each other; correct it or remove it"#,
        ];
        let expected = expected.map(|one| format!("playbooks/ddos.md:{one}"));
        assert_eq!(told, expected);
    }

    #[test]
    fn what_cannot_be_read_hides_nothing_else() {
        let broken = PLAYBOOK.replace("default = \"medium\"", "default = medium");
        assert_eq!(of_playbook("playbooks/ddos.md", &broken).len(), 1);
        assert_eq!(of_playbook("playbooks/ddos.md", "# nl"), Vec::new());
    }
}

//! How bad it is and whether somebody must be woken: rules of the playbook over facts.

use crate::domain::triage::category::Severity;
use crate::domain::triage::condition::Condition;
use crate::domain::triage::facts::{FactKey, Facts};
use serde::{Deserialize, Serialize};

/// The rules of one category: the first that holds decides, else the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityRules {
    /// The level where no rule holds.
    pub default: Severity,
    /// The rules, worst first.
    pub rules: Vec<SeverityRule>,
}

/// One rule: at this level when the condition holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityRule {
    /// The level.
    pub level: Severity,
    /// When.
    pub when: Condition,
}

impl SeverityRules {
    /// The level for these facts.
    pub fn level(&self, facts: &Facts) -> Severity {
        self.rules
            .iter()
            .find(|rule| rule.when.holds(facts))
            .map_or(self.default, |rule| rule.level)
    }
}

/// Must a human be woken? Critical always; high unless it is stated to be over or contained. What is
/// stated to go on is not contained, whatever was said before.
pub fn must_page(severity: Severity, facts: &Facts) -> bool {
    match severity {
        Severity::Critical => true,
        Severity::High => {
            let ongoing = facts.get(FactKey::Ongoing);
            ongoing.holds() || !ongoing.is_denied() && !facts.get(FactKey::Contained).holds()
        }
        Severity::Medium | Severity::Low => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::triage::facts::FactValue;

    #[test]
    fn high_pages_unless_stated_to_be_over() {
        let mut facts = Facts::default();
        assert!(must_page(Severity::High, &facts));
        facts.state(FactKey::Ongoing, FactValue::Unknown, "");
        assert!(must_page(Severity::High, &facts));
        facts.state(FactKey::Contained, FactValue::Yes, "account geblokkeerd");
        assert!(!must_page(Severity::High, &facts));
        assert!(must_page(Severity::Critical, &facts));
        facts.state(FactKey::Ongoing, FactValue::Yes, "er gaan nog mails weg");
        assert!(
            must_page(Severity::High, &facts),
            "what goes on is not contained"
        );
        assert!(!must_page(Severity::Medium, &Facts::default()));
    }
}

//! What is known about an incident: a closed list of facts, each with the words that say so.
//!
//! Reading facts out of text happens in `triage::assess`; here they are only held and joined.

use crate::domain::triage::category::UnknownWord;
use crate::domain::triage::category::closed_list;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

closed_list! {
    /// The facts that triage asks after.
    FactKey {
        /// Somebody followed a link.
        Clicked = "clicked",
        /// Somebody opened an attachment or ran something.
        OpenedAttachment = "opened_attachment",
        /// A password or code was typed or told.
        EnteredCredentials = "entered_credentials",
        /// A second-factor request was approved.
        ApprovedMfa = "approved_mfa",
        /// Money left.
        Paid = "paid",
        /// How much money, in euro.
        Amount = "amount",
        /// It is still going on.
        Ongoing = "ongoing",
        /// It was stopped or isolated.
        Contained = "contained",
        /// Personal data are involved.
        PersonalData = "personal_data",
        /// Sensitive personal data: health, social file, national number, minors, criminal.
        SensitiveData = "sensitive_data",
        /// How many people's data.
        PeopleAffected = "people_affected",
        /// How many devices.
        DevicesAffected = "devices_affected",
        /// Servers are hit: yes, no, or how many.
        ServersAffected = "servers_affected",
        /// Services to citizens or staff are down.
        ServicesDown = "services_down",
        /// The attacker has administrator rights.
        AdminRights = "admin_rights",
        /// A supplier or a linked network is involved.
        SupplierInvolved = "supplier_involved",
        /// The back-ups were reached.
        BackupsReached = "backups_reached",
        /// The lost device is encrypted.
        EncryptedDevice = "encrypted_device",
        /// Life or safety is in danger: a bomb threat, an emergency line or care equipment that fails.
        Danger = "danger",
        /// It moves from one device or system to the next.
        Spreading = "spreading",
        /// The cause is known and no attack: power, a cable, a failed update.
        CauseKnown = "cause_known",
    }
}

impl FactKey {
    /// Does it make an incident another one where it is so?
    pub fn tells_of_danger(self) -> bool {
        matches!(
            self,
            Self::Ongoing
                | Self::Spreading
                | Self::Danger
                | Self::ServersAffected
                | Self::ServicesDown
                | Self::BackupsReached
                | Self::AdminRights
                | Self::EnteredCredentials
                | Self::ApprovedMfa
                | Self::Paid
        )
    }

    /// Is it what somebody did?
    pub(crate) fn is_a_deed(self) -> bool {
        matches!(
            self,
            Self::Clicked
                | Self::OpenedAttachment
                | Self::EnteredCredentials
                | Self::ApprovedMfa
                | Self::Paid
        )
    }
}

/// The value of a fact. In JSON: `"yes"`, `"no"`, `"unknown"` or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "RawFactValue", try_from = "RawFactValue")]
pub enum FactValue {
    /// Stated to be so.
    Yes,
    /// Stated not to be so.
    No,
    /// Not stated, or in doubt.
    #[default]
    Unknown,
    /// A number: euro, people, devices.
    Number(u64),
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum RawFactValue {
    Number(u64),
    Word(String),
}

impl From<FactValue> for RawFactValue {
    fn from(value: FactValue) -> Self {
        match value {
            FactValue::Yes => Self::Word("yes".to_owned()),
            FactValue::No => Self::Word("no".to_owned()),
            FactValue::Unknown => Self::Word("unknown".to_owned()),
            FactValue::Number(number) => Self::Number(number),
        }
    }
}

impl TryFrom<RawFactValue> for FactValue {
    type Error = UnknownWord;

    fn try_from(raw: RawFactValue) -> Result<Self, UnknownWord> {
        match raw {
            RawFactValue::Number(number) => Ok(Self::Number(number)),
            RawFactValue::Word(word) => match word.as_str() {
                "yes" => Ok(Self::Yes),
                "no" => Ok(Self::No),
                "unknown" => Ok(Self::Unknown),
                _ => Err(UnknownWord),
            },
        }
    }
}

impl FactValue {
    /// Yes, or a number above zero.
    pub fn holds(self) -> bool {
        matches!(self, Self::Yes) || matches!(self, Self::Number(number) if number > 0)
    }

    /// No, or zero.
    pub fn is_denied(self) -> bool {
        matches!(self, Self::No | Self::Number(0))
    }

    /// Nothing is known.
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Does another value say the same? A number says yes too, and none of a number is a no.
    pub fn says_the_same(self, other: Self) -> bool {
        let are_counted = self.number().is_some() && other.number().is_some();
        self == other
            || !are_counted && self.holds() && other.holds()
            || self.is_denied() && other.is_denied()
    }

    /// The number, where there is one.
    pub fn number(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }
}

/// A fact with the words that say so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What is known.
    pub value: FactValue,
    /// The reporter's words behind it. Confidential.
    pub because: String,
}

/// All that is known. A fact that is missing is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<FactKey, Fact>);

impl Facts {
    /// Nothing is known.
    pub const NONE: Self = Self(BTreeMap::new());

    /// What is known of one fact.
    pub fn get(&self, key: FactKey) -> FactValue {
        self.0
            .get(&key)
            .map_or(FactValue::Unknown, |fact| fact.value)
    }

    /// States a fact. A later statement replaces an earlier one.
    pub fn state(&mut self, key: FactKey, value: FactValue, because: impl Into<String>) {
        self.0.insert(
            key,
            Fact {
                value,
                because: because.into(),
            },
        );
    }

    /// The facts that were stated, in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = (FactKey, &Fact)> {
        self.0.iter().map(|(key, fact)| (*key, fact))
    }

    /// Do they tell of danger that wasn't known before: access given away, money gone, systems hit, still going on?
    pub fn tell_of_danger_beyond(&self, known: &Self) -> bool {
        self.iter().any(|(key, fact)| {
            key.tells_of_danger() && fact.value.holds() && !known.get(key).holds()
        })
    }

    /// What was said to be over or contained is open again: something worse was told since.
    pub fn reopen(&mut self) {
        if self.get(FactKey::Ongoing).is_denied() {
            self.0.remove(&FactKey::Ongoing);
        }
        if self.get(FactKey::Contained).holds() {
            self.0.remove(&FactKey::Contained);
        }
    }

    /// The same for what was known before and this message doesn't state itself.
    pub fn reopen_unless(&mut self, stated: &Self) {
        let says = |key| !stated.get(key).is_unknown();
        if !says(FactKey::Ongoing) && !says(FactKey::Contained) {
            self.reopen();
        }
    }

    /// Takes over what a later message states; what it leaves unknown stays as it was.
    pub fn merge(&mut self, later: &Self) {
        for (key, fact) in &later.0 {
            if !fact.value.is_unknown() {
                self.0.insert(*key, fact.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_answer_replaces_and_silence_keeps() {
        let mut facts = Facts::default();
        facts.state(FactKey::Clicked, FactValue::Yes, "geklikt");
        let mut later = Facts::default();
        later.state(FactKey::Clicked, FactValue::Unknown, "");
        later.state(
            FactKey::PeopleAffected,
            FactValue::Number(120),
            "120 burgers",
        );
        facts.merge(&later);
        assert_eq!(facts.get(FactKey::Clicked), FactValue::Yes);
        assert_eq!(facts.get(FactKey::PeopleAffected).number(), Some(120));
        assert!(facts.get(FactKey::Paid).is_unknown());
    }

    #[test]
    fn a_number_says_yes_too_and_numbers_must_agree() {
        let number = FactValue::Number;
        for (one, other, same) in [
            (FactValue::Yes, number(3), true),
            (number(3), number(3), true),
            (number(3), number(4), false),
            (number(0), FactValue::No, true),
            (FactValue::Unknown, FactValue::No, false),
            (FactValue::Yes, FactValue::No, false),
        ] {
            assert_eq!(one.says_the_same(other), same, "{one:?} {other:?}");
            assert_eq!(other.says_the_same(one), same, "{other:?} {one:?}");
        }
    }

    #[test]
    fn values_read_and_write_as_the_contract_says() {
        let json = |value: FactValue| serde_json::to_string(&value).unwrap();
        assert_eq!(json(FactValue::Yes), "\"yes\"");
        assert_eq!(json(FactValue::Number(3)), "3");
        assert_eq!(
            serde_json::from_str::<FactValue>("\"unknown\"").unwrap(),
            FactValue::Unknown
        );
        assert!(serde_json::from_str::<FactValue>("\"perhaps\"").is_err());
    }
}

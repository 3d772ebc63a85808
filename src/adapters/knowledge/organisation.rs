//! The organisation's own words: what the templates say about the team behind the bot.

use crate::domain::guidance::playbook::Wording;
use serde::Serialize;

/// What the team is called and how it is reached. Empty means: not there, and the texts leave it out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct OrganisationWords {
    /// The team's name with its article, as it stands in a sentence: "het Cyber Response Team".
    pub team: Wording,
    /// The team's mail address.
    pub address: String,
    /// The team's phone number.
    pub phone: String,
    /// The room for officials on Matrix, as people know it.
    pub chat: String,
    /// When people read the mail, as it stands in a sentence: "op werkdagen tussen 9 en 17 uur".
    pub office_hours: Wording,
}

impl OrganisationWords {
    /// The contacts that come from the configuration, by id.
    pub fn contacts(&self) -> Vec<(&'static str, Wording)> {
        let mut contacts = vec![("crt-phone", self.phone_line())];
        if !self.address.is_empty() {
            contacts.push(("crt-mail", same(&self.address)));
        }
        if !self.team.nl.is_empty() {
            contacts.push(("crt", self.team.clone()));
        }
        contacts
    }

    /// Our number as it stands behind "bel"; without one, words that still read well.
    fn phone_line(&self) -> Wording {
        if self.phone.is_empty() {
            return Wording {
                nl: "ons team op het nummer dat u van ons kent".to_owned(),
                fr: "notre équipe au numéro que vous connaissez".to_owned(),
                en: "our team on the number you know".to_owned(),
            };
        }
        let phone = &self.phone;
        Wording {
            nl: format!("ons team ({phone})"),
            fr: format!("notre équipe ({phone})"),
            en: format!("our team ({phone})"),
        }
    }
}

fn same(text: &str) -> Wording {
    Wording {
        nl: text.to_owned(),
        fr: text.to_owned(),
        en: text.to_owned(),
    }
}

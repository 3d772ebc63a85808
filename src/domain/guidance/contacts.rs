//! Telephone numbers and addresses that texts refer to by name, never by number.

use crate::domain::guidance::playbook::Wording;
use crate::domain::triage::language::Language;
use std::collections::BTreeMap;

/// The longest name of a contact, in bytes.
pub const LONGEST_NAME: usize = 100;

/// One contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The name that texts use, for example `card-stop`.
    pub id: String,
    /// How it is written in a sentence, with its number or address.
    pub text: Wording,
    /// The day somebody checked it, as `2026-11-01`.
    pub checked_on: String,
}

/// All contacts by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contacts(pub BTreeMap<String, Contact>);

/// A text names a contact that doesn't exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no contact \"{0}\" in contacts.toml")]
pub struct UnknownContact(pub String);

impl Contacts {
    /// Puts the contacts into a text: `[[card-stop]]` becomes its name and number.
    pub fn fill(&self, text: &str, language: Language) -> Result<String, UnknownContact> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("[[") {
            filled.push_str(before);
            let Some((name, after)) = name_at_start(behind) else {
                filled.push_str("[[");
                rest = behind;
                continue;
            };
            let contact = self
                .0
                .get(name)
                .ok_or_else(|| UnknownContact(name.to_owned()))?;
            filled.push_str(contact.text.in_language(language));
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// The name that stands behind `[[`, and what follows its `]]`: `card-stop]] bellen`. A name is short and stands on one line:
/// a text full of `[[` isn't searched to its end for each.
pub fn name_at_start(behind: &str) -> Option<(&str, &str)> {
    let near = behind.get(..behind.floor_char_boundary(LONGEST_NAME + 2))?;
    let (name, _) = near.split_once("]]")?;
    let after = behind.get(name.len() + 2..)?;
    (!name.contains('\n')).then_some((name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_gets_its_numbers_from_the_contacts() {
        let mut contacts = Contacts::default();
        contacts.0.insert(
            "card-stop".to_owned(),
            Contact {
                id: "card-stop".to_owned(),
                text: Wording {
                    nl: "Card Stop (070)".into(),
                    fr: "F".into(),
                    en: "E".into(),
                },
                checked_on: "2026-11-01".to_owned(),
            },
        );
        let fill = |text: &str| contacts.fill(text, Language::Nl);
        assert_eq!(
            fill("Bel [[card-stop]] nu."),
            Ok("Bel Card Stop (070) nu.".to_owned())
        );
        assert_eq!(fill("geen [[ haak"), Ok("geen [[ haak".to_owned()));
        assert_eq!(
            fill("[[niemand]]"),
            Err(UnknownContact("niemand".to_owned()))
        );
    }

    #[test]
    fn a_name_is_short_and_on_one_line() {
        assert_eq!(name_at_start("a]] b"), Some(("a", " b")));
        let longest = "a".repeat(LONGEST_NAME);
        assert_eq!(
            name_at_start(&format!("{longest}]]")),
            Some((longest.as_str(), ""))
        );
        assert_eq!(name_at_start(&format!("a{longest}]]")), None);
        for none in ["a\nb]]", "a", "", "a]", &"é".repeat(LONGEST_NAME)] {
            assert_eq!(name_at_start(none), None, "{none}");
        }
        let many = "[[police ".repeat(100_000);
        let contacts = Contacts::default();
        assert_eq!(contacts.fill(&many, Language::Nl), Ok(many.clone()));
    }
}

//! `!category SLUG`: what it is, as a human says: one of the 17 categories of triage.

use crate::domain::command::argument::words;
use crate::domain::command::list::{Command, CommandName};
use crate::domain::command::nearest::nearest_word;
use crate::domain::command::spec::{Correction, Extent, Mistake, Phrase, Place, Role, Spec};
use crate::domain::text::fold::fold;
use crate::domain::triage::category::Category;

pub(super) const SPEC: Spec = Spec {
    name: CommandName::Category,
    names: Phrase {
        nl: "categorie",
        fr: "catégorie",
        en: "category",
    },
    arguments: Phrase {
        nl: "CATEGORIE",
        fr: "CATÉGORIE",
        en: "CATEGORY",
    },
    places: &[Place::OncallThread, Place::TicketRoom],
    role: Role::Expert,
    extent: Extent::Line,
    correction: Correction::Runs,
    does: Phrase {
        nl: "legt vast welke van de 17 categorieën het is",
        fr: "fixe la catégorie, une des 17",
        en: "records which of the 17 categories it is",
    },
    afterwards: Phrase {
        nl: "De kaart van het dossier toont het. Wat de melder al kreeg, verandert niet. De categorieën: \
             phishing, account-compromise, payment-fraud, ransomware, malware, data-breach, lost-device, \
             ddos, defacement, intrusion, vulnerability, supplier-incident, outage, impersonation, \
             extortion, insider-misuse, other.",
        fr: "La fiche du dossier l'affiche. Ce que l'auteur du signalement a déjà reçu ne change pas. Les \
             catégories : phishing, account-compromise, payment-fraud, ransomware, malware, data-breach, \
             lost-device, ddos, defacement, intrusion, vulnerability, supplier-incident, outage, \
             impersonation, extortion, insider-misuse, other.",
        en: "The card of the ticket shows it. What the reporter already got doesn't change. The categories: \
             phishing, account-compromise, payment-fraud, ransomware, malware, data-breach, lost-device, \
             ddos, defacement, intrusion, vulnerability, supplier-incident, outage, impersonation, \
             extortion, insider-misuse, other.",
    },
    example: Phrase::same("!category ransomware"),
    parse,
};

const ONE_CATEGORY: Phrase = Phrase {
    nl: "Noem na !category één van de 17 categorieën; !help category toont ze.",
    fr: "Nommez après !category une des 17 catégories ; !help category les montre.",
    en: "Name one of the 17 categories after !category; !help category shows them.",
};

fn parse(argument: &str) -> Result<Command, Mistake> {
    let written = words(argument).join(" ");
    // Folded, a blank and a hyphen are the same.
    let folded = fold(&written.replace('_', " "));
    let is_it = |category: &&Category| fold(category.as_str()) == folded;
    if let Some(category) = Category::ALL.iter().find(is_it) {
        return Ok(Command::Category(*category));
    }
    let slugs: Vec<&'static str> = Category::ALL.iter().map(|item| item.as_str()).collect();
    Err(Mistake {
        needs: ONE_CATEGORY,
        nearest: nearest_word(&folded, &slugs),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_is_known_however_its_words_are_joined() {
        for category in Category::ALL {
            let slug = category.as_str();
            for argument in [
                format!(" {slug}"),
                format!(" “{}”.", slug.to_uppercase()),
                format!(" {}", slug.replace('-', " ")),
                format!("\u{a0}{}", slug.replace('-', "_")),
                format!(" {}", slug.replace('-', "\u{2011}")),
            ] {
                assert_eq!(
                    parse(&argument),
                    Ok(Command::Category(*category)),
                    "{argument}"
                );
            }
            for text in SPEC.afterwards.all() {
                assert!(text.contains(slug), "the help names {slug}");
            }
        }
    }

    #[test]
    fn an_unknown_category_gets_the_nearest_one() {
        for (argument, nearest) in [
            (" phising", Some("phishing")),
            (" ransom", Some("ransomware")),
            (" acount compromise", Some("account-compromise")),
            (" storing", None),
            ("", None),
        ] {
            let needs = ONE_CATEGORY;
            assert_eq!(
                parse(argument),
                Err(Mistake { needs, nearest }),
                "{argument:?}"
            );
        }
    }
}

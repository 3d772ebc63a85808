//! The words of the list of constituents as people write them: Dutch, French and English, singular, with or without
//! a year behind them. A word that is on no list is an error; it is never taken for another.

use crate::domain::intake::listing::{BodyKind, DomainStatus};

/// What a body is called, beside the word of [`BodyKind`].
const KINDS: &[(BodyKind, &[&str])] = &[
    (
        BodyKind::Municipality,
        &[
            "stad",
            "district",
            "commune",
            "ville",
            "municipality",
            "city",
        ],
    ),
    (
        BodyKind::SocialWelfare,
        &["sociaal huis", "cpas", "social welfare"],
    ),
    (
        BodyKind::MunicipalCompany,
        &[
            "autonoom gemeentebedrijf",
            "rca",
            "régie communale autonome",
            "municipal company",
        ],
    ),
    (BodyKind::Province, &["province"]),
    (
        BodyKind::ProvincialCompany,
        &[
            "autonoom provinciebedrijf",
            "régie provinciale autonome",
            "provincial company",
        ],
    ),
    (
        BodyKind::PoliceZone,
        &[
            "pz",
            "politie",
            "lokale politie",
            "zone de police",
            "police",
            "police zone",
        ],
    ),
    (
        BodyKind::RescueZone,
        &[
            "hvz",
            "brandweerzone",
            "brandweer",
            "zone de secours",
            "fire zone",
            "rescue zone",
        ],
    ),
    (
        BodyKind::Intercommunal,
        &[
            "igs",
            "intergemeentelijk samenwerkingsverband",
            "samenwerkingsverband",
            "intercommunal",
        ],
    ),
    (
        BodyKind::ProjectAssociation,
        &["association de projet", "project association"],
    ),
    (
        BodyKind::ServiceAssociation,
        &["association prestataire de services", "service association"],
    ),
    (
        BodyKind::TaskAssociation,
        &["association chargée de mission", "task association"],
    ),
    (
        BodyKind::WelfareAssociation,
        &[
            "zorgbedrijf",
            "association d'aide sociale",
            "welfare association",
        ],
    ),
    (BodyKind::Other, &["", "ander", "autre", "other"]),
];

/// What a status is called, beside the word of [`DomainStatus`].
const STATUSES: &[(DomainStatus, &[&str])] = &[
    (DomainStatus::Active, &["", "actief", "actif", "active"]),
    (
        DomainStatus::Merged,
        &[
            "gefuseerd",
            "opgegaan",
            "fusionné",
            "fusionnée",
            "old",
            "oud",
            "ancien",
        ],
    ),
    (
        DomainStatus::Inactive,
        &[
            "inactief",
            "niet actief",
            "opgeheven",
            "inactif",
            "supprimé",
            "abolished",
        ],
    ),
];

/// The kind of body that is meant; nothing is written for [`BodyKind::Other`].
pub(super) fn body_kind(written: &str) -> Result<BodyKind, String> {
    let word = plain(written);
    let all = BodyKind::ALL.iter();
    let named = all.copied().find(|kind| plain(kind.as_str()) == word);
    named.or_else(|| meant(KINDS, &word)).ok_or_else(|| {
        let all: Vec<&str> = BodyKind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!(
            "the kind \"{written}\" is unknown; write {}",
            all.join(", ")
        )
    })
}

/// The status that is meant; nothing is written for [`DomainStatus::Active`].
pub(super) fn domain_status(written: &str) -> Result<DomainStatus, String> {
    let word = plain(written);
    let known = |word: &str| {
        let all = DomainStatus::ALL.iter();
        let named = all.copied().find(|status| status.as_str() == word);
        named.or_else(|| meant(STATUSES, word))
    };
    // `merged_2025`. Nobody means "still active" by a year.
    let since = || known(without_year(&word)?).filter(|status| *status != DomainStatus::Active);
    known(&word).or_else(since).ok_or_else(|| {
        format!(
            "the status \"{written}\" is unknown; write active (actief, actif), merged (gefuseerd, fusionné) or inactive (inactief, inactif)"
        )
    })
}

fn meant<T: Copy>(words: &[(T, &[&str])], word: &str) -> Option<T> {
    let found = words.iter().find(|(_, names)| names.contains(&word));
    found.map(|(value, _)| *value)
}

/// What stands before a year at the end.
fn without_year(word: &str) -> Option<&str> {
    let (before, year) = word.rsplit_once(' ')?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    is_year.then_some(before)
}

/// Lower case, blanks for hyphens and underscores.
fn plain(written: &str) -> String {
    let blank = |c: char| if matches!(c, '_' | '-' | '/') { ' ' } else { c };
    let words: String = written.to_lowercase().chars().map(blank).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        // A dash alone says something, and nobody knows what.
        written.to_owned()
    } else {
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_three_languages() {
        for (written, kind) in [
            ("Gemeente", BodyKind::Municipality),
            ("stad", BodyKind::Municipality),
            ("CPAS", BodyKind::SocialWelfare),
            ("opdrachthoudende_vereniging", BodyKind::TaskAssociation),
            ("Dienstverlenende vereniging", BodyKind::ServiceAssociation),
            ("zone de police", BodyKind::PoliceZone),
            ("", BodyKind::Other),
        ] {
            assert_eq!(body_kind(written), Ok(kind), "{written}");
        }
        for (written, status) in [
            ("", DomainStatus::Active),
            ("ACTIEF", DomainStatus::Active),
            ("actif", DomainStatus::Active),
            ("merged_2025", DomainStatus::Merged),
            ("Gefuseerd", DomainStatus::Merged),
            ("niet-actief", DomainStatus::Inactive),
            ("opgeheven_2025", DomainStatus::Inactive),
        ] {
            assert_eq!(domain_status(written), Ok(status), "{written}");
        }
    }

    #[test]
    fn no_other_word_is_guessed() {
        for written in [
            "x",
            "gemeenten",
            "2025x",
            "active_0",
            "actief2",
            "active_2019",
            "2025",
            "-",
            "activ",
            "non actif!",
        ] {
            assert!(body_kind(written).is_err(), "{written}");
            assert!(domain_status(written).is_err(), "{written}");
        }
    }

    #[test]
    fn no_word_means_two_things() {
        let kinds = KINDS.iter().flat_map(|(_, words)| words.iter());
        let own: Vec<String> = BodyKind::ALL
            .iter()
            .map(|kind| plain(kind.as_str()))
            .collect();
        let mut seen: Vec<&str> = own.iter().map(String::as_str).collect();
        for word in kinds {
            assert!(!seen.contains(word) && plain(word) == *word, "{word}");
            seen.push(word);
        }
    }
}

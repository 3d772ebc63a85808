//! A sender whose domain is nobody's but looks like that of a constituent: shown to humans, never told to him.
//!
//! Decides nothing else: such a sender is unknown like any other. A listed domain is never a likeness of
//! another one. What makes two names alike stands in `intake::skeleton`.

use crate::domain::address::EmailAddress;
use crate::domain::intake::sender::{Constituent, Constituents};
use crate::domain::intake::skeleton::{Skeleton, one_slip_apart, readable};
use crate::domain::triage::category::closed_list;

/// Shortest name of which one letter more, less or other still means that name. Most shorter words have a
/// neighbour that is a word too.
const SHORTEST_FOR_A_SLIP: usize = 6;
/// Shortest name that counts beside any other word.
const SHORTEST_BESIDE_ANY_WORD: usize = 6;
/// Shortest name that counts at all.
const SHORTEST: usize = 4;

/// Words that a local government, or who poses as one, puts before or behind its name.
const OFFICIAL: &[&str] = &[
    "administratie",
    "administration",
    "agb",
    "bestuur",
    "brandweer",
    "bibliotheek",
    "burgemeester",
    "commune",
    "cpas",
    "dienst",
    "district",
    "gem",
    "gemeente",
    "gemeentebestuur",
    "helpdesk",
    "hvz",
    "ict",
    "igs",
    "info",
    "intercommunale",
    "intranet",
    "it",
    "login",
    "loket",
    "mail",
    "mijn",
    "mijnloket",
    "my",
    "ocmw",
    "office",
    "online",
    "politie",
    "politiezone",
    "portaal",
    "portal",
    "provincie",
    "pz",
    "secure",
    "service",
    "sociaalhuis",
    "stad",
    "stadsbestuur",
    "support",
    "ville",
    "webmail",
    "welzijn",
    "zone",
    "zorgbedrijf",
];

closed_list! {
    /// Why a domain looks like another.
    Likeness {
        /// The whole name stands in front of another domain: `hackegem.example.evil.example`.
        InFront = "in-front",
        /// Letters that look alike: `hackegern`, `hackeg3m` with a letter of another alphabet.
        Confusable = "confusable",
        /// The same name with another ending.
        OtherEnding = "other-ending",
        /// A hyphen more or less.
        Hyphen = "hyphen",
        /// One letter more, less or other, or two swapped.
        OneSlip = "one-slip",
        /// The name with a word beside it: `gemeente-hackegem`.
        AddedWord = "added-word",
    }
}

/// A constituent that a sender's domain looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookAlike<'a> {
    /// The constituent.
    pub of: &'a Constituent,
    /// Why.
    pub because: Likeness,
}

/// The constituent that this sender's domain looks like; nothing for a listed sender. The nearest likeness
/// wins. The time is that of one pass over the list.
pub fn look_alike<'a>(
    address: &EmailAddress,
    constituents: &'a Constituents,
) -> Option<LookAlike<'a>> {
    if constituents.find(address).is_some() {
        return None;
    }
    let seen = Name::of(address.domain())?;
    let likenesses = constituents.0.iter().filter_map(|of| {
        let because = seen.likeness_to(&Name::of(&of.domain)?, &of.domain)?;
        Some(LookAlike { of, because })
    });
    likenesses.min_by_key(|found| found.because)
}

/// A domain, ready to be compared.
struct Name {
    /// All of it, as a reader sees it.
    whole: String,
    /// The label that was registered, as a reader sees it.
    label: String,
    /// The domain that was registered.
    registered: String,
    skeleton: Skeleton,
}

impl Name {
    fn of(domain: &str) -> Option<Self> {
        let registered = psl::domain_str(domain)?;
        let (label, _) = registered.split_once('.')?;
        let label = readable(label);
        Some(Self {
            whole: domain.to_lowercase(),
            skeleton: Skeleton::of(&label),
            label,
            registered: registered.to_lowercase(),
        })
    }

    fn likeness_to(&self, listed: &Self, listed_domain: &str) -> Option<Likeness> {
        if self.registered == listed.registered || listed.skeleton.letters() < SHORTEST {
            return None;
        }
        let (seen, other) = (&self.skeleton, &listed.skeleton);
        let in_front = format!(".{}.", listed_domain.to_lowercase());
        if format!(".{}", self.whole).contains(&in_front) {
            Some(Likeness::InFront)
        } else if self.label == listed.label {
            (!OFFICIAL.contains(&self.label.as_str())).then_some(Likeness::OtherEnding)
        } else if seen == other {
            Some(Likeness::Confusable)
        } else if seen.without_hyphens() == other.without_hyphens() {
            Some(Likeness::Hyphen)
        } else if other.letters() >= SHORTEST_FOR_A_SLIP && one_slip_apart(seen, other) {
            Some(Likeness::OneSlip)
        } else {
            has_a_word_beside(seen.as_str(), other.as_str()).then_some(Likeness::AddedWord)
        }
    }
}

/// Is `name` in `seen` with nothing but words beside it? Behind a hyphen any word counts, for names that
/// are long enough; otherwise only words that a local government would use.
fn has_a_word_beside(seen: &str, name: &str) -> bool {
    let rests = [
        seen.strip_prefix(name)
            .map(|rest| (rest, rest.starts_with('-'))),
        seen.strip_suffix(name)
            .map(|rest| (rest, rest.ends_with('-'))),
    ];
    rests.into_iter().flatten().any(|(rest, apart)| {
        let words = rest.trim_matches('-');
        let official = || {
            words.split('-').all(|word| {
                OFFICIAL
                    .iter()
                    .any(|known| Skeleton::of(known).as_str() == word)
            })
        };
        !words.is_empty() && ((apart && name.len() >= SHORTEST_BESIDE_ANY_WORD) || official())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::intake::listing::{BodyKind, DomainStatus};

    fn listed(domains: &[&str]) -> Constituents {
        let constituent = |domain: &&str| Constituent {
            domain: (*domain).to_owned(),
            name: (*domain).to_owned(),
            kind: BodyKind::Municipality,
            status: DomainStatus::Active,
            contact: String::new(),
            callback_phone: String::new(),
        };
        Constituents(domains.iter().map(constituent).collect())
    }

    fn found(domain: &str, domains: &[&str]) -> Option<(String, Likeness)> {
        let constituents = listed(domains);
        let address = EmailAddress::parse(&format!("an@{domain}")).unwrap();
        let found = look_alike(&address, &constituents)?;
        Some((found.of.domain.clone(), found.because))
    }

    #[test]
    fn a_domain_that_looks_like_a_constituents_is_seen() {
        use Likeness::{AddedWord, Confusable, Hyphen, InFront, OneSlip, OtherEnding};
        for (domain, because) in [
            ("hackegen.example", OneSlip),
            ("hackegme.example", OneSlip),
            ("hackgem.example", OneSlip),
            ("hackkegem.example", OneSlip),
            ("mail.hackegen.example", OneSlip),
            ("hackegern.example", Confusable),
            ("h\u{430}ckegem.example", Confusable),
            ("hack\u{e9}gem.example", Confusable),
            ("xn--hckegem-2fg.example", Confusable),
            ("hackegem.test", OtherEnding),
            ("hackegem.co.uk", OtherEnding),
            ("hacke-gem.example", Hyphen),
            ("gemeente-hackegem.example", AddedWord),
            ("gemeentehackegem.test", AddedWord),
            ("hackegem-factuur.example", AddedWord),
            ("login-portaal-hackegem.example", AddedWord),
            ("hackegem.example.evil.test", InFront),
            ("mail.hackegem.example.evil.test", InFront),
        ] {
            let expected = Some(("hackegem.example".to_owned(), because));
            assert_eq!(
                found(domain, &["lekkedorp.example", "hackegem.example"]),
                expected,
                "{domain}"
            );
        }
        for (domain, listed, because) in [
            ("b00rde.example", "boorde.example", Confusable),
            ("sint-1ievens.example", "sint-lievens.example", Confusable),
            ("nieuvvkerke.example", "nieuwkerke.example", Confusable),
            ("merelbekemelle.example", "merelbeke-melle.example", Hyphen),
            ("geel-ocmw.example", "geel.example", AddedWord),
        ] {
            assert_eq!(
                found(domain, &[listed]),
                Some((listed.to_owned(), because)),
                "{domain}"
            );
        }
    }

    #[test]
    fn what_is_listed_or_only_near_is_not() {
        let all = [
            "hackegem.example",
            "ocmw-hackegem.example",
            "hackegen.example",
            "geel.example",
            "ocmw.lekkedorp.example",
            "stad.example",
        ];
        for domain in [
            // Two constituents whose names are alike are no likeness of each other.
            "hackegem.example",
            "hackegen.example",
            "ocmw-hackegem.example",
            "mail.hackegem.example",
            // Their own domain, of which only a part is listed.
            "lekkedorp.example",
            // Short names have neighbours.
            "geen.example",
            "geels.example",
            "geel-en-groen.example",
            "stad.test",
            "elders.example",
            "hakkem.example",
            "evilhackegem.example",
            "geelhand.example",
        ] {
            assert_eq!(found(domain, &all), None, "{domain}");
        }
    }

    #[test]
    fn the_nearest_likeness_wins() {
        let all = ["hackegem.example", "hackegems.example"];
        let expected = Some(("hackegems.example".to_owned(), Likeness::OtherEnding));
        assert_eq!(found("hackegems.test", &all), expected);
    }

    #[test]
    fn hostile_domains_are_compared_in_one_pass() {
        let many: Vec<String> = (0..1_000)
            .map(|n| format!("gemeente{n}-aan-zee.example"))
            .collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let long = format!("{}.example", "rn".repeat(100));
        assert_eq!(found(&long, &many), None);
        assert_eq!(
            found(&format!("xn--{}.example", "9".repeat(59)), &many),
            None
        );
        assert_eq!(
            found("gemeente500-aan-ze.example", &many).map(|(of, _)| of),
            Some("gemeente500-aan-zee.example".to_owned())
        );
    }
}

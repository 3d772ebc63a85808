//! Who sent it: a listed constituent that is proven, somebody unproven, or a sender that is refused.
//!
//! Decides only what may be said to the sender; triage and paging never depend on it.

use crate::domain::address::{EmailAddress, is_within};
use crate::domain::intake::listing::{BodyKind, DomainStatus};
use crate::domain::intake::message::{Defect, IncomingMail};
use serde::{Deserialize, Serialize};

/// One listed constituent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constituent {
    /// Its mail domain, in the form that DNS knows.
    pub domain: String,
    /// Its name.
    pub name: String,
    /// What kind of body it is.
    pub kind: BodyKind,
    /// Is its domain in use?
    pub status: DomainStatus,
    /// The contact in charge.
    pub contact: String,
    /// The registered number for calling back.
    pub callback_phone: String,
}

impl Constituent {
    /// Is the domain in use? One that was given up can be registered by anybody, who then passes every
    /// check of mail: it is recognised, but proves nothing.
    pub fn is_active(&self) -> bool {
        self.status == DomainStatus::Active
    }
}

/// The listed constituents.
#[derive(Debug, Clone, Default)]
pub struct Constituents(pub Vec<Constituent>);

impl Constituents {
    /// The constituent whose domain holds this address.
    pub fn find(&self, address: &EmailAddress) -> Option<&Constituent> {
        self.find_domain(address.domain())
    }

    /// The constituent whose domain holds this one, on label boundaries; the longest domain wins.
    pub fn find_domain(&self, domain: &str) -> Option<&Constituent> {
        self.0
            .iter()
            .filter(|listed| is_within(domain, &listed.domain))
            .max_by_key(|listed| listed.domain.len())
    }
}

/// What one check of the sender said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nobody whom we trust checked.
    #[default]
    Unchecked,
    /// Checked, and there was nothing to check.
    None,
    /// Proven.
    Pass,
    /// Disproven.
    Fail,
    /// Neither, or the check didn't work.
    Neutral,
}

/// What was checked about the sender: by our own server, which recorded it (RFC 8601), and by ourselves where that is
/// allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Authentication {
    /// SPF of the envelope sender.
    pub spf: Verdict,
    /// DKIM of a signature aligned with the From domain.
    pub dkim: Verdict,
    /// DMARC of the From domain.
    pub dmarc: Verdict,
}

impl Authentication {
    /// Together with what our own check of the signatures said. A pass of either is enough; a failure of ours says only
    /// that something on the way changed the mail.
    #[must_use]
    pub fn with_own_dkim(self, own: Verdict) -> Self {
        let dkim = match (self.dkim, own) {
            (Verdict::Pass, _) | (_, Verdict::Pass) => Verdict::Pass,
            (Verdict::Unchecked, own) => own,
            (recorded, _) => recorded,
        };
        Self { dkim, ..self }
    }
}

/// The address whose domain a signature of this mail could prove, where an own check can change what its sender gets.
///
/// Nobody but a listed constituent and the people of the team gets more for being proven, so that nobody else can make
/// us ask the DNS for a name of his choice.
pub fn worth_checking<'a>(
    mail: &'a IncomingMail,
    recorded: Authentication,
    constituents: &Constituents,
    team: &[EmailAddress],
) -> Option<&'a EmailAddress> {
    let decided =
        recorded.dmarc == Verdict::Fail || [recorded.dmarc, recorded.dkim].contains(&Verdict::Pass);
    let from = &mail.single_from()?.address;
    let listed = constituents.find(from).is_some_and(Constituent::is_active);
    let ours = team.iter().any(|person| person.key() == from.key());
    let whole = !mail
        .defects
        .iter()
        .any(|defect| matches!(defect, Defect::TooLarge | Defect::Unreadable));
    (!decided && (listed || ours) && whole).then_some(from)
}

/// What is proven about a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// A listed constituent, and DMARC passed or an aligned DKIM signature did.
    Proven,
    /// A listed domain without proof, or one that is no longer in use.
    Listed,
    /// Anybody else.
    Unknown,
    /// DMARC failed, or the sender claims to be us: never answered.
    Refused,
    /// There is not exactly one sender.
    Unclear,
}

/// Weighs the sender of a mail.
pub fn standing_of(
    mail: &IncomingMail,
    authentication: Authentication,
    constituents: &Constituents,
    own_addresses: &[EmailAddress],
) -> Standing {
    let Some(from) = mail.single_from() else {
        return Standing::Unclear;
    };
    let own = own_addresses
        .iter()
        .any(|own| own.key() == from.address.key());
    if own || authentication.dmarc == Verdict::Fail {
        return Standing::Refused;
    }
    let proven = authentication.dmarc == Verdict::Pass || authentication.dkim == Verdict::Pass;
    match (constituents.find(&from.address), proven) {
        (Some(constituent), true) if constituent.is_active() => Standing::Proven,
        (Some(_), _) => Standing::Listed,
        (None, _) => Standing::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::Mailbox;
    use crate::domain::intake::message::Defect;

    fn constituents() -> Constituents {
        let listed = |domain: &str, status| Constituent {
            domain: domain.to_owned(),
            name: "Hackegem".to_owned(),
            kind: BodyKind::Municipality,
            status,
            contact: String::new(),
            callback_phone: String::new(),
        };
        Constituents(vec![
            listed("hackegem.example", DomainStatus::Active),
            listed("oud-lekkegem.example", DomainStatus::Merged),
            listed("xn--gemeente-caf-meb.example", DomainStatus::Active),
        ])
    }

    fn standing(from: &str, dmarc: Verdict, dkim: Verdict) -> Standing {
        let address = EmailAddress::parse(from).unwrap();
        let mail = IncomingMail {
            from: vec![Mailbox {
                name: String::new(),
                address,
            }],
            ..IncomingMail::default()
        };
        let own = [EmailAddress::parse("crt@crt.example").unwrap()];
        let authentication = Authentication {
            dkim,
            dmarc,
            ..Authentication::default()
        };
        standing_of(&mail, authentication, &constituents(), &own)
    }

    #[test]
    fn who_is_proven() {
        use Verdict::{Fail, Pass, Unchecked};
        for (from, dmarc, dkim, expected) in [
            ("an@hackegem.example", Pass, Unchecked, Standing::Proven),
            ("an@hackegem.example", Unchecked, Pass, Standing::Proven),
            (
                "an@mail.hackegem.example",
                Pass,
                Unchecked,
                Standing::Proven,
            ),
            (
                "an@hackegem.example",
                Unchecked,
                Unchecked,
                Standing::Listed,
            ),
            // Anybody can register a domain that was given up.
            ("an@oud-lekkegem.example", Pass, Pass, Standing::Listed),
            ("an@evilhackegem.example", Pass, Pass, Standing::Unknown),
            // One domain, written in two ways; and others that only look like it.
            (
                "an@gemeente-café.example",
                Pass,
                Unchecked,
                Standing::Proven,
            ),
            (
                "an@Gemeente-Cafe\u{301}.example",
                Unchecked,
                Pass,
                Standing::Proven,
            ),
            (
                "an@ict.xn--gemeente-caf-meb.example",
                Pass,
                Unchecked,
                Standing::Proven,
            ),
            ("an@gemeente-cafe.example", Pass, Pass, Standing::Unknown),
            ("an@xn--hackegem-.example", Pass, Pass, Standing::Unknown),
            ("an@h\u{430}ckegem.example", Pass, Pass, Standing::Unknown),
            ("an@hackegem.example", Fail, Pass, Standing::Refused),
            ("CRT@crt.example", Pass, Pass, Standing::Refused),
        ] {
            assert_eq!(standing(from, dmarc, dkim), expected, "{from}");
        }
    }

    #[test]
    fn whose_signature_is_worth_a_question() {
        use Verdict::{Fail, None, Pass, Unchecked};
        for (from, dmarc, dkim, defect, expected) in [
            (
                "an@hackegem.example",
                Unchecked,
                Unchecked,
                Option::None,
                true,
            ),
            ("an@hackegem.example", None, Fail, Option::None, true),
            // Our border has seen enough.
            ("an@hackegem.example", Pass, Unchecked, Option::None, false),
            ("an@hackegem.example", Unchecked, Pass, Option::None, false),
            ("an@hackegem.example", Fail, Unchecked, Option::None, false),
            // Proof would change nothing.
            (
                "an@oud-lekkegem.example",
                Unchecked,
                Unchecked,
                Option::None,
                false,
            ),
            (
                "an@evilhackegem.example",
                Unchecked,
                Unchecked,
                Option::None,
                false,
            ),
            // Somebody of the team takes a ticket by mail.
            ("jan@team.example", Unchecked, Unchecked, Option::None, true),
            (
                "piet@team.example",
                Unchecked,
                Unchecked,
                Option::None,
                false,
            ),
            // Not all of it is here, or it isn't clear who wrote it.
            (
                "an@hackegem.example",
                Unchecked,
                Unchecked,
                Some(Defect::TooLarge),
                false,
            ),
            (
                "an@hackegem.example",
                Unchecked,
                Unchecked,
                Some(Defect::OddHeaders),
                false,
            ),
        ] {
            let mail = IncomingMail {
                from: vec![Mailbox {
                    name: String::new(),
                    address: EmailAddress::parse(from).unwrap(),
                }],
                defects: defect.into_iter().collect(),
                ..IncomingMail::default()
            };
            let recorded = Authentication {
                dkim,
                dmarc,
                ..Authentication::default()
            };
            let team = [EmailAddress::parse("Jan@team.example").unwrap()];
            let asked = worth_checking(&mail, recorded, &constituents(), &team);
            assert_eq!(asked.is_some(), expected, "{from} {recorded:?} {defect:?}");
        }
    }

    #[test]
    fn a_pass_of_either_check_is_enough() {
        use Verdict::{Fail, Neutral, None, Pass, Unchecked};
        for (recorded, own, expected) in [
            (Unchecked, Pass, Pass),
            (Fail, Pass, Pass),
            (Pass, Fail, Pass),
            (Unchecked, Fail, Fail),
            (Unchecked, None, None),
            (Neutral, Fail, Neutral),
            (None, Neutral, None),
        ] {
            let recorded = Authentication {
                dkim: recorded,
                dmarc: Neutral,
                ..Authentication::default()
            };
            let both = recorded.with_own_dkim(own);
            assert_eq!(
                (both.dkim, both.dmarc),
                (expected, Neutral),
                "{recorded:?} {own:?}"
            );
        }
    }

    #[test]
    fn two_senders_are_no_sender() {
        let mail = IncomingMail {
            defects: vec![Defect::SeveralFrom],
            ..IncomingMail::default()
        };
        let standing = standing_of(
            &mail,
            Authentication::default(),
            &Constituents::default(),
            &[],
        );
        assert_eq!(standing, Standing::Unclear);
    }
}

//! Which key an answer goes to, and which key is remembered: the one place where that is decided.
//!
//! A key proves itself by a good signature on a mail from the address that it names. The first that does so in
//! a mail of a proven sender is pinned to his address. Whoever comes with another one later has lost his key, or
//! is somebody else: a person finds out, and nothing is encrypted to the new one until then.

use crate::domain::intake::sender::Standing;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::pgp::form::Opening;
use crate::domain::pgp::reading::Signature;
use crate::domain::triage::category::closed_list;

closed_list! {
    /// What can be done with a certificate now.
    KeyState {
        /// Something can be encrypted to it.
        Usable = "usable",
        /// It is expired, or has no key for encryption: its owner may send a newer form of it.
        Lapsed = "lapsed",
        /// Its owner revoked it. No other form of it makes that undone.
        Revoked = "revoked",
    }
}

/// A certificate and what can be done with it now.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// What can be done with it.
    pub state: KeyState,
}

/// What is known when it is decided.
#[derive(Clone, Copy)]
pub struct KeysAsked<'a> {
    /// What came of opening the mail.
    pub opening: Opening,
    /// What its signature proves.
    pub signature: &'a Signature,
    /// The certificate that is pinned to the sender's address.
    pub pinned: Option<Candidate<'a>>,
    /// The certificate that came along, names the sender's address and made the signature.
    pub offered: Option<Candidate<'a>>,
    /// What is proven about the sender.
    pub standing: Standing,
}

/// How an answer goes.
#[derive(Clone, PartialEq, Eq)]
pub enum Protection {
    /// As an ordinary mail.
    Plain,
    /// Encrypted to this certificate, and signed.
    EncryptedTo(Certificate),
    /// Not with our words about his: only a neutral notice may go.
    NoticeOnly(WhyNotice),
}

closed_list! {
    /// Why an encrypted mail gets no more than a notice.
    WhyNotice {
        /// We can't read it.
        CannotOpen = "cannot-open",
        /// We have no key of his that can be used.
        NoKeyOfHis = "no-key-of-his",
        /// He wrote with another key than the one that is pinned.
        KeyChanged = "key-changed",
    }
}

/// What becomes of the certificate that came along.
#[derive(Clone, PartialEq, Eq)]
pub enum Pinning {
    /// Nothing.
    AsItWas,
    /// It is remembered: the first of a proven sender.
    First(Certificate),
    /// It isn't the one that is remembered: a person decides.
    Changed(Certificate),
}

/// What is decided about keys.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyCourse {
    /// How an answer goes.
    pub protection: Protection,
    /// What becomes of the certificate that came along.
    pub pinning: Pinning,
}

/// Decides.
pub fn decide_keys(asked: &KeysAsked<'_>) -> KeyCourse {
    let proven_by = |candidate: &Candidate<'_>| {
        asked.signature.signer() == Some(&candidate.certificate.fingerprint)
    };
    let offered = asked.offered.filter(proven_by);
    let pinning = match (asked.pinned, offered) {
        (Some(pinned), Some(offered))
            if pinned.certificate.fingerprint != offered.certificate.fingerprint =>
        {
            Pinning::Changed(offered.certificate.clone())
        }
        // The same key with a new date, or with one more subkey: its primary key vouches for that.
        (Some(pinned), Some(offered))
            if pinned.state != KeyState::Revoked && pinned.certificate != offered.certificate =>
        {
            Pinning::First(offered.certificate.clone())
        }
        (None, Some(offered)) if asked.standing == Standing::Proven => {
            Pinning::First(offered.certificate.clone())
        }
        _ => Pinning::AsItWas,
    };
    KeyCourse {
        protection: protection(asked, offered, &pinning),
        pinning,
    }
}

fn protection(
    asked: &KeysAsked<'_>,
    offered: Option<Candidate<'_>>,
    pinning: &Pinning,
) -> Protection {
    match asked.opening {
        Opening::NotEncrypted => return Protection::Plain,
        Opening::NoKey | Opening::Damaged => {
            return Protection::NoticeOnly(WhyNotice::CannotOpen);
        }
        Opening::Opened => {}
    }
    if matches!(pinning, Pinning::Changed(_)) {
        return Protection::NoticeOnly(WhyNotice::KeyChanged);
    }
    // The one that came along is the newer form of the pinned one, or the only one.
    let revoked = asked
        .pinned
        .filter(|pinned| pinned.state == KeyState::Revoked);
    let known = revoked.or(offered).or(asked.pinned);
    match known.filter(|known| known.state == KeyState::Usable) {
        Some(known) => Protection::EncryptedTo(known.certificate.clone()),
        None => Protection::NoticeOnly(WhyNotice::NoKeyOfHis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pgp::certificate::Fingerprint;

    fn certificate(digits: &str) -> Certificate {
        Certificate {
            fingerprint: Fingerprint::from_digits(digits),
            addresses: vec!["an@hackegem.example".to_owned()],
            bytes: digits.as_bytes().to_vec(),
        }
    }

    fn words(course: &KeyCourse) -> String {
        let protection = match &course.protection {
            Protection::Plain => "plain".to_owned(),
            Protection::EncryptedTo(to) => format!("to {}", to.fingerprint.as_str()),
            Protection::NoticeOnly(why) => why.to_string(),
        };
        let pinning = match &course.pinning {
            Pinning::AsItWas => "-".to_owned(),
            Pinning::First(first) => format!("pin {}", first.fingerprint.as_str()),
            Pinning::Changed(other) => format!("ask {}", other.fingerprint.as_str()),
        };
        format!("{protection}, {pinning}")
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table")]
    fn who_gets_what() {
        let good = |digits| Signature::Good(Fingerprint::from_digits(digits));
        let (a, b, none) = (Some("A"), Some("B"), None);
        let (proven, unknown) = (Standing::Proven, Standing::Unknown);
        let opened = Opening::Opened;
        for (opening, signature, pinned, offered, standing, expected) in [
            // A mail that isn't encrypted is answered as ever, and its key is remembered.
            (
                Opening::NotEncrypted,
                Signature::None,
                none,
                none,
                proven,
                "plain, -",
            ),
            (
                Opening::NotEncrypted,
                good("A"),
                none,
                a,
                proven,
                "plain, pin A",
            ),
            (
                Opening::NotEncrypted,
                good("A"),
                none,
                a,
                unknown,
                "plain, -",
            ),
            (
                Opening::NotEncrypted,
                good("B"),
                a,
                b,
                proven,
                "plain, ask B",
            ),
            // What came along without having signed is anybody's.
            (
                Opening::NotEncrypted,
                Signature::None,
                none,
                a,
                proven,
                "plain, -",
            ),
            (
                Opening::NotEncrypted,
                good("A"),
                none,
                b,
                proven,
                "plain, -",
            ),
            // Encrypted: the key that signed it, also of somebody unproven, who then isn't remembered.
            (opened, good("A"), none, a, proven, "to A, pin A"),
            (opened, good("A"), none, a, unknown, "to A, -"),
            (opened, good("A"), a, none, unknown, "to A, -"),
            (opened, Signature::None, a, none, proven, "to A, -"),
            // A bad signature doesn't change to whom the pinned key belongs.
            (opened, Signature::Bad, a, none, proven, "to A, -"),
            (opened, Signature::None, none, a, proven, "no-key-of-his, -"),
            (
                opened,
                Signature::UnknownKey,
                none,
                none,
                proven,
                "no-key-of-his, -",
            ),
            (opened, good("B"), a, b, proven, "key-changed, ask B"),
            (
                Opening::NoKey,
                Signature::None,
                a,
                none,
                proven,
                "cannot-open, -",
            ),
            (
                Opening::Damaged,
                Signature::None,
                none,
                none,
                unknown,
                "cannot-open, -",
            ),
        ] {
            let (pinned_key, offered_key) = (pinned.map(certificate), offered.map(certificate));
            let state = KeyState::Usable;
            let as_candidate = |certificate| Candidate { certificate, state };
            let course = decide_keys(&KeysAsked {
                opening,
                signature: &signature,
                pinned: pinned_key.as_ref().map(as_candidate),
                offered: offered_key.as_ref().map(as_candidate),
                standing,
            });
            assert_eq!(
                words(&course),
                expected,
                "{opening} {signature:?} {pinned:?} {offered:?}"
            );
        }
    }

    #[test]
    fn a_lapsed_key_is_renewed_by_its_owner_and_a_revoked_one_by_nobody() {
        let old = certificate("A");
        let renewed = Certificate {
            bytes: b"with a later date".to_vec(),
            ..certificate("A")
        };
        let signature = Signature::Good(Fingerprint::from_digits("A"));
        let course = |state, offered| {
            decide_keys(&KeysAsked {
                opening: Opening::Opened,
                signature: &signature,
                pinned: Some(Candidate {
                    certificate: &old,
                    state,
                }),
                offered,
                standing: Standing::Unknown,
            })
        };
        let offered = Some(Candidate {
            certificate: &renewed,
            state: KeyState::Usable,
        });
        let lapsed = course(KeyState::Lapsed, None);
        assert_eq!(words(&lapsed), "no-key-of-his, -");
        let taken = course(KeyState::Lapsed, offered);
        assert_eq!(words(&taken), "to A, pin A");
        assert!(taken.pinning == Pinning::First(renewed.clone()));
        assert_eq!(
            words(&course(KeyState::Revoked, offered)),
            "no-key-of-his, -"
        );
    }
}

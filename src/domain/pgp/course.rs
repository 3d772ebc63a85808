//! Which key an answer goes to, and which key is remembered: the one place where that is decided.
//!
//! A key proves itself by a good signature on a mail from the address that it names. The first that does so in
//! a mail of a proven sender is pinned to his address. A proven sender who comes with another one later has lost his
//! key, or is somebody else: a person finds out, and nothing is encrypted to the new one until then.
//!
//! What was encrypted is answered only where its signature shows whose words these are: anybody can send on what
//! he got hold of, and would learn from the answer what it says.

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

/// Has anything on the ticket come encrypted? Then nothing about it goes out in the open, however its reporter
/// writes by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TicketIs {
    /// No, or there is no ticket.
    #[default]
    Open,
    /// Yes.
    Sealed,
}

/// What is known when it is decided.
#[derive(Clone, Copy)]
pub struct KeysAsked<'a> {
    /// What came of opening the mail.
    pub opening: Opening,
    /// What its signature proves.
    pub signature: &'a Signature,
    /// The certificate that is pinned to the sender's address, as it was stored.
    pub pinned: Option<&'a Certificate>,
    /// The same with all that is known of it by now: what came along may revoke or renew it.
    pub known: Option<Candidate<'a>>,
    /// The certificate that came along, names the sender's address and is another one.
    pub offered: Option<Candidate<'a>>,
    /// What is proven about the sender.
    pub standing: Standing,
    /// How the ticket is that the mail goes on.
    pub ticket: TicketIs,
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
        /// It bears no good signature of a key of his that can be used.
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
    /// It is remembered: the first of a proven sender, or what is known by now of the one that was.
    Take(Certificate),
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
    let pinning = pinning(asked);
    KeyCourse {
        protection: protection(asked, &pinning),
        pinning,
    }
}

fn signed_by(asked: &KeysAsked<'_>, candidate: &Candidate<'_>) -> bool {
    asked.signature.signer() == Some(&candidate.certificate.fingerprint)
}

fn pinning(asked: &KeysAsked<'_>) -> Pinning {
    let proven = asked.standing == Standing::Proven;
    let offered = asked
        .offered
        .filter(|offered| proven && signed_by(asked, offered));
    if let (Some(pinned), Some(known)) = (asked.pinned, asked.known)
        && pinned != known.certificate
    {
        // Its owner signed the revocation: that needs no other proof. All else needs his mail.
        let proves_itself = known.state == KeyState::Revoked;
        if proves_itself || (proven && signed_by(asked, &known)) {
            return Pinning::Take(known.certificate.clone());
        }
    }
    match (asked.known, offered) {
        (None, Some(offered)) => Pinning::Take(offered.certificate.clone()),
        (Some(_), Some(offered)) => Pinning::Changed(offered.certificate.clone()),
        (_, None) => Pinning::AsItWas,
    }
}

fn protection(asked: &KeysAsked<'_>, pinning: &Pinning) -> Protection {
    let usable = |candidate: &Candidate<'_>| candidate.state == KeyState::Usable;
    let known = asked.known.filter(usable);
    match (asked.opening, asked.ticket) {
        (Opening::NotEncrypted, TicketIs::Open) => return Protection::Plain,
        // He writes in the open about what he sealed before. Only the key that is his for sure.
        (Opening::NotEncrypted, TicketIs::Sealed) => return to(known),
        (Opening::NoKey | Opening::Damaged, _) => {
            return Protection::NoticeOnly(WhyNotice::CannotOpen);
        }
        (Opening::Opened, _) => {}
    }
    if matches!(pinning, Pinning::Changed(_)) {
        return Protection::NoticeOnly(WhyNotice::KeyChanged);
    }
    // Where one is pinned no other is used, whoever asks.
    let offered = asked.offered.filter(|_| asked.known.is_none());
    to(known
        .or(offered)
        .filter(|key| usable(key) && signed_by(asked, key)))
}

fn to(key: Option<Candidate<'_>>) -> Protection {
    match key {
        Some(key) => Protection::EncryptedTo(key.certificate.clone()),
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
            Pinning::Take(first) => format!("pin {}", first.fingerprint.as_str()),
            Pinning::Changed(other) => format!("ask {}", other.fingerprint.as_str()),
        };
        format!("{protection}, {pinning}")
    }

    struct Mail {
        opening: Opening,
        signature: Signature,
        pinned: Option<&'static str>,
        offered: Option<&'static str>,
        standing: Standing,
        ticket: TicketIs,
    }

    fn course(mail: &Mail) -> String {
        let (pinned, offered) = (mail.pinned.map(certificate), mail.offered.map(certificate));
        let state = KeyState::Usable;
        let as_candidate = |certificate| Candidate { certificate, state };
        words(&decide_keys(&KeysAsked {
            opening: mail.opening,
            signature: &mail.signature,
            pinned: pinned.as_ref(),
            known: pinned.as_ref().map(as_candidate),
            offered: offered.as_ref().map(as_candidate),
            standing: mail.standing,
            ticket: mail.ticket,
        }))
    }

    fn good(digits: &str) -> Signature {
        Signature::Good(Fingerprint::from_digits(digits))
    }

    #[test]
    fn a_mail_in_the_open_is_answered_so_unless_its_ticket_is_sealed() {
        let mail = |signature, pinned, offered, standing| Mail {
            opening: Opening::NotEncrypted,
            signature,
            pinned,
            offered,
            standing,
            ticket: TicketIs::Open,
        };
        let (a, b, none) = (Some("A"), Some("B"), None);
        let (proven, unknown) = (Standing::Proven, Standing::Unknown);
        for (mail, expected) in [
            (mail(Signature::None, none, none, proven), "plain, -"),
            (mail(good("A"), none, a, proven), "plain, pin A"),
            (mail(good("A"), none, a, unknown), "plain, -"),
            (mail(good("B"), a, b, proven), "plain, ask B"),
            // Whoever forges a sender asks for nothing.
            (mail(good("B"), a, b, unknown), "plain, -"),
            // What came along without having signed is anybody's.
            (mail(Signature::None, none, a, proven), "plain, -"),
            (mail(good("A"), none, b, proven), "plain, -"),
        ] {
            assert_eq!(course(&mail), expected);
        }
        let sealed = |pinned| Mail {
            ticket: TicketIs::Sealed,
            ..mail(Signature::None, pinned, none, unknown)
        };
        assert_eq!(course(&sealed(a)), "to A, -");
        assert_eq!(course(&sealed(none)), "no-key-of-his, -");
    }

    #[test]
    fn what_was_sealed_is_answered_to_whoever_signed_it() {
        let mail = |signature, pinned, offered, standing| Mail {
            opening: Opening::Opened,
            signature,
            pinned,
            offered,
            standing,
            ticket: TicketIs::Open,
        };
        let (a, b, none) = (Some("A"), Some("B"), None);
        let (proven, unknown) = (Standing::Proven, Standing::Unknown);
        for (mail, expected) in [
            (mail(good("A"), none, a, proven), "to A, pin A"),
            // Somebody unproven too, who then isn't remembered.
            (mail(good("A"), none, a, unknown), "to A, -"),
            (mail(good("A"), a, none, unknown), "to A, -"),
            // Nothing says that these words are his: he may have caught them on the way.
            (mail(Signature::None, a, none, proven), "no-key-of-his, -"),
            (
                mail(Signature::UnknownKey, a, none, proven),
                "no-key-of-his, -",
            ),
            (mail(Signature::Bad, a, none, proven), "no-key-of-his, -"),
            (mail(Signature::None, none, a, proven), "no-key-of-his, -"),
            (
                mail(Signature::Outdated, a, none, proven),
                "no-key-of-his, -",
            ),
            (mail(good("B"), a, b, proven), "key-changed, ask B"),
            (mail(good("B"), a, b, unknown), "no-key-of-his, -"),
        ] {
            assert_eq!(course(&mail), expected);
        }
        for opening in [Opening::NoKey, Opening::Damaged] {
            let closed = Mail {
                opening,
                ..mail(Signature::None, a, none, proven)
            };
            assert_eq!(course(&closed), "cannot-open, -");
        }
    }

    #[test]
    fn a_key_is_renewed_by_its_owner_and_revoked_for_good() {
        let old = certificate("A");
        let renewed = Certificate {
            bytes: b"more is known of it".to_vec(),
            ..certificate("A")
        };
        let course = |signature: &Signature, known, state, standing| {
            words(&decide_keys(&KeysAsked {
                opening: Opening::Opened,
                signature,
                pinned: Some(&old),
                known: Some(Candidate {
                    certificate: known,
                    state,
                }),
                offered: None,
                standing,
                ticket: TicketIs::Open,
            }))
        };
        let (proven, unknown) = (Standing::Proven, Standing::Unknown);
        let signed = good("A");
        assert_eq!(
            course(&signed, &old, KeyState::Lapsed, proven),
            "no-key-of-his, -"
        );
        assert_eq!(
            course(&signed, &renewed, KeyState::Usable, proven),
            "to A, pin A"
        );
        assert_eq!(
            course(&signed, &renewed, KeyState::Usable, unknown),
            "to A, -"
        );
        let none = Signature::Outdated;
        assert_eq!(
            course(&none, &renewed, KeyState::Revoked, unknown),
            "no-key-of-his, pin A"
        );
    }
}

//! The OpenPGP keys of those who write on a ticket: to which an answer is encrypted, which one asks to take its
//! place, and whether anything on the ticket came encrypted.

use crate::domain::address::EmailAddress;
use crate::domain::party::Party;
use crate::domain::pgp::certificate::{Certificate, Fingerprint};
use crate::domain::pgp::course::TicketIs;
use crate::domain::ticket::message::ReceivedMessage;

/// The keys of a ticket, each with the address whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TicketKeys {
    known: Vec<(EmailAddress, Certificate)>,
    claim: Option<(EmailAddress, Certificate)>,
    is: TicketIs,
}

impl TicketKeys {
    /// Takes in what a message brought. Where it came with another key than the known one, nothing is encrypted to
    /// its sender until a person has decided.
    pub fn hear(&mut self, message: &ReceivedMessage) {
        if message.came_encrypted() {
            self.is = TicketIs::Sealed;
        }
        let (Some(from), Some(pgp)) = (&message.from, &message.pgp) else {
            return;
        };
        if let Some(claims) = &pgp.claims {
            self.forget(&from.address);
            self.claim = Some((from.address.clone(), claims.clone()));
        } else if let Some(key) = &pgp.answers_to {
            self.know(&from.address, key);
        }
    }

    /// A person said that this is the right one.
    pub fn accept(&mut self, certificate: &Certificate) {
        let claimed = self.claim.take();
        if let Some((address, claim)) = claimed
            && claim.fingerprint == certificate.fingerprint
        {
            self.know(&address, certificate);
        }
    }

    fn know(&mut self, address: &EmailAddress, certificate: &Certificate) {
        self.forget(address);
        self.known.push((address.clone(), certificate.clone()));
    }

    fn forget(&mut self, address: &EmailAddress) {
        self.known.retain(|(known, _)| known.key() != address.key());
    }

    /// The key to which something for this address is encrypted.
    pub fn of(&self, address: &EmailAddress) -> Option<&Certificate> {
        let is_his = |(known, _): &&(EmailAddress, Certificate)| known.key() == address.key();
        self.known.iter().find(is_his).map(|(_, key)| key)
    }

    /// The key that asks to be taken for the one of its sender.
    pub fn claim(&self) -> Option<(Party, &Certificate)> {
        let (address, certificate) = self.claim.as_ref()?;
        Some((Party::Mail(address.clone()), certificate))
    }

    /// The key that asks, where it has this fingerprint: another may ask by now than the one that was looked at.
    pub fn claim_of(&self, fingerprint: &Fingerprint) -> Option<(Party, &Certificate)> {
        let (party, certificate) = self.claim()?;
        (certificate.fingerprint == *fingerprint).then_some((party, certificate))
    }

    /// Has anything on the ticket come encrypted?
    pub fn ticket_is(&self) -> TicketIs {
        self.is
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pgp::certificate::Fingerprint;
    use crate::domain::pgp::form::{Opening, PgpForm};
    use crate::domain::pgp::reading::{PgpNote, Signature};
    use crate::domain::ticket::event::TicketEvent;

    fn certificate(digits: &str) -> Certificate {
        Certificate {
            fingerprint: Fingerprint::from_digits(digits),
            addresses: vec!["an@hackegem.example".to_owned()],
            bytes: Vec::new(),
        }
    }

    fn message(answers_to: Option<&str>, claims: Option<&str>) -> ReceivedMessage {
        let form = r#"{"event":"message-received","inbox":"a","channel":"mail","from":{"name":"An","address":"an@hackegem.example"},"reply_to":[],"subject":"","text":"","message_id":null,"in_reply_to":[],"references":[],"standing":"proven","attachments":[],"forwarded":[],"defects":[],"received_at":"2026-11-23T20:40:00Z"}"#;
        let Ok(TicketEvent::MessageReceived(mut message)) = serde_json::from_str(form) else {
            panic!("a message was expected");
        };
        message.pgp = Some(PgpNote {
            form: PgpForm::MimeEncrypted,
            opening: Opening::Opened,
            signature: Signature::None,
            answers_to: answers_to.map(certificate),
            notice: None,
            claims: claims.map(certificate),
        });
        *message
    }

    #[test]
    fn a_claim_closes_the_way_until_a_person_opens_it() {
        let an = EmailAddress::parse("an@hackegem.example").unwrap();
        let mut keys = TicketKeys::default();
        keys.hear(&message(Some("A"), None));
        assert_eq!(keys.of(&an), Some(&certificate("A")));
        assert_eq!(keys.claim(), None);
        keys.hear(&message(None, Some("B")));
        assert_eq!(keys.of(&an), None);
        assert_eq!(keys.claim_of(&Fingerprint::from_digits("C")), None);
        let (party, claim) = keys
            .claim()
            .map(|(party, key)| (party, key.clone()))
            .unwrap();
        assert_eq!(
            (party, &claim),
            (Party::Mail(an.clone()), &certificate("B"))
        );
        keys.accept(&claim);
        assert_eq!(keys.of(&an), Some(&certificate("B")));
        assert_eq!(keys.claim(), None);
        let bart = EmailAddress::parse("bart@hackegem.example").unwrap();
        assert_eq!(keys.of(&bart), None);
        assert_eq!(keys.ticket_is(), TicketIs::Sealed);
    }
}

//! Keyed hashes by which stored things are found again without standing there in the clear.
//!
//! Each kind of value has its own label, so that a hash of one kind says nothing about another.

use crate::adapters::store::vault::{HASH_BYTES, Vault, keyed_hash};
use crate::app::ports::Trace;
use crate::domain::party::Party;

/// A keyed hash as it stands in a column.
pub type LookupHash = [u8; HASH_BYTES];

impl Vault {
    /// Of a trace of a ticket.
    pub fn trace_hash(&self, trace: &Trace) -> LookupHash {
        match trace {
            Trace::MessageId(id) => self.lookup_hash("message-id", id.as_str()),
            Trace::Shared(id) => self.lookup_hash("shared-message-id", id.as_str()),
            Trace::Token(token) => self.lookup_hash("token", token),
            Trace::Room(room) => self.lookup_hash("room", room.as_str()),
            Trace::Event(event) => self.lookup_hash("event", event.as_str()),
            Trace::Reader(person) => self.lookup_hash("reader", person.as_str()),
            Trace::Reporter(user) => self.lookup_hash("reporter", user.as_str()),
        }
    }

    /// Of what tells a second delivery of the same message.
    pub fn fingerprint_hash(&self, fingerprint: &str) -> LookupHash {
        self.lookup_hash("fingerprint", fingerprint)
    }

    /// Of a recipient; two writings of one address give the same.
    pub fn recipient_hash(&self, to: &Party) -> LookupHash {
        self.lookup_hash("recipient", &to.key())
    }

    /// Of a recipient's domain.
    pub fn domain_hash(&self, to: &Party) -> LookupHash {
        self.lookup_hash("domain", to.domain())
    }

    /// Of a text that was written.
    pub fn text_hash(&self, text: &str) -> LookupHash {
        self.lookup_hash("text", text)
    }

    fn lookup_hash(&self, label: &str, value: &str) -> LookupHash {
        keyed_hash(&self.lookup, &[label.as_bytes(), value.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::vault::MasterKey;
    use crate::domain::address::{EmailAddress, MessageId};

    #[test]
    fn hashes_differ_by_kind_and_by_key_but_not_by_the_writing_of_an_address() {
        let vault = Vault::new(&MasterKey::generate([1; 32]));
        let other = Vault::new(&MasterKey::generate([2; 32]));
        let address = |text| Party::Mail(EmailAddress::parse(text).unwrap());
        assert_eq!(
            vault.recipient_hash(&address("Jan@Hackegem.be")),
            vault.recipient_hash(&address("jan@hackegem.BE"))
        );
        assert_ne!(vault.text_hash("a"), vault.fingerprint_hash("a"));
        assert_ne!(vault.text_hash("a"), other.text_hash("a"));
        let id = MessageId::parse("<a@b>").unwrap();
        assert_ne!(
            vault.trace_hash(&Trace::MessageId(id)),
            vault.trace_hash(&Trace::Token("a@b".into()))
        );
    }
}

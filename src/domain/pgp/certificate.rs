//! A certificate: somebody's public keys, as one packet of bytes with a name (RFC 9580, 10.1).
//!
//! Only the mail adapter looks inside. Whether it can be used today is asked there too: keys expire.

use crate::domain::address::EmailAddress;
use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The fingerprint of a certificate's primary key, as hexadecimal digits in capitals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Takes the digits of a fingerprint, in any case.
    pub fn from_digits(digits: &str) -> Self {
        Self(digits.to_uppercase())
    }

    /// The digits without blanks.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Fingerprint {
    /// In groups of four, as people read them to each other.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, digit) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// A certificate. It names people: its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// What tells it from all others.
    pub fingerprint: Fingerprint,
    /// The addresses that it says it is for, in lower case.
    pub addresses: Vec<String>,
    /// The public keys, binary.
    #[serde(serialize_with = "as_base64", deserialize_with = "from_base64")]
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Certificate(..)")
    }
}

impl Certificate {
    /// Does it say that it is for this address?
    pub fn names(&self, address: &EmailAddress) -> bool {
        let wanted = address.key();
        self.addresses.contains(&wanted)
    }
}

fn as_base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64.encode(bytes))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    BASE64
        .decode(text.as_bytes())
        .map_err(|_| serde::de::Error::custom("not base64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_reads_in_groups() {
        let fingerprint = Fingerprint::from_digits("0123456789abcdef0123456789abcdef01234567");
        assert_eq!(
            fingerprint.to_string(),
            "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567"
        );
        assert_eq!(fingerprint.as_str().len(), 40);
    }

    #[test]
    fn it_names_addresses_in_any_case_and_comes_back_from_storage() {
        let certificate = Certificate {
            fingerprint: Fingerprint::from_digits("AB"),
            addresses: vec!["an@hackegem.example".to_owned()],
            bytes: vec![0, 255, 7],
        };
        let address = |text: &str| EmailAddress::parse(text).unwrap();
        assert!(certificate.names(&address("An@Hackegem.example")));
        assert!(!certificate.names(&address("jan@hackegem.example")));
        let kept = serde_json::to_string(&certificate).unwrap();
        assert!(serde_json::from_str::<Certificate>(&kept).unwrap() == certificate);
        assert_eq!(format!("{certificate:?}"), "Certificate(..)");
    }
}

//! Traces of an attacker found in a report: addresses, hashes, account numbers.
//!
//! Only finding and writing them harmlessly; nothing is ever opened or resolved.

use crate::domain::triage::category::closed_list;
use serde::{Deserialize, Serialize};

closed_list! {
    /// The kinds of indicator.
    IndicatorType {
        /// A web address.
        Url = "url",
        /// A domain name.
        Domain = "domain",
        /// An IPv4 address.
        Ipv4 = "ipv4",
        /// An IPv6 address.
        Ipv6 = "ipv6",
        /// A mail address.
        Email = "email",
        /// An MD5 hash.
        Md5 = "md5",
        /// A SHA-1 hash.
        Sha1 = "sha1",
        /// A SHA-256 hash.
        Sha256 = "sha256",
        /// A CVE number.
        Cve = "cve",
        /// A bank account number.
        Iban = "iban",
        /// A bitcoin address.
        Bitcoin = "bitcoin",
        /// A telephone number.
        Phone = "phone",
        /// A file name.
        File = "file",
    }
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Indicator {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: IndicatorType,
    /// The value as it would work. Never shown to people.
    pub value: String,
    /// The value so that no click can follow it.
    pub defanged: String,
}

//! How much of who a chat message claims to come from is proven.
//!
//! Encryption proves a device; the owner's signature on that device proves the person. Commands need the
//! person (Matrix: cross-signing); the server alone proves nothing to us.

use crate::domain::triage::category::closed_list;

closed_list! {
    /// What is proven about the sender of one message.
    Trust {
        /// Encrypted by a device that its owner has signed.
        SignedDevice = "signed-device",
        /// Encrypted, by a device that nobody has vouched for, or whose owner changed keys.
        UnsignedDevice = "unsigned-device",
        /// Not encrypted: the homeserver could have written it.
        ServerOnly = "server-only",
    }
}

impl Trust {
    /// Is the person proven, so that his word can command?
    pub fn proves_the_person(self) -> bool {
        self == Self::SignedDevice
    }
}

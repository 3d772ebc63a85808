//! Which account is ours, where it keeps its things, and whose invitations count.

use crate::domain::chat::ids::UserId;
use std::fmt;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// Bytes in the key of the store.
pub const KEY_BYTES: usize = 32;

/// A password, a token or a recovery key: never printed, wiped when it goes.
#[derive(Clone)]
pub struct Hidden(Zeroizing<String>);

impl Hidden {
    /// Takes a secret over; blanks around it don't count.
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.trim().to_owned()))
    }

    /// The secret itself, for the moment of its use.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(‹sealed›)")
    }
}

/// The key under which everything of this adapter lies on disk.
#[derive(Clone)]
pub struct StoreKey(Zeroizing<[u8; KEY_BYTES]>);

impl StoreKey {
    /// Takes a key over. It is a raw key: the library stretches a passphrase for seconds, and needn't.
    pub fn new(key: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(key))
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreKey(‹sealed›)")
    }
}

/// How the account proves itself at its first login.
#[derive(Debug, Clone)]
pub enum Credential {
    /// With its password; the server makes a device.
    Password(Hidden),
    /// With an access token, made by the operator of the homeserver together with a device.
    Token(Hidden),
}

/// Whose invitations are accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inviters {
    /// These people.
    pub officials: Vec<UserId>,
    /// Everybody on these servers.
    pub trusted_servers: Vec<String>,
}

/// The account, and its place on this machine.
#[derive(Debug, Clone)]
pub struct MatrixSettings {
    /// The address of the homeserver: `https://matrix.example`. Plain `http` only to this machine.
    pub homeserver: String,
    /// The authority that is trusted beside the system's (PEM).
    pub ca_file: Option<PathBuf>,
    /// The account: `@crt:matrix.example`, or its first part alone.
    pub user: String,
    /// How the first login proves itself. Later starts don't need it.
    pub credential: Option<Credential>,
    /// The name of the device, as people see it.
    pub device_name: String,
    /// Where the session and the keys lie. Nobody else may use it.
    pub folder: PathBuf,
    /// The key under which they lie there.
    pub store_key: StoreKey,
    /// Whose invitations are accepted.
    pub inviters: Inviters,
}

impl MatrixSettings {
    /// Is this the account of the settings?
    pub(super) fn is_account(&self, user: &str) -> bool {
        let local = user.trim_start_matches('@').split(':').next();
        self.user == user || local == Some(self.user.trim_start_matches('@'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_say_nothing() {
        let shown = format!(
            "{:?} {:?}",
            Hidden::new(" geheim\n"),
            StoreKey::new([7; 32])
        );
        assert!(!shown.contains("geheim") && !shown.contains('7'), "{shown}");
        assert_eq!(Hidden::new(" geheim\n").reveal(), "geheim");
    }
}

//! Passwords for mail servers: kept out of every output, wiped from memory afterwards.

use std::fmt;
use zeroize::Zeroizing;

/// A password.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes a password over.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The password itself, for the one moment of logging in.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(‹sealed›)")
    }
}

/// A user name with its password.
#[derive(Clone)]
pub struct Login {
    /// The user name.
    pub user: String,
    /// The password.
    pub password: Password,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(‹sealed›)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_says_nothing() {
        let login = Login {
            user: "crt-user".to_owned(),
            password: Password::new("geheim".to_owned()),
        };
        let shown = format!("{login:?} {:?}", login.password);
        assert!(!shown.contains("crt-user") && !shown.contains("geheim"));
    }
}

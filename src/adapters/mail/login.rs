//! Users of mail servers and what proves them: kept out of every output, wiped from memory afterwards.

use crate::adapters::mail::token::{TokenCommand, TokenError};
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

/// What proves who logs in.
#[derive(Clone)]
pub enum Proof {
    /// A password.
    Password(Password),
    /// An access token, obtained anew for each login.
    Token(TokenCommand),
}

/// A user name with what proves it.
#[derive(Clone)]
pub struct Login {
    /// The user name.
    pub user: String,
    /// What proves it.
    pub proof: Proof,
}

impl Login {
    /// What is said to the server this time.
    pub async fn credential(&self) -> Result<Credential, TokenError> {
        Ok(match &self.proof {
            Proof::Password(password) => Credential::Password(password.clone()),
            Proof::Token(command) => Credential::Token(command.token().await?),
        })
    }
}

/// What is said to a server in one login.
#[derive(Clone)]
pub enum Credential {
    /// A password.
    Password(Password),
    /// An access token.
    Token(Password),
}

impl Credential {
    /// Is it the same as this one?
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Password(one), Self::Password(another))
            | (Self::Token(one), Self::Token(another)) => one.reveal() == another.reveal(),
            _ => false,
        }
    }
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
            proof: Proof::Password(Password::new("geheim".to_owned())),
        };
        let shown = format!("{login:?} {:?}", Password::new("geheim".to_owned()));
        assert!(!shown.contains("crt-user") && !shown.contains("geheim"));
    }
}

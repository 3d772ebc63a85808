//! Access tokens for mail servers that take no password (Microsoft 365, Google): a program of the operator's
//! choice prints one, and it is sent with SASL XOAUTH2.
//!
//! How a token is obtained and renewed is that program's business: it is asked at every login to a mailbox and
//! for every mail that is sent, and should keep a token as long as that is good. Nothing is kept here.

use crate::adapters::mail::login::Password;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

/// How long the program may take: it may have to ask a server over the network.
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);
/// Longest token that is read, in bytes. Those of Microsoft have up to a few thousand.
const LONGEST: u64 = 32 * 1024;

/// A program that prints an access token and ends.
#[derive(Debug, Clone)]
pub struct TokenCommand(Vec<String>);

/// Why there is no token. What the program said is not repeated: it may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It can't be started.
    #[error("the token command can't be started")]
    NotStarted,
    /// It didn't end in time.
    #[error("the token command did not end within 20 seconds")]
    TooSlow,
    /// It said that it failed.
    #[error("the token command failed")]
    Failed,
    /// It printed nothing, several lines, or what can't be a token.
    #[error("the token command did not print one token")]
    NoToken,
}

impl TokenCommand {
    /// A program and its arguments. No shell reads them.
    pub fn new(words: Vec<String>) -> Self {
        Self(words)
    }

    /// Runs the program and reads the token.
    pub async fn token(&self) -> Result<Password, TokenError> {
        timeout(ANSWERS_WITHIN, self.run())
            .await
            .unwrap_or(Err(TokenError::TooSlow))
    }

    async fn run(&self) -> Result<Password, TokenError> {
        let (program, arguments) = self.0.split_first().ok_or(TokenError::NotStarted)?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|_| TokenError::NotStarted)?;
        let printed = child.stdout.take().ok_or(TokenError::NotStarted)?;
        let mut token = String::new();
        let read = printed.take(LONGEST + 1).read_to_string(&mut token).await;
        let token = Password::new(token);
        if token.reveal().len() as u64 > LONGEST {
            // It may go on writing for ever: it is stopped here.
            return Err(TokenError::NoToken);
        }
        let ended = child.wait().await.map_err(|_| TokenError::Failed)?;
        if !ended.success() {
            return Err(TokenError::Failed);
        }
        read.map_err(|_| TokenError::NoToken)?;
        let line = token.reveal().trim_ascii();
        // RFC 6750, 2.1: nothing else can stand in a token, so nothing can end it early.
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if line.is_empty() || !line.bytes().all(is_token) {
            return Err(TokenError::NoToken);
        }
        Ok(Password::new(line.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed_by(script: &str) -> Result<String, TokenError> {
        let words = ["sh", "-c", script].map(str::to_owned).to_vec();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let token = runtime.block_on(TokenCommand::new(words).token());
        token.map(|token| token.reveal().to_owned())
    }

    #[test]
    fn the_token_is_the_line_that_is_printed() {
        assert_eq!(printed_by("echo ya29.a0-_~+/=").unwrap(), "ya29.a0-_~+/=");
        assert_eq!(printed_by("printf token").unwrap(), "token");
    }

    #[test]
    fn what_is_no_token_is_not_sent() {
        for (script, error) in [
            ("exit 3", TokenError::Failed),
            ("echo token; exit 1", TokenError::Failed),
            ("true", TokenError::NoToken),
            ("echo; echo one; echo two", TokenError::NoToken),
            ("echo 'Error: log in again'", TokenError::NoToken),
            ("printf 'a\\001b'", TokenError::NoToken),
            ("yes a | tr -d '\\n'", TokenError::NoToken),
        ] {
            assert_eq!(printed_by(script), Err(error), "{script}");
        }
        let none = TokenCommand::new(vec!["/nonexistent/token".to_owned()]);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let failed = runtime.block_on(none.token()).map(|_| ());
        assert_eq!(failed, Err(TokenError::NotStarted));
    }
}

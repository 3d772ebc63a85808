//! Access tokens for mail servers that take no password (Microsoft 365, Google): a program of the operator's
//! choice prints one, and it is sent with SASL XOAUTH2.
//!
//! How a token is obtained and renewed is that program's business: it is asked at every login to a mailbox and
//! for every mail that is sent, and should keep a token as long as that is good. Nothing is kept here.

use crate::adapters::mail::login::Password;
use crate::domain::system_words::in_words;
use std::io::ErrorKind;
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

/// `ENOEXEC`: a script whose first line names no interpreter. The standard library has no kind for it.
const NO_INTERPRETER: i32 = 8;

/// Why there is no token, and what to do. What the program said is not repeated: it may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// There is no such program.
    #[error(
        "the token command isn't there, or the interpreter that its first line names isn't; write its whole path in token_command"
    )]
    NotFound,
    /// It may not be run.
    #[error(
        "the user of the service may not run the token command; make it executable for him (chmod +x) and the folders above it accessible"
    )]
    NotAllowed,
    /// It is a text without a first line that says what runs it.
    #[error(
        "the token command is no program; let its first line be #!/bin/sh or what else runs it"
    )]
    NoProgram,
    /// It can't be started.
    #[error("the token command can't be started: {}; run it by hand as the user of the service", in_words(*.0))]
    NotStarted(ErrorKind),
    /// It didn't end in time.
    #[error(
        "the token command did not end within 20 seconds; it must not ask anything, and answer from what it keeps where its server is slow"
    )]
    TooSlow,
    /// It said that it failed.
    #[error(
        "the token command ended with exit code {0}; run it by hand as the user of the service and look at what it says"
    )]
    Failed(i32),
    /// A signal ended it.
    #[error(
        "the token command was killed; run it by hand as the user of the service and look at what it says"
    )]
    Killed,
    /// It printed nothing.
    #[error(
        "the token command printed nothing; it must print the access token on its standard output"
    )]
    Nothing,
    /// It printed several lines, or what can't be a token.
    #[error(
        "the token command printed something else than one token; it must print the access token alone, without quotes, name or JSON around it"
    )]
    NoToken,
}

impl TokenError {
    fn at_start(error: &std::io::Error) -> Self {
        match (error.kind(), error.raw_os_error()) {
            (ErrorKind::NotFound, _) => Self::NotFound,
            (ErrorKind::PermissionDenied, _) => Self::NotAllowed,
            (_, Some(NO_INTERPRETER)) => Self::NoProgram,
            (kind, _) => Self::NotStarted(kind),
        }
    }
}

impl TokenCommand {
    /// A program and its arguments. No shell reads them.
    pub fn new(words: Vec<String>) -> Self {
        Self(words)
    }

    /// Runs the program and reads the token.
    pub async fn token(&self) -> Result<Password, TokenError> {
        self.token_within(ANSWERS_WITHIN).await
    }

    async fn token_within(&self, time: Duration) -> Result<Password, TokenError> {
        timeout(time, self.run())
            .await
            .unwrap_or(Err(TokenError::TooSlow))
    }

    async fn run(&self) -> Result<Password, TokenError> {
        let (program, arguments) = self.0.split_first().ok_or(TokenError::NotFound)?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| TokenError::at_start(&error))?;
        let printed = child.stdout.take().ok_or(TokenError::Nothing)?;
        let mut token = String::new();
        let read = printed.take(LONGEST + 1).read_to_string(&mut token).await;
        let token = Password::new(token);
        if token.reveal().len() as u64 > LONGEST {
            // It may go on writing for ever: it is stopped here.
            return Err(TokenError::NoToken);
        }
        let ended = child.wait().await.map_err(|_| TokenError::Killed)?;
        if !ended.success() {
            return Err(ended.code().map_or(TokenError::Killed, TokenError::Failed));
        }
        read.map_err(|_| TokenError::NoToken)?;
        let line = token.reveal().trim_ascii();
        // RFC 6750, 2.1: nothing else can stand in a token, so nothing can end it early.
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if line.is_empty() {
            return Err(TokenError::Nothing);
        }
        if !line.bytes().all(is_token) {
            return Err(TokenError::NoToken);
        }
        Ok(Password::new(line.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn printed_by(script: &str) -> Result<String, TokenError> {
        answer_of(&["sh", "-c", script])
    }

    fn answer_of(words: &[&str]) -> Result<String, TokenError> {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
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
            ("exit 3", TokenError::Failed(3)),
            ("echo token; exit 1", TokenError::Failed(1)),
            ("kill -9 $$", TokenError::Killed),
            ("true", TokenError::Nothing),
            ("echo; echo '  '", TokenError::Nothing),
            ("echo; echo one; echo two", TokenError::NoToken),
            ("echo 'Error: log in again'", TokenError::NoToken),
            ("printf 'a\\001b'", TokenError::NoToken),
            ("yes a | tr -d '\\n'", TokenError::NoToken),
        ] {
            assert_eq!(printed_by(script), Err(error), "{script}");
        }
    }

    #[test]
    fn what_can_not_be_started_is_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let made = |name: &str, text: &str, mode: u32| {
            let file = dir.path().join(name);
            std::fs::write(&file, text).unwrap();
            let rights = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(&file, rights).unwrap();
            file.display().to_string()
        };
        for (program, error) in [
            ("/nonexistent/token".to_owned(), TokenError::NotFound),
            (
                made("lost", "#!/nonexistent/sh\n", 0o755),
                TokenError::NotFound,
            ),
            (made("text", "echo token\n", 0o644), TokenError::NotAllowed),
            (made("bare", "echo token\n", 0o755), TokenError::NoProgram),
        ] {
            assert_eq!(answer_of(&[&program]), Err(error), "{program}");
        }
    }

    #[test]
    fn one_that_is_too_slow_is_stopped() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let words = ["sleep", "3600"].map(str::to_owned).to_vec();
        let failed =
            runtime.block_on(TokenCommand::new(words).token_within(Duration::from_millis(50)));
        assert_eq!(failed.map(|_| ()), Err(TokenError::TooSlow));
    }

    #[test]
    fn each_message_names_what_to_do_and_nothing_that_was_printed() {
        for (script, expected) in [
            ("echo geheim; exit 3", "exit code 3; run it by hand"),
            ("true", "must print the access token"),
            ("echo '{\"access_token\": \"geheim\"}'", "without quotes"),
        ] {
            let said = printed_by(script).unwrap_err().to_string();
            assert!(
                said.contains(expected) && !said.contains("geheim"),
                "{said}"
            );
        }
    }
}

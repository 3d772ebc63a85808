//! What can be wrong with our account on its homeserver, each as one sentence with its remedy. Never holds
//! what the server said.

use crate::adapters::matrix::failure::trouble_of;
use crate::app::ports::rooms::RoomFailure;
use crate::domain::system_words::in_words;
use std::io;

/// Why the account can't be used.
#[derive(Debug, thiserror::Error)]
pub enum MatrixError {
    /// The address of the homeserver can't be one.
    #[error(
        "matrix.homeserver is no usable address; write https://matrix.example (http only for this machine itself)"
    )]
    Address,
    /// The file with certificates can't be used.
    #[error("matrix.ca_file can't be used: {}", in_words(*.0))]
    CaFile(io::ErrorKind),
    /// The folder of the adapter can't be used.
    #[error("the folder for Matrix in store.data_dir can't be used: {}", in_words(*.0))]
    Folder(io::ErrorKind),
    /// Another process holds the folder.
    #[error("another process uses the Matrix session of this data directory; stop it first")]
    InUse,
    /// There is a session already.
    #[error(
        "this data directory has a Matrix session already; a second login would lose the keys of the first, so nothing was done"
    )]
    AlreadyLoggedIn,
    /// There is no session yet.
    #[error("there is no Matrix session yet; run: eerstelijn matrix init")]
    NoSession,
    /// The session or the keys don't open.
    #[error(
        "the Matrix session doesn't open with this master key; put back the right store.key_file, or remove the folder and log in again"
    )]
    Sealed,
    /// The session belongs to another account.
    #[error("the Matrix session belongs to another account than matrix.user names")]
    OtherAccount,
    /// Neither password nor token.
    #[error("the first login needs matrix.password_file or matrix.token_file")]
    NoCredential,
    /// The server refused user name, password or token.
    #[error(
        "the homeserver refused the login; check matrix.user and matrix.password_file or token_file"
    )]
    WrongLogin,
    /// The session is no longer valid.
    #[error(
        "the homeserver no longer accepts this session; remove the folder for Matrix in store.data_dir and run: eerstelijn matrix init"
    )]
    LoginLost,
    /// No connection.
    #[error(
        "the homeserver can't be reached; check matrix.homeserver, its certificate and the firewall"
    )]
    Unreachable,
    /// Too many requests.
    #[error("the homeserver asks for patience; try again in a few minutes")]
    RateLimited,
    /// The server refused something else.
    #[error("the homeserver refuses what encryption needs; ask its operator")]
    Refused,
    /// The account was set up before and its recovery key isn't here.
    #[error(
        "this account has a recovery key already; put it into the file that matrix.recovery_key_file names"
    )]
    NeedsRecoveryKey,
    /// The recovery key doesn't open the account's secrets.
    #[error("the recovery key doesn't open this account's secrets; check matrix.recovery_key_file")]
    WrongRecoveryKey,
    /// The account has an identity whose keys nobody has, and only its password can replace it.
    #[error(
        "this account has an identity without a recovery key; only its password can replace it: name matrix.password_file"
    )]
    NeedsPassword,
    /// Something inside the library failed.
    #[error("the Matrix library failed; try again")]
    Library,
}

impl From<&matrix_sdk::Error> for MatrixError {
    fn from(error: &matrix_sdk::Error) -> Self {
        Self::from(trouble_of(error).failure)
    }
}

impl From<matrix_sdk::Error> for MatrixError {
    fn from(error: matrix_sdk::Error) -> Self {
        Self::from(&error)
    }
}

impl From<RoomFailure> for MatrixError {
    fn from(failure: RoomFailure) -> Self {
        match failure {
            RoomFailure::Unreachable => Self::Unreachable,
            RoomFailure::RateLimited => Self::RateLimited,
            RoomFailure::Login => Self::LoginLost,
            RoomFailure::Forbidden
            | RoomFailure::NotInRoom
            | RoomFailure::NotEncrypted
            | RoomFailure::NotAlone
            | RoomFailure::Unsendable => Self::Refused,
        }
    }
}

//! What an error of the library or the homeserver means: once classified, nobody reads its text.

use crate::app::ports::rooms::{RoomFailure, RoomOutcome};
use jiff::SignedDuration;
use matrix_sdk::ruma::api::error::{ErrorKind, RetryAfter};
use matrix_sdk::{Error, HttpError};
use matrix_sdk_base::crypto::OlmError;

/// An error as it matters to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trouble {
    /// What it is.
    pub(super) failure: RoomFailure,
    /// Whether trying again makes sense.
    pub(super) again: Again,
}

/// Whether trying again makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// Later; not before this, where the server said so.
    Later(Option<SignedDuration>),
    /// No.
    Never,
}

impl Trouble {
    pub(super) fn later(failure: RoomFailure) -> Self {
        Self {
            failure,
            again: Again::Later(None),
        }
    }

    pub(super) fn never(failure: RoomFailure) -> Self {
        Self {
            failure,
            again: Again::Never,
        }
    }

    /// Can it work later?
    pub(super) fn passes(self) -> bool {
        matches!(self.again, Again::Later(_))
    }
}

impl From<Trouble> for RoomOutcome {
    fn from(trouble: Trouble) -> Self {
        match trouble.again {
            Again::Later(after) => Self::Retry {
                failure: trouble.failure,
                after,
            },
            Again::Never => Self::GivenUp(trouble.failure),
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        trouble_of(&error)
    }
}

impl From<HttpError> for Trouble {
    fn from(error: HttpError) -> Self {
        trouble_of_http(&error)
    }
}

/// What an error of the library means.
pub(super) fn trouble_of(error: &Error) -> Trouble {
    match error {
        Error::Http(http) => trouble_of_http(http),
        Error::WrongRoomState(_) => Trouble::never(RoomFailure::NotInRoom),
        Error::SerdeJson(_) => Trouble::never(RoomFailure::Unsendable),
        Error::AuthenticationRequired => Trouble::later(RoomFailure::Login),
        // Our own device isn't signed: nobody would get the keys.
        Error::OlmError(olm)
            if matches!(olm.as_ref(), OlmError::SessionRecipientCollectionError(_)) =>
        {
            Trouble::later(RoomFailure::Login)
        }
        // The library's own store, or something passing inside it.
        _ => Trouble::later(RoomFailure::Unreachable),
    }
}

/// What a homeserver's answer, or its absence, means.
pub(super) fn trouble_of_http(error: &HttpError) -> Trouble {
    match error {
        HttpError::Cached(inner) => return trouble_of_http(inner),
        HttpError::Reqwest(_) => return Trouble::later(RoomFailure::Unreachable),
        HttpError::RefreshToken(_) => return Trouble::later(RoomFailure::Login),
        HttpError::IntoHttp(_) => return Trouble::never(RoomFailure::Unsendable),
        HttpError::Api(_) => {}
    }
    if error.as_uiaa_response().is_some() {
        return Trouble::never(RoomFailure::Forbidden);
    }
    let Some(answer) = error.as_client_api_error() else {
        // A proxy in front of a homeserver that is away answers with a page of its own.
        return Trouble::later(RoomFailure::Unreachable);
    };
    by_kind(answer.error_kind()).unwrap_or_else(|| by_status(answer.status_code.as_u16()))
}

fn by_kind(kind: Option<&ErrorKind>) -> Option<Trouble> {
    Some(match kind? {
        ErrorKind::LimitExceeded(limit) => Trouble {
            failure: RoomFailure::RateLimited,
            again: Again::Later(match limit.retry_after {
                Some(RetryAfter::Delay(delay)) => SignedDuration::try_from(delay).ok(),
                Some(RetryAfter::DateTime(_)) | None => None,
            }),
        },
        ErrorKind::UnknownToken(_)
        | ErrorKind::MissingToken
        | ErrorKind::Unauthorized
        | ErrorKind::UserDeactivated => Trouble::later(RoomFailure::Login),
        ErrorKind::Forbidden
        | ErrorKind::GuestAccessForbidden
        | ErrorKind::InviteBlocked
        | ErrorKind::UserLocked
        | ErrorKind::UserSuspended => Trouble::never(RoomFailure::Forbidden),
        ErrorKind::NotFound => Trouble::never(RoomFailure::NotInRoom),
        ErrorKind::TooLarge
        | ErrorKind::BadJson
        | ErrorKind::NotJson
        | ErrorKind::InvalidParam
        | ErrorKind::MissingParam => Trouble::never(RoomFailure::Unsendable),
        _ => return None,
    })
}

fn by_status(status: u16) -> Trouble {
    match status {
        429 => Trouble::later(RoomFailure::RateLimited),
        401 => Trouble::later(RoomFailure::Login),
        404 => Trouble::never(RoomFailure::NotInRoom),
        413 => Trouble::never(RoomFailure::Unsendable),
        400..=499 => Trouble::never(RoomFailure::Forbidden),
        _ => Trouble::later(RoomFailure::Unreachable),
    }
}

//! What the operating system says no with, in words for people. Its own words ("entity not found") are for
//! programmers, and for some failures it has none.

use std::io::ErrorKind;

/// Why the system refused something, to be read after "can't read FILE: ".
pub fn in_words(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotFound => "there is nothing of that name",
        ErrorKind::AlreadyExists => "there is something of that name already",
        ErrorKind::PermissionDenied => "this user isn't allowed to",
        ErrorKind::NotADirectory => "a part of the path is no folder",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::DirectoryNotEmpty => "the folder isn't empty",
        ErrorKind::ReadOnlyFilesystem => "nothing can be written on that disk",
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::QuotaExceeded => "no more room is allowed to this user",
        ErrorKind::FileTooLarge => "it is too large",
        ErrorKind::ResourceBusy => "another program uses it",
        ErrorKind::InvalidData => "what is in it can't be understood",
        ErrorKind::InvalidInput | ErrorKind::InvalidFilename => "the name can't be used",
        ErrorKind::UnexpectedEof => "it ended too early",
        ErrorKind::OutOfMemory => "there is not enough memory",
        ErrorKind::Unsupported => "this system can't do that",
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "no answer came in time",
        ErrorKind::ConnectionRefused => "nothing listens there",
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::NotConnected
        | ErrorKind::BrokenPipe => "the connection was lost",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            "there is no way to it in the network"
        }
        ErrorKind::AddrInUse | ErrorKind::AddrNotAvailable => "the address can't be used",
        // Also what has no kind, such as too many open files.
        _ => "the system gave no reason that has a name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_programmers_is_left() {
        for kind in [
            ErrorKind::NotFound,
            ErrorKind::PermissionDenied,
            ErrorKind::NotADirectory,
            ErrorKind::ConnectionRefused,
            ErrorKind::UnexpectedEof,
            ErrorKind::StorageFull,
            ErrorKind::Other,
            std::io::Error::from_raw_os_error(24).kind(),
        ] {
            let words = in_words(kind);
            assert_ne!(words, kind.to_string());
            for jargon in ["entity", "uncategorized", "error", "operation", "file"] {
                assert!(!words.contains(jargon), "{words}");
            }
        }
    }
}

//! How connections to mail servers are encrypted, the same for IMAP and SMTP.
//!
//! There is no switch that accepts a wrong certificate: an own authority is named with `ca_file`.

use crate::domain::system_words::in_words;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte on (RFC 8314).
    Implicit,
    /// After a plain greeting; a server that doesn't offer it is refused.
    StartTls,
    /// Not at all; only to this machine itself.
    None,
}

/// Why no encrypted connection can be set up, before a server is asked.
#[derive(Debug, thiserror::Error)]
pub enum TlsSetupError {
    /// The file with certificates can't be read.
    #[error("ca_file can't be read: {}", in_words(*.0))]
    CaFile(std::io::ErrorKind),
    /// The file with certificates holds none that is usable.
    #[error("ca_file holds no usable certificate")]
    NoCertificate,
    /// The TLS library or the system's certificates don't work.
    #[error("TLS is not available: {0}")]
    Library(String),
    /// A connection without TLS to another machine.
    #[error("tls = \"none\" is allowed only for this machine itself")]
    PlainToOtherMachine,
}

/// Is this host the machine itself, so that a plain connection never leaves it?
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Refuses a plain connection to anywhere but this machine.
pub fn check_plain(tls: Tls, host: &str) -> Result<(), TlsSetupError> {
    match tls {
        Tls::None if !is_loopback(host) => Err(TlsSetupError::PlainToOtherMachine),
        Tls::None | Tls::Implicit | Tls::StartTls => Ok(()),
    }
}

/// The bytes of a file of certificates in PEM form, with at least one inside.
pub fn read_ca_file(path: &Path) -> Result<Vec<u8>, TlsSetupError> {
    let pem = std::fs::read(path).map_err(|error| TlsSetupError::CaFile(error.kind()))?;
    match CertificateDer::pem_slice_iter(&pem).next() {
        Some(Ok(_)) => Ok(pem),
        _ => Err(TlsSetupError::NoCertificate),
    }
}

/// A client that trusts the authorities in `ca_file` and no others, or the system's without one.
pub fn client_config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, TlsSetupError> {
    let library = |error: rustls::Error| TlsSetupError::Library(error.to_string());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(library)?;
    let builder = match ca_file {
        None => builder.with_platform_verifier().map_err(library)?,
        Some(path) => {
            let pem = read_ca_file(path)?;
            let mut roots = RootCertStore::empty();
            let certificates = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok);
            let (usable, _) = roots.add_parsable_certificates(certificates);
            if usable == 0 {
                return Err(TlsSetupError::NoCertificate);
            }
            builder.with_root_certificates(roots)
        }
    };
    Ok(Arc::new(builder.with_no_client_auth()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_only_to_this_machine() {
        for host in [
            "localhost",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "[::1]",
            "LOCALHOST",
        ] {
            assert!(check_plain(Tls::None, host).is_ok(), "{host}");
        }
        for host in [
            "mx.crt.example",
            "10.0.0.1",
            "localhost.evil.example",
            "::2",
            "",
        ] {
            assert!(check_plain(Tls::None, host).is_err(), "{host}");
            assert!(check_plain(Tls::StartTls, host).is_ok(), "{host}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(
            client_config(Some(file.path())),
            Err(TlsSetupError::NoCertificate)
        ));
        assert!(matches!(
            client_config(Some(Path::new("/nowhere/ca.pem"))),
            Err(TlsSetupError::CaFile(std::io::ErrorKind::NotFound))
        ));
    }
}

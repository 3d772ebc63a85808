//! Handing mail to our server over SMTP, and saying once what became of it.
//!
//! Whether and when to try again is not decided here. After a lost reply the mail may have been
//! taken: SMTP has no exactly-once (RFC 1047).

use crate::adapters::mail::login::{Credential, Login, Proof};
use crate::adapters::mail::tls::{Tls, TlsSetupError, check_plain, read_ca_file};
use crate::app::ports::mail::{Delivery, MailSender, SendFailure};
use crate::app::ports::outgoing::OutgoingMail;
use crate::domain::address::EmailAddress;
use crate::domain::tlp::Protection;
use async_trait::async_trait;
use lettre::address::Envelope;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS, Mechanism};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, Tls as LettreTls, TlsParameters,
};
use lettre::transport::smtp::commands::Mail;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{Address, AsyncTransport, Tokio1Executor};
use std::error::Error as _;
use std::fmt;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;
use tokio::time::timeout;

/// How long a connection may take to come up.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long one mail may take in all. lettre itself bounds only the connecting.
const SEND_WITHIN: Duration = Duration::from_mins(1);
/// How long asking may take after a refusal: with the mail itself, less than its row is held.
const ASK_WITHIN: Duration = Duration::from_secs(20);
/// How long an idle connection is kept; servers drop them silently after a while.
const IDLE_FOR: Duration = Duration::from_secs(20);
/// Connections kept at most.
const MOST_CONNECTIONS: u32 = 4;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Where and how mail is handed over.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// The authorities that are trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Who logs in, where the server wants that.
    pub login: Option<Login>,
    /// The name we say hello with: our own host name.
    pub hello_name: String,
}

/// Sends mail with lettre.
pub struct SmtpSender {
    settings: SmtpSettings,
    ready: RwLock<Ready>,
}

/// The connections that are kept, and what new ones log in with.
struct Ready {
    transport: Transport,
    credential: Option<Credential>,
}

impl fmt::Debug for SmtpSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSender")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl SmtpSender {
    /// Sets up sending; no connection is made yet.
    pub fn new(settings: SmtpSettings) -> Result<Self, TlsSetupError> {
        let credential = match settings.login.as_ref().map(|login| &login.proof) {
            Some(Proof::Password(password)) => Some(Credential::Password(password.clone())),
            // Obtained when it is needed.
            Some(Proof::Token(_)) | None => None,
        };
        let transport = transport_for(&settings, credential.as_ref())?;
        let ready = RwLock::new(Ready {
            transport,
            credential,
        });
        Ok(Self { settings, ready })
    }

    /// Connects, encrypts and logs in, and sends nothing.
    pub async fn test_connection(&self) -> Result<(), SendFailure> {
        let transport = self.transport().await?;
        match timeout(SEND_WITHIN, transport.test_connection()).await {
            Err(_) => Err(SendFailure::TimedOut),
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(SendFailure::Unreachable),
            Ok(Err(error)) => match classify(&error) {
                Delivery::Retry(failure) | Delivery::GivenUp(failure) => Err(failure),
                Delivery::Done => Ok(()),
            },
        }
    }

    /// Would the server take mail of this sender? Goes as far as `MAIL FROM`, and sends nothing.
    pub async fn test_sender(&self, from: Option<&EmailAddress>) -> Result<(), SendFailure> {
        let from = from.map(|from| from.as_str().parse()).transpose();
        let from = from.map_err(|_| SendFailure::Unsendable)?;
        match timeout(ASK_WITHIN, self.offer(from)).await {
            Err(_) => Err(SendFailure::TimedOut),
            Ok(offered) => offered.map_err(|error| match classify(&error) {
                Delivery::Retry(failure) | Delivery::GivenUp(failure) => failure,
                Delivery::Done => SendFailure::RefusedForNow,
            }),
        }
    }

    /// The connections to send on. Where a token is what logs in, it is asked for each time: an old one may
    /// have run out, and connections that were opened with it are let go.
    async fn transport(&self) -> Result<Transport, SendFailure> {
        if let Some(login) = &self.settings.login
            && matches!(login.proof, Proof::Token(_))
        {
            let credential = login.credential().await.map_err(|error| {
                tracing::warn!(outcome = %error, "There is no token to log in for sending");
                SendFailure::Login
            })?;
            let current = self.read().credential.clone();
            if current.is_none_or(|current| !current.is(&credential)) {
                self.make_ready(Some(credential))
                    .map_err(|_| SendFailure::Tls)?;
            }
        }
        Ok(self.read().transport.clone())
    }

    fn read(&self) -> RwLockReadGuard<'_, Ready> {
        self.ready.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn make_ready(&self, credential: Option<Credential>) -> Result<(), TlsSetupError> {
        let transport = transport_for(&self.settings, credential.as_ref())?;
        let mut ready = self.ready.write().unwrap_or_else(PoisonError::into_inner);
        *ready = Ready {
            transport,
            credential,
        };
        Ok(())
    }

    /// Does the server greet us, and take mail of this sender? Asked after a refusal: where it does not, the
    /// refusal was about us or our bounce address, and every mail would be lost.
    async fn would_take(&self, envelope: &Envelope) -> bool {
        let asked = timeout(ASK_WITHIN, self.offer(envelope.from().cloned())).await;
        matches!(asked, Ok(Ok(())))
    }

    /// Goes as far as `MAIL FROM` on a connection of its own.
    async fn offer(&self, from: Option<Address>) -> Result<(), SmtpError> {
        let settings = &self.settings;
        let name = ClientId::Domain(settings.hello_name.clone());
        let tls = match settings.tls {
            Tls::None => None,
            Tls::Implicit | Tls::StartTls => tls_parameters(settings).ok(),
        };
        let at_once = tls.clone().filter(|_| settings.tls == Tls::Implicit);
        let server = (settings.host.as_str(), settings.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT_WITHIN), &name, at_once, None)
                .await?;
        if settings.tls == Tls::StartTls
            && let Some(tls) = tls
        {
            connection.starttls(tls, &name).await?;
        }
        let credential = self.read().credential.clone();
        if let Some((credentials, mechanisms)) = spoken(settings, credential.as_ref()) {
            connection.auth(mechanisms, &credentials).await?;
        }
        let offered = connection.command(Mail::new(from, Vec::new())).await;
        // It has said what was asked; how it takes the goodbye doesn't matter.
        let _ = connection.quit().await;
        offered.map(|_| ())
    }

    /// Forgets all connections: one that was given up on may be in the middle of a mail, and would
    /// go back to the pool like that.
    fn start_afresh(&self) {
        let credential = self.read().credential.clone();
        // The settings made a transport before, so they make one now.
        let _ = self.make_ready(credential);
    }
}

#[async_trait]
impl MailSender for SmtpSender {
    fn protection(&self) -> Protection {
        match check_plain(self.settings.tls, &self.settings.host) {
            Ok(()) => Protection::EnforcedTls,
            Err(_) => Protection::Plain,
        }
    }

    fn server(&self) -> String {
        format!("{}:{}", self.settings.host, self.settings.port)
    }

    async fn send(&self, mail: &OutgoingMail) -> Delivery {
        let Some(envelope) = envelope_of(mail) else {
            return Delivery::GivenUp(SendFailure::Unsendable);
        };
        let transport = match self.transport().await {
            Ok(transport) => transport,
            Err(failure) => return Delivery::Retry(failure),
        };
        // lettre ends the mail with a line end of its own.
        let bytes = mail.bytes.strip_suffix(b"\r\n").unwrap_or(&mail.bytes);
        match timeout(SEND_WITHIN, transport.send_raw(&envelope, bytes)).await {
            Err(_) => {
                self.start_afresh();
                Delivery::Retry(SendFailure::TimedOut)
            }
            Ok(Ok(_)) => Delivery::Done,
            Ok(Err(error)) => match classify(&error) {
                // The reply alone doesn't say whether it was about this mail.
                Delivery::GivenUp(SendFailure::Refused) if !self.would_take(&envelope).await => {
                    Delivery::Retry(SendFailure::ServerRefuses)
                }
                delivery => delivery,
            },
        }
    }
}

fn transport_for(
    settings: &SmtpSettings,
    credential: Option<&Credential>,
) -> Result<Transport, TlsSetupError> {
    check_plain(settings.tls, &settings.host)?;
    let tls = match settings.tls {
        Tls::None => LettreTls::None,
        Tls::Implicit => LettreTls::Wrapper(tls_parameters(settings)?),
        Tls::StartTls => LettreTls::Required(tls_parameters(settings)?),
    };
    let pool = PoolConfig::new()
        .max_size(MOST_CONNECTIONS)
        .idle_timeout(IDLE_FOR);
    let mut builder = Transport::builder_dangerous(&settings.host)
        .port(settings.port)
        .tls(tls)
        .timeout(Some(CONNECT_WITHIN))
        .hello_name(ClientId::Domain(settings.hello_name.clone()))
        .pool_config(pool);
    if let Some((credentials, mechanisms)) = spoken(settings, credential) {
        builder = builder
            .credentials(credentials)
            .authentication(mechanisms.to_vec());
    }
    Ok(builder.build())
}

/// What is said at a login, and in which ways it may be said.
fn spoken(
    settings: &SmtpSettings,
    credential: Option<&Credential>,
) -> Option<(Credentials, &'static [Mechanism])> {
    let user = settings.login.as_ref()?.user.clone();
    let (secret, mechanisms) = match credential? {
        Credential::Password(password) => (password, DEFAULT_MECHANISMS),
        Credential::Token(token) => (token, [Mechanism::Xoauth2].as_slice()),
    };
    let credentials = Credentials::new(user, secret.reveal().to_owned());
    Some((credentials, mechanisms))
}

fn tls_parameters(settings: &SmtpSettings) -> Result<TlsParameters, TlsSetupError> {
    let library = |error: SmtpError| TlsSetupError::Library(error.to_string());
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let pem = read_ca_file(path)?;
        let authorities = Certificate::from_pem(&pem).map_err(|_| TlsSetupError::NoCertificate)?;
        builder = builder
            .certificate_store(CertificateStore::None)
            .add_root_certificate(authorities);
    }
    builder.build_rustls().map_err(library)
}

fn envelope_of(mail: &OutgoingMail) -> Option<Envelope> {
    let from = match &mail.envelope_from {
        None => None,
        Some(from) => Some(from.as_str().parse::<Address>().ok()?),
    };
    let to = mail.to.as_str().parse::<Address>().ok()?;
    Envelope::new(from, vec![to]).ok()
}

/// What a failure means.
fn classify(error: &SmtpError) -> Delivery {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    if error.is_permanent() {
        let code = error.status().map(u16::from).unwrap_or_default();
        return permanent(code, &said);
    }
    if error.is_transient() {
        return Delivery::Retry(SendFailure::RefusedForNow);
    }
    if error.is_tls() || is_about_tls(error) {
        return Delivery::Retry(SendFailure::Tls);
    }
    if error.is_client() {
        return unsupported(&said);
    }
    // A server that speaks no SMTP is as good as none.
    Delivery::Retry(SendFailure::Unreachable)
}

/// A 5xx reply. Wrong or missing credentials are ours to repair, and so is a session out of step;
/// neither says anything about the mail.
fn permanent(code: u16, said: &str) -> Delivery {
    let enhanced = said.split_whitespace().next().unwrap_or_default();
    let login = matches!(code, 530 | 534 | 535 | 538)
        || matches!(
            enhanced,
            "5.7.0" | "5.7.3" | "5.7.8" | "5.7.9" | "5.7.57" | "5.7.139"
        );
    if login {
        Delivery::Retry(SendFailure::Login)
    } else if code == 503 || enhanced.starts_with("5.5.") {
        Delivery::Retry(SendFailure::RefusedForNow)
    } else if is_about_the_mail(code, enhanced) {
        Delivery::GivenUp(SendFailure::Refused)
    } else {
        Delivery::Retry(SendFailure::ServerRefuses)
    }
}

/// Does the reply speak of the recipient or the content (RFC 3463, 3)? Where there is no enhanced code, the
/// plain ones for a mailbox count (RFC 5321, 4.2.3). All else, from a relay that is not ours to a server that
/// takes no mail at all, can be repaired, and then the mail must still be there.
fn is_about_the_mail(code: u16, enhanced: &str) -> bool {
    let is_enhanced = enhanced.starts_with("5.") && enhanced.split('.').count() == 3;
    if !is_enhanced {
        return matches!(code, 550..=553);
    }
    matches!(enhanced, "5.1.1" | "5.1.2" | "5.1.3" | "5.1.10" | "5.3.4")
        || enhanced.starts_with("5.2.")
        || enhanced.starts_with("5.6.")
}

/// lettre itself refused to go on, because the server can't do something.
fn unsupported(said: &str) -> Delivery {
    let said = said.to_ascii_lowercase();
    if said.contains("starttls") {
        Delivery::Retry(SendFailure::Tls)
    } else if said.contains("authentication") || said.contains("challenge") {
        // A token that is refused is answered with a challenge (XOAUTH2), which lettre doesn't expect.
        Delivery::Retry(SendFailure::Login)
    } else {
        // SMTPUTF8 or 8BITMIME is missing, or the mail itself is wrong.
        Delivery::GivenUp(SendFailure::Unsendable)
    }
}

/// Is there a TLS failure somewhere behind this? lettre reports a failed handshake as a connection
/// that failed.
fn is_about_tls(error: &SmtpError) -> bool {
    let mut source = error.source();
    while let Some(inner) = source {
        if inner.is::<rustls::Error>() {
            return true;
        }
        let io = inner.downcast_ref::<std::io::Error>();
        if io
            .and_then(std::io::Error::get_ref)
            .and_then(|e| e.downcast_ref::<rustls::Error>())
            .is_some()
        {
            return true;
        }
        source = inner.source();
    }
    false
}

#[cfg(test)]
#[path = "smtp_tests.rs"]
mod tests;

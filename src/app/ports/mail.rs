//! Mail, as the application asks for it: taking apart, writing out, sending.

use crate::app::ports::arrival::Extent;
use crate::app::ports::outgoing::OutgoingMail;
use crate::domain::address::EmailAddress;
use crate::domain::intake::message::IncomingMail;
use crate::domain::intake::sender::{Authentication, Verdict};
use crate::domain::letter::Letter;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::tlp::Protection;
use crate::domain::triage::category::closed_list;
use async_trait::async_trait;

/// What is known of the road from our border server to a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Border {
    /// The names under which our own servers record checks of the sender (RFC 8601). None: nobody is proven.
    pub authserv_ids: Vec<String>,
    /// How many `Received` lines our own servers put above that record, a local delivery not counted.
    pub own_hops: usize,
}

impl From<Vec<String>> for Border {
    /// A border with nothing behind it but the delivery.
    fn from(authserv_ids: Vec<String>) -> Self {
        Self {
            authserv_ids,
            own_hops: 0,
        }
    }
}

/// Takes a mail apart. Never fails and never panics: what can't be read is a defect.
pub trait MailReader: Send + Sync {
    /// The mail in parts. With [`Extent::Beginning`] the defect `TooLarge` is noted.
    fn read(&self, raw: &[u8], extent: Extent) -> IncomingMail;
    /// What trusted servers recorded about the sender (RFC 8601).
    fn authentication(&self, mail: &IncomingMail, border: &Border) -> Authentication;
}

/// Checks the signatures of a mail ourselves (DKIM, RFC 6376): for a border server that records nothing.
#[async_trait]
pub trait DkimVerifier: Send + Sync {
    /// What the signatures of the domain of this sender say, aligned as DMARC asks for (RFC 7489, 3.1). Takes at most a
    /// few seconds: a name server that doesn't answer leaves it open ([`Verdict::Neutral`]). Nobody else's signatures are
    /// looked at, nor is a mail that two programs may read differently.
    async fn verify(&self, raw: &[u8], from: &EmailAddress) -> Verdict;
}

/// Writes a mail out as bytes.
pub trait MailComposer: Send + Sync {
    /// The exact bytes of a mail, the same for the same letter.
    fn compose(&self, letter: &Letter) -> Vec<u8>;
    /// The mail signed by the team and encrypted to this certificate, its subject hidden (RFC 3156, RFC 9788).
    /// Nothing where that can't be done: then it must not go in the open instead.
    fn seal(&self, letter: &Letter, to: &Certificate) -> Option<Vec<u8>>;
}

closed_list! {
    /// Why a mail was not taken, as a closed word.
    SendFailure {
        /// No connection.
        Unreachable = "unreachable",
        /// The server's certificate isn't right.
        Tls = "tls",
        /// The server did not answer in time; it may have taken the mail.
        TimedOut = "timed-out",
        /// Wrong user name or password.
        Login = "login",
        /// The server refused for now (4xx).
        RefusedForNow = "refused-for-now",
        /// The server refused this mail for good: the recipient or the content (5xx).
        Refused = "refused",
        /// The server refuses us, our sender or all mail (5xx): somebody has to repair that.
        ServerRefuses = "server-refuses",
        /// The mail or an address can't be sent by this server.
        Unsendable = "unsendable",
    }
}

/// What sending did, classified once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The server took it.
    Done,
    /// It may work later.
    Retry(SendFailure),
    /// It will not work.
    GivenUp(SendFailure),
}

/// Sends mail.
#[async_trait]
pub trait MailSender: Send + Sync {
    /// Hands a mail to the server and says what became of it.
    async fn send(&self, mail: &OutgoingMail) -> Delivery;

    /// How a mail is protected on the way to that server.
    fn protection(&self) -> Protection;

    /// The server that takes it, for logs.
    fn server(&self) -> String {
        "the mail server".to_owned()
    }
}

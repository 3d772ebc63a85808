//! The own check of DKIM signatures (RFC 6376), by mail-auth, with the keys that the DNS gives.
//!
//! Stricter than the standard asks, because what passes here opens a ticket's number to its sender: only signatures of
//! the sender's own domain, over sender, subject, what says where the parts begin, and the whole body (no `l=`, 8.2); no
//! SHA-1 (RFC 8301), no signature in the name of a third party, no key under test (3.6.1); and no mail that another
//! program may read otherwise than we do, as one with a field twice that may stand once (8.15): who adds a second
//! subject above the signed one keeps the signature, and we would read his.

use crate::adapters::mail::parse::fields::{Header, Overflow, canonical_lines, split_header};
use crate::adapters::mail::parse::media::media_of;
use crate::app::ports::mail::DkimVerifier;
use crate::domain::address::EmailAddress;
use crate::domain::intake::alignment::is_aligned;
use crate::domain::intake::sender::Verdict;
use async_trait::async_trait;
use futures_util::FutureExt as _;
use mail_auth::common::crypto::Algorithm;
use mail_auth::common::verify::DomainKey;
use mail_auth::dkim::{DkimError, Signature};
use mail_auth::hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts,
};
use mail_auth::hickory_resolver::system_conf::read_system_conf;
use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, Error, MessageAuthenticator, Parameters,
    ResolverCache, Txt,
};
use std::borrow::Borrow;
use std::hash::Hash;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long the whole check may take. Somebody waits for first help, and all who wrote after him.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long one question to one name server may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);
/// How long a domain is left alone after nobody answered for it: a flood of mail during an outage must not wait for each.
const LEFT_ALONE: Duration = Duration::from_secs(60);
/// So many domains without an answer are no longer their own fault: then all are left alone.
const OUTAGE: usize = 3;
/// Most signatures of one mail that are checked. Servers that sign with both kinds of keys add two.
const MOST_SIGNATURES: usize = 4;
/// Longest signature that is looked at, in bytes, and most fields that one may cover: mail-auth takes a time that grows
/// with the square of their number, before it knows whether the signature is good.
const LONGEST_SIGNATURE: usize = 8 * 1024;
const MOST_COVERED: usize = 100;
/// The flag `t=y` of a key: its owner is trying out (RFC 6376, 3.6.1), as mail-auth keeps it.
const UNDER_TEST: u64 = 0x10;
/// Fields that say who, what, to whom and how it is read; each may stand once (RFC 5322, 3.6; RFC 2045, 4).
const ONCE: [&str; 13] = [
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// The name servers can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the name servers of this machine can't be read: {0}")]
pub struct NoNameServers(String);

/// Checks signatures with keys from the DNS.
pub struct DnsDkimVerifier {
    authenticator: MessageAuthenticator,
    unanswered: Mutex<Unanswered>,
}

/// The domains for which nobody answered of late, each once.
#[derive(Debug, Default)]
struct Unanswered(Vec<(String, Instant)>);

impl Unanswered {
    /// Is it too early to ask for this domain again?
    fn leaves_alone(&mut self, domain: &str, now: Instant) -> bool {
        self.0
            .retain(|(_, at)| now.saturating_duration_since(*at) < LEFT_ALONE);
        self.0.len() >= OUTAGE || self.0.iter().any(|(known, _)| known == domain)
    }

    fn note(&mut self, domain: &str, now: Instant) {
        self.0.retain(|(known, _)| known != domain);
        self.0.push((domain.to_owned(), now));
    }
}

impl DnsDkimVerifier {
    /// One that asks these name servers; none: those of this machine.
    pub fn asking(servers: &[SocketAddr]) -> Result<Self, NoNameServers> {
        let refused = |error: &dyn std::fmt::Display| NoNameServers(error.to_string());
        let (config, mut options) = if servers.is_empty() {
            read_system_conf().map_err(|error| refused(&error))?
        } else {
            let servers = servers.iter().map(name_server).collect();
            let config = ResolverConfig::from_parts(None, Vec::new(), servers);
            (config, ResolverOpts::default())
        };
        options.timeout = ANSWER_WITHIN;
        options.attempts = 1;
        let authenticator =
            MessageAuthenticator::new(config, options).map_err(|error| refused(&error))?;
        let unanswered = Mutex::default();
        Ok(Self {
            authenticator,
            unanswered,
        })
    }

    /// Does a name server answer at all? Any answer is good, also that there is nothing.
    pub async fn answers(&self, name: &str) -> bool {
        let asked = self.authenticator.txt_raw_lookup(format!("{name}."));
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => !is_unanswered(&error),
            Err(_) => false,
        }
    }

    fn unanswered(&self) -> MutexGuard<'_, Unanswered> {
        let unanswered = self.unanswered.lock();
        unanswered.unwrap_or_else(PoisonError::into_inner)
    }

    async fn weigh(&self, lines: &[u8], from: &EmailAddress) -> Result<Verdict, NoAnswer> {
        let header = split_header(lines);
        if !has_one_reading(&header) || has_bare_return(lines) {
            return Ok(Verdict::Neutral);
        }
        // Strict: a signature over a part of the body counts as a faulty one.
        let Some(mut message) = AuthenticatedMessage::parse_with_opts(lines, None, true) else {
            return Ok(Verdict::Neutral);
        };
        if !reads_alike(&header, lines, &message) {
            return Ok(Verdict::Neutral);
        }
        message.errors.clear();
        let needed = Needed::in_mail(&header);
        message.dkim_headers.retain(|field| {
            field.value.len() <= LONGEST_SIGNATURE
                && is_aligned(&field.header.d, from.domain())
                && is_strong(&field.header, &needed)
        });
        message.dkim_headers.truncate(MOST_SIGNATURES);
        for field in &mut message.dkim_headers {
            // Nobody gets a report, so nobody is asked whether he wants one.
            field.header.r = false;
        }
        let keys = KeysInUse::default();
        let outputs = self
            .authenticator
            .verify_dkim(Parameters::new(&message).with_txt_cache(&keys))
            .await;
        let verdicts = outputs.iter().map(|output| {
            let under_test = output.signature().is_some_and(|s| keys.is_under_test(s));
            verdict_of(output, under_test)
        });
        // None: no signature that counts.
        let verdict = verdicts.max_by_key(|verdict| rank(*verdict));
        let unanswered =
            |output: &DkimOutput<'_>| matches!(output.result(), DkimResult::TempError(_));
        match verdict.unwrap_or(Verdict::None) {
            Verdict::Neutral if outputs.iter().any(unanswered) => Err(NoAnswer),
            verdict => Ok(verdict),
        }
    }
}

#[async_trait]
impl DkimVerifier for DnsDkimVerifier {
    async fn verify(&self, raw: &[u8], from: &EmailAddress) -> Verdict {
        let asked_at = Instant::now();
        let house = psl::domain_str(from.domain()).unwrap_or(from.domain());
        if self.unanswered().leaves_alone(house, asked_at) {
            return Verdict::Neutral;
        }
        let lines = canonical_lines(raw);
        // What a hostile sender writes goes through somebody else's code.
        let weighed = AssertUnwindSafe(self.weigh(&lines, from)).catch_unwind();
        match tokio::time::timeout(PATIENCE, weighed).await {
            Ok(Ok(Ok(verdict))) => verdict,
            Ok(Err(_)) => {
                tracing::error!(outcome = "panicked", "a DKIM signature broke its check");
                Verdict::Neutral
            }
            Ok(Ok(Err(NoAnswer))) | Err(_) => {
                let now = Instant::now();
                // A quick refusal costs nobody any time.
                if now.saturating_duration_since(asked_at) >= ANSWER_WITHIN {
                    self.unanswered().note(house, now);
                }
                tracing::warn!(
                    outcome = "dns-unanswered",
                    "a name server doesn't answer, so a DKIM signature isn't checked"
                );
                Verdict::Neutral
            }
        }
    }
}

/// No name server said anything about a key.
struct NoAnswer;

fn name_server(server: &SocketAddr) -> NameServerConfig {
    let at = |mut connection: ConnectionConfig| {
        connection.port = server.port();
        connection
    };
    let connections = vec![at(ConnectionConfig::udp()), at(ConnectionConfig::tcp())];
    NameServerConfig::new(server.ip(), true, connections)
}

/// No field that may stand once stands twice, and no name has anything in it that another program may cut off.
fn has_one_reading(header: &Header<'_>) -> bool {
    header.overflowing == Overflow::No
        && ONCE.iter().all(|name| header.all(name).count() <= 1)
        && header
            .fields
            .iter()
            .all(|field| field.name.iter().all(u8::is_ascii_graphic))
}

/// Is there a CR without its LF? The canonical forms of mail-auth leave it out of what is signed, and we would begin a
/// line there.
fn has_bare_return(lines: &[u8]) -> bool {
    let followed = lines.get(1..).unwrap_or_default().iter();
    let pairs = lines.iter().zip(followed.map(Some).chain([None]));
    pairs
        .into_iter()
        .any(|(byte, next)| *byte == b'\r' && next != Some(&b'\n'))
}

/// Does mail-auth see the fields that we read, and the same body? A mail that two programs cut differently could be
/// signed in one reading and believed in the other.
fn reads_alike(header: &Header<'_>, lines: &[u8], message: &AuthenticatedMessage<'_>) -> bool {
    let theirs = message.headers.iter().map(|(name, _)| *name);
    let ours = header.fields.iter().map(|field| field.name);
    let body = lines.get(message.body_offset as usize..);
    theirs.eq(ours) && body == Some(header.body)
}

/// The fields that a signature must cover in a mail.
struct Needed(Vec<&'static str>);

impl Needed {
    /// The sender; the subject where there is one; the kind of body where that says where its parts begin: another
    /// boundary shows another mail in the same bytes.
    fn in_mail(header: &Header<'_>) -> Self {
        let mut needed = vec!["From"];
        needed.extend(header.first("Subject").map(|_| "Subject"));
        let has_parts = !media_of(header).kind.starts_with("text/");
        let of_parts = header.first("Content-Type").filter(|_| has_parts);
        needed.extend(of_parts.map(|_| "Content-Type"));
        Self(needed)
    }
}

/// Is what it covers enough, and how?
fn is_strong(signature: &Signature, needed: &Needed) -> bool {
    let covered = &signature.h;
    let covers = |name: &&str| {
        let mut names = covered.iter();
        names.any(|field| field.trim().eq_ignore_ascii_case(name))
    };
    covered.len() <= MOST_COVERED
        && needed.0.iter().all(covers)
        && signature.a != Algorithm::RsaSha1
        && signature.atps.is_none()
}

fn verdict_of(output: &DkimOutput<'_>, under_test: bool) -> Verdict {
    match output.result() {
        // "As if it were not signed."
        _ if under_test => Verdict::None,
        DkimResult::Pass => Verdict::Pass,
        DkimResult::Fail(_) | DkimResult::Neutral(Error::Dkim(DkimError::FailedBodyHashMatch)) => {
            Verdict::Fail
        }
        DkimResult::None
        | DkimResult::Neutral(_)
        | DkimResult::TempError(_)
        | DkimResult::PermError(_) => Verdict::Neutral,
    }
}

/// One good signature is enough; else the one that says most.
fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Unchecked | Verdict::None => 0,
        Verdict::Neutral => 1,
        Verdict::Fail => 2,
        Verdict::Pass => 3,
    }
}

fn is_unanswered(error: &Error) -> bool {
    matches!(error, Error::Dns(mail_auth::DnsError::Resolver(_)))
}

/// Sees the keys that mail-auth uses, whose flags it keeps to itself. Keeps them for one mail only: the resolver keeps
/// what the DNS allows to keep.
#[derive(Default)]
struct KeysInUse(Mutex<Vec<(Box<str>, Arc<DomainKey>)>>);

impl KeysInUse {
    fn is_under_test(&self, signature: &Signature) -> bool {
        let name = format!("{}._domainkey.{}.", signature.s, signature.d);
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of = keys
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(&name));
        of.any(|(_, key)| key.has_flag(UNDER_TEST))
    }
}

impl ResolverCache<Box<str>, Txt> for KeysInUse {
    fn get<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, name: Box<str>, record: Txt, _: std::time::Instant) {
        if let Txt::DomainKey(key) = record {
            let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            keys.push((name, key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_domain_is_left_alone_for_a_minute_and_all_of_them_in_an_outage() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let mut unanswered = Unanswered::default();
        assert!(!unanswered.leaves_alone("a.example", begun));
        unanswered.note("a.example", begun);
        unanswered.note("b.example", after(10));
        unanswered.note("b.example", after(20));
        assert!(unanswered.leaves_alone("a.example", after(59)));
        assert!(!unanswered.leaves_alone("c.example", after(59)));
        assert!(!unanswered.leaves_alone("a.example", after(60)));
        unanswered.note("a.example", after(61));
        unanswered.note("c.example", after(61));
        assert!(unanswered.leaves_alone("d.example", after(79)));
        assert!(!unanswered.leaves_alone("d.example", after(80)));
        assert!(unanswered.leaves_alone("c.example", after(80)));
    }
}

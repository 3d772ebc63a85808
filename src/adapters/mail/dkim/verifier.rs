//! Asking name servers and weighing what signatures say, in bounded time.

use crate::adapters::mail::dkim::keys::KeysInUse;
use crate::adapters::mail::dkim::reading::{has_bare_return, has_one_reading, reads_alike};
use crate::adapters::mail::dkim::silence::Unanswered;
use crate::adapters::mail::dkim::strength::{LONGEST_SIGNATURE, Needed, is_strong};
use crate::adapters::mail::parse::fields::{canonical_lines, split_header};
use crate::app::ports::mail::DkimVerifier;
use crate::domain::address::EmailAddress;
use crate::domain::intake::alignment::is_aligned;
use crate::domain::intake::sender::Verdict;
use async_trait::async_trait;
use futures_util::FutureExt as _;
use mail_auth::dkim::DkimError;
use mail_auth::hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts,
};
use mail_auth::hickory_resolver::system_conf::read_system_conf;
use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, Error, MessageAuthenticator, Parameters,
};
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long the whole check may take. Somebody waits for first help, and all who wrote after him.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long one question to one name server may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);
/// Most signatures of one mail that are checked. Servers that sign with both kinds of keys add two.
const MOST_SIGNATURES: usize = 4;
/// The name servers can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the name servers of this machine can't be read: {0}")]
pub struct NoNameServers(String);

/// Checks signatures with keys from the DNS.
pub struct DnsDkimVerifier {
    authenticator: MessageAuthenticator,
    unanswered: Mutex<Unanswered>,
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

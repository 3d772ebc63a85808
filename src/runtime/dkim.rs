//! The own check of DKIM signatures, as `[dkim]` allows it: for the service, for `triage`, and the question of `check`
//! whether anybody answers.

use crate::adapters::mail::dkim::DnsDkimVerifier;
use crate::app::ports::mail::DkimVerifier;
use crate::config::Config;
use crate::runtime::check::Finding;
use crate::runtime::wire::WireError;
use std::sync::Arc;

/// The own check, where it is allowed.
pub fn dkim_verifier(config: &Config) -> Result<Option<Arc<dyn DkimVerifier>>, WireError> {
    let verifier = dns_verifier(config)?;
    Ok(verifier.map(|verifier| Arc::new(verifier) as Arc<dyn DkimVerifier>))
}

fn dns_verifier(config: &Config) -> Result<Option<DnsDkimVerifier>, WireError> {
    let Some(dkim) = &config.file.dkim else {
        return Ok(None);
    };
    let servers: Vec<_> = dkim.nameservers.iter().map(|server| server.0).collect();
    let verifier = DnsDkimVerifier::asking(&servers).map_err(|error| WireError::Setting {
        key: "dkim.nameservers".to_owned(),
        what: format!("{error}; name the address of a name server"),
    })?;
    Ok(Some(verifier))
}

/// Does a name server answer? It is asked about our own domain only.
pub(crate) async fn check_dkim(config: &Config) -> Option<Finding> {
    const KEY: &str = "dkim.nameservers";
    let verifier = match dns_verifier(config) {
        Ok(verifier) => verifier?,
        Err(error) => return Some(Finding::bad(KEY, error.to_string())),
    };
    let (_, own_domain) = config.file.organisation.address.split_once('@')?;
    Some(if verifier.answers(own_domain).await {
        Finding::good(KEY, "a name server answers")
    } else {
        Finding::bad(
            KEY,
            "no name server answers, so no signature can be checked and constituents stay unproven; name one that this machine may ask, or leave [dkim] out",
        )
    })
}

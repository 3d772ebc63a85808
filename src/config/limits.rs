//! `[limits]` of the configuration file: how much automatic mail, how much of a mail is read.

use crate::config::sections::duration;
use jiff::SignedDuration;
use serde::Deserialize;

/// `[limits]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Automatic mails to one address in 24 hours, outside a dialogue.
    pub per_address_day: u32,
    /// Automatic mails on one ticket in 24 hours.
    pub per_ticket_day: u32,
    /// Automatic mails to one domain in an hour.
    pub per_domain_hour: u32,
    /// Automatic mails in all in an hour.
    pub in_all_hour: u32,
    /// Days without automatic mail to an address of which a server said that it doesn't exist.
    pub dead_address_days: u32,
    /// How long a message waits in the holding pen before it is a ticket of its own.
    #[serde(deserialize_with = "duration")]
    pub pen_wait: SignedDuration,
    /// Largest mail that is read whole, in megabytes, 1 to 100; of a larger one the beginning.
    pub largest_mail_mb: u32,
}

impl Default for Limits {
    fn default() -> Self {
        let limits = crate::domain::intake::limits::Limits::default();
        Self {
            per_address_day: limits.per_address_day,
            per_ticket_day: limits.per_ticket_day,
            per_domain_hour: limits.per_domain_hour,
            in_all_hour: limits.in_all_hour,
            dead_address_days: limits.dead_address_days,
            pen_wait: SignedDuration::from_mins(15),
            largest_mail_mb: 25,
        }
    }
}

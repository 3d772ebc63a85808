//! How much automatic mail may go out: per address, per ticket, per domain, for all together.
//!
//! Counting is the store's work; here is only whether one more may leave.

use crate::domain::ticket::words::Silence;
use crate::domain::triage::category::closed_list;
use jiff::{SignedDuration, Timestamp};

/// The limits, from `[limits]` of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Automatic mails to one address in 24 hours, outside a dialogue on a ticket.
    pub per_address_day: u32,
    /// Automatic mails on one ticket in 24 hours.
    pub per_ticket_day: u32,
    /// Automatic mails to one domain in an hour.
    pub per_domain_hour: u32,
    /// Automatic mails in all in an hour. Past it a human must look.
    pub in_all_hour: u32,
    /// Days without automatic mail to an address of which a server said that it doesn't exist.
    pub dead_address_days: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_address_day: 3,
            per_ticket_day: 8,
            per_domain_hour: 30,
            in_all_hour: 200,
            dead_address_days: 60,
        }
    }
}

impl Limits {
    /// Of all automatic mails in an hour, how many those may get who aren't proven: half, so that forged senders leave
    /// something for real ones.
    pub fn of_unproven_hour(&self) -> u32 {
        half(self.in_all_hour)
    }
}

fn half(pool: u32) -> u32 {
    pool.div_ceil(2)
}

/// What went out so far. Replies that wait for approval count too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SentCounts {
    /// To this address in 24 hours, on any ticket or none, dialogues apart.
    pub to_address_day: u32,
    /// On this ticket in 24 hours; 0 without a ticket.
    pub on_ticket_day: u32,
    /// To this domain in an hour.
    pub to_domain_hour: u32,
    /// In all in an hour.
    pub in_all_hour: u32,
    /// This very text to this address in 24 hours.
    pub same_text: u32,
    /// When a server said last that the address doesn't exist.
    pub dead_since: Option<Timestamp>,
}

closed_list! {
    /// Which share a mail is taken from.
    Share {
        /// A first mail to somebody proven.
        Proven = "proven",
        /// The same, where a human is woken too: however much the address got before.
        Urgent = "urgent",
        /// A mail to somebody unproven: one in 24 hours, and never more than half of what all may get,
        /// so that forged senders leave something for real ones.
        Unproven = "unproven",
        /// An answer in a dialogue on a ticket: counts there only.
        Dialogue = "dialogue",
    }
}

/// May one more leave? Otherwise why not.
pub fn allow(
    limits: &Limits,
    counts: &SentCounts,
    share: Share,
    now: Timestamp,
) -> Result<(), Silence> {
    let for_address = match share {
        Share::Proven => limits.per_address_day,
        Share::Unproven => limits.per_address_day.min(1),
        Share::Urgent | Share::Dialogue => u32::MAX,
    };
    let of_a_pool = |pool: u32| match share {
        Share::Unproven => half(pool),
        Share::Proven | Share::Urgent | Share::Dialogue => pool,
    };
    let rests = SignedDuration::from_hours(24 * i64::from(limits.dead_address_days));
    let is_dead = |since| now.duration_since(since) < rests;
    // A proven sender exists, whatever a bounce says: anybody who has read a mail of ours can forge one.
    if share == Share::Unproven && counts.dead_since.is_some_and(is_dead) {
        Err(Silence::DeadAddress)
    } else if counts.in_all_hour >= limits.in_all_hour {
        Err(Silence::GlobalLimit)
    } else if counts.in_all_hour >= of_a_pool(limits.in_all_hour) {
        Err(Silence::UnprovenLimit)
    } else if counts.same_text > 0 {
        Err(Silence::SameText)
    } else if counts.to_domain_hour >= of_a_pool(limits.per_domain_hour) {
        Err(Silence::DomainLimit)
    } else if counts.to_address_day >= for_address {
        Err(Silence::AddressLimit)
    } else if counts.on_ticket_day >= limits.per_ticket_day {
        Err(Silence::TicketLimit)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_holds_and_says_which() {
        let limits = Limits::default();
        let none = SentCounts::default();
        let now: Timestamp = "2026-11-23T20:40:00Z".parse().unwrap();
        for (counts, share, expected) in [
            (none, Share::Proven, Ok(())),
            (
                SentCounts {
                    to_address_day: 1,
                    ..none
                },
                Share::Unproven,
                Err(Silence::AddressLimit),
            ),
            (
                SentCounts {
                    to_address_day: 1,
                    ..none
                },
                Share::Proven,
                Ok(()),
            ),
            (
                SentCounts {
                    to_address_day: 3,
                    ..none
                },
                Share::Proven,
                Err(Silence::AddressLimit),
            ),
            (
                SentCounts {
                    to_address_day: 9,
                    ..none
                },
                Share::Dialogue,
                Ok(()),
            ),
            (
                SentCounts {
                    to_address_day: 9,
                    ..none
                },
                Share::Urgent,
                Ok(()),
            ),
            // Forged senders leave something for real ones.
            (
                SentCounts {
                    to_domain_hour: 15,
                    ..none
                },
                Share::Unproven,
                Err(Silence::DomainLimit),
            ),
            (
                SentCounts {
                    to_domain_hour: 15,
                    ..none
                },
                Share::Proven,
                Ok(()),
            ),
            (
                SentCounts {
                    on_ticket_day: 8,
                    ..none
                },
                Share::Dialogue,
                Err(Silence::TicketLimit),
            ),
            (
                SentCounts {
                    to_domain_hour: 30,
                    ..none
                },
                Share::Proven,
                Err(Silence::DomainLimit),
            ),
            (
                SentCounts {
                    in_all_hour: 200,
                    ..none
                },
                Share::Dialogue,
                Err(Silence::GlobalLimit),
            ),
            (
                SentCounts {
                    same_text: 1,
                    ..none
                },
                Share::Dialogue,
                Err(Silence::SameText),
            ),
        ] {
            assert_eq!(
                allow(&limits, &counts, share, now),
                expected,
                "{counts:?} {share:?}"
            );
        }
    }

    #[test]
    fn half_of_all_is_for_proven_senders_and_only_past_all_of_it_a_human_must_look() {
        let now: Timestamp = "2026-11-23T20:40:00Z".parse().unwrap();
        for (in_all_hour, share, expected) in [
            (99, Share::Unproven, Ok(())),
            (100, Share::Unproven, Err(Silence::UnprovenLimit)),
            (199, Share::Proven, Ok(())),
            (200, Share::Proven, Err(Silence::GlobalLimit)),
            (200, Share::Unproven, Err(Silence::GlobalLimit)),
        ] {
            let counts = SentCounts {
                in_all_hour,
                ..SentCounts::default()
            };
            let asked = allow(&Limits::default(), &counts, share, now);
            assert_eq!(asked, expected, "{in_all_hour} {share}");
        }
    }

    #[test]
    fn an_unknown_address_rests_for_sixty_days_unless_somebody_proven_writes_from_it() {
        let now: Timestamp = "2026-11-23T20:40:00Z".parse().unwrap();
        for (days, expected) in [
            (0, Err(Silence::DeadAddress)),
            (59, Err(Silence::DeadAddress)),
            (60, Ok(())),
        ] {
            let counts = SentCounts {
                dead_since: Some(now - SignedDuration::from_hours(24 * days)),
                ..SentCounts::default()
            };
            let asked = |share| allow(&Limits::default(), &counts, share, now);
            assert_eq!(asked(Share::Unproven), expected, "{days}");
            assert_eq!(asked(Share::Proven), Ok(()), "he wrote, so he exists");
        }
    }
}

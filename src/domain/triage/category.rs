//! The closed lists of triage: what kind of message this is and which of the 17 categories it tells of.

macro_rules! closed_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $slug:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $slug)] $variant,)+
        }

        impl $name {
            /// All of them, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in files, JSON and the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::domain::triage::category::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|item| item.as_str() == text).ok_or($crate::domain::triage::category::UnknownWord)
            }
        }
    };
}
pub(crate) use closed_list;

/// A word that is not on the closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of the known words")]
pub struct UnknownWord;

closed_list! {
    /// What kind of message it is. The first four come from people, the others from machines.
    Kind {
        /// Somebody tells of something that happened or is happening.
        Incident = "incident",
        /// Somebody asks for advice or knowledge.
        Question = "question",
        /// Somebody wants the newsletter, or no longer wants it.
        Subscription = "subscription",
        /// Thanks, advertising, a citizen's own problem, anything else.
        Other = "other",
        /// An alarm of a machine that may be the incident itself.
        Alert = "alert",
        /// An out-of-office or another automatic answer.
        AutoReply = "auto-reply",
        /// A mail that could not be delivered.
        Bounce = "bounce",
        /// A report by a machine about mail: ARF, DMARC, read receipts.
        MachineReport = "machine-report",
        /// A mail through a list.
        List = "list",
    }
}

impl Kind {
    /// Is this a message of a machine?
    pub fn is_machine(self) -> bool {
        matches!(
            self,
            Self::Alert | Self::AutoReply | Self::Bounce | Self::MachineReport | Self::List
        )
    }

    /// Does this kind carry a category and a severity above `low`?
    pub fn tells_of_an_incident(self) -> bool {
        matches!(self, Self::Incident | Self::Alert)
    }
}

closed_list! {
    /// The 17 categories of an incident.
    Category {
        /// A lure by mail, SMS, phone or QR code; nobody gave anything.
        Phishing = "phishing",
        /// A password or code was given, or an account is abused.
        AccountCompromise = "account-compromise",
        /// Money was asked or paid under false pretences.
        PaymentFraud = "payment-fraud",
        /// Files are held for ransom; also a ransom note or a claim on a leak site.
        Ransomware = "ransomware",
        /// Something bad ran on a device.
        Malware = "malware",
        /// Personal data reached somebody who should not have them.
        DataBreach = "data-breach",
        /// A device or a carrier is lost or stolen.
        LostDevice = "lost-device",
        /// A flood of traffic, or the threat of one.
        Ddos = "ddos",
        /// A web page was changed by a stranger.
        Defacement = "defacement",
        /// Somebody is or tries to get inside a system.
        Intrusion = "intrusion",
        /// A system is open to attack.
        Vulnerability = "vulnerability",
        /// It sits at a supplier, whatever it is.
        SupplierIncident = "supplier-incident",
        /// Something is down without a sign of an attacker.
        Outage = "outage",
        /// A false site, profile or sender in our name.
        Impersonation = "impersonation",
        /// Threats, sextortion.
        Extortion = "extortion",
        /// One of our own people misuses access.
        InsiderMisuse = "insider-misuse",
        /// None of these, or not clear.
        Other = "other",
    }
}

impl Category {
    /// May the attacker be reading the reporter's mailbox? Then no detail goes by mail. An insider may be the one
    /// who manages it.
    pub fn makes_channel_suspect(self) -> bool {
        matches!(
            self,
            Self::AccountCompromise | Self::Ransomware | Self::Intrusion | Self::InsiderMisuse
        )
    }
}

closed_list! {
    /// How bad it is, from least to worst, so that severities can be compared.
    Severity {
        /// Information, blocked, no incident.
        Low = "low",
        /// An attempt, or limited and contained; a human in office hours.
        Medium = "medium",
        /// A confirmed compromise.
        High = "high",
        /// Life or safety, services down, an attack that spreads.
        Critical = "critical",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_17_categories_and_words_read_back() {
        assert_eq!(Category::ALL.len(), 17);
        for category in Category::ALL {
            assert_eq!(category.as_str().parse(), Ok(*category));
        }
        assert!("Phishing".parse::<Category>().is_err());
    }

    #[test]
    fn severities_compare_by_how_bad_they_are() {
        assert!(Severity::Critical > Severity::High && Severity::Medium > Severity::Low);
    }
}

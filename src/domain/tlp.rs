//! Traffic Light Protocol (FIRST, version 2.0): with whom something may be shared, and by which way it may go.
//!
//! How a label is found in what somebody wrote stands in `domain::text::tlp`. Labels are never translated.

use crate::domain::triage::category::closed_list;

closed_list! {
    /// A label, the least strict first.
    Label {
        /// With everybody.
        Clear = "TLP:CLEAR",
        /// In the reader's own community, not in public.
        Green = "TLP:GREEN",
        /// In the reader's organisation and with those whom it serves.
        Amber = "TLP:AMBER",
        /// In the reader's organisation only.
        AmberStrict = "TLP:AMBER+STRICT",
        /// With nobody but the readers themselves.
        Red = "TLP:RED",
    }
}

impl Label {
    /// The label of a ticket on which nobody said another.
    pub const OF_A_TICKET: Self = Self::AmberStrict;

    /// The label that somebody wrote, with or without `TLP:` before it. `WHITE` is what version 1 called
    /// `CLEAR`. Nothing for any other word: a colour in another language is not guessed.
    pub fn read(written: &str) -> Option<Self> {
        let plain = written.trim().to_uppercase();
        let word = plain.strip_prefix("TLP").unwrap_or(&plain);
        Some(match word.trim_start_matches([' ', ':']) {
            "CLEAR" | "WHITE" => Self::Clear,
            "GREEN" => Self::Green,
            "AMBER" => Self::Amber,
            "AMBER+STRICT" | "AMBERSTRICT" => Self::AmberStrict,
            "RED" => Self::Red,
            _ => return None,
        })
    }
}

/// How words are protected on the way to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Anybody on the way can read them.
    Plain,
    /// The connection to our mail server is encrypted and its certificate checked, or never leaves the machine.
    /// Servers read the words; what they do next is theirs.
    EnforcedTls,
    /// Only the reader can open them.
    Encrypted,
}

impl Protection {
    /// May words with this label go this way?
    pub fn may_carry(self, label: Label) -> bool {
        match label {
            Label::Clear | Label::Green => true,
            Label::Amber | Label::AmberStrict => self != Self::Plain,
            Label::Red => self == Self::Encrypted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_as_it_is_written_and_never_guessed() {
        for (written, label) in [
            ("TLP:RED", Some(Label::Red)),
            (" tlp: amber+strict ", Some(Label::AmberStrict)),
            ("amberstrict", Some(Label::AmberStrict)),
            ("Amber", Some(Label::Amber)),
            ("WHITE", Some(Label::Clear)),
            ("rood", None),
            ("TLP", None),
            ("", None),
        ] {
            assert_eq!(Label::read(written), label, "{written}");
        }
    }

    #[test]
    fn what_is_strict_goes_only_where_it_is_protected() {
        use Label::{Amber, AmberStrict, Clear, Green, Red};
        for (way, carried) in [
            (Protection::Plain, &[Clear, Green][..]),
            (Protection::EnforcedTls, &[Clear, Green, Amber, AmberStrict]),
            (
                Protection::Encrypted,
                &[Clear, Green, Amber, AmberStrict, Red],
            ),
        ] {
            let all = Label::ALL.iter().copied();
            let may: Vec<Label> = all.filter(|label| way.may_carry(*label)).collect();
            assert_eq!(may, carried, "{way:?}");
        }
        assert!(Red > AmberStrict && AmberStrict > Amber, "stricter is more");
    }
}

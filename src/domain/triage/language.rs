//! The languages of the product and which one a text is written in.

use crate::domain::triage::category::closed_list;

closed_list! {
    /// A language as triage names it.
    Language {
        /// Dutch.
        Nl = "nl",
        /// French.
        Fr = "fr",
        /// English.
        En = "en",
        /// German. Answered in English.
        De = "de",
        /// Cannot be told.
        Und = "und",
    }
}

impl Language {
    /// The language in which we answer: Dutch, French or English. German readers get English;
    /// where the language can't be told, Dutch.
    pub fn for_reply(self) -> Self {
        match self {
            Self::Fr => Self::Fr,
            Self::En | Self::De => Self::En,
            Self::Nl | Self::Und => Self::Nl,
        }
    }
}

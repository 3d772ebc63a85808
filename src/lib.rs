//! eerstelijn
pub mod domain;

/// The outside world; a stand-in until the adapters are here.
pub mod adapters {
    /// The knowledge folder.
    pub mod knowledge {
        pub mod lexicon;
    }
}

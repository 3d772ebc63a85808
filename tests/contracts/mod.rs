//! What an adapter promises, as stories that every implementation must live through.
//!
//! `#[cfg(test)]` says nothing new here, but tells the linter that this is test code throughout.

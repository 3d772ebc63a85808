//! The world outside, one folder per kind. No adapter knows another; they meet in `runtime`.

pub mod knowledge;

//! eerstelijn

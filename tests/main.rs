//! Integration tests in one binary.
#[cfg(test)]
mod servers;
#[cfg(test)]
mod support;

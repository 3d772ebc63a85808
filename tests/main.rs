//! Integration tests in one binary.
mod architecture;
mod servers;
mod support;

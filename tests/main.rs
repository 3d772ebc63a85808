//! All integration tests in one binary, because each binary links the whole program once more.
//!
//! `promises` is the list of guarantees on the fast harness, `servers` the same story on real servers,
//! `architecture` the rules of the house, `corpora` mails of others.

mod architecture;
mod promises;
mod servers;
mod support;

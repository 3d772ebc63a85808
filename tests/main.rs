//! All integration tests in one binary, because each binary links the whole program once more.
//!
//! `promises` is the list of guarantees on the fast harness, `servers` the same story on real servers,
//! `matrix` the adapter for rooms on a real homeserver, `commands` what the program does at a terminal with nothing but files, `contracts` what every store
//! must do, `openpgp` the same story with the other side played by `gpg`, `corpora` figures over mails that others labelled, `architecture` the rules of the house.

mod architecture;
mod commands;
mod contracts;
mod corpora;
mod matrix;
mod openpgp;
mod promises;
mod servers;
mod support;

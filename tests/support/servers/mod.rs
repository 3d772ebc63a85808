//! A real Dovecot and Postfix for one test, and the service as a process beside them.
//!
//! Everything lives in a folder of its own on ports of its own, so tests run side by side, and ends
//! with the test, also when the test is killed. Nothing of the machine's own mail is touched. A
//! Synapse of their own is for the tests of Matrix. Not here: databases, what the service must do.

mod certificates;
pub(crate) mod cluster;
mod deadline;
pub(crate) mod dns;
mod dovecot;
mod mail;
mod mail_servers;
mod ports;
mod postfix;
pub(crate) mod postgres;
mod process;
pub(crate) mod proxy;
pub(crate) mod requirements;
mod service;
mod settings;
mod synapse;

pub(crate) use dovecot::Dovecot;
pub(crate) use mail::Mail;
pub(crate) use mail_servers::MailServers;
pub(crate) use service::ServiceProcess;
pub(crate) use settings::{config_text, write_config};
pub(crate) use synapse::{Limits, MATRIX_PASSWORD, SERVER_NAME, Synapse, holds, shared};

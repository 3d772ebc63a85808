//! A configuration for the service against the servers of a test.

use crate::support::servers::dovecot::PASSWORD;
use crate::support::servers::mail_servers::MailServers;
use crate::support::servers::process::run;
use std::path::{Path, PathBuf};
use std::process::Command;
use toml::{Table, Value};

/// Whom the team of the tests serves.
const CONSTITUENTS: &str = "\
domain,name,kind,status,contact,callback_phone
hackegem.example,Gemeente Hackegem,gemeente,active,An Peeters,+32 470 00 00 00
";

/// Writes `config.toml` with everything it names (password, constituents, a new master key) into a
/// new folder, and returns its path. `overrides` is TOML that is laid over it: a key replaces a key,
/// the first `[[mailbox]]` changes the first mailbox, a further one is a further mailbox.
pub(crate) fn write_config(servers: &MailServers, overrides: &str) -> PathBuf {
    let dir = tempfile::Builder::new()
        .prefix("service-")
        .tempdir_in(servers.dir())
        .unwrap_or_else(|error| panic!("can't make a folder for the service: {error}"))
        .keep();
    let text = config_text(servers, &dir, overrides);
    for (name, text) in [
        ("config.toml", text.as_str()),
        ("password", PASSWORD),
        ("constituents.csv", CONSTITUENTS),
    ] {
        std::fs::write(dir.join(name), text)
            .unwrap_or_else(|error| panic!("can't write {name}: {error}"));
    }
    new_master_key(&dir.join("master.key"));
    dir.join("config.toml")
}

fn new_master_key(path: &Path) {
    run(Command::new(env!("CARGO_BIN_EXE_eerstelijn"))
        .args(["keys", "new"])
        .arg(path));
    assert!(path.exists(), "`keys new` wrote no {}", path.display());
}

/// The text of the configuration, for a service that keeps its things in `dir`.
pub(crate) fn config_text(servers: &MailServers, dir: &Path, overrides: &str) -> String {
    let (imaps, smtp) = (servers.imaps_port(), servers.smtp_port());
    let (ca, dir) = (servers.ca_file().display(), dir.display());
    let text = format!(
        r#"
[organisation]
name = "Cyber Response Team"
address = "crt@crt.example"
phone = "+32 2 000 00 00"
languages = ["nl", "fr", "en"]
ticket_prefix = "CRT"
mode = "answer"

[[mailbox]]
kind = "imap"
host = "localhost"
port = {imaps}
tls = "implicit"
ca_file = "{ca}"
user = "crt@crt.example"
password_file = "{dir}/password"
folder = "INBOX"
processed_folder = "Verwerkt"
own_addresses = ["crt@crt.example"]
trusted_authserv_ids = ["mx.crt.example"]
start = "all"

[smtp]
host = "127.0.0.1"
port = {smtp}
tls = "none"
from = "crt@crt.example"
bounce_address = "crt@crt.example"
plus_addressing = true

[store]
url = "sqlite:{dir}/data/eerstelijn.db"
key_file = "{dir}/master.key"
data_dir = "{dir}/data"

[constituents]
file = "{dir}/constituents.csv"
"#
    );
    let mut config = table(&text);
    lay_over(&mut config, table(overrides));
    config.to_string()
}

fn table(text: &str) -> Table {
    text.parse()
        .unwrap_or_else(|error| panic!("a test's settings aren't TOML: {error}\n{text}"))
}

fn lay_over(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => lay_over(under, over),
            (Some(Value::Array(under)), Value::Array(over)) if is_tables(under) => {
                for (n, item) in over.into_iter().enumerate() {
                    match (under.get_mut(n), item) {
                        (Some(Value::Table(under)), Value::Table(over)) => lay_over(under, over),
                        (_, item) => under.push(item),
                    }
                }
            }
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

fn is_tables(array: &[Value]) -> bool {
    array.iter().all(Value::is_table)
}

//! A private authority and a server certificate for `localhost` and 127.0.0.1, made anew each time.

use crate::support::servers::process::run;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of a server that speaks TLS.
#[derive(Clone)]
pub(crate) struct Certificates {
    /// The authority, PEM: what a client must trust.
    pub(crate) authority: PathBuf,
    /// The server's certificate, PEM.
    pub(crate) certificate: PathBuf,
    /// The server's key, PEM.
    pub(crate) key: PathBuf,
}

const NEW_KEY: [&str; 5] = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
];

/// Makes both, in a folder.
pub(crate) fn make(dir: &Path) -> Certificates {
    std::fs::write(
        dir.join("server.ext"),
        "subjectAltName=DNS:localhost,IP:127.0.0.1\n\
         basicConstraints=critical,CA:FALSE\n\
         extendedKeyUsage=serverAuth\n",
    )
    .unwrap_or_else(|error| panic!("can't write to {}: {error}", dir.display()));
    openssl(dir, &["req", "-x509", "-days", "30"])
        .args(NEW_KEY)
        .args(["-keyout", "ca.key", "-out", "ca.pem"])
        .args(["-subj", "/CN=Test authority"])
        .args(["-addext", "basicConstraints=critical,CA:TRUE"])
        .args(["-addext", "keyUsage=critical,keyCertSign"])
        .run();
    openssl(dir, &["req"])
        .args(NEW_KEY)
        .args(["-keyout", "server.key", "-out", "server.csr"])
        .args(["-subj", "/CN=localhost"])
        .run();
    openssl(dir, &["x509", "-req", "-days", "30"])
        .args(["-in", "server.csr", "-out", "server.pem"])
        .args(["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"])
        .args(["-extfile", "server.ext"])
        .run();
    Certificates {
        authority: dir.join("ca.pem"),
        certificate: dir.join("server.pem"),
        key: dir.join("server.key"),
    }
}

struct Openssl(Command);

fn openssl(dir: &Path, arguments: &[&str]) -> Openssl {
    let mut command = Command::new("openssl");
    command.current_dir(dir).args(arguments);
    Openssl(command)
}

impl Openssl {
    fn args<const N: usize>(mut self, arguments: [&str; N]) -> Self {
        self.0.args(arguments);
        self
    }

    fn run(mut self) {
        run(&mut self.0);
    }
}

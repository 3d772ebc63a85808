//! A person with `gpg`: keys of her own, and mails encrypted and signed as her mail program would.

use crate::support::mails::{CRT, Mail, OUR_SERVER};
use eerstelijn::domain::pgp::certificate::Fingerprint;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Somebody's `gpg`.
pub(crate) struct GnuPg {
    home: TempDir,
    address: String,
}

/// What `gpg` made of a mail of ours.
pub(crate) struct Read {
    /// The MIME entity inside.
    pub(crate) plain: String,
    /// Its status lines.
    pub(crate) status: String,
}

impl GnuPg {
    /// A new key for this address, of the kind that is the default since years.
    pub(crate) fn of(name: &str, address: &str) -> Self {
        Self::with_passphrase(name, address, "")
    }

    /// The same with a passphrase.
    pub(crate) fn with_passphrase(name: &str, address: &str, phrase: &str) -> Self {
        let it = Self {
            home: tempfile::Builder::new().prefix("gpg").tempdir().unwrap(),
            address: address.to_owned(),
        };
        let user = format!("{name} <{address}>");
        let key = [
            "--quick-gen-key",
            &user,
            "future-default",
            "default",
            "never",
        ];
        let arguments: Vec<&str> = ["--passphrase", phrase].into_iter().chain(key).collect();
        it.gpg(&arguments, b"");
        it
    }

    /// Her secret key, armoured and still locked.
    pub(crate) fn secret(&self, phrase: &str) -> String {
        let export = ["--armor", "--export-secret-keys", &self.address];
        let arguments: Vec<&str> = ["--passphrase", phrase].into_iter().chain(export).collect();
        self.gpg_text(&arguments)
    }

    /// Knows the team's public key.
    pub(crate) fn knows(self, public: &str) -> Self {
        self.gpg(&["--import"], public.as_bytes());
        self
    }

    /// Her public key, armoured.
    pub(crate) fn public(&self) -> String {
        self.gpg_text(&["--armor", "--export", &self.address])
    }

    /// Her key ends then: `1y`, `never`.
    pub(crate) fn lapses(&self, when: &str) {
        self.gpg(&["--quick-set-expire", &self.fingerprint(), when], b"");
        self.gpg(&["--quick-set-expire", &self.fingerprint(), when, "*"], b"");
    }

    /// She revokes her key; what she publishes from then on says so.
    pub(crate) fn revokes(&self) -> String {
        let file = format!("openpgp-revocs.d/{}.rev", self.fingerprint());
        let kept = std::fs::read_to_string(self.home.path().join(file)).unwrap();
        // A colon keeps it from being used by mistake.
        let (_, block) = kept.split_once(":-----BEGIN").unwrap();
        self.gpg(&["--import"], format!("-----BEGIN{block}").as_bytes());
        self.public()
    }

    /// The fingerprint of her key as people read it out.
    pub(crate) fn fingerprint_in_groups(&self) -> String {
        Fingerprint::from_digits(&self.fingerprint()).to_string()
    }

    fn fingerprint(&self) -> String {
        let shown = self.gpg_text(&["--with-colons", "--list-keys", &self.address]);
        let line = shown.lines().find_map(|line| line.strip_prefix("fpr:"));
        line.unwrap().trim_matches(':').to_owned()
    }

    /// Encrypts to the team, signed or not.
    pub(crate) fn encrypts(&self, plain: &str, sign: &[&str]) -> String {
        let to_team = ["--armor", "--trust-model", "always", "--encrypt", "-r", CRT];
        let arguments: Vec<&str> = to_team.iter().chain(sign).copied().collect();
        String::from_utf8(self.gpg(&arguments, plain.as_bytes()).stdout).unwrap()
    }

    /// Signs something, detached.
    pub(crate) fn signs(&self, plain: &str) -> String {
        let out = self.gpg(&["--armor", "--detach-sign"], plain.as_bytes());
        String::from_utf8(out.stdout).unwrap()
    }

    /// Signs a text in the open.
    pub(crate) fn clearsigns(&self, text: &str) -> String {
        String::from_utf8(self.gpg(&["--clearsign"], text.as_bytes()).stdout).unwrap()
    }

    /// Reads what was encrypted to her.
    pub(crate) fn reads(&self, raw: &[u8]) -> Read {
        let text = String::from_utf8(raw.to_vec()).unwrap();
        let start = text
            .find("-----BEGIN PGP MESSAGE-----")
            .expect("it is encrypted");
        let message = text.get(start..).unwrap();
        let out = self.gpg(&["--status-fd", "2", "--decrypt"], message.as_bytes());
        Read {
            plain: String::from_utf8(out.stdout).unwrap(),
            status: String::from_utf8_lossy(&out.stderr).into_owned(),
        }
    }

    fn gpg_text(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.gpg(arguments, b"").stdout).unwrap()
    }

    fn gpg(&self, arguments: &[&str], input: &[u8]) -> Output {
        run(self.home.path(), arguments, input)
    }
}

impl Drop for GnuPg {
    fn drop(&mut self) {
        // Its agent would outlive the folder.
        let _ = Command::new("gpgconf")
            .args([
                "--homedir",
                &self.home.path().to_string_lossy(),
                "--kill",
                "all",
            ])
            .output();
    }
}

fn run(home: &Path, arguments: &[&str], input: &[u8]) -> Output {
    use std::io::Write;
    let mut gpg = Command::new("gpg")
        .args([
            "--homedir",
            &home.to_string_lossy(),
            "--batch",
            "--no-tty",
            "--yes",
        ])
        .args(["--pinentry-mode", "loopback"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("gpg is installed");
    gpg.stdin.take().unwrap().write_all(input).unwrap();
    let out = gpg.wait_with_output().unwrap();
    assert!(
        out.status.success(),
        "gpg {arguments:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    out
}

/// A MIME entity with its subject inside, as Thunderbird writes it, and a key attached where there is one.
pub(crate) fn entity(subject: &str, text: &str, public: Option<&str>) -> String {
    let words = format!(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
        text.replace('\n', "\r\n")
    );
    let key = public.map_or_else(String::new, |key| {
        format!(
            "\r\n--inner\r\nContent-Type: application/pgp-keys; name=\"OpenPGP.asc\"\r\n\
             Content-Disposition: attachment; filename=\"OpenPGP.asc\"\r\n\r\n{}",
            key.replace('\n', "\r\n")
        )
    });
    format!(
        "Content-Type: multipart/mixed; boundary=\"inner\"; protected-headers=\"v1\"\r\n\
         Subject: {subject}\r\n\r\n--inner\r\n{words}{key}\r\n--inner--\r\n"
    )
}

/// A mail of this structure, from somebody whom our server found to be proven.
pub(crate) fn mime_mail(from: &str, id: &str, structure: &str, body: &str) -> Vec<u8> {
    let domain = from.rsplit('@').next().unwrap().trim_end_matches('>');
    format!(
        "Return-Path: <{envelope}>\r\n\
         Authentication-Results: {OUR_SERVER}; dmarc=pass header.from={domain}\r\n\
         From: {from}\r\nTo: {CRT}\r\nSubject: ...\r\nMessage-ID: <{id}@{domain}>\r\n\
         Date: Mon, 23 Nov 2026 21:40:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: {structure}\r\n\r\n{body}",
        envelope = from.rsplit('<').next().unwrap().trim_end_matches('>'),
    )
    .into_bytes()
}

/// An encrypted mail (RFC 3156, 4).
pub(crate) fn sealed(from: &str, id: &str, armoured: &str) -> Vec<u8> {
    let structure =
        "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=\"outer\"";
    let body = format!(
        "--outer\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--outer\r\n\
         Content-Type: application/octet-stream; name=\"encrypted.asc\"\r\n\r\n{}\r\n--outer--\r\n",
        armoured.replace('\n', "\r\n")
    );
    mime_mail(from, id, structure, &body)
}

/// A signed mail (RFC 3156, 5).
pub(crate) fn signed(from: &str, id: &str, entity: &str, signature: &str) -> Vec<u8> {
    let structure = "multipart/signed; micalg=pgp-sha512; protocol=\"application/pgp-signature\"; \
                     boundary=\"outer\"";
    let body = format!(
        "--outer\r\n{entity}\r\n--outer\r\nContent-Type: application/pgp-signature\r\n\r\n{}\r\n--outer--\r\n",
        signature.replace('\n', "\r\n")
    );
    mime_mail(from, id, structure, &body)
}

/// Words that stand in a mail of somebody else, in the text.
pub(crate) fn inline(from: &str, id: &str, block: &str) -> Vec<u8> {
    Mail::from(from, id).subject("...").text(block).bytes()
}

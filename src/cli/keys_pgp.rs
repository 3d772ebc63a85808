//! `keys pgp`: makes the team's OpenPGP key, takes one over, or shows its public part.

use crate::app::ports::Clock;
use crate::cli::Context;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::config::key_files::pgp_key_file;
use crate::domain::address::EmailAddress;
use crate::domain::system_words::in_words;
use crate::runtime::clock::SystemClock;
use crate::runtime::team_key::{NotATeamKey, imported_team_key, names, new_team_key, public_part};
use clap::Args;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Largest key file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// Arguments of `keys pgp`.
#[derive(Debug, Args)]
pub(crate) struct KeysPgp {
    /// Take over the secret key in this armoured file, in place of making one
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// The file with the passphrase of that key; `-` reads it from the standard input
    #[arg(long, value_name = "FILE", requires = "import")]
    passphrase_file: Option<PathBuf>,
    /// Put the new key before the one that is there, which goes on opening what was encrypted to it
    #[arg(long)]
    renew: bool,
    /// Only show the public key
    #[arg(long, conflicts_with_all = ["import", "renew"])]
    public: bool,
}

/// Makes, takes over or shows. The public key goes to the standard output.
pub(crate) fn run(arguments: &KeysPgp, context: &Context) -> Result<(), Failure> {
    let (file, team) = pgp_key_file(context.config.as_deref(), &context.environment)?;
    if !arguments.public {
        let key = match &arguments.import {
            Some(from) => imported(from, arguments.passphrase_file.as_deref())?,
            None => new_team_key(&format!("{} <{}>", team.name, team.address))
                .map_err(Failure::failed)?,
        };
        if arguments.renew {
            put_before(&file, &key)?;
        } else {
            write_new(&file, &key)?;
        }
        output::note(format_args!(
            "{} written. Keep a copy off this machine: without it nobody can read what is encrypted to the team. Restart the service, then publish the public key.",
            file.display()
        ));
    }
    let text = read(&file)?;
    let unusable =
        |error| Failure::failed(format_args!("{} can't be used: {error}", file.display()));
    let (fingerprint, public) = public_part(&text).map_err(unusable)?;
    let address = EmailAddress::parse(&team.address);
    if address.is_some_and(|address| names(&text, &address).is_ok_and(|named| !named)) {
        output::note(format_args!(
            "the key doesn't name {}, so mail programs won't find it; add it with gpg --quick-add-uid, export the key and import it again",
            team.address
        ));
    }
    output::note(format_args!("fingerprint: {fingerprint}"));
    output::line(public.trim_end());
    Ok(())
}

fn imported(from: &Path, passphrase: Option<&Path>) -> Result<Zeroizing<String>, Failure> {
    let text = read(from)?;
    let given = passphrase.map(read).transpose()?;
    let words = given.as_ref().map_or("", |text| text.as_str());
    let words = words.trim_end_matches(['\r', '\n']);
    imported_team_key(&text, words, SystemClock.now()).map_err(|error| {
        let remedy = match (error, &given) {
            (NotATeamKey::Locked, None) => "give its passphrase with --passphrase-file FILE",
            (NotATeamKey::Locked, Some(_)) => {
                "its passphrase is another one than the file holds, or its primary secret key was left out"
            }
            (NotATeamKey::Unusable, _) => {
                "give it a later date (gpg --quick-set-expire) or a subkey for encryption (gpg --quick-add-key), and export it again"
            }
            _ => "export it with gpg --armor --export-secret-keys",
        };
        Failure::failed(format_args!(
            "{} can't be taken over: {error}; {remedy}",
            from.display()
        ))
    })
}

fn read(file: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::new());
    let read = if file.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .take(LARGEST)
            .read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(LARGEST).read_to_string(&mut text))
    };
    read.map_err(|error| {
        Failure::failed(format_args!(
            "can't read {}: {}",
            file.display(),
            in_words(error.kind())
        ))
    })?;
    Ok(text)
}

fn write_new(file: &Path, key: &str) -> Result<(), Failure> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    let mut made = made.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::failed(format_args!(
            "{} exists already and is never overwritten; see its public key with --public, put a new key before it with --renew",
            file.display()
        )),
        kind => not_written(file, kind),
    })?;
    made.write_all(key.as_bytes())
        .and_then(|()| made.sync_all())
        .map_err(|error| not_written(file, error.kind()))
}

/// The new file takes the place of the old one in one step: a crash leaves one of the two.
fn put_before(file: &Path, key: &str) -> Result<(), Failure> {
    let file = &file
        .canonicalize()
        .map_err(|error| not_written(file, error.kind()))?;
    let old = read(file)?;
    let mut both = Zeroizing::new(String::with_capacity(key.len() + old.len() + 1));
    both.push_str(key.trim_end());
    both.push('\n');
    both.push_str(&old);
    let mut name = file.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    if beside.exists() {
        return Err(Failure::failed(format_args!(
            "{} is left of an earlier try; look what is in it, remove it, and try again",
            beside.display()
        )));
    }
    write_new(&beside, &both)?;
    let there = std::fs::metadata(file).map_err(|error| not_written(file, error.kind()))?;
    // Whoever runs the service must be able to read the new file as he did the old one.
    let alike = std::os::unix::fs::chown(&beside, Some(there.uid()), Some(there.gid()))
        .and_then(|()| std::fs::set_permissions(&beside, there.permissions()))
        .and_then(|()| std::fs::rename(&beside, file));
    alike.map_err(|error| not_written(file, error.kind()))
}

fn not_written(file: &Path, kind: std::io::ErrorKind) -> Failure {
    Failure::failed(format_args!(
        "can't write {}: {}; check the path and who may write there",
        file.display(),
        in_words(kind)
    ))
}

//! Rules over several keys of the configuration: the same mailbox twice, the key beside its data.

use crate::config::database::database_at;
use crate::config::error::ConfigError;
use crate::config::secret::Origin;
use crate::config::sections::{File, Mailbox, MailboxKind};
use std::path::{Component, Path, PathBuf};

/// The largest mail that can be asked for, in megabytes: a mail is held in memory whole.
const LARGEST_MAIL_MB: u32 = 100;

/// Every mistake that `values::check` can't see in one key.
pub(super) fn check_together(path: &Path, file: &File) -> Vec<ConfigError> {
    let rules = [
        largest_mail,
        place_of_store,
        same_mailbox_twice,
        sent_folder_apart,
    ];
    let broken = rules.into_iter().filter_map(|rule| rule(path, file).err());
    broken.collect()
}

fn largest_mail(path: &Path, file: &File) -> Result<(), ConfigError> {
    if (1..=LARGEST_MAIL_MB).contains(&file.limits.largest_mail_mb) {
        return Ok(());
    }
    let what = format!("write a number from 1 to {LARGEST_MAIL_MB}");
    Err(ConfigError::wrong(path, "limits.largest_mail_mb", what))
}

fn place_of_store(path: &Path, file: &File) -> Result<(), ConfigError> {
    match file.store.url.as_deref().map(database_at) {
        Some(Err(what)) => Err(ConfigError::wrong(path, "store.url", what)),
        Some(Ok(_)) | None => Ok(()),
    }
}

/// What lies in a folder for sent mail is taken for the team's own words, so no report may come in there.
fn sent_folder_apart(path: &Path, file: &File) -> Result<(), ConfigError> {
    let read: Vec<_> = file.mailbox.iter().map(place).collect();
    for (n, mailbox) in file.mailbox.iter().enumerate() {
        let Some(sent) = &mailbox.sent_folder else {
            continue;
        };
        let wrong = |what: &str| {
            let key = format!("mailbox[{n}].sent_folder");
            Err(ConfigError::wrong(path, &key, what))
        };
        let sent_place = place(&Mailbox {
            folder: sent.clone(),
            ..mailbox.clone()
        });
        if mailbox.kind == MailboxKind::Maildir {
            return wrong("only an IMAP mailbox has one that can be read; leave this out");
        }
        if mailbox.processed_folder.as_ref() == Some(sent) || read.contains(&sent_place) {
            return wrong(
                "reports come into that folder too; name the folder where only sent mail is kept",
            );
        }
    }
    Ok(())
}

/// Two readers of one mailbox would each take the other's mail for known.
fn same_mailbox_twice(path: &Path, file: &File) -> Result<(), ConfigError> {
    let places: Vec<_> = file.mailbox.iter().map(place).collect();
    for (n, place) in places.iter().enumerate() {
        if let Some(first) = places.iter().take(n).position(|other| other == place) {
            return Err(ConfigError::wrong(
                path,
                &format!("mailbox[{n}]"),
                format!("is the same mailbox as mailbox[{first}]; leave one of them out"),
            ));
        }
    }
    Ok(())
}

/// What makes two sections the same mailbox, however they are written.
fn place(mailbox: &Mailbox) -> (PathBuf, String, String, String) {
    match mailbox.kind {
        MailboxKind::Maildir => {
            let folder = mailbox.path.clone().unwrap_or_default();
            let real = real(&folder);
            (real, String::new(), String::new(), String::new())
        }
        MailboxKind::Imap => {
            let inbox = mailbox.folder.eq_ignore_ascii_case("inbox");
            (
                PathBuf::new(),
                mailbox.host.as_deref().unwrap_or_default().to_lowercase(),
                mailbox.user.clone().unwrap_or_default(),
                if inbox {
                    "INBOX".to_owned()
                } else {
                    mailbox.folder.clone()
                },
            )
        }
    }
}

/// A key that opens what is stored must not lie where that lies: a copy of that folder would open itself.
pub(super) fn key_beside_data(
    path: &Path,
    file: &File,
    name: &str,
    key: &Origin,
) -> Result<(), ConfigError> {
    let opens_data = matches!(name, "store.key_file" | "pgp.key_file");
    let Some(key) = key.file().filter(|_| opens_data) else {
        return Ok(());
    };
    if !real(key).starts_with(real(&file.store.data_dir)) {
        return Ok(());
    }
    Err(ConfigError::wrong(
        path,
        name,
        format!(
            "{} lies in store.data_dir, so that a copy of the data would hold its own key; move the key elsewhere",
            key.display()
        ),
    ))
}

/// The path without links and detours, as far as it exists.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut there = PathBuf::new();
    for part in absolute.components() {
        if part == Component::ParentDir {
            there.pop();
        } else {
            there.push(part);
        }
    }
    match (there.parent(), there.file_name()) {
        (Some(folder), Some(name)) => real(folder).join(name),
        _ => there,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_by_links_and_detours() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&data, &link).unwrap();
        for inside in [
            data.join("key"),
            link.join("key"),
            dir.path().join("elsewhere/../data/key"),
        ] {
            assert!(real(&inside).starts_with(real(&data)), "{inside:?}");
        }
        for outside in [dir.path().join("data.key"), data.join("../key")] {
            assert!(!real(&outside).starts_with(real(&data)), "{outside:?}");
        }
    }
}

//! What `check` says about files: the database, its folder, who may read the secrets. Makes nothing
//! that stays.

use crate::adapters::store::OpenError;
use crate::config::Config;
use crate::config::secret::Origin;
use crate::domain::system_words::in_words;
use crate::runtime::check::Finding;
use crate::runtime::opening::store_for_command;
use crate::runtime::wire::WireError;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Rights of those who are neither the owner nor in his group.
const OTHERS: u32 = 0o007;
/// A file that is made and removed, to see whether that is allowed.
const PROBE: &str = ".eerstelijn-check";

/// The database opens, or the service will be able to make it.
pub(crate) async fn check_store(config: &Config) -> Finding {
    match store_for_command(config).await {
        Ok(store) => {
            store.close().await;
            Finding::good("store", "the database opens with this key")
        }
        Err(WireError::Open(OpenError::Missing(path))) => not_yet(Path::new(&path)),
        Err(WireError::Open(OpenError::Empty(place))) => Finding::good(
            "store",
            format!(
                "the database at {place} is empty, as it must be for a first start and for a restore; `eerstelijn run` makes its tables"
            ),
        ),
        Err(WireError::Open(error @ OpenError::Older(_))) => {
            Finding::warning("store", error.to_string())
        }
        Err(error) => Finding::bad("store", error.to_string()),
    }
}

fn not_yet(database: &Path) -> Finding {
    let folder = existing_folder(database);
    let probe = folder.join(PROBE);
    let tried = OpenOptions::new().write(true).create_new(true).open(&probe);
    let tried = match tried {
        Ok(_) => std::fs::remove_file(&probe),
        // Left behind by a check that was killed: whoever made it could write here.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => std::fs::remove_file(&probe),
        Err(error) => Err(error),
    };
    let database = database.display();
    match tried {
        Ok(()) => Finding::good(
            "store",
            format!("there is no database at {database} yet; `eerstelijn run` makes it"),
        ),
        Err(error) => Finding::bad(
            "store",
            format!(
                "there is no database at {database}, and nothing can be written in {}: {}; let the user of the service write there",
                folder.display(),
                in_words(error.kind())
            ),
        ),
    }
}

/// The folder in which the first thing would be made.
fn existing_folder(database: &Path) -> PathBuf {
    let above = database.ancestors().skip(1);
    let there = above
        .map(|folder| {
            if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            }
        })
        .find(|folder| folder.is_dir());
    there.unwrap_or_else(|| Path::new(".")).to_owned()
}

/// Secrets that everybody on this machine can read.
pub(crate) fn check_secrets(config: &Config) -> Vec<Finding> {
    let files = config
        .secrets_from
        .iter()
        .filter_map(|(key, origin)| match origin {
            Origin::File(path) => Some((key, path)),
            Origin::Variable(_) => None,
        });
    files
        .filter(|(_, path)| {
            std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & OTHERS != 0)
        })
        .map(|(key, path)| {
            let path = path.display();
            Finding::warning(
                key,
                format!("everybody on this machine can read {path}; run: chmod 600 {path}"),
            )
        })
        .collect()
}

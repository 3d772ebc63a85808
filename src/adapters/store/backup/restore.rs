//! Restoring a back-up into an empty place. The whole file is read and checked before anything is touched;
//! then everything is written in one transaction, on SQLite into a file beside the place.
//!
//! The lock of the service must be held. The database is only filled here; opening it is for the caller.

use crate::adapters::store::backup::dump::{newest, report};
use crate::adapters::store::backup::fill::Filling;
use crate::adapters::store::backup::new_file::{beside, flush_folder_of};
use crate::adapters::store::backup::records::{Header, Record, RecordReader};
use crate::adapters::store::backup::{BackupError, BackupKey, BackupReport, Fault};
use crate::adapters::store::database::{SqlStore, StoreSettings};
use crate::adapters::store::postgres::{self, Patience, PostgresSettings};
use crate::adapters::store::sql::Connection;
use crate::adapters::store::sqlite;
use crate::adapters::store::vault::Vault;
use crate::app::ports::StoreError;
use std::fs::File;
use std::io::{BufReader, ErrorKind};
use std::path::Path;

/// What SQLite keeps beside a database. Left over from another one it would be taken for a part of ours.
const SIDE_FILES: [&str; 3] = ["-wal", "-shm", "-journal"];

impl SqlStore {
    /// Fills the place with what the back-up holds, or changes nothing.
    pub async fn restore(
        settings: &StoreSettings,
        vault: &Vault,
        file: &Path,
        key: &BackupKey,
    ) -> Result<BackupReport, BackupError> {
        let header = check(file, key)?;
        let known = match settings {
            StoreSettings::Sqlite(_) => &sqlite::MIGRATIONS,
            StoreSettings::Postgres(_) => &postgres::MIGRATIONS,
        };
        if header.schema > newest(known) {
            return Err(BackupError::Newer(file.to_owned()));
        }
        let place = settings.to_string();
        let filling = Filling {
            file,
            place: &place,
            vault,
        };
        match settings {
            StoreSettings::Sqlite(path) => into_file(path, &filling, key).await,
            StoreSettings::Postgres(server) => into_server(server, &filling, key).await,
        }
    }
}

/// Is the file whole and authentic?
fn check(file: &Path, key: &BackupKey) -> Result<Header, BackupError> {
    let (mut reader, header) = open(file, key)?;
    let read = loop {
        match reader.next() {
            Ok(Record::End(_)) => break reader.end(),
            Ok(Record::Table(_) | Record::Row(_)) => {}
            Err(fault) => break Err(fault),
        }
    };
    read.map_err(|fault| fault.of(file))?;
    Ok(header)
}

fn open(
    file: &Path,
    key: &BackupKey,
) -> Result<(RecordReader<BufReader<File>>, Header), BackupError> {
    let opened = File::open(file).map_err(|error| Fault::System(error.kind()).of(file))?;
    RecordReader::begin(BufReader::new(opened), key).map_err(|fault| fault.of(file))
}

async fn into_server(
    server: &PostgresSettings,
    filling: &Filling<'_>,
    key: &BackupKey,
) -> Result<BackupReport, BackupError> {
    let pool = postgres::open_to_fill(server).await?;
    let tx = postgres::begin_long(&pool, "BEGIN").await;
    let tx = tx.map_err(StoreError::from)?;
    let done = write(Connection::Postgres(tx, Patience::Long), filling, key).await;
    pool.close().await;
    done
}

async fn into_file(
    path: &Path,
    filling: &Filling<'_>,
    key: &BackupKey,
) -> Result<BackupReport, BackupError> {
    must_be_free(path)?;
    // What a run left that was cut off: the lock of the service is ours.
    let part = beside(path, ".restoring");
    remove(&part);
    let done = write_file(&part, filling, key).await;
    let done = done.and_then(|report| {
        let moved = std::fs::rename(&part, path).and_then(|()| flush_folder_of(path));
        moved.map_err(|error| Fault::System(error.kind()).of(path))?;
        Ok(report)
    });
    if done.is_err() {
        remove(&part);
    }
    done
}

async fn write_file(
    part: &Path,
    filling: &Filling<'_>,
    key: &BackupKey,
) -> Result<BackupReport, BackupError> {
    let pool = sqlite::make_empty(part).await?;
    let tx = pool.begin_with("BEGIN IMMEDIATE").await;
    let done = match tx.map_err(StoreError::from) {
        Ok(tx) => write(Connection::Sqlite(tx), filling, key).await,
        Err(error) => Err(error.into()),
    };
    // The last one that closes puts everything into the file itself.
    pool.close().await;
    let left = SIDE_FILES.iter().any(|side| beside(part, side).exists());
    if done.is_ok() && left {
        return Err(Fault::System(ErrorKind::ResourceBusy).of(part));
    }
    done
}

async fn write(
    mut tx: Connection,
    filling: &Filling<'_>,
    key: &BackupKey,
) -> Result<BackupReport, BackupError> {
    let (reader, header) = open(filling.file, key)?;
    match filling.fill(&mut tx, reader, &header).await {
        Ok(counts) => {
            tx.commit().await.map_err(StoreError::from)?;
            Ok(report(header, &counts))
        }
        Err(error) => {
            // What failed is the news; an end that fails undoes everything too.
            let _ = tx.rollback().await;
            Err(error)
        }
    }
}

fn must_be_free(path: &Path) -> Result<(), BackupError> {
    let sides = SIDE_FILES.iter().map(|side| beside(path, side));
    let taken = std::iter::once(path.to_owned())
        .chain(sides)
        .find(|path| path.symlink_metadata().is_ok());
    taken.map_or(Ok(()), |path| {
        Err(BackupError::Occupied(path.display().to_string()))
    })
}

fn remove(part: &Path) {
    // Mostly there is none.
    let _ = std::fs::remove_file(part);
    for side in SIDE_FILES {
        let _ = std::fs::remove_file(beside(part, side));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::backup::records::{RecordWriter, TableHead};
    use crate::adapters::store::backup::tables::Kind;
    use crate::adapters::store::sql::Value;
    use crate::adapters::store::vault::{KEY_BYTES, MasterKey};
    use crate::domain::ids::InstanceId;
    use std::path::PathBuf;

    fn master() -> MasterKey {
        MasterKey::generate([1; KEY_BYTES])
    }

    /// A back-up that a program with this schema made of an empty database.
    fn made_with(schema: i64, folder: &Path) -> PathBuf {
        let header = Header {
            program: "0.0.1".to_owned(),
            schema,
            made_at: jiff::Timestamp::UNIX_EPOCH,
            from: "sqlite".to_owned(),
        };
        let file = folder.join(format!("backup-{schema}"));
        let to = File::create(&file).unwrap();
        let mut writer = RecordWriter::begin(to, &BackupKey::new(&master()), &header).unwrap();
        let columns = [("name", Kind::Text), ("sealed", Kind::Bytes)];
        let head = TableHead {
            name: "vault".to_owned(),
            columns: columns.map(|(name, kind)| (name.to_owned(), kind)).to_vec(),
        };
        writer.table(&head).unwrap();
        let sealed = Vault::new(&master()).seal_check().unwrap();
        writer
            .row(&[Value::from("check"), Value::from(sealed)])
            .unwrap();
        writer.end().unwrap();
        file
    }

    #[tokio::test]
    async fn what_an_older_version_made_is_restored_by_its_steps_and_brought_up_to_date() {
        let dir = tempfile::tempdir().unwrap();
        let (vault, key) = (Vault::new(&master()), BackupKey::new(&master()));
        let newest = newest(&sqlite::MIGRATIONS);
        for schema in [1, newest - 1, newest] {
            let file = made_with(schema, dir.path());
            let place = StoreSettings::Sqlite(dir.path().join(format!("{schema}.db")));
            let report = SqlStore::restore(&place, &vault, &file, &key)
                .await
                .unwrap();
            assert_eq!(report.program, "0.0.1");
            let instance = InstanceId::from_random([1; 16]);
            // Refuses a schema that isn't today's.
            let opened = SqlStore::open_existing(place, vault.clone(), instance).await;
            opened.unwrap().close().await;
        }
        let later = made_with(newest + 1, dir.path());
        let place = StoreSettings::Sqlite(dir.path().join("later.db"));
        let refused = SqlStore::restore(&place, &vault, &later, &key)
            .await
            .unwrap_err();
        assert!(matches!(refused, BackupError::Newer(_)), "{refused}");
        assert!(!dir.path().join("later.db").exists());
    }
}

//! The inside of a back-up: a header, then each table with its rows, then how many rows there were.
//!
//! One byte says what follows. Header, heads of tables and the end are JSON, so that a later version can add
//! to them; cells are a byte for what they are and, but for numbers, their length. Reading believes nothing:
//! a cell must be of its column's kind, and the counts must agree. How the bytes are sealed is not known here.

use crate::adapters::store::backup::chunks::{ChunkReader, ChunkWriter};
use crate::adapters::store::backup::tables::Kind;
use crate::adapters::store::backup::{BackupKey, Fault};
use crate::adapters::store::sql::Value;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};

const HEADER: u8 = b'H';
const TABLE: u8 = b'T';
const ROW: u8 = b'R';
const END: u8 = b'E';
const NULL: u8 = 0;
const NUMBER: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;

/// What stands at the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    /// The version of the program.
    pub(super) program: String,
    /// The last step of the schema.
    pub(super) schema: i64,
    /// The moment.
    pub(super) made_at: Timestamp,
    /// The kind of database: `sqlite` or `postgres`. For people who look into it.
    pub(super) from: String,
}

/// What stands before the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TableHead {
    /// Its name.
    pub(super) name: String,
    /// Its columns, each with its kind.
    pub(super) columns: Vec<(String, Kind)>,
}

impl TableHead {
    /// Can its names stand in a statement? They come out of a file.
    fn is_well_formed(&self) -> bool {
        let names = self.columns.iter().map(|(name, _)| name);
        let plain = |name: &String| {
            let letters = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            letters && !name.is_empty() && name.len() < 64
        };
        !self.columns.is_empty() && plain(&self.name) && names.into_iter().all(plain)
    }
}

/// How many rows each table has.
pub(super) type Counts = BTreeMap<String, u64>;

/// One thing in a back-up.
pub(super) enum Record {
    /// Rows of this table follow.
    Table(TableHead),
    /// A row of the table.
    Row(Vec<Value<'static>>),
    /// Nothing follows, and everything was there.
    End(Counts),
}

/// Writes records.
pub(super) struct RecordWriter<W> {
    to: ChunkWriter<W>,
    table: String,
    counts: Counts,
}

impl<W: Write> RecordWriter<W> {
    /// Begins a back-up.
    pub(super) fn begin(to: W, key: &BackupKey, header: &Header) -> Result<Self, Fault> {
        let mut to = ChunkWriter::begin(to, key)?;
        put_json(&mut to, HEADER, header)?;
        Ok(Self {
            to,
            table: String::new(),
            counts: Counts::new(),
        })
    }

    /// Begins a table.
    pub(super) fn table(&mut self, head: &TableHead) -> Result<(), Fault> {
        self.table.clone_from(&head.name);
        self.counts.insert(head.name.clone(), 0);
        put_json(&mut self.to, TABLE, head)
    }

    /// Writes a row of the table.
    pub(super) fn row(&mut self, cells: &[Value<'_>]) -> Result<(), Fault> {
        self.to.put(&[ROW])?;
        for cell in cells {
            put_cell(&mut self.to, cell)?;
        }
        if let Some(count) = self.counts.get_mut(&self.table) {
            *count = count.saturating_add(1);
        }
        Ok(())
    }

    /// Ends it. Returns where it went, and the counts.
    pub(super) fn end(mut self) -> Result<(W, Counts), Fault> {
        put_json(&mut self.to, END, &self.counts)?;
        Ok((self.to.end()?, self.counts))
    }
}

fn put_json<W: Write>(
    to: &mut ChunkWriter<W>,
    what: u8,
    value: &impl Serialize,
) -> Result<(), Fault> {
    let json = serde_json::to_vec(value).map_err(|_| Fault::System(ErrorKind::InvalidData))?;
    to.put(&[what])?;
    put_long(to, &json)
}

fn put_cell<W: Write>(to: &mut ChunkWriter<W>, cell: &Value<'_>) -> Result<(), Fault> {
    match cell {
        Value::Number(None) | Value::Text(None) | Value::Bytes(None) => to.put(&[NULL]),
        Value::Number(Some(number)) => {
            to.put(&[NUMBER])?;
            to.put(&number.to_be_bytes())
        }
        Value::Text(Some(text)) => {
            to.put(&[TEXT])?;
            put_long(to, text.as_bytes())
        }
        Value::Bytes(Some(bytes)) => {
            to.put(&[BYTES])?;
            put_long(to, bytes)
        }
    }
}

fn put_long<W: Write>(to: &mut ChunkWriter<W>, bytes: &[u8]) -> Result<(), Fault> {
    let length = u32::try_from(bytes.len()).map_err(|_| Fault::System(ErrorKind::FileTooLarge))?;
    to.put(&length.to_be_bytes())?;
    to.put(bytes)
}

/// Reads records.
pub(super) struct RecordReader<R> {
    from: ChunkReader<R>,
    table: Option<TableHead>,
    counts: Counts,
}

impl<R: Read> RecordReader<R> {
    /// Begins to read a back-up.
    pub(super) fn begin(from: R, key: &BackupKey) -> Result<(Self, Header), Fault> {
        let mut from = ChunkReader::begin(from, key)?;
        let [what] = from.take_array()?;
        if what != HEADER {
            return Err(Fault::Damaged);
        }
        let header = take_json(&mut from)?;
        let reader = Self {
            from,
            table: None,
            counts: Counts::new(),
        };
        Ok((reader, header))
    }

    /// The next record. After the end there is none.
    pub(super) fn next(&mut self) -> Result<Record, Fault> {
        let [what] = self.from.take_array()?;
        match what {
            TABLE => self.table().map(Record::Table),
            ROW => self.row().map(Record::Row),
            END => self.all().map(Record::End),
            _ => Err(Fault::Damaged),
        }
    }

    /// Nothing may follow the end.
    pub(super) fn end(self) -> Result<(), Fault> {
        self.from.end()
    }

    fn table(&mut self) -> Result<TableHead, Fault> {
        let head: TableHead = take_json(&mut self.from)?;
        let again = self.counts.insert(head.name.clone(), 0).is_some();
        if again || !head.is_well_formed() {
            return Err(Fault::Damaged);
        }
        self.table = Some(head.clone());
        Ok(head)
    }

    fn row(&mut self) -> Result<Vec<Value<'static>>, Fault> {
        let table = self.table.as_ref().ok_or(Fault::Damaged)?;
        let cells = table.columns.iter();
        let cells = cells.map(|(_, kind)| take_cell(&mut self.from, *kind));
        let cells = cells.collect::<Result<_, _>>()?;
        let count = self.counts.get_mut(&table.name).ok_or(Fault::Damaged)?;
        *count = count.saturating_add(1);
        Ok(cells)
    }

    fn all(&mut self) -> Result<Counts, Fault> {
        let counts: Counts = take_json(&mut self.from)?;
        (counts == self.counts)
            .then_some(counts)
            .ok_or(Fault::Damaged)
    }
}

fn take_json<R: Read, T: DeserializeOwned>(from: &mut ChunkReader<R>) -> Result<T, Fault> {
    let json = take_long(from)?;
    serde_json::from_slice(&json).map_err(|_| Fault::Damaged)
}

fn take_cell<R: Read>(from: &mut ChunkReader<R>, kind: Kind) -> Result<Value<'static>, Fault> {
    let [what] = from.take_array()?;
    Ok(match (what, kind) {
        (NULL, Kind::Number) => Value::Number(None),
        (NULL, Kind::Text) => Value::Text(None),
        (NULL, Kind::Bytes) => Value::Bytes(None),
        (NUMBER, Kind::Number) => Value::from(i64::from_be_bytes(from.take_array()?)),
        (TEXT, Kind::Text) => {
            let text = String::from_utf8(take_long(from)?);
            Value::from(text.map_err(|_| Fault::Damaged)?)
        }
        (BYTES, Kind::Bytes) => Value::from(take_long(from)?),
        _ => return Err(Fault::Damaged),
    })
}

fn take_long<R: Read>(from: &mut ChunkReader<R>) -> Result<Vec<u8>, Fault> {
    let length = u32::from_be_bytes(from.take_array()?);
    from.take(usize::try_from(length).map_err(|_| Fault::Damaged)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::vault::{KEY_BYTES, MasterKey};

    fn key() -> BackupKey {
        BackupKey::new(&MasterKey::generate([1; KEY_BYTES]))
    }

    fn header() -> Header {
        Header {
            program: "0.1.0".to_owned(),
            schema: 8,
            made_at: Timestamp::UNIX_EPOCH,
            from: "sqlite".to_owned(),
        }
    }

    fn head(name: &str) -> TableHead {
        let kinds = [Kind::Number, Kind::Text, Kind::Bytes];
        TableHead {
            name: name.to_owned(),
            columns: kinds.map(|kind| ("a".to_owned(), kind)).to_vec(),
        }
    }

    #[test]
    fn every_kind_of_cell_comes_back_as_it_was() {
        let rows = [
            vec![
                Value::from(i64::MIN),
                Value::from("é"),
                Value::from(vec![0, 1]),
            ],
            vec![Value::Number(None), Value::Text(None), Value::Bytes(None)],
            vec![Value::from(0), Value::from(""), Value::from(Vec::new())],
        ];
        let mut writer = RecordWriter::begin(Vec::new(), &key(), &header()).unwrap();
        writer.table(&head("empty")).unwrap();
        writer.table(&head("full")).unwrap();
        for row in &rows {
            writer.row(row).unwrap();
        }
        let (file, counts) = writer.end().unwrap();
        assert_eq!(counts["full"], 3);
        let (mut reader, read) = RecordReader::begin(&file[..], &key()).unwrap();
        assert_eq!(read, header());
        for name in ["empty", "full"] {
            assert!(matches!(reader.next(), Ok(Record::Table(read)) if read == head(name)));
        }
        for row in &rows {
            assert!(matches!(reader.next(), Ok(Record::Row(read)) if read == *row));
        }
        assert!(matches!(reader.next(), Ok(Record::End(read)) if read == counts));
        reader.end().unwrap();
    }

    #[test]
    fn a_name_that_is_no_name_stands_in_no_statement() {
        for name in ["", "a b", "a;drop", "A", "a\"", "é"] {
            let mut writer = RecordWriter::begin(Vec::new(), &key(), &header()).unwrap();
            writer.table(&head(name)).unwrap();
            let (file, _) = writer.end().unwrap();
            let (mut reader, _) = RecordReader::begin(&file[..], &key()).unwrap();
            assert!(matches!(reader.next(), Err(Fault::Damaged)), "{name}");
        }
    }
}

//! The outside of a back-up: a stream of bytes in sealed chunks. No chunk can be altered, moved, left out or
//! taken from another file, and a missing end shows.
//!
//! Layout: the magic line, 32 random bytes that name the file, 32 bytes that tell the key, then chunks: one
//! byte (more follow, or the last), the length, the sealed bytes. The key of the chunks follows from the key
//! of back-ups and the name of the file, so a nonce that only counts never comes twice under one key.
//!
//! What the bytes mean is not known here.

use crate::adapters::store::backup::{BackupKey, Fault};
use crate::adapters::store::vault::{KEY_BYTES, keyed_hash, random_key};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::io::{ErrorKind, Read, Write};
use zeroize::Zeroizing;

/// The beginning of every back-up, whatever its format.
const MAGIC: &[u8] = b"eerstelijn backup ";
/// The version of the format, and the end of the line.
const FORMAT: &[u8] = b"1\n";
/// Bytes of content in a chunk, at most.
const CHUNK: usize = 64 * 1024;
/// Bytes that sealing adds.
const TAG: usize = 16;
const MORE: u8 = 0;
const LAST: u8 = 1;

/// What seals and opens the chunks of one file.
struct Seal {
    cipher: XChaCha20Poly1305,
    index: u64,
}

impl Seal {
    fn of(key: &BackupKey, name: &[u8; KEY_BYTES]) -> Self {
        let key = Zeroizing::new(keyed_hash(&key.0, &[b"chunks", name]));
        Self {
            cipher: XChaCha20Poly1305::new((&*key).into()),
            index: 0,
        }
    }

    /// The nonce and what a chunk is bound to: format, place, whether it is the last.
    fn next(&mut self, mark: u8) -> (XNonce, Vec<u8>) {
        let place = self.index.to_be_bytes();
        self.index = self.index.saturating_add(1);
        let mut nonce = XNonce::default();
        for (to, from) in nonce.iter_mut().zip(place) {
            *to = from;
        }
        (nonce, [MAGIC, FORMAT, &place, &[mark]].concat())
    }
}

fn mark_of(key: &BackupKey, name: &[u8; KEY_BYTES]) -> [u8; KEY_BYTES] {
    keyed_hash(&key.0, &[b"mark", name])
}

/// Writes a stream of bytes in sealed chunks.
pub(super) struct ChunkWriter<W> {
    to: W,
    seal: Seal,
    plain: Vec<u8>,
}

impl<W: Write> ChunkWriter<W> {
    /// Writes what comes before the first chunk.
    pub(super) fn begin(mut to: W, key: &BackupKey) -> Result<Self, Fault> {
        let name = random_key();
        to.write_all(&[MAGIC, FORMAT, name.as_slice(), &mark_of(key, &name)].concat())?;
        Ok(Self {
            to,
            seal: Seal::of(key, &name),
            plain: Vec::with_capacity(CHUNK),
        })
    }

    /// Writes bytes. Full chunks leave at once.
    pub(super) fn put(&mut self, mut bytes: &[u8]) -> Result<(), Fault> {
        while !bytes.is_empty() {
            if self.plain.len() == CHUNK {
                self.chunk(MORE)?;
            }
            let room = CHUNK.saturating_sub(self.plain.len()).min(bytes.len());
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.plain.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Writes the last chunk. Returns where it all went.
    pub(super) fn end(mut self) -> Result<W, Fault> {
        self.chunk(LAST)?;
        Ok(self.to)
    }

    fn chunk(&mut self, mark: u8) -> Result<(), Fault> {
        let (nonce, aad) = self.seal.next(mark);
        let payload = Payload {
            msg: &self.plain,
            aad: &aad,
        };
        let sealed = self.seal.cipher.encrypt(&nonce, payload);
        let sealed = sealed.map_err(|_| Fault::System(ErrorKind::InvalidData))?;
        let length = u32::try_from(sealed.len());
        let length = length.map_err(|_| Fault::System(ErrorKind::InvalidData))?;
        self.to.write_all(&[mark])?;
        self.to.write_all(&length.to_be_bytes())?;
        self.to.write_all(&sealed)?;
        self.plain.clear();
        Ok(())
    }
}

/// Reads a stream of bytes out of sealed chunks. Gives no byte that isn't authentic.
pub(super) struct ChunkReader<R> {
    from: R,
    seal: Seal,
    plain: Vec<u8>,
    at: usize,
    last: bool,
}

impl<R: Read> ChunkReader<R> {
    /// Reads what comes before the first chunk.
    pub(super) fn begin(mut from: R, key: &BackupKey) -> Result<Self, Fault> {
        let mut magic = [0; MAGIC.len()];
        let read = from.read_exact(&mut magic).map_err(Fault::from);
        match read {
            Ok(()) if magic == MAGIC => {}
            Ok(()) | Err(Fault::Damaged) => return Err(Fault::Foreign),
            Err(other) => return Err(other),
        }
        let mut format = [0; FORMAT.len()];
        from.read_exact(&mut format)?;
        if format != FORMAT {
            return Err(Fault::Newer);
        }
        let (mut name, mut mark) = ([0; KEY_BYTES], [0; KEY_BYTES]);
        from.read_exact(&mut name)?;
        from.read_exact(&mut mark)?;
        same(&mark, &mark_of(key, &name))?;
        Ok(Self {
            from,
            seal: Seal::of(key, &name),
            plain: Vec::new(),
            at: 0,
            last: false,
        })
    }

    /// The next bytes, exactly as many.
    pub(super) fn take(&mut self, wanted: usize) -> Result<Vec<u8>, Fault> {
        // Grows with what is really there, whatever the length says.
        let mut taken = Vec::new();
        loop {
            let rest = self.plain.get(self.at..).unwrap_or_default();
            let missing = wanted.saturating_sub(taken.len()).min(rest.len());
            taken.extend_from_slice(rest.get(..missing).unwrap_or_default());
            self.at = self.at.saturating_add(missing);
            if taken.len() == wanted {
                return Ok(taken);
            }
            self.chunk()?;
        }
    }

    /// The next bytes, as many as an array has.
    pub(super) fn take_array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        self.take(N)?.try_into().map_err(|_| Fault::Damaged)
    }

    /// Nothing may be left.
    pub(super) fn end(mut self) -> Result<(), Fault> {
        if !self.last && self.at == self.plain.len() {
            self.chunk()?;
        }
        let all_read = self.last && self.at == self.plain.len();
        let after = self.from.read(&mut [0])?;
        (all_read && after == 0).then_some(()).ok_or(Fault::Damaged)
    }

    fn chunk(&mut self) -> Result<(), Fault> {
        if self.last {
            return Err(Fault::Damaged);
        }
        let (mut mark, mut length) = ([0], [0; 4]);
        self.from.read_exact(&mut mark)?;
        self.from.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| Fault::Damaged)?;
        if length > CHUNK.saturating_add(TAG) {
            return Err(Fault::Damaged);
        }
        let mut sealed = vec![0; length];
        self.from.read_exact(&mut sealed)?;
        let [mark] = mark;
        let (nonce, aad) = self.seal.next(mark);
        let payload = Payload {
            msg: &sealed,
            aad: &aad,
        };
        let opened = self.seal.cipher.decrypt(&nonce, payload);
        self.plain = opened.map_err(|_| Fault::Damaged)?;
        self.at = 0;
        self.last = mark == LAST;
        Ok(())
    }
}

/// Was it made with our key? Compared in the same time whatever stands there.
fn same(mark: &[u8; KEY_BYTES], ours: &[u8; KEY_BYTES]) -> Result<(), Fault> {
    let hash = |bytes: &[u8]| {
        let mac = <Hmac<Sha256> as Mac>::new((&[0; 64]).into());
        mac.chain_update(bytes)
    };
    hash(mark)
        .verify(&hash(ours).finalize().into_bytes())
        .map_err(|_| Fault::WrongKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::vault::MasterKey;

    fn key(n: u8) -> BackupKey {
        BackupKey::new(&MasterKey::generate([n; KEY_BYTES]))
    }

    fn file(content: &[u8]) -> Vec<u8> {
        let mut writer = ChunkWriter::begin(Vec::new(), &key(1)).unwrap();
        for part in content.chunks(1_000) {
            writer.put(part).unwrap();
        }
        writer.end().unwrap()
    }

    fn content_of(file: &[u8], n: u8, length: usize) -> Result<Vec<u8>, Fault> {
        let mut reader = ChunkReader::begin(file, &key(n))?;
        let content = reader.take(length)?;
        reader.end()?;
        Ok(content)
    }

    #[test]
    fn what_is_written_is_read_whatever_its_length() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let content = vec![7; length];
            assert_eq!(content_of(&file(&content), 1, length), Ok(content));
        }
    }

    #[test]
    fn every_byte_counts_and_so_does_the_end() {
        let content = vec![7; 2 * CHUNK + 9];
        let whole = file(&content);
        let read = |bytes: &[u8]| content_of(bytes, 1, content.len());
        assert_eq!(content_of(&whole, 2, content.len()), Err(Fault::WrongKey));
        for at in (0..whole.len()).filter(|at| at % 997 == 0 || *at < 200) {
            let mut altered = whole.clone();
            altered[at] ^= 1;
            assert!(read(&altered).is_err(), "byte {at}");
            assert!(read(&whole[..at]).is_err(), "cut at {at}");
        }
        assert_eq!(read(&[&whole[..], b"x"].concat()), Err(Fault::Damaged));
        // At each border of chunks, also with the last chunk put in the place of another.
        let begin = MAGIC.len() + FORMAT.len() + 2 * KEY_BYTES;
        let step = 5 + CHUNK + TAG;
        for border in [begin, begin + step, begin + 2 * step] {
            assert_eq!(read(&whole[..border]), Err(Fault::Damaged));
            let moved = [&whole[..border], &whole[begin + 2 * step..]].concat();
            assert_eq!(read(&moved).is_ok(), border == begin + 2 * step);
        }
        assert_eq!(read(b"eerstelijn"), Err(Fault::Foreign));
        assert_eq!(read(b"eerstelijn backup 2\n"), Err(Fault::Newer));
    }

    #[test]
    fn two_files_of_one_content_have_nothing_in_common() {
        let (one, other) = (file(b"kanarie"), file(b"kanarie"));
        let begin = MAGIC.len() + FORMAT.len();
        assert_ne!(one[begin..], other[begin..]);
        let mixed = [
            &one[..begin + 2 * KEY_BYTES],
            &other[begin + 2 * KEY_BYTES..],
        ]
        .concat();
        assert_eq!(content_of(&mixed, 1, 7), Err(Fault::Damaged));
    }
}

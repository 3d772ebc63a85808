//! OpenPGP parts in the structure of a mail (RFC 3156; inline armour; RFC 9788 for the subject inside).
//!
//! What comes out of an encrypted part is walked in its place, by the same rules and bounds as the rest. A
//! signature counts only where it is over all that the mail says: beside other words it would vouch for those too.

use crate::adapters::mail::parse::decode::{guess, header_text, transfer_decode};
use crate::adapters::mail::parse::fields::{Header, canonical_lines, split_header};
use crate::adapters::mail::parse::gather::{Gathered, Room};
use crate::adapters::mail::parse::media::{HeaderFields, Media, media_of};
use crate::adapters::mail::parse::tree::{Spoken, Spot, Whole, walk};
use crate::adapters::mail::pgp::armor::{Block, next_block};
use crate::adapters::mail::pgp::certificate::certificates_in;
use crate::adapters::mail::pgp::open::{Opened, open};
use crate::adapters::mail::pgp::signature::{cleartext, detached};
use crate::domain::intake::message::Defect;
use crate::domain::pgp::form::{Opening, PgpForm};
use crate::domain::pgp::reading::{PgpReading, SignedContent};
use data_encoding::BASE64;

/// Most certificates that are kept of one mail.
const MOST_OFFERED: usize = 5;
/// Most blocks of armour in one text that are looked at.
const MOST_BLOCKS: usize = 8;

/// Which of these parts holds the encrypted data, where one does: the one behind the part that announces it
/// (RFC 3156, 4). Some servers make the outer type `multipart/mixed` and put a text of their own beside it.
pub fn sealed_part(kind: &str, parts: &[&[u8]]) -> Option<usize> {
    if !matches!(kind, "multipart/encrypted" | "multipart/mixed") {
        return None;
    }
    let kind_of = |part: &[u8]| media_of(&split_header(part)).kind;
    let announced = parts
        .iter()
        .take(MOST_BLOCKS)
        .position(|part| kind_of(part) == "application/pgp-encrypted")?;
    let data = parts.get(announced + 1)?;
    let is_data = matches!(
        kind_of(data).as_str(),
        "application/octet-stream" | "application/pgp-encrypted" | "text/plain" | ""
    );
    is_data.then_some(announced + 1)
}

/// Is it the part that announces the sealed one?
pub fn announces_seal(media: &Media, sealed: Option<usize>, place: usize) -> bool {
    sealed == Some(place + 1) && media.kind == "application/pgp-encrypted"
}

/// Opens the encrypted part of a mail and walks what is inside.
pub fn mime_encrypted(part: &[u8], spot: Spot, bag: &mut Gathered<'_>) -> Spoken {
    let header = split_header(part);
    let media = media_of(&header);
    let bytes = transfer_decode(header.body, &media.encoding);
    match unseal(&bytes, PgpForm::MimeEncrypted, spot, bag) {
        Some(plain) => entity(&plain, spot.inside_the_seal(), bag),
        None => {
            bag.add_attachment(&media, "application/pgp-encrypted", &bytes);
            Spoken::default()
        }
    }
}

/// The bytes inside. Notes what came of it; the first encrypted part of the mail itself gives it its form.
fn unseal(message: &[u8], form: PgpForm, spot: Spot, bag: &mut Gathered<'_>) -> Option<Vec<u8>> {
    // Of a mail that is attached, and of one sealed part inside another, nothing is opened: it is evidence, and a
    // sender could have us open for him what he got hold of.
    let first = bag.pgp.opening == Opening::NotEncrypted;
    if !spot.is_of_the_mail_itself() || !first || spot.is_deepest() {
        return None;
    }
    note_form(form, bag);
    let opened = bag
        .team
        .map_or(Err(Opening::NoKey), |team| open(team, message));
    match opened {
        Ok(Opened { plain, signed }) => {
            bag.pgp.opening = Opening::Opened;
            // A signature around the sealed part says that somebody had it, not that he wrote it.
            bag.pgp.signed.clear();
            note_signed(signed, spot.whole(), bag);
            Some(plain)
        }
        Err(why) => {
            bag.pgp.opening = why;
            None
        }
    }
}

/// The form of the outermost layer; one that hides the words counts before one that only signs them.
fn note_form(form: PgpForm, bag: &mut Gathered<'_>) {
    if bag.pgp.form == PgpForm::None || (form.is_encrypted() && !bag.pgp.form.is_encrypted()) {
        bag.pgp.form = form;
    }
}

fn note_signed(signed: Vec<SignedContent>, whole: Whole, bag: &mut Gathered<'_>) {
    if whole == Whole::Mail {
        bag.pgp.signed.extend(signed);
    }
}

/// A MIME entity that came out of an encrypted part, with the header fields that were hidden in it.
fn entity(plain: &[u8], spot: Spot, bag: &mut Gathered<'_>) -> Spoken {
    let lines = canonical_lines(plain);
    let header = split_header(&lines);
    if header.first("Content-Type").is_none() {
        let text = Header {
            fields: Vec::new(),
            body: &lines,
            overflowing: header.overflowing,
        };
        return walk(&text, &Media::default(), spot, bag);
    }
    let media = media_of(&header);
    // An old way to hide the header: the whole mail as a mail inside (`forwarded="no"`).
    let is_wrapped = media.kind == "message/rfc822";
    let inner = is_wrapped.then(|| split_header(header.body));
    let fields = inner.as_ref().unwrap_or(&header);
    let hidden = is_wrapped || media.header_fields != HeaderFields::NotHere;
    if let Some(subject) = fields
        .first("Subject")
        .filter(|_| hidden && spot.whole() == Whole::Mail)
    {
        bag.protected_subject = Some(header_text(subject.value));
    }
    autocrypt_keys(fields, bag);
    match &inner {
        Some(inner) => walk(inner, &media_of(inner), spot.inside_the_seal(), bag),
        None => walk(&header, &media, spot, bag),
    }
}

/// A mail whose first part is signed by its second (RFC 3156, 5). The signature is over the part as it stands,
/// with CRLF at its line ends.
pub fn mime_signed(
    kind: &str,
    media: &Media,
    parts: &[&[u8]],
    spot: Spot,
    bag: &mut Gathered<'_>,
) -> Option<Spoken> {
    let declared = kind == "multipart/signed"
        && media
            .protocol
            .as_deref()
            .is_some_and(|protocol| protocol == "application/pgp-signature");
    let (content, rest) = parts.split_first().filter(|_| declared)?;
    let header = split_header(rest.first()?);
    let signature_media = media_of(&header);
    if signature_media.kind != "application/pgp-signature" || spot.is_deepest() {
        return None;
    }
    let inside = split_header(content);
    if spot.is_of_the_mail_itself() {
        note_form(PgpForm::MimeSigned, bag);
        let signature = transfer_decode(header.body, &signature_media.encoding);
        // Whatever stands behind the signature is in nobody's words.
        let whole = if rest.len() == 1 {
            spot.whole()
        } else {
            Whole::Part
        };
        note_signed(detached(&signature, content), whole, bag);
    }
    if rest.len() > 1 {
        bag.defects.insert(Defect::TooComplex);
    }
    let spoken = if bag.pgp.opening == Opening::Opened {
        entity_within(content, &inside, spot, bag)
    } else {
        walk(&inside, &media_of(&inside), spot.inside_the_seal(), bag)
    };
    Some(spoken)
}

/// The signed part inside an encrypted one: that is where the hidden header stands.
fn entity_within(
    content: &[u8],
    inside: &Header<'_>,
    spot: Spot,
    bag: &mut Gathered<'_>,
) -> Spoken {
    let hidden =
        bag.protected_subject.is_none() && media_of(inside).header_fields != HeaderFields::NotHere;
    if hidden {
        entity(content, spot.inside_the_seal(), bag)
    } else {
        walk(inside, &media_of(inside), spot.inside_the_seal(), bag)
    }
}

/// Is it the header once more, for programs that can't show the hidden one?
pub fn is_legacy_display(media: &Media, bag: &Gathered<'_>) -> bool {
    let shows = matches!(media.kind.as_str(), "text/plain" | "text/rfc822-headers");
    shows && media.header_fields == HeaderFields::InItsHeader && bag.protected_subject.is_some()
}

/// Takes the armour out of a text: an encrypted block makes place for what was in it, a signed one for its words, a
/// key is kept and no longer shown.
pub fn armour_in_text(text: String, media: &Media, spot: Spot, bag: &mut Gathered<'_>) -> String {
    let text = without_legacy_lines(text, media, bag);
    if !spot.is_of_the_mail_itself() || !text.contains("-----BEGIN PGP ") {
        return text;
    }
    let mut told = String::with_capacity(text.len());
    let mut at = 0;
    for _ in 0..MOST_BLOCKS {
        let Some(block) = next_block(&text, at) else {
            break;
        };
        let (start, end) = (block.place.start, block.place.end);
        told.push_str(text.get(at..start).unwrap_or_default());
        let around = text.get(..start).into_iter().chain(text.get(end..));
        let alone = around.map(str::trim).all(str::is_empty);
        let spot = if alone { spot } else { spot.beside_others() };
        told.push_str(&instead_of(&text, &block, spot, bag));
        at = end;
    }
    told.push_str(text.get(at..).unwrap_or_default());
    told
}

/// What is read in the place of a block.
fn instead_of(text: &str, block: &Block, spot: Spot, bag: &mut Gathered<'_>) -> String {
    let written = text.get(block.place.clone()).unwrap_or_default();
    match block.kind.as_str() {
        "MESSAGE" => match unseal(written.as_bytes(), PgpForm::InlineEncrypted, spot, bag) {
            Some(plain) if plain.starts_with(b"Content-Type:") => {
                entity(&plain, spot.inside_the_seal(), bag).text
            }
            Some(plain) => guess(&plain).replace("\r\n", "\n"),
            None => String::new(),
        },
        "SIGNED MESSAGE" => match cleartext(written) {
            Some((words, signed)) => {
                note_form(PgpForm::InlineSigned, bag);
                note_signed(signed, spot.whole(), bag);
                words
            }
            None => written.to_owned(),
        },
        "PUBLIC KEY BLOCK" => {
            offer(written.as_bytes(), bag);
            String::new()
        }
        _ => written.to_owned(),
    }
}

/// The header fields above the text end with its first empty line (RFC 9788, 5.2.2).
fn without_legacy_lines(text: String, media: &Media, bag: &Gathered<'_>) -> String {
    let shown =
        media.header_fields == HeaderFields::AboveItsText && bag.pgp.opening == Opening::Opened;
    let rest = text
        .split_once("\r\n\r\n")
        .or_else(|| text.split_once("\n\n"))
        .filter(|_| shown);
    match rest {
        Some((_, rest)) => rest.to_owned(),
        None => text,
    }
}

/// Keeps the certificates in an attached key file.
pub fn offered_keys(kind: &str, media: &Media, bytes: &[u8], bag: &mut Gathered<'_>) {
    let name = media.name.to_ascii_lowercase();
    let named = [".asc", ".gpg", ".pgp", ".key"]
        .iter()
        .any(|ending| name.ends_with(ending));
    let armoured = bytes
        .trim_ascii_start()
        .starts_with(b"-----BEGIN PGP PUBLIC KEY BLOCK-----");
    if kind == "application/pgp-keys" || (named && armoured) {
        offer(bytes, bag);
    }
    let message = bytes
        .trim_ascii_start()
        .starts_with(b"-----BEGIN PGP MESSAGE-----");
    if message || kind == "application/pgp-encrypted" {
        bag.sealed_file = Some(PgpForm::MimeEncrypted);
    }
}

/// A mail without words of its own, and with a sealed file: its words are in there. A file isn't opened, so a person
/// asks for them.
pub fn words_in_a_file(text: &str, bag: &mut Gathered<'_>) {
    if let (true, PgpForm::None, Some(form)) =
        (text.trim().is_empty(), bag.pgp.form, bag.sealed_file)
    {
        bag.pgp.form = form;
        bag.pgp.opening = Opening::Damaged;
    }
}

/// What can be told of the layer of a mail that could not be taken apart: nothing of it may be answered in the open.
pub fn layer_of_unreadable(lines: &[u8]) -> PgpReading {
    let holds = |mark: &str| {
        let text = String::from_utf8_lossy(lines);
        text.contains(mark)
    };
    let sealed = holds("application/pgp-encrypted") || holds("-----BEGIN PGP MESSAGE-----");
    PgpReading {
        form: if sealed {
            PgpForm::MimeEncrypted
        } else {
            PgpForm::None
        },
        opening: if sealed {
            Opening::Damaged
        } else {
            Opening::NotEncrypted
        },
        ..PgpReading::default()
    }
}

/// Keeps the certificate in an `Autocrypt` field, of which there may be only one (Autocrypt 1.1, 2.1).
pub fn autocrypt_keys(header: &Header<'_>, bag: &mut Gathered<'_>) {
    let mut fields = header.fields.iter().filter(|field| field.is("Autocrypt"));
    let (Some(field), None) = (fields.next(), fields.next()) else {
        return;
    };
    // Longer than any other field: it isn't cut like those.
    let text = String::from_utf8_lossy(field.value);
    let data = text.split(';').find_map(|attribute| {
        let (name, value) = attribute.split_once('=')?;
        (name.trim() == "keydata").then_some(value)
    });
    let Some(data) = data else {
        return;
    };
    let packed: String = data.split_ascii_whitespace().collect();
    if let Ok(bytes) = BASE64.decode(packed.as_bytes()) {
        offer(&bytes, bag);
    }
}

fn offer(bytes: &[u8], bag: &mut Gathered<'_>) {
    if bag.take_keys(bytes.len()) == Room::Used {
        return;
    }
    for certificate in certificates_in(bytes) {
        let known = bag.pgp.offered.contains(&certificate);
        if !known && bag.pgp.offered.len() < MOST_OFFERED {
            bag.pgp.offered.push(certificate);
        }
    }
}

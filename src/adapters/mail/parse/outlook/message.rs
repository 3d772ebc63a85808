//! One message in an Outlook message file: who, when, what it says, which files it carries.
//!
//! Reads; what is done with it is `attached`'s matter. Property numbers as in [MS-OXPROPS].

use crate::adapters::mail::parse::addresses::first_as_written;
use crate::adapters::mail::parse::decode::header_text;
use crate::adapters::mail::parse::fields::{canonical_lines, split_header};
use crate::adapters::mail::parse::gather::LONGEST_TEXT;
use crate::adapters::mail::parse::outlook::compound::Compound;
use crate::adapters::mail::parse::outlook::properties::{
    Holder, NUMBER, Properties, TIME, Tag, charset_of,
};
use std::path::{Path, PathBuf};

/// Longest text that is read, in bytes: of Unicode, more than is kept.
const LONGEST_BODY: u64 = 4 * LONGEST_TEXT as u64;
/// Longest header that is read, in bytes.
const LONGEST_HEADER: u64 = 256 * 1024;
/// Largest file that is hashed, in bytes.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;
/// The type of bytes ([MS-OXCDATA], 2.11.1).
const BYTES: u16 = 0x0102;
/// The type of an object in a folder of its own.
const OBJECT: u16 = 0x000d;
/// `PidTagAttachMethod` of an attached message ([MS-OXCMSG], 2.2.2.9).
const EMBEDDED: u32 = 5;

/// A body with the name of its character set, where that is known.
#[derive(Default)]
pub struct Body {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its character set.
    pub charset: Option<String>,
}

/// One message.
pub struct Message {
    /// The display name of its sender.
    pub from_name: String,
    /// The address of its sender, as written; that of an Exchange directory where there is no other.
    pub from_address: String,
    /// Its subject.
    pub subject: String,
    /// Its date, as written.
    pub date: String,
    /// Its plain text.
    pub plain: Body,
    /// Its HTML.
    pub html: Body,
    /// The character set of texts that aren't Unicode.
    pub charset: Option<String>,
    /// Where its attachments are.
    pub attachments: Vec<PathBuf>,
}

impl Message {
    /// Reads the message in a folder; nothing where there is none.
    pub fn read(file: &mut Compound<'_>, folder: &Path, holder: Holder) -> Option<Self> {
        let properties = Properties::read(file, folder, holder, None)?;
        let transport = Transport::read(file, &properties);
        let (from_name, from_address) = sender(file, &properties, &transport);
        let plain = properties
            .text(file, 0x1000, LONGEST_BODY)
            .unwrap_or_default();
        Some(Self {
            from_name,
            from_address,
            subject: properties.line(file, 0x0037),
            date: date(&properties, transport.date),
            plain: unicode(plain),
            html: html(file, &properties),
            charset: properties.charset().map(str::to_owned),
            attachments: file.folders(folder, "__attach_version1.0_#"),
        })
    }
}

fn unicode(text: String) -> Body {
    Body {
        bytes: text.into_bytes(),
        charset: Some("utf-8".to_owned()),
    }
}

/// `PidTagHtml` are bytes in the character set of `PidTagInternetCodepage`; `PidTagBodyHtml` is a text.
fn html(file: &mut Compound<'_>, properties: &Properties) -> Body {
    if let Some(bytes) = file.read(&properties.place(0x1013, BYTES), LONGEST_BODY) {
        let codepage = properties.number(Tag(0x3fde, NUMBER));
        return Body {
            bytes,
            charset: codepage.and_then(charset_of),
        };
    }
    let text = properties.text(file, 0x1013, LONGEST_BODY);
    text.map(unicode).unwrap_or_default()
}

/// The date of the header, or else when it was sent or arrived, written like one (RFC 5322, 3.3).
fn date(properties: &Properties, written: String) -> String {
    if !written.is_empty() {
        return written;
    }
    let time = properties
        .time(Tag(0x0039, TIME))
        .or_else(|| properties.time(Tag(0x0e06, TIME)));
    time.map(|at| at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
        .unwrap_or_default()
}

/// What is kept of the header that the mail came with (`PidTagTransportMessageHeaders`).
#[derive(Default)]
struct Transport {
    name: String,
    address: String,
    date: String,
}

impl Transport {
    fn read(file: &mut Compound<'_>, properties: &Properties) -> Self {
        let Some(text) = properties.text(file, 0x007d, LONGEST_HEADER) else {
            return Self::default();
        };
        // Older versions of Outlook write a title above it.
        let text = match text.split_once('\n') {
            Some((title, rest)) if title.starts_with("Microsoft Mail Internet Headers") => rest,
            _ => text.as_str(),
        };
        let lines = canonical_lines(text.trim_start().as_bytes());
        let header = split_header(&lines);
        let value = |name: &'static str| header.first(name).map(|field| field.value);
        let (name, address) = value("From").map(first_as_written).unwrap_or_default();
        Self {
            name,
            address,
            date: value("Date").map(header_text).unwrap_or_default(),
        }
    }
}

/// Name and address of the sender. The one in whose name it was sent is what a reader sees as From
/// ([MS-OXOMSG], 2.2.1); inside an organisation Exchange writes a place in its directory for the address,
/// which is no mail address, so that comes last.
fn sender(
    file: &mut Compound<'_>,
    properties: &Properties,
    transport: &Transport,
) -> (String, String) {
    let from = Party::read(file, properties, [0x0042, 0x5d02, 0x0064, 0x0065]);
    let sender = Party::read(file, properties, [0x0c1a, 0x5d01, 0x0c1e, 0x0c1f]);
    let first = |choices: &[&String]| {
        let found = choices.iter().find(|choice| !choice.is_empty());
        found.map(|choice| (*choice).clone()).unwrap_or_default()
    };
    let name = first(&[&from.name, &transport.name, &sender.name]);
    let address = first(&[
        &from.mail,
        &transport.address,
        &sender.mail,
        &from.other,
        &sender.other,
    ]);
    (name, address)
}

struct Party {
    name: String,
    mail: String,
    other: String,
}

impl Party {
    /// By the numbers of its name, mail address, type of address, and address of that type.
    fn read(file: &mut Compound<'_>, properties: &Properties, ids: [u16; 4]) -> Self {
        let [name, smtp, kind, address] = ids.map(|id| properties.line(file, id));
        let is_mail =
            kind.eq_ignore_ascii_case("SMTP") || (kind.is_empty() && address.contains('@'));
        let (mail, other) = match (smtp.is_empty(), is_mail) {
            (false, _) => (smtp, address),
            (true, true) => (address, String::new()),
            (true, false) => (String::new(), address),
        };
        Self { name, mail, other }
    }
}

/// One attachment of a message.
pub struct Attached {
    /// Its file name.
    pub name: String,
    /// The media type that it claims.
    pub mime: String,
    /// What it is.
    pub content: Content,
}

/// What an attachment is.
pub enum Content {
    /// A file.
    File(Vec<u8>),
    /// A message, in this folder.
    Message(PathBuf),
}

impl Attached {
    /// Reads the attachment in a folder; nothing where there is none.
    pub fn read(file: &mut Compound<'_>, folder: &Path, charset: Option<&str>) -> Option<Self> {
        let properties = Properties::read(file, folder, Holder::Attachment, charset)?;
        let names = [0x3707, 0x3704, 0x3001].map(|id| properties.line(file, id));
        let name = names.into_iter().find(|name| !name.is_empty());
        let mime = properties.line(file, 0x370e).to_ascii_lowercase();
        let inner = properties.place(0x3701, OBJECT);
        let embedded = properties.number(Tag(0x3705, NUMBER)) == Some(EMBEDDED);
        let content = if embedded && file.has_folder(&inner) {
            Content::Message(inner)
        } else {
            let bytes = file.read(&properties.place(0x3701, BYTES), LARGEST_FILE);
            Content::File(bytes.unwrap_or_default())
        };
        Some(Self {
            name: name.unwrap_or_default(),
            mime: if mime.is_empty() {
                "application/octet-stream".to_owned()
            } else {
                mime
            },
            content,
        })
    }
}

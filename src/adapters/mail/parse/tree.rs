//! The MIME structure of a mail (RFC 2045, 2046), walked with a bound on depth and on parts.
//!
//! Boundaries are matched as whole lines and the outer one wins, so that a part can't reach out of
//! its parent. A multipart whose boundary never appears, or that is too deep, is read as text: better odd
//! than lost.

use crate::adapters::mail::parse::alternatives::{better, better_with_links};
use crate::adapters::mail::parse::attached::attached_file;
use crate::adapters::mail::parse::decode::{text_of, transfer_decode};
use crate::adapters::mail::parse::fields::{Header, canonical_lines, next_line, split_header};
use crate::adapters::mail::parse::gather::{Gathered, Heard, Room};
use crate::adapters::mail::parse::html::{cut, plain_text};
use crate::adapters::mail::parse::media::{Media, Place, media_of};
use crate::adapters::mail::parse::outlook::compound::is_compound;
use crate::adapters::mail::parse::report::{original_id, read_status};
use crate::adapters::mail::parse::sealed::{
    announces_seal, armour_in_text, is_legacy_display, mime_encrypted, mime_signed, offered_keys,
    sealed_part,
};
use crate::domain::intake::message::Defect;

/// Deepest nesting of parts and attached mails that is looked at.
pub(super) const DEEPEST: usize = 10;

/// Where the walk is.
#[derive(Clone, Copy)]
pub struct Spot {
    /// Levels below the mail itself.
    depth: usize,
    /// Attached mails around it.
    inside_mails: usize,
    /// The type of a part that names none (RFC 2046, 5.1.5).
    default_kind: &'static str,
    /// Is it one of several forms of the same text?
    is_form_of_text: bool,
    /// Is it all that the mail says, so that a signature over it is one over the mail?
    whole: Whole,
}

/// Is a part all that the mail says?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// Yes.
    Mail,
    /// No, others stand beside or around it.
    Part,
}

impl Spot {
    /// The mail itself.
    pub const TOP: Self = Self {
        depth: 0,
        inside_mails: 0,
        default_kind: "text/plain",
        is_form_of_text: false,
        whole: Whole::Mail,
    };

    fn below(self, default_kind: &'static str) -> Self {
        Self {
            depth: self.depth + 1,
            default_kind,
            is_form_of_text: false,
            whole: Whole::Part,
            ..self
        }
    }

    /// What came out of an encrypted part: it stands in its place.
    #[must_use]
    pub fn inside_the_seal(self) -> Self {
        Self {
            whole: self.whole,
            ..self.below("text/plain")
        }
    }

    /// The same place, where other words stand beside it.
    #[must_use]
    pub fn beside_others(self) -> Self {
        Self {
            whole: Whole::Part,
            ..self
        }
    }

    /// Is it the mail itself that is read, and not one that is attached to it?
    pub fn is_of_the_mail_itself(self) -> bool {
        self.inside_mails == 0
    }

    /// Is it all that the mail says?
    pub fn whole(self) -> Whole {
        self.whole
    }

    /// Is it as deep as is looked at?
    pub fn is_deepest(self) -> bool {
        self.depth >= DEEPEST
    }

    /// The place of what is attached here as a mail of its own; nothing where that is too deep.
    pub fn inside_mail(self) -> Option<Self> {
        (self.depth < DEEPEST).then(|| Self {
            inside_mails: self.inside_mails + 1,
            ..self.below("text/plain")
        })
    }
}

/// The words of a part.
#[derive(Default)]
pub struct Spoken {
    /// The text, lines ended with LF.
    pub text: String,
    /// What they were made of.
    pub source: Source,
}

/// What words were made of, from the least to the most wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Source {
    /// There are none.
    #[default]
    Nothing,
    /// HTML.
    Html,
    /// Plain text.
    Plain,
}

/// Walks one part and all below it. Returns its words; everything else goes into the bag.
pub fn walk(header: &Header<'_>, media: &Media, spot: Spot, bag: &mut Gathered<'_>) -> Spoken {
    if bag.take_part() == Room::Used {
        return Spoken::default();
    }
    let named = media.kind.as_str();
    let kind = if named.is_empty() {
        spot.default_kind
    } else {
        named
    };
    if kind.starts_with("multipart/")
        && let Some(boundary) = &media.boundary
    {
        let parts = split_parts(header.body, boundary.as_bytes(), bag.parts_left() + 1);
        if let Some(spoken) = mime_signed(kind, media, &parts, spot, bag) {
            return spoken;
        }
        if !parts.is_empty() && spot.depth < DEEPEST {
            return multipart(kind, &parts, spot, bag);
        }
        if !parts.is_empty() {
            bag.defects.insert(Defect::TooComplex);
            if bag.heard == Heard::Words {
                return Spoken::default();
            }
        }
    }
    let kind = if kind.starts_with("multipart/") {
        "text/plain"
    } else {
        kind
    };
    leaf(kind, header.body, media, spot, bag)
}

fn multipart(kind: &str, parts: &[&[u8]], spot: Spot, bag: &mut Gathered<'_>) -> Spoken {
    let digest = kind == "multipart/digest";
    let below = Spot {
        is_form_of_text: kind == "multipart/alternative",
        ..spot.below(if digest {
            "message/rfc822"
        } else {
            "text/plain"
        })
    };
    let mut all = Spoken::default();
    let sealed = sealed_part(kind, parts);
    // A file beside the words, or a key, takes nothing away from a signature over the words.
    let below = Spot {
        whole: if kind == "multipart/mixed" {
            spot.whole
        } else {
            Whole::Part
        },
        ..below
    };
    let (mut speaking, noted) = (0, bag.pgp.signed.len());
    for (place, part) in parts.iter().enumerate() {
        let header = split_header(part);
        let media = media_of(&header);
        if is_legacy_display(&media, bag) || announces_seal(&media, sealed, place) {
            continue;
        }
        let spoken = if sealed == Some(place) {
            mime_encrypted(part, spot, bag)
        } else {
            walk(&header, &media, below, bag)
        };
        speaking += usize::from(spoken.source != Source::Nothing);
        all = match (kind, spot.inside_mails) {
            ("multipart/alternative", 0) => better(all, spoken),
            ("multipart/alternative", _) => better_with_links(all, spoken),
            _ => together(all, spoken),
        };
    }
    if speaking > 1 && kind != "multipart/alternative" {
        // Somebody's words before or behind the signed ones: no signature in here is over those.
        bag.pgp.signed.truncate(noted);
    }
    all
}

fn together(one: Spoken, other: Spoken) -> Spoken {
    match (one.source, other.source) {
        (Source::Nothing, _) => other,
        (_, Source::Nothing) => one,
        (left, right) => Spoken {
            text: format!("{}\n\n{}", one.text.trim_end(), other.text),
            source: left.max(right),
        },
    }
}

/// Cuts a body at its boundary lines (RFC 2046, 5.1.1), at most into `most` parts.
pub(super) fn split_parts<'a>(body: &'a [u8], boundary: &[u8], most: usize) -> Vec<&'a [u8]> {
    let mut parts: Vec<&[u8]> = Vec::new();
    let mut start: Option<&[u8]> = None;
    let mut rest = body;
    let close = |start: Option<&'a [u8]>, rest: &'a [u8], parts: &mut Vec<&'a [u8]>| {
        if let Some(start) = start {
            let part = start.get(..start.len() - rest.len()).unwrap_or_default();
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            parts.push(part.strip_suffix(b"\r").unwrap_or(part));
        }
    };
    while let Some((line, after)) = next_line(rest) {
        let mark = line
            .strip_prefix(b"--")
            .and_then(|line| line.strip_prefix(boundary))
            .map(<[u8]>::trim_ascii_end);
        match mark {
            Some(b"") => {
                close(start, rest, &mut parts);
                start = Some(after);
            }
            Some(b"--") if start.is_some() => {
                close(start, rest, &mut parts);
                return parts;
            }
            _ => {}
        }
        if parts.len() >= most {
            return parts;
        }
        rest = after;
    }
    close(start, b"", &mut parts);
    parts
}

fn leaf(kind: &str, body: &[u8], media: &Media, spot: Spot, bag: &mut Gathered<'_>) -> Spoken {
    let bytes = transfer_decode(body, &media.encoding);
    // Some programs name the text of a mail like a file; the first one is the text all the same.
    let in_text = match media.place {
        Place::Inline => true,
        Place::Text => media.name.is_empty() || spot.is_form_of_text || bag.heard == Heard::Nothing,
        Place::File => false,
    };
    let top_report = spot.inside_mails == 0;
    match kind {
        // Whatever it is called: such bytes are no text.
        _ if is_compound(&bytes) => {
            attached_file(kind, &bytes, media, spot, bag);
            Spoken::default()
        }
        "text/plain" if in_text => said(&bytes, media, Source::Plain, spot, bag),
        "text/html" if in_text => said(&bytes, media, Source::Html, spot, bag),
        "message/delivery-status" | "message/global-delivery-status" if top_report => {
            let report = bag.report.get_or_insert_default();
            read_status(&canonical_lines(&bytes), report);
            bag.add_attachment(media, kind, &bytes);
            Spoken::default()
        }
        "text/rfc822-headers" | "message/global-headers" if top_report => {
            returned_mail(&bytes, bag);
            bag.add_attachment(media, kind, &bytes);
            Spoken::default()
        }
        "message/rfc822" | "message/global" => {
            if top_report && bag.report.is_some() {
                bag.add_attachment(media, kind, &bytes);
                returned_mail(&bytes, bag);
            } else {
                attached_file(kind, &bytes, media, spot, bag);
            }
            Spoken::default()
        }
        _ => {
            attached_file(kind, &bytes, media, spot, bag);
            if top_report {
                offered_keys(kind, media, &bytes, bag);
            }
            Spoken::default()
        }
    }
}

/// The mail that a delivery report is about: only its name is wanted.
fn returned_mail(bytes: &[u8], bag: &mut Gathered<'_>) {
    let report = bag.report.get_or_insert_default();
    if report.original.is_none() {
        report.original = original_id(&canonical_lines(bytes));
    }
}

/// The words in these bytes.
pub fn said(
    bytes: &[u8],
    media: &Media,
    source: Source,
    spot: Spot,
    bag: &mut Gathered<'_>,
) -> Spoken {
    let (text, fit) = text_of(bytes, media.charset.as_deref());
    bag.note_fit(fit);
    let text = match source {
        Source::Html => {
            let granted = bag.take_html(text.len());
            plain_text(cut(&text, granted), &mut bag.laid_out_left)
        }
        Source::Plain | Source::Nothing => text,
    };
    let text = armour_in_text(text, media, spot, bag);
    let text = tidy(&text);
    let source = if text.trim().is_empty() {
        Source::Nothing
    } else {
        bag.heard = Heard::Words;
        source
    };
    Spoken { text, source }
}

/// Lines ended with LF, nothing that isn't text, no trailing blanks.
fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let lines: Vec<&str> = text.split('\n').map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

//! What is collected while a mail is taken apart, within bounds.

use crate::adapters::mail::parse::content::{lock_of, type_of};
use crate::adapters::mail::parse::decode::Fit;
use crate::adapters::mail::parse::html::LAID_OUT;
use crate::adapters::mail::parse::html_clean::Allowance;
use crate::adapters::mail::parse::media::Media;
use crate::adapters::mail::pgp::certificate::MOST_BYTES;
use crate::adapters::mail::pgp::team_key::TeamKey;
use crate::domain::intake::message::{Attachment, Defect, DeliveryReport, ForwardedMail};
use crate::domain::pgp::form::PgpForm;
use crate::domain::pgp::reading::PgpReading;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Most parts of one mail that are looked at, those of attached mails included.
const MOST_PARTS: usize = 200;
/// Most bytes of HTML in one mail that are made plain.
const MOST_HTML: usize = 2 * 1024 * 1024;
/// Most blocks of keys in one mail that are looked at.
const MOST_KEY_BLOCKS: usize = 5;
/// Most bytes of keys in one mail that are looked at.
const MOST_KEY_BYTES: usize = 2 * MOST_BYTES;
/// Longest text of a mail that is kept, in characters; the attached mails together have as much.
pub const LONGEST_TEXT: usize = 256 * 1024;

/// Is there room for more?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Yes.
    Left,
    /// No.
    Used,
}

/// Has a mail said anything yet?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Heard {
    /// No: its next text is its words, whatever file name it carries.
    #[default]
    Nothing,
    /// Yes.
    Words,
}

/// The parts of a mail as they were found.
pub struct Gathered<'t> {
    /// The files, in order.
    pub attachments: Vec<Attachment>,
    /// The attached mails, in order.
    pub mails: Vec<ForwardedMail>,
    /// What a delivery report says, once one was met.
    pub report: Option<DeliveryReport>,
    /// What is odd.
    pub defects: BTreeSet<Defect>,
    /// Did the mail that is being read, not one around it, give any words yet?
    pub heard: Heard,
    /// What its OpenPGP layer says.
    pub pgp: PgpReading,
    /// The subject inside the encrypted part.
    pub protected_subject: Option<String>,
    /// What opens encrypted parts.
    pub team: Option<&'t TeamKey>,
    /// The form in which a file holds a sealed message.
    pub sealed_file: Option<PgpForm>,
    key_blocks_left: usize,
    key_bytes_left: usize,
    parts_left: usize,
    html_left: usize,
    /// How much HTML may still be laid out.
    pub laid_out_left: Allowance,
    mail_text_left: usize,
}

impl<'t> Gathered<'t> {
    /// Nothing found yet; encrypted parts are opened with this key.
    pub fn with(team: Option<&'t TeamKey>) -> Self {
        Self {
            team,
            pgp: PgpReading::default(),
            protected_subject: None,
            sealed_file: None,
            key_blocks_left: MOST_KEY_BLOCKS,
            key_bytes_left: MOST_KEY_BYTES,
            attachments: Vec::new(),
            mails: Vec::new(),
            report: None,
            defects: BTreeSet::new(),
            heard: Heard::Nothing,
            parts_left: MOST_PARTS,
            html_left: MOST_HTML,
            laid_out_left: LAID_OUT,
            mail_text_left: LONGEST_TEXT,
        }
    }

    /// Counts one block of keys of this many bytes. Each costs computations that a stranger can ask for.
    pub fn take_keys(&mut self, bytes: usize) -> Room {
        let blocks = self.key_blocks_left.checked_sub(1);
        match (blocks, self.key_bytes_left.checked_sub(bytes)) {
            (Some(blocks), Some(bytes)) => {
                (self.key_blocks_left, self.key_bytes_left) = (blocks, bytes);
                Room::Left
            }
            _ => Room::Used,
        }
    }

    /// Counts one part, and notes when there are too many.
    pub fn take_part(&mut self) -> Room {
        if let Some(left) = self.parts_left.checked_sub(1) {
            self.parts_left = left;
            Room::Left
        } else {
            self.defects.insert(Defect::TooComplex);
            Room::Used
        }
    }

    /// How many parts may still come.
    pub fn parts_left(&self) -> usize {
        self.parts_left
    }

    /// How many of these bytes of HTML may still be made plain.
    pub fn take_html(&mut self, wanted: usize) -> usize {
        let granted = wanted.min(self.html_left);
        self.html_left -= granted;
        if granted < wanted {
            self.defects.insert(Defect::TooComplex);
        }
        granted
    }

    /// Notes a character set that didn't fit.
    pub fn note_fit(&mut self, fit: Fit) {
        if fit == Fit::Bad {
            self.defects.insert(Defect::BadCharset);
        }
    }

    /// Lists a part as a file, by its decoded bytes.
    pub fn add_attachment(&mut self, media: &Media, kind: &str, bytes: &[u8]) {
        self.attachments.push(Attachment {
            name: media.name.clone(),
            mime: kind.to_owned(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            sha256: HEXLOWER.encode(&Sha256::digest(bytes)),
            content: type_of(bytes).map(str::to_owned),
            lock: lock_of(bytes),
        });
    }

    /// Lists an attached mail before those that were found inside it, from `place` on.
    pub fn add_mail_around(&mut self, place: usize, mail: ForwardedMail) {
        self.add_mail(mail);
        if let Some(tail) = self.mails.get_mut(place..) {
            tail.rotate_right(1);
        }
    }

    /// Lists an attached mail, with as much text as there is room for.
    fn add_mail(&mut self, mut mail: ForwardedMail) {
        let end = first_characters(&mail.text, self.mail_text_left).len();
        mail.text.truncate(end);
        self.mail_text_left -= mail.text.chars().count();
        self.mails.push(mail);
    }
}

/// The beginning of a text, at most so many characters.
pub fn first_characters(text: &str, most: usize) -> &str {
    text.char_indices()
        .nth(most)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text)
}

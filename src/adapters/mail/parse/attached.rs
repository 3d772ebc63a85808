//! What is attached to a mail as a file, and the mails among the files: evidence, not the reporter's words.
//!
//! Mails are recognised by their type, name or first bytes, and read. No other file is opened.

use crate::adapters::mail::parse::addresses::first_as_written;
use crate::adapters::mail::parse::decode::header_text;
use crate::adapters::mail::parse::fields::{canonical_lines, split_header};
use crate::adapters::mail::parse::gather::{Gathered, LONGEST_TEXT, first_characters};
use crate::adapters::mail::parse::media::{Media, media_of};
use crate::adapters::mail::parse::outlook::attached::attached_message;
use crate::adapters::mail::parse::outlook::compound::is_compound;
use crate::adapters::mail::parse::tree::{Spot, walk};
use crate::domain::intake::message::{Defect, ForwardedMail, Via};

/// Lists a file, and reads it where it is a mail.
pub fn attached_file(kind: &str, bytes: &[u8], media: &Media, spot: Spot, bag: &mut Gathered<'_>) {
    bag.add_attachment(media, kind, bytes);
    let is_mail = matches!(kind, "message/rfc822" | "message/global")
        || media.name.to_ascii_lowercase().ends_with(".eml");
    if is_compound(bytes) {
        attached_message(bytes, spot, bag);
    } else if is_mail {
        attached_mail(bytes, spot, bag);
    }
}

fn attached_mail(bytes: &[u8], spot: Spot, bag: &mut Gathered<'_>) {
    let Some(inside) = spot.inside_mail() else {
        bag.defects.insert(Defect::TooComplex);
        return;
    };
    let lines = canonical_lines(bytes);
    let header = split_header(&lines);
    if header.fields.is_empty() {
        return;
    }
    let value = |name: &'static str| header.first(name).map(|field| field.value);
    let (from_name, from_address) = value("From").map(first_as_written).unwrap_or_default();
    let subject = value("Subject").map(header_text).unwrap_or_default();
    let date = value("Date").map(header_text).unwrap_or_default();
    // Its place in the list is before the mails inside it.
    let place = bag.mails.len();
    let around = std::mem::take(&mut bag.heard);
    let spoken = walk(&header, &media_of(&header), inside, bag);
    bag.heard = around;
    let mail = ForwardedMail {
        from_name,
        from_address,
        subject,
        date,
        text: first_characters(&spoken.text, LONGEST_TEXT).to_owned(),
        via: Via::Rfc822,
    };
    bag.add_mail_around(place, mail);
}

//! An Outlook message file among the attachments: its message and its files join what the mail brought.

use crate::adapters::mail::parse::alternatives::better_with_links;
use crate::adapters::mail::parse::attached::attached_file;
use crate::adapters::mail::parse::fields::{canonical_lines, split_header};
use crate::adapters::mail::parse::gather::{Gathered, LONGEST_TEXT, Room, first_characters};
use crate::adapters::mail::parse::media::{Media, media_of};
use crate::adapters::mail::parse::outlook::compound::{Compound, Coverage};
use crate::adapters::mail::parse::outlook::message::{Attached, Body, Content, Message};
use crate::adapters::mail::parse::outlook::properties::Holder;
use crate::adapters::mail::parse::tree::{Source, Spoken, Spot, said, walk};
use crate::domain::intake::message::{Defect, ForwardedMail, Via};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Reads a compound file as a message. One that holds no message, or is damaged, stays a file.
pub fn attached_message(bytes: &[u8], spot: Spot, bag: &mut Gathered<'_>) {
    // A mistake in the library must not cost the mail around it.
    let read = catch_unwind(AssertUnwindSafe(|| {
        let Some(mut file) = Compound::open(bytes) else {
            return;
        };
        message(&mut file, Path::new("/"), Holder::TopMessage, spot, bag);
        if file.coverage() == Coverage::Part {
            bag.defects.insert(Defect::TooComplex);
        }
    }));
    if read.is_err() {
        bag.defects.insert(Defect::TooComplex);
    }
}

fn message(
    file: &mut Compound<'_>,
    folder: &Path,
    holder: Holder,
    spot: Spot,
    bag: &mut Gathered<'_>,
) {
    let Some(inside) = spot.inside_mail() else {
        bag.defects.insert(Defect::TooComplex);
        return;
    };
    let Some(read) = Message::read(file, folder, holder) else {
        return;
    };
    let place = bag.mails.len();
    let around = std::mem::take(&mut bag.heard);
    let plain = words(&read.plain, Source::Plain, inside, bag);
    let html = words(&read.html, Source::Html, inside, bag);
    let mut spoken = better_with_links(plain, html);
    for attachment in &read.attachments {
        if bag.take_part() == Room::Used {
            break;
        }
        let Some(attached) = Attached::read(file, attachment, read.charset.as_deref()) else {
            continue;
        };
        match attached.content {
            Content::Message(inner) => message(file, &inner, Holder::EmbeddedMessage, inside, bag),
            Content::File(bytes)
                if spoken.text.is_empty() && attached.mime == "multipart/signed" =>
            {
                spoken = signed(&bytes, inside, bag);
            }
            Content::File(bytes) => {
                let media = Media {
                    name: attached.name,
                    ..Media::default()
                };
                attached_file(&attached.mime, &bytes, &media, inside, bag);
            }
        }
    }
    bag.heard = around;
    let mail = ForwardedMail {
        from_name: read.from_name,
        from_address: read.from_address,
        subject: read.subject,
        date: read.date,
        text: first_characters(&spoken.text, LONGEST_TEXT).to_owned(),
        via: Via::Msg,
    };
    bag.add_mail_around(place, mail);
}

fn words(body: &Body, source: Source, inside: Spot, bag: &mut Gathered<'_>) -> Spoken {
    let media = Media {
        charset: body.charset.clone(),
        ..Media::default()
    };
    said(&body.bytes, &media, source, inside, bag)
}

/// A signed message has no body of its own: it is the one attachment, as it came ([MS-OXOSMIME], 2.1.3).
fn signed(bytes: &[u8], inside: Spot, bag: &mut Gathered<'_>) -> Spoken {
    let lines = canonical_lines(bytes);
    let header = split_header(&lines);
    walk(&header, &media_of(&header), inside, bag)
}

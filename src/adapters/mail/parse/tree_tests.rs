//! Bounds of the walk, and where parts begin and end.

use crate::adapters::mail::parse::fields::split_header;
use crate::adapters::mail::parse::gather::Gathered;
use crate::adapters::mail::parse::media::media_of;
use crate::adapters::mail::parse::tree::{DEEPEST, Spot, split_parts, walk};
use crate::domain::intake::message::Defect;

fn parts(body: &str) -> Vec<String> {
    split_parts(body.as_bytes(), b"b", 100)
        .into_iter()
        .map(|part| String::from_utf8_lossy(part).into_owned())
        .collect()
}

#[test]
fn boundaries_are_whole_lines() {
    assert_eq!(
        parts("pre\r\n--b\r\none\r\n--bb\r\n --b\r\n--b \r\ntwo\r\n--b--\r\npost"),
        ["one\r\n--bb\r\n --b", "two"]
    );
    assert_eq!(parts("--b\r\nopen end"), ["open end"]);
    assert_eq!(parts("--b\r\n--b\r\n"), ["", ""]);
    assert!(parts("nothing").is_empty());
    assert!(parts("--b--\r\n").is_empty());
}

#[test]
fn endless_nesting_stops() {
    let mut mail = String::new();
    for _ in 0..5_000 {
        mail.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    let header = split_header(mail.as_bytes());
    let mut bag = Gathered::with(None);
    walk(&header, &media_of(&header), Spot::TOP, &mut bag);
    assert!(bag.defects.contains(&Defect::TooComplex));
    assert!(bag.mails.len() <= DEEPEST);
}

#[test]
fn too_many_parts_stop() {
    let mut mail = String::from("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for _ in 0..50_000 {
        mail.push_str("--b\r\nContent-Type: image/png\r\n\r\nx\r\n");
    }
    let header = split_header(mail.as_bytes());
    let mut bag = Gathered::with(None);
    walk(&header, &media_of(&header), Spot::TOP, &mut bag);
    assert!(bag.defects.contains(&Defect::TooComplex));
    assert_eq!(bag.attachments.len(), 199);
}

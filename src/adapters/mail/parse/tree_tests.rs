//! Bounds of the walk, and where parts begin and end.

use crate::adapters::mail::parse::fields::split_header;
use crate::adapters::mail::parse::gather::{Gathered, LONGEST_TEXT};
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

/// What is read of a forwarded mail with these two forms of the same text.
fn forwarded(plain: &str, html: &str) -> String {
    let mail = format!(
        "Content-Type: message/rfc822\r\n\r\nFrom: Bank <info@bank.example>\r\n\
         Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain\r\n\r\n{plain}\r\n--b\r\nContent-Type: text/html\r\n\r\n{html}\r\n--b--\r\n"
    );
    let header = split_header(mail.as_bytes());
    let mut bag = Gathered::with(None);
    walk(&header, &media_of(&header), Spot::TOP, &mut bag);
    bag.mails.remove(0).text
}

#[test]
fn a_link_that_only_the_other_form_has_is_kept_once() {
    let html = r#"<p>Uw <a href="https://bank.example/">bank</a>: <a href="https://vals.example/a">hier</a></p>"#;
    let text = forwarded("Uw bank: https://bank.example/", html);
    assert!(text.starts_with("Uw bank"), "{text}");
    for link in ["https://bank.example/", "https://vals.example/a"] {
        assert_eq!(text.matches(link).count(), 1, "{text}");
    }
}

#[test]
fn so_many_hidden_links_are_kept_and_no_more() {
    let link = |n| format!(r#"<a href="https://vals.example/{n}/">x</a> "#);
    let html: Vec<String> = (0..700).map(link).collect();
    let text = forwarded("Hallo", &html.concat());
    assert_eq!(text.matches("https://vals.example/").count(), 500);
    let long = "a".repeat(100_000);
    let html = format!(
        r#"<a href="https://vals.example/{long}">x</a> <a href="https://vals.example/b">y</a>"#
    );
    let text = forwarded("Hallo", &html);
    assert!(
        text.contains("https://vals.example/b"),
        "one that is too long keeps out no other"
    );
    assert!(text.len() < 40_000, "{}", text.len());
}

#[test]
fn a_long_text_pushes_no_hidden_link_out() {
    let html = r#"<a href="https://vals.example/a">hier</a>"#;
    let plain = "woorden zonder einde\r\n".repeat(20_000);
    let text = forwarded(&plain, html);
    assert!(text.ends_with("https://vals.example/a"), "{}", text.len());
    assert!(text.chars().count() <= LONGEST_TEXT);
    // In a part that is cut off it would be hidden just as well.
    let at_the_end = format!("{plain}https://vals.example/a");
    assert!(forwarded(&at_the_end, html).ends_with("]: https://vals.example/a"));
}

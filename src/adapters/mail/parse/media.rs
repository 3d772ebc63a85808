//! What the MIME fields of a part say about it: type, parameters, disposition, transfer encoding.

use crate::adapters::mail::parse::decode::{clean, one_line};
use crate::adapters::mail::parse::fields::Header;
use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, HeaderValue};

/// Longest boundary that is used, in bytes. RFC 2046 (5.1.1) allows 70; some programs write more.
const LONGEST_BOUNDARY: usize = 200;

/// The MIME fields of one part.
#[derive(Clone, Default)]
pub struct Media {
    /// `type/subtype`, lower-case; empty where the part doesn't say.
    pub kind: String,
    /// The `charset` parameter.
    pub charset: Option<String>,
    /// The `boundary` parameter.
    pub boundary: Option<String>,
    /// The `report-type` parameter, lower-case.
    pub report_type: Option<String>,
    /// The `protocol` parameter, lower-case.
    pub protocol: Option<String>,
    /// Does it carry header fields of the mail, so that they are protected like its text?
    pub header_fields: HeaderFields,
    /// The file name, from either field; empty where there is none.
    pub name: String,
    /// How the part wants to be shown.
    pub place: Place,
    /// The transfer encoding, lower-case.
    pub encoding: String,
}

/// What a part says of the mail's own header fields inside it (RFC 9788, and the drafts that came before it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeaderFields {
    /// Nothing.
    #[default]
    NotHere,
    /// They stand in its header.
    InItsHeader,
    /// And they are written once more above its text, for programs that don't know better.
    AboveItsText,
}

/// How a part wants to be shown (RFC 2183).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Place {
    /// It doesn't say, or in the text as a file.
    #[default]
    Text,
    /// In the text, and it names no file to save it under.
    Inline,
    /// As a file.
    File,
}

/// Reads the MIME fields of a header.
pub fn media_of(header: &Header<'_>) -> Media {
    let content = header
        .first("Content-Type")
        .and_then(|f| structured(f.value));
    let disposition = header
        .first("Content-Disposition")
        .and_then(|f| structured(f.value));
    let mut media = Media::default();
    if let Some(content) = &content {
        let subtype = content.subtype().unwrap_or_default();
        media.kind = format!("{}/{subtype}", content.ctype()).to_ascii_lowercase();
        media.charset = content.attribute("charset").map(clean);
        media.boundary = content
            .attribute("boundary")
            .filter(|boundary| !boundary.is_empty() && boundary.len() <= LONGEST_BOUNDARY)
            .map(str::to_owned);
        let lower = |name| {
            let value = content.attribute(name);
            value.map(|value| clean(value).to_ascii_lowercase())
        };
        media.report_type = lower("report-type");
        media.protocol = lower("protocol");
        media.header_fields = if content.has_attribute("hp-legacy-display") {
            HeaderFields::AboveItsText
        } else if content.has_attribute("hp") || content.has_attribute("protected-headers") {
            HeaderFields::InItsHeader
        } else {
            HeaderFields::NotHere
        };
    }
    let named = |field: &Option<ContentType<'_>>, attribute: &str| {
        field
            .as_ref()
            .and_then(|f| f.attribute(attribute))
            .map(clean)
    };
    media.name = named(&disposition, "filename")
        .or_else(|| named(&content, "name"))
        .unwrap_or_default();
    media.place = match &disposition {
        Some(d) if d.ctype().eq_ignore_ascii_case("attachment") => Place::File,
        Some(d) if d.ctype().eq_ignore_ascii_case("inline") && !d.has_attribute("filename") => {
            Place::Inline
        }
        _ => Place::Text,
    };
    media.encoding = header
        .first("Content-Transfer-Encoding")
        .map(|field| {
            String::from_utf8_lossy(field.value)
                .trim()
                .to_ascii_lowercase()
        })
        .unwrap_or_default();
    media
}

/// A field of a value and parameters (RFC 2045, 5.1; RFC 2231).
fn structured(value: &[u8]) -> Option<ContentType<'static>> {
    let line = one_line(value);
    match MessageStream::new(&line).parse_content_type() {
        HeaderValue::ContentType(content) => Some(ContentType {
            c_type: content.c_type.into_owned().into(),
            c_subtype: content.c_subtype.map(|subtype| subtype.into_owned().into()),
            attributes: content.attributes.map(|list| {
                list.into_iter()
                    .map(|one| mail_parser::Attribute {
                        name: one.name.into_owned().into(),
                        value: one.value.into_owned().into(),
                    })
                    .collect()
            }),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::mail::parse::fields::split_header;

    #[test]
    fn parameters_even_when_folded() {
        let header = split_header(
            b"Content-Type: Multipart/Report;\r\n\treport-type=Delivery-Status;\r\n boundary=\"a b\"\r\n\
              Content-Disposition: ATTACHMENT; filename*=utf-8''caf%C3%A9.pdf\r\n\
              Content-Transfer-Encoding: Base64 \r\n\r\n",
        );
        let media = media_of(&header);
        assert_eq!(media.kind, "multipart/report");
        assert_eq!(media.boundary.as_deref(), Some("a b"));
        assert_eq!(media.report_type.as_deref(), Some("delivery-status"));
        assert_eq!(media.name, "café.pdf");
        assert_eq!(media.place, Place::File);
        assert_eq!(media.encoding, "base64");
    }

    #[test]
    fn a_part_that_says_nothing() {
        let media = media_of(&split_header(b"Subject: x\r\n\r\n"));
        assert_eq!(media.kind, "");
        assert_eq!(media.place, Place::Text);
    }
}

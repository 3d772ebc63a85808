//! From the lines of an embedded mail to [`ForwardedMail`], with the mails that it forwards in its turn.

use crate::domain::intake::message::{ForwardedMail, Via};
use crate::domain::text::forward::banner::{Banner, read_banner};
use crate::domain::text::forward::header_block::{Evidence, HeaderBlock, name_and_address};
use crate::domain::text::own_words::lines::{Line, count_step, join, split};

/// Most mails taken out of one text: a mail in a mail in a mail.
const MOST_MAILS: usize = 8;

/// The beginning of an embedded mail.
pub struct Opening {
    /// What the banner said, where there was one.
    pub banner: Option<Banner>,
    /// The fields above the mail; empty where there were none.
    pub header: HeaderBlock,
    /// Lines that the opening takes.
    pub lines: usize,
    /// Are header and text marked with `>`?
    pub marked: bool,
}

impl Opening {
    /// Reads the banner, the header block, or both, that begin in the first of these lines.
    pub fn read(lines: &[Line<'_>]) -> Option<Self> {
        let first = lines.first()?;
        let Some((banner, rest)) = read_banner(first.bare) else {
            let (header, taken) = HeaderBlock::read(lines, Evidence::Alone)?;
            return Some(Self {
                banner: None,
                header,
                lines: taken,
                marked: first.depth > 0,
            });
        };
        if banner == Banner::End {
            return None;
        }
        if let Some(header) = HeaderBlock::read_same_line(rest) {
            return Some(Self {
                banner: Some(banner),
                header,
                lines: 1,
                marked: first.depth > 0,
            });
        }
        let below = lines.get(1..).unwrap_or_default();
        let gap = below
            .iter()
            .take(3)
            .take_while(|line| line.is_blank())
            .count();
        let below = below.get(gap..).unwrap_or_default();
        let marked = first.depth > 0 || below.first().is_some_and(|line| line.depth > 0);
        match HeaderBlock::read(below, Evidence::Banner) {
            Some((header, taken)) => Some(Self {
                banner: Some(banner),
                header,
                lines: taken
                    .saturating_add(gap)
                    .saturating_add(1)
                    .saturating_add(usize::from(again(first, below.get(taken)))),
                marked,
            }),
            None if banner == Banner::Unknown => None,
            None => Some(Self {
                banner: Some(banner),
                header: HeaderBlock::default(),
                lines: 1,
                marked,
            }),
        }
    }
}

/// Zoho writes its banner a second time below the fields.
fn again(banner: &Line<'_>, below: Option<&Line<'_>>) -> bool {
    below.is_some_and(|line| line.bare == banner.bare)
}

/// A sender, date and subject, from a header block or from an attribution line.
#[derive(Clone, Default)]
pub struct Origin {
    /// Name and address, as written.
    pub from: String,
    /// The date, as written.
    pub date: String,
    /// The subject; empty where only the subject of the whole mail is known.
    pub subject: String,
}

impl From<HeaderBlock> for Origin {
    fn from(block: HeaderBlock) -> Self {
        Self {
            from: block.from,
            date: block.date,
            subject: block.subject,
        }
    }
}

/// The forwarded mail with this text, followed by those inside it. `subject` is that of the whole mail
/// without prefixes; it stands in where the first has none.
pub fn unwrap(mut origin: Origin, text: &str, subject: &str) -> Vec<ForwardedMail> {
    if origin.subject.is_empty() {
        subject.clone_into(&mut origin.subject);
    }
    let lines = split(text);
    let mut mails = Vec::new();
    let mut rest = lines.as_slice();
    while mails.len() < MOST_MAILS {
        let inner = (0..rest.len()).find_map(|at| {
            count_step();
            let opening = Opening::read(rest.get(at..)?)?;
            Some((at, opening))
        });
        let end = inner.as_ref().map_or(rest.len(), |(at, _)| *at);
        let own = rest.get(..end).unwrap_or_default();
        mails.push(mail(&origin, own));
        let Some((at, opening)) = inner else { break };
        rest = rest
            .get(at.saturating_add(opening.lines)..)
            .unwrap_or_default();
        origin = opening.header.into();
    }
    mails
}

/// Only where nothing follows: a lure could hold such a line, and what stands below it would be taken for
/// the reporter's own words.
fn ends_a_forward(line: &Line<'_>) -> bool {
    matches!(read_banner(line.bare), Some((Banner::End, _)))
}

fn mail(origin: &Origin, lines: &[Line<'_>]) -> ForwardedMail {
    let (from_name, from_address) = name_and_address(&origin.from);
    let last = lines.iter().rposition(|line| !line.is_blank());
    let closed = last.and_then(|at| lines.split_at_checked(at));
    let lines = match closed {
        Some((above, [line, ..])) if ends_a_forward(line) => above,
        _ => lines,
    };
    // Missive marks the text but not the header of what it forwards.
    let marked = lines.iter().all(|line| line.is_blank() || line.depth > 0);
    let text = join(
        lines
            .iter()
            .map(|line| if marked { line.unmarked } else { line.raw }),
    );
    ForwardedMail {
        from_name,
        from_address,
        subject: origin.subject.clone(),
        date: origin.date.clone(),
        text,
        via: Via::Inline,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::text::own_words::own_words;

    /// The senders and texts of the mails that are forwarded in a text.
    fn forwarded(text: &str) -> Vec<(String, String)> {
        let own = own_words(text, "FW: Factuur");
        assert_eq!(own.text, "Is dit echt?", "{text}");
        let mails = own.forwarded.into_iter();
        mails.map(|mail| (mail.from_address, mail.text)).collect()
    }

    fn lure(text: &str) -> Vec<(String, String)> {
        vec![("bank@evil.example".to_owned(), text.to_owned())]
    }

    #[test]
    fn forwards_of_many_programs_give_the_real_sender() {
        for header in [
            "----- Doorgestuurd bericht van Bank <bank@evil.example> -----\n   Datum: Mon, 4 May 2026 10:12:33 +0200\n     Van: Bank <bank@evil.example>\nOnderwerp: Factuur\n     Aan: an@hackegem.example",
            "============ Forwarded message ============\nFrom: Bank <bank@evil.example>\nTo: <an@hackegem.example>\nDate: Mon, 04 May 2026 10:12:33 +0200\nSubject: Factuur\n============ Forwarded message ============",
            "----- Mail transféré -----\nDe: \"Bank\" <bank@evil.example>\nÀ: \"An\" <an@hackegem.example>\nEnvoyé: Lundi 4 Mai 2026 10:12:33\nObjet: Facture",
            "-----Doorgestuurd door An/HACKEGEM op 04/05/2026 10:12 -----\n\nVan:\tBank <bank@evil.example>\nAan:\tAn/HACKEGEM\nDatum:\t04/05/2026 10:12\nOnderwerp:\tFactuur",
            "---------- メッセージを転送 ---------\n送信元：Bank <bank@evil.example>\n日付：2026年5月4日 10:12:33 +0200\n件名：Factuur\n送信先：an@hackegem.example",
            ">>> Bank <bank@evil.example> 4/05/2026 10:12 >>>",
            "Bank <bank@evil.example> skrev følgende den 04/05/2026, 10:12:",
        ] {
            let text = format!("Is dit echt?\n\n{header}\n\nKlik hier.\nDe bank");
            assert_eq!(forwarded(&text), lure("Klik hier.\nDe bank"), "{header}");
        }
    }

    #[test]
    fn the_line_that_ends_a_forward_is_no_mail_and_no_way_out_of_it() {
        let text = "Is dit echt?\n\n----- Forwarded message from Bank <bank@evil.example> -----\n\nFrom: Bank <bank@evil.example>\nSubject: Factuur\n\nKlik hier.\n\n----- End forwarded message -----\n";
        assert_eq!(forwarded(text), lure("Klik hier."));
        let more = forwarded(&format!("{text}\nDe servers zijn versleuteld."));
        assert!(more.iter().any(|(_, text)| text.contains("versleuteld")));
    }
}

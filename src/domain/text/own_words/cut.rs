//! Walks through a mail once and sorts its lines: own words, quotes, forwarded mails.

use crate::domain::intake::message::ForwardedMail;
use crate::domain::text::forward::banner::Banner;
use crate::domain::text::forward::subject::{Prefix, read_prefix, without_prefixes};
use crate::domain::text::forward::unwrap::{Opening, Origin, unwrap};
use crate::domain::text::own_words::attribution::read_attribution;
use crate::domain::text::own_words::closing::{Place, part};
use crate::domain::text::own_words::lines::{Line, join, split};

/// A line this long was broken by the program, not by the writer, in characters.
const WRAPPED: usize = 60;

/// A mail, sorted.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct OwnWords {
    /// What the reporter wrote himself, in this mail.
    pub text: String,
    /// What he quoted, in order, without quote marks.
    pub quoted: Vec<String>,
    /// Closing, name, marks and disclaimers, where there are any.
    pub signature: Option<String>,
    /// Mails in the text that he forwarded, the outer before the inner.
    pub forwarded: Vec<ForwardedMail>,
}

/// Sorts a text. The subject tells a forward from an answer where the text does not. Linear in the length
/// of the text; of a text over 256 KB only the beginning is read.
pub fn own_words(text: &str, subject: &str) -> OwnWords {
    let lines = split(text);
    let mut sorter = Sorter {
        prefix: read_prefix(subject),
        subject: without_prefixes(subject),
        own: Vec::new(),
        stretch: Vec::new(),
        signature: Vec::new(),
        quoted: Vec::new(),
        forwarded: Vec::new(),
    };
    let mut rest = lines.as_slice();
    while !rest.is_empty() {
        let taken = sorter.step(rest).max(1);
        rest = rest.get(taken..).unwrap_or_default();
    }
    sorter.finish()
}

struct Sorter<'a> {
    prefix: Prefix,
    subject: &'a str,
    own: Vec<String>,
    stretch: Vec<&'a str>,
    signature: Vec<&'a str>,
    quoted: Vec<String>,
    forwarded: Vec<ForwardedMail>,
}

impl<'a> Sorter<'a> {
    /// Sorts what begins in the first of these lines; how many it took.
    fn step(&mut self, lines: &[Line<'a>]) -> usize {
        if let Some(opening) = Opening::read(lines) {
            return self.embedded(opening, lines);
        }
        if let Some((origin, taken)) = read_attribution(lines) {
            return self.attributed(origin, taken, lines);
        }
        match lines.first() {
            Some(line) if line.depth > 0 => {
                let end = marked_lines(lines, self.prefix);
                let quote = lines.get(..end).unwrap_or_default();
                self.put(Origin::default(), quote, self.prefix == Prefix::Forward);
                end
            }
            Some(line) => {
                self.stretch.push(line.raw);
                1
            }
            None => 0,
        }
    }

    /// A mail below a banner or a header block. Without quote marks it goes on to the end.
    fn embedded(&mut self, opening: Opening, lines: &[Line<'a>]) -> usize {
        let forward = opening.banner == Some(Banner::Forward) || self.prefix != Prefix::Reply;
        let body = lines.get(opening.lines..).unwrap_or_default();
        let end = if opening.marked {
            marked_lines(body, Prefix::Forward)
        } else {
            body.len()
        };
        let body = body.get(..end).unwrap_or_default();
        let taken = opening.lines.saturating_add(end);
        self.put(opening.header.into(), body, forward);
        taken
    }

    /// A quote below an attribution. Plain text below it is the quote too, unless nothing stood above:
    /// then it may be an answer written below a quote that is gone, and it stays.
    fn attributed(&mut self, origin: Origin, taken: usize, lines: &[Line<'a>]) -> usize {
        let depth = lines.first().map_or(0, |line| line.depth);
        let body = lines.get(taken..).unwrap_or_default();
        let next = body.iter().find(|line| !line.is_blank());
        let forward = self.prefix == Prefix::Forward;
        let end = if depth > 0 || next.is_some_and(|line| line.depth > 0) {
            marked_lines(body, self.prefix)
        } else if self.wrote_nothing_yet() && !forward {
            0
        } else {
            body.len()
        };
        let body = body.get(..end).unwrap_or_default();
        if end > 0 {
            self.put(origin, body, forward);
        } else {
            self.close_stretch();
        }
        taken.saturating_add(end)
    }

    fn wrote_nothing_yet(&self) -> bool {
        self.own.is_empty() && self.stretch.iter().all(|line| line.trim().is_empty())
    }

    fn put(&mut self, origin: Origin, lines: &[Line<'a>], forward: bool) {
        self.close_stretch();
        let marked = lines.iter().all(|line| line.is_blank() || line.depth > 0)
            || lines.first().is_some_and(|line| line.depth > 0);
        let text = join(lines.iter().map(|line| {
            if marked {
                one_mark_less(line)
            } else {
                line.raw
            }
        }));
        if forward {
            if !(text.is_empty() && origin.from.is_empty() && origin.subject.is_empty()) {
                self.forwarded.extend(unwrap(origin, &text, self.subject));
            }
        } else if !text.is_empty() {
            self.quoted.push(text);
        }
    }

    /// Ends a stretch of own lines, and takes its closing off.
    fn close_stretch(&mut self) {
        let place = if self.own.is_empty() {
            Place::First
        } else {
            Place::Later
        };
        let closed = part(&self.stretch, place);
        self.stretch.clear();
        let words = join(closed.words.into_iter());
        if !words.is_empty() {
            self.own.push(words);
        }
        self.signature.extend(closed.signature);
    }

    fn finish(mut self) -> OwnWords {
        self.close_stretch();
        let signature = join(self.signature.iter().copied());
        OwnWords {
            text: self.own.join("\n\n"),
            quoted: self.quoted,
            signature: (!signature.is_empty()).then_some(signature),
            forwarded: self.forwarded,
        }
    }
}

/// A marked line without its first mark.
fn one_mark_less<'a>(line: &Line<'a>) -> &'a str {
    let rest = line.raw.trim_start();
    let rest = rest.strip_prefix('>').unwrap_or(line.raw);
    rest.strip_prefix(' ').unwrap_or(rest)
}

/// How many lines a quote takes: marked lines, blank ones between them, and lines that a program broke
/// without marking the second half.
fn marked_lines(lines: &[Line<'_>], prefix: Prefix) -> usize {
    let mut end = 0;
    let mut blanks = 0;
    let mut last = None;
    for (at, line) in lines.iter().enumerate() {
        if line.depth > 0 {
            end = at.saturating_add(1);
            blanks = 0;
            last = Some(line);
        } else if line.is_blank() {
            blanks += 1;
        } else {
            let next = lines.get(at.saturating_add(1));
            let between = blanks == 0 && next.is_some_and(|next| next.depth > 0);
            if !(between && last.is_some_and(|last| goes_on(last, line, prefix))) {
                break;
            }
        }
    }
    end
}

/// Is this unmarked line the second half of the marked one above? An answer between two quotes must not be
/// taken for it, so in an answer it has to go on in the middle of a sentence.
fn goes_on(above: &Line<'_>, line: &Line<'_>, prefix: Prefix) -> bool {
    let broken = above.bare.chars().nth(WRAPPED).is_some();
    let sentence_open = !above.bare.ends_with(['.', '?', '!', ':']);
    let in_the_middle = line.bare.starts_with(char::is_lowercase) && sentence_open;
    broken && (in_the_middle || prefix == Prefix::Forward)
}

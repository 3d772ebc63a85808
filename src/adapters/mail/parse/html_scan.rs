//! Cuts HTML into text and tags, in time linear to its length whatever stands in it.

/// One piece.
pub enum Piece<'a> {
    /// Text, or a `<` that begins nothing.
    Text(&'a str),
    /// An opening tag: its name in lower case, and all of it.
    Open(&'a str, &'a str),
    /// A closing tag: its name in lower case.
    Close(&'a str),
}

/// Cuts HTML into pieces. Whatever is looked for and isn't there is remembered, so that nothing is looked
/// for twice to the end.
pub struct Scan<'a> {
    html: &'a str,
    lowered: &'a str,
    at: usize,
    missing: Vec<&'static str>,
    quotes: Quotes,
    /// Bytes that were looked at to find the ends of things.
    looked: usize,
}

/// Do quotes mean anything?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// Yes.
    Hold,
    /// No: taken at their word they would swallow all the rest.
    Lie,
}

impl<'a> Scan<'a> {
    /// Begins at the beginning. `lowered` is the same HTML in lower case.
    pub fn new(html: &'a str, lowered: &'a str) -> Self {
        Self {
            html,
            lowered,
            at: 0,
            missing: Vec::new(),
            quotes: Quotes::Hold,
            looked: 0,
        }
    }

    /// Bytes that were looked at to find the ends of things.
    pub fn looked(&self) -> usize {
        self.looked
    }

    /// The next piece.
    pub fn next_piece(&mut self) -> Option<Piece<'a>> {
        loop {
            let rest = self
                .lowered
                .get(self.at..)
                .filter(|rest| !rest.is_empty())?;
            let Some(markup) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                return Some(Piece::Text(self.take(end)));
            };
            if markup.starts_with("!--") {
                match self.find(self.at + 4, "-->") {
                    Some(end) => self.at = end + 3,
                    None => return Some(Piece::Text(self.take(1))),
                }
            } else if markup.starts_with(['!', '?']) {
                match self.find(self.at, ">") {
                    Some(end) => self.at = end + 1,
                    None => return Some(Piece::Text(self.take(1))),
                }
            } else if let Some(closing) = markup.strip_prefix('/') {
                let name = name_of(closing);
                match self.find(self.at, ">") {
                    Some(end) if !name.is_empty() => {
                        self.at = end + 1;
                        return Some(Piece::Close(name));
                    }
                    _ => return Some(Piece::Text(self.take(1))),
                }
            } else if markup.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let name = name_of(markup);
                let Some(end) = self.end_of_tag(self.at + 1 + name.len()) else {
                    return Some(Piece::Text(self.take(1)));
                };
                let tag = self.html.get(self.at..end).unwrap_or_default();
                self.at = (end + 1).min(self.html.len());
                self.skip_raw(name);
                return Some(Piece::Open(name, tag));
            } else {
                return Some(Piece::Text(self.take(1)));
            }
        }
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let end = self.at + bytes;
        let taken = self.html.get(self.at..end).unwrap_or_default();
        self.at = end;
        taken
    }

    /// Where these words come next.
    fn find(&mut self, from: usize, words: &'static str) -> Option<usize> {
        if self.missing.contains(&words) {
            return None;
        }
        let rest = self.lowered.get(from..).unwrap_or_default();
        let found = rest.find(words);
        self.looked += found.unwrap_or(rest.len());
        if found.is_none() {
            self.missing.push(words);
        }
        found.map(|at| from + at)
    }

    /// Where a tag ends. A `>` in a quoted value doesn't end it; a quote counts only behind `=`.
    fn end_of_tag(&mut self, from: usize) -> Option<usize> {
        let first = self.find(from, ">")?;
        if self.quotes == Quotes::Lie {
            return Some(first);
        }
        let mut at = from;
        let mut assigned = false;
        while let Some(byte) = self.html.as_bytes().get(at).copied() {
            let quote = match byte {
                b'>' => {
                    self.looked += at - from;
                    return Some(at);
                }
                b'"' => "\"",
                b'\'' => "'",
                _ => "",
            };
            if assigned && !quote.is_empty() {
                // A quote that never ends is none.
                at = self.find(at + 1, quote).unwrap_or(at);
            }
            assigned = byte == b'=' || (assigned && byte.is_ascii_whitespace());
            at += 1;
        }
        self.looked += at.saturating_sub(from);
        self.quotes = Quotes::Lie;
        Some(first)
    }

    /// Skips what is written for programs.
    fn skip_raw(&mut self, name: &str) {
        let end = match name {
            "script" => "</script",
            "style" => "</style",
            "title" => "</title",
            _ => return,
        };
        if let Some(end) = self.find(self.at, end) {
            self.at = end;
        }
    }
}

/// The name at the beginning of a tag; of `o:p` all of it.
fn name_of(tag: &str) -> &str {
    let end = tag
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_')))
        .unwrap_or(tag.len());
    tag.get(..end).unwrap_or_default()
}

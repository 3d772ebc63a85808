//! Which lines of a message are its writer's own, and which are quotes or code.
//!
//! Reads as much Markdown as that takes (`CommonMark` 0.31: 4.5 fenced code, 5.1 quotes, 6.1 code spans),
//! because that is how clients write and show messages. Indented code needs nothing here: a command has its
//! `!` in the first column. It is no renderer.

use std::collections::BTreeSet;
use std::ops::Range;

/// Whose words a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The writer's own.
    Own,
    /// It only looks quoted, or like code: it follows a quote without a blank line between, or stands in
    /// inline code that began on an earlier line.
    Doubtful,
    /// A quote or a code block.
    Shown,
}

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// The byte where it begins.
    pub(crate) start: usize,
    /// The line without its end.
    pub(crate) text: &'a str,
    /// Whose words it is.
    pub(crate) standing: Standing,
}

/// The lines of a message in order.
pub(crate) fn lines(message: &str) -> Vec<Line<'_>> {
    let mut reader = Reader::default();
    let mut start = 0;
    for whole in message.split_inclusive('\n') {
        reader.line(start, whole.trim_end_matches(['\n', '\r']));
        start += whole.len();
    }
    reader.end_paragraph();
    reader.lines
}

/// A fence: its sign and how many of them.
#[derive(Clone, Copy)]
struct Fence {
    sign: char,
    length: usize,
}

#[derive(Default)]
struct Reader<'a> {
    lines: Vec<Line<'a>>,
    fence: Option<Fence>,
    /// Where the paragraph begins that is being read.
    paragraph: Option<usize>,
    after_quote: bool,
}

impl<'a> Reader<'a> {
    fn line(&mut self, start: usize, text: &'a str) {
        let standing = self.standing(text);
        let blank = text.trim().is_empty();
        if standing == Standing::Shown || blank {
            self.end_paragraph();
        } else if self.paragraph.is_none() {
            self.paragraph = Some(self.lines.len());
        }
        self.lines.push(Line {
            start,
            text,
            standing,
        });
    }

    fn standing(&mut self, text: &str) -> Standing {
        if let Some(open) = self.fence {
            if fence(text).is_some_and(|(close, info)| closes(open, close, info)) {
                self.fence = None;
            }
            return Standing::Shown;
        }
        let bare = without_indent(text);
        if let Some(quoted) = bare.strip_prefix('>') {
            self.after_quote = !quoted.trim().is_empty();
            return Standing::Shown;
        }
        if let Some((opened, info)) = fence(text)
            && !(opened.sign == '`' && info.contains('`'))
        {
            self.fence = Some(opened);
            self.after_quote = false;
            return Standing::Shown;
        }
        self.after_quote &= !text.trim().is_empty();
        if self.after_quote {
            Standing::Doubtful
        } else {
            Standing::Own
        }
    }

    /// Marks the lines of the finished paragraph that begin inside inline code.
    fn end_paragraph(&mut self) {
        let Some(first) = self.paragraph.take() else {
            return;
        };
        let lines = self.lines.get_mut(first..).unwrap_or_default();
        let spans = code_spans(lines);
        let mut spans = spans.iter().peekable();
        for line in lines {
            while spans.next_if(|span| span.end <= line.start).is_some() {}
            if spans.peek().is_some_and(|span| span.contains(&line.start)) {
                line.standing = Standing::Doubtful;
            }
        }
    }
}

/// A line without the indent that Markdown disregards.
fn without_indent(text: &str) -> &str {
    let bare = text.trim_start_matches(' ');
    if text.len() - bare.len() > 3 {
        text
    } else {
        bare
    }
}

/// The fence with which a line begins, and what stands behind it.
fn fence(text: &str) -> Option<(Fence, &str)> {
    let bare = without_indent(text);
    let sign = bare
        .chars()
        .next()
        .filter(|sign| matches!(sign, '`' | '~'))?;
    let info = bare.trim_start_matches(sign);
    let length = bare.len() - info.len();
    (length >= 3).then_some((Fence { sign, length }, info))
}

fn closes(open: Fence, close: Fence, info: &str) -> bool {
    open.sign == close.sign && close.length >= open.length && info.trim().is_empty()
}

/// A row of backticks.
struct Ticks {
    start: usize,
    length: usize,
    /// A backslash takes its first one away when it opens code.
    escaped: bool,
}

/// The inline code of one paragraph, from behind the first tick that opens it to the ticks that close it.
fn code_spans(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let rows: Vec<Ticks> = lines.iter().flat_map(ticks).collect();
    let mut spans = Vec::new();
    // Lengths that no later row has: looked for once, so that hostile text only costs its length.
    let mut unclosed = BTreeSet::from([0]);
    let mut rest = rows.as_slice();
    while let [open, behind @ ..] = rest {
        rest = behind;
        let length = open.length - usize::from(open.escaped);
        if unclosed.contains(&length) {
            continue;
        }
        let mut later = behind.iter();
        if let Some(close) = later.find(|row| row.length == length) {
            spans.push(open.start + 1..close.start + close.length);
            rest = later.as_slice();
        } else {
            unclosed.insert(length);
        }
    }
    spans
}

fn ticks(line: &Line<'_>) -> Vec<Ticks> {
    let mut rows: Vec<Ticks> = Vec::new();
    let (mut in_row, mut escapes) = (false, false);
    for (at, c) in line.text.char_indices() {
        match (c, in_row, rows.last_mut()) {
            ('`', true, Some(row)) => row.length += 1,
            ('`', ..) => rows.push(Ticks {
                start: line.start + at,
                length: 1,
                escaped: escapes,
            }),
            _ => {}
        }
        in_row = c == '`';
        escapes = c == '\\' && !escapes;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One letter per line.
    fn standings(message: &str) -> String {
        let letter = |line: &Line<'_>| match line.standing {
            Standing::Own => 'o',
            Standing::Doubtful => 'd',
            Standing::Shown => 's',
        };
        lines(message).iter().map(letter).collect()
    }

    #[test]
    fn code_blocks_are_shown_to_their_end() {
        for (message, standing) in [
            ("a\nb", "oo"),
            ("```\na\n```\nb", "ssso"),
            ("```rust\na\n``\nb\n````\nc", "ssssso"),
            ("~~~\n```\na\n~~~\nb", "sssso"),
            ("   ```\na\n   ```\nb", "ssso"),
            ("    ```\na", "oo"),
            ("```\nnever closed\n\na", "ssss"),
            ("``` a ``` b\nc", "oo"),
            ("```\na\n``` b\nc", "ssss"),
        ] {
            assert_eq!(standings(message), standing, "{message:?}");
        }
    }

    #[test]
    fn quotes_are_shown_and_what_hangs_on_them_is_doubtful() {
        for (message, standing) in [
            ("> a\n\nb", "soo"),
            ("> <@els:crt.example> a\n> b\n\nc", "ssoo"),
            ("> a\nb\nc\n\nd", "sddoo"),
            (">\nb", "so"),
            ("> a\n>\nb", "sso"),
            ("   >a\n\nb", "soo"),
            ("> ```\n\nb", "soo"),
            ("> a\n```\nb\n```\nc", "sssso"),
        ] {
            assert_eq!(standings(message), standing, "{message:?}");
        }
    }

    #[test]
    fn inline_code_over_several_lines_is_doubtful() {
        for (message, standing) in [
            ("`a\nb\nc`\nd", "oddo"),
            ("`a\n\nb`", "ooo"),
            ("``a\n`b\nc``\nd", "oddo"),
            ("\\`a\nb`\nc", "ooo"),
            ("\\``a\nb`\nc", "odo"),
            ("a ` b\nc", "oo"),
            ("`a` b\nc `d\ne`", "ood"),
            ("`a\n> b`\nc", "osd"),
        ] {
            assert_eq!(standings(message), standing, "{message:?}");
        }
    }

    #[test]
    fn lines_know_where_they_begin() {
        let message = "é\r\n!ack\n\nx";
        for line in lines(message) {
            assert!(message.get(line.start..).unwrap().starts_with(line.text));
        }
        assert_eq!(lines(message)[1].text, "!ack");
        assert_eq!(lines(""), []);
    }
}

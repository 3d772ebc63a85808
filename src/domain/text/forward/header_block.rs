//! The block of fields that Outlook and others write above a quoted or forwarded mail.

use crate::domain::text::forward::labels::{Label, read_label, read_run_together};
use crate::domain::text::own_words::lines::{Line, count_step};

/// The fields of a block, as written.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct HeaderBlock {
    /// Name and address of the sender.
    pub from: String,
    /// When it was sent.
    pub date: String,
    /// Its subject.
    pub subject: String,
    seen: Vec<Label>,
}

/// How sure one must be that lines are a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// A banner stands above it: one field is enough.
    Banner,
    /// Nothing stands above it: sender, and two more of date, recipient, copy and subject. A reporter who
    /// writes "Van: ... Onderwerp: ..." himself keeps his words.
    Alone,
}

/// Longest value that is kept, in characters.
const LONGEST_VALUE: usize = 500;
/// Most lines that one field may run over.
const MOST_CONTINUATIONS: usize = 4;
/// Most fields in a block.
const MOST_FIELDS: usize = 12;

impl HeaderBlock {
    fn holds(&self, evidence: Evidence) -> bool {
        let others = [Label::Date, Label::To, Label::Cc, Label::Subject]
            .iter()
            .filter(|label| self.seen.contains(label))
            .count();
        match evidence {
            Evidence::Banner => !self.seen.is_empty(),
            Evidence::Alone => self.seen.contains(&Label::From) && others >= 2,
        }
    }

    fn add(&mut self, label: Label, value: &str) {
        self.seen.push(label);
        if let Some(field) = self.field(label) {
            field.extend(value.chars().take(LONGEST_VALUE));
        }
    }

    fn append(&mut self, label: Label, more: &str) {
        if let Some(field) = self.field(label)
            && field.len() < LONGEST_VALUE
        {
            field.push(' ');
            field.extend(more.chars().take(LONGEST_VALUE));
        }
    }

    fn field(&mut self, label: Label) -> Option<&mut String> {
        match label {
            Label::From => Some(&mut self.from),
            Label::Date => Some(&mut self.date),
            Label::Subject => Some(&mut self.subject),
            Label::To | Label::Cc | Label::Other => None,
        }
    }

    /// Reads the block that begins in this line, where one does, with the number of lines it takes.
    pub fn read(lines: &[Line<'_>], evidence: Evidence) -> Option<(Self, usize)> {
        let first = lines.first()?;
        let (label, _) = read_label(first.bare)?;
        if evidence == Evidence::Alone && matches!(label, Label::Cc | Label::Other) {
            return None;
        }
        let mut block = Self::default();
        let mut taken = 0;
        let mut rest = lines;
        while block.seen.len() < MOST_FIELDS {
            let Some((gap, label, value)) = next_field(rest, first.depth, &block) else {
                break;
            };
            block.add(label, value);
            let field_lines = gap.saturating_add(1);
            rest = rest.get(field_lines..).unwrap_or_default();
            taken += field_lines;
            let more = block.continuation(rest, first.depth, value);
            for line in rest.iter().take(more) {
                block.append(label, line.bare);
            }
            rest = rest.get(more..).unwrap_or_default();
            taken += more;
        }
        block.holds(evidence).then_some((block, taken))
    }

    /// Reads fields that stand behind a banner on the same line.
    pub fn read_same_line(text: &str) -> Option<Self> {
        read_label(text)?;
        let mut block = Self::default();
        for (label, value) in read_run_together(text) {
            block.add(label, value);
        }
        block.holds(Evidence::Alone).then_some(block)
    }

    /// How many lines belong to the field just read: an open list or bracket, or lines that stand between
    /// this field and the next.
    fn continuation(&self, rest: &[Line<'_>], depth: usize, value: &str) -> usize {
        let fields_follow = |from: usize| {
            rest.get(from..)
                .and_then(|lines| next_field(lines, depth, self))
                .is_some_and(|(gap, _, _)| gap == 0)
        };
        let mut count = 0;
        let mut open = value.is_empty() || value.ends_with([',', ';', '<']);
        for line in rest.iter().take(MOST_CONTINUATIONS) {
            if line.is_blank() || line.depth != depth || fields_follow(count) {
                break;
            }
            if !open && !line.bare.starts_with('<') {
                let until = (count..count.saturating_add(3)).find(|at| fields_follow(*at));
                return until.unwrap_or(count);
            }
            open = line.bare.ends_with([',', ';', '<']);
            count += 1;
        }
        // An empty value followed by something that is no field: the text of the mail has begun.
        if value.is_empty() && !fields_follow(count) {
            0
        } else {
            count
        }
    }
}

/// The next field after at most two blank lines: blank lines before it, label, value. A field that was
/// read before is the mail's own text.
fn next_field<'a>(
    lines: &[Line<'a>],
    depth: usize,
    block: &HeaderBlock,
) -> Option<(usize, Label, &'a str)> {
    count_step();
    let gap = lines
        .iter()
        .take(3)
        .take_while(|line| line.is_blank())
        .count();
    let line = lines.get(gap)?;
    let (label, value) = read_label(line.bare)?;
    let again = label != Label::Other && label != Label::Cc && block.seen.contains(&label);
    let complete = gap > 0 && block.seen.contains(&Label::Subject) && block.holds(Evidence::Alone);
    (line.depth == depth && !again && !complete && !line.is_blank()).then_some((gap, label, value))
}

/// Name and address in a sender as written: `Jan <j@a.example>`, `Jan [mailto:j@a.example]`,
/// `"Jan" <j@a.example<mailto:j@a.example>>`, or only one of both.
pub fn name_and_address(from: &str) -> (String, String) {
    let cut = from.find(['<', '[']);
    let (name, rest) = cut
        .and_then(|at| from.split_at_checked(at))
        .unwrap_or((from, ""));
    let address = first_address(rest)
        .or_else(|| first_address(from))
        .unwrap_or_default();
    let name = name
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '*' | '“' | '”'))
        .to_owned();
    let name = if name == address { String::new() } else { name };
    (name, address)
}

/// The first thing with an `@` between the signs that may stand around an address.
fn first_address(text: &str) -> Option<String> {
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')' | ',' | ';' | '"')
    })
    .map(|word| word.strip_prefix("mailto:").unwrap_or(word))
    .find(|word| {
        word.split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
    })
    .map(|word| word.chars().take(254).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::own_words::lines::split;

    fn read(text: &str, evidence: Evidence) -> Option<(HeaderBlock, usize)> {
        HeaderBlock::read(&split(text), evidence)
    }

    #[test]
    fn a_block_of_outlook_is_read() {
        let text = "Van: Jan Peeters <jan@a.example>\nVerzonden: maandag 1 juni 2026 10:00\nAan: info@b.example\nOnderwerp: Factuur\nBeste";
        let (block, lines) = read(text, Evidence::Alone).unwrap();
        assert_eq!(lines, 4);
        assert_eq!(block.subject, "Factuur");
        assert_eq!(
            name_and_address(&block.from),
            ("Jan Peeters".to_owned(), "jan@a.example".to_owned())
        );
    }

    #[test]
    fn two_fields_that_a_reporter_typed_are_no_block() {
        assert!(read("Van: jan@a.example\nOnderwerp: Factuur", Evidence::Alone).is_none());
        assert!(read("Van: jan@a.example\nOnderwerp: Factuur", Evidence::Banner).is_some());
    }

    #[test]
    fn names_and_addresses_come_apart() {
        for (from, name, address) in [
            ("\"A B\" <a@b.example>", "A B", "a@b.example"),
            ("A B [mailto:a@b.example]", "A B", "a@b.example"),
            (
                "A B<mailto:a@b.example> <a@b.example<mailto:a@b.example>>",
                "A B",
                "a@b.example",
            ),
            ("a@b.example <a@b.example>", "", "a@b.example"),
            ("a@b.example", "", "a@b.example"),
            ("A B", "A B", ""),
            ("", "", ""),
        ] {
            assert_eq!(
                name_and_address(from),
                (name.to_owned(), address.to_owned()),
                "{from}"
            );
        }
    }
}

//! A text as lines with their quote marks counted.

/// How much of a text is looked at, in bytes. The rest of a mail this long is a log or an attack.
pub const LONGEST_TEXT: usize = 256 * 1024;

/// Quote marks that are counted; deeper is as deep as this.
const DEEPEST: usize = 50;

/// One line.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// The line as it stands, without its end.
    pub raw: &'a str,
    /// How many `>` stand before it.
    pub depth: usize,
    /// Without quote marks and one blank behind them.
    pub unmarked: &'a str,
    /// Without quote marks and without blanks around it.
    pub bare: &'a str,
}

impl Line<'_> {
    /// Is there nothing on it, apart from quote marks?
    pub fn is_blank(&self) -> bool {
        self.bare.is_empty()
    }
}

/// The first [`LONGEST_TEXT`] bytes of a text.
pub fn capped(text: &str) -> &str {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let end = text.floor_char_boundary(LONGEST_TEXT);
    text.get(..end).unwrap_or(text)
}

/// Cuts a text, at most [`LONGEST_TEXT`] bytes of it, into lines.
pub fn split(text: &str) -> Vec<Line<'_>> {
    capped(text).split('\n').map(read_line).collect()
}

fn read_line(raw: &str) -> Line<'_> {
    let raw = raw.trim_end_matches('\r');
    let mut unmarked = raw;
    let mut depth = 0;
    while depth < DEEPEST {
        let Some(rest) = unmarked.trim_start().strip_prefix('>') else {
            break;
        };
        // ">100 pc's" is a number, not a quote.
        if depth == 0 && rest.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        depth += 1;
        unmarked = rest;
    }
    if depth > 0 {
        unmarked = unmarked.strip_prefix(' ').unwrap_or(unmarked);
    }
    let bare = unmarked.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    });
    Line {
        raw,
        depth,
        unmarked,
        bare,
    }
}

/// Counts a step of work; only tests ask how many there were.
pub fn count_step() {
    #[cfg(test)]
    STEPS.with(|steps| steps.set(steps.get() + 1));
}

#[cfg(test)]
thread_local! {
    /// Steps that this thread took.
    pub static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Lines as a text again, without empty lines at both ends.
pub fn join<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines.map(str::trim_end).collect();
    lines
        .join("\n")
        .trim_start_matches(['\n', '\r'])
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quote_marks_are_counted_and_numbers_are_not() {
        for (raw, depth, bare) in [
            ("gewoon", 0, "gewoon"),
            ("> een", 1, "een"),
            (">> > drie\r", 3, "drie"),
            (">100 toestellen", 0, ">100 toestellen"),
            (">", 1, ""),
            ("", 0, ""),
        ] {
            let line = read_line(raw);
            assert_eq!((line.depth, line.bare), (depth, bare), "{raw}");
        }
    }

    #[test]
    fn a_very_long_text_is_cut_between_characters() {
        let text = "é".repeat(LONGEST_TEXT);
        assert!(capped(&text).len() <= LONGEST_TEXT);
    }
}

//! The terminal that the parts in this folder share: they show whole lines, one of them at a time.
//!
//! What is shown may hold words from outside. Nothing in a line can steer the terminal.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// A terminal, or whatever stands in for it.
#[derive(Clone)]
pub struct Screen {
    out: Arc<Mutex<Box<dyn Write + Send>>>,
}

impl Screen {
    /// Shows on `out`.
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self {
            out: Arc::new(Mutex::new(out)),
        }
    }

    /// Shows lines, with nothing between them.
    pub(super) fn show<T: AsRef<str>>(&self, lines: impl IntoIterator<Item = T>) {
        let text: String = lines
            .into_iter()
            .map(|line| printable(line.as_ref()) + "\n")
            .collect();
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // A terminal that went away has seen enough.
        let _ = out.write_all(text.as_bytes());
    }
}

/// A line without what moves a cursor, changes a title or turns the direction of writing.
fn printable(line: &str) -> String {
    line.trim_end()
        .chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control() || turns(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Does it change the direction in which the words around it are shown?
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A screen of tests, and what is on it.
#[cfg(test)]
pub(in crate::adapters::console) mod paper {
    use super::Screen;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    pub(in crate::adapters::console) struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Paper {
        pub(in crate::adapters::console) fn screen(&self) -> Screen {
            Screen::new(Box::new(self.clone()))
        }

        pub(in crate::adapters::console) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::paper::Paper;

    #[test]
    fn a_line_stays_one_line_and_steers_nothing() {
        let paper = Paper::default();
        paper
            .screen()
            .show(["a\u{1b}[2Jb\rc\nd\te", "\u{202e}f\u{9b}g", "h  "]);
        assert_eq!(paper.text(), "a\u{fffd}[2Jb c d e\n\u{fffd}f\u{fffd}g\nh\n");
    }
}

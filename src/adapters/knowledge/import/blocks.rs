//! The parts of a memo's text, and how they are written: headings, paragraphs, items, tables, code.
//!
//! Written is what `markdown` of the knowledge reads, which is less than Markdown: code has no fences, because each
//! line of it must stay a line.

use crate::adapters::knowledge::import::tidy::words;

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading, by its level in the page.
    Heading(usize, String),
    /// A paragraph.
    Paragraph(String),
    /// An item of a list: what stands before it, and its text.
    Item(String, String),
    /// Rows of cells, the head first.
    Table(Vec<Vec<String>>),
    /// Lines that stay lines.
    Code(Vec<String>),
}

impl Block {
    /// The words on one line.
    pub(super) fn on_a_line(&self) -> String {
        match self {
            Self::Heading(_, text) | Self::Paragraph(text) | Self::Item(_, text) => text.clone(),
            Self::Table(rows) => {
                let rows: Vec<String> = rows.iter().map(|row| row.join(" ")).collect();
                rows.join("; ")
            }
            Self::Code(lines) => lines.join("; "),
        }
    }

    fn written(&self, shift: usize) -> String {
        match self {
            Self::Heading(level, text) => match level.saturating_sub(shift) {
                0..=2 => format!("## {text}"),
                3 => format!("### {text}"),
                _ => format!("**{text}**"),
            },
            Self::Paragraph(text) => paragraph(text),
            Self::Item(mark, text) => format!("{mark}{text}"),
            Self::Table(rows) => table(rows),
            Self::Code(lines) => {
                let lines: Vec<String> = lines.iter().map(|line| format!("`{line}`")).collect();
                lines.join("\n\n")
            }
        }
    }
}

/// All parts as the text of a memo with this title. What stands before the first heading gets the title as its
/// heading, because each section is shown alone.
pub(super) fn text_of(mut blocks: Vec<Block>, title: &str) -> String {
    let title = words(title.trim());
    if let Some(Block::Heading(_, text)) = blocks.first()
        && text.to_lowercase() == title.to_lowercase()
    {
        blocks.remove(0);
    }
    let levels = blocks.iter().filter_map(|block| match block {
        Block::Heading(level, _) => Some(*level),
        _ => None,
    });
    // Authors who began at h3 meant their sections all the same.
    let shift = levels.min().unwrap_or(2).saturating_sub(2);
    let mut text = String::new();
    if !matches!(blocks.first(), None | Some(Block::Heading(..))) {
        text.push_str("## ");
        text.push_str(&title);
    }
    let mut previous: Option<&Block> = None;
    for block in &blocks {
        let in_a_list = matches!((previous, block), (Some(Block::Item(..)), Block::Item(..)));
        let after_a_heading = previous.is_none_or(|block| matches!(block, Block::Heading(..)));
        if !text.is_empty() {
            text.push_str(if in_a_list || after_a_heading {
                "\n"
            } else {
                "\n\n"
            });
        }
        if matches!(block, Block::Heading(..)) && previous.is_some() {
            text.push('\n');
        }
        text.push_str(&block.written(shift));
        previous = Some(block);
    }
    text.replace("\n\n\n", "\n\n")
}

/// A paragraph that isn't taken for something else: a heading, a row, the end of the front matter.
fn paragraph(text: &str) -> String {
    match text.chars().next() {
        Some(first @ ('#' | '|' | '+')) => {
            let rest = text.strip_prefix(first).unwrap_or_default();
            format!("`{first}`{rest}")
        }
        _ => text.to_owned(),
    }
}

fn table(rows: &[Vec<String>]) -> String {
    let mut lines = Vec::new();
    for (count, row) in rows.iter().enumerate() {
        lines.push(format!("| {} |", row.join(" | ")));
        if count == 0 {
            lines.push(format!("|{}", "---|".repeat(row.len())));
        }
    }
    lines.join("\n")
}

/// Several parts on one line, such as in a cell.
pub(super) fn joined(blocks: &[Block], between: &str) -> String {
    let mut line = String::new();
    for text in blocks.iter().map(Block::on_a_line) {
        if !line.is_empty() {
            let ends = line.ends_with(['.', ':', ';', '!', '?', ',']);
            line.push_str(if ends { " " } else { between });
        }
        line.push_str(text.trim());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_begin_at_the_highest_heading() {
        let heading = |level, text: &str| Block::Heading(level, text.to_owned());
        let say = |text: &str| Block::Paragraph(text.to_owned());
        let text = text_of(
            vec![
                heading(1, "back-up"),
                say("Eerst."),
                heading(3, "A"),
                say("# x"),
                heading(4, "B"),
                heading(5, "C"),
            ],
            "Back-up",
        );
        assert_eq!(text, "## Back-up\nEerst.\n\n## A\n`#` x\n\n### B\n\n**C**");
        assert_eq!(text_of(Vec::new(), "x"), "");
    }

    #[test]
    fn items_rows_and_code_keep_their_lines() {
        let text = text_of(
            vec![
                Block::Item("1. ".into(), "a".into()),
                Block::Item("  - ".into(), "b".into()),
                Block::Table(vec![
                    vec!["x".into(), "y".into()],
                    vec!["1".into(), "2".into()],
                ]),
                Block::Code(vec!["# een".into(), "  twee".into()]),
            ],
            "T",
        );
        assert_eq!(
            text,
            "## T\n1. a\n  - b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n`# een`\n\n`  twee`"
        );
    }
}

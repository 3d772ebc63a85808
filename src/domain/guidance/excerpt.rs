//! The beginning of a memo's section, short enough for a mail and never cut within a sentence.

/// How many characters of a paragraph count as a line.
const LINE_WIDTH: usize = 90;

/// The beginning of a text in at most so many lines, ending at the end of a sentence or list item.
pub fn excerpt(text: &str, most_lines: usize) -> String {
    let mut kept: Vec<String> = Vec::new();
    let mut left = most_lines;
    for line in text.lines().map(str::trim_end) {
        if line.trim().is_empty() {
            continue;
        }
        let cost = line.chars().count().div_ceil(LINE_WIDTH);
        if cost <= left {
            left -= cost;
            kept.push(line.to_owned());
            continue;
        }
        if let Some(part) = sentences(line, left * LINE_WIDTH) {
            kept.push(part);
        }
        break;
    }
    while kept.last().is_some_and(|line| line.ends_with(':')) {
        kept.pop();
    }
    kept.join("\n")
}

/// The whole sentences at the start of a line that fit in so many characters.
fn sentences(line: &str, most_characters: usize) -> Option<String> {
    let mut end = 0;
    let mut previous = ' ';
    for (count, (at, character)) in line.char_indices().enumerate() {
        if count > most_characters {
            break;
        }
        if character.is_whitespace() && matches!(previous, '.' | '!' | '?') {
            end = at;
        }
        previous = character;
    }
    line.split_at_checked(end)
        .map(|(part, _)| part.to_owned())
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_where_a_sentence_ends() {
        let long = "Een zin van dertig letters ja. ".repeat(10);
        let cut = excerpt(&long, 2);
        assert!(cut.chars().count() <= 180 && cut.ends_with("ja."), "{cut}");
        assert_eq!(excerpt("Kort.\n\n- een\n- twee", 2), "Kort.\n- een");
        assert_eq!(excerpt("Kort.\nDit volgt:\n- een", 2), "Kort.");
        assert_eq!(excerpt(&"x".repeat(500), 2), "");
        assert_eq!(excerpt("", 5), "");
    }
}

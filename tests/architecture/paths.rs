//! Finds the paths (`a::b::c`) in blanked code, with `use` trees taken apart.

/// A path and where it begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) parts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Colons,
    Other(char),
}

/// Every path of two or more parts, and every name in a plain `use name;`. A glob is the part `*`.
pub(super) fn find(code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let follows_path =
            at > 0 && tokens[at - 1].1 == Token::Colons && !begins_with_colons(&tokens, at);
        let in_use = at > 0 && tokens[at - 1].1 == Token::Word("use".to_owned());
        match &tokens[at].1 {
            Token::Word(_) if !follows_path => {
                let before = found.len();
                let end = path(&tokens, at, &[], &mut found);
                if end == at + 1 && !in_use {
                    found.truncate(before);
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// `::name`, a path from the crates' top.
fn begins_with_colons(tokens: &[(usize, Token)], at: usize) -> bool {
    at < 2 || !matches!(tokens[at - 2].1, Token::Word(_) | Token::Other('>'))
}

/// Reads one path (or `use` tree) that begins at `at`, below `prefix`; returns where it ends.
fn path(tokens: &[(usize, Token)], at: usize, prefix: &[String], found: &mut Vec<Named>) -> usize {
    let mut parts = prefix.to_vec();
    let line = tokens.get(at).map_or(0, |(line, _)| *line);
    let mut at = at;
    loop {
        match tokens.get(at).map(|(_, token)| token) {
            Some(Token::Word(word)) => parts.push(word.clone()),
            Some(Token::Other('*')) => parts.push("*".to_owned()),
            Some(Token::Other('{')) => return group(tokens, at + 1, &parts, found),
            _ => break,
        }
        at += 1;
        match tokens.get(at).map(|(_, token)| token) {
            Some(Token::Colons) => at += 1,
            _ => break,
        }
    }
    found.push(Named { line, parts });
    at
}

/// Reads the inside of `{ ... }` of a `use` tree.
fn group(tokens: &[(usize, Token)], at: usize, prefix: &[String], found: &mut Vec<Named>) -> usize {
    let mut at = at;
    while let Some((_, token)) = tokens.get(at) {
        at = match token {
            Token::Other('}') => return at + 1,
            Token::Word(word) if word == "as" => at + 2,
            Token::Word(_) | Token::Other('*') => path(tokens, at, prefix, found),
            _ => at + 1,
        };
    }
    at
}

fn tokens(code: &str) -> Vec<(usize, Token)> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        } else if c.is_alphanumeric() || c == '_' {
            let mut word = String::from(c);
            while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                word.push(c);
            }
            tokens.push((line, Token::Word(word)));
        } else if c == ':' && chars.next_if_eq(&':').is_some() {
            tokens.push((line, Token::Colons));
        } else if !c.is_whitespace() {
            tokens.push((line, Token::Other(c)));
        }
    }
    tokens
}

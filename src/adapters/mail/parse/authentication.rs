//! What our own border server recorded about the sender (RFC 8601), and which record is believed.
//!
//! Anybody can write an `Authentication-Results` field into a mail, with our server's name on it.
//! Three rules keep such a field out; each must hold.
//!
//! 1. Its authserv-id is one that the operator configured. Without configuration nothing is believed.
//! 2. Only the topmost field with such an id counts, good or bad; every later one is ignored. Servers
//!    add at the top and may not reorder (RFC 8601, 5), so what a sender wrote is below.
//! 3. It stands above the `Received` line of the border. A sender's field can't: the border put its
//!    own line above everything that came in. Which `Received` line is the border's can't be read off
//!    it, so they are counted from the top: delivery over LMTP in the first line is ours by nature and
//!    isn't counted, and [`Border::own_hops`] says how many others may stand above the verdict. Its default is none, which is
//!    right for Postfix with `PREPEND` or a policy service and delivery over LMTP.
//!
//! A border whose milter writes the field *below* its own `Received` line needs one own hop more;
//! there rule 3 can't tell a forged field from a real one, and the border must remove forged ones
//! (RFC 8601, 5, asks for it). This is a check before going live.

use crate::app::ports::mail::Border;
use crate::domain::address::EmailAddress;
use crate::domain::intake::alignment::is_aligned;
use crate::domain::intake::message::IncomingMail;
use crate::domain::intake::sender::{Authentication, Verdict};

/// Most results that are read of one field.
const MOST_FINDINGS: usize = 100;

/// One `method=result` with its properties.
#[derive(Debug, Default, PartialEq, Eq)]
struct Finding {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

impl Finding {
    fn property(&self, name: &str) -> Option<&str> {
        let found = self.properties.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Weighs what stands in the one field that is believed.
pub fn weigh(mail: &IncomingMail, border: &Border) -> Authentication {
    let from = mail.single_from().map(|from| &from.address);
    let findings = believed(mail, border).unwrap_or_default();
    let of = |method: &'static str| findings.iter().filter(move |f| f.method == method);
    Authentication {
        spf: worst_or_pass(of("spf").map(verdict)),
        dkim: worst_or_pass(of("dkim").map(|f| aligned(verdict(f), dkim_domain(f), from))),
        dmarc: worst(of("dmarc").map(|f| aligned(verdict(f), f.property("header.from"), from))),
    }
}

/// The findings of the one field that is believed.
fn believed(mail: &IncomingMail, border: &Border) -> Option<Vec<Finding>> {
    let mut hops = 0;
    let mut topmost = true;
    for field in &mail.headers {
        if field.name.eq_ignore_ascii_case("Received") {
            // Delivery is the last step, so its line is the first; any other that looks like one is the
            // border's, with words of the sender in it.
            let delivered = topmost && is_local_delivery(&field.value);
            topmost = false;
            hops += usize::from(!delivered);
            if hops > border.own_hops {
                return None;
            }
        } else if field.name.eq_ignore_ascii_case("Authentication-Results")
            && let Some((id, findings)) = parse(&field.value)
            && border
                .authserv_ids
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&id))
        {
            return Some(findings);
        }
    }
    None
}

/// `with LMTP` and its kin (RFC 3848): the last step inside our own house, never the way in.
///
/// A sender chooses the words after HELO, and Postfix writes them into its line, blanks and all: a
/// line with more than one `with`, or with an open bracket, is therefore not taken for a local delivery.
pub(crate) fn is_local_delivery(received: &str) -> bool {
    let Uncommented {
        text: mut line,
        open,
    } = without_comments(received);
    if open > 0 {
        return false;
    }
    line.make_ascii_lowercase();
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut protocols = words.windows(2).filter_map(|pair| match pair {
        ["with", protocol] => Some(*protocol),
        _ => None,
    });
    match (protocols.next(), protocols.next()) {
        (Some(only), None) => only.trim_start_matches("utf8").starts_with("lmtp"),
        _ => false,
    }
}

/// Cuts a field into its authserv-id and its findings; of another version, nothing is found in it.
fn parse(value: &str) -> Option<(String, Vec<Finding>)> {
    let value = without_comments(value).text;
    let mut pieces = split_outside_quotes(&value, ';').into_iter();
    let head = pieces.next()?;
    let mut words = head.split_whitespace();
    let id = words.next()?.trim_matches('"').to_owned();
    let version_fits = words.next().is_none_or(|version| version == "1");
    if id.contains('=') {
        return None;
    }
    let most = if version_fits { MOST_FINDINGS } else { 0 };
    let findings = pieces.filter_map(|piece| finding(&piece)).take(most);
    Some((id, findings.collect()))
}

fn finding(piece: &str) -> Option<Finding> {
    // Blanks around `=` are allowed.
    let mut pairs = pairs(piece).into_iter();
    let (method, result) = pairs.next()?;
    let method = method.split('/').next().unwrap_or_default().to_owned();
    Some(Finding {
        method,
        result: result.to_ascii_lowercase(),
        properties: pairs.collect(),
    })
}

/// The `key=value` pairs of a piece, keys in lower case, values without quotes.
fn pairs(piece: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let sides = split_outside_quotes(piece, '=');
    for pair in sides.windows(2) {
        let [left, right] = pair else { continue };
        let Some(key) = last_word(left) else { continue };
        let value = first_word(right);
        found.push((key.to_ascii_lowercase(), value));
    }
    found
}

fn last_word(text: &str) -> Option<&str> {
    text.split_whitespace().next_back()
}

/// The first word, or the first quoted string.
fn first_word(text: &str) -> String {
    let text = text.trim_start();
    match text.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default().to_owned(),
        None => text
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

fn split_outside_quotes(text: &str, separator: char) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        quoted ^= c == '"';
        if c == separator && !quoted {
            pieces.push(String::new());
        } else if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

/// A value without its comments.
struct Uncommented {
    /// What is left.
    text: String,
    /// Comments that never end.
    open: u32,
}

/// Without comments (RFC 5322, 3.2.2); a quoted string keeps its brackets. Escaped quotes are blotted
/// out: a sender's own address may hold them, to break out of its quotes.
fn without_comments(text: &str) -> Uncommented {
    let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        let literal = std::mem::take(&mut escaped);
        match c {
            _ if literal && depth == 0 => kept.push('_'),
            '\\' if !literal && (quoted || depth > 0) => escaped = true,
            '"' if !literal && depth == 0 => {
                quoted = !quoted;
                kept.push(c);
            }
            '(' if !literal && !quoted => {
                depth += 1;
                kept.push(' ');
            }
            ')' if !literal && !quoted && depth > 0 => depth -= 1,
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    Uncommented {
        text: kept,
        open: depth,
    }
}

fn verdict(finding: &Finding) -> Verdict {
    match finding.result.as_str() {
        "pass" => Verdict::Pass,
        "fail" | "hardfail" => Verdict::Fail,
        "none" => Verdict::None,
        _ => Verdict::Neutral,
    }
}

fn dkim_domain(finding: &Finding) -> Option<&str> {
    finding.property("header.d").or_else(|| {
        let identity = finding.property("header.i")?;
        identity.rsplit_once('@').map(|(_, domain)| domain)
    })
}

/// A pass counts only for the domain of the one sender (RFC 7489, 3.1, relaxed alignment).
fn aligned(verdict: Verdict, domain: Option<&str>, from: Option<&EmailAddress>) -> Verdict {
    match (verdict, domain, from) {
        (Verdict::Pass, Some(domain), Some(from)) if is_aligned(domain, from.domain()) => {
            Verdict::Pass
        }
        (Verdict::Pass, _, _) => Verdict::Neutral,
        (other, _, _) => other,
    }
}

/// There is one DMARC result for a mail; where there are more, something is wrong.
fn worst(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::Unchecked => 0,
        Verdict::Pass => 1,
        Verdict::None => 2,
        Verdict::Neutral => 3,
        Verdict::Fail => 4,
    };
    verdicts.max_by_key(rank).unwrap_or_default()
}

/// Several results of one method: a pass is enough (a mail may carry several signatures), then the
/// worst one counts.
fn worst_or_pass(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let rank = |verdict: &Verdict| match verdict {
        Verdict::Unchecked => 0,
        Verdict::None => 1,
        Verdict::Neutral => 2,
        Verdict::Fail => 3,
        Verdict::Pass => 4,
    };
    verdicts.max_by_key(rank).unwrap_or_default()
}

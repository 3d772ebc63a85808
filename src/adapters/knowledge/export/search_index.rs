//! What the search in the browser knows, as a script: a page opened from a stick may read no other kind of file.
//!
//! Only data; how it is searched stands in `pages/search.js`.

use crate::adapters::knowledge::export::Page;
use crate::adapters::knowledge::export::site_plan::SitePlan;
use crate::adapters::knowledge::trouble::Trouble;
use serde::Serialize;
use std::collections::BTreeMap;

/// The script's name within the site.
const NAME: &str = "search-index.js";
/// What the data is called in the script.
const VARIABLE: &str = "eerstelijnIndex";

/// One entry that can be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Found {
    /// Its kind, as `site.toml` names it.
    pub(super) kind: &'static str,
    /// Its title.
    pub(super) title: String,
    /// Its address within the site.
    pub(super) address: String,
    /// More words by which it is found.
    pub(super) words: String,
    /// Words that point to it, and weigh less.
    pub(super) hints: String,
    /// Its sections.
    pub(super) places: Vec<Place>,
}

/// A section: its anchor, its heading, its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Place(pub(super) String, pub(super) String, pub(super) String);

#[derive(Serialize)]
struct Index<'a> {
    kinds: &'a BTreeMap<String, String>,
    stop_words: &'a str,
    daily_words: &'a str,
    entries: &'a [Found],
}

/// The script.
pub(super) fn page(plan: &SitePlan, entries: &[Found]) -> Result<Page, Trouble> {
    let index = Index {
        kinds: &plan.kinds,
        stop_words: &plan.search.stop_words,
        daily_words: &plan.search.daily_words,
        entries,
    };
    let json =
        serde_json::to_string(&index).map_err(|error| Trouble::of_file(NAME, error.to_string()))?;
    Ok(Page {
        name: NAME.to_owned(),
        text: format!("var {VARIABLE} = {};\n", as_script(&json)),
        to_fill_in: 0,
    })
}

/// JSON as it may stand in a script, and in a script within a page. What is replaced stands in strings only.
fn as_script(json: &str) -> String {
    let mut script = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' => script.push_str("\\u003c"),
            '>' => script.push_str("\\u003e"),
            '&' => script.push_str("\\u0026"),
            '\u{2028}' => script.push_str("\\u2028"),
            '\u{2029}' => script.push_str("\\u2029"),
            other => script.push(other),
        }
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_script() {
        let hostile = "</script><!-- <script> \u{2028}\u{2029} \"'`\\ & ]]>\n\u{0}";
        let json = serde_json::to_string(hostile).unwrap();
        let script = as_script(&json);
        for bad in ["<", ">", "&", "\u{2028}", "\u{2029}", "\n", "\u{0}"] {
            assert!(!script.contains(bad), "{bad:?} in {script}");
        }
        let back: String = serde_json::from_str(&script).unwrap();
        assert_eq!(back, hostile);
    }
}

//! Any text as the words of a mail: never a panic, and no word that wasn't there.
#![no_main]

use eerstelijn::domain::text::own_words::{own_words, words_that_count};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let whole = String::from_utf8_lossy(raw);
    let (subject, text) = whole.split_once('\n').unwrap_or(("", &whole));
    let own = own_words(text, subject);
    assert!(own.text.len() <= text.len() + 16);
    let _ = words_that_count(&own, &[], None);
});

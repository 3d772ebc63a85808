//! What one piece of an answer says: yes, no, that it isn't known, or a number.
//!
//! Short words in three languages, as people type them. Which question it answers is not decided here.

use crate::domain::text::fold::Folded;
use crate::domain::triage::numbers;

/// What a piece of an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Yes.
    Yes,
    /// No.
    No,
    /// "Weet ik niet."
    Unknown,
}

const YES: &[&str] = &[
    "ja",
    "jaa",
    "jawel",
    "jep",
    "jup",
    "joa",
    "jazeker",
    "zekers",
    "yes",
    "yep",
    "yeah",
    "yup",
    "oui",
    "ouais",
    "si",
    "jo",
    "affirmatief",
    "allebei",
    "alletwee",
];

/// Words that grant at the head of an answer, unless something denies beside them: "helaas niet", "dat klopt niet".
const GRANTS_AT_HEAD: &[&str] = &[
    "inderdaad",
    "klopt",
    "absoluut",
    "correct",
    "exact",
    "effectivement",
    "indeed",
    "jammergenoeg",
    "helaas",
    "juist",
];
/// The same anywhere in a short answer.
const GRANTS_WITHIN: &[&str] = &["zeker", "wel", "certain", "sure"];

/// What may stand around a mere "nee".
const FILLERS: &[&str] = &[
    "hoor", "bedankt", "merci", "dank", "u", "je", "gelukkig", "zeker", "echt", "thanks", "thank",
    "you", "sorry", "dus", "toch", "ma", "ba", "goh", "allez", "helemaal",
];

const NO: &[&str] = &[
    "nee",
    "neen",
    "neeje",
    "neenee",
    "nope",
    "non",
    "no",
    "nein",
    "nie",
    "nada",
    "nah",
    "noppes",
    "bijlange",
    "geenszins",
    "negatief",
    "nooit",
    "nergens",
    "never",
    "aucunement",
    "nenni",
];

/// Denials that are no answer by themselves at the head of a longer sentence, but are in a short one.
const DENIES: &[&str] = &[
    "niet", "geen", "niemand", "niks", "niets", "pas", "aucun", "aucune", "personne", "rien",
    "not", "none", "nobody", "nothing", "nul", "zero",
];

/// Phrases of not knowing, as folded words.
const UNKNOWN: &[&str] = &[
    "weet ik niet",
    "weet ik nog niet",
    "weet ik nie",
    "weet het niet",
    "weet niet",
    "weten we niet",
    "weten wij niet",
    "weten we nog niet",
    "weten het niet",
    "weet da nie",
    "weet dat niet",
    "kweet nie",
    "kweet niet",
    "kweetet nie",
    "geen idee",
    "geen flauw idee",
    "geen flauw benul",
    "geen benul",
    "niet bekend",
    "nog niet bekend",
    "niet met zekerheid",
    "niet zeker",
    "nie zeker",
    "niet geweten",
    "onduidelijk",
    "niet duidelijk",
    "onbekend",
    "navragen",
    "nog uitzoeken",
    "nog na te gaan",
    "nakijken",
    "nog te bekijken",
    "uit te zoeken",
    "misschien",
    "mogelijk",
    "waarschijnlijk",
    "zou kunnen",
    "kan zijn",
    "vermoedelijk",
    "wellicht",
    "geen zicht",
    "geen gedacht",
    "je ne sais pas",
    "ne sais pas",
    "sais pas",
    "ne savons pas",
    "ne sait pas",
    "aucune idee",
    "pas sur",
    "pas certain",
    "pas certaine",
    "pas sure",
    "peut etre",
    "a verifier",
    "je dois verifier",
    "probablement",
    "inconnu",
    "on l ignore",
    "don t know",
    "do not know",
    "dont know",
    "dunno",
    "not sure",
    "no idea",
    "no clue",
    "unsure",
    "maybe",
    "perhaps",
    "possibly",
    "probably",
    "unclear",
    "have to check",
    "need to check",
    "will check",
    "unknown",
];

/// An answer that is taken back: what comes behind it counts.
const CORRECTS: &[&str] = &[
    "nee wacht",
    "neen wacht",
    "of nee",
    "of neen",
    "sorry nee",
    "sorry neen",
    "euh nee",
    "euh neen",
    "of toch niet",
    "allez nee",
    "non attends",
    "enfin non",
    "ou plutot non",
    "wait no",
    "sorry no",
];

/// What denies first and grants then: "ik niet, maar mijn collega wel".
const GRANTS: &[&str] = &[
    "collega wel",
    "anderen wel",
    "ander wel",
    "toch wel",
    "jammer genoeg wel",
    "helaas wel",
    "intussen wel",
    "ondertussen wel",
    "nu wel",
    "al wel",
    "wel degelijk",
    "collegue oui",
    "colleague did",
    "someone did",
    "but yes",
];

/// Is this word, as written, a yes or a no?
pub(super) fn is_yes_or_no(word: &str) -> bool {
    let folded = Folded::new(word);
    let first = folded.words.first().map_or("", |word| word.text.as_str());
    folded.words.len() == 1 && (YES.contains(&first) || NO.contains(&first))
}

/// Does this word, as written, begin an answer?
pub(super) fn begins_an_answer(word: &str) -> bool {
    let folded = Folded::new(word);
    let first = folded.words.first().map_or("", |word| word.text.as_str());
    [YES, NO, DENIES].iter().any(|list| list.contains(&first))
        || matches!(first, "weet" | "onbekend" | "misschien" | "aucune" | "sais")
}

/// A piece in its folded words, ready to be asked.
pub(super) struct Read<'a> {
    text: &'a Folded<'a>,
    joined: String,
}

impl<'a> Read<'a> {
    pub(super) fn new(text: &'a Folded<'a>) -> Self {
        let words: Vec<&str> = text.words.iter().map(|word| word.text.as_str()).collect();
        Self {
            text,
            joined: format!(" {} ", words.join(" ")),
        }
    }

    /// Does this phrase of folded words stand in it?
    pub(super) fn says(&self, phrase: &str) -> bool {
        self.joined.contains(&format!(" {phrase} "))
    }

    /// Does a word of it begin so?
    pub(super) fn has_word_that_begins(&self, letters: &str) -> bool {
        self.joined.contains(&format!(" {letters}"))
    }

    /// How many words it has.
    pub(super) fn size(&self) -> usize {
        self.text.words.len()
    }

    /// Does the answer stand at its head, behind at most a word or two such as "en" or "dus"?
    pub(super) fn leads(&self) -> bool {
        let head = self.text.words.iter().take(2);
        let mut words = head.map(|word| word.text.as_str());
        let answers = |word: &str| {
            YES.contains(&word) || NO.contains(&word) || GRANTS_AT_HEAD.contains(&word)
        };
        let nobody = |word: &str| matches!(word, "niemand" | "geen" | "nul" | "aucun" | "none");
        let few = self.size() <= 3 && self.words().any(nobody);
        let counts = self.size() <= 4 && self.number().is_some();
        words.any(answers) || few || counts || self.unknown() && self.size() <= 8
    }

    /// Does it say yes or no in that word?
    pub(super) fn says_yes_or_no(&self) -> bool {
        self.words()
            .any(|word| YES.contains(&word) || NO.contains(&word))
    }

    /// Is something taken back in it, so that its yes and no are not in order?
    pub(super) fn corrects(&self) -> bool {
        CORRECTS.iter().any(|phrase| self.says(phrase))
    }

    /// Does nothing in it deny or doubt?
    pub(super) fn affirms(&self) -> bool {
        !self.unknown()
            && !self
                .words()
                .any(|word| NO.contains(&word) || DENIES.contains(&word))
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.text.words.iter().map(|word| word.text.as_str())
    }

    /// What it says, where it says something.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        let any = |phrases: &[&str]| phrases.iter().any(|phrase| self.says(phrase));
        if any(CORRECTS) {
            return Some(Verdict::No);
        }
        if any(GRANTS) {
            return Some(Verdict::Yes);
        }
        if self.unknown() {
            return Some(Verdict::Unknown);
        }
        let decided = self.words().find_map(|word| {
            if YES.contains(&word) {
                Some(Verdict::Yes)
            } else if NO.contains(&word) {
                Some(Verdict::No)
            } else {
                None
            }
        });
        let denied = self.words().any(|word| DENIES.contains(&word));
        let granted = self
            .words()
            .any(|word| GRANTS_AT_HEAD.contains(&word) || GRANTS_WITHIN.contains(&word));
        decided
            .or(denied.then_some(Verdict::No))
            .or(granted.then_some(Verdict::Yes))
    }

    /// Is it nothing but "nee"?
    pub(super) fn is_a_mere_no(&self) -> bool {
        let no = |word: &str| NO.contains(&word);
        self.words().any(no) && self.words().all(|word| no(word) || FILLERS.contains(&word))
    }

    fn unknown(&self) -> bool {
        UNKNOWN.iter().any(|phrase| self.says(phrase)) || self.knows_not()
    }

    /// "Dat weet ik begot niet", "weet niemand hier".
    fn knows_not(&self) -> bool {
        let mut words = self
            .words()
            .skip_while(|word| !matches!(*word, "weet" | "weten" | "kweet" | "zeggen"));
        words.next().is_some()
            && words
                .take(4)
                .any(|word| matches!(word, "niet" | "nie" | "niemand" | "nog"))
    }

    /// The number that it holds, where that counts something.
    pub(super) fn number(&self) -> Option<u64> {
        numbers::bare(self.text)
    }
}

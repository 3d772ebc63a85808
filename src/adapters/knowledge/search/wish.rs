//! What somebody wants besides a subject: steps for now, whom to report something to, by which contract it can be had,
//! or one block of a playbook.
//!
//! Told by phrases, because the words of asking are no words of a subject and the index doesn't hold them.

use crate::adapters::knowledge::search::weights::Fit;
use crate::adapters::knowledge::search::words;
use crate::domain::guidance::handbook::PassageKind;
use crate::domain::guidance::playbook::Block;

/// How people ask what to do now, folded, whole words.
const STEPS: [&str; 17] = [
    "wat nu",
    "wat doe ik",
    "wat doen bij",
    "wat doen na",
    "wat doen we nu",
    "wat te doen",
    "wat moet ik doen",
    "wat moeten we doen",
    "wat moeten wij doen",
    "que faire",
    "que dois je faire",
    "que devons nous faire",
    "what now",
    "what to do",
    "what should i do",
    "what should we do",
    "what do we do",
];
/// Words of who wants to be ahead of it: then a memo is asked, not a playbook.
const AHEAD: [&str; 20] = [
    "voorkomen",
    "voorkom",
    "vermijden",
    "preventief",
    "preventie",
    "vooraf",
    "voorbereiden",
    "voorbereiding",
    "oefenen",
    "oefening",
    "testen",
    "before",
    "prevent",
    "prevention",
    "prepare",
    "avoid",
    "eviter",
    "prevenir",
    "preparer",
    "avant",
];
/// How people ask whom to report to, folded, whole words or their beginnings.
const REPORTS: [&str; 22] = [
    "aan wie",
    "meld",
    "bezorg",
    "rapport",
    "artikel",
    "art ",
    "dlb",
    "decre",
    "verplicht",
    "meedelen",
    "doorgeven",
    "agentschap",
    "vlaamse regering",
    "inventaris",
    "termijn",
    "a qui",
    "obligation",
    "notifi",
    "article",
    "report",
    "notify",
    "whom",
];
/// How much a playbook gains where steps for now are asked: it says these, and a memo says what to do before.
const STEPS_WEIGHT: f64 = 3.0;
/// How people ask by which contract something can be had, folded, whole words or their beginnings.
const CONTRACTS: [&str; 17] = [
    "contract",
    "raamcontract",
    "raamovereenkomst",
    "overeenkomst",
    "aanbested",
    "aanbod",
    "bestel",
    "afnem",
    "aankop",
    "perce",
    "marche",
    "accord cadre",
    "centrale d achat",
    "framework",
    "tender",
    "procure",
    "offer",
];
/// How much of its place a framework contract keeps where nobody asks for one.
const CONTRACT_WEIGHT: f64 = 0.3;
/// The same where it has all but a little of what is asked: then it is as good as named.
const NAMED_CONTRACT_WEIGHT: f64 = 0.6;

/// How people ask what must be kept, folded, whole words.
const KEEPS: [&str; 11] = [
    "bewaren",
    "bewaar",
    "bewijs",
    "bewijzen",
    "bewijsmateriaal",
    "sporen",
    "preuve",
    "preuves",
    "conserver",
    "evidence",
    "preserve",
];
/// How people ask what they must leave alone, folded, whole words.
const LEAVES: [&str; 8] = [
    "niet doen",
    "niet mogen",
    "vooral niet",
    "ne pas faire",
    "a ne pas",
    "surtout pas",
    "not do",
    "not to do",
];
/// How people ask whom to tell, folded, whole words.
const TELLS: [&str; 9] = [
    "wie verwittig",
    "wie verwittigen",
    "wie bellen",
    "wie contacteren",
    "qui prevenir",
    "qui avertir",
    "qui contacter",
    "whom to tell",
    "who to tell",
];

/// What the phrases of a question ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    block: Block,
    steps: bool,
    report: bool,
    contract: bool,
}

impl Wish {
    /// What a question asks for.
    pub(super) fn of(asked: &str) -> Self {
        let folded = words::fold(asked);
        let plain: Vec<&str> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let plain = format!(" {} ", plain.join(" "));
        let whole = |phrase: &&str| plain.contains(&format!(" {phrase} "));
        let begins = |phrase: &&str| plain.contains(&format!(" {phrase}"));
        let steps = STEPS.iter().any(whole) && !AHEAD.iter().any(whole);
        let block = if steps {
            // Whoever asks what to do now gets that, whatever else is told.
            Block::Now
        } else if LEAVES.iter().any(whole) {
            Block::Avoid
        } else if KEEPS.iter().any(whole) {
            Block::Keep
        } else if TELLS.iter().any(whole) {
            Block::Notify
        } else {
            Block::Now
        };
        Self {
            block,
            steps,
            report: REPORTS.iter().any(begins),
            contract: CONTRACTS.iter().any(begins),
        }
    }

    /// The block of a playbook that leads: what to do now, unless another one is asked for.
    pub(super) fn block(self) -> Block {
        self.block
    }

    /// Does somebody ask whom to report to, or by which article?
    pub(super) fn asks_whom_to_report_to(self) -> bool {
        self.report
    }

    /// What the rank of an entry of this kind is multiplied with: above 1 it goes up, below it goes down.
    pub(super) fn weight_of(self, kind: PassageKind, fit: Fit) -> f64 {
        match kind {
            PassageKind::Playbook if self.steps => STEPS_WEIGHT,
            PassageKind::Contract if self.contract => 1.0,
            PassageKind::Contract if fit == Fit::Whole => NAMED_CONTRACT_WEIGHT,
            PassageKind::Contract => CONTRACT_WEIGHT,
            _ => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_for_now_are_told_from_being_ahead() {
        for (asked, steps) in [
            ("Wat doen bij phishing?", true),
            ("laptop gestolen, wat nu", true),
            ("Que faire en cas d'hameçonnage ?", true),
            ("What should we do about a ransomware attack?", true),
            ("wat te doen om ransomware te voorkomen", false),
            ("What should we do before a DDoS attack?", false),
            ("Wat doen aanvallers met gestolen wachtwoorden?", false),
            ("wat nuttige tips", false),
        ] {
            assert_eq!(Wish::of(asked).steps, steps, "{asked}");
        }
    }

    #[test]
    fn the_block_that_is_asked_for_leads() {
        for (asked, block) in [
            ("laptop gestolen", Block::Now),
            ("ransomware: wat mogen we nu doen?", Block::Now),
            (
                "Wij zijn zeker niet de enigen met deze phishing: wat nu?",
                Block::Now,
            ),
            (
                "he should not have opened the attachment, what now",
                Block::Now,
            ),
            ("traces de virus, que faire ?", Block::Now),
            ("notre site ne passe plus, attaque ddos", Block::Now),
            ("ze wissen onze bestanden met ransomware", Block::Now),
            ("Wie belde u?", Block::Now),
            ("al het bewijs is weg, wat nu", Block::Now),
            ("Wat mag ik vooral niet doen bij ransomware?", Block::Avoid),
            ("Que ne pas faire après un hameçonnage ?", Block::Avoid),
            ("Welk bewijs bewaren we na phishing?", Block::Keep),
            ("Which evidence do we keep?", Block::Keep),
            ("wie verwittigen bij ransomware", Block::Notify),
            ("Qui prévenir en cas de rançongiciel ?", Block::Notify),
        ] {
            assert_eq!(Wish::of(asked).block(), block, "{asked}");
        }
    }
}

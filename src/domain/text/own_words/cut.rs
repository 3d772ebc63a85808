//! Walks through a mail once and sorts its lines: own words, quotes, forwarded mails.

use crate::domain::intake::message::ForwardedMail;
use crate::domain::text::forward::banner::Banner;
use crate::domain::text::forward::subject::{Prefix, read_prefix, without_prefixes};
use crate::domain::text::forward::unwrap::{Opening, Origin, unwrap};
use crate::domain::text::own_words::attribution::read_attribution;
use crate::domain::text::own_words::clients::{groupwise, is_barred};
use crate::domain::text::own_words::closing::{Place, part};
use crate::domain::text::own_words::lines::{Line, capped, count_step, join, split};
use crate::domain::text::own_words::links::Notes;

/// A line this long was broken by the program, not by the writer, in characters.
const WRAPPED: usize = 60;

/// Did the program or the subject say that a mail is forwarded?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Announced {
    /// Yes, or nothing is forwarded.
    #[default]
    Yes,
    /// No: the text begins with fields that the reporter or a web form may have typed.
    No,
}

/// A mail, sorted.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct OwnWords {
    /// What the reporter wrote himself, in this mail.
    pub text: String,
    /// What he quoted, in order, without quote marks.
    pub quoted: Vec<String>,
    /// Closing, name, marks and disclaimers, where there are any.
    pub signature: Option<String>,
    /// Mails in the text that he forwarded, the outer before the inner.
    pub forwarded: Vec<ForwardedMail>,
    /// Was the first of them announced as one?
    pub announced: Announced,
}

/// Sorts a text. The subject tells a forward from an answer where the text does not. Linear in the length
/// of the text; of a text over 256 KB only the beginning is read.
pub fn own_words(text: &str, subject: &str) -> OwnWords {
    let (body, notes) = Notes::take_off(capped(text));
    let lines = split(body);
    let mut sorter = Sorter {
        prefix: read_prefix(subject),
        subject: without_prefixes(subject),
        own: Vec::new(),
        stretch: Vec::new(),
        signature: Vec::new(),
        quoted: Vec::new(),
        forwarded: Vec::new(),
        announced: Announced::Yes,
        quotes: Quotes::AllBare,
    };
    let mut rest = lines.as_slice();
    while !rest.is_empty() {
        let taken = sorter.step(rest).max(1);
        rest = rest.get(taken..).unwrap_or_default();
    }
    sorter.finish(&notes)
}

struct Sorter<'a> {
    prefix: Prefix,
    subject: &'a str,
    own: Vec<String>,
    stretch: Vec<&'a str>,
    signature: Vec<&'a str>,
    quoted: Vec<String>,
    forwarded: Vec<ForwardedMail>,
    announced: Announced,
    quotes: Quotes,
}

/// What stood above the quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// Nothing: marks and no more.
    AllBare,
    /// Above one of them stood whose words they are.
    Attributed,
}

impl<'a> Sorter<'a> {
    /// Sorts what begins in the first of these lines; how many it took.
    fn step(&mut self, lines: &[Line<'a>]) -> usize {
        count_step();
        if let Some(opening) = Opening::read(lines) {
            return self.embedded(opening, lines);
        }
        if let Some((origin, taken)) = read_attribution(lines) {
            return self.attributed(origin, taken, lines);
        }
        match lines.first() {
            Some(line) if line.depth > 0 => {
                let end = marked_lines(lines, self.prefix);
                let quote = lines.get(..end).unwrap_or_default();
                self.put(Origin::default(), quote, self.prefix == Prefix::Forward);
                end
            }
            Some(line) => {
                self.stretch.push(line.raw);
                1
            }
            None => 0,
        }
    }

    /// A mail below a banner or a header block. Without quote marks it goes on to the end.
    fn embedded(&mut self, opening: Opening, lines: &[Line<'a>]) -> usize {
        let forward = opening.banner == Some(Banner::Forward) || self.prefix != Prefix::Reply;
        if opening.banner.is_none() && self.prefix == Prefix::None && self.wrote_nothing_yet() {
            self.announced = Announced::No;
        }
        self.quotes = Quotes::Attributed;
        let body = lines.get(opening.lines..).unwrap_or_default();
        let end = if opening.marked {
            marked_lines(body, Prefix::Forward)
        } else {
            body.len()
        };
        let body = body.get(..end).unwrap_or_default();
        let taken = opening.lines.saturating_add(end);
        self.put(opening.header.into(), body, forward);
        taken
    }

    /// A quote below an attribution. Plain text below it is the quote too, unless nothing stood above:
    /// then it may be an answer written below a quote that is gone, and it stays.
    fn attributed(&mut self, origin: Origin, taken: usize, lines: &[Line<'a>]) -> usize {
        self.quotes = Quotes::Attributed;
        let depth = lines.first().map_or(0, |line| match groupwise(line) {
            Some(_) => 0,
            None => line.depth,
        });
        let body = lines.get(taken..).unwrap_or_default();
        let next = body.iter().find(|line| !line.is_blank());
        let forward = self.prefix == Prefix::Forward;
        let end = if depth > 0 || next.is_some_and(|line| line.depth > 0) {
            marked_lines(body, self.prefix)
        } else if next.is_some_and(is_barred) {
            barred_lines(body)
        } else if self.wrote_nothing_yet() && !forward {
            0
        } else {
            body.len()
        };
        let body = body.get(..end).unwrap_or_default();
        if end > 0 {
            self.put(origin, body, forward);
        } else {
            self.close_stretch();
        }
        taken.saturating_add(end)
    }

    fn wrote_nothing_yet(&self) -> bool {
        self.own.is_empty() && self.stretch.iter().all(|line| line.trim().is_empty())
    }

    fn put(&mut self, origin: Origin, lines: &[Line<'a>], forward: bool) {
        self.close_stretch();
        let marked = lines.iter().all(|line| line.is_blank() || line.depth > 0)
            || lines.first().is_some_and(|line| line.depth > 0);
        let text = join(lines.iter().map(|line| {
            if marked {
                one_mark_less(line)
            } else {
                line.raw
            }
        }));
        if forward {
            if !(text.is_empty() && origin.from.is_empty() && origin.subject.is_empty()) {
                self.forwarded.extend(unwrap(origin, &text, self.subject));
            }
        } else if !text.is_empty() {
            self.quoted.push(text);
        }
    }

    /// Ends a stretch of own lines, and takes its closing off.
    fn close_stretch(&mut self) {
        let place = if self.own.is_empty() {
            Place::First
        } else {
            Place::Later
        };
        let closed = part(&self.stretch, place);
        self.stretch.clear();
        let words = join(closed.words.into_iter());
        if !words.is_empty() {
            self.own.push(words);
        }
        self.signature.extend(closed.signature);
    }

    fn finish(mut self, notes: &Notes<'_>) -> OwnWords {
        self.close_stretch();
        let signature = join(self.signature.iter().copied());
        for mail in &mut self.forwarded {
            mail.text = notes.give_back(std::mem::take(&mut mail.text));
        }
        // Programs exist that mark everything, and people who answer behind the marks.
        let only_quotes = self.own.is_empty() && self.forwarded.is_empty();
        if only_quotes && self.quotes == Quotes::AllBare {
            self.own = std::mem::take(&mut self.quoted);
        }
        let quoted = self.quoted.into_iter();
        let quoted = quoted.map(|quote| notes.give_back(quote)).collect();
        let signature = notes.give_back(signature);
        let text = notes.give_back(self.own.join("\n\n"));
        OwnWords {
            text: notes.give_rest(&text),
            quoted,
            signature: (!signature.is_empty()).then_some(signature),
            forwarded: self.forwarded,
            announced: self.announced,
        }
    }
}

/// A marked line without its first mark.
fn one_mark_less<'a>(line: &Line<'a>) -> &'a str {
    let rest = line.raw.trim_start();
    let rest = rest.strip_prefix('>').unwrap_or(line.raw);
    rest.strip_prefix(' ').unwrap_or(rest)
}

/// How many lines a quote takes: marked lines, blank ones between them, and lines that a program broke
/// without marking the second half.
fn marked_lines(lines: &[Line<'_>], prefix: Prefix) -> usize {
    let mut end = 0;
    let mut blanks = 0;
    let mut last = None;
    for (at, line) in lines.iter().enumerate() {
        count_step();
        if line.depth > 0 {
            end = at.saturating_add(1);
            blanks = 0;
            last = Some(line);
        } else if line.is_blank() {
            blanks += 1;
        } else {
            let next = lines.get(at.saturating_add(1));
            let between = blanks == 0 && next.is_some_and(|next| next.depth > 0);
            if !(between && last.is_some_and(|last| goes_on(last, line, prefix))) {
                break;
            }
        }
    }
    end
}

/// How many lines a quote takes that is marked with bars, blank ones between them included.
fn barred_lines(lines: &[Line<'_>]) -> usize {
    let quote = lines
        .iter()
        .take_while(|line| line.is_blank() || is_barred(line));
    quote.count()
}

/// Is this unmarked line the second half of the marked one above? An answer between two quotes must not be
/// taken for it, so in an answer it has to go on in the middle of a sentence.
fn goes_on(above: &Line<'_>, line: &Line<'_>, prefix: Prefix) -> bool {
    let broken = above.bare.chars().nth(WRAPPED).is_some();
    let sentence_open = !above.bare.ends_with(['.', '?', '!', ':']);
    let in_the_middle = line.bare.starts_with(char::is_lowercase) && sentence_open;
    broken && (in_the_middle || prefix == Prefix::Forward)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::own_words::lines::STEPS;

    const PHISH: &str = "Van: Bank <a@evil.example>\nVerzonden: maandag 1 juni 2026 10:00\nAan: info@gemeente.example\nOnderwerp: Uw rekening\n\nKlik hier.\nMvg\nDe bank";

    #[test]
    fn quotes_are_cut_in_four_languages() {
        for quote in [
            "Op ma 1 jun 2026 om 10:00 schreef CRT <crt@team.example>:\n\n> Wat is er gebeurd?\n> Groeten",
            "Le lun. 1 juin 2026 à 10:00, CRT <crt@team.example> a écrit :\n\n> Que s'est-il passé ?",
            "On Mon, 1 Jun 2026 at 10:00, CRT <crt@team.example>\nwrote:\n\n> What happened?",
            "Am Mo., 1. Juni 2026 um 10:00 Uhr schrieb CRT <crt@team.example>:\n\n> Was ist passiert?",
            "Van: CRT <crt@team.example>\nVerzonden: maandag 1 juni 2026 10:00\nAan: Jan\nOnderwerp: Uw melding\n\nWat is er gebeurd?",
            "De : CRT <crt@team.example>\nEnvoyé : lundi 1 juin 2026 10:00\nÀ : Jan\nObjet : Votre message\n\nQue s'est-il passé ?",
            "________________________________\nFrom: CRT <crt@team.example>\nSent: Monday, June 1, 2026 10:00\nTo: Jan\nSubject: Your report\n\nWhat happened?",
            "-----Ursprüngliche Nachricht-----\nVon: CRT <crt@team.example>\nGesendet: Montag, 1. Juni 2026 10:00\nAn: Jan\nBetreff: Ihre Meldung\n\nWas ist passiert?",
            "-----Oorspronkelijk bericht-----\nWat is er gebeurd?",
            "----- Mail original -----\nQue s'est-il passé ?",
            ">>> CRT <crt@team.example> 1/06/2026 10:00 >>>\nWat is er gebeurd?",
            "CRT schreef op ma 01-06-2026 om 10:00 [+0200]:\n> Wat is er gebeurd?",
            "CRT <crt@team.example> a écrit le 1 juin 2026 à 10:00 :\n\nQue s'est-il passé ?",
            "CRT <crt@team.example> hat am 01.06.2026 10:00 CEST geschrieben:\n\nWas ist passiert?",
            "Citeren CRT <crt@team.example>:\n\n> Wat is er gebeurd?",
            "CRT ---01/06/2026 10:00:33---Wat is er gebeurd?\n\nVan:\tCRT\nAan:\tJan\nDatum:\t01/06/2026 10:00\nOnderwerp:\tUw melding",
            "2026/6/1 CRT <crt@team.example>\n\n| Wat is er gebeurd?\n|",
        ] {
            let own = own_words(&format!("Ik heb geklikt.\n\n{quote}\n"), "Re: Uw melding");
            assert_eq!(own.text, "Ik heb geklikt.", "{quote}");
            assert_eq!(own.quoted.len(), 1, "{quote}");
            assert!(own.forwarded.is_empty(), "{quote}");
        }
    }

    #[test]
    fn the_same_block_is_a_quote_in_an_answer_and_evidence_in_a_forward() {
        let text = format!("Is dit echt?\n\n{PHISH}");
        let answer = own_words(&text, "Antw: Uw rekening");
        assert_eq!(
            (
                answer.text.as_str(),
                answer.forwarded.len(),
                answer.quoted.len()
            ),
            ("Is dit echt?", 0, 1)
        );
        for subject in [
            "FW: Uw rekening",
            "Doorst: Uw rekening",
            "TR: Uw rekening",
            "WG: Uw rekening",
            "Verdachte mail",
        ] {
            let forward = own_words(&text, subject);
            assert_eq!(forward.text, "Is dit echt?", "{subject}");
            let mail = forward.forwarded.first().unwrap();
            assert_eq!(mail.from_address, "a@evil.example");
            assert_eq!(mail.from_name, "Bank");
            assert_eq!(mail.subject, "Uw rekening");
            assert_eq!(mail.date, "maandag 1 juni 2026 10:00");
            assert_eq!(mail.text, "Klik hier.\nMvg\nDe bank");
        }
    }

    #[test]
    fn a_forward_of_a_forward_gives_both_mails() {
        let text = format!(
            "Graag advies.\n\n---------- Forwarded message ---------\nVan: Els <els@gemeente.example>\nDate: ma 1 jun 2026 om 11:00\nSubject: Fwd: Uw rekening\nTo: ICT\n\nIs dit veilig?\n\n{PHISH}"
        );
        let own = own_words(&text, "Fwd: Fwd: Uw rekening");
        assert_eq!(own.text, "Graag advies.");
        let from: Vec<&str> = own
            .forwarded
            .iter()
            .map(|mail| mail.from_address.as_str())
            .collect();
        assert_eq!(from, ["els@gemeente.example", "a@evil.example"]);
        assert_eq!(own.forwarded.first().unwrap().text, "Is dit veilig?");
    }

    #[test]
    fn words_between_and_below_quotes_stay() {
        let text = "Op 1/6/2026 om 10:00 schreef CRT <crt@team.example>:\n> Hebt u geklikt op de link in die mail, en zo ja wanneer was dat dan precies?\nJa\n> Wat ingevuld?\nMijn paswoord.\n\nGroeten\nJan";
        let own = own_words(text, "Re: Uw melding");
        assert_eq!(own.text, "Ja\n\nMijn paswoord.");
        assert_eq!(own.signature.as_deref(), Some("Groeten\nJan"));
    }

    #[test]
    fn words_below_a_marked_forward_stay() {
        let own = own_words(
            "Begin doorgestuurd bericht:\n\n> Van: Bank <a@evil.example>\n> Onderwerp: Uw rekening\n>\n> Klik hier.\n\nIk heb niet geklikt.",
            "Fwd: Uw rekening",
        );
        assert_eq!(own.text, "Ik heb niet geklikt.");
        assert_eq!(own.forwarded.first().unwrap().text, "Klik hier.");
    }

    #[test]
    fn what_a_reporter_writes_himself_stays() {
        for text in [
            "Wij kregen een mail.\nVan: baas@evil.example\nOnderwerp: dringende betaling\nDe boekhouding heeft betaald.",
            "Om 10:12 zijn alle servers uitgevallen:\n- server 1\n- server 2\nWat nu?",
            "Op 3 mei 2026 om 10:12 kreeg Els een mail van Jan <jan@evil.example> en klikte op de link.\nDaarna vroeg die om haar wachtwoord.",
            ">100 pc's zijn versleuteld\n>20 servers ook",
            "Jan <jan@evil.example> schreef op ons forum over hacking:\nwij hebben alles",
            "Wij kregen deze mails:\n2026/06/01 Jan <jan@evil.example>\n2026/06/02 Piet <piet@evil.example>\nWie kent die?",
            "INFO ---2026-05-04 10:12:33--- fout\nDe server ligt plat",
            "| pc | status |\n|---|---|\n| pc-12 | plat |\nGraag hulp",
            "Quoting onze ICT-dienst:\nalles ligt plat",
            "Tijdlijn:\n2026-06-01 10:00 eerste melding\n2026-06-01 10:30 servers plat\nGraag hulp",
            "--- Samenvatting ---\nDe servers zijn versleuteld.\n\nMeer weten we niet.",
            "Let op: wij zijn gehackt.\nAan: iedereen die dit leest\nGelieve te bellen.",
        ] {
            assert_eq!(own_words(text, "Melding").text, text);
        }
    }

    #[test]
    fn a_disclaimer_goes_and_a_leak_stays() {
        let own = own_words(
            "Deze e-mail met vertrouwelijke gegevens ging naar een verkeerde bestemmeling.\n\nMvg\nJan\n\nDit bericht is uitsluitend bestemd voor de geadresseerde. Indien u niet de bedoelde ontvanger bent, verwittig ons.",
            "Datalek",
        );
        assert_eq!(
            own.text,
            "Deze e-mail met vertrouwelijke gegevens ging naar een verkeerde bestemmeling."
        );
    }

    #[test]
    fn an_answer_below_a_quote_without_marks_stays() {
        let own = own_words(
            "Op 1 juni 2026 om 10:00 schreef CRT <crt@team.example>:\n\nJa, ik heb geklikt.",
            "Re: x",
        );
        assert_eq!(own.text, "Ja, ik heb geklikt.");
    }

    #[test]
    fn words_wholly_behind_marks_are_the_words() {
        let own = own_words("> Al onze servers zijn versleuteld.\n> Bel ons.", "Re: x");
        assert_eq!(own.text, "Al onze servers zijn versleuteld.\nBel ons.");
        assert!(own.quoted.is_empty());
    }

    #[test]
    fn line_ends_of_windows_change_nothing() {
        let text = format!("Is dit echt?\n\nMvg\nJan\n\n{PHISH}");
        let windows = own_words(&text.replace('\n', "\r\n"), "FW: x");
        assert!(own_words(&text, "FW: x") == windows);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(pieces in proptest::collection::vec(0..FRAGMENTS.len(), 0..60), noise in ".{0,40}") {
            let mut text: String = pieces.iter().filter_map(|at| FRAGMENTS.get(*at)).copied().collect();
            text.push_str(&noise);
            for subject in ["", "Re: x", "FW: x"] {
                let _ = own_words(&text, subject);
            }
        }
    }

    const FRAGMENTS: &[&str] = &[
        "\n",
        "> ",
        ">",
        "\r\n",
        "Van: ",
        "Aan:",
        "Onderwerp: x\n",
        "Verzonden: y\n",
        "-----",
        "Forwarded message",
        "-----Original Message-----\n",
        "-- \n",
        "--\n",
        "Mvg\n",
        "a@b.example",
        "<",
        ">:",
        "Op 1/6/2026 om 10:00 schreef ",
        " wrote:\n",
        "é",
        "\u{200b}",
        "\u{feff}",
        "10:00",
        "Begin doorgestuurd bericht:\n",
        "Dit bericht is uitsluitend bestemd\n",
        ":",
        "：",
        "À : ",
    ];

    #[test]
    fn a_text_of_rules_is_not_read_over_and_over() {
        STEPS.set(0);
        let _ = own_words(&format!("Hallo\n{}", "--\n".repeat(2_000)), "x");
        assert!(STEPS.get() < 2_000 * 100, "{}", STEPS.get());
    }

    #[test]
    fn hostile_texts_take_no_square_of_time() {
        for piece in [
            "--\n",
            "-- \n",
            "\n",
            "Mvg\n",
            "> ",
            ">\n",
            "Van: x\n",
            "Cc: x\n",
            "Van:\n",
            "On 1/1/2026 10:00 <\n",
            "a\n",
            "<a@b> 1\n",
            "--- x ---\n",
            "-----Original Message-----\n",
            ":",
            "(",
            "Begin doorgestuurd bericht:\n\n",
            "Dit bericht\n",
            "Verzonden vanaf mijn iPhone\n",
            "| x\n",
            "Jan ---01/06/2026 10:00:33---x\n",
            ">>> Jan 1/06/2026 10:00 >>>\n",
            "Jan <a@b> schreef op 1 juni 2026 10:00:\n",
            "----- End forwarded message -----\n",
            "Van: a@b\nAan: c\nOnderwerp: d\n\n",
            "> Van: a@b\n> Aan: c\n> Onderwerp: d\n\nx\n",
        ] {
            let steps = |size: usize| {
                let mut text = piece.repeat(size / piece.len());
                text.push_str("\nWij zijn gehackt en we weten niet wat te doen?");
                STEPS.set(0);
                let _ = own_words(&text, "FW: x");
                STEPS.get()
            };
            let (once, twice) = (steps(30 * 1024), steps(60 * 1024));
            assert!(
                twice <= once * 5 / 2 + 1_000,
                "{piece:?}: {once} steps, then {twice}"
            );
        }
    }
}

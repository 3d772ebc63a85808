//! The line that a mail program writes above a mail it forwards or quotes as a whole.

/// What the line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Banner {
    /// A forwarded mail begins.
    Forward,
    /// The original mail begins: of an answer or of a forward.
    Original,
    /// A forwarded mail ends: Mutt and Horde write a second line below it.
    End,
    /// Words between dashes, unknown to us; only with a header block below it.
    Unknown,
}

/// Words that stand in the banner of a forward.
const FORWARD: &[&str] = &[
    "forwarded message",
    "doorgestuurd bericht",
    "doorgestuurde bericht",
    "doorgezonden bericht",
    "message transféré",
    "mail transféré",
    // Lotus Notes: "Forwarded by Jan Peeters/ORG on 05/04/2026 10:12 AM".
    "forwarded by",
    "doorgestuurd door",
    "réacheminé par",
    "transféré par",
    "weitergeleitet von",
    "message réexpédié",
    "e-mail transféré",
    "weitergeleitete nachricht",
    "weitergeleiteten nachricht",
    "mensaje reenviado",
    "messaggio inoltrato",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "vidarebefordrat meddelande",
    "videresendt m",
    "edelleenlähetetty viesti",
    "välitetty viesti",
    "przekazana wiadomość",
    "przekazanej wiadomości",
    "přeposlaná zpráva",
    "preposlaná správa",
    "továbbított üzenet",
    "proslijeđenu poruku",
    "mesaj redirecționat",
    "mesajul redirecționat",
    "перенаправленное сообщение",
    "пересылаемое сообщение",
    "переслане повідомлення",
    "メッセージを転送",
];

/// Words that stand in the banner of an original.
const ORIGINAL: &[&str] = &[
    "original message",
    "original appointment",
    "reply message",
    "oorspronkelijk bericht",
    "oorspronkelijke bericht",
    "origineel bericht",
    "message d'origine",
    "message d’origine",
    "message original",
    "message initial",
    // Zimbra.
    "mail original",
    "ursprüngliche mail",
    "ursprüngliche nachricht",
    "originalnachricht",
    "originalmeldung",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "oprindelig besked",
    "oprindelig meddelelse",
    "opprinnelig melding",
    "ursprungligt meddelande",
    "alkuperäinen viesti",
    "wiadomość oryginalna",
    "původní zpráva",
    "исходное сообщение",
];

/// How a banner without dashes begins; it is a line of its own that ends with a colon.
const BEGINNINGS: &[&str] = &[
    "begin",
    "start",
    "forwarded",
    "doorgestuurd",
    "début",
    "anfang",
    "inizio",
    "início",
    "inicio",
    "videresendt",
    "započni",
    "începe",
    "välitetty",
    "vidarebefordrat",
    "hier begint",
];

/// How the line begins that closes a forward.
const ENDINGS: &[&str] = &["end ", "einde ", "fin ", "ende "];

/// Longest banner, in characters.
const LONGEST: usize = 90;

/// Reads a line without its quote marks. The text behind the banner is what Yahoo leaves on the same line.
pub fn read_banner(line: &str) -> Option<(Banner, &str)> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '\u{feff}'));
    match line.strip_prefix(DASHES) {
        Some(_) => between_dashes(line),
        None => own_line(line).map(|banner| (banner, "")),
    }
}

const DASHES: [char; 5] = ['-', '—', '–', '_', '='];

fn between_dashes(line: &str) -> Option<(Banner, &str)> {
    let inner = line.trim_start_matches(DASHES);
    let dashes = line.len().saturating_sub(inner.len());
    let (words, rest) = inner
        .split_once("---")
        .or_else(|| inner.split_once("--"))
        .or_else(|| inner.split_once("__"))
        .or_else(|| inner.split_once("=="))?;
    let words = words.trim();
    if dashes < 2 || words.chars().count() > LONGEST || !words.contains(char::is_alphabetic) {
        return None;
    }
    // A banner in two languages has dashes in its middle as well.
    let rest = match rest.trim_start_matches(DASHES).trim() {
        again if again.trim_end_matches(DASHES).len() < again.len() => "",
        other => other,
    };
    let folded = words.to_lowercase();
    if let Some(banner) = known(&folded) {
        let ends = rest.is_empty() && ENDINGS.iter().any(|end| folded.starts_with(end));
        return Some((if ends { Banner::End } else { banner }, rest));
    }
    let lettered = words.split_whitespace().count() <= 5 && !words.contains(char::is_numeric);
    (lettered && rest.is_empty()).then_some((Banner::Unknown, ""))
}

fn own_line(line: &str) -> Option<Banner> {
    if line.chars().nth(LONGEST).is_some() {
        return None;
    }
    let folded = line.to_lowercase();
    let words = folded.strip_suffix(':')?.trim_end();
    let begins = BEGINNINGS.iter().any(|start| words.starts_with(start));
    let short = words.split_whitespace().count() <= 6;
    (begins && short).then(|| known(words)).flatten()
}

fn known(folded: &str) -> Option<Banner> {
    if FORWARD.iter().any(|words| folded.contains(words)) {
        return Some(Banner::Forward);
    }
    ORIGINAL
        .iter()
        .any(|words| folded.contains(words))
        .then_some(Banner::Original)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banners_are_known_by_their_words_and_dashes() {
        for (line, expected) in [
            (
                "---------- Forwarded message ---------",
                Some(Banner::Forward),
            ),
            (
                "---------- Doorgestuurd bericht ---------",
                Some(Banner::Forward),
            ),
            ("Begin doorgestuurd bericht:", Some(Banner::Forward)),
            ("Début du message réexpédié :", Some(Banner::Forward)),
            ("-----Oorspronkelijk bericht-----", Some(Banner::Original)),
            (
                "*-------- Original Message --------*",
                Some(Banner::Original),
            ),
            ("----- Mail original -----", Some(Banner::Original)),
            (
                "----- Doorgestuurd door Jan/HACKEGEM op 04/05/2026 10:12 -----",
                Some(Banner::Forward),
            ),
            ("----- End forwarded message -----", Some(Banner::End)),
            ("----- Einde van de test -----", Some(Banner::Unknown)),
            ("De mail is doorgestuurd door Jan", None),
            ("-------- Iets anders --------", Some(Banner::Unknown)),
            ("This is not a ---------- delimiter.", None),
            ("Ik kreeg een doorgestuurd bericht:", None),
            ("----------", None),
            ("--", None),
            ("", None),
        ] {
            assert_eq!(
                read_banner(line).map(|(banner, _)| banner),
                expected,
                "{line}"
            );
        }
    }
}

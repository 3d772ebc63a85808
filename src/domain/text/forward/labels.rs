//! The names of header fields as mail programs write them above a forwarded or quoted mail.
//!
//! Dutch, French, English and German first; the others because a reporter's telephone may speak anything.

/// What a label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Who wrote the mail.
    From,
    /// When it was sent.
    Date,
    /// To whom.
    To,
    /// A copy to whom.
    Cc,
    /// Its subject.
    Subject,
    /// A field that is often there and tells nothing here.
    Other,
}

/// The longest label, in bytes.
const LONGEST_LABEL: usize = 40;

/// Most words of a date that are looked at for a subject behind it.
const MOST_WORDS: usize = 12;

const FROM: &[&str] = &[
    "from",
    "van",
    "afzender",
    "de",
    "expéditeur",
    "von",
    "absender",
    "de la",
    "expeditorul",
    "da",
    "mittente",
    "remitente",
    "fra",
    "från",
    "lähettäjä",
    "od",
    "nadawca",
    "odesílatel",
    "šalje",
    "feladó",
    "от",
    "від",
    "kimden",
    "发件人",
    "寄件者",
    "差出人",
    "送信元",
];

const DATE: &[&str] = &[
    "date",
    "sent",
    "sent at",
    "datum",
    "verzonden",
    "verstuurd",
    "verzonden op",
    "envoyé",
    "envoyé le",
    "date d'envoi",
    "date d’envoi",
    "message du",
    "gesendet",
    "gesendet am",
    "data",
    "dată",
    "trimis",
    "inviato",
    "fecha",
    "enviado",
    "enviado el",
    "enviada em",
    "enviado em",
    "dato",
    "sendt",
    "skickat",
    "päivämäärä",
    "päiväys",
    "lähetetty",
    "wysłano",
    "odesláno",
    "odoslané",
    "dátum",
    "elküldve",
    "küldve",
    "дата",
    "отправлено",
    "надіслано",
    "发送时间",
    "日付",
];

const TO: &[&str] = &[
    "to",
    "aan",
    "à",
    "a",
    "pour",
    "destinataire",
    "an",
    "para",
    "per",
    "către",
    "destinatarul",
    "til",
    "till",
    "vastaanottaja",
    "do",
    "adresat",
    "komu",
    "pre",
    "prima",
    "za",
    "címzett",
    "кому",
    "收件人",
    "宛先",
    "送信先",
];

const CC: &[&str] = &[
    "cc",
    "bcc",
    "cci",
    "kopie",
    "copie",
    "copie à",
    "copie a",
    "copia",
    "copia a",
    "kopi",
    "kopia",
    "kopio",
    "dw",
    "kópia",
    "kopija",
    "másolatot kap",
    "másolat",
    "копия",
    "копія",
    "抄送",
];

const SUBJECT: &[&str] = &[
    "subject",
    "onderwerp",
    "objet",
    "sujet",
    "betreff",
    "oggetto",
    "asunto",
    "assunto",
    "emne",
    "ämne",
    "aihe",
    "temat",
    "předmět",
    "predmet",
    "tárgy",
    "subiect",
    "subiectul",
    "тема",
    "主题",
    "主旨",
    "件名",
];

const OTHER: &[&str] = &[
    "reply-to",
    "antwoord aan",
    "beantwoorden aan",
    "répondre à",
    "antwort an",
    "responder a",
    "importance",
    "importantie",
    "prioriteit",
    "priority",
    "priorité",
    "urgentie",
    "wichtigkeit",
    "attachments",
    "bijlagen",
    "bijlage",
    "pièces jointes",
    "anlagen",
    "organization",
    "organisatie",
];

/// The label and the value of a line such as `*Van:* Jan <jan@a.example>`, or nothing.
///
/// A label begins with a capital, or with a letter that has none: `van: ...` in the middle of a sentence
/// is not one.
pub fn read_label(line: &str) -> Option<(Label, &str)> {
    let line = line.trim_start_matches(['*', '_', ' ', '\t', '\u{feff}', '\u{a0}']);
    let end = line
        .char_indices()
        .take(LONGEST_LABEL)
        .find(|(_, c)| matches!(c, ':' | '：'))?
        .0;
    let (name, rest) = line.split_at_checked(end)?;
    if name.chars().next().is_none_or(char::is_lowercase) {
        return None;
    }
    let value = rest
        .trim_start_matches([':', '：'])
        .trim_start_matches(['*', '_'])
        .trim();
    Some((meaning(name)?, value))
}

/// Labels in the middle of a line, as Yahoo leaves them when the line ends are lost. Each comes with the
/// text up to the next one. `line` begins with a label.
pub fn read_run_together(line: &str) -> Vec<(Label, &str)> {
    let mut starts: Vec<(usize, usize, Label)> = Vec::new();
    for (colon, _) in line.match_indices(':') {
        let Some(before) = line.get(..colon) else {
            continue;
        };
        if let Some((label, start)) = label_at_end(before) {
            starts.push((start, colon, label));
        }
        if starts.len() > 12 {
            break;
        }
    }
    if starts.len() > 1 && !starts.iter().any(|(_, _, label)| *label == Label::Subject) {
        starts.extend(subject_without_colon(
            line,
            starts.last().map_or(0, |last| last.1),
        ));
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(start, _, _)| *start)
        .chain([line.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|((_, colon, label), end)| {
            let value = line.get(*colon..end)?;
            let value = value.strip_prefix(':').unwrap_or(value);
            Some((*label, value.trim()))
        })
        .collect()
}

/// Yahoo in Portuguese forgets the colon: "11:05:00 `CETAssunto` Factuur". The label stands right behind the
/// date and begins with a capital; so a word of the date is not taken for it.
fn subject_without_colon(line: &str, from: usize) -> Option<(usize, usize, Label)> {
    let blanks = line.match_indices(' ').skip_while(|(at, _)| *at <= from);
    blanks.take(MOST_WORDS).find_map(|(blank, _)| {
        let before = line.get(from..blank)?;
        SUBJECT.iter().find_map(|name| {
            let start = before.len().checked_sub(name.len())?;
            let (date, word) = before.split_at_checked(start)?;
            let glued = date.ends_with(char::is_alphanumeric);
            let label =
                glued && word.starts_with(char::is_uppercase) && word.to_lowercase() == *name;
            label.then_some((from.saturating_add(start), blank, Label::Subject))
        })
    })
}

/// The longest label that a text ends with, capital included, and where it begins.
fn label_at_end(text: &str) -> Option<(Label, usize)> {
    let mut best = None;
    for (start, c) in text.char_indices().rev().take(LONGEST_LABEL) {
        if c.is_uppercase() {
            let Some(name) = text.get(start..) else {
                continue;
            };
            if let Some(label) = meaning(name) {
                best = Some((label, start));
            }
        }
        if matches!(c, '>' | ';' | ':') {
            break;
        }
    }
    best
}

fn meaning(name: &str) -> Option<Label> {
    let name = name.trim().trim_end_matches(['*', '_']).trim_end();
    if name.is_empty() || name.len() > LONGEST_LABEL {
        return None;
    }
    let name = name.to_lowercase();
    let tables = [
        (FROM, Label::From),
        (DATE, Label::Date),
        (TO, Label::To),
        (CC, Label::Cc),
        (SUBJECT, Label::Subject),
        (OTHER, Label::Other),
    ];
    tables
        .into_iter()
        .find_map(|(table, label)| table.contains(&name.as_str()).then_some(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_in_every_dress() {
        for (line, expected) in [
            ("Van: Jan", Some((Label::From, "Jan"))),
            ("*Verzonden:* maandag", Some((Label::Date, "maandag"))),
            ("**Aan:** x@y.example", Some((Label::To, "x@y.example"))),
            ("Objet :Facture", Some((Label::Subject, "Facture"))),
            ("À : x", Some((Label::To, "x"))),
            ("van: klein geschreven", None),
            ("Let op: dit is geen veld", None),
            ("geen dubbelpunt", None),
            (":", None),
            ("", None),
        ] {
            assert_eq!(read_label(line), expected, "{line}");
        }
    }

    #[test]
    fn a_subject_without_its_colon_is_found_behind_the_date() {
        for (line, subject) in [
            (
                "De: A <a@b.example>Enviado: 4 de maio de 2026, 11:05:00 CETAssunto Iets",
                Some("Iets"),
            ),
            (
                "De: A <a@b.example>Enviado: 4 de maio de 2026 Assunto geral",
                None,
            ),
        ] {
            let fields = read_run_together(line);
            let found = fields.iter().find(|(label, _)| *label == Label::Subject);
            assert_eq!(found.map(|(_, value)| *value), subject, "{line}");
        }
    }

    #[test]
    fn fields_that_ran_together_are_taken_apart() {
        let line = "From: A B <a@b.example>To: \"c@d.example\" <c@d.example>Sent: Monday, 09:26 GMT+1Subject: Iets";
        assert_eq!(
            read_run_together(line),
            [
                (Label::From, "A B <a@b.example>"),
                (Label::To, "\"c@d.example\" <c@d.example>"),
                (Label::Date, "Monday, 09:26 GMT+1"),
                (Label::Subject, "Iets"),
            ]
        );
    }
}

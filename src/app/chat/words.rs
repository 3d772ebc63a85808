//! What the bot says to experts in the on-call room and in the rooms of tickets, in Dutch: short, what happened and what comes next.

use crate::app::chat::card::ROOM_LANGUAGE;
use crate::app::closed_facts::{kind_in, severity_in};
use crate::domain::command::close::Closing;
use crate::domain::ids::TicketNumber;
use crate::domain::ticket::words::{CloseReason, Trouble};
use crate::domain::tlp::Label;
use crate::domain::triage::category::{Kind, Severity};
use jiff::civil::Date;

pub(crate) const NOT_THE_PERSON: &str = "Ik voer dit niet uit: uw toestel is niet bevestigd. Bevestig het met uw herstelsleutel en schrijf het commando opnieuw. Maakte u nieuwe sleutels? Vraag dan de beheerder om u opnieuw te vertrouwen.";
pub(crate) const UNREADABLE: &str =
    "Ik kan een bericht in deze kamer niet lezen. Schreef u een commando? Schrijf het dan opnieuw.";
pub(crate) const NO_TICKET: &str =
    "Dit is geen draad van een dossier. Schrijf het commando in de draad onder de kaart.";
pub(crate) const NOT_HELD: &str = "Dit dossier wacht niet meer op een plaats.";

pub(crate) const STILL_HELD: &str = "Dit bericht heeft nog geen plaats. Maak er eerst een dossier van met !new, zet het bij een ander met !belongs, of leg het weg met !drop.";
pub(crate) const SHOWN_APART: &str = "Ik nodig u uit in een versleuteld gesprek met mij alleen. Komt u erin, dan toon ik het bericht daar. Ik noteer dat u het las.";
pub(crate) const SHOWN_AGAIN: &str =
    "Ik toon het bericht opnieuw in ons gesprek. Ik noteer dat u het las.";
pub(crate) const NOT_SHOWN: &str = "Het gesprek waarin u dit bericht zou lezen, is mislukt: schrijf !show om het opnieuw te proberen.";
pub(crate) const PUT_AWAY: &str =
    "Weggelegd. Het bericht blijft bewaard; niemand wordt ervoor opgeroepen.";
pub(crate) const NOTED: &str = "Genoteerd in het dossier. De melder krijgt dit niet.";
pub(crate) const ALREADY_SENT: &str = "Dat is al verzonden naar de melder. Ik kan het niet wijzigen of terughalen: schrijf een nieuwe !reply.";
pub(crate) const DRAFT: &str = "Dit is nog niet verzonden. Zet zelf ✅ op uw bericht, dan gaat het naar de melder. Anders blijft het hier.";
pub(crate) const DRAFT_CHANGED: &str = "De tekst is aangepast en nog niet verzonden. Zet zelf ✅ op uw bericht, dan gaat hij zo naar de melder.";
pub(crate) const NOT_YOUR_DRAFT: &str = "Alleen wie dit schreef, kan het met ✅ verzenden.";
pub(crate) const NO_ADDRESS: &str =
    "Niet verzonden: ik heb geen adres van de melder. Bel hem, en noteer het met !note.";
pub(crate) const FALSE_SENDER: &str = "Niet verzonden: de afzender is niet te vertrouwen, mijn antwoord kan bij een ander terechtkomen. Bel het lokaal bestuur.";
pub(crate) const RED_BY_MAIL: &str = "Niet verzonden: dit dossier is TLP:RED, en dat gaat nooit per gewone mail. Bel de melder, of schrijf hem in Matrix als hij daar met mij in gesprek is. Mag het minder streng? Zet dan eerst !tlp AMBER+STRICT.";
pub(crate) const NO_TLS_BY_MAIL: &str = "Niet verzonden: met dit TLP-label gaat het alleen over een versleutelde verbinding, en die is er niet naar onze mailserver. Bel de melder, en meld het de beheerder.";
pub(crate) const NOT_IN_THE_CHAT: &str = "Niet verzonden: de melder is niet in het gesprek met mij. Bel hem, of probeer het later opnieuw.";
pub(crate) const WROTE_AGAIN: &str =
    "De melder schreef opnieuw. Wie dit dossier neemt met !take, leest het in de kamer.";
pub(crate) const WAKE_UP: &str = "Schrijf hier !ack als u wakker bent, of !take als u het neemt.";
pub(crate) const ROOM_READY: &str = "De kamer van dit dossier staat klaar: aanvaard de uitnodiging. Daar staat wat de melder schreef.";
pub(crate) const LETTER_WAITS: &str =
    "Nog niet verzonden: de server neemt het nog niet aan. Ik blijf proberen.";
pub(crate) const LETTER_HELD_BACK: &str = "Niet verzonden: dit dossier kreeg een strenger TLP-label nadat u dit schreef. Mag het nog naar de melder? Schrijf het opnieuw met !reply.";
pub(crate) const LETTER_CAME_BACK: &str =
    "Dit kwam terug: de melder heeft het niet. Bereik hem op een andere manier.";
pub(crate) const ANSWERED_FROM_MAILBOX: &str = "Iemand van het team antwoordde de melder uit de mailbox zelf. Ik zwijg verder tegen de melder. Een oproep loopt door tot iemand !ack geeft.";
pub(crate) const MACHINE_WROTE: &str = "Er kwam een automatisch bericht van de melder, zoals een afwezigheid. U leest het met eerstelijn tickets show.";
pub(crate) const REPORTER_CAME: &str =
    "De melder is in het gesprek met mij. Met !reply bereikt u hem daar.";
pub(crate) const REPORTER_MISSED: &str =
    "De melder kwam niet in het gesprek met mij. Bereik hem op een andere manier.";
pub(crate) const REPORTER_LEFT: &str =
    "De melder heeft het gesprek met mij verlaten. Daar bereikt u hem niet meer.";
pub(crate) const REOPENED_BY_THE_TEAM: &str = "Het dossier is weer open.";
pub(crate) const REOPENED: &str = "De melder schreef opnieuw: het dossier is weer open.";

pub(crate) const LOOK_INTO_THE_MAILBOX: &str = "Kijk nu in de mailbox. Is het een stroom valse mail, laat die dan op de mailserver tegenhouden. Zijn het echte meldingen, antwoord dan zelf. Dossiers, termijnen en oproepen lopen gewoon door.";

pub(crate) const LOOK_AT_THE_UNPROVEN: &str = "Kijk nu in de mailbox naar mails van onbekende afzenders. Is het een stroom valse mail, laat die dan op de mailserver tegenhouden. Zijn het echte meldingen, zoals vanaf privéadressen in een crisis, antwoord dan zelf. Wie bewezen is, krijgt nog antwoord.";

pub(crate) fn knowledge_is_broken(places: &str) -> String {
    format!("Ik kan deze bestanden van de kennis niet gebruiken: {places}.")
}

pub(crate) const MEND_THE_KNOWLEDGE: &str = "De vorige versie ervan geldt nog; een nieuw bestand doet nog niet mee. Wat er mis is, toont `eerstelijn knowledge check`. Eens hersteld, geldt het bestand binnen enkele seconden.";

pub(crate) fn review_these_memos(count: usize) -> String {
    format!("Kijk deze memo’s na: hun datum van nazicht is voorbij ({count}).")
}

pub(crate) fn memos_of(owner: &str) -> String {
    if owner.is_empty() {
        "Nog zonder eigenaar:".to_owned()
    } else {
        format!("{owner}:")
    }
}

pub(crate) fn memo_of_that_day(title: &str, day: Date) -> String {
    format!("{title} (datum {day})")
}

pub(crate) fn more_memos(count: usize) -> Option<String> {
    (count > 0)
        .then(|| format!("En nog {count} van later: `eerstelijn knowledge check` toont ze alle."))
}

pub(crate) const AFTER_THE_REVIEW: &str = "Klopt de memo nog? Zet dan in het bestand een nieuwe dag bij `reviewed_on` en `review_before`. Intussen blijft hij gelden.";

pub(crate) fn mail_of_unproven_is_used_up(limit: u32) -> String {
    format!(
        "De grens van {limit} automatische antwoorden in een uur voor niet-bewezen afzenders is bereikt: ik antwoord hun nu niet."
    )
}

pub(crate) fn all_mail_is_used_up(limit: u32) -> String {
    format!(
        "De grens van {limit} automatische antwoorden in een uur is bereikt: ik antwoord nieuwe melders nu niet."
    )
}

pub(crate) fn mailbox_is_suspect(phone: Option<&str>) -> String {
    let call = match phone {
        Some(phone) => format!("Bel eerst {phone}: dat nummer is geregistreerd."),
        None => "Bel eerst, op een nummer dat niet uit deze mail komt.".to_owned(),
    };
    format!(
        "Nog niet verzonden: in de mailbox van de melder leest misschien iemand mee. {call} Wilt u toch mailen? Zet zelf ✅ op uw bericht."
    )
}

pub(crate) fn another_addressee(to: &str, usual: &str) -> String {
    format!(
        "Nog niet verzonden: {to} schreef het laatst, niet {usual}. Moet dit naar {to}? Zet zelf ✅ op uw bericht. Anders: antwoord op een bericht van {usual} en zet daarop ✅."
    )
}

pub(crate) fn no_account(by: &str) -> String {
    format!("{by} heeft geen account in Matrix op de wachtlijst: ik kan geen uitnodiging sturen.")
}

pub(crate) fn belongs_to(number: &TicketNumber) -> String {
    format!("Het bericht staat nu bij {number}. Wie aan dat dossier werkt, ziet het.")
}

pub(crate) fn part_of(number: &TicketNumber) -> String {
    format!("Dit bericht staat bij {number}. Schrijf !take in die draad.")
}

pub(crate) fn released(number: &TicketNumber) -> String {
    format!("Dit is nu {number}, een dossier op zich.")
}

pub(crate) fn no_such_ticket(number: &TicketNumber) -> String {
    format!("Ik ken geen dossier {number}. Kijk het nummer na en schrijf het opnieuw.")
}

pub(crate) fn opened(number: &TicketNumber) -> String {
    format!(
        "{number} is geopend. De kaart staat in deze kamer: schrijf !take in die draad als u het dossier neemt."
    )
}

pub(crate) const NO_ROOM: &str =
    "De kamer van dit dossier kon niet gemaakt worden. Schrijf !take om het opnieuw te proberen.";

/// What only a human can set right.
pub(crate) fn trouble(because: Trouble) -> &'static str {
    match because {
        Trouble::Undecryptable => {
            "De melder schreef iets dat ik niet kan lezen. Bel hem, of vraag hem om het opnieuw te schrijven."
        }
        Trouble::KeyChanged => {
            "De melder tekende met een andere OpenPGP-sleutel dan wij van hem kennen. Bel hem op een nummer dat u al had. `!key` toont beide."
        }
        Trouble::CannotReadUs => {
            "De melder kan niet lezen wat ik hem schrijf: zijn toestel is niet bevestigd. Bel hem."
        }
        Trouble::HumanWanted => {
            "De melder wil een mens spreken. Ik stel hem geen vragen meer: neem het over met !take, en bel of schrijf hem."
        }
        Trouble::ManyTurns => {
            "Ik antwoordde de melder vijf keer en kom er niet uit. Ik stel hem geen vragen meer: neem het over met !take."
        }
        Trouble::NotDelivered => {
            "Mijn antwoord bereikte de melder niet. Bereik hem op een andere manier."
        }
        Trouble::SetAside | Trouble::Unreadable => {
            "Er is een bericht dat ik niet kan verwerken. Lees het origineel in de mailbox."
        }
    }
}

pub(crate) fn given_to(name: &str) -> String {
    format!("Doorgegeven aan {name}. Schrijf hier iets als u het gezien hebt.")
}

pub(crate) fn letter_sent(to: &str, at: &str) -> String {
    format!("Verzonden naar de melder ({to}) om {at}.")
}

pub(crate) fn letter_failed(reason: &str) -> String {
    format!("Niet verzonden ({reason}). De melder heeft het niet: bereik hem op een andere manier.")
}

pub(crate) fn acknowledged(by: &str) -> String {
    format!(
        "{by} is wakker. Ik roep niemand anders meer op. Van wie is het dossier? Schrijf !take."
    )
}

pub(crate) fn seen(by: &str, owner: Option<&str>) -> String {
    let next = match owner {
        Some(owner) => format!("Het dossier staat op naam van {owner}."),
        None => "Van wie is het dossier? Schrijf !take.".to_owned(),
    };
    format!("Gezien door {by}. Er loopt geen oproep. {next}")
}

pub(crate) fn severity_set(severity: Severity) -> String {
    format!("Genoteerd: {}.", severity_in(severity, ROOM_LANGUAGE))
}

pub(crate) fn category_set(title: &str) -> String {
    format!("Genoteerd: {title}.")
}

/// That it is an incident says neither what it is about nor how bad it is.
pub(crate) fn kind_set(kind: Kind) -> String {
    let kind_said = kind_in(kind, ROOM_LANGUAGE);
    if kind.tells_of_an_incident() {
        format!("Genoteerd: {kind_said}. Zet ook !category en !severity als die niet kloppen.")
    } else {
        format!("Genoteerd: {kind_said}. De ernst is nu laag, tot er ernstig nieuws komt.")
    }
}

pub(crate) fn label_set(label: Label) -> String {
    let next = if label == Label::Red {
        "Ik mail de melder niets meer: bel hem, of schrijf hem in Matrix."
    } else {
        "Het label staat boven elke !reply."
    };
    format!("Genoteerd: {label}. {next}")
}

/// Why it was closed, in Dutch.
pub(crate) fn reason_word(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Resolved => "opgelost",
        CloseReason::FalseAlarm => "vals alarm",
        CloseReason::Duplicate => "dubbel",
        CloseReason::NoIncident => "geen incident",
        CloseReason::HandedOver => "overgedragen",
    }
}

pub(crate) fn taken(by: &str) -> String {
    format!("Op naam van {by}. Ik schrijf de melder niets meer.")
}

pub(crate) fn unknown_person(written: &str) -> String {
    format!("Ik ken niemand met de naam {written} op de wachtlijst.")
}

pub(crate) fn closed(closing: &Closing) -> String {
    format!(
        "Afgesloten: {}. Schrijft de melder opnieuw, dan gaat het weer open.",
        reason_word(closing.reason)
    )
}

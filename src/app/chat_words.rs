//! What the bot says to experts in the on-call room, in Dutch: short, what happened and what comes next.

use crate::domain::command::close::Closing;
use crate::domain::oncall::people::PersonId;

pub(crate) const NOT_THE_PERSON: &str = "Ik voer dit niet uit: uw toestel is niet bevestigd. Bevestig het met uw herstelsleutel en schrijf het commando opnieuw.";
pub(crate) const EDITED: &str =
    "Een bewerkt bericht voer ik niet uit. Schrijf het commando in een nieuw bericht.";
pub(crate) const NOT_YET: &str =
    "Dat kan ik hier nog niet. Gebruik eerstelijn tickets op de server, of mail de melder zelf.";
pub(crate) const UNREADABLE: &str =
    "Ik kan een bericht in deze kamer niet lezen. Schreef u een commando? Schrijf het dan opnieuw.";
pub(crate) const NO_TICKET: &str =
    "Dit is geen draad van een dossier. Schrijf het commando in de draad onder de kaart.";
pub(crate) const NOT_HELD: &str = "Dit dossier wacht niet meer op een plaats.";

pub(crate) fn acknowledged(by: &PersonId) -> String {
    format!(
        "{by} is wakker. Ik roep niemand anders meer op. Van wie is het dossier? Schrijf !take."
    )
}

pub(crate) fn taken(by: &PersonId) -> String {
    format!("Op naam van {by}. Ik schrijf de melder niets meer.")
}

pub(crate) fn unknown_person(written: &str) -> String {
    format!("Ik ken niemand met de naam {written} op de wachtlijst.")
}

pub(crate) fn closed(closing: &Closing) -> String {
    format!(
        "Afgesloten: {}. Schrijft de melder opnieuw, dan gaat het weer open.",
        closing.reason
    )
}

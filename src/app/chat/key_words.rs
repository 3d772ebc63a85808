//! What is said in chat about OpenPGP keys: how a message came, which keys the reporter has, what that means for an
//! answer.

use crate::domain::pgp::certificate::Fingerprint;
use crate::domain::pgp::form::Opening;
use crate::domain::pgp::reading::Signature;
use crate::domain::ticket::message::ReceivedMessage;
use crate::domain::ticket::state::Ticket;

/// How a message was protected; nothing of one without OpenPGP.
pub(crate) fn protection(message: &ReceivedMessage) -> Option<String> {
    let pgp = message.pgp.as_ref()?;
    let opened = match pgp.opening {
        Opening::NotEncrypted => "Niet versleuteld",
        Opening::Opened => "Versleuteld, en geopend",
        Opening::NoKey => "Versleuteld met een sleutel die wij niet hebben: niet te lezen",
        Opening::Damaged => "Versleuteld, en beschadigd of onveilig versleuteld: niet te lezen",
    };
    let signed = match &pgp.signature {
        Signature::None => "geen handtekening".to_owned(),
        Signature::Good(signer) => format!("handtekening klopt, van {signer}"),
        Signature::Bad => "de handtekening klopt NIET: er is iets veranderd onderweg".to_owned(),
        Signature::UnknownKey => "ondertekend met een sleutel die wij niet hebben".to_owned(),
        Signature::Outdated => {
            "ondertekend met een sleutel of methode die niet meer geldt".to_owned()
        }
    };
    Some(format!("{opened}; {signed}."))
}

/// Nobody asks to have his key accepted.
pub(crate) const NO_NEW_KEY: &str = "In dit dossier wacht geen nieuwe OpenPGP-sleutel met die vingerafdruk. `!key` toont wat er is.";

pub(crate) fn key_accepted(fingerprint: &Fingerprint) -> String {
    format!("Aanvaard. Voor deze melder versleutel ik voortaan met {fingerprint}.")
}

/// Which keys the reporter has, for comparing on the phone.
pub(crate) fn keys_of(ticket: &Ticket) -> String {
    let of_latest = ticket.latest_answerable.as_ref();
    let address = of_latest.and_then(|message| message.from.as_ref());
    let known = address.and_then(|from| ticket.keys.of(&from.address));
    let known = match known {
        Some(key) => format!(
            "Antwoorden aan de melder versleutel ik met {}.",
            key.fingerprint
        ),
        None => "Ik heb geen OpenPGP-sleutel van de melder waarmee ik kan versleutelen.".to_owned(),
    };
    match ticket.keys.claim() {
        Some((_, new)) => format!(
            "{known}\nHij tekende met een nieuwe. Vergelijk de vingerafdruk met hem aan de telefoon. Klopt die, schrijf dan:\n!key accept {}",
            new.fingerprint
        ),
        None => known,
    }
}

/// Before a first letter in the open to somebody who wrote encrypted.
pub(crate) const NO_KEY_FOR_LETTER: &str = "De melder schreef versleuteld en ik heb geen sleutel van hem die ik kan gebruiken. Dit antwoord is onderweg leesbaar, en wacht: zet er ✅ op als het zo mag vertrekken, of bel hem.";

/// A letter that can't be sealed.
pub(crate) const NOT_SEALED: &str =
    "Dit antwoord is niet vertrokken: het kon niet versleuteld worden. Bel de melder.";

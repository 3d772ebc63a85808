//! Which question a piece of an answer speaks of: "geklikt ja, ingevuld nee".

use crate::domain::triage::answers::verdict::Read;
use crate::domain::triage::facts::FactKey;

/// Is a piece about this fact?
pub(super) fn is_about(key: FactKey, piece: &Read<'_>) -> bool {
    BEGINNINGS
        .iter()
        .filter(|(about, _)| *about == key)
        .flat_map(|(_, words)| words.iter())
        .any(|word| piece.has_word_that_begins(word))
}

/// How words begin that name what a question asks, folded; Dutch, French, English.
const BEGINNINGS: &[(FactKey, &[&str])] = &[
    (
        FactKey::Clicked,
        &[
            "geklik",
            "klik",
            "aangeklik",
            "link",
            "qr",
            "gescan",
            "clic",
            "cliqu",
            "lien",
            "click",
        ],
    ),
    (
        FactKey::OpenedAttachment,
        &[
            "bijlage",
            "geopend",
            "open",
            "geinstalleerd",
            "install",
            "piece jointe",
            "ouvert",
            "attachment",
        ],
    ),
    (
        FactKey::EnteredCredentials,
        &[
            "ingevuld",
            "ingetikt",
            "ingegeven",
            "invul",
            "wachtwoord",
            "paswoord",
            "code",
            "mot de passe",
            "encode",
            "password",
            "entered",
            "doorgegeven",
            "kaartnummer",
        ],
    ),
    (
        FactKey::ApprovedMfa,
        &[
            "goedgekeurd",
            "aanmeldvraag",
            "authenticator",
            "mfa",
            "2fa",
            "approuv",
            "approv",
            "itsme",
        ],
    ),
    (
        FactKey::Paid,
        &[
            "betaal",
            "betaling",
            "overschrijving",
            "overgeschreven",
            "geld",
            "losgeld",
            "paye",
            "paiement",
            "virement",
            "paid",
            "payment",
        ],
    ),
    (
        FactKey::Amount,
        &["bedrag", "euro", "eur", "montant", "amount"],
    ),
    (
        FactKey::Ongoing,
        &[
            "bezig",
            "nu nog",
            "nog altijd",
            "nog steeds",
            "actief",
            "encore",
            "en cours",
            "ongoing",
            "still",
        ],
    ),
    (
        FactKey::Contained,
        &[
            "losgekoppeld",
            "afgekoppeld",
            "afgesloten",
            "geblokkeerd",
            "ingeperkt",
            "van het net",
            "offline",
            "deconnect",
            "bloque",
            "isole",
            "disconnect",
            "block",
            "isolated",
            "gefilterd",
        ],
    ),
    (
        FactKey::PersonalData,
        &[
            "persoonsgegevens",
            "gegevens van",
            "donnees",
            "personal data",
        ],
    ),
    (
        FactKey::SensitiveData,
        &[
            "gevoelig",
            "ocmw",
            "rijksregister",
            "gezondheid",
            "medisch",
            "sensible",
            "sensitive",
        ],
    ),
    (
        FactKey::PeopleAffected,
        &[
            "mensen",
            "personen",
            "burgers",
            "betrokkenen",
            "personnes",
            "people",
        ],
    ),
    (
        FactKey::DevicesAffected,
        &[
            "toestel",
            "pc",
            "laptop",
            "computer",
            "ordinateur",
            "poste",
            "device",
        ],
    ),
    (FactKey::ServersAffected, &["server", "serveur"]),
    (
        FactKey::ServicesDown,
        &["dienst", "loket", "balie", "service", "guichet"],
    ),
    (FactKey::AdminRights, &["beheer", "admin"]),
    (
        FactKey::SupplierInvolved,
        &["leverancier", "fournisseur", "supplier", "provider"],
    ),
    (
        FactKey::BackupsReached,
        &["back", "reservekopie", "sauvegarde"],
    ),
    (
        FactKey::EncryptedDevice,
        &["versleuteld", "bitlocker", "filevault", "chiffr", "encrypt"],
    ),
    (FactKey::Danger, &["gevaar", "danger"]),
    (FactKey::Spreading, &["verspreid", "propage", "spread"]),
    (FactKey::CauseKnown, &["oorzaak", "cause"]),
];

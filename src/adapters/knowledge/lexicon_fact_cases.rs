//! Plain sentences and the facts that triage must read out of them with the shipped lexicon.

use crate::adapters::knowledge::lexicon::cases::{rows, understood};
use crate::domain::triage::facts::FactKey;

/// A fact, its value and what the reporter writes.
const FACTS: &str = r"
clicked no | Ik heb niet geklikt
clicked no | Niemand heeft op de link geklikt
clicked no | Personne n'a cliqué sur le lien
clicked yes | Une personne a cliqué sur le lien
clicked yes | Wel geklikt maar niets ingevuld
entered_credentials no | Wel geklikt maar niets ingevuld
clicked unknown | Ik weet niet of iemand geklikt heeft
entered_credentials unknown | Niet zeker of zij haar wachtwoord ingevuld heeft
paid unknown | Of er betaald is, is nog onduidelijk
clicked unknown | Heeft er iemand geklikt?
clicked no | Je n'ai pas cliqué
clicked unknown | Je ne sais pas si un collègue a cliqué
clicked no | I did not click
clicked unknown | Not sure if anyone clicked the link
entered_credentials no | Ze heeft haar wachtwoord niet ingevuld
opened_attachment yes | Ik heb de bijlage geopend
paid yes | Er is 12.500 euro betaald aan oplichters
amount 12500 | Er is 12.500 euro betaald aan oplichters
paid no | Er is nog niets betaald
paid no | Ik had bijna betaald aan die nieuwe rekening
paid yes | We hebben bijna alle facturen op die valse rekening betaald
paid yes | Collega heeft bijna 20.000 euro overgeschreven naar oplichters
paid no | J'ai failli payer la fausse facture
paid no | J'ai presque payé la fausse facture
paid no | I nearly paid the fake invoice
paid yes | Yes we did transfer the money
paid no | Wir haben nichts bezahlt
paid no | Wir haben die Rechnung nicht bezahlt
paid yes | Wir haben die falsche Rechnung bezahlt
paid yes | Collega heeft bijna tienduizend euro overgeschreven naar oplichters
paid no | Ik had bijna een valse factuur betaald
clicked no | Ze had bijna op de link geklikt
clicked no | Ik had bijna op de verdachte link geklikt
clicked yes | Het was bijna middag toen ik klikte
clicked yes | I almost certainly clicked on the link
clicked no | I almost clicked on the link
clicked no | Er hat auf den Link nicht geklickt
clicked yes | Mijn nicht heeft op de link geklikt
clicked yes | Mijn nichten hebben op de link geklikt
clicked yes | Mijn oudste nicht heeft op de link geklikt
sensitive_data yes | Wij kunnen niet aan de medicatielijsten
paid no | Das ist die Rechnung, die nicht bezahlt wurde
ongoing yes | De aanval is nog steeds bezig
ongoing no | Het probleem is opgelost
ongoing yes | Het probleem is nog niet opgelost
contained yes | De pc is van het netwerk gehaald
contained no | De laptop is niet geïsoleerd
contained unknown | We hebben het wachtwoord al gewijzigd
personal_data no | Er zijn geen persoonsgegevens gelekt
sensitive_data yes | Een lijst met rijksregisternummers is gelekt
people_affected 350 | Gegevens van 350 burgers staan online
devices_affected 3 | Er zijn 3 pc's besmet
devices_affected 2 | Twee laptops zijn gestolen
servers_affected yes | De bestandsserver is versleuteld
services_down yes | De loketten zijn gesloten
admin_rights yes | Iemand heeft beheerdersrechten gekregen
supplier_involved yes | Onze leverancier is gehackt
backups_reached yes | Ook de back-ups zijn versleuteld
backups_reached no | De back-ups zijn intact
encrypted_device yes | De laptop was versleuteld met bitlocker
encrypted_device no | De gestolen laptop was niet versleuteld
approved_mfa yes | Ik heb op goedkeuren geduwd in de authenticator
clicked unknown | Wij werken morgen verder
danger yes | Er ligt een bom in de sporthal
danger yes | De beademingstoestellen vallen uit
danger yes | Une alerte à la bombe est arrivée par mail
danger yes | Our dispatch centre is down
danger unknown | De printer valt uit
spreading yes | Het begint nu ook op andere pc's
spreading yes | D'autres postes ont maintenant le même souci
spreading yes | Other machines are infected too
cause_known yes | Een kraan heeft de glasvezel geraakt
cause_known no | Niemand weet hoe het komt, de oorzaak is onbekend
cause_known yes | Panne de courant dans tout le quartier
cause_known yes | It was a failed update
opened_attachment no | De scanner hield het bestand tegen voor het geopend werd
opened_attachment unknown | Hij wilde dat ik een programma installeerde
contained no | Nous n'arrivons pas à la bloquer
contained no | The pc is still connected
contained yes | Alle sessies zijn afgemeld
ongoing unknown | De site wordt vrijdag platgelegd als we geen bitcoin betalen
";

#[test]
fn facts_are_stated_denied_or_left_open() {
    let mut wrong = Vec::new();
    for row in rows(FACTS) {
        let (key, value) = row[0].split_once(' ').unwrap();
        let found = understood(row[1])
            .facts
            .get(key.parse::<FactKey>().unwrap());
        let found = serde_json::to_string(&found).unwrap();
        if found.trim_matches('"') != value {
            wrong.push(format!("{row:?} got {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! Longer than 400 lines because it is one table of sentences.
//!
//! Plain sentences and what triage must make of them with the shipped lexicon.
//!
//! Severity rules here are a small stand-in; those of the playbooks are tested with the playbooks.

use crate::adapters::knowledge::lexicon::load_lexicon;
use crate::domain::triage::assess::assess;
use crate::domain::triage::assessment::{Assessment, Channel, Report};
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::condition::Condition;
use crate::domain::triage::facts::{FactKey, FactValue};
use crate::domain::triage::language::Language;
use crate::domain::triage::lexicon::TriageRules;
use crate::domain::triage::severity::{SeverityRule, SeverityRules};
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/knowledge/lexicon");

static RULES: LazyLock<TriageRules> = LazyLock::new(|| {
    let files: Vec<(String, String)> = FILES
        .files()
        .map(|file| {
            let name = file.path().display().to_string();
            (name, file.contents_utf8().unwrap().to_owned())
        })
        .collect();
    let simple = |default, rules: &[(Severity, &str)]| SeverityRules {
        default,
        rules: rules
            .iter()
            .map(|(level, when)| SeverityRule {
                level: *level,
                when: Condition::parse(when).unwrap(),
            })
            .collect(),
    };
    TriageRules {
        trained: None,
        lexicon: load_lexicon(&files).unwrap(),
        severity: BTreeMap::from([
            (
                Category::AccountCompromise,
                simple(
                    Severity::High,
                    &[(Severity::Critical, "admin_rights and ongoing")],
                ),
            ),
            (Category::Ransomware, simple(Severity::Critical, &[])),
        ]),
    }
});

fn report(text: &str) -> Report<'_> {
    Report {
        channel: Channel::Chat,
        subject: "",
        text,
        evidence: &[],
        machine: None,
        earlier: None,
        asked: &[],
    }
}

pub(super) fn understood(text: &str) -> Assessment {
    assess(&RULES, &report(text))
}

/// Category, language and what the reporter writes.
const INCIDENTS: &str = r"
phishing nl | Wij kregen vanmorgen een verdachte mail van zogezegd de bank, met een link erin.
phishing nl | Er circuleert een valse sms van bpost bij onze collega's, niemand heeft geklikt.
phishing nl | Iemand van Microsoft belde naar onze balie en wilde meekijken op de pc. We hebben opgehangen.
phishing nl | Ik heb op de link in een rare mail geklikt maar niets ingevuld.
phishing nl | Op de parkeerautomaat hangt een sticker met een valse QR-code.
phishing fr | Nous avons reçu un mail suspect avec une pièce jointe bizarre.
phishing fr | Un collègue a cliqué sur le lien d'un faux sms de bpost, rien encodé.
phishing en | We received a suspicious email that claims to come from our bank.
phishing en | A colleague clicked the link in a phishing mail but entered nothing.
account-compromise nl | ik heb op een link geklikt en mijn paswoord ingegeven
account-compromise nl | De mailbox van onze schepen is overgenomen, er vertrekken mails uit haar naam.
account-compromise nl | Ik heb per ongeluk een MFA-melding goedgekeurd die niet van mij was.
account-compromise nl | Er is een vreemde aanmelding vanuit het buitenland op een account van de financiële dienst.
account-compromise nl | In mijn outlook staat een doorstuurregel die ik niet heb aangemaakt.
account-compromise fr | Mon collègue a encodé son mot de passe sur une fausse page de connexion.
account-compromise fr | La boîte mail du bourgmestre est piratée, des messages partent en son nom.
account-compromise en | An employee entered her password on a fake login page after clicking a link.
account-compromise en | Our director's mailbox was hacked and mails are being sent from his account.
payment-fraud nl | Onze boekhouder heeft 12.500 euro overgeschreven naar oplichters na een valse factuur.
payment-fraud nl | Een leverancier mailt dat zijn rekeningnummer gewijzigd is, wij vertrouwen het niet.
payment-fraud nl | De algemeen directeur vraagt zogezegd per mail om dringend te betalen.
payment-fraud fr | Nous avons payé une fausse facture de 7 300 € à des escrocs.
payment-fraud fr | Un fournisseur demande de changer son numéro de compte, l'iban est modifié.
payment-fraud en | We paid 9,000 euro to fraudsters after a fake invoice.
payment-fraud en | The mayor asks by mail to buy gift cards urgently, this looks wrong.
ransomware nl | Al onze bestanden zijn versleuteld en er staat een bericht dat we bitcoin moeten betalen.
ransomware nl | De servers zijn geëncrypteerd, niets werkt nog, er is losgeld gevraagd.
ransomware nl | Onze gegevens staan op een leaksite van een bende.
ransomware fr | Tous nos fichiers sont chiffrés et on nous demande une rançon.
ransomware fr | Les serveurs sont cryptés depuis cette nuit.
ransomware en | All our files are encrypted and there is a ransom note on every desktop.
ransomware en | Our servers are being encrypted right now.
malware nl | De antivirus geeft een melding op de laptop van een collega: trojan gevonden.
malware nl | Een medewerker heeft in een excel de macro's ingeschakeld en nu doet de pc raar.
malware nl | De muis van mijn computer beweegt vanzelf.
malware fr | Un ordinateur du service population est infecté par un virus.
malware fr | Un agent a installé un programme envoyé par mail.
malware en | Our antivirus detected an infostealer on a laptop.
malware en | A user ran a program from an email and the pc is infected.
data-breach nl | We hebben een lijst met rijksregisternummers naar de verkeerde persoon gemaild.
data-breach nl | De uitnodiging is verstuurd met alle 350 burgers in cc in plaats van bcc.
data-breach nl | Een map met persoonsgegevens van onze inwoners stond publiek toegankelijk op internet.
data-breach fr | Un dossier du CPAS a été envoyé au mauvais destinataire.
data-breach fr | Des données personnelles de citoyens sont accessibles en ligne.
data-breach en | A spreadsheet with personal data was sent to the wrong recipient.
data-breach en | Data of 400 citizens was exposed online.
lost-device nl | De laptop van een maatschappelijk werker is gisteren uit haar wagen gestolen.
lost-device nl | Ik ben mijn werktelefoon kwijt, vermoedelijk op de trein laten liggen.
lost-device nl | Een USB-stick met verslagen is verloren.
lost-device fr | Le portable d'une collègue a été volé dans le train.
lost-device en | My work phone was stolen from the car last night.
ddos nl | Onze website krijgt massaal veel verkeer en is onbereikbaar door een DDoS-aanval.
ddos nl | Hacktivisten leggen onze site plat, de server is overspoeld met aanvragen.
ddos fr | Notre site est victime d'une attaque DDoS, le serveur est saturé.
ddos en | Our website is flooded with traffic, it looks like a denial of service attack.
defacement nl | Op onze website staat sinds vannacht een politieke boodschap van hackers.
defacement nl | De homepage van de gemeente is beklad.
defacement nl | Bezoekers van onze site worden doorgestuurd naar een casino.
defacement fr | La page d'accueil du site communal a été remplacée par un message de pirates.
defacement en | Our homepage was defaced, it shows a flag and a slogan.
intrusion nl | Er is ingebroken op onze server, we vonden een onbekende administrator.
intrusion nl | Hackers zitten in ons netwerk.
intrusion nl | Duizenden inlogpogingen op onze VPN sinds vannacht.
intrusion fr | Des pirates ont accès à notre réseau, un compte administrateur inconnu a été créé.
intrusion en | An attacker is active in our network and created an unknown admin account.
vulnerability nl | Een ethische hacker meldt een kwetsbaarheid in onze webapplicatie.
vulnerability nl | Onze RDP-poort staat open naar het internet.
vulnerability fr | Un chercheur nous signale une faille dans notre site web.
vulnerability en | A researcher reported a vulnerability in our firewall.
supplier-incident nl | Onze softwareleverancier laat weten dat hij gehackt is.
supplier-incident nl | Bij ons sociaal secretariaat is een datalek geweest.
supplier-incident nl | De hostingpartner is getroffen door ransomware.
supplier-incident fr | Notre prestataire informatique a été victime d'une cyberattaque.
supplier-incident en | Our payroll provider had a data breach, they informed us yesterday.
outage nl | Sinds vanmorgen ligt het internet in het gemeentehuis plat.
outage nl | Na een stroompanne start de server niet meer op.
outage nl | De telefonie is uitgevallen, er is een storing.
outage fr | Le réseau est en panne depuis ce matin.
outage en | The network is down since this morning after a failed update.
impersonation nl | Burgers krijgen valse mails in naam van de gemeente.
impersonation nl | Er is een vals Facebookprofiel van onze burgemeester, iemand doet zich voor als hem.
impersonation nl | Iemand registreerde een domeinnaam die op de onze lijkt.
impersonation fr | Une fausse page Facebook de la commune a été créée.
impersonation en | There is a fake website of our municipality, someone is impersonating us.
extortion nl | Een medewerker wordt afgeperst met intieme beelden.
extortion nl | De burgemeester kreeg een dreigmail: betaal of wij publiceren je webcambeelden.
extortion fr | Un échevin est victime de chantage avec des photos intimes.
extortion en | We received a bomb threat by mail.
data-breach nl | Een medewerker heeft zonder reden dossiers van zijn buren opgezocht in het rijksregister.
insider-misuse nl | Een ontslagen collega heeft bestanden gekopieerd en meegenomen.
data-breach fr | Un agent a consulté le registre national sans raison.
insider-misuse en | A former employee still has access to our systems and copied files.
phishing nl | Enkele raadsleden kregen een uitnodiging van een adres dat niemand kent, met de vraag zich aan te melden.
phishing nl | Een man die beweerde van Telenet te zijn wilde dat ik een programma installeerde, ik heb neergelegd.
phishing fr | Un autocollant avec un code QR est collé sur nos horodateurs, il mène à une page de paiement inconnue.
phishing fr | La boîte serait pleine et il faut se reconnecter par un lien, dit un mail soi-disant du helpdesk.
phishing en | A caller who said he was from the tax office wanted us to install AnyDesk, we hung up.
account-compromise nl | Ze gooiden ons uit de instagrampagina van het jeugdhuis, wij geraken er niet meer in.
account-compromise nl | Vanuit de mailbox van de bib vertrekken honderden berichten die wij niet geschreven hebben.
account-compromise fr | Un inconnu s'est connecté depuis le Brésil au compte de notre receveur.
account-compromise en | We are kicked out of our own Facebook page and somebody posts crypto ads on it.
payment-fraud nl | De wedde van een arbeider is gestort op een nieuw rekeningnummer, hij heeft dat nooit gevraagd.
payment-fraud nl | Wij kregen een aanmaning voor een gids die wij nooit besteld hebben.
payment-fraud fr | L'acompte est parti chez des escrocs qui avaient changé l'iban.
payment-fraud en | Payroll was asked to use a new bank account for a teacher, she knew nothing about it.
ransomware nl | Alle mappen hebben een rare naam gekregen en een tekstbestand vraagt bitcoins voor de sleutel.
ransomware fr | Le nom de notre ville apparaît sur le site d'un groupe de pirates, avec un compte à rebours.
ransomware en | Every document was renamed, cannot be opened, and a note tells us to get in touch over Tor.
malware nl | Een stagiair moest windows-toets en R indrukken en een code plakken om te bewijzen dat hij geen robot is.
malware fr | Une clé usb trouvée dans le hall a été branchée et tous les dossiers sont devenus des raccourcis.
malware en | A computer in the meeting room talks to a botnet, says the national centre.
data-breach nl | De wachtlijst met namen van senioren is per ongeluk naar een aannemer gemaild.
data-breach nl | Een begeleider plakte het verslag van een gezin in een chatbot.
data-breach fr | Un agent a consulté sans raison le dossier de sa voisine dans le registre national.
data-breach en | A binder with welfare files was found on the pavement near the bins.
lost-device nl | De rugzak met de tablet van de verpleegkundige is meegenomen uit de kleedkamer.
lost-device fr | Ma tablette de service est restée dans le bus.
lost-device en | One of us left a memory stick with the register on the train.
ddos nl | Een vloed aan aanvragen uit alle landen drukt ons online loket plat, miljoenen per seconde.
ddos fr | Notre portail est submergé par des milliers de requêtes par seconde.
ddos en | Our internet line is saturated by traffic from all over the world.
defacement nl | Onderaan elke pagina van onze site staan ineens links naar gokspelletjes.
defacement fr | Notre site affiche une tête de mort à la place de l'agenda.
defacement en | Somebody put insulting text on our website.
intrusion nl | Er staat een beheeraccount op onze server dat niemand van ons heeft aangemaakt.
intrusion fr | Un outil de prise en main que personne n'a installé tourne sur notre serveur.
intrusion en | Someone logged into our backup server at night and copied data to an outside address.
vulnerability nl | Een ouder toont dat je andermans rapport ziet als je het nummer in de url wijzigt.
vulnerability fr | La caméra du hall est accessible depuis internet avec le mot de passe d'usine.
vulnerability en | The pump controller is reachable from the internet and has a default password.
supplier-incident nl | De firma achter onze parkeerapp schrijft dat hackers bij hen gegevens hebben buitgemaakt.
supplier-incident fr | Le bureau qui gère notre site a subi un piratage.
supplier-incident en | The company behind our library software told us that an intruder had been inside its systems.
outage nl | Een kraan heeft de glasvezel geraakt, de sporthal zit zonder internet.
outage nl | Een virus? Nee, het was een mislukte update, de server is herstart.
outage fr | Plus d'internet à cause d'une coupure de courant dans le quartier, on nous croyait piratés.
outage en | The nurse call system stopped and we do not know why.
impersonation nl | Bewoners krijgen brieven met ons logo over een premie, die komen niet van ons.
impersonation fr | Un faux compte utilise le nom de notre bourgmestre et écrit aux habitants.
impersonation en | A site that looks like ours sells parking permits to residents.
extortion nl | Iemand vond een fout in onze site en stapt naar de pers als we hem geen geld geven.
extortion fr | On menace de publier des photos intimes d'un échevin s'il ne paie pas.
extortion en | A stranger says he will blow up the library this afternoon.
insider-misuse nl | De systeembeheerder leest stiekem de mails van zijn collega's.
insider-misuse fr | Un technicien utilise ses droits pour lire la boîte du directeur en cachette.
insider-misuse en | A clerk secretly sold the logins of two workstations to a friend.
other nl | De deur van het serverlokaal is geforceerd, inbrekers hebben kabels uitgetrokken.
other fr | Un petit boîtier inconnu est branché sur une prise réseau derrière la photocopieuse.
other en | Our inbox is bombarded with thousands of subscription confirmations per hour.
";

/// The lines of a table, each cut at its bars.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = table.lines().filter(|line| !line.is_empty());
    lines.map(|line| line.split('|').map(str::trim).collect())
}

#[test]
fn incidents_get_their_category_and_language() {
    let mut wrong = Vec::new();
    for row in rows(INCIDENTS) {
        let found = understood(row[1]);
        let category = found.category.map_or("none", Category::as_str);
        let got = format!("{category} {}", found.language);
        if (found.kind, got.as_str()) != (Kind::Incident, row[0]) {
            wrong.push(format!(
                "{row:?} got {got} {:?} {:?}",
                found.because, found.alternatives
            ));
        }
    }
    assert!(rows(INCIDENTS).count() >= 125);
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Kind and what somebody writes.
const KINDS: &str = r"
question | Hoe bereiden wij ons voor op ransomware?
question | Hebben jullie een sjabloon voor een wachtwoordbeleid?
question | Welk raamcontract kunnen we gebruiken voor een pentest?
question | Moeten wij ons registreren voor NIS2?
question | Wat raden jullie aan tegen phishing?
question | Comment mettre en place la double authentification?
question | How should we protect ourselves against ransomware?
question | Do you have a template for an incident response plan?
question | Hoe lang moeten we logs bewaren?
subscription | Graag inschrijven op de nieuwsbrief
subscription | Je souhaite recevoir la newsletter
subscription | Please unsubscribe me from the newsletter
other | Bedankt voor de snelle hulp!
other | Merci beaucoup pour votre aide
other | Wij bieden een gratis demo van onze oplossing aan, met korting voor nieuwe klanten.
other | Ik ben een burger en mijn facebook is gehackt
other | mijn facebook is gehackt, kan de gemeente helpen?
incident | Moeten we de stekker uittrekken? Onze bestanden zijn versleuteld!
incident | Is deze mail echt? Hij vraagt om op een link te klikken.
incident | We hebben een dossier naar de verkeerde persoon gestuurd. Moeten we dit melden aan de GBA?
incident | HELP
incident | qsdf qsdf
incident | ik wil een mens spreken
incident | Kan iemand mij bellen aub?
incident | dag, kunnen jullie eens bellen?
incident | Hallo, is daar iemand?
incident | Pouvez-vous me rappeler ?
incident | Could someone call me please
incident | I want to talk to a person
question | Kan iemand mij uitleggen hoe wij wachtwoorden moeten bewaren voor het hele bestuur?
incident | mijn facebook van de gemeente is gehackt
question | Stel dat er ooit een datalek is, binnen welke termijn melden we dat?
question | En cas de fuite de données, quel délai avons-nous ?
question | In case of a data breach, how long do we have?
other | Hallo, gewoon een test of dit kanaal werkt
other | Juste un test, merci de ne pas répondre
other | Just testing this channel, please ignore
other | De straatlamp voor onze deur is al een week kapot
other | L'éclairage public de notre rue est en panne
other | The street light in front of our house is broken
other | Wij tonen u graag vrijblijvend hoe ons platform aanvallen stopt. Past dinsdag?
other | Bedankt voor de uitleg, het probleem met de gehackte mailbox is van de baan
subscription | I changed jobs, please take me off the mailing list
";

#[test]
fn kinds_are_told_apart() {
    let mut wrong = Vec::new();
    for row in rows(KINDS) {
        let found = understood(row[1]);
        if found.kind.as_str() != row[0] {
            wrong.push(format!("{row:?} got {}", found.kind));
        }
        if !found.kind.tells_of_an_incident() {
            assert_eq!((found.category, found.page), (None, false));
            assert_eq!(found.severity, Severity::Low);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_nobody_understands_is_an_incident_of_no_category_and_little_confidence() {
    for text in [
        "",
        "qsdf qsdf",
        "HELP",
        "\u{0}\u{fdfa}",
        "kunnen jullie eens langskomen aub",
    ] {
        let found = understood(text);
        if found.kind == Kind::Incident {
            assert_eq!(found.category, Some(Category::Other), "{text}");
            assert!(found.confidence <= 0.3, "{text}");
            assert_eq!(found.severity, Severity::Medium);
        }
    }
}

#[test]
fn a_given_password_is_high_and_pages() {
    let found = understood("ik heb op een link geklikt en mijn paswoord ingegeven");
    assert_eq!(found.category, Some(Category::AccountCompromise));
    assert_eq!(found.language, Language::Nl);
    assert_eq!(found.facts.get(FactKey::Clicked), FactValue::Yes);
    assert_eq!(found.facts.get(FactKey::EnteredCredentials), FactValue::Yes);
    assert_eq!((found.severity, found.page), (Severity::High, true));
    assert!(
        found
            .because
            .iter()
            .any(|words| words == "paswoord ingegeven"),
        "{:?}",
        found.because
    );
}

/// `/` parts whole alternatives: "bel mij/ons" would take any mail with "ons" in it for a plea.
#[test]
fn no_plea_is_a_single_word() {
    let lexicon = &RULES.lexicon;
    let lists = [&lexicon.human, &lexicon.plea, &lexicon.false_alarm];
    for (_, phrase) in lists.into_iter().flatten() {
        let alternatives = || phrase.split('/');
        // "Appelez-moi" is looked for as "appelezmoi" too.
        let is_joined =
            |word: &str| alternatives().any(|one| one != word && one.replace(' ', "") == word);
        let is_single = |words: &str| words.split_whitespace().count() < 2 && !is_joined(words);
        assert!(
            phrase.contains('~') || !alternatives().any(is_single),
            "{phrase}"
        );
    }
}

#[test]
fn typing_errors_and_compounds_do_not_hide_a_category() {
    for (text, category) in [
        (
            "Wij hebben een phisingmail gekregen en ik klikte",
            Category::Phishing,
        ),
        (
            "Er is een ransomwareaanval bezig op ons netwerk",
            Category::Ransomware,
        ),
        (
            "Mijn wactwoord ingevult op een rare site, ingevuld dus",
            Category::AccountCompromise,
        ),
        ("De dienstlaptop is gestolen", Category::LostDevice),
        (
            "Er is een datalekmelding van onze dienst: gegevens gelekt",
            Category::DataBreach,
        ),
    ] {
        let found = understood(text);
        assert_eq!(found.category, Some(category), "{text} {:?}", found.because);
    }
}

#[test]
fn later_messages_add_to_earlier_ones_and_never_soften_them() {
    let first = understood("Ik heb op een link in een verdachte mail geklikt.");
    assert_eq!(first.category, Some(Category::Phishing));
    let next = |earlier: &Assessment, text: &str| {
        assess(
            &RULES,
            &Report {
                earlier: Some(earlier),
                ..report(text)
            },
        )
    };
    let second = next(
        &first,
        "Nu ik erover nadenk: ik heb ook mijn wachtwoord ingevuld.",
    );
    assert_eq!(second.category, Some(Category::AccountCompromise));
    assert_eq!(second.facts.get(FactKey::Clicked), FactValue::Yes);
    assert!(second.page);
    let third = next(&second, "Bedankt, het is vals alarm en alles is opgelost.");
    assert_eq!(third.category, Some(Category::AccountCompromise));
    assert_eq!(
        (third.kind, third.severity),
        (Kind::Incident, Severity::High)
    );
    let fourth = next(&third, "Nu zijn de servers aan het versleutelen!");
    assert_eq!(
        (fourth.category, fourth.page),
        (Some(Category::Ransomware), true)
    );
}

#[test]
fn machines_keep_their_kind_and_only_alerts_have_a_category() {
    let machine = |kind, text| {
        assess(
            &RULES,
            &Report {
                machine: Some(kind),
                ..report(text)
            },
        )
    };
    let alert = machine(
        Kind::Alert,
        "Defender alert: ransomware detected on server SRV01",
    );
    assert_eq!(
        (alert.kind, alert.category),
        (Kind::Alert, Some(Category::Ransomware))
    );
    let away = machine(
        Kind::AutoReply,
        "Ik ben afwezig. Bij ransomware belt u mijn collega.",
    );
    assert_eq!(
        (away.kind, away.category, away.page),
        (Kind::AutoReply, None, false)
    );
}

#[test]
fn a_question_about_a_topic_is_no_sign_of_attack_in_the_facts_of_evidence() {
    let evidence = vec!["Klik hier: https://evil.example/login en geef uw wachtwoord".to_owned()];
    let found = assess(
        &RULES,
        &Report {
            evidence: &evidence,
            ..report("Wij kregen deze verdachte mail.")
        },
    );
    assert_eq!(found.category, Some(Category::Phishing));
    assert!(found.facts.get(FactKey::EnteredCredentials).is_unknown());
    assert_eq!(found.indicators.len(), 1);
}

#[test]
fn a_mail_that_is_only_forwarded_is_taken_for_a_lure() {
    let evidence = vec!["Uw pakje wacht, betaal 2 euro".to_owned()];
    let forwarded = |text| {
        assess(
            &RULES,
            &Report {
                evidence: &evidence,
                ..report(text)
            },
        )
    };
    for text in [
        "",
        "zie onder",
        "Wat vinden jullie hiervan?",
        "pour info",
        "FYI",
    ] {
        let found = forwarded(text);
        assert_eq!(
            (found.kind, found.category),
            (Kind::Incident, Some(Category::Phishing)),
            "{text}"
        );
    }
    let said = forwarded("De website ligt plat door een ddos-aanval, zie het bericht hieronder.");
    assert_eq!(said.category, Some(Category::Ddos));
    let thanks = forwarded("Bedankt voor de snelle hulp!");
    assert_eq!(thanks.kind, Kind::Other);
}

#[test]
fn a_citizen_is_recognised_and_an_official_is_not_taken_for_one() {
    assert!(understood("Ik ben een burger en mijn bankrekening is leeg").citizen);
    assert!(!understood("Een collega van onze gemeente is haar gsm kwijt").citizen);
}

#[test]
fn hostile_text_is_read_in_bounded_time() {
    for text in [
        "wachtwoord ",
        "ingevuld niet ",
        "a",
        "ransomwareransomware ",
        "é̈",
        "1 ",
        "[.] ",
    ] {
        let _ = understood(&text.repeat(20_000 / text.len()));
    }
}

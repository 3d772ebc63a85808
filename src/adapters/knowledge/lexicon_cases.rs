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
    }
}

fn understood(text: &str) -> Assessment {
    assess(&RULES, &report(text))
}

const INCIDENTS: &[(Category, Language, &[&str])] = &[
    (
        Category::Phishing,
        Language::Nl,
        &[
            "Wij kregen vanmorgen een verdachte mail van zogezegd de bank, met een link erin.",
            "Er circuleert een valse sms van bpost bij onze collega's, niemand heeft geklikt.",
            "Iemand van Microsoft belde naar onze balie en wilde meekijken op de pc. We hebben opgehangen.",
            "Ik heb op de link in een rare mail geklikt maar niets ingevuld.",
            "Op de parkeerautomaat hangt een sticker met een valse QR-code.",
        ],
    ),
    (
        Category::Phishing,
        Language::Fr,
        &[
            "Nous avons reçu un mail suspect avec une pièce jointe bizarre.",
            "Un collègue a cliqué sur le lien d'un faux sms de bpost, rien encodé.",
        ],
    ),
    (
        Category::Phishing,
        Language::En,
        &[
            "We received a suspicious email that claims to come from our bank.",
            "A colleague clicked the link in a phishing mail but entered nothing.",
        ],
    ),
    (
        Category::AccountCompromise,
        Language::Nl,
        &[
            "ik heb op een link geklikt en mijn paswoord ingegeven",
            "De mailbox van onze schepen is overgenomen, er vertrekken mails uit haar naam.",
            "Ik heb per ongeluk een MFA-melding goedgekeurd die niet van mij was.",
            "Er is een vreemde aanmelding vanuit het buitenland op een account van de financiële dienst.",
            "In mijn outlook staat een doorstuurregel die ik niet heb aangemaakt.",
        ],
    ),
    (
        Category::AccountCompromise,
        Language::Fr,
        &[
            "Mon collègue a encodé son mot de passe sur une fausse page de connexion.",
            "La boîte mail du bourgmestre est piratée, des messages partent en son nom.",
        ],
    ),
    (
        Category::AccountCompromise,
        Language::En,
        &[
            "An employee entered her password on a fake login page after clicking a link.",
            "Our director's mailbox was hacked and mails are being sent from his account.",
        ],
    ),
    (
        Category::PaymentFraud,
        Language::Nl,
        &[
            "Onze boekhouder heeft 12.500 euro overgeschreven naar oplichters na een valse factuur.",
            "Een leverancier mailt dat zijn rekeningnummer gewijzigd is, wij vertrouwen het niet.",
            "De algemeen directeur vraagt zogezegd per mail om dringend te betalen.",
        ],
    ),
    (
        Category::PaymentFraud,
        Language::Fr,
        &[
            "Nous avons payé une fausse facture de 7 300 € à des escrocs.",
            "Un fournisseur demande de changer son numéro de compte, l'iban est modifié.",
        ],
    ),
    (
        Category::PaymentFraud,
        Language::En,
        &[
            "We paid 9,000 euro to fraudsters after a fake invoice.",
            "The mayor asks by mail to buy gift cards urgently, this looks wrong.",
        ],
    ),
    (
        Category::Ransomware,
        Language::Nl,
        &[
            "Al onze bestanden zijn versleuteld en er staat een bericht dat we bitcoin moeten betalen.",
            "De servers zijn geëncrypteerd, niets werkt nog, er is losgeld gevraagd.",
            "Onze gegevens staan op een leaksite van een bende.",
        ],
    ),
    (
        Category::Ransomware,
        Language::Fr,
        &[
            "Tous nos fichiers sont chiffrés et on nous demande une rançon.",
            "Les serveurs sont cryptés depuis cette nuit.",
        ],
    ),
    (
        Category::Ransomware,
        Language::En,
        &[
            "All our files are encrypted and there is a ransom note on every desktop.",
            "Our servers are being encrypted right now.",
        ],
    ),
    (
        Category::Malware,
        Language::Nl,
        &[
            "De antivirus geeft een melding op de laptop van een collega: trojan gevonden.",
            "Een medewerker heeft in een excel de macro's ingeschakeld en nu doet de pc raar.",
            "De muis van mijn computer beweegt vanzelf.",
        ],
    ),
    (
        Category::Malware,
        Language::Fr,
        &[
            "Un ordinateur du service population est infecté par un virus.",
            "Un agent a installé un programme envoyé par mail.",
        ],
    ),
    (
        Category::Malware,
        Language::En,
        &[
            "Our antivirus detected an infostealer on a laptop.",
            "A user ran a program from an email and the pc is infected.",
        ],
    ),
    (
        Category::DataBreach,
        Language::Nl,
        &[
            "We hebben een lijst met rijksregisternummers naar de verkeerde persoon gemaild.",
            "De uitnodiging is verstuurd met alle 350 burgers in cc in plaats van bcc.",
            "Een map met persoonsgegevens van onze inwoners stond publiek toegankelijk op internet.",
        ],
    ),
    (
        Category::DataBreach,
        Language::Fr,
        &[
            "Un dossier du CPAS a été envoyé au mauvais destinataire.",
            "Des données personnelles de citoyens sont accessibles en ligne.",
        ],
    ),
    (
        Category::DataBreach,
        Language::En,
        &[
            "A spreadsheet with personal data was sent to the wrong recipient.",
            "Data of 400 citizens was exposed online.",
        ],
    ),
    (
        Category::LostDevice,
        Language::Nl,
        &[
            "De laptop van een maatschappelijk werker is gisteren uit haar wagen gestolen.",
            "Ik ben mijn werktelefoon kwijt, vermoedelijk op de trein laten liggen.",
            "Een USB-stick met verslagen is verloren.",
        ],
    ),
    (
        Category::LostDevice,
        Language::Fr,
        &["Le portable d'une collègue a été volé dans le train."],
    ),
    (
        Category::LostDevice,
        Language::En,
        &["My work phone was stolen from the car last night."],
    ),
    (
        Category::Ddos,
        Language::Nl,
        &[
            "Onze website krijgt massaal veel verkeer en is onbereikbaar door een DDoS-aanval.",
            "Hacktivisten leggen onze site plat, de server is overspoeld met aanvragen.",
        ],
    ),
    (
        Category::Ddos,
        Language::Fr,
        &["Notre site est victime d'une attaque DDoS, le serveur est saturé."],
    ),
    (
        Category::Ddos,
        Language::En,
        &["Our website is flooded with traffic, it looks like a denial of service attack."],
    ),
    (
        Category::Defacement,
        Language::Nl,
        &[
            "Op onze website staat sinds vannacht een politieke boodschap van hackers.",
            "De homepage van de gemeente is beklad.",
            "Bezoekers van onze site worden doorgestuurd naar een casino.",
        ],
    ),
    (
        Category::Defacement,
        Language::Fr,
        &["La page d'accueil du site communal a été remplacée par un message de pirates."],
    ),
    (
        Category::Defacement,
        Language::En,
        &["Our homepage was defaced, it shows a flag and a slogan."],
    ),
    (
        Category::Intrusion,
        Language::Nl,
        &[
            "Er is ingebroken op onze server, we vonden een onbekende administrator.",
            "Hackers zitten in ons netwerk.",
            "Duizenden inlogpogingen op onze VPN sinds vannacht.",
        ],
    ),
    (
        Category::Intrusion,
        Language::Fr,
        &["Des pirates ont accès à notre réseau, un compte administrateur inconnu a été créé."],
    ),
    (
        Category::Intrusion,
        Language::En,
        &["An attacker is active in our network and created an unknown admin account."],
    ),
    (
        Category::Vulnerability,
        Language::Nl,
        &[
            "Een ethische hacker meldt een kwetsbaarheid in onze webapplicatie.",
            "Onze RDP-poort staat open naar het internet.",
        ],
    ),
    (
        Category::Vulnerability,
        Language::Fr,
        &["Un chercheur nous signale une faille dans notre site web."],
    ),
    (
        Category::Vulnerability,
        Language::En,
        &["A researcher reported a vulnerability in our firewall."],
    ),
    (
        Category::SupplierIncident,
        Language::Nl,
        &[
            "Onze softwareleverancier laat weten dat hij gehackt is.",
            "Bij ons sociaal secretariaat is een datalek geweest.",
            "De hostingpartner is getroffen door ransomware.",
        ],
    ),
    (
        Category::SupplierIncident,
        Language::Fr,
        &["Notre prestataire informatique a été victime d'une cyberattaque."],
    ),
    (
        Category::SupplierIncident,
        Language::En,
        &["Our payroll provider had a data breach, they informed us yesterday."],
    ),
    (
        Category::Outage,
        Language::Nl,
        &[
            "Sinds vanmorgen ligt het internet in het gemeentehuis plat.",
            "Na een stroompanne start de server niet meer op.",
            "De telefonie is uitgevallen, er is een storing.",
        ],
    ),
    (
        Category::Outage,
        Language::Fr,
        &["Le réseau est en panne depuis ce matin."],
    ),
    (
        Category::Outage,
        Language::En,
        &["The network is down since this morning after a failed update."],
    ),
    (
        Category::Impersonation,
        Language::Nl,
        &[
            "Burgers krijgen valse mails in naam van de gemeente.",
            "Er is een vals Facebookprofiel van onze burgemeester, iemand doet zich voor als hem.",
            "Iemand registreerde een domeinnaam die op de onze lijkt.",
        ],
    ),
    (
        Category::Impersonation,
        Language::Fr,
        &["Une fausse page Facebook de la commune a été créée."],
    ),
    (
        Category::Impersonation,
        Language::En,
        &["There is a fake website of our municipality, someone is impersonating us."],
    ),
    (
        Category::Extortion,
        Language::Nl,
        &[
            "Een medewerker wordt afgeperst met intieme beelden.",
            "De burgemeester kreeg een dreigmail: betaal of wij publiceren je webcambeelden.",
        ],
    ),
    (
        Category::Extortion,
        Language::Fr,
        &["Un échevin est victime de chantage avec des photos intimes."],
    ),
    (
        Category::Extortion,
        Language::En,
        &["We received a bomb threat by mail."],
    ),
    (
        Category::InsiderMisuse,
        Language::Nl,
        &[
            "Een medewerker heeft zonder reden dossiers van zijn buren opgezocht in het rijksregister.",
            "Een ontslagen collega heeft bestanden gekopieerd en meegenomen.",
        ],
    ),
    (
        Category::InsiderMisuse,
        Language::Fr,
        &["Un agent a consulté le registre national sans raison."],
    ),
    (
        Category::InsiderMisuse,
        Language::En,
        &["A former employee still has access to our systems and copied files."],
    ),
];

#[test]
fn incidents_get_their_category_and_language() {
    let mut wrong = Vec::new();
    let mut all = 0;
    for (category, language, texts) in INCIDENTS {
        for text in *texts {
            all += 1;
            let found = understood(text);
            if (found.kind, found.category, found.language)
                != (Kind::Incident, Some(*category), *language)
            {
                wrong.push(format!(
                    "{text}\n   want {category} {language}, got {} {:?} {} {} {:?} {:?}",
                    found.kind,
                    found.category,
                    found.language,
                    found.confidence,
                    found.because,
                    found.alternatives
                ));
            }
            assert!(found.category == Some(Category::Other) || !found.because.is_empty());
        }
    }
    assert!(all >= 70);
    assert!(
        wrong.is_empty(),
        "{} of {all} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn kinds_are_told_apart() {
    let mut wrong = Vec::new();
    for (kind, text) in [
        (Kind::Question, "Hoe bereiden wij ons voor op ransomware?"),
        (
            Kind::Question,
            "Hebben jullie een sjabloon voor een wachtwoordbeleid?",
        ),
        (
            Kind::Question,
            "Welk raamcontract kunnen we gebruiken voor een pentest?",
        ),
        (Kind::Question, "Moeten wij ons registreren voor NIS2?"),
        (Kind::Question, "Wat raden jullie aan tegen phishing?"),
        (
            Kind::Question,
            "Comment mettre en place la double authentification?",
        ),
        (
            Kind::Question,
            "How should we protect ourselves against ransomware?",
        ),
        (
            Kind::Question,
            "Do you have a template for an incident response plan?",
        ),
        (Kind::Question, "Hoe lang moeten we logs bewaren?"),
        (Kind::Subscription, "Graag inschrijven op de nieuwsbrief"),
        (Kind::Subscription, "Je souhaite recevoir la newsletter"),
        (
            Kind::Subscription,
            "Please unsubscribe me from the newsletter",
        ),
        (Kind::Other, "Bedankt voor de snelle hulp!"),
        (Kind::Other, "Merci beaucoup pour votre aide"),
        (
            Kind::Other,
            "Wij bieden een gratis demo van onze oplossing aan, met korting voor nieuwe klanten.",
        ),
        (Kind::Other, "Ik ben een burger en mijn facebook is gehackt"),
        (
            Kind::Incident,
            "Moeten we de stekker uittrekken? Onze bestanden zijn versleuteld!",
        ),
        (
            Kind::Incident,
            "Is deze mail echt? Hij vraagt om op een link te klikken.",
        ),
        (
            Kind::Incident,
            "We hebben een dossier naar de verkeerde persoon gestuurd. Moeten we dit melden aan de GBA?",
        ),
        (Kind::Incident, "HELP"),
        (Kind::Incident, "qsdf qsdf"),
        (Kind::Incident, ""),
    ] {
        let found = understood(text);
        if found.kind != kind {
            wrong.push(format!("{text}: want {kind}, got {}", found.kind));
        }
        if !found.kind.tells_of_an_incident() {
            assert_eq!(
                (found.category, found.severity, found.page),
                (None, Severity::Low, false)
            );
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

#[test]
fn facts_are_stated_denied_or_left_open() {
    use FactKey as K;
    use FactValue::{No, Number, Unknown, Yes};
    let mut wrong = Vec::new();
    for (text, key, value) in [
        ("Ik heb niet geklikt", K::Clicked, No),
        ("Niemand heeft op de link geklikt", K::Clicked, No),
        ("Wel geklikt maar niets ingevuld", K::Clicked, Yes),
        ("Wel geklikt maar niets ingevuld", K::EnteredCredentials, No),
        ("Ik weet niet of iemand geklikt heeft", K::Clicked, Unknown),
        (
            "Niet zeker of zij haar wachtwoord ingevuld heeft",
            K::EnteredCredentials,
            Unknown,
        ),
        ("Of er betaald is, is nog onduidelijk", K::Paid, Unknown),
        ("Heeft er iemand geklikt?", K::Clicked, Unknown),
        ("Je n'ai pas cliqué", K::Clicked, No),
        (
            "Je ne sais pas si un collègue a cliqué",
            K::Clicked,
            Unknown,
        ),
        ("I did not click", K::Clicked, No),
        ("Not sure if anyone clicked the link", K::Clicked, Unknown),
        (
            "Ze heeft haar wachtwoord niet ingevuld",
            K::EnteredCredentials,
            No,
        ),
        ("Ik heb de bijlage geopend", K::OpenedAttachment, Yes),
        ("Er is 12.500 euro betaald aan oplichters", K::Paid, Yes),
        (
            "Er is 12.500 euro betaald aan oplichters",
            K::Amount,
            Number(12_500),
        ),
        ("Er is nog niets betaald", K::Paid, No),
        ("De aanval is nog steeds bezig", K::Ongoing, Yes),
        ("Het probleem is opgelost", K::Ongoing, No),
        ("Het probleem is nog niet opgelost", K::Ongoing, Yes),
        ("De pc is van het netwerk gehaald", K::Contained, Yes),
        ("De laptop is niet geïsoleerd", K::Contained, No),
        ("We hebben het wachtwoord al gewijzigd", K::Contained, Yes),
        ("Er zijn geen persoonsgegevens gelekt", K::PersonalData, No),
        (
            "Een lijst met rijksregisternummers is gelekt",
            K::SensitiveData,
            Yes,
        ),
        (
            "Gegevens van 350 burgers staan online",
            K::PeopleAffected,
            Number(350),
        ),
        ("Er zijn 3 pc's besmet", K::DevicesAffected, Number(3)),
        ("Twee laptops zijn gestolen", K::DevicesAffected, Number(2)),
        ("De bestandsserver is versleuteld", K::ServersAffected, Yes),
        ("De loketten zijn gesloten", K::ServicesDown, Yes),
        (
            "Iemand heeft beheerdersrechten gekregen",
            K::AdminRights,
            Yes,
        ),
        ("Onze leverancier is gehackt", K::SupplierInvolved, Yes),
        ("Ook de back-ups zijn versleuteld", K::BackupsReached, Yes),
        ("De back-ups zijn intact", K::BackupsReached, No),
        (
            "De laptop was versleuteld met bitlocker",
            K::EncryptedDevice,
            Yes,
        ),
        (
            "De gestolen laptop was niet versleuteld",
            K::EncryptedDevice,
            No,
        ),
        (
            "Ik heb op goedkeuren geduwd in de authenticator",
            K::ApprovedMfa,
            Yes,
        ),
        ("Wij werken morgen verder", K::Clicked, Unknown),
    ] {
        let found = understood(text).facts.get(key);
        if found != value {
            wrong.push(format!("{text}: {key} want {value:?}, got {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
        let _ = understood(&text.repeat(200_000 / text.len()));
    }
}

//! What may be shown of a ticket where its report may not: closed facts, in a person's language.
//!
//! No word, name or address of the report comes in here. Cards in the on-call room and mails that wake
//! somebody are made of this.

use crate::app::App;
use crate::domain::ticket::decide::Word;
use crate::domain::ticket::dialogue::HandedOver;
use crate::domain::ticket::state::Ticket;
use crate::domain::triage::assessment::Assessment;
use crate::domain::triage::category::{Kind, Severity};
use crate::domain::triage::facts::FactKey;
use crate::domain::triage::language::Language;

/// One line: what it is about, and how bad.
pub(crate) fn card_line(app: &App, ticket: &Ticket, language: Language) -> String {
    let handbook = app.knowledge.handbook();
    let title = ticket
        .category()
        .and_then(|category| handbook.playbooks.get(&category))
        .map(|playbook| playbook.title.in_language(language).to_owned());
    let kind = ticket
        .kind_set
        .map(|kind| kind_in(kind, language).to_owned());
    let severity = severity_in(ticket.severity(), language).to_owned();
    title
        .or(kind)
        .into_iter()
        .chain([severity])
        .collect::<Vec<_>>()
        .join(" · ")
}

/// Lines of closed facts: what is known, since when, what the bot did.
pub(crate) fn closed_facts(app: &App, ticket: &Ticket, language: Language) -> Vec<String> {
    let since = app
        .settings
        .time_zone
        .to_datetime(ticket.opened_at)
        .strftime("%H:%M");
    let mut lines = vec![match language {
        Language::Fr => format!("signalé à {since}"),
        Language::Nl => format!("gemeld om {since}"),
        _ => format!("reported at {since}"),
    }];
    let facts = ticket
        .assessment
        .as_ref()
        .map(|assessment| &assessment.facts);
    for (key, words) in FACTS {
        let holds = facts.is_some_and(|facts| facts.get(*key).holds());
        if holds {
            lines.push(said(*words, language).to_owned());
        }
    }
    let assessment = ticket.assessment.as_ref();
    if assessment.is_some_and(Assessment::is_taken_back) {
        let words = (
            "volgens de melder vals alarm",
            "fausse alerte selon la personne",
            "false alarm, says the reporter",
        );
        lines.push(said(words, language).to_owned());
    }
    if ticket.handed_over == HandedOver::Already && ticket.word() == Word::Bot {
        let words = (
            "wacht op een mens: de bot vraagt niets meer",
            "attend un humain : le robot ne demande plus rien",
            "waits for a human: the bot asks nothing more",
        );
        lines.push(said(words, language).to_owned());
    }
    let answered = ticket.replies.iter().any(|reply| reply.sent_at.is_some());
    let bot = if answered {
        (
            "de bot gaf eerste stappen",
            "le robot a donné les premières étapes",
            "the bot gave first steps",
        )
    } else {
        (
            "de melder kreeg nog niets",
            "la personne n'a encore rien reçu",
            "the reporter has nothing yet",
        )
    };
    lines.push(said(bot, language).to_owned());
    lines
}

type Words = (&'static str, &'static str, &'static str);

/// The facts that tell somebody at night how bad it is.
const FACTS: &[(FactKey, Words)] = &[
    (FactKey::Ongoing, ("nu bezig", "en cours", "going on now")),
    (
        FactKey::ServicesDown,
        (
            "dienstverlening ligt stil",
            "services à l'arrêt",
            "services are down",
        ),
    ),
    (
        FactKey::ServersAffected,
        ("servers geraakt", "serveurs touchés", "servers affected"),
    ),
    (
        FactKey::BackupsReached,
        (
            "back-ups geraakt",
            "sauvegardes touchées",
            "backups reached",
        ),
    ),
    (
        FactKey::AdminRights,
        (
            "beheerdersrechten",
            "droits d'administrateur",
            "administrator rights",
        ),
    ),
    (
        FactKey::EnteredCredentials,
        ("wachtwoord gegeven", "mot de passe donné", "password given"),
    ),
    (FactKey::Paid, ("betaald", "payé", "paid")),
    (
        FactKey::SensitiveData,
        ("gevoelige gegevens", "données sensibles", "sensitive data"),
    ),
    (
        FactKey::PersonalData,
        ("persoonsgegevens", "données personnelles", "personal data"),
    ),
    (
        FactKey::Contained,
        (
            "volgens de melder ingeperkt",
            "contenu selon la personne",
            "contained, says the reporter",
        ),
    ),
];

fn said(words: Words, language: Language) -> &'static str {
    match language {
        Language::Fr => words.1,
        Language::Nl => words.0,
        _ => words.2,
    }
}

/// What kind of message, in words.
pub(crate) fn kind_in(kind: Kind, language: Language) -> &'static str {
    said(
        match kind {
            Kind::Incident | Kind::Alert => ("incident", "incident", "incident"),
            Kind::Question => ("vraag", "question", "question"),
            Kind::Subscription => ("inschrijving", "inscription", "subscription"),
            _ => ("ander bericht", "autre message", "other message"),
        },
        language,
    )
}

/// How bad, in words.
pub(crate) fn severity_in(severity: Severity, language: Language) -> &'static str {
    said(
        match severity {
            Severity::Critical => ("kritiek", "critique", "critical"),
            Severity::High => ("hoog", "élevé", "high"),
            Severity::Medium => ("middel", "moyen", "medium"),
            Severity::Low => ("laag", "faible", "low"),
        },
        language,
    )
}

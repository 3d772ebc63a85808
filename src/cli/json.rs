//! The JSON of `triage` and `ask`: a contract. Fields may be added, never renamed or given another
//! meaning, and all are always present.

use crate::app::ask::Answer;
use crate::app::ports::Knowledge;
use crate::app::triage::Inspection;
use crate::cli::lines::LineId;
use crate::domain::guidance::handbook::{Passage, PassageKind};
use crate::domain::intake::lookalike::{Likeness, LookAlike};
use crate::domain::intake::message::{Attachment, ForwardedMail, Lock, Via};
use crate::domain::intake::sender::Authentication;
use crate::domain::pgp::certificate::Fingerprint;
use crate::domain::pgp::form::Opening;
use crate::domain::ticket::event::GuidanceUsed;
use crate::domain::tlp::Label;
use crate::domain::triage::assessment::{Alternative, Wish};
use crate::domain::triage::category::{Category, Kind, Severity};
use crate::domain::triage::facts::{FactKey, FactValue};
use crate::domain::triage::indicator::Indicator;
use crate::domain::triage::language::Language;
use serde::Serialize;
use std::collections::BTreeMap;

/// One object of `triage --json`.
#[derive(Serialize)]
pub(crate) struct TriageObject {
    id: LineId,
    kind: Kind,
    language: Language,
    category: Option<Category>,
    confidence: f64,
    alternatives: Vec<Alternative>,
    because: Vec<String>,
    facts: BTreeMap<&'static str, FactValue>,
    severity: Severity,
    page: bool,
    wish: Option<Wish>,
    text: String,
    from: Sender,
    subject: String,
    machine_because: Vec<String>,
    failed_recipients: Vec<String>,
    attachments: Vec<AttachmentObject>,
    forwarded: Vec<ForwardedObject>,
    indicators: Vec<Indicator>,
    authentication: Authentication,
    pgp: Pgp,
    constituent: Option<String>,
    look_alike: Option<LookAlikeObject>,
    tlp: Option<Label>,
    answerable: bool,
    guidance: Vec<GuidanceUsed>,
    duties: Vec<String>,
    questions: Vec<String>,
    reply: Option<String>,
}

#[derive(Serialize)]
struct Sender {
    name: String,
    address: String,
}

#[derive(Serialize)]
struct AttachmentObject {
    name: String,
    mime: String,
    size: u64,
    sha256: String,
    content: Option<String>,
    password: bool,
}

#[derive(Serialize)]
struct ForwardedObject {
    from: Sender,
    subject: String,
    date: String,
    text: String,
    via: Via,
}

/// What the list of constituents says of the sender.
#[derive(Default)]
pub(crate) struct Known {
    /// The constituent that he writes for.
    pub(crate) constituent: Option<String>,
    /// The one that his domain only looks like.
    pub(crate) look_alike: Option<LookAlikeObject>,
}

/// A constituent that a sender's domain looks like.
#[derive(Serialize)]
pub(crate) struct LookAlikeObject {
    constituent: String,
    domain: String,
    because: Likeness,
}

impl From<LookAlike<'_>> for LookAlikeObject {
    fn from(found: LookAlike<'_>) -> Self {
        Self {
            constituent: found.of.name.clone(),
            domain: found.of.domain.clone(),
            because: found.because,
        }
    }
}

#[derive(Serialize)]
struct Pgp {
    form: &'static str,
    decrypted: bool,
    signature: &'static str,
    signer: Option<Fingerprint>,
}

/// One line of `triage --jsonl` for a dialogue.
#[derive(Serialize)]
pub(crate) struct TurnsObject {
    /// The id of the line.
    pub(crate) id: LineId,
    /// One object per message of the reporter.
    pub(crate) turns: Vec<TriageObject>,
}

impl TriageObject {
    /// The object for one inspected message.
    pub(crate) fn new(id: LineId, known: Known, inspected: Inspection) -> Self {
        let Inspection { assessment, .. } = inspected;
        let facts = FactKey::ALL
            .iter()
            .map(|key| (key.as_str(), assessment.facts.get(*key)));
        let from = inspected.from;
        Self {
            id,
            kind: assessment.kind,
            language: assessment.language,
            category: assessment.category,
            confidence: rounded(assessment.confidence),
            alternatives: assessment
                .alternatives
                .into_iter()
                .map(|other| Alternative {
                    confidence: rounded(other.confidence),
                    ..other
                })
                .collect(),
            because: assessment.because,
            facts: facts.collect(),
            severity: assessment.severity,
            page: assessment.page,
            wish: assessment.wish,
            text: inspected.text,
            from: Sender {
                address: from
                    .as_ref()
                    .map(|from| from.address.to_string())
                    .unwrap_or_default(),
                name: from.map(|from| from.name).unwrap_or_default(),
            },
            subject: inspected.subject,
            machine_because: inspected.machine_because,
            failed_recipients: inspected.failed_recipients,
            attachments: inspected
                .attachments
                .into_iter()
                .map(AttachmentObject::from)
                .collect(),
            forwarded: inspected
                .forwarded
                .into_iter()
                .map(ForwardedObject::from)
                .collect(),
            indicators: assessment.indicators,
            authentication: inspected.authentication,
            pgp: Pgp {
                form: inspected.pgp.form.as_str(),
                decrypted: inspected.pgp.opening == Opening::Opened,
                signature: inspected.signature.as_str(),
                signer: inspected.signature.signer().cloned(),
            },
            constituent: known.constituent,
            look_alike: known.look_alike,
            tlp: inspected.tlp,
            answerable: inspected.answerable,
            guidance: inspected.guidance,
            duties: inspected.duties.iter().map(ToString::to_string).collect(),
            questions: inspected.questions,
            reply: inspected.reply,
        }
    }
}

impl From<Attachment> for AttachmentObject {
    fn from(attachment: Attachment) -> Self {
        let Attachment {
            name,
            mime,
            size,
            sha256,
            content,
            lock,
        } = attachment;
        Self {
            name,
            mime,
            size,
            sha256,
            content,
            password: lock == Lock::Password,
        }
    }
}

impl From<ForwardedMail> for ForwardedObject {
    fn from(mail: ForwardedMail) -> Self {
        Self {
            from: Sender {
                name: mail.from_name,
                address: mail.from_address,
            },
            subject: mail.subject,
            date: mail.date,
            text: mail.text,
            via: mail.via,
        }
    }
}

/// Three places say enough, and keep the output the same on every machine.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// One object of `ask --json`.
#[derive(Serialize)]
pub(crate) struct AskObject {
    id: LineId,
    language: Language,
    answered: bool,
    answers: Vec<AnswerObject>,
}

#[derive(Serialize)]
struct AnswerObject {
    id: String,
    kind: PassageKind,
    section: String,
    title: String,
    score: f64,
    sureness: f64,
    version: String,
    url: Option<String>,
    reviewed_on: Option<String>,
    text: String,
}

impl AskObject {
    /// The object for one question.
    pub(crate) fn new(id: LineId, answer: Answer, knowledge: &dyn Knowledge) -> Self {
        let reviewed_on = |passage: &Passage| {
            Some(knowledge.background(passage).reviewed_on).filter(|day| !day.is_empty())
        };
        let answers: Vec<AnswerObject> = answer
            .passages
            .into_iter()
            .map(|passage| AnswerObject {
                reviewed_on: reviewed_on(&passage),
                id: passage.id,
                kind: passage.kind,
                section: passage.section,
                title: passage.title,
                score: rounded(passage.score),
                sureness: rounded(passage.sureness),
                version: passage.version,
                url: passage.url,
                text: passage.text,
            })
            .collect();
        Self {
            id,
            language: answer.language,
            answered: !answers.is_empty(),
            answers,
        }
    }
}

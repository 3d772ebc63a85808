//! OpenPGP keys around one mail: what its signature proves, which key is pinned, how an answer may go.
//!
//! The rules stand in `domain::pgp::course`; here is only what has to be looked up for them.

use crate::app::App;
use crate::app::ports::{KeyPin, OpenPgp, PinnedBy, StoreError};
use crate::app::understand::ReadMail;
use crate::domain::guidance::reply::{ReplyPlan, Template};
use crate::domain::intake::sender::Standing;
use crate::domain::party::Party;
use crate::domain::pgp::certificate::Certificate;
use crate::domain::pgp::course::{
    Candidate, KeyCourse, KeysAsked, Pinning, Protection, WhyNotice, decide_keys,
};
use crate::domain::pgp::form::PgpForm;
use crate::domain::pgp::reading::{PgpNote, Signature};
use crate::domain::ticket::words::Trouble;
use crate::domain::triage::language::Language;
use jiff::Timestamp;

/// What is known and decided about the keys of one mail.
pub(crate) struct Keys {
    /// What its signature proves.
    pub(crate) signature: Signature,
    /// How an answer goes, and what is remembered.
    pub(crate) course: KeyCourse,
}

/// Looks up and decides. A mail without any OpenPGP in it asks the store nothing.
pub(crate) async fn keys_of(
    app: &App,
    read: &ReadMail,
    standing: Standing,
    now: Timestamp,
) -> Result<Keys, StoreError> {
    let sender = read.mail.single_from();
    let pgp = &read.mail.pgp;
    let pinned = match sender {
        Some(from) if pgp.form != PgpForm::None => {
            let party = Party::Mail(from.address.clone());
            app.store.pinned_key(&party).await?
        }
        _ => None,
    };
    Ok(judge(
        app.pgp.as_ref(),
        read,
        pinned.as_ref(),
        standing,
        now,
    ))
}

/// Decides with the key that is pinned to the sender, where one is.
pub(crate) fn judge(
    pgp: &dyn OpenPgp,
    read: &ReadMail,
    pinned: Option<&Certificate>,
    standing: Standing,
    now: Timestamp,
) -> Keys {
    let reading = &read.mail.pgp;
    let sender = read.mail.single_from();
    let is_his = |key: &&Certificate| sender.is_some_and(|from| key.names(&from.address));
    let offered: Vec<&Certificate> = reading.offered.iter().filter(is_his).collect();
    // The one that came along first: it may be the newer form of the pinned one.
    let candidates: Vec<&Certificate> = offered.iter().copied().chain(pinned).collect();
    let signature = pgp.check(&reading.signed, &candidates, now);
    let signer = |key: &&Certificate| signature.signer() == Some(&key.fingerprint);
    let candidate = |certificate| Candidate {
        certificate,
        state: pgp.state(certificate, now),
    };
    let course = decide_keys(&KeysAsked {
        opening: reading.opening,
        signature: &signature,
        pinned: pinned.map(candidate),
        offered: offered.into_iter().find(signer).map(candidate),
        standing,
    });
    Keys { signature, course }
}

impl Keys {
    /// The notice that goes in the place of an answer, where only that may.
    pub(crate) fn notice(&self, language: Language) -> Option<ReplyPlan> {
        let template = match self.course.protection {
            Protection::NoticeOnly(WhyNotice::CannotOpen) => Template::CannotOpen,
            Protection::NoticeOnly(WhyNotice::NoKeyOfHis | WhyNotice::KeyChanged) => {
                Template::NoKeyOfYours
            }
            Protection::Plain | Protection::EncryptedTo(_) => return None,
        };
        Some(ReplyPlan::blank(template, language))
    }

    /// The certificate to which an answer is encrypted.
    pub(crate) fn answers_to(&self) -> Option<&Certificate> {
        match &self.course.protection {
            Protection::EncryptedTo(certificate) => Some(certificate),
            Protection::Plain | Protection::NoticeOnly(_) => None,
        }
    }

    /// Why a person must look, where one must.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        match (&self.course.protection, &self.course.pinning) {
            (Protection::NoticeOnly(WhyNotice::CannotOpen), _) => Some(Trouble::Undecryptable),
            (_, Pinning::Changed(_)) => Some(Trouble::KeyChanged),
            _ => None,
        }
    }

    /// What is to be remembered for the sender.
    pub(crate) fn pin(&self, read: &ReadMail) -> Option<KeyPin> {
        let from = read.mail.single_from()?;
        match &self.course.pinning {
            Pinning::First(certificate) => Some(KeyPin {
                party: Party::Mail(from.address.clone()),
                certificate: certificate.clone(),
                by: PinnedBy::Proof,
            }),
            Pinning::AsItWas | Pinning::Changed(_) => None,
        }
    }

    /// What the ticket remembers; nothing of a mail without OpenPGP.
    pub(crate) fn note(&self, read: &ReadMail) -> Option<PgpNote> {
        let pgp = &read.mail.pgp;
        (pgp.form != PgpForm::None).then(|| PgpNote {
            form: pgp.form,
            opening: pgp.opening,
            signature: self.signature.clone(),
            answers_to: self.answers_to().cloned(),
            claims: match &self.course.pinning {
                Pinning::Changed(certificate) => Some(certificate.clone()),
                Pinning::AsItWas | Pinning::First(_) => None,
            },
        })
    }
}

//! Does a signature cover enough of a mail, and by what? Says nothing about whether it is good.

use crate::adapters::mail::parse::fields::Header;
use crate::adapters::mail::parse::media::media_of;
use mail_auth::common::crypto::Algorithm;
use mail_auth::dkim::Signature;

/// Longest signature that is looked at, in bytes, and most fields that one may cover: mail-auth takes a time that grows
/// with the square of their number, before it knows whether the signature is good.
pub(super) const LONGEST_SIGNATURE: usize = 8 * 1024;
const MOST_COVERED: usize = 100;
/// The fields that a signature must cover in a mail.
pub(super) struct Needed(Vec<&'static str>);

impl Needed {
    /// The sender; the subject where there is one; the kind of body where that says where its parts begin: another
    /// boundary shows another mail in the same bytes.
    pub(super) fn in_mail(header: &Header<'_>) -> Self {
        let mut needed = vec!["From"];
        needed.extend(header.first("Subject").map(|_| "Subject"));
        let has_parts = !media_of(header).kind.starts_with("text/");
        let of_parts = header.first("Content-Type").filter(|_| has_parts);
        needed.extend(of_parts.map(|_| "Content-Type"));
        Self(needed)
    }
}

/// Is what it covers enough, and how?
pub(super) fn is_strong(signature: &Signature, needed: &Needed) -> bool {
    let covered = &signature.h;
    let covers = |name: &&str| {
        let mut names = covered.iter();
        names.any(|field| field.trim().eq_ignore_ascii_case(name))
    };
    covered.len() <= MOST_COVERED
        && needed.0.iter().all(covers)
        && signature.a != Algorithm::RsaSha1
        && signature.atps.is_none()
}

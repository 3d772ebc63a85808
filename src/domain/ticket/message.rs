//! A message on a ticket, as the ticket remembers it: the reporter's own words, and notes of the rest.

use crate::domain::address::{EmailAddress, Mailbox, MessageId};
use crate::domain::chat::ids::{EventId, RoomId, UserId};
use crate::domain::ids::InboxId;
use crate::domain::intake::message::{Attachment, Defect, ForwardedMail, Lock, Via};
use crate::domain::intake::sender::Standing;
use crate::domain::party::Party;
use crate::domain::pgp::reading::PgpNote;
use crate::domain::triage::assessment::Channel;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A message on the ticket. The whole original stays sealed in the inbox under `inbox`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedMessage {
    /// The original.
    pub inbox: InboxId,
    /// The way it came.
    pub channel: Channel,
    /// Its sender by mail, where there is exactly one.
    pub from: Option<Mailbox>,
    /// All senders that a mail names, for humans, where that isn't one.
    #[serde(default)]
    pub claimed: Vec<Mailbox>,
    /// Where it stands in chat.
    #[serde(default)]
    pub chat: Option<ChatOrigin>,
    /// Where the sender would like answers: shown to humans, never used.
    pub reply_to: Vec<EmailAddress>,
    /// The subject.
    pub subject: String,
    /// The reporter's own new words.
    pub text: String,
    /// Its Message-ID.
    pub message_id: Option<MessageId>,
    /// What it answers.
    pub in_reply_to: Vec<MessageId>,
    /// The thread it is in.
    pub references: Vec<MessageId>,
    /// What is proven about the sender.
    pub standing: Standing,
    /// Its OpenPGP layer, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pgp: Option<PgpNote>,
    /// The files, by name, type, size and hash.
    pub attachments: Vec<AttachmentNote>,
    /// Mails that were forwarded.
    pub forwarded: Vec<ForwardedNote>,
    /// What is odd about it.
    pub defects: Vec<Defect>,
    /// When our server received it.
    pub received_at: Timestamp,
}

impl ReceivedMessage {
    /// Who wrote it, where that is one person.
    pub fn party(&self) -> Option<Party> {
        let by_chat = self
            .chat
            .as_ref()
            .map(|chat| Party::Chat(chat.user.clone()));
        let by_mail = self
            .from
            .as_ref()
            .map(|from| Party::Mail(from.address.clone()));
        by_chat.or(by_mail)
    }
}

impl ReceivedMessage {
    /// Could nobody read it on its way? Then what answers it isn't for everybody's eyes either.
    pub fn came_encrypted(&self) -> bool {
        self.pgp.as_ref().is_some_and(|pgp| pgp.form.is_encrypted())
    }

    /// May its sender be answered by the bot at all? Who is refused or unclear never is.
    pub fn may_be_answered(&self) -> bool {
        !matches!(self.standing, Standing::Refused | Standing::Unclear)
    }
}

/// Where a message stands in chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatOrigin {
    /// The room.
    pub room: RoomId,
    /// The event.
    pub event: EventId,
    /// Who wrote it.
    pub user: UserId,
    /// The earlier message that it replaces.
    #[serde(default)]
    pub replaces: Option<EventId>,
}

/// An attachment as noted on the ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentNote {
    /// Its name.
    pub name: String,
    /// The media type it claims.
    pub mime: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// The media type that its first bytes show, where they show one.
    #[serde(default)]
    pub content: Option<String>,
    /// Does it ask for a password?
    #[serde(default)]
    pub lock: Lock,
}

impl AttachmentNote {
    /// What a person who handles it should know: it isn't what it is called, it hides what is in it.
    pub fn warning(&self) -> Warning<'_> {
        Warning {
            content: self
                .content
                .as_deref()
                .filter(|content| !fits(&self.mime, content)),
            lock: self.lock,
        }
    }
}

/// What is to be known of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warning<'a> {
    /// What it is by its bytes, where the mail says otherwise.
    pub content: Option<&'a str>,
    /// Does it ask for a password?
    pub lock: Lock,
}

/// Is a file that claims to be one thing, and is another by its bytes, what it claims? Most documents of
/// offices are a ZIP or an OLE file inside, and many programs write types of their own for the same thing.
fn fits(claimed: &str, content: &str) -> bool {
    let is_document = ["application/vnd.", "application/ms", "application/x-ms"]
        .into_iter()
        .any(|start| claimed.starts_with(start));
    let container = matches!(content, "application/zip" | "application/x-ole-storage");
    let (_, kind) = content.split_once('/').unwrap_or_default();
    let kind = kind.trim_start_matches("x-").trim_start_matches("vnd.");
    let both_pictures = claimed.starts_with("image/") && content.starts_with("image/");
    claimed == content || both_pictures || (container && is_document) || claimed.contains(kind)
}

/// A forwarded mail as noted on the ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardedNote {
    /// Its sender, as written.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// How it came.
    pub via: Via,
}

impl From<&Attachment> for AttachmentNote {
    fn from(attachment: &Attachment) -> Self {
        Self {
            name: attachment.name.clone(),
            mime: attachment.mime.clone(),
            size: attachment.size,
            sha256: attachment.sha256.clone(),
            content: attachment.content.clone(),
            lock: attachment.lock,
        }
    }
}

impl From<&ForwardedMail> for ForwardedNote {
    fn from(mail: &ForwardedMail) -> Self {
        let named = !mail.from_name.is_empty();
        let from = if named {
            format!("{} <{}>", mail.from_name, mail.from_address)
        } else {
            mail.from_address.clone()
        };
        Self {
            from,
            subject: mail.subject.clone(),
            via: mail.via,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_what_it_is_called_is_told() {
        for (claimed, content, expected) in [
            (
                "application/pdf",
                Some("application/vnd.microsoft.portable-executable"),
                true,
            ),
            ("application/octet-stream", Some("application/zip"), true),
            ("application/pdf", Some("text/html"), true),
            ("application/pdf", Some("application/pdf"), false),
            (
                "application/x-zip-compressed",
                Some("application/zip"),
                false,
            ),
            (
                "application/x-rar-compressed",
                Some("application/vnd.rar"),
                false,
            ),
            (
                "application/msword",
                Some("application/x-ole-storage"),
                false,
            ),
            (
                "application/vnd.ms-outlook",
                Some("application/x-ole-storage"),
                false,
            ),
            (
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                Some("application/zip"),
                false,
            ),
            ("image/jpg", Some("image/jpeg"), false),
            ("application/pdf", None, false),
        ] {
            let note = AttachmentNote {
                name: String::new(),
                mime: claimed.to_owned(),
                size: 1,
                sha256: String::new(),
                content: content.map(str::to_owned),
                lock: Lock::None,
            };
            assert_eq!(
                note.warning().content.is_some(),
                expected,
                "{claimed} {content:?}"
            );
        }
    }
}

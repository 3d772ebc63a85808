//! The word for each event in its unsealed column: what kind of thing happened, and nothing of what.

use crate::domain::ticket::event::TicketEvent;

impl TicketEvent {
    /// The word in the unsealed column.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Follows { .. } => "follows",
            Self::Held { .. } => "held",
            Self::MergedInto { .. } => "merged-into",
            Self::Released { .. } => "released",
            Self::MessageReceived(_) => "message-received",
            Self::Assessed { .. } => "assessed",
            Self::MachineHeard { .. } => "machine-heard",
            Self::NeedsHuman { .. } => "needs-human",
            Self::ReplyWritten { .. } => "reply-written",
            Self::ReplyWithheld { .. } => "reply-withheld",
            Self::ReplyApproved { .. } => "reply-approved",
            Self::ReplySent { .. } => "reply-sent",
            Self::ReplyDelayed { .. } => "reply-delayed",
            Self::ReplyFailed { .. } => "reply-failed",
            Self::ReplyWithdrawn { .. } => "reply-withdrawn",
            Self::PageRaised { .. } => "page-raised",
            Self::Paged { .. } => "paged",
            Self::AckHeld { .. } => "ack-held",
            Self::Acknowledged { .. } => "acknowledged",
            Self::NobodyReached { .. } => "nobody-reached",
            Self::PageAnswered { .. } => "page-answered",
            Self::Taken { .. } => "taken",
            Self::TeamSpoke { .. } => "team-spoke",
            Self::HumanWrote { .. } => "human-wrote",
            Self::SeveritySet { .. } => "severity-set",
            Self::Closed { .. } => "closed",
            Self::CategorySet { .. } => "category-set",
            Self::CardPosted { .. } => "card-posted",
            Self::PagePosted { .. } => "page-posted",
            Self::ChatFailed { .. } => "chat-failed",
            Self::DraftWritten { .. } => "draft-written",
            Self::DraftDropped { .. } => "draft-dropped",
            Self::CommandsRan { .. } => "commands-ran",
            Self::Noted { .. } => "noted",
            Self::CallNoted { .. } => "call-noted",
            Self::RoomOrdered { .. } => "room-ordered",
            Self::RoomMade { .. } => "room-made",
            Self::WorkerJoined { .. } => "worker-joined",
            Self::WorkerLeft { .. } => "worker-left",
            Self::Relayed { .. } => "relayed",
            Self::DraftShown { .. } => "draft-shown",
            Self::DirectChatOffered { .. } => "direct-chat-offered",
            Self::DirectChatOpened { .. } => "direct-chat-opened",
            Self::DirectChatAccepted { .. } => "direct-chat-accepted",
            Self::DirectChatMissed { .. } => "direct-chat-missed",
            Self::DirectChatLeft { .. } => "direct-chat-left",
            Self::Reopened => "reopened",
        }
    }
}

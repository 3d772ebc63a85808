//! Finding where a message belongs: the tickets that its Message-IDs, its token or its subject lead to.
//!
//! Only the look-up; whether it may join one of them is decided in `domain::intake::placement`.

use crate::app::App;
use crate::app::ports::Trace;
use crate::app::sent::answer_by_hand;
use crate::app::step::StepError;
use crate::app::understand::ReadMail;
use crate::domain::address::MessageId;
use crate::domain::ids::{TicketId, TicketNumber};
use crate::domain::intake::placement::{Placement, Proof, number_in, place};
use crate::domain::intake::sender::Standing;
use crate::domain::letter::is_made_by_us;
use crate::domain::party::Party;
use crate::domain::ticket::event::{Actor, RecordedEvent, TicketEvent};
use crate::domain::ticket::state::Ticket;
use crate::domain::tlp::Label;
use crate::domain::triage::category::Kind;
use jiff::Timestamp;

/// Most tickets that are looked at for each kind of trace. A mail that many tickets refer to leads to
/// many; the reporter's own are among those that changed last.
const MOST_TICKETS: usize = 8;

/// Where a message belongs, with the history of that ticket.
pub(crate) struct Placed {
    /// Where it belongs.
    pub(crate) placement: Placement,
    /// The events of the ticket where it belongs; empty otherwise.
    pub(crate) history: Vec<RecordedEvent>,
    /// That ticket.
    pub(crate) ticket: Option<Ticket>,
    /// The ticket where it would belong, had that not ended long ago: its number, with whom it may be shared.
    pub(crate) follows: Option<(TicketNumber, Label)>,
    /// What somebody of the team answered from the mailbox itself before this was decided.
    pub(crate) answered: Option<(Actor, TicketEvent)>,
    /// How many mails of the team in the conversation of this one were seen when that was asked.
    pub(crate) by_hand_so_far: Option<(MessageId, usize)>,
}

impl Placed {
    fn elsewhere(placement: Placement, follows: Option<(TicketNumber, Label)>) -> Self {
        Self {
            placement,
            history: Vec::new(),
            ticket: None,
            follows,
            answered: None,
            by_hand_so_far: None,
        }
    }
}

/// Finds where a mail belongs.
pub(crate) async fn find_place(
    app: &App,
    read: &ReadMail,
    standing: Standing,
    now: Timestamp,
) -> Result<Placed, StepError> {
    let mail = &read.mail;
    let traced = trace(app, read).await?;
    let placement = match about_our_mail(read.verdict.kind, &traced) {
        Some(placement) => placement,
        None => {
            let named = named_ticket(app, &mail.subject).await?;
            let sender = mail
                .single_from()
                .map(|from| Party::Mail(from.address.clone()));
            place(&traced, named.as_ref(), sender.as_ref(), standing)
        }
    };
    let Placement::OnTicket { ticket: id, .. } = &placement else {
        // Counted first: what comes in between makes a conflict, and not a miss.
        let by_hand_so_far = match &mail.message_id {
            Some(id) => Some((id.clone(), app.store.answers_by_hand(id).await?.len())),
            None => None,
        };
        return Ok(Placed {
            answered: answer_by_hand(app, mail).await?,
            by_hand_so_far,
            ..Placed::elsewhere(placement, None)
        });
    };
    let history = app.store.history(id).await?;
    let ticket = Ticket::replay(id, &history);
    if let Some(ended) = ticket.as_ref().filter(|ticket| ticket.has_ended(now)) {
        let follows = ended.number.clone().map(|number| (number, ended.tlp));
        return Ok(Placed::elsewhere(Placement::New, follows));
    }
    Ok(Placed {
        ticket,
        history,
        follows: None,
        placement,
        answered: None,
        by_hand_so_far: None,
    })
}

/// A bounce or an out-of-office is never on a ticket as a person is, but belongs where our mail came from.
fn about_our_mail(kind: Option<Kind>, traced: &[(Proof, Ticket)]) -> Option<Placement> {
    let machine = matches!(
        kind,
        Some(Kind::Bounce | Kind::AutoReply | Kind::MachineReport)
    );
    let (_, ticket) = traced
        .iter()
        .find(|(by, _)| machine && *by == Proof::Ours)?;
    Some(Placement::OnTicket {
        ticket: ticket.id.clone(),
        by: Proof::Ours,
    })
}

/// The tickets to which something in a mail leads: what is ours first.
pub(crate) async fn trace(app: &App, read: &ReadMail) -> Result<Vec<(Proof, Ticket)>, StepError> {
    let mail = &read.mail;
    let is_ours = |id: &MessageId| is_made_by_us(id, app.settings.own_domain());
    // Its own id too: another copy of it, judged otherwise, may have been first.
    let ids = mail
        .points_back_to()
        .into_iter()
        .chain(mail.message_id.clone());
    let (ours, theirs): (Vec<MessageId>, Vec<MessageId>) = ids.partition(is_ours);
    let tokens = mail
        .to
        .iter()
        .chain(&mail.cc)
        .filter_map(|to| app.settings.token_in(&to.address))
        .map(Trace::Token);
    let ours = tokens
        .chain(ours.into_iter().map(Trace::MessageId))
        .collect();
    let of = |trace: fn(MessageId) -> Trace| theirs.iter().cloned().map(trace).collect();
    let kinds: [(Proof, Vec<Trace>); 3] = [
        (Proof::Ours, ours),
        (Proof::Theirs, of(Trace::MessageId)),
        (Proof::Shared, of(Trace::Shared)),
    ];
    let mut traced: Vec<(Proof, Ticket)> = Vec::new();
    for (proof, traces) in kinds {
        for id in app.store.find_by_traces(&traces, MOST_TICKETS).await? {
            if traced.iter().all(|(_, known)| known.id != id) {
                traced.extend(load(app, &id).await?.map(|ticket| (proof, ticket)));
            }
        }
    }
    Ok(traced)
}

async fn named_ticket(app: &App, subject: &str) -> Result<Option<Ticket>, StepError> {
    let Some(number) = number_in(subject, &app.settings.ticket_prefix) else {
        return Ok(None);
    };
    match app.store.find_by_number(&number).await? {
        Some(id) => load(app, &id).await,
        None => Ok(None),
    }
}

async fn load(app: &App, id: &TicketId) -> Result<Option<Ticket>, StepError> {
    let ticket = Ticket::replay(id, &app.store.history(id).await?);
    // What became a part of another ticket is found there.
    Ok(ticket.filter(|ticket| ticket.merged_into.is_none()))
}

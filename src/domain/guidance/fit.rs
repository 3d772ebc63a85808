//! Cuts a reply to its size: drops the least useful line until the mail is short enough.
//!
//! Pure: the caller brings the rendering. The first action is never dropped.

use crate::domain::guidance::reply::{MOST_LINES, RenderedMail, ReplyPlan, Template};

/// The order in which lines are given up: each entry leaves at least so many lines of a list.
const ORDER: [(List, usize); 20] = [
    (List::Reading, 1),
    (List::Keep, 1),
    (List::Avoid, 2),
    (List::Questions, 2),
    (List::Line, 0),
    (List::Reading, 0),
    (List::Notify, 1),
    (List::Clocks, 1),
    (List::Now, 4),
    (List::Avoid, 1),
    (List::Questions, 1),
    (List::Now, 3),
    (List::Keep, 0),
    (List::Now, 2),
    (List::Avoid, 0),
    (List::Questions, 0),
    (List::Notify, 0),
    (List::Clocks, 0),
    (List::Late, 0),
    (List::Now, 1),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Now,
    Avoid,
    Keep,
    Notify,
    Clocks,
    Questions,
    Reading,
    Line,
    Late,
}

/// Renders a plan, with as few lines dropped as make it fit in [`MOST_LINES`]. A plan from which
/// nothing more can be dropped is rendered as it is: a mail that is too long helps more than none.
///
/// # Errors
/// What the rendering reports.
pub fn fit<E>(
    mut plan: ReplyPlan,
    render: impl Fn(&ReplyPlan) -> Result<RenderedMail, E>,
) -> Result<(ReplyPlan, RenderedMail), E> {
    loop {
        let mail = render(&plan)?;
        let surplus = mail.line_count().saturating_sub(MOST_LINES);
        if surplus == 0 || !drop_lines(&mut plan, surplus) {
            return Ok((plan, mail));
        }
    }
}

/// Drops up to so many lines; stops early where a whole list went, because its heading went with it.
/// False where nothing is left to drop.
fn drop_lines(plan: &mut ReplyPlan, surplus: usize) -> bool {
    let mut dropped = 0;
    while dropped < surplus {
        let Some(list) = next_to_drop(plan) else {
            break;
        };
        drop_last(plan, list);
        dropped += 1;
        if length(plan, list) <= 1 {
            break;
        }
    }
    dropped > 0
}

fn next_to_drop(plan: &ReplyPlan) -> Option<List> {
    ORDER
        .into_iter()
        .find(|(list, least)| {
            let is_the_answer = plan.template == Template::Answer && *list == List::Reading;
            length(plan, *list) > (*least).max(usize::from(is_the_answer))
        })
        .map(|(list, _)| list)
}

fn length(plan: &ReplyPlan, list: List) -> usize {
    match list {
        List::Now => plan.now.len(),
        List::Avoid => plan.avoid.len(),
        List::Keep => plan.keep.len(),
        List::Notify => plan.notify.len(),
        List::Clocks => plan.clocks.len(),
        List::Questions => plan.questions.len(),
        List::Reading => plan.reading.len(),
        List::Line => usize::from(!plan.line.is_empty()),
        List::Late => usize::from(plan.late_hours.is_some()),
    }
}

fn drop_last(plan: &mut ReplyPlan, list: List) {
    match list {
        List::Now => drop(plan.now.pop()),
        List::Avoid => drop(plan.avoid.pop()),
        List::Keep => drop(plan.keep.pop()),
        List::Notify => drop(plan.notify.pop()),
        List::Clocks => {
            plan.clocks.pop();
            plan.duties.truncate(plan.clocks.len());
        }
        List::Questions => drop(plan.questions.pop()),
        List::Reading => drop(plan.reading.pop()),
        List::Line => plan.line.clear(),
        List::Late => plan.late_hours = None,
    }
}

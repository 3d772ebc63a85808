//! Cuts a reply to its size: drops the least useful line until the mail is short enough.
//!
//! Pure: the caller brings the rendering. The first action is never dropped.

use crate::domain::guidance::reply::{MOST_LINES, RenderedMail, ReplyPlan};

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

/// Drops so much that up to so many lines go: each rendering costs as much as many other steps, so what a step saves is
/// told beforehand. False where nothing is left to drop.
fn drop_lines(plan: &mut ReplyPlan, surplus: usize) -> bool {
    let mut saved = 0;
    while saved < surplus {
        let Some(list) = next_to_drop(plan) else {
            break;
        };
        drop_last(plan, list);
        saved += most_saved(plan, list);
    }
    saved > 0
}

/// The lines that the last one dropped from a list saved, at most: one that is left stands behind the heading, and with
/// the last one the heading and a blank line go.
fn most_saved(plan: &ReplyPlan, list: List) -> usize {
    // The first action stands above the list of the others.
    let left = length(plan, list).saturating_sub(usize::from(list == List::Now));
    if left <= 1 { 2 } else { 1 }
}

fn next_to_drop(plan: &ReplyPlan) -> Option<List> {
    ORDER
        .into_iter()
        .find(|(list, least)| {
            let is_the_answer = plan.is_an_answer() && *list == List::Reading;
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
        List::Questions => {
            plan.questions.pop();
            plan.asked.truncate(plan.questions.len());
        }
        List::Reading => drop(plan.reading.pop()),
        List::Line => plan.line.clear(),
        List::Late => plan.late_hours = None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::guidance::reply::Template;
    use crate::domain::triage::language::Language;

    fn full(lines: usize) -> ReplyPlan {
        let many = |name: &str| {
            (0..lines)
                .map(|n| format!("{name} {n}"))
                .collect::<Vec<_>>()
        };
        let mut plan = ReplyPlan::blank(Template::Guidance, Language::Nl);
        plan.line = "line".into();
        plan.late_hours = Some(2);
        plan.now = many("now");
        plan.avoid = many("avoid");
        plan.keep = many("keep");
        plan.notify = many("notify");
        plan.clocks = many("clock");
        plan.questions = many("question");
        plan
    }

    /// A line for each line of the plan, a heading for each list, and so many around them.
    #[expect(clippy::unnecessary_wraps, reason = "the shape that fit asks for")]
    fn render(plan: &ReplyPlan, around: usize) -> Result<RenderedMail, ()> {
        let lists = [
            &plan.avoid,
            &plan.keep,
            &plan.notify,
            &plan.clocks,
            &plan.questions,
        ];
        let of = |list: &Vec<String>| list.len() + usize::from(!list.is_empty());
        let lines: usize = lists.into_iter().map(of).sum();
        let extra = usize::from(!plan.line.is_empty()) + usize::from(plan.late_hours.is_some());
        Ok(RenderedMail {
            subject: "s".into(),
            text: "x\n".repeat(lines + extra + plan.now.len() + around),
        })
    }

    #[test]
    fn a_mail_is_cut_until_it_fits_and_no_further_than_a_heading() {
        for lines in 0..40 {
            for around in [0, 5, 10, 20] {
                let (plan, mail) = fit(full(lines), |plan| render(plan, around)).unwrap();
                assert!(mail.line_count() <= MOST_LINES, "{lines} {around}");
                assert_eq!(plan.now.first().cloned(), full(lines).now.first().cloned());
                let whole = render(&full(lines), around).unwrap().line_count();
                if whole > MOST_LINES {
                    assert!(mail.line_count() > MOST_LINES - 3, "{lines} {around}");
                } else {
                    assert_eq!(plan, full(lines));
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_cut_is_sent_as_it_is() {
        let (plan, mail) = fit(full(5), |plan| render(plan, 100)).unwrap();
        assert_eq!((plan.now.len(), mail.line_count()), (1, 101));
    }
}

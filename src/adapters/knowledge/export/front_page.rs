//! The front page: whom to reach, the emergency cards, the search, and everything there is, for who reads on.

use crate::adapters::knowledge::export::lists::Lists;
use crate::adapters::knowledge::export::memo_page::MemoPage;
use crate::adapters::knowledge::export::site_plan::SitePlan;
use crate::adapters::knowledge::export::{Page, Printer, address, card};
use crate::adapters::knowledge::parts::Parts;
use crate::adapters::knowledge::trouble::Trouble;
use crate::domain::guidance::handbook::PassageKind;
use minijinja::{Value, context};

/// The page.
pub(super) fn page(
    printer: &Printer,
    parts: &Parts,
    plan: &SitePlan,
    memos: &[MemoPage],
    lists: &Lists,
) -> Result<Page, Trouble> {
    let subjects: Vec<Value> = plan
        .group(memos, |page| page.memo)
        .into_iter()
        .map(|(title, pages)| {
            let memos: Vec<Value> = pages
                .into_iter()
                .map(|page| context! { href => address(&page.address), text => page.memo.title.clone() })
                .collect();
            context! { title => title, memos => memos }
        })
        .collect();
    let text = printer.fill(
        "index.html.j2",
        context! {
            root => "",
            cards => card::listed(parts, "cards/"),
            subjects => subjects,
            memos => memos.len(),
            duties => lists.count(PassageKind::Duty),
            obligations => lists.count(PassageKind::Obligation),
            contracts => lists.count(PassageKind::Contract),
        },
    )?;
    Ok(Page {
        name: "index.html".to_owned(),
        text,
        to_fill_in: 0,
    })
}

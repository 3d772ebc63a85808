//! The team's page after RFC 2350: what a CSIRT tells about itself, in the order that the RFC fixes (its appendix).
//!
//! The text is Markdown; it is written as it is, and as HTML for a browser.

use crate::adapters::knowledge::export::{Page, Printer};
use crate::adapters::knowledge::organisation::OrganisationWords;
use crate::adapters::knowledge::trouble::Trouble;
use jiff::civil::Date;
use minijinja::{Value, context};
use pulldown_cmark::{Event, Parser};

/// The page, as Markdown and as HTML.
pub(super) fn pages(
    printer: &Printer,
    organisation: &OrganisationWords,
    today: Date,
) -> Result<[Page; 2], Trouble> {
    let text = printer.fill(
        "rfc2350.md.j2",
        context! {
            team => organisation.team.en.clone(),
            address => organisation.address.clone(),
            phone => organisation.phone.clone(),
            chat => organisation.chat.clone(),
            office_hours => organisation.office_hours.en.clone(),
            updated_on => today.to_string(),
        },
    )?;
    let mut body = String::new();
    // Names come from the configuration: what looks like HTML in them is text.
    let events = Parser::new(&text).map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        other => other,
    });
    pulldown_cmark::html::push_html(&mut body, events);
    let html = printer.fill(
        "page.html.j2",
        context! {
            root => "",
            title => "RFC 2350",
            language => "en",
            body => Value::from_safe_string(body),
        },
    )?;
    Ok([
        Page {
            name: "rfc2350.md".to_owned(),
            to_fill_in: text.matches('[').count(),
            text,
        },
        Page {
            name: "rfc2350.html".to_owned(),
            text: html,
            to_fill_in: 0,
        },
    ])
}

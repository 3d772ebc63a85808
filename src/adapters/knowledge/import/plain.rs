//! Pages that come from no Confluence: Markdown, with or without front matter, and HTML.

use crate::adapters::knowledge::import::dates;
use crate::adapters::knowledge::import::front::Front;
use crate::adapters::knowledge::import::html::nodes;
use crate::adapters::knowledge::import::html_tree;
use crate::adapters::knowledge::import::limits::{MOST_LABELS, Refusal};
use crate::adapters::knowledge::import::links::{Here, by_file};
use crate::adapters::knowledge::import::page::Page;
use crate::adapters::knowledge::import::tidy::{one_line, web_address};
use crate::adapters::knowledge::import::to_markdown::write;
use crate::adapters::knowledge::import::tree::Element;
use pulldown_cmark::{Options, Parser, html::push_html};

/// Reads a page of Markdown. It goes through HTML, so that lists, tables and links come out as those of other pages.
///
/// # Errors
/// Where it nests too deep, or its front matter can't be read.
pub(super) fn markdown(
    text: &str,
    path: &str,
    space: &str,
    base: Option<&str>,
) -> Result<Page, Refusal> {
    let (front, body) = Front::split(text)?;
    let mut html = String::new();
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    push_html(&mut html, Parser::new_ext(body, options));
    let tree = html_tree::read(&html)?;
    let heading = tree
        .find(&|element| element.name == "h1")
        .map(Element::text);
    let titles = [Some(front.title), heading];
    let title = titles.into_iter().flatten().find(|title| !title.is_empty());
    let mut page = read(
        &tree,
        title,
        path,
        web_address(&front.url).or_else(|| below(base, path)),
    );
    space.clone_into(&mut page.space);
    page.changed_on = front.changed_on;
    page.labels = front.labels;
    page.version = Some(front.version).filter(|version| !version.is_empty());
    Ok(page)
}

/// Reads a page of HTML.
pub(super) fn html(tree: &Element, path: &str, space: &str, base: Option<&str>) -> Page {
    let named = |name: &'static str| tree.find(&move |element: &Element| element.name == name);
    let title = named("title").or_else(|| named("h1")).map(Element::text);
    let content = named("main")
        .or_else(|| named("article"))
        .or_else(|| named("body"));
    let title = title.filter(|title| !title.is_empty());
    let url = canonical(tree).or_else(|| below(base, path));
    let mut page = read(content.unwrap_or(tree), title, path, url);
    space.clone_into(&mut page.space);
    let meta = |wanted: &[&str]| {
        let is_it = |element: &Element| {
            element.name == "meta"
                && element.attribute("name").is_some_and(|name| {
                    wanted
                        .iter()
                        .any(|wanted| name.eq_ignore_ascii_case(wanted))
                })
        };
        tree.find(&is_it)?.attribute("content")
    };
    page.changed_on =
        meta(&["last-modified", "dcterms.modified", "date"]).and_then(dates::of_a_time);
    page.labels = labels(meta(&["keywords"]).unwrap_or_default());
    page
}

fn read(tree: &Element, title: Option<String>, path: &str, url: Option<String>) -> Page {
    let here = Here {
        path: path.to_owned(),
        base: None,
        url: url.clone(),
        space: String::new(),
    };
    let title = title.unwrap_or_else(|| by_name(path));
    Page {
        from: format!("file:{}", one_line(path)),
        text: write(&nodes(&tree.children, &here), &title),
        title,
        url,
        keys: vec![by_file(path)],
        ..Page::default()
    }
}

/// Words between commas, as many as a page may have labels.
pub(super) fn labels(text: &str) -> Vec<String> {
    let labels = text.split(',').map(one_line);
    let labels = labels.filter(|label| !label.is_empty());
    labels.take(MOST_LABELS).collect()
}

/// The address that a page gives itself.
pub(super) fn canonical(tree: &Element) -> Option<String> {
    let link = tree.find(&|element| element.name == "link" && element.has("rel", "canonical"))?;
    web_address(link.attribute("href")?)
}

/// The address of the file at this path, below the address of the folder.
fn below(base: Option<&str>, path: &str) -> Option<String> {
    let base = base?.trim_end_matches('/');
    let path = path.replace('%', "%25");
    let path = path.replace('?', "%3F").replace('#', "%23");
    web_address(&format!("{base}/{path}"))
}

/// A title made of the file's name.
fn by_name(path: &str) -> String {
    let base = path.rsplit('/').next().unwrap_or(path);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    one_line(&stem.replace(['-', '_'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_read_with_its_front_matter() {
        let page = markdown(
            "---\ntitle: \"Wifi: gasten\"\ntags: [wifi, gasten]\ndate: 2026-05-04\n---\n# Wifi: gasten\n\nEen *twee* [drie](b.md).\n\n### Stappen\n\n1. a\n2. b\n\n```sh\n# x\n```\n\n| k | v |\n|---|---|\n| 1 | 2 |\n",
            "a.md",
            "map",
            None,
        )
        .unwrap();
        assert_eq!(
            (page.title.as_str(), page.from.as_str()),
            ("Wifi: gasten", "file:a.md")
        );
        assert_eq!(page.labels, ["wifi", "gasten"]);
        assert_eq!(page.changed_on.unwrap().to_string(), "2026-05-04");
        assert_eq!(
            page.text,
            "## Wifi: gasten\nEen twee \u{e000}drie\u{e001}file:b.md\u{e001}\u{e002}.\n\n## Stappen\n1. a\n2. b\n\n`# x`\n\n| k | v |\n|---|---|\n| 1 | 2 |"
        );
    }

    #[test]
    fn a_file_without_a_title_is_called_by_its_name() {
        let page = markdown("tekst", "map/mijn_eerste-pagina.md", "x", None).unwrap();
        assert_eq!(page.title, "mijn eerste pagina");
        assert_eq!(page.text, "## mijn eerste pagina\ntekst");
    }

    #[test]
    fn html_is_read_by_its_main_part() {
        let tree = html_tree::read(
            "<html><head><title>T &eacute;</title><link rel=canonical href='https://x.example/t'>\
             <meta name=Keywords content='a, b'><meta name=date content=2026-01-02></head>\
             <body><nav>x</nav><main><h1>T é</h1><p>tekst</p></main><footer>y</footer></body></html>",
        )
        .unwrap();
        let page = html(&tree, "t.html", "x", Some("https://wiki.example"));
        assert_eq!(
            (page.title.as_str(), page.text.as_str()),
            ("T é", "## T é\ntekst")
        );
        assert_eq!(page.url.as_deref(), Some("https://x.example/t"));
        assert_eq!(page.labels, ["a", "b"]);
    }

    #[test]
    fn a_file_stands_below_the_address_of_its_folder_unless_it_names_its_own() {
        let base = Some("https://wiki.example/kennis/");
        let tree = html_tree::read("<title>T</title><p>x</p>").unwrap();
        let page = html(&tree, "gidsen/wat nu?.html", "x", base);
        assert_eq!(
            page.url.as_deref(),
            Some("https://wiki.example/kennis/gidsen/wat%20nu%3F.html")
        );
        let page = markdown("tekst", "a.md", "x", base).unwrap();
        assert_eq!(
            page.url.as_deref(),
            Some("https://wiki.example/kennis/a.md")
        );
        let own = "---\nurl: https://x.example/t\n---\ntekst";
        let page = markdown(own, "a.md", "x", base).unwrap();
        assert_eq!(page.url.as_deref(), Some("https://x.example/t"));
    }
}

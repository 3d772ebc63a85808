//! What becomes of elements in the text of a memo.

use crate::adapters::knowledge::import::html_tree::read;
use crate::adapters::knowledge::import::to_markdown::*;
use crate::adapters::knowledge::import::xml_tree;

fn text(html: &str) -> String {
    write(&[Node::Element(read(html).unwrap())], "T")
}

#[test]
fn paragraphs_and_emphasis_keep_their_words_and_spaces() {
    assert_eq!(
        text(
            "<h2>A <b>b</b></h2><p>een <strong>twee</strong>, <em>drie</em> en<b> vier</b><br>vijf</p>zes<b></b>"
        ),
        "## A b\neen **twee**, drie en **vier**\n\nvijf\n\nzes"
    );
}

#[test]
fn lists_are_flattened_without_confusing_their_numbers() {
    assert_eq!(
        text(
            "<h2>A</h2><ol><li><p>een</p><p>meer</p><ol><li>sub</li></ol></li><li>twee</li><li></li></ol><ul><li>x<ul><li>y</li></ul>z</li></ul>"
        ),
        "## A\n1. een meer\n  - sub\n2. twee\n- x\n  - y\n\nz"
    );
}

#[test]
fn tables_become_rows_items_or_plain_content() {
    assert_eq!(
        text(
            "<h2>A</h2><table><tr><th>a</th><th>b|c</th></tr><tr><td><p>1</p><p>2</p></td><td><ul><li>x.</li><li>y</li></ul></td></tr></table>"
        ),
        "## A\n| a | b/c |\n|---|---|\n| 1; 2 | x. y |"
    );
    assert_eq!(
        text(
            "<h2>A</h2><table><tr><th>Eigenaar</th><td>ICT</td></tr><tr><th>RTO</th><td>4 uur</td></tr></table>"
        ),
        "## A\n- Eigenaar: ICT\n- RTO: 4 uur"
    );
    assert_eq!(
        text("<table><tr><td><h2>B</h2><p>c</p></td></tr></table>"),
        "## B\nc"
    );
}

#[test]
fn emphasis_and_links_in_each_other_cost_no_more_than_their_length() {
    for (open, close) in [
        ("<b>", "</b>"),
        ("<strong><i>", "</i></strong>"),
        ("<a href='x'><span>", "</span></a>"),
    ] {
        let html = format!("{}a<br>b{}", open.repeat(60), close.repeat(60));
        assert!(text(&html).contains('b'), "{open}");
        let xml = html.replace("<br>", "<br/>");
        let tree = xml_tree::read(&xml).unwrap();
        assert!(write(&tree.children, "T").contains('b'), "{open}");
    }
}

#[test]
fn code_stays_line_by_line() {
    assert_eq!(
        text("<h2>A</h2><p>Typ <code>ls `x`</code>:</p><pre># a\n  [[ -f b ]]\n\n</pre>"),
        "## A\nTyp `ls x`:\n\n`# a`\n\n`  [ [ -f b ]]`"
    );
}

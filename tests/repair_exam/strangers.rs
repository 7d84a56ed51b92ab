//! Pages on which there is no list to be found again.

use std::fmt::Write as _;

use feedmill::induce::Example;

pub(crate) const LOG_IN: &str = r#"<!DOCTYPE html><html><head><title>Members</title></head><body><h1>Please log in</h1>
<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/about">About</a></nav>
<form method="post" action="/session"><label>Name <input name="name"></label>
<label>Password <input type="password" name="password"></label><button>Log in</button></form>
<p><a href="/password/new">Forgot it?</a> <a href="/join">Join</a></p></body></html>"#;

const NAVIGATION: &str = r#"<header><nav><ul><li><a href="/world">World</a></li><li><a href="/sport">Sport</a></li>
<li><a href="/culture">Culture</a></li><li><a href="/travel">Travel</a></li><li><a href="/about">About us</a></li></ul></nav></header>"#;

fn links(examples: &[Example], count: usize) -> String {
    let mut items = String::new();
    for example in examples.iter().take(count) {
        let title = example.title.as_ref().map(|title| title.as_str().replace(['<', '&'], " ")).unwrap_or_default();
        let link = example.links.first().map(|link| link.as_str().replace('&', "&amp;")).unwrap_or_default();
        write!(items, "<li><a href=\"{link}\">{title}</a></li>").unwrap();
    }
    items
}

/// Whether a page leads to the item anywhere.
pub(crate) fn is_on(page: &str, example: &Example) -> bool {
    let mut paths = example.links.iter().map(|link| link.as_url()[url::Position::BeforePath..].trim_matches('/'));
    paths.any(|path| !path.is_empty() && page.contains(path))
}

/// Navigation and three links that are known.
pub(crate) fn most_read(examples: &[Example]) -> String {
    let items = links(examples, 3);
    format!(
        "<!DOCTYPE html><html><head><title>Soon</title></head><body>{NAVIGATION}<main><h1>We are moving</h1>
        <p>Our new pages open soon.</p></main><aside><h2>Most read</h2><ol>{items}</ol></aside></body></html>"
    )
}

/// A page with the same beside what it has.
pub(crate) fn with_most_read(page: &str, examples: &[Example]) -> String {
    page.replacen("</body>", &format!("<aside><h2>Most read</h2><ol>{}</ol></aside></body>", links(examples, 3)), 1)
}

/// One of the articles, with two that are related.
pub(crate) fn article(examples: &[Example]) -> String {
    let title =
        examples.first().and_then(|example| example.title.as_ref()).map(|title| title.as_str().replace('<', " "));
    let paragraph = "<p>The miller went down to the river, and saw that the wheel stood still. Nobody knew why.</p>";
    format!(
        "<!DOCTYPE html><html><head><title>An article</title></head><body>{NAVIGATION}<article><h1>{}</h1>{}</article>
        <aside><h2>Related</h2><ul>{}</ul></aside></body></html>",
        title.unwrap_or_default(),
        paragraph.repeat(12),
        links(examples.get(1..).unwrap_or_default(), 2)
    )
}

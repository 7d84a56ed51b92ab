//! Other versions of an article's page: what a site offers for phones, or for the printer.

use std::sync::LazyLock;

use super::next::leads_away;
use crate::page::Document;
use crate::rule::{Css, Prefer};
use crate::weburl::WebUrl;

/// The address of the version that the rule prefers, as the page names it.
pub(super) fn preferred(document: &Document, prefer: Prefer) -> Option<WebUrl> {
    static AMP: LazyLock<Vec<Css>> = LazyLock::new(|| all(&["link[rel~=amphtml i]"]));
    // What is said for machines comes first; then links that people would press.
    static PRINT: LazyLock<Vec<Css>> = LazyLock::new(|| {
        all(&[
            "link[rel~=alternate i][media~=print i]",
            "a[rel~=print i], a[rel~=alternate i][media~=print i]",
            "a[class*=print i][href*=print i], [class*=print i] > a[href*=print i]",
        ])
    });
    let versions = match prefer {
        Prefer::Amp => &AMP,
        Prefer::Print => &PRINT,
    };
    let links = versions.iter().flat_map(|css| document.select(css)).filter_map(|link| link.attr("href"));
    let mut urls = links.filter_map(|href| document.base().join(href).ok());
    urls.find(|url| leads_away(document, url) && (prefer == Prefer::Amp || url.host() == document.url().host()))
}

fn all(written: &[&str]) -> Vec<Css> {
    written.iter().filter_map(|css| Css::parse(css).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(html: &str, prefer: Prefer) -> Option<String> {
        let url = WebUrl::parse("https://a.example/story").unwrap();
        let document = Document::parse(html, url).unwrap();
        preferred(&document, prefer).map(String::from)
    }

    #[test]
    fn versions_are_those_that_the_page_names() {
        let amp = "<link rel=amphtml href=https://amp.a.example/story><a href=/print/1>Print</a>";
        assert_eq!(version(amp, Prefer::Amp).as_deref(), Some("https://amp.a.example/story"));
        assert_eq!(version(amp, Prefer::Print), None);
        for (html, expected) in [
            ("<link rel=alternate media=print href=/story/print>", Some("https://a.example/story/print")),
            ("<a class=print-button href=\"?print=1\">", Some("https://a.example/story?print=1")),
            ("<li class=print><a href=/print/story>", Some("https://a.example/print/story")),
            ("<link rel=stylesheet media=print href=/print.css>", None),
            ("<a class=print href=\"javascript:window.print()\">", None),
            ("<a class=print href=\"#print\">", None),
            ("<a class=print href=https://printers.example/>", None),
            ("<a href=/3d-printing-news>3D</a>", None),
        ] {
            assert_eq!(version(html, Prefer::Print).as_deref(), expected, "{html}");
        }
    }
}

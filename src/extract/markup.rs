//! Markup that did not come from the page's own tree: strings in JSON, the contents of feeds.

use super::prepare;
use crate::page::Document;
use crate::text::escape;
use crate::weburl::WebUrl;

/// Makes markup fit to leave the site: lazy images become real, links absolute. A text without any markup gets
/// paragraphs where it has empty lines.
pub(super) fn prepared(markup: &str, base: &WebUrl) -> String {
    if !markup.contains(['<', '&']) {
        return paragraphs(markup);
    }
    let Ok(mut document) = Document::parse(markup, base.clone()) else { return escape(markup) };
    let top = document.root().id();
    prepare::prepare(&mut document, top);
    document.root().inner_html()
}

fn paragraphs(text: &str) -> String {
    let text = text.trim().replace("\r\n", "\n");
    if !text.contains('\n') {
        return escape(&text);
    }
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>", escape(paragraph).replace('\n', "<br>"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::clean;

    #[test]
    fn foreign_markup_is_prepared() {
        let base = WebUrl::parse("https://a.example/blog/").unwrap();
        let cleaned = |markup: &str| clean(&prepared(markup, &base)).map(String::from).unwrap_or_default();
        assert_eq!(
            cleaned("<p>a <a href=x>b</a></p><img data-src=/i.png><script>x</script>"),
            "<p>a <a href=\"https://a.example/blog/x\">b</a></p><img src=\"https://a.example/i.png\">"
        );
        assert_eq!(cleaned("one\ntwo\n\nthree"), "<p>one<br>two</p><p>three</p>");
        assert_eq!(cleaned("a > b"), "a &gt; b");
        assert_eq!(cleaned("AT&amp;T"), "AT&amp;T");
    }
}

//! Cleaning HTML: what may stand in an item's content. One allow list for all.

use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use regex::Regex;

use super::settled::is_settled;
use crate::limits;
use crate::page::{Document, block_text, plain};
use crate::rule::Css;
use crate::text::{Html, escape};
use crate::weburl::WebUrl;

/// Cleans markup whose links are absolute already (`prepare` makes them so; others are taken away).
/// `None` if nothing is left that a reader could see or hear.
pub fn clean(markup: &str) -> Option<Html> {
    if markup.trim().is_empty() {
        return None;
    }
    let clean = settled(cleaned(markup));
    let clean = if clean.len() > limits::CONTENT_BYTES { settled(shortened(&clean)) } else { clean };
    is_seen(&clean).then(|| Html::from_clean(clean))
}

/// Cleans once. What XML forbids goes with the rest: without it the white space around it stands at the edge.
fn cleaned(markup: &str) -> String {
    // The line break that a `<pre>` begins with is lost each time that it is read (HTML, section 13.2.6.4.7).
    static START: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(<pre[^>]*>)\n+").ok());
    let clean = Html::from_clean(CLEANER.clean(markup).to_string());
    let clean = clean.as_str().trim();
    match START.as_ref().filter(|_| clean.contains("<pre")) {
        Some(start) => start.replace_all(clean, "$1").into_owned(),
        None => clean.to_owned(),
    }
}

/// Cleans again until that changes nothing, so that readers, who parse it anew, see the tree that was found clean.
/// What never comes to rest is left as its text.
fn settled(mut clean: String) -> String {
    const READINGS: usize = 6;
    if is_settled(&clean) {
        return clean;
    }
    for _ in 0..READINGS {
        let again = cleaned(&clean);
        if again == clean {
            return clean;
        }
        clean = again;
    }
    cleaned(&escape(&plain(&clean)))
}

/// The text of clean HTML, a line for each block.
pub fn text_of(html: &Html) -> String {
    WebUrl::parse("http://localhost/")
        .ok()
        .and_then(|url| Document::parse(html.as_str(), url).ok())
        .map(|document| block_text(document.root()))
        .unwrap_or_default()
}

/// The text of clean HTML without the captions of its figures, which say nothing to those who do not see them.
pub fn running_text_of(html: &Html) -> String {
    static CAPTION: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("figcaption").ok());
    let document = WebUrl::parse("http://localhost/").ok().and_then(|url| Document::parse(html.as_str(), url).ok());
    let Some(mut document) = document else { return String::new() };
    let captions: Vec<_> = CAPTION.iter().flat_map(|css| document.select(css)).map(|caption| caption.id()).collect();
    document.cut(&captions);
    block_text(document.root())
}

/// Nothing foreign (`svg`, `math`), nothing whose content is raw text, nothing that acts: every hole found in
/// sanitisers of this kind so far needed one of these (RUSTSEC-2025-0071, 2026-0193, 2026-0213).
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .add_tags(["audio", "picture", "source", "video"])
        .rm_tags(["map", "area"])
        .add_tag_attributes("img", ["srcset", "sizes"])
        .add_tag_attributes("source", ["src", "srcset", "sizes", "type", "media"])
        .add_tag_attributes("audio", ["src"])
        .add_tag_attributes("video", ["src", "poster", "width", "height"])
        .add_tag_attributes("time", ["datetime"])
        .add_tag_attributes("ol", ["start", "reversed"])
        .rm_tag_attributes("blockquote", ["cite"])
        .rm_tag_attributes("del", ["cite"])
        .rm_tag_attributes("ins", ["cite"])
        .rm_tag_attributes("q", ["cite"])
        .set_tag_attribute_value("audio", "controls", "")
        .set_tag_attribute_value("video", "controls", "")
        .add_generic_attributes(["dir"])
        .add_clean_content_tags([
            "svg",
            "math",
            "noscript",
            "template",
            "title",
            "textarea",
            "select",
            "iframe",
            "object",
            "noembed",
            "noframes",
            "canvas",
            "xmp",
            "plaintext",
        ])
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(UrlRelative::Deny)
        .link_rel(None);
    builder
});

/// Cuts at the limit and cleans again, so that what was cut open is closed.
fn shortened(clean: &str) -> String {
    let end = clean.floor_char_boundary(limits::CONTENT_BYTES);
    let cut = clean.get(..end).unwrap_or_default();
    // Not within a tag: its attributes would turn into text.
    let end = if cut.rfind('<') > cut.rfind('>') { cut.rfind('<').unwrap_or(end) } else { end };
    cleaned(cut.get(..end).unwrap_or_default())
}

/// Whether there is any text, or something to look at or to listen to.
fn is_seen(clean: &str) -> bool {
    if ["<img", "<video", "<audio"].iter().any(|tag| clean.contains(tag)) {
        return true;
    }
    let mut in_tag = false;
    clean.replace("&nbsp;", " ").chars().any(|c| {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ => return !in_tag && !c.is_whitespace(),
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_36_lines_before_code_do_not_cost_the_markup() {
        let once = clean(&format!("<p>a</p><pre>{}b\n\nc</pre>", "\n".repeat(20))).unwrap();
        assert_eq!(once.as_str(), "<p>a</p><pre>b\n\nc</pre>");
        assert_eq!(clean(once.as_str()), Some(once));
    }

    #[test]
    fn what_stays() {
        let html = "<h2>A</h2><p>b <em>c</em></p><figure><img src=\"https://a.example/i.png\" alt=\"d\"><figcaption>e</figcaption></figure>";
        assert_eq!(clean(html).unwrap().as_str(), html);
        assert_eq!(clean("<div class=x style='color:red' id=y>a</div>").unwrap().as_str(), "<div>a</div>");
    }

    #[test]
    fn what_shows_nothing_is_nothing() {
        for empty in ["", "  ", "<p></p><div> &nbsp;</div>", "<script>x</script>", "<svg><text>x</text></svg>"] {
            assert_eq!(clean(empty), None, "{empty}");
        }
        assert!(clean("<p><img src='https://a.example/i.png'></p>").is_some());
    }

    #[test]
    fn cleaning_twice_changes_nothing() {
        for html in
            ["<p>a<p>b", "<table><tr><td>x", "a &lt;b&gt; &amp;amp; <b>c", "<a href='https://x.example/?a=1&b=2'>y</a>"]
        {
            let once = clean(html).unwrap();
            assert_eq!(clean(once.as_str()).unwrap(), once);
        }
    }

    #[test]
    fn too_much_is_cut_at_a_tag() {
        let html = format!("<p>{}</p>", "<b>word</b> ".repeat(200_000));
        let cut = clean(&html).unwrap();
        assert!(cut.as_str().len() < limits::CONTENT_BYTES + 100);
        assert!(cut.as_str().ends_with("</p>"));
    }
}

//! Whatever a page contains, an item's content is clean: nothing acts, links are absolute, media are what they say.

#![cfg(test)]

use std::path::Path;

use feedmill::config;
use feedmill::extract::{self, Circumstances, clean};
use feedmill::item::Fields;
use feedmill::page::Document;
use feedmill::rule::Css;
use feedmill::weburl::WebUrl;
use proptest::prelude::*;

/// What `[sites.x.article]` with these lines reads from a page.
fn read(lines: &str, page: &str) -> Fields {
    let toml = format!(
        "[sites.x]\nurl = \"https://a.example/\"\n[sites.x.listing]\nitem = \"li\"\n[sites.x.article]\n{lines}\n"
    );
    let plan =
        config::parse(&toml, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let url = WebUrl::parse("https://a.example/blog/post").unwrap();
    let mut document = Document::parse(page, url).unwrap();
    let circumstances = Circumstances { now: "2026-11-23T12:00:00Z".parse().unwrap(), explain: false };
    extract::article(&mut document, &plan.sites["x"].rule, None, circumstances).found.ruled
}

fn content(body: &str) -> String {
    read("content = \"#c\"", &format!("<div id=c>{body}</div>")).content.map(String::from).unwrap_or_default()
}

/// Every element of a fragment with its attributes, as a browser's parser sees it.
fn elements(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let document = Document::parse(html, WebUrl::parse("https://a.example/").unwrap()).unwrap();
    let every = Css::parse("body *").unwrap();
    let attributes = |element: &feedmill::page::Element<'_>| {
        element.value().attrs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    document.select(&every).map(|element| (element.value().name().to_owned(), attributes(&element))).collect()
}

fn assert_inert(html: &str, from: &str) {
    const ACTIVE: [&str; 22] = [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "base",
        "meta",
        "link",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "svg",
        "math",
        "template",
        "noscript",
        "title",
        "frame",
        "applet",
        "xmp",
        "plaintext",
    ];
    for (name, attributes) in elements(html) {
        assert!(!ACTIVE.contains(&name.as_str()), "<{name}> from {from}: {html}");
        for (attribute, value) in attributes {
            assert!(
                !attribute.starts_with("on") && attribute != "style" && attribute != "srcdoc",
                "{attribute} from {from}"
            );
            if matches!(attribute.as_str(), "href" | "src" | "poster" | "cite" | "action" | "data") {
                let is_web = ["http://", "https://", "mailto:"].iter().any(|scheme| value.starts_with(scheme));
                assert!(is_web, "{attribute}=\"{value}\" from {from}");
            }
            if attribute == "srcset" {
                assert!(value.split(", ").all(|candidate| candidate.starts_with("http")), "{value} from {from}");
            }
        }
    }
}

#[test]
fn fault_32_nothing_in_the_content_acts() {
    let hostile = [
        "<script>alert(1)</script>",
        "<img src=x.png onerror=alert(1)>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a href='jav&#x09;ascript:alert(1)'>a</a>",
        "<a href='&#106;avascript&colon;alert(1)'>a</a>",
        "<a href=' \u{1}javascript:alert(1)'>a</a>",
        "<a href='vbscript:msgbox(1)'>a</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>a</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<iframe src='https://evil.example/'></iframe>",
        "<p style='width: expression(alert(1)); background: url(javascript:x)'>a</p>",
        "<base href='https://evil.example/'><a href=x>a</a>",
        "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
        "<form action='https://evil.example/'><input name=password><button>Log in</button></form>",
        "<svg><script>alert(1)</script></svg>",
        "<svg onload=alert(1)>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
        "<template><script>alert(1)</script></template>",
        "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
        "<img srcset='javascript:alert(1) 1x, data:text/html,x 2x' src=a.png>",
        "<video poster='javascript:alert(1)' src='data:video/mp4,x'><source src='javascript:alert(1)'></video>",
        "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
        "<a href=x ping='https://evil.example/'>a</a>",
        "<details ontoggle=alert(1) open>a</details>",
        "<blockquote cite='javascript:alert(1)'>a</blockquote>",
    ];
    for markup in hostile {
        let kept = content(&format!("<p>before</p>{markup}<p>after</p>"));
        assert!(kept.contains("before"), "{markup}: {kept}");
        assert_inert(&kept, markup);
        assert!(!kept.contains("alert(1)") || !kept.contains("<img src=\"x"), "{markup}: {kept}");
    }
}

#[test]
fn what_an_article_is_made_of_stays() {
    let article = "<h2>The wheel</h2><p>It <em>turns</em> and <strong>turns</strong>.</p><ul><li>a</li><li>b</li></ul>\
                   <blockquote><p>c</p></blockquote><pre><code>let x = 1 &lt; 2;</code></pre>\
                   <table><tbody><tr><td>d</td></tr></tbody></table>\
                   <figure><img alt=\"e\" src=\"https://a.example/e.png\"><figcaption>f</figcaption></figure>";
    assert_eq!(content(article), article);
}

#[test]
fn a_list_or_a_table_is_whole() {
    let page = "<ul id=u class=x><li>a</li></ul><table id=t><tbody><tr><td>b</td></tr></tbody></table><div id=d><p>c</p></div>";
    for (selector, expected) in
        [("#u", "<ul><li>a</li></ul>"), ("#t", "<table><tbody><tr><td>b</td></tr></tbody></table>"), ("#d", "<p>c</p>")]
    {
        let read = read(&format!("content = \"{selector}\""), page).content.map(String::from);
        assert_eq!(read.as_deref(), Some(expected));
    }
}

#[test]
fn fault_37_enclosures_have_a_valid_type_or_are_none() {
    let page = "<a class=e href=/talk.mp3>a</a>\
                <audio class=e src='//cdn.example/b.ogg' type='audio/ogg; codecs=vorbis'></audio>\
                <a class=e href=/c.webp type='image/webp' length=1234>c</a>\
                <a class=e href=/d type='audio/mpeg; charset=x'>d</a>\
                <a class=e href=/page.html type='text/html'>a page</a>\
                <a class=e href=/nothing-known>what is it</a>\
                <a class=e href=/e.mp4 type='not a type' length=soon>e</a>";
    let enclosures = read("enclosure = \".e\"", page).enclosure;
    let seen: Vec<(&str, &str, u64)> =
        enclosures.iter().map(|e| (e.url.as_str(), e.media_type.as_str(), e.length)).collect();
    assert_eq!(
        seen,
        [
            ("https://a.example/talk.mp3", "audio/mpeg", 0),
            ("https://cdn.example/b.ogg", "audio/ogg", 0),
            ("https://a.example/c.webp", "image/webp", 1234),
            ("https://a.example/d", "audio/mpeg", 0),
            ("https://a.example/e.mp4", "video/mp4", 0),
        ]
    );
}

#[test]
fn the_lead_image_brings_its_caption() {
    let page =
        "<figure class=lead><img data-src=/real.jpg src=data:x><figcaption>The <b>goose</b></figcaption></figure>";
    let toml = "image = \".lead img\"\nimage_credit = { css = \"figcaption b\" }";
    let fields = read(toml, page);
    assert_eq!(fields.image.unwrap().as_str(), "https://a.example/real.jpg");
    assert_eq!(fields.image_credit.unwrap().as_str(), "goose");
}

#[test]
fn refinements_work_in_their_order() {
    let page =
        "<h1> By  the   Mill: 12 geese </h1><i>a</i><i>b</i><time datetime='2026-11-02'>x</time><b data-n=7>z</b>";
    let one = |line: &str| {
        let fields = read(line, page);
        fields.title.map_or_else(|| "nothing".to_owned(), String::from)
    };
    assert_eq!(one("title = \"h1\""), "By the Mill: 12 geese");
    assert_eq!(one("title = { css = \"h1\", match = '(\\d+) geese' }"), "12");
    assert_eq!(one("title = { css = \"h1\", match = 'ducks' }"), "nothing");
    assert_eq!(one("title = [{ css = \"h1\", match = 'ducks' }, { text = \"no ducks\" }]"), "no ducks");
    assert_eq!(one("title = { css = \"h1\", replace = [['By the ', ''], ['(\\d+)', '<$1>']] }"), "Mill: <12> geese");
    assert_eq!(one("title = { css = \"i\", all = true, join = \"+\" }"), "a+b");
    assert_eq!(one("title = { css = \"i\", all = true, join = \"+\", template = \"sum: {value}\" }"), "sum: a+b");
    assert_eq!(
        one("title = { css = \"i\", template = \"{value} on {published}\" }\npublished = \"time\""),
        "a on 2026-11-02T00:00:00+00:00"
    );
    assert_eq!(one("title = { css = \"i\", template = \"{value} by {author}\" }\nauthor = \".none\""), "nothing");
    let by = "<p class=by>By Ada, Bo and  Cy</p><p class=by>Di</p>";
    let authors = |line: &str| read(line, by).author.into_iter().map(String::from).collect::<Vec<_>>();
    assert_eq!(
        authors("author = { css = \".by\", replace = [\"^By \", \"\"], split = \", | and \" }"),
        ["Ada", "Bo", "Cy", "Di"]
    );
    assert_eq!(
        authors("author = { css = \".by\", all = false, split = \",|\\\\band\\\\b\", template = \"{value} (staff)\" }"),
        ["By Ada (staff)", "Bo (staff)", "Cy (staff)"]
    );
    let link =
        read("comments = { css = \"b\", attr = \"data-n\", template = \"/talk/{value}\" }", page).comments.unwrap();
    assert_eq!(link.as_str(), "https://a.example/talk/7");
}

#[test]
fn a_text_is_put_together_from_many_elements() {
    let lead = "<header><p class=lead>A goose.</p><p>Share</p></header>";
    let page = format!("{lead}<div id=c><p>One</p><h2>Two</h2><blockquote><p>Three</p></blockquote><p>ad</p></div>");
    let one = |line: &str| read(line, &page).content.map(String::from).unwrap_or_default();
    assert_eq!(
        one("content = { css = \".lead, #c blockquote p, #c > *\", all = true }"),
        "<p>A goose.</p>\n<p>One</p>\n<h2>Two</h2>\n<blockquote><p>Three</p></blockquote>\n<p>ad</p>"
    );
    assert_eq!(one("content = { css = \"h2, .lead\", all = true, join = \": \" }"), "A goose.: Two");
    let long = format!("<div>{}</div>", "<p>x</p>".repeat(300));
    let read = read("content = { css = \"p\", all = true }", &long).content.map(String::from).unwrap_or_default();
    assert_eq!(read.matches("<p>").count(), 300);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn fault_36_cleaning_is_settled_after_once(parts in proptest::collection::vec(0..PIECES.len(), 0..30)) {
        let markup: String = parts.into_iter().map(|n| PIECES[n]).collect();
        let once = content(&markup);
        assert_inert(&once, &markup);
        let again = clean(&once).map(String::from).unwrap_or_default();
        prop_assert_eq!(&once, &again, "from {}", markup);
    }
}

/// Pieces of markup, whole and broken, that random documents are put together from.
const PIECES: [&str; 34] = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<b>",
    "</i>",
    "<i>",
    "<table>",
    "<tr><td>",
    "</table>",
    "<ul><li>",
    "</ul>",
    "<a href='x'>",
    "<a href='javascript:x'>",
    "</a>",
    "<img src=y>",
    "<img data-src=z onerror=q>",
    "<svg>",
    "</svg>",
    "<math>",
    "<style>",
    "</style>",
    "<script>",
    "</script>",
    "<noscript><img src=n></noscript>",
    "<!--",
    "-->",
    "text ",
    "&lt;b&gt;",
    "&amp;amp;",
    "<select><option>",
    "\"'>",
    "<h2>",
    "<figure>",
];

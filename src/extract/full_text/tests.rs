use super::*;
use crate::weburl::WebUrl;

/// What is found on a page; nothing if that is nothing.
fn found(html: &str) -> String {
    let mut document = Document::parse(html, WebUrl::parse("https://mill.example/news/geese").unwrap()).unwrap();
    read(&mut document, Some("Geese at the mill")).map(String::from).unwrap_or_default()
}

/// A page as sites make them, with `body` as its article.
fn page(body: &str) -> String {
    let teaser = "<li><a href=/x><h3>Flour is dearer than ever in the valley</h3></a></li>";
    format!(
        "<html><head><title>Geese at the mill | The Mill Gazette</title>\
        <meta property=og:title content='Geese at the mill'></head><body class='home has-sidebar'>\
        <header class=site-header><nav><ul><li><a href=/>Home</a></li><li><a href=/n>News</a></li></ul></nav></header>\
        <main><article class=post><h1 class=title>Geese at the mill</h1>\
        <div class=byline>By <a href=/a>Ann Miller</a>, 3 November 2026</div>\
        <div class=share-bar><a href=/s>Share</a> <a href=/t>Tweet</a></div>\
        <div class=article-body>{body}</div>\
        <div class=newsletter><h4>Our newsletter</h4><p>Sign up and get the best of the mill every week.</p></div>\
        <div class=author-bio><p>Ann Miller writes about flour and geese. Follow her on the pond.</p></div>\
        </article><aside class=sidebar><h3>Most read</h3><ul>{}</ul></aside>\
        <section class=related-posts><h2>Related</h2><ul>{}</ul></section>\
        <section id=comments><h2>2 comments</h2><div class=comment><p>Great, I have seen these geese, too!</p></div></section>\
        </main><footer><p>© 2026 The Mill Gazette. All rights reserved.</p><a href=/i>Imprint</a></footer></body></html>",
        teaser.repeat(6),
        teaser.repeat(4),
    )
}

const PROSE: &str = "<p>The geese came on Monday, when the miller was still asleep, and by noon they had eaten half of the corn.</p>\
    <p>Nobody knows where they are from, although <a href=/lake>the lake</a> is near, and none of them would say, of course.</p>\
    <p>The miller has asked the town for help; the mayor, who keeps geese of her own, will think about it until Friday.</p>";

#[test]
fn the_article_stays_and_everything_else_goes() {
    let text = found(&page(PROSE));
    for there in ["came on Monday", "https://mill.example/lake", "until Friday"] {
        assert!(text.contains(there), "{there} in {text}");
    }
    for gone in ["<h1", "Ann Miller", "Share", "newsletter", "Most read", "dearer", "comments", "rights", "Home"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
}

#[test]
fn what_articles_are_made_of_is_kept() {
    let body = format!(
        "{PROSE}<h2>What geese eat in the autumn</h2><ul><li>Corn that nobody looks after, as everybody knows.</li>\
        <li>Grass, and the lower leaves of the miller's cabbages.</li></ul>\
        <blockquote><p>They came, they saw, and they ate, and that was that, said the miller on Tuesday.</p></blockquote>\
        <figure><img src=/goose.jpg width=800><figcaption>A goose</figcaption></figure>{PROSE}"
    );
    let text = found(&page(&body));
    for there in ["<h2>What geese eat", "<li>Corn", "<li>Grass", "<blockquote>", "goose.jpg", "<figcaption>A goose"] {
        assert!(text.contains(there), "{there} in {text}");
    }
}

#[test]
fn pictures_of_other_things_go_and_the_lead_image_stays() {
    let ad = "<div class=related><a href=/y><img src=/other.jpg>More geese</a></div>";
    let lead = "<figure class=lead><img src=/lead.jpg></figure>";
    let text = found(&page(&format!("{lead}{PROSE}{ad}{PROSE}")));
    assert!(text.contains("lead.jpg") && !text.contains("other.jpg"), "{text}");
}

#[test]
fn what_nobody_sees_is_not_the_article() {
    let hidden = format!("<div style='display: none'>{}</div>", PROSE.replace("geese", "ducks"));
    let text = found(&page(&format!("{hidden}{PROSE}")));
    assert!(text.contains("geese") && !text.contains("ducks"), "{text}");
}

#[test]
fn a_text_that_only_machines_are_told_is_found() {
    let told = "The geese came on Monday, when the miller was still asleep. ".repeat(20);
    let ld =
        format!(r#"<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{told}"}}</script>"#);
    let text = found(&format!("{ld}<div id=app></div>"));
    assert!(text.contains("the miller was still asleep"), "{text}");
}

#[test]
fn a_page_without_an_article_has_none() {
    assert_eq!(found("<p></p>"), "");
    assert_eq!(found("<nav><a href=/>Home</a> <a href=/n>News</a></nav>"), "");
}

#[test]
fn pages_without_bounds_take_no_more_than_their_size() {
    let wide = format!("<div>{}</div>", "<p>a<img src=b>".repeat(60_000));
    assert_eq!(found(&wide), "", "more blocks than anybody reads");
    let deep = format!("{}{PROSE}", "<div>".repeat(480));
    let linked = format!("<figure>{}</figure>{PROSE}", "<img src=a><a href=b>c</a>".repeat(10_000));
    let titled = format!("<title>{}</title>{}", "goose ".repeat(50_000), PROSE.repeat(20));
    for html in [&deep, &linked, &titled] {
        let text = found(html);
        assert!(text.contains("came on Monday"));
        assert_eq!(text, found(html), "the same every time");
    }
}

#[test]
fn an_article_may_be_two_sentences_or_a_list() {
    let page = |body: &str| {
        format!(
            "<html><head><title>Geese at the mill</title></head><body><nav><a href=/>Home</a></nav><main>{body}</main>\
            <aside><h3>Newsletter</h3><p>Sign up for our weekly letter.</p></aside></body></html>"
        )
    };
    let short = "<h1>Geese at the mill</h1><p>The geese are gone. We recommend that all millers come back.</p>";
    let text = found(&page(&format!("<article>{short}</article>")));
    assert_eq!(text, "The geese are gone. We recommend that all millers come back.");
    let list = "<li>The wheel does not crash when it stops</li><li>New geese</li><li>Flour is now at 2.3</li>";
    let text = found(&page(&format!("<article><h1>Geese at the mill</h1><ul>{list}</ul></article>")));
    assert!(text.contains(list), "{text}");
    // What says as little on a page that marks no article, or several, may be anything.
    assert_eq!(found(&page("<h1>Gone</h1><p>Sorry, the page that you were looking for does not exist.</p>")), "");
    assert_eq!(found(&page(&format!("<article>{short}</article><article>{short}</article>"))), "");
}

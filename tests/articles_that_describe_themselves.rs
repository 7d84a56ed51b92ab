//! Without a rule, an article is read from what its page says about itself, in whichever vocabulary.

#![cfg(test)]

use std::path::Path;

use feedmill::config;
use feedmill::extract::{self, Circumstances};
use feedmill::item::Fields;
use feedmill::page::Document;
use feedmill::weburl::WebUrl;

fn read(lines: &str, page: &str) -> Fields {
    let toml = format!(
        "[sites.x]\nurl = \"https://mill.example/\"\n[sites.x.listing]\nitem = \"li\"\n[sites.x.article]\n{lines}\n"
    );
    let plan =
        config::parse(&toml, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let mut document = Document::parse(page, WebUrl::parse("https://mill.example/goose").unwrap()).unwrap();
    let circumstances = Circumstances { now: "2026-11-23T12:00:00Z".parse().unwrap(), explain: false };
    let found = extract::article(&mut document, &plan.sites["x"].rule, None, circumstances).found;
    found.ruled.or(found.automatic)
}

fn told(fields: &Fields) -> (String, String, String, String) {
    let text = |text: Option<String>| text.unwrap_or_default();
    (
        text(fields.title.as_ref().map(ToString::to_string)),
        text(fields.published.map(|date| date.to_rfc3339())),
        fields.author.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        text(fields.image.as_ref().map(ToString::to_string)),
    )
}

fn expected() -> (String, String, String, String) {
    ("A goose".into(), "2026-11-02T10:00:00+01:00".into(), "Ada, Bo".into(), "https://mill.example/i.jpg".into())
}

#[test]
fn in_microdata() {
    let page = "<title>x</title><nav itemscope itemtype=https://schema.org/BreadcrumbList><b itemprop=name>Home</b></nav>\
        <article itemscope itemtype='https://schema.org/BlogPosting'><h2 itemprop=headline>A goose</h2><time itemprop=datePublished datetime=2026-11-02T10:00:00+01:00>2.11.</time>\
        <a itemprop=author href=/ada>Ada</a> <span itemprop=author itemscope itemtype=https://schema.org/Person><b itemprop=name>Bo</b></span>\
        <div itemprop=image itemscope itemtype=https://schema.org/ImageObject><meta itemprop=name content=Goose><meta itemprop=url content=/i.jpg></div>\
        <span itemprop=articleSection>Geese</span></article>";
    let fields = read("", page);
    assert_eq!(told(&fields), expected());
    assert_eq!(fields.category[0].as_str(), "Geese");
}

#[test]
fn in_microformats() {
    let page = "<title>x</title><div class='hentry post'><h2 class=entry-title>A goose</h2><abbr class=published title=2026-11-02T10:00:00+01:00>x</abbr>\
        <span class='author vcard'><a class=fn href=/ada>Ada</a></span><span class='author vcard'><a class=fn href=/bo>Bo</a></span><img class=u-photo src=/i.jpg></div>";
    assert_eq!(told(&read("", page)), expected());
}

#[test]
fn json_ld_and_meta_come_first() {
    let page = "<script type='application/ld+json'>{\"@type\":\"Article\",\"headline\":\"A goose\",\"author\":[{\"@id\":\"#a\"},\"Bo\"],\
        \"image\":{\"@type\":\"ImageObject\",\"name\":\"Goose\",\"url\":\"/i.jpg\"}}</script><script type='application/ld+json'>{\"@graph\":[{\"@id\":\"#a\",\"@type\":\"Person\",\"name\":\"Ada\"}]}</script>\
        <meta property=article:published_time content=2026-11-02T10:00:00+01:00>\
        <article itemscope itemtype='https://schema.org/BlogPosting'><h2 itemprop=headline>Another</h2><b itemprop=author>Another</b><time itemprop=datePublished datetime=2020-01-01></time></article>";
    assert_eq!(told(&read("", page)), expected());
    // A rule may ask for what only the markup says.
    let fields = read("category = { jsonld = \"genre\" }", &page.replace("<h2 ", "<i itemprop=genre>Birds</i><h2 "));
    assert_eq!(fields.category[0].as_str(), "Birds");
}

#[test]
fn in_json_of_the_page() {
    let page = "<script id=__NEXT_DATA__ type=application/json>{\"props\":{\"post\":{\"t\":\"A goose\",\"at\":1793610000,\"by\":[{\"name\":\"Ada\"},{\"name\":\"Bo\"}],\
        \"hero\":{\"src\":\"/i.jpg\"},\"html\":\"<p>All <a href=/x>text</a><script>x()<\\/script>\"}}}</script>";
    let rule = "title = \"$.props.post.t\"\npublished = { json = \"props.post.at\", timezone = \"Europe/Berlin\" }\nauthor = \"$.props.post.by\"\n\
        image = { json = \"props.post.hero\", script = \"#__NEXT_DATA__\" }\ncontent = \"$.props.post.html\"\nremove = \"//aside\"";
    let fields = read(rule, page);
    let (title, published, author, image) = told(&fields);
    assert_eq!((title.as_str(), author.as_str(), image.as_str()), ("A goose", "Ada, Bo", "https://mill.example/i.jpg"));
    assert!(published.starts_with("2026-11-02"), "{published}");
    assert_eq!(fields.content.unwrap().as_str(), "<p>All <a href=\"https://mill.example/x\">text</a></p>");
}

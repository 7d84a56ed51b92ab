//! Whatever a site lists its news in, a few lines make a feed of it: pages, JSON, feeds, sitemaps.

#![cfg(test)]

use std::path::Path;

use feedmill::config;
use feedmill::extract::{self, Circumstances, ListingReading};
use feedmill::item::Fields;
use feedmill::page::{Document, NotAPage};
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;

const URL: &str = "https://mill.example/list/";

/// What `[sites.x.listing]` with these lines reads from a response.
fn read(lines: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Result<ListingReading, NotAPage> {
    let toml = format!("[sites.x]\nurl = \"{URL}\"\n[sites.x.listing]\n{lines}\n");
    let plan =
        config::parse(&toml, Path::new("sites.toml")).unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)));
    let page = Page {
        url: WebUrl::parse(URL).unwrap(),
        content_type: Some(content_type.to_owned()).filter(|stated| !stated.is_empty()),
        body: body.into().into(),
        validators: Validators::default(),
        signs: Signs::default(),
        fresh_for: None,
    };
    let rule = &plan.sites["x"].rule;
    let mut document = Document::read_listing(&page, rule)?;
    let circumstances = Circumstances { now: "2026-11-23T12:00:00Z".parse().unwrap(), explain: true };
    Ok(extract::listing(&mut document, rule, circumstances))
}

fn entries(lines: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Vec<Fields> {
    let reading = read(lines, content_type, body).unwrap();
    reading.entries.into_iter().map(|entry| entry.found.ruled.or(entry.found.automatic)).collect()
}

/// Link, title and day of each entry.
fn told(entries: &[Fields]) -> Vec<(String, String, String)> {
    let text = |text: Option<String>| text.unwrap_or_default();
    let line = |entry: &Fields| {
        let link = entry.link.as_ref().map(|link| link.as_str().replace("https://mill.example/", "/"));
        let title = entry.title.as_ref().map(ToString::to_string);
        let day = entry.published.map(|date| date.format("%m-%d %H:%M%:z").to_string());
        (text(link), text(title), text(day))
    };
    entries.iter().map(line).collect()
}

fn line(link: &str, title: &str, day: &str) -> (String, String, String) {
    (link.to_owned(), title.to_owned(), day.to_owned())
}

const TEASERS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>The mill &amp;amp; its geese</title><link>https://mill.example/</link>
<item><title>A goose &amp;amp; a sack</title><link>https://mill.example/goose?utm_source=rss</link>
  <guid isPermaLink="false">post-17</guid><pubDate>Mon, 02 Nov 2026 10:00:00 +0100</pubDate><dc:creator>Ada Miller</dc:creator>
  <category>Geese</category><description>&lt;p&gt;A &lt;a href="/t"&gt;teaser&lt;/a&gt;&lt;script&gt;x&lt;/script&gt;&lt;/p&gt;</description>
  <enclosure url="/goose.mp3" type="audio/mpeg" length="123"/></item>
<item><title>Flour</title><link>/flour</link><guid>https://mill.example/flour</guid><pubDate>Sun, 01 Nov 2026 09:00:00 GMT</pubDate></item>
</channel></rss>"#;

#[test]
fn a_feed_of_teasers_needs_one_line() {
    let found = entries("from = \"feed\"", "application/rss+xml", TEASERS);
    assert_eq!(
        told(&found),
        [line("/goose", "A goose & a sack", "11-02 10:00+01:00"), line("/flour", "Flour", "11-01 09:00+00:00")]
    );
    let goose = &found[0];
    assert_eq!(goose.id.as_ref().map(feedmill::text::Text::as_str), Some("post-17"));
    assert_eq!(goose.author[0].as_str(), "Ada Miller");
    assert_eq!(goose.category[0].as_str(), "Geese");
    assert_eq!(goose.summary.as_ref().unwrap().as_str(), "<p>A <a href=\"https://mill.example/t\">teaser</a></p>");
    let sound = &goose.enclosure[0];
    assert_eq!(
        (sound.url.as_str(), sound.media_type.as_str(), sound.length),
        ("https://mill.example/goose.mp3", "audio/mpeg", 123)
    );
    assert_eq!(found[1].id, None, "an id that is the link says nothing more");
    let reading = read("from = \"feed\"", "text/html", TEASERS).unwrap();
    assert_eq!(reading.title.unwrap().as_str(), "The mill & its geese");
}

#[test]
fn a_rule_has_the_last_word_on_a_feed() {
    let rule = "from = \"feed\"\ntitle = { json = \"title\", replace = [\"^A \", \"\"] }\nauthor = false\nid = false\nlink_pattern = \"goose\"";
    let found = entries(rule, "application/rss+xml", TEASERS);
    assert_eq!(told(&found), [line("/goose", "goose & a sack", "11-02 10:00+01:00")]);
    assert!(found[0].author.is_empty() && found[0].id.is_none());
    // Rows of one's own, and `from` guessed.
    let rule = "item = \"$.items[?@.category]\"";
    assert_eq!(told(&entries(rule, "application/rss+xml", TEASERS)).len(), 1);
}

#[test]
fn atom_json_feed_and_rdf() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>tag:mill.example,2026:1</id>
        <title type="html">A &amp;lt;goose&gt;</title><link rel="alternate" href="/goose"/><published>2026-11-02T10:00:00+01:00</published>
        <updated>2026-11-03T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></content></entry></feed>"#;
    let found = entries("from = \"feed\"", "application/atom+xml", atom);
    assert_eq!(told(&found), [line("/goose", "A <goose>", "11-02 10:00+01:00")]);
    assert_eq!(found[0].content.as_ref().unwrap().as_str(), "<p>x</p>");
    assert!(found[0].updated.is_some() && found[0].id.is_some());

    let json = r#"{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":5,"url":"/goose","title":"A <goose>",
        "date_published":"2026-11-02T10:00:00+01:00","content_html":"<p>x <img src='i.png'>","tags":["a","b"]}]}"#;
    let found = entries("from = \"feed\"", "application/feed+json", json);
    assert_eq!(told(&found), [line("/goose", "A <goose>", "11-02 10:00+01:00")]);
    assert_eq!(found[0].content.as_ref().unwrap().as_str(), "<p>x <img src=\"https://mill.example/list/i.png\"></p>");
    assert_eq!(found[0].category.len(), 2);

    let (text, _, _) = encoding_rs::KOI8_R.encode(
        r#"<?xml version="1.0" encoding="koi8-r"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><item><title>Гусь</title><link>https://mill.example/goose</link><dc:date>2026-11-02T10:00:00+01:00</dc:date></item></rdf:RDF>"#,
    );
    assert_eq!(told(&entries("from = \"feed\"", "text/xml", text)), [line("/goose", "Гусь", "11-02 10:00+01:00")]);
}

#[test]
fn an_api_of_json() {
    let posts = r#"[{"id":7,"link":"https:\/\/mill.example\/goose?a=1&copy=2","date_gmt":"2026-11-02T09:00:00","title":{"rendered":"A goose &#8217;s day"},
        "content":{"rendered":"<p>All <a href=\"\/x\">text<\/a><\/p>\n","protected":false},"_embedded":{"author":[{"name":"Ada"},{"name":"Bo"}]},
        "tags":["a",{"name":"b","url":"x"}],"cover":{"name":"Cover","url":"\/c.jpg"},"sound":{"url":"\/s.ogg","mime_type":"audio/ogg","size":9}},
        {"id":8,"link":"https:\/\/mill.example\/flour","date_gmt":"2026-11-01T09:00:00","title":{"rendered":"Flour"}}]"#;
    let rule = "item = \"$\"\ntitle = \"$.title.rendered\"\nid = \"$.id\"\npublished = { json = \"date_gmt\" }\ncontent = { json = \"content.rendered\" }\n\
        author = \"$._embedded.author[*].name\"\ncategory = \"$.tags\"\nimage = \"$.cover\"\nenclosure = \"$.sound\"";
    let found = entries(rule, "application/json; charset=UTF-8", posts);
    assert_eq!(
        told(&found),
        [
            line("/goose?a=1&copy=2", "A goose ’s day", "11-02 09:00+00:00"),
            line("/flour", "Flour", "11-01 09:00+00:00")
        ]
    );
    let goose = &found[0];
    assert_eq!(goose.content.as_ref().unwrap().as_str(), "<p>All <a href=\"https://mill.example/x\">text</a></p>");
    assert_eq!(goose.author.iter().map(AsRef::<str>::as_ref).collect::<Vec<_>>(), ["Ada", "Bo"]);
    assert_eq!(goose.category.iter().map(AsRef::<str>::as_ref).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(goose.image.as_ref().unwrap().as_str(), "https://mill.example/c.jpg");
    assert_eq!((goose.enclosure[0].media_type.as_str(), goose.enclosure[0].length), ("audio/ogg", 9));
    assert_eq!(goose.id.as_ref().unwrap().as_str(), "7");
    // What fields are usually called is found without a rule.
    let plain = r#"{"posts":[{"url":"/goose","headline":"Goose","publishedAt":1793610000000}]}"#;
    assert_eq!(told(&entries("item = \"$.posts[*]\"", "", plain)), [line("/goose", "Goose", "11-02 09:00+00:00")]);
    let empty = read("item = \"$.posts\"\ncontainer = \"$.posts\"", "application/json", r#"{"posts":[]}"#).unwrap();
    assert_eq!(empty.findings.report.container, Some(true));
    let gone = read("item = \"$.posts\"\ncontainer = \"$.posts\"", "application/json", r#"{"error":"x"}"#).unwrap();
    assert_eq!(gone.findings.report.container, Some(false));
}

#[test]
fn json_within_a_page() {
    let page = r#"<!doctype html><title>T</title><div id=app data-page='{"news":[{"slug":"attr","t":"Attr"}]}'></div>
        <script id="__NEXT_DATA__" type="application/json">{"props":{"posts":[{"slug":"goose","t":"A goose","at":"2026-11-02T10:00:00+01:00"},{"slug":"flour","t":"Flour"}]}}</script>
        <script>window.other = 1; window.STATE = {"list":[{"slug":"state","t":"State;}"}]};</script>
        <ul><li><a href=/row>Row</a><script type="application/json">{"by":"Ada"}</script></li></ul>"#;
    let fields = "link = { json = \"slug\", template = \"/{value}\" }\ntitle = \"$.t\"\npublished = \"$.at\"";
    let found = |item: &str| told(&entries(&format!("item = {item}\n{fields}"), "text/html", page));
    let next = [line("/goose", "A goose", "11-02 10:00+01:00"), line("/flour", "Flour", "")];
    assert_eq!(found(r#"{ json = "props.posts", script = "script#__NEXT_DATA__" }"#), next);
    assert_eq!(found(r#"{ json = "$.props.posts[*]", script = "script" }"#), next);
    assert_eq!(found(r#""$.props.posts[*]""#), next, "any script that is JSON");
    assert_eq!(found(r#"{ json = "list", script = "script:not([type])" }"#), [line("/state", "State;}", "")]);
    assert_eq!(found(r##"{ json = "news", script = "#app @data-page" }"##), [line("/attr", "Attr", "")]);
    assert_eq!(found(r#"["p.none", "//p[@class='none']", "$.none", { json = "props.posts" }]"#), next);
    let rows = entries("item = \"li\"\nauthor = { json = \"by\", script = \"script\" }", "text/html", page);
    assert_eq!((told(&rows), rows[0].author[0].as_str()), (vec![line("/row", "Row", "")], "Ada"));
}

const SITEMAP: &str = r#"<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>https://mill.example/about</loc></url>
    <url><loc>https://mill.example/posts/flour</loc><lastmod>2026-11-01</lastmod></url>
    <url><loc>https://mill.example/posts/goose</loc><lastmod>2026-11-02</lastmod><news:news><news:publication><news:name>M</news:name><news:language>en</news:language></news:publication>
    <news:publication_date>2026-11-02T10:00:00+01:00</news:publication_date><news:title>A goose</news:title></news:news></url></urlset>"#;

#[test]
fn a_sitemap_an_index_and_compressed_ones() {
    use std::io::Write as _;
    let rule = "from = \"sitemap\"\nlink_pattern = \"/posts/\"";
    let expected = [line("/posts/goose", "A goose", "11-02 10:00+01:00"), line("/posts/flour", "", "")];
    assert_eq!(told(&entries(rule, "application/xml", SITEMAP)), expected);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(SITEMAP.as_bytes()).unwrap();
    let found = entries(rule, "application/gzip", gzip.finish().unwrap());
    assert_eq!(told(&found), expected);
    assert_eq!(found[0].language.as_ref().unwrap().as_str(), "en");
    let index = "<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2026-01-01</lastmod></sitemap><sitemap><loc>/b.xml.gz</loc><lastmod>2026-11-01</lastmod></sitemap></sitemapindex>";
    let reading = read("from = \"sitemap\"", "text/xml", index).unwrap();
    let next: Vec<&str> = reading.next.iter().map(WebUrl::as_str).collect();
    assert_eq!(next, ["https://mill.example/b.xml.gz", "https://mill.example/a.xml"]);
}

#[test]
fn the_newest_pages_of_a_long_sitemap() {
    let url = |n: usize| {
        format!("<url><loc>/posts/{n}</loc><lastmod>2026-{:02}-{:02}</lastmod></url>", n / 400 + 1, n % 28 + 1)
    };
    let other = "<url><loc>/tags/x</loc><lastmod>2026-11-20</lastmod></url>".repeat(1_000);
    let sitemap = format!("<urlset>{other}{}</urlset>", (0..2_000).map(url).collect::<String>());
    let found = entries("from = \"sitemap\"\nlink_pattern = \"/posts/\"\nlimit = 3", "text/xml", sitemap);
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|entry| entry.updated.unwrap().to_rfc3339().starts_with("2026-05-28")));
}

#[test]
fn rows_that_span_siblings() {
    let dl = "<dl><dt><a href=/goose>A goose</a></dt><dd class=by>Ada</dd><dd class=at><time datetime=2026-11-02T10:00:00+01:00></time></dd>\
        <dt><a href=/flour>Flour</a></dt><dd class=at><time datetime=2026-11-01></time></dd></dl>";
    let rule = "item = \"dt\"\nauthor = \":scope ~ .by\"\npublished = \":scope ~ .at time\"";
    let found = entries(rule, "text/html", dl);
    assert_eq!(
        told(&found),
        [line("/goose", "A goose", "11-02 10:00+01:00"), line("/flour", "Flour", "11-01 00:00+00:00")]
    );
    assert_eq!((found[0].author.len(), found[1].author.len()), (1, 0), "the first row's author is not the second's");

    let table = "<table><tr class=athing id=1><td><a href=/goose>A goose</a></td></tr><tr><td>by <i>Ada</i> <a href='item?id=1'>3 comments</a></td></tr><tr class=gap></tr>\
        <tr class=athing id=2><td><a href=/flour>Flour</a></td></tr><tr><td>by <i>Bo</i> <a href='item?id=2'>discuss</a></td></tr></table>";
    for (author, comments) in [
        (":scope + tr i", ":scope + tr a @href"),
        ("./following-sibling::tr[1]//i", "./following-sibling::tr[1]//a/@href"),
    ] {
        let found = entries(
            &format!("item = \".athing\"\nauthor = \"{author}\"\ncomments = \"{comments}\""),
            "text/html",
            table,
        );
        let seen: Vec<_> =
            found.iter().map(|entry| (entry.author[0].as_str(), entry.comments.as_ref().unwrap().as_str())).collect();
        assert_eq!(
            seen,
            [("Ada", "https://mill.example/list/item?id=1"), ("Bo", "https://mill.example/list/item?id=2")]
        );
    }
}

#[test]
fn xpath_rules() {
    let page = "<h1>News of Nov 2026</h1><ul><li><img src=data:x data-src=/i.jpg><h3>A goose</h3><p>By Ada | 02.11.2026</p><a href=/goose>more</a></li>\
        <li><h3>Flour</h3><p>By Bo | 01.11.2026</p><a href=/flour>more</a></li><li class=ad><a href=/ad>x</a></li></ul>";
    let rule = "item = \"//li[h3]\"\nlink = \"./a/@href\"\ntitle = \"./h3\"\nimage = \"./img/@src\"\nsummary = \"./p\"\n\
        author = { xpath = \"substring-after(substring-before(./p, ' |'), 'By ')\" }\n\
        published = { xpath = \"substring-after(./p, '| ')\", format = \"%d.%m.%Y\" }\n\
        category = { xpath = \"concat('of ', count(../li[h3]))\" }\nid = \"(./preceding-sibling::li | .)[last()]/h3\"";
    let found = entries(rule, "text/html", page);
    assert_eq!(
        told(&found),
        [line("/goose", "A goose", "11-02 00:00+00:00"), line("/flour", "Flour", "11-01 00:00+00:00")]
    );
    assert_eq!((found[0].author[0].as_str(), found[0].category[0].as_str()), ("Ada", "of 2"));
    assert_eq!(found[0].image.as_ref().unwrap().as_str(), "https://mill.example/i.jpg");
    assert_eq!(found[0].summary.as_ref().unwrap().as_str(), "By Ada | 02.11.2026");
}

#[test]
fn rows_say_what_they_are() {
    let page = "<div itemscope itemtype=https://schema.org/NewsArticle><a href=/tag>tag</a><b itemprop=headline>A goose</b><a itemprop=url href=/goose>.</a>\
        <i itemprop=datePublished content=2026-11-02T10:00:00+01:00>x</i><p itemprop=author itemscope><i itemprop=name>Ada</i></p><p itemprop=description>s</p></div>\
        <div class=h-entry><a href=/tag>tag</a><a class='u-url p-name' href=/flour>Flour</a><time class=dt-published datetime=2026-11-01>x</time></div>\
        <div><a href=/plain>Plain</a></div>";
    let found = entries("item = \"div\"", "text/html", page);
    assert_eq!(
        told(&found),
        [
            line("/goose", "A goose", "11-02 10:00+01:00"),
            line("/flour", "Flour", "11-01 00:00+00:00"),
            line("/plain", "Plain", "")
        ]
    );
    assert_eq!((found[0].author[0].as_str(), found[0].summary.as_ref().unwrap().as_str()), ("Ada", "s"));
    let named = entries(
        "item = \"div\"\ntitle = { jsonld = \"headline\" }\nauthor = { jsonld = \"author.name\" }",
        "text/html",
        page,
    );
    assert_eq!(
        (named[0].title.as_ref().unwrap().as_str(), named[1].title.as_ref().unwrap().as_str()),
        ("A goose", "Flour")
    );
}

#[test]
fn fault_18_what_the_rule_cannot_read_is_no_page() {
    let why = |rule: &str, content_type: &str, body: &str| read(rule, content_type, body).unwrap_err().to_string();
    assert_eq!(
        why("item = \"li\"", "application/json", "{}"),
        "the site sent application/json where HTML was expected"
    );
    assert_eq!(why("item = \"li\"", "text/plain", "hello"), "the site sent text/plain where HTML was expected");
    assert_eq!(why("item = \"li\"", "text/xml", TEASERS), "the site sent text/xml where HTML was expected");
    assert_eq!(why("from = \"feed\"", "text/html", "<p>x"), "the site sent text/html where a feed was expected");
    assert_eq!(why("from = \"sitemap\"", "text/html", "<p>x"), "the site sent text/html where a sitemap was expected");
    assert_eq!(
        why("from = \"json\"\nitem = \"$\"", "text/html", "<p>x"),
        "the site sent text/html where JSON was expected"
    );
    assert!(
        why("item = \"$\"", "application/json", "{\"a\":")
            .starts_with("JSON was expected, and what came is broken: EOF")
    );
    assert!(
        why("from = \"feed\"", "text/xml", "<rss version=\"2.0\"><channel>")
            .starts_with("a feed was expected, and what came is broken")
    );
    assert_eq!(why("from = \"feed\"", "", " "), "the body is empty");
    assert_eq!(why("from = \"feed\"", "", "%PDF-1.7"), "the site sent a PDF where a feed was expected");
}

//! Whatever a rule asks and whatever a page holds: reading ends, and soon. No input makes it panic.

#![cfg(test)]

use std::path::Path;
use std::time::{Duration, Instant};

use feedmill::config;
use feedmill::extract::{self, Circumstances};
use feedmill::limits;
use feedmill::page::Document;
use feedmill::rule::{JsonPath, XPath};
use feedmill::webpage::{Page, Signs, Validators};
use feedmill::weburl::WebUrl;
use proptest::prelude::*;

/// Reads a listing, whatever comes of it; the number of entries.
fn read(lines: &str, body: &str) -> usize {
    let toml = format!("[sites.x]\nurl = \"https://a.example/\"\n[sites.x.listing]\n{lines}\n");
    let Ok(plan) = config::parse(&toml, Path::new("sites.toml")) else { return 0 };
    let page = Page {
        url: WebUrl::parse("https://a.example/").unwrap(),
        content_type: None,
        body: body.to_owned().into(),
        validators: Validators::default(),
        signs: Signs::default(),
        fresh_for: None,
    };
    let rule = &plan.sites["x"].rule;
    let Ok(mut document) = Document::read_listing(&page, rule) else { return 0 };
    let circumstances = Circumstances { now: "2026-11-23T12:00:00Z".parse().unwrap(), explain: true };
    extract::listing(&mut document, rule, circumstances).entries.len()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_default().to_string().replace("\\'", "'").replace("\\u{", "\\U{"))
}

/// Small trees with the marks that sources look for.
fn tree() -> impl Strategy<Value = String> {
    let attribute = prop_oneof![
        Just(" class='h-entry author'"),
        Just(" class='p-name published'"),
        Just(" itemscope itemprop='a b'"),
        Just(" itemprop=url href=/x"),
        Just(" itemscope itemref='i i'"),
        Just(" id=i"),
        Just(" datetime=2026-11-02"),
        Just(""),
    ];
    let leaf = prop_oneof![
        Just("text".to_owned()),
        Just("<img src=/i>".to_owned()),
        Just("<script>a={\"b\":[1]}</script>".to_owned())
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let name = prop_oneof![Just("div"), Just("a"), Just("li"), Just("table"), Just("time")];
        (name, attribute.clone(), prop::collection::vec(inner, 0..6))
            .prop_map(|(name, attribute, inner)| format!("<{name}{attribute}>{}</{name}>", inner.concat()))
    })
}

/// Texts that look like XPath.
fn xpath() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "//",
        "/",
        "./",
        "../",
        "*",
        "a",
        "li",
        "@href",
        "@*",
        "[",
        "]",
        "(",
        ")",
        "1",
        "'x'",
        "|",
        " or ",
        " and ",
        "=",
        "!=",
        "<",
        "+",
        "-",
        " div ",
        "text()",
        "node()",
        "last()",
        "position()",
        "count(",
        "contains(",
        "string(",
        "normalize-space(",
        "translate(",
        ",",
        ".",
        "..",
        "ancestor::",
        "preceding::",
        "following-sibling::",
        "namespace::",
        "$x",
        "x:y",
        "id(",
        "not(",
        "sum(",
        "é",
        "\u{0}",
    ]);
    prop::collection::vec(piece, 1..24).prop_map(|pieces| pieces.concat())
}

/// Texts that look like JSONPath.
fn json_path() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "$", ".", "..", "*", "[*]", "[", "]", "a", "b", "[0]", "[-1]", "[::2]", "[?", "@.a", "==", "'x'", "1", "&&",
        "||", "!", "(", ")", ",", "match(", "length(", "count(", "value(", "@", "\"b\"", "é",
    ]);
    prop::collection::vec(piece, 0..20).prop_map(|pieces| format!("${}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_xpath_on_any_tree(tree in tree(), paths in prop::collection::vec(xpath(), 3), any in ".{0,40}") {
        for path in paths.iter().map(String::as_str).chain([any.as_str()]) {
            let Ok(compiled) = XPath::parse(path) else { continue };
            let page = Document::parse(&tree, WebUrl::parse("https://a.example/").unwrap()).unwrap();
            let row = page.root().first_child().map(|child| child.id());
            let _ = page.xpath(&compiled, None, 100);
            let _ = page.xpath(&compiled, row, 100);
            let path = quoted(&format!("./{path}"));
            read(&format!("item = \"//*\"\ntitle = {path}\nimage = {path}\ncontent = {path}\nenclosure = {path}"), &tree);
        }
    }

    #[test]
    fn any_tree_in_the_usual_places(tree in tree()) {
        read("item = \"*\"\nauthor = \":scope ~ li\"\ntitle = { jsonld = \"a.b\" }", &tree);
        read("item = \"li\"\ntitle = \":scope + * a, a\"\ncontent = { json = \"$..*\", script = \"script\" }", &tree);
    }

    #[test]
    fn any_json_path_on_any_json(path in json_path(), json in "[\\[\\]{}\":,ab1 ]{0,40}") {
        if JsonPath::parse(&path).is_err() {
            return Ok(());
        }
        let path = quoted(&path);
        let rule = format!("from = \"json\"\nitem = [{path}, \"$.a\"]\nid = {path}\nlink = {path}\ncontent = {path}\nauthor = {path}");
        read(&rule, &json);
        read(&rule, "{\"a\":[{\"b\":{\"a\":[1,true,null,\"<b>x\"]}},[2]],\"b\":{\"url\":\"/x\"}}");
    }

    #[test]
    fn any_feed_or_sitemap(pieces in prop::collection::vec(prop::sample::select(vec![
        "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "http://x/", "</link>", "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<entry>", "</entry>", "<content type='xhtml'>", "<urlset>", "<url>", "<loc>", "</loc>", "</url>", "<lastmod>2026", "&amp;", "&x;", "<![CDATA[", "]]>", "<!--",
        "<enclosure url='x' length='9'/>", "<media:content xmlns:media='http://search.yahoo.com/mrss/' url='/y'/>", "<pubDate>x</pubDate>", "é", "<?xml version='1.0'?>",
        "<itunes:duration xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>99999999999999999999:99:99</itunes:duration>",
    ]), 0..30)) {
        let body = pieces.concat();
        read("from = \"feed\"", &body);
        read("from = \"sitemap\"", &format!("<urlset>{body}"));
    }
}

/// Each of many marks around one long text would tell all of it.
#[test]
fn marks_within_marks_tell_no_more_than_a_page_may() {
    let started = Instant::now();
    let classes = "p-name p-summary e-content p-author p-category author entry-title";
    let mark = |n: usize| format!("<div itemprop='n{n} {}' class='{classes}'>", "again ".repeat(60));
    let marks: String = (0..limits::DOCUMENT_DEPTH - 10).map(mark).collect();
    let text = "goose ".repeat(9 * 1024 * 1024 / 6);
    let html = format!("<div itemscope class=hentry>{marks}{text}");
    let page = Document::parse(&html, WebUrl::parse("https://a.example/").unwrap()).unwrap();
    let told = page.marked(None);
    let bytes = |name: &str| told.get(name, false).iter().map(String::len).sum::<usize>();
    assert!((limits::FIELD_BYTES..limits::FIELD_BYTES + 9).contains(&bytes("n0")), "{}", bytes("n0"));
    let all: usize = (0..limits::DOCUMENT_DEPTH).map(|n| bytes(&format!("n{n}"))).sum::<usize>() + bytes("again");
    assert!(all < limits::MARKED_BYTES, "{all}");
    let stated = format!("<div itemscope><p itemprop='{}' content='{text}'>", "a ".repeat(60));
    let page = Document::parse(&stated, WebUrl::parse("https://a.example/").unwrap()).unwrap();
    assert!(page.marked(None).get("a", false).iter().all(|value| value.len() <= limits::FIELD_BYTES));
    let nested = "<div itemscope itemprop='a b'>".repeat(limits::DOCUMENT_DEPTH - 10);
    read("item = \"div\"", &format!("{nested}<p itemprop=articleBody class=e-content>{text}"));
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
}

/// What a page and a rule of somebody who means ill can cost. Generous: the machine may be busy, and this is not optimised.
#[test]
fn what_is_dear_is_broken_off() {
    let started = Instant::now();
    let rows = format!("<ul>{}</ul>", "<li><a href=/1>x</a><p>y</p></li>".repeat(3_000));
    for path in
        ["//li//..//li//..", "//*[count(//*) > count(.//*)]", "//a[. = //p]", "string(//*[contains(., //a[last()])])"]
    {
        read(&format!("item = \"li\"\ntitle = {{ xpath = \"{path}\" }}\nlimit = 1"), &rows);
    }
    let deep = format!("{}{}{}", "[".repeat(100), "1,".repeat(50_000) + "1", "]".repeat(100));
    for path in ["$..*..*..*", "$..[?$..*]", "$[*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*][*,*]"] {
        assert_eq!(read(&format!("from = \"json\"\nitem = \"{path}\""), &deep), 0);
    }
    let nested = "<div itemscope itemprop='a b' class='p-author h-entry'>".repeat(limits::DOCUMENT_DEPTH - 10);
    read("item = \"div\"", &nested);
    read("from = \"feed\"", &format!("<rss version='2.0'><channel>{}", "<item><media:group>".repeat(50_000)));
    assert!(started.elapsed() < Duration::from_mins(1), "{:?}", started.elapsed());
}

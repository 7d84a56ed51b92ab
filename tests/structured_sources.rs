//! Lists that a page does not show, or not whole: in the state of its scripts, in JSON-LD, in the site's sitemap. And those that
//! it marks for machines.

#![cfg(test)]

mod support;

use std::fmt::Write as _;
use std::path::Path;

use chrono::TimeDelta;
use feedmill::outcome::Outcome;
use serde_json::{Value, json};
use support::bench::Bench;
use support::feedmill;
use support::origin::Origin;
use support::script::Script;

const TITLES: [&str; 5] = [
    "The weir is clean again",
    "Geese block the road to the mill",
    "Flour prices fall for once",
    "A miller who counts to nine",
    "Crabs in the mill race",
];

fn slug(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

/// Rows as a state has them, made of number, title and slug.
fn posts(row: impl Fn(usize, &str, &str) -> Value) -> Vec<Value> {
    TITLES.iter().enumerate().map(|(n, title)| row(n + 1, title, &slug(title))).collect()
}

/// A page that scripts are to fill.
fn shell(head: &str, scripts: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><title>The Mill Times</title>{head}</head><body><div id=__next></div>{scripts}\
         <script src=/app.js></script></body></html>"
    )
}

fn next(state: &Value) -> String {
    format!("<script id=__NEXT_DATA__ type=application/json>{state}</script>")
}

fn day(n: usize) -> String {
    format!("2026-03-{n:02}T10:00:00Z")
}

fn run(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = feedmill(home).args(arguments).output().expect("the binary");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// What is suggested for a page.
fn suggest(origin: &Origin, path: &str) -> Value {
    let home = tempfile::tempdir().unwrap();
    let (url, address) = (origin.url(path), origin.address().to_string());
    let (_, said, talk) = run(home.path(), &["suggest", &url, "--json", "--allow-private", &address]);
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}\n{talk}"))
}

/// What is suggested for a page alone.
fn suggest_page(page: impl Into<String>) -> Value {
    let origin = Origin::start();
    origin.on("/list/", Script::html(page.into()));
    suggest(&origin, "/list/")
}

/// The lines of the rule's listing.
fn listing(told: &Value) -> &str {
    let toml = told["toml"].as_str().unwrap_or_else(|| panic!("{told}"));
    toml.split_once("listing]\n").map(|(_, lines)| lines).unwrap_or_default()
}

/// Title, path and day of what the rule yields.
fn items(told: &Value) -> Vec<(String, String, String)> {
    let items = told["items"].as_array().unwrap_or_else(|| panic!("{told}"));
    let row = |item: &Value| {
        let field = |name: &str| item["fields"][name].as_str().unwrap_or_default().to_owned();
        let path = field("link").splitn(4, '/').nth(3).unwrap_or_default().to_owned();
        (field("title"), path, field("published").chars().take(10).collect())
    };
    items.iter().map(row).collect()
}

fn expected(folder: &str, dated: bool) -> Vec<(String, String, String)> {
    let row = |(n, title): (usize, &&str)| {
        let day = if dated { day(n + 1).chars().take(10).collect() } else { String::new() };
        ((*title).to_owned(), format!("{folder}{}", slug(title)), day)
    };
    TITLES.iter().enumerate().map(row).collect()
}

#[test]
fn a_shell_is_read_by_the_state_that_its_scripts_begin_with() {
    let menu = json!([{ "title": "All the news", "url": "/news" }, { "title": "Sport", "url": "/sport" }, { "title": "Arts", "url": "/arts" }]);
    let rows = posts(|n, title, slug| {
        let image = format!("/img/{n}");
        json!({ "heading": title, "href": format!("/news/{slug}"), "image": { "url": image, "alt": title }, "publishedAt": day(n) })
    });
    let state = json!({ "props": { "pageProps": { "menu": menu, "blocks": [{ "stories": rows[..2] }, { "stories": rows[2..] }] } } });
    let told = suggest_page(shell("", &next(&state)));
    assert_eq!(items(&told), expected("news/", true));
    assert_eq!(
        listing(&told),
        "item = { json = \"$.props.pageProps.blocks[*].stories[*]\", script = \"script#__NEXT_DATA__\" }\ntitle = \"$.heading\"\n"
    );
    // Assigned, as other frameworks do it, with seconds since 1970.
    let rows = posts(
        |n, title, slug| json!({ "title": title, "url": format!("/news/{slug}"), "time": 1_772_359_200 + n * 86_400 }),
    );
    let script = format!("<script>var a = 1; window.__STATE__ = {};</script>", json!({ "feed": { "list": rows } }));
    let told = suggest_page(shell("", &script));
    assert_eq!(items(&told)[0].2, "2026-03-02");
    assert!(
        listing(&told).starts_with("item = { json = \"$.feed.list\", script = \"script:not([src])\" }\n"),
        "{told}"
    );
}

#[test]
fn the_state_of_nuxt_is_unfolded() {
    let mut folded = vec![json!(["ShallowReactive", 1]), json!({ "data": 2 }), json!({ "posts": 3 }), Value::Null];
    let mut rows = Vec::new();
    for (n, title) in TITLES.iter().enumerate() {
        let at = folded.len();
        rows.push(at);
        folded.extend([json!({ "title": at + 1, "path": at + 2, "date": at + 3 }), json!(title)]);
        folded.extend([json!(format!("/blog/{}", slug(title))), json!(["Date", day(n + 1)])]);
    }
    folded[3] = json!(rows);
    let script =
        format!("<script type=application/json id=__NUXT_DATA__ data-ssr=true>{}</script>", Value::Array(folded));
    let told = suggest_page(shell("", &script));
    assert_eq!(items(&told), expected("blog/", true));
    assert!(listing(&told).contains("json = \"$.data.posts\", script = \"script#__NUXT_DATA__\""), "{told}");
}

#[test]
fn json_ld_that_lists_is_a_list_and_the_way_to_the_page_is_none() {
    let crumb = |n: usize| json!({ "@type": "ListItem", "position": n, "name": format!("Folder number {n}"), "item": format!("/f/{n}") });
    let elements = posts(|n, title, slug| {
        let article = json!({ "@type": "NewsArticle", "headline": title, "url": format!("/news/{slug}"), "datePublished": day(n) });
        json!({ "@type": "ListItem", "position": n, "item": article })
    });
    let graph = json!({ "@context": "https://schema.org", "@graph": [
        { "@type": "BreadcrumbList", "itemListElement": (1..9).map(crumb).collect::<Vec<_>>() },
        { "@type": "CollectionPage", "mainEntity": { "@type": "ItemList", "itemListElement": elements } },
    ] });
    let told = suggest_page(shell(&format!("<script type=application/ld+json>{graph}</script>"), ""));
    assert_eq!(items(&told), expected("news/", true));
    let crumbs = json!({ "@type": "BreadcrumbList", "itemListElement": (1..9).map(crumb).collect::<Vec<_>>() });
    let told = suggest_page(shell(&format!("<script type=application/ld+json>{crumbs}</script>"), ""));
    assert!(told["error"].as_str().unwrap().contains("nothing on the page looks like a list"), "{told}");
    let blog = posts(
        |n, title, slug| json!({ "@type": "BlogPosting", "headline": title, "url": format!("/b/{slug}"), "datePublished": day(n) }),
    );
    let blog = json!({ "@type": "Blog", "name": "Mill", "blogPost": blog });
    let told = suggest_page(shell(&format!("<script type=application/ld+json>{blog}</script>"), ""));
    assert_eq!(items(&told), expected("b/", true));
}

/// A page that shows its rows, with dates or without.
fn shown(dated: bool, state: &str) -> String {
    let mut rows = String::new();
    for (n, title) in TITLES.iter().enumerate() {
        let time = if dated { format!("<time datetime={}>March</time>", day(n + 1)) } else { String::new() };
        let _ = write!(rows, "<li class=story><h2><a href=/news/{}>{title}</a></h2>{time}</li>", slug(title));
    }
    format!("<!DOCTYPE html><html lang=en><head><title>Mill</title></head><body><ul>{rows}</ul>{state}</body></html>")
}

#[test]
fn what_a_page_shows_stays_unless_its_state_has_the_dates() {
    let rows = posts(|n, title, slug| json!({ "title": title, "url": format!("/news/{slug}"), "date": day(n) }));
    let state = next(&json!({ "props": { "posts": rows } }));
    let told = suggest_page(shown(true, &state));
    assert_eq!((items(&told), listing(&told)), (expected("news/", true), "item = \".story\"\n"));
    let told = suggest_page(shown(false, &state));
    assert_eq!(items(&told), expected("news/", true));
    assert!(listing(&told).contains("script#__NEXT_DATA__"), "{told}");
    // Another list than the one that is shown.
    let rows = posts(|n, title, slug| json!({ "title": title, "url": format!("/shop/{slug}"), "date": day(n) }));
    let told = suggest_page(shown(false, &next(&json!({ "props": { "posts": rows } }))));
    assert_eq!((items(&told), listing(&told)), (expected("news/", false), "item = \".story\"\n"));
}

#[test]
fn what_rows_tell_only_the_end_of_needs_a_witness() {
    let rows = posts(|n, title, slug| json!({ "id": n, "title": title, "slug": slug, "date": day(n) }));
    let state = next(&json!({ "props": { "posts": rows } }));
    let told = suggest_page(shell("", &state));
    assert!(told["error"].is_string(), "{told}");
    // One link on the page.
    let witness = format!("<a href=/diary/{}/>Latest</a>", slug(TITLES[3]));
    let told = suggest_page(shell("", &format!("{witness}{state}")));
    assert!(listing(&told).contains("link = { json = \"$.slug\", template = \"/diary/{value}/\" }\n"), "{told}");
    // The articles themselves.
    let origin = Origin::start();
    origin.on("/list/", Script::html(shell("", &state)));
    for title in TITLES {
        let article =
            format!("<title>{title} | Mill</title><h1>{title}</h1><p>{}</p>", "Words of the mill. ".repeat(40));
        origin.on(&format!("/blog/{}", slug(title)), Script::html(article));
    }
    // What answers to everything is no witness.
    for title in TITLES {
        origin.on(&format!("/list/{}", slug(title)), Script::html("<title>The Mill Times</title><h1>Not here</h1>"));
    }
    let told = suggest(&origin, "/list/");
    assert_eq!(items(&told), expected("blog/", true));
    assert!(listing(&told).contains("template = \"/blog/{value}\""), "{told}");
}

#[test]
fn an_article_that_knows_of_others_is_no_list() {
    let rows = posts(|n, title, slug| json!({ "title": title, "url": format!("/list/{slug}"), "date": day(n) }));
    let state = next(&json!({ "props": { "post": { "title": "One sack too many" }, "related": rows } }));
    let head =
        "<meta property=og:type content=article><meta property=article:published_time content=2026-03-02T10:00:00Z>";
    let told = suggest_page(shell(head, &state));
    assert!(told["error"].as_str().unwrap().contains("is an article"), "{told}");
    // By its address alone, which is like theirs.
    let origin = Origin::start();
    origin.on("/list/one-sack-too-many", Script::html(shell("", &state)));
    assert!(suggest(&origin, "/list/one-sack-too-many")["error"].is_string());
}

#[test]
fn a_box_of_news_is_not_what_a_page_of_something_else_is_for() {
    let rows = posts(|n, title, slug| json!({ "title": title, "url": format!("/news/{slug}"), "date": day(n) }));
    let state = next(&json!({ "props": { "standings": { "news": rows } } }));
    let team = |n: usize| format!("<tr><td>The geese of village {n}</td><td>{n} won</td><td>{n} lost</td></tr>");
    let table: String = (1..90).map(team).collect();
    let told = suggest_page(shell("", &format!("<h1>Standings</h1><table>{table}</table>{state}")));
    assert!(told["error"].is_string(), "{told}");
    let told = suggest_page(shell("", &format!("<h1>Standings</h1>{state}")));
    assert_eq!(items(&told), expected("news/", true));
}

#[test]
fn the_sitemap_is_the_last_resort() {
    let origin = Origin::start();
    let urls = |folder: &str| -> String {
        TITLES
            .iter()
            .map(|title| format!("<url><loc>{}</loc></url>", origin.url(&format!("{folder}{}", slug(title)))))
            .collect()
    };
    let set = |urls: &str| {
        Script::page(
            "application/xml",
            format!("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"),
        )
    };
    origin.on("/news/", Script::html(shell("", "")));
    origin.on(
        "/robots.txt",
        Script::page(
            "text/plain",
            format!(
                "User-agent: *\nDisallow: /hidden.xml\nSitemap: {}\nSitemap: {}\n",
                origin.url("/hidden.xml"),
                origin.url("/index.xml")
            ),
        ),
    );
    let sitemap = |path: &str| format!("<sitemap><loc>{}</loc></sitemap>", origin.url(path));
    let index = format!("<sitemapindex>{}{}</sitemapindex>", sitemap("/pages.xml"), sitemap("/news.xml"));
    origin.on("/index.xml", Script::page("application/xml", index));
    origin.on("/pages.xml", set(&urls("/pages/")));
    origin.on("/hidden.xml", set(&urls("/news/")));
    origin.on("/news.xml", set(&(urls("/news/") + &urls("/shop/"))));
    let told = suggest(&origin, "/news/");
    assert_eq!((told["kind"].as_str(), told["items"].as_array().map(Vec::len)), (Some("sitemap"), Some(5)), "{told}");
    assert_eq!(listing(&told), "from = \"sitemap\"\nlink_pattern = \"/news/.\"\n");
    let toml = told["toml"].as_str().unwrap();
    assert!(
        toml.contains(&format!("url = \"{}\"", origin.url("/news.xml"))) && toml.contains("full_text = true"),
        "{toml}"
    );
    assert!(toml.contains("title = \"The Mill Times\"\n"), "called as the page is: {toml}");
    assert!(told["remarks"][0].as_str().unwrap().contains("has 10 entries, 5 of them under /news/"), "{told}");
    assert_eq!(origin.hits("/hidden.xml"), 0, "robots.txt forbids it");
    // Nothing there belongs to the page.
    origin.on("/arts/", Script::html(shell("", "")));
    assert!(suggest(&origin, "/arts/")["error"].is_string());
}

#[test]
fn what_is_marked_for_machines_comes_before_other_lists() {
    let others: String =
        (1..20).map(|n| format!("<p class=story><a href=/c/thing-{n}-x>Thing to read, {n}</a></p>")).collect();
    let page = |row: &dyn Fn(&str, &str) -> String| {
        let rows: String = TITLES.iter().map(|title| row(title, &slug(title))).collect();
        format!(
            "<html lang=en><title>Mill</title><body><div class=h-feed>{rows}</div><div class=y>{others}</div></body></html>"
        )
    };
    let micro = page(&|title, slug| {
        format!(
            "<div class=css-1x2y3z itemscope itemtype=https://schema.org/NewsArticle><a itemprop=url href=/n/{slug}>\
             <span itemprop=headline>{title}</span></a></div>"
        )
    });
    let told = suggest_page(micro);
    assert_eq!((items(&told), listing(&told)), (expected("n/", false), "item = \"[itemtype$=NewsArticle]\"\n"));
    let microformats = page(&|title, slug| {
        format!("<div class='css-1x2y3z mb-4 h-entry'><a class='u-url p-name' href=/n/{slug}>{title}</a></div>")
    });
    let told = suggest_page(microformats);
    assert_eq!((items(&told), listing(&told)), (expected("n/", false), "item = \".h-entry\"\n"));
}

#[test]
fn hostile_state_is_read_as_far_as_it_is_bounded() {
    let deep = format!("<script type=application/json>{}1{}</script>", "[".repeat(100_000), "]".repeat(100_000));
    let many: Vec<Value> =
        (0..100_000).map(|n| json!({ "title": format!("Goose number {n}"), "url": format!("/g/{n}") })).collect();
    let many = next(&json!({ "rows": many }));
    let few = posts(|n, title, slug| json!({ "title": title, "url": format!("/news/{slug}"), "date": day(n) }));
    let few = format!("<script type=application/json id=real>{}</script>", json!({ "posts": few }));
    let told = suggest_page(shell("", &format!("{deep}{few}")));
    assert_eq!(items(&told), expected("news/", true));
    // What is too heavy is left out, and the page is as if it had not been there.
    let told = suggest_page(shell("", &format!("{few}{}", next(&json!(vec![json!({}); 300_000])))));
    assert_eq!(items(&told), expected("news/", true));
    let told = suggest_page(shell("", &many));
    assert!(told["error"].is_string() || told["items"].as_array().unwrap().len() <= 500, "{told}");
}

/// What an address alone makes of a shell with this state, after what it made before.
async fn refreshed(bench: &Bench, origin: &Origin, state: &Value) -> Outcome {
    origin.on("/list/", Script::html(shell("", &next(state))));
    bench.wait(TimeDelta::minutes(90));
    bench.refresh().await.outcome.clone()
}

#[tokio::test]
async fn an_address_alone_is_read_by_its_state_and_survives_another_one() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = format!(
        "[fetch]\ngap = \"0s\"\n[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\n",
        origin.url("/list/"),
        origin.address()
    );
    let bench = Bench::start(home.path(), &toml);
    let rows = posts(|n, title, slug| json!({ "title": title, "url": format!("/news/{slug}"), "date": day(n) }));
    let fresh = |new| Outcome::Fresh { entries: 5, new, changed: 0 };
    assert_eq!(refreshed(&bench, &origin, &json!({ "props": { "posts": rows } })).await, fresh(5));
    let mut more = rows.clone();
    more.insert(0, json!({ "title": "A fox at the weir", "url": "/news/a-fox-at-the-weir", "date": day(9) }));
    more.pop();
    assert_eq!(refreshed(&bench, &origin, &json!({ "props": { "posts": more } })).await, fresh(1));
    // The next build calls everything otherwise.
    let row = |post: &Value| json!({ "node": { "headline": post["title"], "href": post["url"], "publishedAt": post["date"] } });
    let edges: Vec<Value> = more.iter().map(row).collect();
    let outcome = refreshed(&bench, &origin, &json!({ "data": { "feed": { "edges": edges } } })).await;
    assert_eq!(outcome, fresh(0), "the rule is mended, and no item is new");
    assert_eq!(bench.feed().await.items.len(), 6);
    // An empty list is none that has moved, though what is read most stands elsewhere.
    let state = json!({ "data": { "feed": { "edges": [] } }, "popular": more[..4] });
    let outcome = refreshed(&bench, &origin, &state).await;
    assert!(matches!(outcome, Outcome::Empty { .. }), "{outcome:?}");
    // Nothing at all: what was known is served on.
    let outcome = refreshed(&bench, &origin, &json!({ "data": {} })).await;
    assert!(matches!(outcome, Outcome::Empty { .. }), "{outcome:?}");
    assert_eq!(bench.feed().await.items.len(), 6);
}

#[tokio::test]
async fn state_that_tells_only_the_ends_of_addresses_is_found_again_by_what_is_archived() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = format!(
        "[fetch]\ngap = \"0s\"\n[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\n[sites.mill.listing]\n\
         item = {{ json = \"$.props.posts\", script = \"#__NEXT_DATA__\" }}\n\
         link = {{ json = \"$.slug\", template = \"/news/{{value}}\" }}\n",
        origin.url("/list/"),
        origin.address()
    );
    let bench = Bench::start(home.path(), &toml);
    let fresh = |new| Outcome::Fresh { entries: 5, new, changed: 0 };
    let rows = posts(|n, title, slug| json!({ "title": title, "slug": slug, "date": day(n) }));
    assert_eq!(refreshed(&bench, &origin, &json!({ "props": { "posts": rows } })).await, fresh(5));
    let edges = posts(|n, title, slug| json!({ "node": { "headline": title, "uri": slug, "date": day(n) } }));
    assert_eq!(refreshed(&bench, &origin, &json!({ "feed": { "edges": edges } })).await, fresh(0));
}

#[tokio::test]
async fn a_list_that_is_dated_in_its_state_only_is_found_again_there() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let address = origin.address();
    let toml = format!("[sites.mill]\nurl = \"{}\"\nallow_private = [\"{address}\"]\n", origin.url("/list/"));
    let bench = Bench::start(home.path(), &toml);
    let shown: String =
        TITLES.iter().map(|title| format!("<li><a href=/news/{}>{title}</a></li>", slug(title))).collect();
    let rows = posts(|n, title, slug| json!({ "title": title, "url": format!("/news/{slug}"), "date": day(n) }));
    for (state, new) in [(json!({ "posts": rows }), 5), (json!({ "feed": { "all": rows } }), 0)] {
        let page = shell("", &format!("<main><ul>{shown}</ul></main>{}", next(&state)));
        origin.on("/list/", Script::html(page));
        bench.wait(TimeDelta::minutes(90));
        let outcome = bench.refresh().await.outcome.clone();
        assert_eq!(outcome, Outcome::Fresh { entries: 5, new, changed: 0 });
    }
    let repair = bench.engine.detail("mill").await.unwrap().unwrap().status.repair.unwrap();
    assert!(repair.difference.contains("+item = { json = \"$.feed.all\""), "{}", repair.difference);
}

//! `feedmill suggest` makes a rule of an address, says what it is worth, and writes it down without touching anything else;
//! where there is nothing to make a rule of, it says why, and what to do.

#![cfg(test)]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use support::feedmill;
use support::origin::Origin;
use support::press::{self, Generation};
use support::script::Script;
use support::site::{Site, configure};

/// The exit code, stdout and stderr.
fn run(home: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = feedmill(home).args(arguments).output().expect("the binary");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// What is suggested for a page of the origin.
fn suggest(home: &Path, origin: &Origin, path: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let (url, address) = (origin.url(path), origin.address().to_string());
    run(home, &[&["suggest", &url, "--allow-private", &address], more].concat())
}

fn json(home: &Path, origin: &Origin, path: &str, more: &[&str]) -> Value {
    let (_, said, talk) = suggest(home, origin, path, &[&["--json"], more].concat());
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}\n{talk}"))
}

fn titles(items: &Value) -> Vec<&str> {
    items.as_array().unwrap().iter().map(|item| item["fields"]["title"].as_str().unwrap()).collect()
}

/// A feed of the site's articles.
fn feed(origin: &Origin, site: &Site, folder: &str) -> Script {
    let mut items = String::new();
    for article in &site.articles {
        let link = origin.url(&format!("{folder}{}", article.slug));
        let title = article.title.replace('&', "&amp;");
        let _ = write!(items, "<item><title>{title}</title><link>{link}</link></item>");
    }
    let rss = format!("<rss version='2.0'><channel><title>All the mill</title>{items}</channel></rss>");
    Script::page("application/rss+xml", rss)
}

/// The site's list, with feeds named in its head.
fn announcing(site: &Site, feeds: &[&str]) -> String {
    let links: String =
        feeds.iter().map(|href| format!("<link rel=alternate type=application/rss+xml href='{href}'>")).collect();
    site.listing().replace("</head>", &format!("{links}</head>"))
}

#[test]
fn the_first_site_may_be_written_into_a_file_without_any() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    press::publish(&origin, Generation::Second, 20..=34);
    fs::create_dir(home.path().join("more")).unwrap();
    for text in ["", "# mine\n", "include = [\"more/*.toml\"]\n\n[defaults]\nrefresh = \"2h\"\n"] {
        let file = home.path().join("sites.toml");
        fs::write(&file, text).unwrap();
        let (code, _, talk) = suggest(home.path(), &origin, "/world/", &["--write"]);
        assert_eq!(code, Some(0), "{text}: {talk}");
        assert!(fs::read_to_string(&file).unwrap().starts_with(text), "{text}");
    }
    fs::write(home.path().join("sites.toml"), "colour = 1\n").unwrap();
    assert_eq!(suggest(home.path(), &origin, "/world/", &[]).0, Some(3), "other mistakes are told");
}

#[test]
fn several_that_write_at_once_lose_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    press::publish(&origin, Generation::Second, 20..=34);
    std::thread::scope(|scope| {
        for name in ["a", "b", "c", "d", "e", "f"] {
            let (origin, home) = (&origin, home.path());
            scope.spawn(move || suggest(home, origin, "/world/", &["--write", "--name", name]));
        }
    });
    let text = fs::read_to_string(home.path().join("sites.toml")).unwrap();
    for name in ["a", "b", "c", "d", "e", "f"] {
        assert!(text.contains(&format!("[sites.{name}]")), "{name}: {text}");
    }
}

#[test]
fn an_address_becomes_a_rule_that_reads_its_page() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    press::publish(&origin, Generation::Second, 20..=34);
    let (code, toml, talk) = suggest(home.path(), &origin, "/world/?utm_source=mail#top", &[]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(
        toml.starts_with("[sites.site-world]\n") && toml.contains(&format!("url = \"{}\"", origin.url("/world/"))),
        "{toml}"
    );
    assert!(toml.contains("\n[sites.site-world.listing]\nitem = "), "{toml}");
    assert!(toml.lines().count() <= 16, "short: {toml}");
    assert!(
        talk.contains(&press::title(34)) && talk.contains("and 10 more") && talk.contains("confidence: "),
        "{talk}"
    );
    assert!(talk.contains("--write adds it to sites.toml"), "{talk}");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing is written unless that is wanted");
    assert_eq!(origin.requests().iter().filter(|seen| seen.path != "/world/").count(), 3, "three articles are read");

    // Piped into a file as it is.
    configure(home.path(), &toml);
    let (code, seen, talk) = run(home.path(), &["preview", "site-world", "--json"]);
    assert_eq!(code, Some(0), "{talk}");
    let seen: Value = serde_json::from_str(&seen).unwrap();
    let expected: Vec<String> = (20..=34).rev().map(press::title).collect();
    assert_eq!(titles(&seen["items"]), expected);
}

#[test]
fn a_rule_is_added_and_nothing_else_of_the_file_changes() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(8).publish(&origin);
    let file = home.path().join("sites.toml");
    let (code, toml, talk) = suggest(home.path(), &origin, "/", &["--write"]);
    assert_eq!(code, Some(0), "{talk}");
    assert_eq!(fs::read_to_string(&file).unwrap(), toml, "a file is begun where there was none");
    assert!(talk.contains("added to sites.toml"), "{talk}");

    let mine = "# my feeds\r\n[sites.b]   # the first\r\nurl = 'https://b.example/'\r\n\r\n[sites.a]\r\nurl = \"https://a.example/\" # why";
    fs::write(&file, mine).unwrap();
    let (code, toml, talk) = suggest(home.path(), &origin, "/", &["--write", "--name", "mill"]);
    assert_eq!(code, Some(0), "{talk}");
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!(written, format!("{mine}\r\n\r\n{}", toml.replace('\n', "\r\n")));
    assert_eq!(run(home.path(), &["check", "--no-tests"]).0, Some(0));

    for (arguments, code, why) in [
        (&["--write", "--name", "mill"][..], 2, "has `mill` already; give another --name"),
        (&["--write"], 2, "reads this page already, as `mill`"),
        (&["--write", "--name", "The Mill"], 2, "cannot be a site's name"),
        (&["--write", "--name", "other", "--allow-private", "nowhere"], 2, "nowhere"),
    ] {
        let (got, said, talk) = suggest(home.path(), &origin, "/", arguments);
        assert_eq!((got, said.as_str()), (Some(code), ""), "{arguments:?}: {talk}");
        assert!(talk.contains(why), "{talk}");
        assert_eq!(fs::read_to_string(&file).unwrap(), written, "{arguments:?}");
    }
}

#[test]
fn a_file_that_has_no_sites_yet_gets_its_first_one() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(8).publish(&origin);
    let file = home.path().join("sites.toml");
    // A shell makes the first of them before it runs `feedmill suggest URL > sites.toml`.
    for mine in ["", "# my feeds\n", "[defaults]\nrefresh = \"2h\"\n"] {
        fs::write(&file, mine).unwrap();
        let (code, toml, talk) = suggest(home.path(), &origin, "/", &["--write"]);
        assert_eq!(code, Some(0), "{talk}");
        let gap = if mine.is_empty() { "" } else { "\n" };
        assert_eq!(fs::read_to_string(&file).unwrap(), format!("{mine}{gap}{toml}"));
    }
    fs::write(&file, "[defaults]\nrefersh = \"2h\"\n").unwrap();
    let (code, _, talk) = suggest(home.path(), &origin, "/", &[]);
    assert!(code == Some(3) && talk.contains("did you mean `refresh`?"), "{talk}");
}

#[test]
fn a_file_that_is_wrong_is_not_added_to() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(8).publish(&origin);
    configure(home.path(), "[sites.a]\nulr = \"https://a.example/\"\n");
    let (code, said, talk) = suggest(home.path(), &origin, "/", &["--write"]);
    assert_eq!((code, said.as_str()), (Some(3), ""));
    assert!(talk.contains("did you mean `url`?"), "{talk}");
    assert!(origin.requests().is_empty());
}

#[test]
fn names_are_made_of_the_address_and_are_new() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    press::publish(&origin, Generation::Second, 20..=30);
    configure(
        home.path(),
        "[sites.site-world]\nurl = \"https://a.example/\"\n[merged.site-world-2]\nsites = [\"site-world\"]\n",
    );
    assert_eq!(json(home.path(), &origin, "/world/", &[])["name"], "site-world-3");
}

#[test]
fn a_date_before_its_entry_is_not_that_of_the_entry_before() {
    let home = tempfile::tempdir().unwrap();
    let page = home.path().join("page.html");
    let row = |n: usize| (n, format!("<a href=/news/{n}>{}</a>", press::title(n)));
    let day = |n: usize| format!("{} March 2026", 28 - n);
    let pairs: fn(usize, &str, &str) -> String = |_, day, link| format!("<dt>{day}</dt><dd>{link}</dd>");
    let plain: fn(usize, &str, &str) -> String = |_, day, link| format!("<b>{day}</b> {link}<br>");
    let days: fn(usize, &str, &str) -> String =
        |n, day, link| format!("{}<p>{link}</p>", if n % 2 == 1 { format!("<h3>{day}</h3>") } else { String::new() });
    for (form, is_by_day) in [(pairs, false), (plain, false), (days, true)] {
        let rows: String = (1..=10).map(row).map(|(n, link)| form(n, &day(n), &link)).collect();
        fs::write(&page, format!("<html lang=en><title>The mill</title><main><h1>News</h1><div>{rows}</div></main>"))
            .unwrap();
        let arguments = ["suggest", "https://mill.example/", "--json", "--page", page.to_str().unwrap()];
        let (code, said, talk) = run(home.path(), &arguments);
        assert_eq!(code, Some(0), "{talk}{said}");
        let seen: Value = serde_json::from_str(&said).unwrap();
        let items = seen["items"].as_array().unwrap();
        assert_eq!(items.len(), 10);
        for (n, item) in (1..=10).zip(items) {
            let day = if is_by_day { 28 - (n - (n + 1) % 2) } else { 28 - n };
            let published = item["fields"]["published"].as_str().unwrap_or_default();
            assert!(published.starts_with(&format!("2026-03-{day:02}")), "{n}: {published} by {}", seen["toml"]);
        }
    }
}

#[test]
fn pages_without_a_list_are_told_from_each_other() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let story =
        "<p>The miller counted the sacks twice, and the goose, which trusts nobody, counted them once more.</p>";
    let article = format!(
        "<html><head><title>Sacks</title><meta property=og:type content=article></head><body><nav><a href=/>Mill</a></nav>\
         <article><h1>The sacks are counted</h1><time datetime=2026-03-02>2 March 2026</time>{}</article></body></html>",
        story.repeat(12)
    );
    origin.on("/news/sacks", Script::html(article));
    origin.on("/log-in", Script::html("<title>Sign in</title><form method=post><input name=user><input type=password name=p><button>Sign in</button></form>"));
    origin.on("/gone", Script::error(404, "<h1>Not found</h1>"));
    origin.on("/empty", Script::html("<title>Mill</title><p>Nothing here.</p>"));
    origin.on("/picture", Script::page("image/png", b"\x89PNG\r\n\x1a\n".to_vec()));
    origin.on("/guarded", Script::error(403, "<title>Just a moment...</title>").header("cf-mitigated", "challenge"));
    for (path, why, advice) in [
        ("/guarded", "a challenge page of Cloudflare", "Ask less often"),
        ("/news/sacks", "is an article", "Name the page that lists articles instead, perhaps "),
        ("/log-in", "asks for a log-in", "cookies"),
        ("/gone", "answered 404", "address"),
        ("/empty", "nothing on the page looks like a list", "scripts make it"),
        ("/picture", "is not a page", "Name the page that links to it"),
    ] {
        let (code, said, talk) = suggest(home.path(), &origin, path, &["--write"]);
        assert_eq!((code, said.as_str()), (Some(1), ""), "{path}: {talk}");
        assert!(talk.contains(why) && talk.contains(advice), "{path}: {talk}");
        let told = json(home.path(), &origin, path, &[]);
        assert!(told["error"].as_str().unwrap().contains(why), "{told}");
    }
    assert!(!home.path().join("sites.toml").exists());
}

#[test]
fn private_addresses_are_asked_only_if_that_is_allowed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(8).publish(&origin);
    let (code, said, talk) = run(home.path(), &["suggest", &origin.url("/")]);
    assert_eq!((code, said.as_str()), (Some(1), ""));
    assert!(talk.contains("refused: ") && talk.contains("--allow-private"), "{talk}");
    assert!(origin.requests().is_empty());
    // What the configuration allows to all is allowed.
    configure(
        home.path(),
        &format!("[defaults]\nallow_private = [\"{}\"]\n[sites.a]\nurl = \"https://a.example/\"\n", origin.address()),
    );
    let (code, toml, talk) = run(home.path(), &["suggest", &origin.url("/")]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(!toml.contains("allow_private"), "{toml}");
}

#[test]
fn a_scheme_need_not_be_written() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(8).publish(&origin);
    let address = origin.address().to_string();
    let (code, toml, talk) = run(home.path(), &["suggest", &format!("{address}/"), "--allow-private", &address]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(toml.contains(&format!("url = \"http://{address}/\"")), "what answered is written down: {toml}");
}

#[test]
fn a_feed_of_the_same_articles_comes_first() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(8);
    site.publish(&origin);
    origin.on("/", Script::html(announcing(&site, &["/comments/feed/", "/gone.xml", "/feed.xml"])));
    origin.on("/feed.xml", feed(&origin, &site, "/stories/"));
    let (code, toml, talk) = suggest(home.path(), &origin, "/", &[]);
    assert_eq!(code, Some(0), "{talk}");
    let url = origin.url("/feed.xml");
    assert!(toml.contains(&format!("url = \"{url}\"")) && toml.contains("from = \"feed\""), "{toml}");
    assert!(talk.contains(&format!("this site has a feed: {url} (All the mill), 8 items, 8 of the page's")), "{talk}");
    assert!(talk.contains("/gone.xml is named as a feed, but cannot be fetched"), "{talk}");
    assert!(talk.contains("    item = "), "the page's own rule is shown, too: {talk}");
    assert_eq!(origin.hits("/comments/feed/"), 0, "a feed of comments is none of articles");

    let told = json(home.path(), &origin, "/", &["--no-feed"]);
    assert!(told["toml"].as_str().unwrap().contains("item = ") && told["second"].is_null(), "{told}");
    assert_eq!((&told["feeds"][0]["common"], &told["kind"]), (&8.into(), &"page".into()));
}

#[test]
fn a_feed_of_something_else_is_named_and_not_taken() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(8);
    site.publish(&origin);
    origin.on("/", Script::html(announcing(&site, &["/feed.xml"])));
    let other = Site { articles: Site::of(30).articles.drain(..20).collect(), ..Site::of(1) };
    origin.on("/feed.xml", feed(&origin, &other, "/elsewhere/"));
    let (code, toml, talk) = suggest(home.path(), &origin, "/", &[]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(toml.contains("item = "), "{toml}");
    assert!(talk.contains("20 items, none of the page's among them"), "{talk}");

    // A feed of the whole site has a section's articles, too, and others between them.
    let mut whole = Site { articles: Vec::new(), ..Site::of(1) };
    for (article, other) in site.articles.iter().zip(other.articles.chunks(2)) {
        whole.articles.extend(other.to_vec());
        whole.articles.push(article.clone());
    }
    origin.on("/feed.xml", feed(&origin, &whole, "/stories/"));
    let (code, toml, talk) = suggest(home.path(), &origin, "/", &[]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(toml.contains("item = "), "{toml}");
    assert!(talk.contains("8 of the page's among them: it is a feed of more than this page"), "{talk}");
}

#[test]
fn feeds_sitemaps_and_json_are_taken_as_what_they_are() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(6);
    site.publish(&origin);
    origin.on("/feed.xml", feed(&origin, &site, "/stories/"));
    let mut urls = format!("<url><loc>{}</loc></url><url><loc>{}</loc></url>", origin.url("/"), origin.url("/about"));
    let mut posts = Vec::new();
    for article in &site.articles {
        let link = origin.url(&format!("/stories/{}", article.slug));
        let _ = write!(urls, "<url><loc>{link}</loc></url>");
        posts.push(serde_json::json!({ "path": format!("/stories/{}", article.slug), "heading": article.title, "when": article.published }));
    }
    let sitemap = format!("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>");
    origin.on("/sitemap.xml", Script::page("application/xml", sitemap));
    origin.on("/api", Script::page("application/json", serde_json::json!({ "data": { "posts": posts } }).to_string()));
    for (path, kind, lines) in [
        ("/feed.xml", "feed", "from = \"feed\"\n"),
        ("/sitemap.xml", "sitemap", "from = \"sitemap\"\nlink_pattern = "),
        ("/api", "json", "item = \"$.data.posts\"\nlink = \"$.path\"\ntitle = \"$.heading\"\npublished = \"$.when\"\n"),
    ] {
        let told = json(home.path(), &origin, path, &[]);
        let toml = told["toml"].as_str().unwrap();
        assert!(told["kind"] == kind && toml.contains(lines), "{told}");
        assert_eq!(told["items"].as_array().unwrap().len(), 6, "{told}");
        assert!(kind == "sitemap" || titles(&told["items"])[0] == "Sack 6 & its goose", "{told}");
    }
}

#[test]
fn language_and_zone_come_from_what_the_articles_say() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(8);
    site.publish(&origin);
    let told = json(home.path(), &origin, "/", &[]);
    let toml = told["toml"].as_str().unwrap();
    // The articles say `lang=en` and +01:00, which is the time of half of Europe and of no English country in winter.
    assert!(toml.contains("language = \"en\"") && !toml.contains("timezone"), "{toml}");
    for article in &site.articles {
        let page = format!(
            "<html lang=de><head><title>{0}</title></head><body><article><h1>{0}</h1><time datetime={1}>damals</time>{2}</article></body></html>",
            article.title,
            article.published,
            "<p>Der Müller zählte die Säcke zweimal, und die Gans zählte sie noch einmal.</p>".repeat(8)
        );
        origin.on(&format!("/stories/{}", article.slug), Script::html(page));
    }
    let told = json(home.path(), &origin, "/", &[]);
    let toml = told["toml"].as_str().unwrap();
    assert!(toml.contains("language = \"de\"\ntimezone = \"Europe/Berlin\"\n"), "{toml}");
}

#[test]
fn a_page_without_a_rule_is_previewed_and_extracted() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    press::publish(&origin, Generation::Second, 20..=34);
    let (url, address) = (origin.url("/world/"), origin.address().to_string());
    let (code, said, talk) = run(home.path(), &["preview", &url, "--allow-private", &address]);
    assert_eq!(code, Some(0), "{talk}");
    assert!(said.contains(&press::title(34)) && said.contains(&press::title(20)), "{said}");
    assert!(said.contains("    item = "), "the rule is shown: {said}");

    let page = home.path().join("page.html");
    fs::write(&page, press::listing(Generation::Second, 20..=34)).unwrap();
    let (code, said, talk) = run(home.path(), &["extract", "listing", "--url", &url, "page.html"]);
    assert_eq!(code, Some(0), "{talk}");
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["items"].as_array().unwrap().len(), 15);
    assert!(said["rule"].as_str().unwrap().starts_with("item = "));
    // The same page, kept in a file, gives the same rule; nothing is fetched for it.
    let asked = origin.requests().len();
    let told = json(home.path(), &origin, "/world/", &["--page", "page.html"]);
    assert_eq!((told["items"].as_array().unwrap().len(), origin.requests().len()), (15, asked));
}

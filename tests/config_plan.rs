//! What a good `sites.toml` is compiled to.

#![cfg(test)]

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use chrono_tz::Europe::Moscow;
use feedmill::config::{self, PageKind, Plan, Refresh, Site};
use feedmill::item::Field;
use feedmill::rule::{Allowed, DateFormat, DateHint, Extractor, FieldRule, Locale, Rule, Secret, Source};

const FULL: &str = r##"
# Everything that can be said, in one file.
[server]
listen = "0.0.0.0:80"
public_url = "https://feeds.example/mill"

[fetch]
user_agent = "mill/1"
connect_timeout = "3s"
first_byte_timeout = "4s"
gap_timeout = "5s"
total_timeout = "1m30s"
max_body = "8 MiB"
concurrency = 2
gap = "1s"

[archive]
url = "sqlite:/var/lib/feedmill.db"

[sites.sputnik-world]
title    = "Sputnik International: World"
description = "What Moscow says"
url      = "https://sputnikglobe.com/world/"
language = "en"
timezone = "Europe/Moscow"
charset  = "utf8"
refresh  = "1h30m"
show     = 30
headers  = { Cookie = "a=b", Accept-Language = "en" }
user_agent = "Mozilla/5.0"
proxy    = "socks5h://127.0.0.1:9050"
allow_private = ["10.0.0.5:8080", "10.1.0.0/16"]

[sites.sputnik-world.listing]
item = [".list__item", ".item"]
container = "#list"
limit = 20
link_pattern = '/\d{8}/'
order = "reverse"
pages = 3
next = ["a.older", { css = "a.more", attr = "data-url" }]
link = "a.list__title @href"
title = "a.list__title"
id = "@data-id"
summary = false

[sites.sputnik-world.article]
title     = ["h1.article__title", "h1[itemprop=name]"]
published = [{ css = "a[data-unixtime]", attr = "data-unixtime", format = "unix" }, { meta = "analytics:p_ts", format = "unix-ms" }, { jsonld = "datePublished" }]
updated   = { css = "time", format = "%d.%m.%Y", timezone = "Europe/Berlin", timezone_override = true }
author    = [{ css = "[itemprop=author] [itemprop=name]" }, "a[rel=author]"]
content   = [".article__body", ".b-article__text"]
remove    = ["[data-type=article]", "[data-type=banner]", ".article__google-news"]
image     = [".media__size img @src", ".b-article__header > img @src"]
image_credit = { css = ".credit", match = "© (.+)", replace = [["/", " / "], ["\\s+", " "]], default = "Sputnik" }
category  = { css = ".tag__text", all = true, join = ", ", template = "{value} in {title}" }
id        = { url = '-(\d{7,})\.html$|/\d{8}(\d{7,})-' }
comments  = { text = "https://sputnikglobe.com/chat", html = true }

[[sites.sputnik-world.test]]
page = "pages/article.html"
url = "https://sputnikglobe.com/20181102/x-1069455579.html"
kind = "article"
expect = { title = "A title", published = "2018-11-02T00:00:00+03:00" }
contains = ["Homeland"]
lacks = ["READ MORE", "Subscribe"]

[[sites.sputnik-world.test]]
page = "/elsewhere/listing.html"
count = 12
"##;

fn plan(toml: &str) -> Plan {
    config::parse(toml, Path::new("/etc/feedmill/sites.toml")).unwrap_or_else(|problems| panic!("{problems}"))
}

fn site(toml: &str) -> Site {
    plan(toml).sites.values().next().map(|site| Site::clone(site)).unwrap()
}

fn extractors(rule: &Rule, field: Field) -> &[Extractor] {
    rule.article.as_ref().unwrap().fields.extractors(field)
}

fn css(extractor: &Extractor) -> (&str, Option<&str>) {
    match &extractor.source {
        Source::Css(css) => (css.as_str(), extractor.refine.attr.as_deref()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_address_is_a_site() {
    let plan = config::parse("[sites.ferris]\nurl = \"https://ferris.example/\"\n", Path::new("sites.toml")).unwrap();
    let rule = &plan.sites["ferris"].rule;
    assert!(rule.listing.item.is_empty() && rule.listing.from.is_none() && rule.article.is_none());
    let some = "[sites.a]\nurl = \"https://a.example/\"\nlisting = { link = \"h2 a @href\", limit = 5 }\n";
    let plan = config::parse(some, Path::new("sites.toml")).unwrap();
    let listing = &plan.sites["a"].rule.listing;
    assert!(listing.item.is_empty() && listing.limit == 5 && listing.fields.names(Field::Link));
}

#[test]
fn the_program_and_the_network() {
    let plan = plan(FULL);
    assert_eq!(plan.server.listen.to_string(), "0.0.0.0:80");
    assert_eq!(plan.server.public_url.unwrap().as_str(), "https://feeds.example/mill/");
    assert_eq!(plan.archive.as_ref().map(Secret::expose), Some("sqlite:/var/lib/feedmill.db"));
    assert_eq!(plan.sites.keys().collect::<Vec<_>>(), ["sputnik-world"]);

    let upstream = &plan.sites["sputnik-world"].upstream;
    assert_eq!(upstream.patience.connect, Duration::from_secs(3));
    assert_eq!(upstream.patience.first_byte, Duration::from_secs(4));
    assert_eq!(upstream.patience.gap, Duration::from_secs(5));
    assert_eq!(upstream.patience.total, Duration::from_secs(90));
    assert_eq!((upstream.body_bytes, upstream.concurrency), (8 * 1024 * 1024, 2));
    assert_eq!(upstream.gap, Duration::from_secs(1));
    assert_eq!(upstream.user_agent.as_ref().map(Secret::expose), Some("Mozilla/5.0"), "the site's own comes first");
    assert_eq!(upstream.proxy.as_ref().map(Secret::expose), Some("socks5h://127.0.0.1:9050"));
    assert_eq!(upstream.headers, [("Accept-Language".into(), "en".into()), ("Cookie".into(), "a=b".into())]);
    assert_eq!(upstream.allow_private, ["10.0.0.5:8080", "10.1.0.0/16"].map(|one| Allowed::parse(one).unwrap()));
}

#[test]
fn a_site_and_its_listing() {
    let site = site(FULL);
    assert_eq!(site.name, "sputnik-world");
    assert_eq!(site.title.as_deref(), Some("Sputnik International: World"));
    assert_eq!(site.description.as_deref(), Some("What Moscow says"));
    assert_eq!(site.url.as_str(), "https://sputnikglobe.com/world/");
    assert_eq!(site.language.as_deref(), Some("en"));
    assert_eq!((site.show, site.refresh), (30, Refresh::Every(Duration::from_mins(90))));
    assert_eq!(site.rule.timezone, Moscow);
    assert_eq!(site.rule.charset, Some(encoding_rs::UTF_8));

    let listing = &site.rule.listing;
    assert_eq!(listing.item.iter().map(ToString::to_string).collect::<Vec<_>>(), [".list__item", ".item"]);
    assert_eq!(listing.container.as_ref().map(ToString::to_string).as_deref(), Some("#list"));
    assert_eq!(listing.link_pattern.as_ref().map(regex::Regex::as_str), Some(r"/\d{8}/"));
    assert_eq!((listing.limit, listing.reverse, listing.pages), (20, true, 3));
    assert_eq!(listing.next.as_ref().map(|next| next.extractors().len()), Some(2));
    assert!(listing.fields.is_off(Field::Summary));
    assert_eq!(css(&listing.fields.extractors(Field::Link)[0]), ("a.list__title", Some("href")));
    assert_eq!(css(&listing.fields.extractors(Field::Id)[0]), (":scope", Some("data-id")));
    assert_eq!(listing.fields.iter().count(), 4);
}

#[test]
fn an_article() {
    let site = site(FULL);
    let rule = &*site.rule;
    let written = |field| extractors(rule, field).iter().map(|way| way.written.as_str()).collect::<Vec<_>>();
    assert_eq!(written(Field::Title), ["h1.article__title", "h1[itemprop=name]"]);
    assert_eq!(written(Field::Image), [".media__size img @src", ".b-article__header > img @src"]);
    assert_eq!(written(Field::Published)[2], r#"{ jsonld = "datePublished" }"#);
    assert_eq!(rule.article.as_ref().unwrap().remove.len(), 3);

    let hints: Vec<_> = extractors(rule, Field::Published).iter().map(|way| way.refine.date.clone().unwrap()).collect();
    // The site's language is that of its dates.
    let locale = Locale::parse("en");
    let hint = |format| DateHint { format, timezone: Moscow, timezone_override: false, locale };
    assert_eq!(hints, [hint(Some(DateFormat::Unix)), hint(Some(DateFormat::UnixMillis)), hint(None)]);
    assert_eq!(
        extractors(rule, Field::Updated)[0].refine.date,
        Some(DateHint {
            format: Some(DateFormat::Strftime("%d.%m.%Y".into())),
            timezone: chrono_tz::Europe::Berlin,
            timezone_override: true,
            locale,
        })
    );

    let credit = &extractors(rule, Field::ImageCredit)[0].refine;
    assert_eq!(credit.matching.as_ref().unwrap().as_str(), "© (.+)");
    assert_eq!(
        credit.replace.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect::<Vec<_>>(),
        [("/", " / "), (r"\s+", " ")]
    );
    assert_eq!(credit.date, None);
    assert_eq!(rule.article.as_ref().unwrap().fields.default_of(Field::ImageCredit), Some("Sputnik"));
    let category = &extractors(rule, Field::Category)[0].refine;
    assert_eq!((category.all, category.join.as_deref()), (Some(true), Some(", ")));
    assert!(category.template.as_ref().unwrap().needs_others());
    assert!(matches!(&extractors(rule, Field::Id)[0].source, Source::Url(url) if url.is_match("/x-1069455579.html")));
    assert!(matches!(&extractors(rule, Field::Comments)[0].source, Source::Text(_)));
    assert_eq!(extractors(rule, Field::Comments)[0].refine.html, Some(true));
    assert!(rule.article.as_ref().unwrap().fields.get(Field::Summary).is_none());
    assert!(
        matches!(rule.article.as_ref().unwrap().fields.get(Field::Content), Some(FieldRule::From(ways)) if ways.len() == 2)
    );
}

#[test]
fn saved_tests_lie_beside_the_file() {
    let site = site(FULL);
    let [article, listing] = site.tests.as_slice() else { panic!("{:?}", site.tests) };
    assert_eq!(article.page, Path::new("/etc/feedmill/pages/article.html"));
    assert_eq!(article.url.as_str(), "https://sputnikglobe.com/20181102/x-1069455579.html");
    assert_eq!((article.kind, article.count), (PageKind::Article, None));
    assert_eq!(article.expect["title"], "A title");
    assert_eq!((article.contains.len(), article.lacks.len()), (1, 2));
    assert_eq!(FULL.lines().nth(article.line - 1), Some("[[sites.sputnik-world.test]]"));
    assert_eq!(listing.page, Path::new("/elsewhere/listing.html"));
    assert_eq!(listing.url, site.url);
    assert_eq!((listing.kind, listing.count), (PageKind::Listing, Some(12)));
}

const SMALL: &str = "[sites.a]\nurl = 'https://a.example/'\nlisting.item = '.x'\n";

/// The defaults are what the schema, and so the reference, says they are.
#[test]
fn defaults_are_those_of_the_schema() {
    let schema = config::schema();
    let default = |table: &str, key: &str| {
        let property = schema.pointer(&format!("/definitions/{table}/properties/{key}")).unwrap();
        assert!(!property["default"].is_null(), "{table} {key}");
        property["default"].clone()
    };
    let fetch = schema["definitions"]["fetch"]["properties"].as_object().unwrap();
    let mut toml = format!("server.listen = {}\n", default("server", "listen"));
    for key in fetch.keys().filter(|key| *key != "user_agent") {
        writeln!(toml, "fetch.{key} = {}", default("fetch", key)).unwrap();
    }
    toml.push_str(SMALL);
    for key in ["refresh", "show", "timezone"] {
        writeln!(toml, "{key} = {}", default("site", key)).unwrap();
    }
    for key in ["limit", "order", "pages"] {
        writeln!(toml, "listing.{key} = {}", default("listing", key)).unwrap();
    }
    let (said, silent) = (plan(&toml), plan(SMALL));
    assert_eq!(format!("{:?}", said.server), format!("{:?}", silent.server));
    let (said, silent) = (&said.sites["a"], &silent.sites["a"]);
    assert_eq!(said.upstream, silent.upstream);
    assert_eq!((said.show, said.refresh), (silent.show, silent.refresh));
    assert_eq!(said.rule.timezone, silent.rule.timezone);
    assert_eq!(
        (said.rule.listing.limit, said.rule.listing.reverse, said.rule.listing.pages),
        (silent.rule.listing.limit, silent.rule.listing.reverse, silent.rule.listing.pages)
    );
}

#[test]
fn a_rule_keeps_its_hash_until_it_reads_something_else() {
    let hash = |toml: &str| site(toml).rule.hash.clone();
    let before = hash(FULL);
    assert_eq!(before.len(), 32);
    for (from, to) in [
        ("# Everything", "# Anything"),
        ("item = [\".list__item\", \".item\"]", "item = [\n  \".list__item\", # rows\n  '.item',\n]"),
        (
            "link = \"a.list__title @href\"\ntitle = \"a.list__title\"",
            "title = 'a.list__title'\nlink = 'a.list__title @href'",
        ),
        ("title    = \"Sputnik International: World\"", "title = 'Sputnik'"),
        ("refresh  = \"1h30m\"", "refresh = '2h'"),
        ("show     = 30", "show = 31"),
        ("concurrency = 2", "concurrency = 3"),
        ("count = 12", "count = 13"),
        ("charset  = \"utf8\"", "charset = 'utf-8'"),
    ] {
        assert!(FULL.contains(from), "{from}");
        assert_eq!(hash(&FULL.replace(from, to)), before, "{to}");
    }
    for (from, to) in [
        ("limit = 20", "limit = 21"),
        ("limit = 20", ""),
        ("order = \"reverse\"", ""),
        ("pages = 3", "pages = 4"),
        ("\"a.older\", ", ""),
        ("summary = false", ""),
        ("link = \"a.list__title @href\"", "link = \"a.list__title @data-href\""),
        ("timezone = \"Europe/Moscow\"", ""),
        ("charset  = \"utf8\"", ""),
        ("\"[data-type=article]\", ", ""),
        ("join = \", \"", "join = \"; \""),
        ("https://sputnikglobe.com/world/", "https://sputnikglobe.com/asia/"),
        ("Cookie = \"a=b\"", "Cookie = \"a=c\""),
    ] {
        assert!(FULL.contains(from), "{from}");
        assert_ne!(hash(&FULL.replace(from, to)), before, "{from} -> {to}");
    }
}

#[test]
fn ways_of_writing_one_extractor() {
    let rule = |toml: &str| site(&format!("{SMALL}{toml}")).rule;
    let title = |toml| rule(toml).listing.fields.extractors(Field::Title).to_vec();
    assert_eq!(css(&title("listing.title = ' h2  @Title '")[0]), ("h2", Some("title")));
    assert_eq!(css(&title("listing.title = '@title'")[0]), (":scope", Some("title")));
    assert_eq!(css(&title("listing.title = ':scope > a'")[0]), (":scope > a", None));
    let ways =
        title("[[sites.a.listing.title]]\ncss = 'h2'\nattr = 'title'\n[[sites.a.listing.title]]\nmeta = 'og:title'");
    assert_eq!(ways[0].written, r#"{ css = "h2", attr = "title" }"#);
    assert!(matches!(&ways[1].source, Source::Meta(name) if name == "og:title"));
    let pair = title(r"listing.title = { css = 'h2', replace = ['^(\d+)\. ', '#${1}a '] }");
    assert_eq!(pair[0].refine.replace.len(), 1);
    assert!(rule("").article.is_none());
    assert!(rule("[sites.a.article]").article.is_some());
}

#[test]
fn the_full_text_is_looked_for_where_it_is_asked_for() {
    let looked_for =
        |toml: &str| site(&format!("{SMALL}{toml}")).rule.article.as_ref().map(|article| article.full_text);
    assert_eq!(looked_for(""), None);
    assert_eq!(looked_for("full_text = false"), None);
    assert_eq!(looked_for("full_text = true"), Some(true));
    assert_eq!(looked_for("[sites.a.article]"), Some(true));
    assert_eq!(looked_for("[sites.a.article]\ncontent = '.body'"), Some(true));
    assert_eq!(looked_for("[sites.a.article]\ncontent = false"), Some(false));
    assert_eq!(looked_for("full_text = false\n[sites.a.article]"), Some(false));
    assert_eq!(looked_for("[defaults]\nfull_text = true"), Some(true));
    assert_eq!(looked_for("full_text = false\n[defaults]\nfull_text = true"), None);
    let hash = |toml: &str| site(&format!("{SMALL}{toml}")).rule.item_hash.clone();
    assert_eq!(hash("full_text = true"), hash("[defaults]\nfull_text = true"));
    assert_ne!(hash("full_text = true"), hash(""));
}

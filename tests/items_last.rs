//! An item once seen is never lost or repeated: it keeps its id and its date, whatever its site does.

#![cfg(test)]

mod support;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use feedmill::clock::Clock as _;
use feedmill::edition::Feed;
use feedmill::item::Field;
use feedmill::outcome::Outcome;
use support::bench::Bench;
use support::origin::Origin;
use support::script::Script;
use support::site::{Article, Site, sites_toml};

fn ids(feed: &Feed) -> Vec<&str> {
    feed.items.iter().map(|item| item.id.as_str()).collect()
}

/// The same site, read from its listing alone.
fn without_article(origin: &Origin) -> String {
    let toml = sites_toml(origin, "");
    let (site, rest) = toml.split_once("[sites.mill.article]").unwrap();
    format!("{site}{}", &rest[rest.find("[fetch]").unwrap()..])
}

fn dates(feed: &Feed) -> Vec<String> {
    feed.items.iter().map(|item| item.published.to_rfc3339()).collect()
}

#[tokio::test]
async fn an_entry_that_leaves_the_listing_stays_in_the_feed() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(5);
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let gone = site.articles.pop().unwrap();
    site.articles.insert(0, Article::numbered(6));
    site.publish(&origin);
    let refreshed = bench.refresh().await;
    assert_eq!(refreshed.outcome, Outcome::Fresh { entries: 5, new: 1, changed: 0 });
    let feed = bench.feed().await;
    assert_eq!(feed.items.len(), 6);
    assert_eq!(feed.items[0].title(), "Sack 6 & its goose");
    assert_eq!(feed.items[5].title(), gone.title);
    assert!(feed.items.iter().all(|item| item.fields.content.is_some()));
}

#[tokio::test]
async fn fault_43_an_edited_article_keeps_its_id_and_date_and_moves_updated() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(3);
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let before = bench.feed().await;
    site.articles[1].body = "<p>Corrected: it was the cat.</p>".to_owned();
    site.publish(&origin);

    bench.wait(TimeDelta::minutes(30));
    assert_eq!(bench.refresh().await.outcome, Outcome::Unchanged, "not due yet");
    assert_eq!(bench.feed().await, before);

    bench.wait(TimeDelta::minutes(40));
    assert_eq!(bench.refresh().await.outcome, Outcome::Fresh { entries: 0, new: 0, changed: 1 });
    let after = bench.feed().await;
    assert_eq!((ids(&after), dates(&after)), (ids(&before), dates(&before)));
    assert!(after.items[1].fields.content.as_ref().unwrap().as_str().contains("the cat"));
    assert!(after.items[1].updated > before.items[1].updated, "an edit in substance");
    assert_eq!(after.items[0], before.items[0], "the others are as they were");
    assert!(after.changed > before.changed);
}

#[tokio::test]
async fn fault_43_markup_alone_does_not_move_updated() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(1);
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let before = bench.feed().await;
    site.articles[0].body = site.articles[0].body.replace("<p>", "<p class=new><em></em>");
    site.publish(&origin);
    bench.wait(TimeDelta::hours(2));
    bench.refresh().await;
    assert_eq!(bench.feed().await.items[0].updated, before.items[0].updated);
}

#[tokio::test]
async fn fault_43_links_that_change_on_every_fetch_make_no_new_item() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(4);
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let before = bench.feed().await;
    for tail in ["utm_source=list&utm_id=1", "utm_source=list&utm_id=2", "fbclid=x", "PHPSESSID=abc"] {
        site.tail = tail.to_owned();
        site.articles.reverse();
        site.publish(&origin);
        let outcome = bench.refresh().await.outcome.clone();
        assert_eq!(outcome, Outcome::Fresh { entries: 4, new: 0, changed: 0 }, "{tail}");
    }
    assert_eq!(ids(&bench.feed().await), ids(&before));
    assert!(!before.items.iter().any(|item| item.id.contains('?')));
    assert_eq!(origin.hits("/stories/sack-1"), 1, "a link's tail is no reason to ask again");
}

#[tokio::test]
async fn fault_43_a_visitors_id_that_only_the_page_unmasks() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(2);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    for visit in ["who=7", "who=8"] {
        site.tail = visit.to_owned();
        site.publish(&origin);
        for article in &site.articles {
            let path = format!("/stories/{}", article.slug);
            let page = format!("<link rel=canonical href='{path}'><h1>{}</h1><div class=body>x</div>", article.title);
            origin.on(&path, Script::html(page));
        }
        bench.refresh().await;
    }
    assert_eq!(bench.feed().await.items.len(), 2);
}

#[tokio::test]
async fn fault_42_an_undated_item_keeps_its_first_seen_date() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = sites_toml(&origin, "");
    let mut site = Site::of(3);
    site.dated = false;
    site.publish(&origin);
    let mut bench = Bench::start(home.path(), &toml);
    bench.refresh().await;
    let first = bench.feed().await;
    assert_eq!(dates(&first)[0], "2026-11-23T12:00:00+00:00");
    assert_eq!(first.items[0].title(), "Sack 3 & its goose", "equal dates: in the order of the listing");
    for round in 0..10 {
        bench.wait(TimeDelta::hours(5));
        if round == 5 {
            bench = bench.restart(home.path(), &toml);
        }
        site.tail = format!("utm_term={round}");
        site.articles.rotate_left(1);
        site.publish(&origin);
        bench.refresh().await;
        let feed = bench.feed().await;
        assert_eq!((ids(&feed), dates(&feed)), (ids(&first), dates(&first)));
    }
}

#[tokio::test]
async fn fault_42_dates_in_the_future_are_first_sight() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(3);
    for (article, date) in
        site.articles.iter_mut().zip(["2026-11-23T20:00:00Z", "2026-11-25T12:00:00Z", "2036-11-23T12:00:00Z"])
    {
        article.published = date.to_owned();
    }
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    let report = bench.refresh().await.report.clone();
    assert!(dates(&bench.feed().await).iter().all(|date| date == "2026-11-23T12:00:00+00:00"));
    assert!(report.notes.iter().any(|note| note.what.contains("lies in the future")), "{report:?}");
}

#[tokio::test]
async fn fault_44_no_two_items_of_an_edition_share_an_id() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(3);
    let twin = site.articles[0].clone();
    site.articles.push(Article { title: "The same link again".to_owned(), ..twin.clone() });
    site.articles.push(Article { slug: "another-link".to_owned(), ..twin });
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let feed = bench.feed().await;
    let unique: BTreeSet<&str> = ids(&feed).into_iter().collect();
    assert_eq!((feed.items.len(), unique.len()), (4, 4));
}

#[tokio::test]
async fn fault_24_a_list_that_comes_back_is_whole_again() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(20);
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let before = bench.feed().await;
    origin.on("/", Script::html("<p>We are moving house.</p>"));
    assert!(matches!(bench.refresh().await.outcome, Outcome::Empty { .. }));
    assert_eq!(bench.feed().await, before);
    site.publish(&origin);
    assert!(bench.refresh().await.outcome.is_good());
    assert_eq!(bench.feed().await, before);
}

#[tokio::test]
async fn fault_25_rows_that_lack_something_are_kept_if_they_can_be() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let rows = "<li class=story data-id=1><a href=/stories/a>A</a><time datetime=2026-01-01>x</time></li>\
                <li class=story data-id=2>no link, but an id</li>\
                <li class=story><b>neither link nor id</b></li>\
                <li class=story data-id=4><a href=/stories/b></a></li>\
                <li class=story><a href='javascript:go(5)'>leads nowhere</a></li>";
    origin.on("/", Script::html(format!("<ul>{rows}</ul>")));
    let toml = format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\n[sites.mill.listing]\nitem = \"li.story\"\nid = \"@data-id\"\n",
        origin.url("/"),
        origin.address()
    );
    let bench = Bench::start(home.path(), &toml);
    let refreshed = bench.refresh().await;
    assert_eq!(refreshed.outcome, Outcome::Fresh { entries: 3, new: 3, changed: 0 });
    assert_eq!(refreshed.report.dropped, 2);
    let feed = bench.feed().await;
    let links: Vec<Option<&str>> =
        feed.items.iter().map(|item| item.fields.link.as_ref().map(|link| link.as_url().path())).collect();
    assert_eq!(links, [None, Some("/stories/b"), Some("/stories/a")], "undated ones were seen just now");
    assert!(feed.items.iter().all(|item| item.id.starts_with("tag:127.0.0.1,2026-11-23:mill/")));
}

#[tokio::test]
async fn an_empty_list_is_no_failure_if_its_container_is_there() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml =
        sites_toml(&origin, "").replace("item = \"li.story\"", "item = \"li.story\"\ncontainer = \"ul.stories\"");
    Site::of(0).publish(&origin);
    let bench = Bench::start(home.path(), &toml);
    assert_eq!(bench.refresh().await.outcome, Outcome::Fresh { entries: 0, new: 0, changed: 0 });
    assert!(bench.feed().await.items.is_empty());
    origin.on("/", Script::html("<p>Something else entirely</p>"));
    let outcome = bench.refresh().await.outcome.clone();
    assert!(outcome.why().is_some_and(|why| why.contains("container is gone")), "{outcome:?}");
}

#[tokio::test]
async fn an_edited_rule_reads_the_listed_articles_again() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(3).publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let before = bench.feed().await;
    let edited = sites_toml(&origin, "").replace("content = \".body\"", "content = \"p.by\"");
    let bench = bench.restart(home.path(), &edited);
    assert_eq!(bench.refresh().await.outcome, Outcome::Fresh { entries: 3, new: 0, changed: 3 });
    let after = bench.feed().await;
    assert_eq!((ids(&after), dates(&after)), (ids(&before), dates(&before)));
    assert!(after.items[0].fields.content.as_ref().unwrap().as_str().contains("Ada Miller"));
}

#[tokio::test]
async fn an_article_that_fails_is_published_from_its_row_and_retried() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(2);
    site.publish(&origin);
    origin.on("/stories/sack-1", Script::status(503));
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    let refreshed = bench.refresh().await;
    assert_eq!(refreshed.outcome, Outcome::Fresh { entries: 2, new: 2, changed: 0 });
    assert!(refreshed.report.notes.iter().any(|note| note.what.contains("503")), "{:?}", refreshed.report.notes);
    let before = bench.feed().await;
    assert_eq!(before.items[1].title(), "Sack 1 & its goose");
    assert!(before.items[1].fields.content.is_none());
    site.publish(&origin);
    bench.wait(TimeDelta::minutes(11));
    bench.refresh().await;
    let after = bench.feed().await;
    assert_eq!(ids(&after), ids(&before));
    assert!(after.items[1].fields.content.is_some());
}

#[tokio::test]
async fn a_site_that_moves_to_https_or_drops_its_slashes_repeats_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &without_article(&origin));
    for form in ["http://www.a.example/story/", "https://www.a.example/story/", "https://a.example/story"] {
        origin.on("/", Script::html(format!("<li class=story><a href='{form}'>The story</a></li>")));
        bench.refresh().await;
        let feed = bench.feed().await;
        assert_eq!(ids(&feed), ["http://www.a.example/story/"], "{form}");
    }
    let row = |form: &str| format!("<li class=story><a href='{form}'>The story</a></li>");
    for _ in 0..2 {
        origin.on("/", Script::html(row("https://a.example/story") + &row("http://a.example/story/")));
        bench.refresh().await;
        assert_eq!(bench.feed().await.items.len(), 1, "both at once");
    }
}

#[tokio::test]
async fn places_on_the_listing_itself_are_items() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let rows = "<li class=story><a href='#v2'>Version 2</a></li><li class=story><a href='#v1'>Version 1</a></li>";
    origin.on("/", Script::html(rows));
    let toml = format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\n[sites.mill.listing]\nitem = \"li.story\"\nlink = \"a @href\"\n",
        origin.url("/"),
        origin.address()
    );
    let bench = Bench::start(home.path(), &toml);
    assert_eq!(bench.refresh().await.outcome, Outcome::Fresh { entries: 2, new: 2, changed: 0 });
    let links: Vec<String> =
        bench.feed().await.items.iter().map(|item| item.fields.link.as_ref().unwrap().to_string()).collect();
    assert_eq!(links, [origin.url("/#v2"), origin.url("/#v1")]);
}

#[tokio::test]
async fn one_canonical_address_for_all_pages_merges_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let page = |n: usize| format!("<link rel=canonical href='/topic'><h1>Topic {n}</h1><div class=body>x</div>");
    let list = |range: std::ops::Range<usize>| -> String {
        range.map(|n| format!("<li class=story><a href='/topic?t={n}'>Topic {n}</a></li>")).collect()
    };
    for n in 0..6 {
        origin.on(&format!("/topic?t={n}"), Script::html(page(n)));
    }
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    for start in 0..4 {
        origin.on("/", Script::html(list(start..start + 3)));
        bench.refresh().await;
        bench.wait(TimeDelta::hours(2));
    }
    assert_eq!(bench.feed().await.items.len(), 6);
}

/// Refreshes five times, two hours apart, and tells how many items there are and how many ids they have.
async fn after_five_refreshes(bench: &Bench) -> (usize, usize) {
    for _ in 0..5 {
        bench.refresh().await;
        bench.wait(TimeDelta::hours(2));
    }
    let feed = bench.feed().await;
    (feed.items.len(), ids(&feed).into_iter().collect::<BTreeSet<_>>().len())
}

#[tokio::test]
async fn an_old_address_that_is_listed_beside_the_new_one_repeats_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(3);
    site.articles.insert(1, Article { slug: "old".to_owned(), ..Article::numbered(9) });
    site.publish(&origin);
    origin.on("/stories/old", Script::redirect(301, "/stories/sack-3"));
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    let (items, unique) = after_five_refreshes(&bench).await;
    assert_eq!(items, unique, "no id twice");
    assert!(items <= 4, "{items}");
}

#[tokio::test]
async fn pages_that_all_name_one_listed_article_as_their_own_repeat_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(4);
    site.publish(&origin);
    for article in &site.articles {
        let page =
            format!("<link rel=canonical href=/stories/sack-4><h1>{}</h1><div class=body>x</div>", article.title);
        origin.on(&format!("/stories/{}", article.slug), Script::html(page));
    }
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    assert_eq!(after_five_refreshes(&bench).await, (4, 4));
}

#[tokio::test]
async fn a_link_that_the_article_names_repeats_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let rows: String = (0..4).map(|n| format!("<li class=story><a href='/r?id={n}'>Story {n}</a></li>")).collect();
    origin.on("/", Script::html(rows));
    for n in 0..4 {
        origin.on(&format!("/r?id={n}"), Script::redirect(302, &format!("/a{n}")));
        origin.on(
            &format!("/a{n}"),
            Script::html(format!("<link rel=canonical href=/a{n}><h1>Story {n}</h1><div class=body>x</div>")),
        );
    }
    let toml = sites_toml(&origin, "")
        .replace("content = \".body\"", "content = \".body\"\nlink = \"link[rel=canonical] @href\"");
    let bench = Bench::start(home.path(), &toml);
    assert_eq!(after_five_refreshes(&bench).await, (4, 4));
    assert_eq!(ids(&bench.feed().await)[0], origin.url("/a0"));
    assert!(origin.hits("/a0") <= 3, "{} looks in ten hours", origin.hits("/a0"));
}

#[tokio::test]
async fn fault_23_a_challenge_in_an_article_s_place_takes_nothing_away() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let site = Site::of(2);
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    bench.refresh().await;
    let before = bench.feed().await;
    origin.on("/stories/sack-1", Script::html("<title>Checking your browser</title><h1>Just a moment</h1>"));
    origin.on("/stories/sack-2", Script::redirect(302, "/"));
    bench.wait(TimeDelta::hours(2));
    let report = bench.refresh().await.report.clone();
    assert_eq!(bench.feed().await.items, before.items);
    assert_eq!(
        report.notes.iter().filter(|note| note.what.contains("leads to something else now")).count(),
        2,
        "{report:?}"
    );
    site.publish(&origin);
    bench.wait(TimeDelta::hours(2));
    bench.refresh().await;
    assert_eq!(bench.feed().await.items, before.items);
}

#[tokio::test]
async fn fault_42_a_date_that_comes_and_goes_in_the_row_changes_nothing() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let bench = Bench::start(home.path(), &without_article(&origin));
    for time in ["", "<time datetime=2026-11-20></time>", "", "<time datetime=2026-11-01></time>"] {
        origin.on("/", Script::html(format!("<li class=story><a href=/a>A</a>{time}</li>")));
        bench.refresh().await;
        bench.wait(TimeDelta::hours(1));
        assert_eq!(dates(&bench.feed().await), ["2026-11-23T12:00:00+00:00"], "{time}");
    }
}

#[tokio::test]
async fn more_articles_than_one_refresh_reads_follow_in_the_next() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(70).publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, "show = 100"));
    bench.refresh().await;
    let with_text = |feed: &Feed| feed.items.iter().filter(|item| item.fields.content.is_some()).count();
    let first = bench.feed().await;
    assert_eq!((first.items.len(), with_text(&first)), (70, 50));
    let due = bench.archive.state("mill").await.unwrap().due.unwrap();
    assert!(due - bench.clock.now() <= TimeDelta::seconds(66), "and soon");
    bench.refresh().await;
    let second = bench.feed().await;
    assert_eq!((ids(&second), with_text(&second)), (ids(&first), 70));
}

#[tokio::test]
async fn the_report_counts_what_items_lack_after_row_and_article_are_merged() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let mut site = Site::of(3);
    site.dated = false;
    site.publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, ""));
    let report = bench.refresh().await.report.clone();
    let tally = |field| report.fields.get(&field).map(|tally| (tally.found, tally.missing));
    assert_eq!(tally(Field::Title), Some((3, 0)));
    assert_eq!(tally(Field::Content), Some((3, 0)), "by the rule");
    assert_eq!(tally(Field::Author), Some((3, 0)), "from the usual place");
    assert_eq!(tally(Field::Image), None, "a site without pictures misses none");
}

#[tokio::test]
async fn rows_without_a_link_are_kept_up_to_date_from_the_listing_alone() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    let toml = sites_toml(&origin, "")
        .replace("item = \"li.story\"", "item = \"li.story\"\nid = \"@data-id\"\ntitle = \":scope\"");
    let bench = Bench::start(home.path(), &toml);
    for title in ["First words", "Better words"] {
        origin.on("/", Script::html(format!("<li class=story data-id=7>{title}</li>")));
        bench.refresh().await;
        assert_eq!(bench.feed().await.items[0].title(), title);
        let due = bench.archive.state("mill").await.unwrap().due.unwrap();
        assert!(due - bench.clock.now() >= TimeDelta::hours(1), "nothing is left for a refresh soon after");
    }
    assert_eq!(bench.feed().await.items.len(), 1);
}

#[tokio::test]
async fn a_new_title_in_the_configuration_moves_the_feeds_own_date() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    Site::of(2).publish(&origin);
    let bench = Bench::start(home.path(), &sites_toml(&origin, "title = \"Teh Mill\""));
    bench.refresh().await;
    let before = bench.feed().await;
    bench.wait(TimeDelta::hours(1));
    bench.refresh().await;
    assert_eq!(bench.feed().await.changed, before.changed, "nothing new");
    let bench = bench.restart(home.path(), &sites_toml(&origin, "title = \"The Mill\""));
    bench.refresh().await;
    let after = bench.feed().await;
    assert_eq!((after.title.as_str(), &after.items), ("The Mill", &before.items));
    assert!(after.changed > before.changed);
}

#[tokio::test]
async fn a_text_that_stands_in_the_row_is_no_reason_to_doubt_the_article() {
    let (origin, home) = (Origin::start(), tempfile::tempdir().unwrap());
    for fields in ["author = \".who\"", "author = \".who\"\ncontent = \".nowhere\""] {
        let toml = sites_toml(&origin, "")
            .replace("item = \"li.story\"", "item = \"li.story\"\ncontent = \".text\"")
            .replace("content = \".body\"", fields);
        origin.on("/", Script::html("<li class=story><a href=/a>A</a><div class=text>The whole text</div></li>"));
        let bench = Bench::start(home.path(), &toml);
        for author in ["Ada", "Bo"] {
            origin.on("/a", Script::html(format!("<h1>A</h1><p class=who>{author}</p>")));
            let report = bench.refresh().await.report.clone();
            assert!(!report.notes.iter().any(|note| note.what.contains("something else")), "{report:?}");
            assert_eq!(bench.feed().await.items[0].fields.author[0].as_str(), author);
            bench.wait(TimeDelta::hours(2));
        }
    }
}

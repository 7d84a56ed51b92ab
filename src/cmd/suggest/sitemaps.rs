//! The sitemap of a site whose page has no list: the last resort, since it lists everything, and mostly without titles.

use std::collections::VecDeque;

use serde_json::Value;

use super::asked::Asker;
use super::pattern;
use crate::induce::{Draft, Way};
use crate::limits;
use crate::page::Document;
use crate::rule::Form;
use crate::webpage::Page;
use crate::weburl::WebUrl;

/// Entries that are worth a rule.
const FEWEST: usize = 3;

/// What sitemaps of articles are called.
const POSTS: [&str; 4] = ["post", "article", "blog", "stor"];

/// What addresses match but for the front page's: it stands in the sitemap of posts, too, where it is their list.
const BEYOND_THE_FRONT: &str = "[^/]/[^/]";

/// What a sitemap says of its entries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// They are news: it has what only news have.
    News,
    /// They are articles: it is called so.
    Posts,
    Any,
}

/// A sitemap with entries for the page that was asked for.
pub(super) struct Mapped {
    /// The address that the rule has: that of the sitemap, or of the index that leads to it as long as it is the newest.
    pub(super) url: WebUrl,
    pub(super) page: Page,
    pub(super) draft: Draft,
    /// What was found, as a remark.
    pub(super) remark: String,
}

/// A sitemap that waits to be asked for; with the index that has it as its newest.
struct Waiting {
    url: WebUrl,
    index: Option<WebUrl>,
}

/// The sitemap that has entries under the page at `asked`, or the news of the site: those that robots.txt names, else the one
/// at the usual place.
pub(super) async fn of(asker: &Asker<'_>, asked: &WebUrl) -> Option<Mapped> {
    let robots = asker.page(&asked.join("/robots.txt").ok()?).await.ok();
    let named = robots.map(|page| named(asked, &page.body)).unwrap_or_default();
    let usual = asked.join("/sitemap.xml").ok().filter(|_| named.is_empty());
    let mut waiting: VecDeque<Waiting> =
        named.into_iter().chain(usual).map(|url| Waiting { url, index: None }).collect();
    for _ in 0..limits::SITEMAPS_TRIED {
        let Waiting { url, index } = waiting.pop_front()?;
        let Ok(page) = asker.page(&url).await else { continue };
        match read(asker, asked, &page) {
            Sitemap::Index(children) => {
                let newest = children.first().cloned();
                for child in chosen(asked, children).into_iter().rev() {
                    let index = newest.as_ref().filter(|newest| **newest == child).map(|_| url.clone());
                    waiting.push_front(Waiting { url: child, index });
                }
            }
            Sitemap::Entries { links, is_news } => {
                let kind = match is_news {
                    true => Kind::News,
                    false if is_named(&url, &POSTS) => Kind::Posts,
                    false => Kind::Any,
                };
                if let Some((draft, what)) = rule(asked, &links, kind) {
                    let remark = format!(
                        "the page has no list of its own; the sitemap {url} has {} entries, {what}: the rule is for that",
                        links.len()
                    );
                    return Some(Mapped { url: lasting(url, index), page, draft, remark });
                }
            }
            Sitemap::None => {}
        }
    }
    None
}

/// What a response is.
enum Sitemap {
    /// The sitemaps that it leads to, newest first.
    Index(Vec<WebUrl>),
    Entries {
        links: Vec<WebUrl>,
        is_news: bool,
    },
    None,
}

fn read(asker: &Asker<'_>, asked: &WebUrl, page: &Page) -> Sitemap {
    let Ok(document) = Document::read_listing(page, &asker.site.rule) else { return Sitemap::None };
    let Some(told) = document.told().filter(|told| told.form == Form::Sitemap) else { return Sitemap::None };
    let rows: Vec<&Value> = told.tree.value.get("items").and_then(Value::as_array).into_iter().flatten().collect();
    if rows.is_empty() {
        return Sitemap::Index(told.next.clone());
    }
    let links = rows.iter().filter_map(|row| document.base().join(row.get("link")?.as_str()?).ok());
    let links = links.filter(|link| is_of_host(link, asked)).collect();
    Sitemap::Entries { links, is_news: rows.iter().any(|row| row.get("published").is_some()) }
}

/// The sitemaps that a robots.txt names, those of news first.
fn named(asked: &WebUrl, robots: &[u8]) -> Vec<WebUrl> {
    let robots = String::from_utf8_lossy(robots);
    let value = |line: &str| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("sitemap").then(|| asked.join(value.trim()).ok())?
    };
    let mut named: Vec<WebUrl> = robots.lines().filter_map(value).take(limits::SITEMAPS).collect();
    named.sort_by_key(|url| !is_named(url, &["news"]));
    named
}

/// Of the sitemaps of an index those that are likeliest to have what is sought: by the page's own folder, by the names of
/// news, else the newest.
fn chosen(asked: &WebUrl, children: Vec<WebUrl>) -> Vec<WebUrl> {
    const MOST: usize = 3;
    let folder = asked.as_url().path().trim_matches('/').rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let rank = |url: &WebUrl| {
        let is_of_folder = !folder.is_empty() && is_named(url, &[&folder]);
        (!is_of_folder, !is_named(url, &["news"]), !is_named(url, &POSTS))
    };
    let mut children = children;
    // Stable: of equally likely ones the newest.
    children.sort_by_key(rank);
    children.truncate(MOST);
    children
}

fn is_named(url: &WebUrl, words: &[&str]) -> bool {
    let path = url.as_url().path().to_ascii_lowercase();
    words.iter().any(|word| path.contains(word))
}

fn is_of_host(link: &WebUrl, asked: &WebUrl) -> bool {
    link.host().trim_start_matches("www.") == asked.host().trim_start_matches("www.")
}

/// The rule for a sitemap with these links, and which of them it is for; `None`: they have nothing to do with the page.
fn rule(asked: &WebUrl, links: &[WebUrl], kind: Kind) -> Option<(Draft, String)> {
    let mut draft = Draft::default();
    draft.set("from", vec![Way::Short("sitemap".to_owned())]);
    let folder = format!("{}/", asked.as_url().path().trim_end_matches('/'));
    let is_under =
        |link: &&WebUrl| link.as_url().path().len() > folder.len() && link.as_url().path().starts_with(&folder);
    let under: Vec<WebUrl> = links.iter().filter(is_under).cloned().collect();
    if folder != "/" && under.len() >= FEWEST {
        draft.set("link_pattern", vec![Way::Short(format!("{}.", regex::escape(&folder)))]);
        return Some((draft, format!("{} of them under {folder}", under.len())));
    }
    if kind == Kind::News && links.len() >= FEWEST {
        return Some((draft, "all of them news".to_owned()));
    }
    if folder == "/" && links.len() >= FEWEST && pattern::are_articles(links) {
        return Some((draft, "all of them with addresses as articles have them".to_owned()));
    }
    let is_front = |link: &&WebUrl| link.as_url().path() == "/";
    let posts = links.len() - links.iter().filter(is_front).count();
    if folder == "/" && kind == Kind::Posts && posts >= FEWEST {
        if posts < links.len() {
            draft.set("link_pattern", vec![Way::Short(BEYOND_THE_FRONT.to_owned())]);
        }
        return Some((draft, format!("{posts} of them articles, as its name says")));
    }
    let pattern = pattern::most_alike(links).filter(|_| folder == "/")?;
    let regex = regex::Regex::new(&pattern).ok()?;
    let articles = links.iter().filter(|link| regex.is_match(link.as_str())).count();
    draft.set("link_pattern", vec![Way::Short(pattern)]);
    (articles >= FEWEST).then(|| (draft, format!("{articles} of them with addresses as articles have them")))
}

/// A sitemap that is one of many, by its number, is soon not the newest any more: then its index leads to what is.
fn lasting(url: WebUrl, index: Option<WebUrl>) -> WebUrl {
    let name = url.as_url().path().rsplit('/').next().unwrap_or_default();
    let is_numbered = name.contains(|c: char| c.is_ascii_digit()) || url.as_url().query().is_some();
    index.filter(|_| is_numbered).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(written: &str) -> WebUrl {
        WebUrl::parse(written).unwrap()
    }

    fn paths(paths: &[&str]) -> Vec<WebUrl> {
        paths.iter().map(|path| url(&format!("https://mill.example{path}"))).collect()
    }

    #[test]
    fn robots_txt_names_sitemaps() {
        let robots =
            b"User-agent: *\nDisallow: /x\nSitemap: https://mill.example/all.xml\r\nSITEMAP: /news.xml # new\n";
        assert_eq!(named(&url("https://mill.example/a/"), robots)[1], url("https://mill.example/all.xml"));
        assert!(named(&url("https://mill.example/"), b"Sitemap\nSitemap: http://[\n").is_empty());
    }

    #[test]
    fn of_an_index_the_likeliest_come_first() {
        let children = paths(&["/page.xml", "/post.xml", "/shop.xml", "/blog-2.xml", "/news.xml"]);
        let of = |asked: &str| chosen(&url(asked), children.clone());
        assert_eq!(of("https://mill.example/shop/"), paths(&["/shop.xml", "/news.xml", "/post.xml"]));
        assert_eq!(of("https://mill.example/"), paths(&["/news.xml", "/post.xml", "/blog-2.xml"]));
        let index = Some(url("https://mill.example/index.xml"));
        assert_eq!(
            lasting(url("https://mill.example/post-3.xml"), index.clone()),
            url("https://mill.example/index.xml")
        );
        assert_eq!(lasting(url("https://mill.example/post.xml"), index), url("https://mill.example/post.xml"));
    }

    #[test]
    fn only_what_lies_under_the_page_or_is_news_counts() {
        let links = paths(&[
            "/",
            "/about",
            "/blog/",
            "/blog/the-mill-turns",
            "/blog/the-weir-is-clean",
            "/blog/a-goose-on-a-sack",
        ]);
        let under = |path: &str, kind: Kind| {
            let found = rule(&url(&format!("https://mill.example{path}")), &links, kind);
            found.map(|(draft, what)| (draft.to_string(), what))
        };
        let (draft, what) = under("/blog", Kind::Any).unwrap();
        assert_eq!(draft, "from = \"sitemap\"\nlink_pattern = \"/blog/.\"\n");
        assert_eq!(what, "3 of them under /blog/");
        assert_eq!(under("/shop", Kind::Any), None);
        assert_eq!(under("/shop", Kind::News).unwrap().0, "from = \"sitemap\"\n");
        assert!(under("/", Kind::Any).unwrap().0.contains("link_pattern"));
        let posts = &links[3..];
        let (draft, _) = rule(&url("https://mill.example/"), posts, Kind::Any).unwrap();
        assert_eq!(draft.to_string(), "from = \"sitemap\"\n", "a sitemap of nothing else has nothing to keep out");
        assert!(rule(&url("https://mill.example/"), &links[..3], Kind::Any).is_none());
        // What is called a sitemap of posts is believed, whatever their addresses; but for the front page.
        let short = paths(&["/", "/mill/", "/geese/", "/what-the-weir-said/"]);
        assert!(rule(&url("https://mill.example/"), &short, Kind::Any).is_none());
        let (draft, _) = rule(&url("https://mill.example/"), &short, Kind::Posts).unwrap();
        assert_eq!(draft.to_string(), "from = \"sitemap\"\nlink_pattern = \"[^/]/[^/]\"\n");
        let beyond = regex::Regex::new(BEYOND_THE_FRONT).unwrap();
        assert_eq!(short.iter().filter(|link| beyond.is_match(link.as_str())).count(), 3);
    }
}

//! A small web site of ours on a scripted origin, and the configuration that reads it.

use std::fmt::Write as _;
use std::path::Path;

use super::origin::Origin;
use super::script::Script;

/// A listing and its articles. Change what you like, then [`Site::publish`].
pub struct Site {
    /// The articles, newest first.
    pub articles: Vec<Article>,
    /// What stands behind `?` in the listing's links.
    pub tail: String,
    /// Whether rows and articles tell their dates.
    pub dated: bool,
}

/// One article.
#[derive(Clone)]
pub struct Article {
    pub slug: String,
    pub title: String,
    pub published: String,
    pub body: String,
}

impl Site {
    /// `count` articles, one a day.
    pub fn of(count: usize) -> Self {
        let articles = (0..count).map(|n| Article::numbered(count - n)).collect();
        Self { articles, tail: String::new(), dated: true }
    }

    /// The listing's page.
    pub fn listing(&self) -> String {
        let mut rows = String::new();
        for article in &self.articles {
            let tail = if self.tail.is_empty() { String::new() } else { format!("?{}", self.tail) };
            let time = if self.dated {
                format!("<time datetime=\"{0}\">{0}</time>", article.published)
            } else {
                String::new()
            };
            let _ = writeln!(
                rows,
                "<li class=story><h2><a href=\"/stories/{}{tail}\">{}</a></h2>{time}</li>",
                article.slug, article.title
            );
        }
        format!(
            "<!DOCTYPE html><html><head><title>The Mill Times</title></head><body>\
             <nav><a href=/about>About</a></nav><ul class=stories>{rows}</ul></body></html>"
        )
    }

    /// Puts the listing at `/` and each article at `/stories/SLUG`, all with validators.
    pub fn publish(&self, origin: &Origin) {
        let listing = self.listing();
        origin.on("/", Script::html(listing.clone()).etag(&tag(&listing)));
        for article in &self.articles {
            let page = article.page(self.dated);
            origin.on(&format!("/stories/{}", article.slug), Script::html(page.clone()).etag(&tag(&page)));
        }
    }
}

impl Article {
    /// The `n`th article.
    pub fn numbered(n: usize) -> Self {
        let paragraph = format!("<p>The miller counted sack number {n} twice, and the goose counted it once more.</p>");
        Self {
            slug: format!("sack-{n}"),
            title: format!("Sack {n} & its goose"),
            published: format!("2026-{:02}-{:02}T08:00:00+01:00", 1 + n / 28, 1 + n % 28),
            body: paragraph.repeat(5),
        }
    }

    fn page(&self, dated: bool) -> String {
        let time = if dated { format!("<time datetime=\"{}\">then</time>", self.published) } else { String::new() };
        format!(
            "<!DOCTYPE html><html lang=en><head><title>{0} | The Mill Times</title></head><body><article>\
             <h1>{0}</h1><p class=by>By <a rel=author href=/ada>Ada Miller</a></p>{time}\
             <div class=body>{1}<aside class=more>READ MORE: geese</aside></div></article></body></html>",
            self.title, self.body
        )
    }
}

/// The configuration that reads [`Site`], with the site's table to add to.
pub fn sites_toml(origin: &Origin, more: &str) -> String {
    format!(
        "[sites.mill]\nurl = \"{}\"\nallow_private = [\"{}\"]\n{more}\n\
         [sites.mill.listing]\nitem = \"li.story\"\n\n\
         [sites.mill.article]\ncontent = \".body\"\nremove = \".more\"\n\n[fetch]\ngap = \"0s\"\n",
        origin.url("/"),
        origin.address(),
    )
}

/// Writes `sites.toml` into `home`.
pub fn configure(home: &Path, toml: &str) {
    std::fs::write(home.join("sites.toml"), toml).expect("a writable folder");
}

/// An entity tag that changes with the text.
fn tag(text: &str) -> String {
    let sum = text.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    format!("\"{sum:x}\"")
}

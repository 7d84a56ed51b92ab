//! One site of the town, and its book of what it showed.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::time::Instant;

use super::Charter;
use super::chance::Chance;
use super::wire::Request;

/// How a site lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Never changes, and says so: 304.
    Still,
    /// Never changes, but has no validators.
    Mute,
    /// Posts now and then.
    Posting,
    /// The same, without any dates.
    Undated,
    /// Posts, and edits what it has posted.
    Editing,
    /// Posts, and shows its rows in another order each time.
    Shuffling,
}

const LIVES: [Life; 6] = [Life::Still, Life::Mute, Life::Posting, Life::Undated, Life::Editing, Life::Shuffling];

/// A site.
pub struct Site {
    pub number: usize,
    pub chance: Chance,
    pub life: Life,
    pub has_articles: bool,
    /// When its listing was asked for, and whether the answer was a good one.
    pub asked: Vec<(Instant, bool)>,
    /// What was shown in a page that was answered well: the items' addresses, and the titles that each has had. The last
    /// is the latest.
    pub shown: BTreeMap<String, Vec<String>>,
    posts: VecDeque<Post>,
    posted: usize,
    rows: usize,
    order: usize,
}

#[derive(Clone)]
struct Post {
    number: usize,
    title: String,
}

/// A page of it.
pub struct Page {
    pub body: String,
    etag: Option<String>,
    code: &'static str,
}

impl Site {
    pub(super) fn new(number: usize, charter: &Charter) -> Self {
        let asleep = [Life::Still, Life::Mute];
        let mut site = Self {
            number,
            chance: Chance::new(charter.seed, number as u64),
            life: if charter.is_asleep { asleep[number % 2] } else { LIVES[number / charter.hosts % LIVES.len()] },
            has_articles: charter.has_articles && number % 4 == 1,
            asked: Vec::new(),
            shown: BTreeMap::new(),
            posts: VecDeque::new(),
            posted: 0,
            rows: charter.rows,
            order: 0,
        };
        (0..charter.rows / 2).for_each(|_| site.post());
        site
    }

    /// Notes that its listing was asked for.
    pub(super) fn asked(&mut self, at: Instant, well: bool) {
        self.asked.push((at, well));
    }

    /// How often its listing was answered well.
    pub fn good_visits(&self) -> usize {
        self.asked.iter().filter(|(_, well)| *well).count()
    }

    /// What happens between two visits.
    pub(super) fn live(&mut self) {
        if matches!(self.life, Life::Still | Life::Mute) {
            return;
        }
        if self.chance.once_in(3) {
            self.post();
        }
        if self.life == Life::Editing && self.chance.once_in(2) {
            let index = self.chance.index(self.posts.len());
            let post = &mut self.posts[index];
            post.title = format!("{} (corrected)", post.title.trim_end_matches(" (corrected)"));
        }
        if self.life == Life::Shuffling {
            self.order = self.chance.index(self.posts.len());
        }
    }

    fn post(&mut self) {
        self.posted += 1;
        self.posts
            .push_front(Post { number: self.posted, title: format!("Sack {} of mill {}", self.posted, self.number) });
        self.posts.truncate(self.rows);
    }

    /// What its listing shows now.
    pub(super) fn in_window(&self) -> Vec<(String, String)> {
        self.posts.iter().map(|post| (self.path(post), post.title.clone())).collect()
    }

    pub(super) fn showed(&mut self, rows: &[(String, String)]) {
        for (path, title) in rows {
            let titles = self.shown.entry(path.clone()).or_default();
            titles.retain(|known| known != title);
            titles.push(title.clone());
        }
    }

    fn path(&self, post: &Post) -> String {
        format!("/s{}/{}", self.number, post.number)
    }

    fn date(post: &Post) -> String {
        format!("2026-{:02}-{:02}T{:02}:00:00Z", 1 + post.number / 700 % 9, 1 + post.number / 25 % 28, post.number % 24)
    }

    pub(super) fn listing(&self) -> Page {
        let mut rows = String::new();
        let (first, second): (Vec<_>, Vec<_>) = self.posts.iter().enumerate().partition(|(n, _)| *n >= self.order);
        for (_, post) in first.into_iter().chain(second) {
            let path = self.path(post);
            let date = Self::date(post);
            let time = if self.life == Life::Undated {
                String::new()
            } else {
                format!("<time datetime=\"{date}\">{date}</time>")
            };
            let _ = writeln!(
                rows,
                "<li class=story><h2><a href=\"{path}\">{}</a></h2>{time}<p>The miller counted the sack twice.</p></li>",
                post.title
            );
        }
        let furniture =
            "<li class=nav><a href=\"/about\"><span>About the mill and its goose</span></a></li>\n".repeat(40);
        self.page(format!(
            "<!doctype html><html lang=en><head><title>Mill {}</title></head><body><ul>{furniture}</ul>\
             <ul class=stories>{rows}</ul></body></html>",
            self.number
        ))
    }

    pub(super) fn article(&self, slug: &str) -> Page {
        let title = self.posts.iter().find(|post| post.number.to_string() == slug).map(|post| post.title.clone());
        let title = title.unwrap_or_else(|| format!("Sack {slug} of mill {}", self.number));
        let text =
            format!("<p>Sack {slug} of mill {} was counted once more, by the goose.</p>", self.number).repeat(20);
        self.page(format!(
            "<!doctype html><html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>\
             <div class=body>{text}</div></article></body></html>"
        ))
    }

    fn page(&self, body: String) -> Page {
        let etag = (self.life != Life::Mute).then(|| {
            let sum = body.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
            format!("\"{sum:x}\"")
        });
        Page { body, etag, code: "200 OK" }
    }
}

impl Page {
    pub(super) fn missing() -> Self {
        Self { body: "<h1>There is no such page</h1>".to_owned(), etag: None, code: "404 Not Found" }
    }

    /// A head that promises a body of `length`.
    pub fn head(&self, length: usize) -> String {
        let etag = self.etag.as_ref().map(|etag| format!("ETag: {etag}\r\n")).unwrap_or_default();
        format!(
            "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\n{etag}Content-Length: {length}\r\n\r\n",
            self.code
        )
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        format!("{}{}", self.head(self.body.len()), self.body).into_bytes()
    }

    /// The page, or that it has not changed.
    pub(super) fn answer_to(&self, request: &Request) -> Vec<u8> {
        match (&self.etag, &request.if_none_match) {
            (Some(etag), Some(known)) if etag == known => {
                format!("HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n").into_bytes()
            }
            _ => self.bytes(),
        }
    }
}

/// What a host says to robots: nothing, that all may come, or which part is closed.
pub(super) fn robots(host: usize) -> Vec<u8> {
    let body = match host % 3 {
        0 => return Page::missing().bytes(),
        1 => "User-agent: *\nDisallow:\n",
        _ => "User-agent: *\nDisallow: /private/\nAllow: /\n",
    };
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

//! The paper as a web site: a path and a moment in, a reply out.

use std::time::Duration;

use askama::Template;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::calendar::Calendar;
use super::pages::{Front, FrontAnew, NotFound, NotFoundAnew, StoryPage, StoryPageAnew, most_read};
use super::picture::Picture;
use super::piece::Piece;
use crate::edition::fingerprint;

/// Pieces on the front page.
const ON_THE_FRONT_PAGE: u64 = 20;

const FAVICON: &[u8] = include_bytes!("../../../../assets/demo/favicon.svg");
const STYLE: &[u8] = include_bytes!("../../../../assets/demo/style.css");
const STYLE_ANEW: &[u8] = include_bytes!("../../../../assets/demo/anew.css");

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const PNG: &str = "image/png";

/// The Millstream Gazette.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gazette {
    calendar: Calendar,
    design: Design,
}

/// What the paper looks like.
#[derive(Clone, Copy, Debug, Default)]
struct Design {
    /// Whether it is the new one: other classes, tags and nesting, the same stories at the same addresses.
    is_new: bool,
    /// When it was changed last.
    since: Option<DateTime<Utc>>,
}

/// What the paper answers to a `GET`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The status code: 200 or 404.
    pub(crate) status: u16,
    /// The value of `Content-Type`.
    pub(crate) content_type: &'static str,
    /// The body.
    pub(crate) body: Bytes,
    /// The value of `ETag`, quotes included: moves when the body does. Only with 200.
    pub(crate) etag: Option<String>,
    /// When the body last changed, to the second. Only with 200.
    pub(crate) last_modified: Option<DateTime<Utc>>,
}

impl Gazette {
    /// The paper that opened at `opened` with nine stories and brings another piece every `pace` (whole seconds, at
    /// least one).
    pub(crate) fn new(opened: DateTime<Utc>, pace: Duration) -> Self {
        Self { calendar: Calendar::new(opened, pace), design: Design::default() }
    }

    /// The same paper in its other design.
    #[must_use]
    pub(crate) fn redesigned(self, now: DateTime<Utc>) -> Self {
        Self { design: Design { is_new: !self.design.is_new, since: Some(now) }, ..self }
    }

    /// Whether it is in its new design.
    pub(crate) const fn is_new(&self) -> bool {
        self.design.is_new
    }

    /// What stands at `path` (without a query) at the moment `now`.
    pub(crate) fn reply(&self, path: &str, now: DateTime<Utc>) -> Reply {
        self.page(path, now).unwrap_or_else(|| self.not_found())
    }

    fn page(&self, path: &str, now: DateTime<Utc>) -> Option<Reply> {
        let opened = self.calendar.opened();
        match path {
            "/" => self.front(now),
            "/style.css" => Some(Reply::found(CSS, STYLE.into(), opened)),
            "/anew.css" => Some(Reply::found(CSS, STYLE_ANEW.into(), opened)),
            "/favicon.svg" => Some(Reply::found(SVG, FAVICON.into(), opened)),
            _ => {
                if let Some(name) = path.strip_prefix("/images/") {
                    return Some(Reply::found(PNG, Picture::named(name)?.png.into(), opened));
                }
                self.story(path.strip_prefix("/stories/")?.strip_suffix(".html")?, now)
            }
        }
    }

    fn front(&self, now: DateTime<Utc>) -> Option<Reply> {
        let out = self.calendar.out(now);
        let stories: Vec<Piece> =
            (out.saturating_sub(ON_THE_FRONT_PAGE)..out).rev().map(|number| self.piece(number)).collect();
        let changed = stories.first()?.published;
        let page = Front { stories, most_read: most_read(), pace: self.calendar.pace_in_words() };
        let body = if self.design.is_new { FrontAnew { page }.render() } else { page.render() };
        Some(self.page_of(body.ok()?, changed))
    }

    fn story(&self, slug: &str, now: DateTime<Utc>) -> Option<Reply> {
        let number = Piece::number_of(slug).filter(|&number| number < self.calendar.out(now))?;
        let story = self.piece(number);
        let related = self.piece(story.related);
        let changed = story.published;
        let page = StoryPage { story, related, most_read: most_read(), pace: self.calendar.pace_in_words() };
        let body = if self.design.is_new { StoryPageAnew { page }.render() } else { page.render() };
        Some(self.page_of(body.ok()?, changed))
    }

    /// A page whose piece is of the moment `changed`.
    fn page_of(&self, body: String, changed: DateTime<Utc>) -> Reply {
        Reply::found(HTML, body.into(), self.design.since.map_or(changed, |since| since.max(changed)))
    }

    fn piece(&self, number: u64) -> Piece {
        Piece::new(number, self.calendar.published(number))
    }

    fn not_found(&self) -> Reply {
        let page = NotFound { most_read: most_read(), pace: self.calendar.pace_in_words() };
        let body = if self.design.is_new { NotFoundAnew { page }.render() } else { page.render() };
        let body = body.unwrap_or_default().into();
        Reply { status: 404, content_type: HTML, body, etag: None, last_modified: None }
    }
}

impl Reply {
    fn found(content_type: &'static str, body: Bytes, last_modified: DateTime<Utc>) -> Self {
        let etag = format!("\"{}\"", fingerprint(&body));
        Self { status: 200, content_type, body, etag: Some(etag), last_modified: Some(last_modified) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::TimeDelta;

    use super::*;

    fn opened() -> DateTime<Utc> {
        "2026-11-23T09:30:00.25Z".parse().unwrap()
    }

    fn gazette() -> Gazette {
        Gazette::new(opened(), Duration::from_secs(30))
    }

    fn after(seconds: i64) -> DateTime<Utc> {
        opened() + TimeDelta::seconds(seconds)
    }

    fn text(reply: &Reply) -> &str {
        std::str::from_utf8(&reply.body).unwrap()
    }

    /// The values of every `name="..."` in a page.
    fn values<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
        page.split(&format!(" {name}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    }

    #[test]
    fn nine_stories_are_out_at_the_opening_newest_first() {
        let reply = gazette().reply("/", opened());
        assert_eq!((reply.status, reply.content_type), (200, "text/html; charset=utf-8"));
        let dates = values(text(&reply), "datetime");
        assert_eq!(dates.len(), 9);
        assert!(dates.is_sorted_by(|newer, older| newer > older), "{dates:?}");
        assert_eq!(dates[0], "2026-11-23T09:16:00Z");
    }

    #[test]
    fn a_piece_comes_out_at_its_moment_and_not_before() {
        let path = "/stories/second-clog-found.html";
        assert_eq!(gazette().reply(path, after(29)).status, 404);
        assert_eq!(gazette().reply(path, after(30)).status, 200);
        assert!(!text(&gazette().reply("/", after(29))).contains(path));
        assert!(text(&gazette().reply("/", after(30))).contains(path));
        assert_eq!(gazette().reply("/stories/notice-1.html", after(179)).status, 404);
        assert_eq!(gazette().reply("/stories/notice-1.html", after(180)).status, 200);
    }

    #[test]
    fn the_front_page_shows_the_twenty_newest_and_the_others_stay_readable() {
        let page = gazette().reply("/", after(3_600));
        assert_eq!(values(text(&page), "datetime").len(), 20);
        assert!(text(&page).contains("/stories/notice-115.html"));
        assert_eq!(gazette().reply("/stories/notice-1.html", after(3_600)).status, 200);
    }

    #[test]
    fn validators_move_when_the_page_does_and_only_then() {
        let front = |seconds| {
            let reply = gazette().reply("/", after(seconds));
            (reply.etag.unwrap(), reply.last_modified.unwrap())
        };
        assert_eq!(front(30), front(59));
        assert_ne!(front(59).0, front(60).0);
        assert_eq!(front(60).1, "2026-11-23T09:31:00Z".parse::<DateTime<Utc>>().unwrap());
        let story = |seconds| gazette().reply("/stories/geese-win-right-of-way.html", after(seconds));
        assert_eq!(story(0), story(86_400));
        assert!(story(0).last_modified.unwrap() < opened());
    }

    /// Follows every link, picture and style from the front page and from a page that is not there; gives the addresses.
    fn walk(paper: &Gazette, now: DateTime<Utc>) -> BTreeSet<String> {
        let mut waiting = vec!["/".to_owned(), "/nothing/here".to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(path) = waiting.pop() {
            let reply = paper.reply(&path, now);
            assert_eq!(reply.status, if path.starts_with("/nothing") { 404 } else { 200 }, "{path}");
            if reply.content_type != HTML {
                continue;
            }
            let page = text(&reply);
            for address in [values(page, "href"), values(page, "src"), values(page, "data-src")].concat() {
                if let Some(anchor) = address.strip_prefix('#') {
                    assert!(values(page, "id").contains(&anchor), "{path}{address}");
                } else if !address.starts_with("data:image/") {
                    assert!(address.starts_with('/'), "{path} leads outside, to {address}");
                    waiting.extend(seen.insert(address.to_owned()).then(|| address.to_owned()));
                }
            }
        }
        seen
    }

    #[test]
    fn every_address_on_every_page_leads_somewhere() {
        let at_the_opening = walk(&gazette(), opened());
        assert_eq!(at_the_opening.iter().filter(|address| address.starts_with("/stories/")).count(), 9);
        assert!(at_the_opening.contains("/style.css") && at_the_opening.contains("/images/mill.png"));
        assert!(walk(&gazette(), after(3_600)).len() > at_the_opening.len());
        assert!(walk(&gazette().redesigned(opened()), opened()).contains("/anew.css"));
    }

    /// The classes of a page, and the addresses of the stories on it, in order.
    fn make_up(paper: &Gazette, path: &str) -> (BTreeSet<String>, Vec<String>) {
        let reply = paper.reply(path, after(3_600));
        let classes =
            values(text(&reply), "class").iter().flat_map(|value| value.split(' ')).map(str::to_owned).collect();
        let links = values(text(&reply), "href").into_iter().filter(|href| href.starts_with("/stories/"));
        (classes, links.map(str::to_owned).collect())
    }

    #[test]
    fn a_redesign_changes_every_class_and_no_address() {
        let (old, new) = (gazette(), gazette().redesigned(after(60)));
        assert!(!old.is_new() && new.is_new());
        for path in ["/", "/stories/notice-100.html", "/x"] {
            let ((before, links), (after, links_after)) = (make_up(&old, path), make_up(&new, path));
            // The text of a story has its own, whatever stands around it.
            let both: Vec<_> = before.intersection(&after).filter(|class| *class != "lazy").collect();
            assert!(both.is_empty(), "{path}: {both:?}");
            let links = BTreeSet::from_iter(links);
            assert_eq!(links, BTreeSet::from_iter(links_after), "{path}");
        }
        let reply = |paper: &Gazette| paper.reply("/", after(90));
        assert_ne!(reply(&old).etag, reply(&new).etag);
        assert_eq!(reply(&new.redesigned(after(61))).body, reply(&old).body, "and back again");
        assert_eq!(new.reply("/", after(61)).last_modified, Some(after(60)));
    }

    #[test]
    fn the_picture_lies_outside_the_text_and_the_boxes_inside() {
        let reply = gazette().reply("/stories/single-clog-found-at-the-weir.html", opened());
        let (before, text) = text(&reply).split_once("class=\"article__body\"").unwrap();
        let text = text.split_once("class=\"tags\"").unwrap().0;
        assert!(before.contains("class=\"lead\"") && before.contains("Picture: Agnes Thrupp"));
        for inside in ["box related", "box newsletter", "class=\"share\"", "data-src=", "<noscript>"] {
            assert!(text.contains(inside), "{inside}");
        }
        assert!(!text.contains("<script"));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for path in
            ["", "/stories/", "/stories/.html", "/stories/notice-0.html", "/images/", "/images/../style.css", "/x"]
        {
            let reply = gazette().reply(path, after(99));
            assert_eq!((reply.status, reply.etag, reply.last_modified), (404, None, None), "{path}");
        }
    }
}

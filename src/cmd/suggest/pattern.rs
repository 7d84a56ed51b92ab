//! What tells a site's articles by their addresses: a pattern that keeps other links out, and a number that stays when the
//! rest of an address changes.

use std::collections::{BTreeMap, HashSet};

use crate::induce::{Draft, Way};
use crate::profile::shape_of;
use crate::weburl::WebUrl;

/// A pattern that every wanted link matches and none of the others.
pub(super) fn telling(wanted: &[WebUrl], others: &[WebUrl]) -> Option<String> {
    if others.is_empty() {
        return None;
    }
    let start = common_start(wanted)?;
    [r"\d{5,}", r"/\d{4}/\d{2}/", r"/\d{4}/", r"/[^/?]*-[^/?]*-[^/?]*/?$", r"\.html?$"]
        .into_iter()
        .map(str::to_owned)
        .chain((start.len() > 1).then(|| regex::escape(&start)))
        .find(|pattern| {
            let Ok(regex) = regex::Regex::new(pattern) else { return false };
            wanted.iter().all(|link| regex.is_match(link.as_str()))
                && !others.iter().any(|link| regex.is_match(link.as_str()))
        })
}

/// The folder that all of the links lie in.
fn common_start(links: &[WebUrl]) -> Option<String> {
    let mut paths = links.iter().map(|link| link.as_url().path());
    let mut start = paths.next()?.to_owned();
    for path in paths {
        let common = start.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
        start.truncate(start.floor_char_boundary(common));
    }
    let end = start.rfind('/')?;
    start.truncate(end + 1);
    Some(start)
}

/// The pattern of those addresses that look most alike: a sitemap lists everything, and most of it is articles.
pub(super) fn most_alike(links: &[WebUrl]) -> Option<String> {
    let mut shapes: BTreeMap<String, Vec<&WebUrl>> = BTreeMap::new();
    for link in links {
        shapes.entry(shape_of(link)).or_default().push(link);
    }
    let (wanted, others): (Vec<_>, Vec<_>) = shapes.into_iter().partition(|(shape, _)| is_article(shape));
    let of = |shapes: Vec<(String, Vec<&WebUrl>)>| shapes.into_iter().flat_map(|(_, links)| links).cloned().collect();
    let (wanted, others): (Vec<WebUrl>, Vec<WebUrl>) = (of(wanted), of(others));
    if wanted.len() < others.len() { None } else { telling(&wanted, &others) }
}

/// Whether all of these addresses look like those of articles.
pub(super) fn are_articles(links: &[WebUrl]) -> bool {
    links.iter().all(|link| is_article(&shape_of(link)))
}

/// Sections come and go within one kind of address: what counts is whether titles or numbers end it.
fn is_article(shape: &str) -> bool {
    shape.contains('*') || shape.contains('#')
}

/// The extractor of a number by which a site knows its articles whatever the rest of the address says: each pair is how a
/// row and how the article itself write the address. Only if they differ in the rest is there a reason to have one.
pub(super) fn id(pairs: &[(WebUrl, WebUrl)], rows: &[WebUrl]) -> Option<Way> {
    // Years and pages have fewer digits.
    const PATTERN: &str = r"(\d{5,})[^/\d]*/?$";
    let regex = regex::Regex::new(PATTERN).ok()?;
    let number = |url: &WebUrl| Some(regex.captures(url.as_url().path())?.get(1)?.as_str().to_owned());
    let moved: Vec<_> = pairs.iter().filter(|(row, own)| row.as_url().path() != own.as_url().path()).collect();
    let agree =
        moved.iter().all(|(row, own)| row.host() == own.host() && number(row).is_some() && number(row) == number(own));
    let numbers: HashSet<String> = rows.iter().filter_map(number).collect();
    let is_needed = moved.len() > 1 && agree && numbers.len() == rows.len();
    is_needed.then(|| Way::Table(vec![("url".to_owned(), PATTERN.to_owned())]))
}

/// Adds what the addresses tell to a draft that does not say it.
pub(super) fn add(draft: &mut Draft, key: &str, way: Option<Way>) {
    if let Some(way) = way.filter(|_| draft.get(key).is_empty()) {
        draft.set(key, vec![way]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(paths: &[&str]) -> Vec<WebUrl> {
        paths.iter().map(|path| WebUrl::parse(&format!("https://mill.example{path}")).unwrap()).collect()
    }

    #[test]
    fn a_pattern_keeps_others_out() {
        let news = urls(&["/news/2026/02/a-b-c", "/news/2026/03/d"]);
        assert_eq!(telling(&news, &[]), None, "nothing to keep out");
        assert_eq!(telling(&news, &urls(&["/shop/mug"])).as_deref(), Some(r"/\d{4}/\d{2}/"));
        let plain = urls(&["/news/a", "/news/b"]);
        assert_eq!(telling(&plain, &urls(&["/shop/mug"])).as_deref(), Some("/news/"));
        assert_eq!(telling(&plain, &urls(&["/news/mug"])), None);
    }

    #[test]
    fn a_sitemap_s_articles_are_most_of_it() {
        let all = urls(&["/", "/about", "/news/the-mill-turns", "/news/the-weir-is-clean", "/art/geese-on-the-road"]);
        let pattern = most_alike(&all).unwrap();
        let regex = regex::Regex::new(&pattern).unwrap();
        let matching = all.iter().filter(|link| regex.is_match(link.as_str())).count();
        assert_eq!(matching, 3, "{pattern}");
        assert_eq!(most_alike(&urls(&["/", "/about", "/team"])), None);
    }

    #[test]
    fn an_id_needs_a_reason() {
        let pair = |row: &str, own: &str| (urls(&[row]).remove(0), urls(&[own]).remove(0));
        let rows = urls(&["/n/old-title-1234567.html", "/n/other-7654321.html"]);
        let moved = [
            pair("/n/old-title-1234567.html", "/n/new-title-1234567.html"),
            pair("/n/other-7654321.html", "/n/another-7654321.html"),
        ];
        assert!(id(&moved, &rows).is_some());
        let same = [pair("/n/old-1234567.html", "/n/old-1234567.html"), pair("/n/b-7654321.html", "/n/b-7654321.html")];
        assert_eq!(id(&same, &rows), None);
        let wild = [pair("/n/old-1234567.html", "/n/x"), pair("/n/b-7654321.html", "/n/y")];
        assert_eq!(id(&wild, &rows), None);
    }
}

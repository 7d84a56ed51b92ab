//! How one address of a list relates to another: by the page's number, or by how many entries are passed over.

use std::collections::BTreeMap;

use url::Url;

/// Which way a link leads from the page that it stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To a page with a higher number: by this much, or to this number from a page that has none.
    Forward(u64),
    /// To a page with a lower number, or with none.
    Back,
    /// To the same path with another query that counts nothing: some lists go on from an entry's name.
    Query,
    /// Elsewhere.
    Elsewhere,
}

/// Where `to` leads from `from`.
pub(super) fn step(from: &Url, to: &Url) -> Step {
    let path = |url: &Url| url.path().trim_end_matches('/').to_ascii_lowercase();
    let (here, there) = (path(from), path(to));
    if here != there {
        return between(&here, &there);
    }
    let (here, there) = (numbers(from), numbers(to));
    let mut steps = there.iter().map(|(name, number)| match (here.get(name).copied().flatten(), *number) {
        (_, None) => Step::Elsewhere,
        (None, Some(number)) if here.contains_key(name) || number == 0 => Step::Elsewhere,
        (None, Some(number)) => Step::Forward(number),
        (Some(before), Some(after)) => compared(before, after),
    });
    let forward = steps.clone().find(|step| matches!(step, Step::Forward(_)));
    let is_back = steps.any(|step| step == Step::Back) || here.len() > there.len();
    match forward {
        _ if from.query() == to.query() => Step::Elsewhere,
        Some(forward) => forward,
        None if is_back => Step::Back,
        None => Step::Query,
    }
}

/// The parameters of an address, each with its number if it is one.
fn numbers(url: &Url) -> BTreeMap<String, Option<u64>> {
    url.query_pairs().map(|(name, value)| (name.into_owned(), small(&value))).collect()
}

/// A number that may count pages or entries: longer ones name things.
fn small(text: &str) -> Option<u64> {
    if text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

const fn compared(before: u64, after: u64) -> Step {
    if after > before {
        Step::Forward(after - before)
    } else if after < before {
        Step::Back
    } else {
        Step::Elsewhere
    }
}

/// Two paths that differ in one number, or in that one of them has a number: `/news/` and `/news/page/2`, `list.html`
/// and `list-2.html`.
fn between(here: &str, there: &str) -> Step {
    let is_digit = |c: char| c.is_ascii_digit();
    let same = here.bytes().zip(there.bytes()).take_while(|(a, b)| a == b).count();
    let same = here.floor_char_boundary(same);
    // Numbers that begin alike are two numbers.
    let goes_on = |text: &str| text.get(same..).is_some_and(|rest| rest.starts_with(is_digit));
    let start = match here.get(..same) {
        Some(alike) if goes_on(here) || goes_on(there) => alike.trim_end_matches(is_digit).len(),
        _ => same,
    };
    let (here, there) = (here.get(start..).unwrap_or_default(), there.get(start..).unwrap_or_default());
    let same_end =
        here.bytes().rev().zip(there.bytes().rev()).take_while(|(a, b)| a == b && !a.is_ascii_digit()).count();
    let middle = |text: &str| text.get(..text.len() - same_end).map(str::to_owned).unwrap_or_default();
    let (here, there) = (middle(here), middle(there));
    match (number_in(&here), number_in(&there)) {
        (Some((before, here)), Some((after, there))) if here == there => compared(before, after),
        (None, Some((number, _))) if number > 0 && is_beginning(&here) => Step::Forward(number),
        (Some(_), None) if is_beginning(&there) => Step::Back,
        _ => Step::Elsewhere,
    }
}

/// The only number in a piece of a path, and what is around it; `None` if it has none or several, or if so much is
/// around it that it is another page.
fn number_in(piece: &str) -> Option<(u64, String)> {
    let around = piece.trim_matches(|c: char| !c.is_ascii_digit());
    let number = small(around)?;
    let rest = piece.replacen(around, "\0", 1);
    (rest.matches('/').count() <= 3 && rest.len() <= 40).then_some((number, rest))
}

/// What the first page of a list has where the others have a number.
fn is_beginning(piece: &str) -> bool {
    piece.is_empty() || piece.trim_matches('/').starts_with("index") || piece.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_links_lead() {
        for (from, to, expected) in [
            ("/news/?page=2", "/news?page=3", Step::Forward(1)),
            ("/news/", "/news/?page=2", Step::Forward(2)),
            ("/news/?page=3&tag=x", "/news/?tag=x&page=2", Step::Back),
            ("/f?id=2", "/f?id=2&start=15&size=15", Step::Forward(15)),
            ("/f?id=2&start=75&size=15", "/f?id=2&start=90&size=15", Step::Forward(15)),
            ("/news/?page=2", "/news/", Step::Back),
            ("/blog/", "/blog/page/2/", Step::Forward(2)),
            ("/blog/page/9/", "/blog/page/10/", Step::Forward(1)),
            ("/blog/page/10", "/blog/page/9", Step::Back),
            ("/blog/page/2/", "/blog/", Step::Back),
            ("/f42-orders.html", "/f42-orders-2.html", Step::Forward(2)),
            ("/f42-orders-101.html", "/f42-orders-102.html", Step::Forward(1)),
            ("/forum111/?s=6ef2dc853f8f", "/forum111/index2.html", Step::Forward(2)),
            ("/a/index.html", "/a/index_1.html", Step::Forward(1)),
            ("/r/all", "/r/all?after=t3_abc", Step::Query),
            ("/news/", "/news/crabs-walk", Step::Elsewhere),
            ("/news/?page=2", "/news/?page=2", Step::Elsewhere),
            ("/news/2016-old", "/sport/2017-new", Step::Elsewhere),
            ("/", "/2016/03/05/", Step::Elsewhere),
            ("/", "/story-1234567890", Step::Elsewhere),
            ("/münze/", "/münzen/2/3", Step::Elsewhere),
        ] {
            let url = |path: &str| Url::parse("https://a.example/").unwrap().join(path).unwrap();
            assert_eq!(step(&url(from), &url(to)), expected, "{from} -> {to}");
        }
    }
}

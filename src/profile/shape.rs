//! What a link looks like: its host and the kinds of its path's segments, so that next week's links look like today's.

use crate::weburl::WebUrl;

/// Characters of a segment from which on it is a title, not a section.
const LONG: usize = 20;

/// Segments that are told; deeper paths differ by these already.
const SEGMENTS: usize = 6;

/// The shape of a link, such as `mill.example/news/#/*.html`: `#` stands for digits, `%` for letters and digits, `*` for
/// words that are joined, as titles in addresses are, `+` for one word at the end. Other words stand for themselves; of a
/// query only the names are told, and what stands in the place of a path, as in `?threads/#`.
pub fn shape_of(link: &WebUrl) -> String {
    let url = link.as_url();
    let mut shape = link.host().trim_start_matches("www.").to_owned();
    let segments: Vec<&str> = url.path().split('/').filter(|segment| !segment.is_empty()).collect();
    for (number, segment) in segments.iter().take(SEGMENTS).enumerate() {
        shape.push('/');
        shape.push_str(&kind(segment, number + 1 == segments.len()));
    }
    if let Some(query) = url.query() {
        let mut names: Vec<String> = query.split('&').map(name).collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(SEGMENTS);
        shape.push('?');
        shape.push_str(&names.join("&"));
    }
    shape.truncate(shape.floor_char_boundary(crate::limits::SHAPE_BYTES));
    shape
}

/// The shape without the words of its path: sections come and go. `None` if what is left would be the shape of anything.
pub fn outline(shape: &str) -> Option<String> {
    let (path, query) = shape.split_once('?').map_or((shape, None), |(path, query)| (path, Some(query)));
    let mut segments = path.split('/');
    let mut outline = segments.next()?.to_owned();
    let (mut depth, mut is_telling) = (0, query.is_some());
    for segment in segments {
        let (stem, extension) = segment.split_once('.').map_or((segment, None), |(stem, ext)| (stem, Some(ext)));
        let is_kind = matches!(stem, "#" | "%" | "*" | "+");
        is_telling |= matches!(stem, "#" | "%" | "*") || extension.is_some();
        depth += 1;
        outline.push('/');
        outline.push_str(if is_kind { stem } else { "~" });
        if let Some(extension) = extension {
            outline.push('.');
            outline.push_str(extension);
        }
    }
    if let Some(query) = query {
        outline.push('?');
        outline.push_str(query);
    }
    (is_telling && depth > 1).then_some(outline)
}

/// The name of a part of a query; what has none, but is a path or a number, by its kinds.
fn name(part: &str) -> String {
    match part.split_once('=') {
        Some((name, _)) => name.to_owned(),
        None if part.contains('/') || part.bytes().any(|byte| byte.is_ascii_digit()) => {
            let segments: Vec<&str> = part.split('/').filter(|segment| !segment.is_empty()).take(SEGMENTS).collect();
            let kinds = segments.iter().enumerate().map(|(at, segment)| kind(segment, at + 1 == segments.len()));
            kinds.collect::<Vec<_>>().join("/")
        }
        None => part.to_owned(),
    }
}

fn kind(segment: &str, is_last: bool) -> String {
    let (stem, extension) = match segment.rsplit_once('.') {
        Some((stem, extension)) if is_last && is_extension(extension) => (stem, format!(".{extension}")),
        _ => (segment, String::new()),
    };
    let letters = stem.bytes().filter(|byte| !byte.is_ascii_digit()).count();
    let joints = stem.bytes().filter(|byte| matches!(byte, b'-' | b'_' | b'+' | b',')).count();
    let kind = if letters == 0 && !stem.is_empty() {
        "#"
    } else if joints >= 2 || is_last && joints == 1 || stem.len() >= LONG {
        "*"
    } else if letters < stem.len() {
        "%"
    } else if is_last {
        "+"
    } else {
        stem
    };
    format!("{kind}{extension}")
}

fn is_extension(text: &str) -> bool {
    (2..=5).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_weeks_links_look_like_todays() {
        let shape = |url: &str| shape_of(&WebUrl::parse(url).unwrap());
        for (url, expected) in [
            ("https://www.mill.example/news/2026/11/goose-counts-sacks.html", "mill.example/news/#/#/*.html"),
            ("https://mill.example/p/81723", "mill.example/p/#"),
            ("https://mill.example/about", "mill.example/+"),
            ("https://mill.example/", "mill.example"),
            ("https://mill.example/index.php?id=7&t=1", "mill.example/+.php?id&t"),
            ("https://mill.example/index.php?threads/the-goose-counts.81/", "mill.example/+.php?threads/*"),
            ("https://mill.example/show?8171", "mill.example/+?#"),
            ("https://mill.example/show?print", "mill.example/+?print"),
            ("https://mill.example/abs/2611.01234", "mill.example/abs/%"),
            ("https://mill.example/c0ffee", "mill.example/%"),
        ] {
            assert_eq!(shape(url), expected, "{url}");
        }
        assert_eq!(outline("mill.example/news/#/*.html").as_deref(), Some("mill.example/~/#/*.html"));
        assert_eq!(outline("mill.example/*"), None);
        assert_eq!(outline("mill.example/news/+"), None);
    }
}

//! A name for a site, from its address.

use crate::weburl::WebUrl;

/// Characters of a name: what one likes to type.
const LONGEST: usize = 40;

/// A name made of the address's host and path that `is_taken` knows nothing of.
pub(in crate::cmd) fn name(url: &WebUrl, is_taken: impl Fn(&str) -> bool) -> String {
    let name = of_address(url);
    if !is_taken(&name) {
        return name;
    }
    let further = (2..).map(|number| format!("{name}-{number}"));
    further.into_iter().find(|name| !is_taken(name)).unwrap_or_default()
}

fn of_address(url: &WebUrl) -> String {
    let mut words: Vec<String> = host_words(url);
    let path = url.as_url().path().trim_matches('/');
    let telling = path.split('/').filter(|segment| is_telling(segment));
    // The last ones tell most: `/en/world/europe/` is about Europe.
    let mut segments: Vec<&str> = telling.collect();
    if segments.len() > 2 {
        segments.drain(..segments.len() - 2);
    }
    words.extend(segments.into_iter().map(|segment| {
        let stem = segment.rsplit_once('.').map_or(segment, |(stem, _)| stem);
        plain(&percent_encoding::percent_decode_str(stem).decode_utf8_lossy())
    }));
    words.retain(|word| !word.is_empty());
    words.dedup();
    let mut name = words.join("-");
    if name.len() > LONGEST {
        name.truncate(LONGEST + 1);
        // No half words.
        name.truncate(name.rfind('-').unwrap_or(LONGEST));
    }
    let name = name.trim_matches(['-', '_']);
    if name.is_empty() || name == "index" { "site".to_owned() } else { name.to_owned() }
}

/// The host without what every second one has: `www.`, the ending, and what stands before the ending in some countries.
fn host_words(url: &WebUrl) -> Vec<String> {
    let host = url.host().trim_end_matches('.');
    if host.parse::<std::net::Ipv4Addr>().is_ok() || host.starts_with('[') {
        return vec!["site".to_owned()];
    }
    let mut labels: Vec<&str> = host.split('.').collect();
    if labels.len() > 1 {
        let ending = labels.pop().unwrap_or_default();
        let is_shared = |label: &str| {
            matches!(label, "co" | "com" | "org" | "net" | "gov" | "gob" | "gouv" | "ac" | "edu" | "or" | "ne")
        };
        if ending.len() == 2 && labels.len() > 1 && labels.last().is_some_and(|label| is_shared(label)) {
            labels.pop();
        }
    }
    if labels.len() > 1 && labels.first().is_some_and(|first| matches!(*first, "www" | "www2" | "m")) {
        labels.remove(0);
    }
    labels.into_iter().map(plain).collect()
}

/// Whether a part of the path says anything: languages, numbers and files that every folder has do not.
fn is_telling(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default();
    !matches!(stem, "" | "index" | "default" | "home" | "en" | "de" | "fr" | "es" | "it" | "ru" | "pt" | "ja" | "zh")
        && !stem.bytes().all(|byte| byte.is_ascii_digit())
}

/// The letters that a name may have; others join words, or are left out.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars().map(|c| c.to_ascii_lowercase()) {
        match c {
            'a'..='z' | '0'..='9' | '_' => plain.push(c),
            _ if plain.ends_with('-') || plain.is_empty() => {}
            _ => plain.push('-'),
        }
    }
    plain.trim_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_host_and_section() {
        for (address, expected) in [
            ("https://ferris.example/", "ferris"),
            ("https://www.ferris.example/blog/", "ferris-blog"),
            ("https://blog.ferris.example/", "blog-ferris"),
            ("https://news.mill.co.uk/en/world/Europe/index.html", "news-mill-world-europe"),
            ("https://mill.example/a/b/c/news.php?page=2", "mill-c-news"),
            ("https://mill.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/", "mill"),
            ("https://mill.example/mill/2026/", "mill"),
            ("http://127.0.0.1:8080/", "site"),
            ("http://[::1]/index", "site"),
            ("http://localhost:8080/_x_", "localhost-x"),
        ] {
            assert_eq!(name(&WebUrl::parse(address).unwrap(), |_| false), expected, "{address}");
        }
        let long = format!("https://mill.example/{}/", "very-".repeat(30));
        assert_eq!(name(&WebUrl::parse(&long).unwrap(), |_| false), "mill-very-very-very-very-very-very-very");
        let word = format!("https://mill.example/{}/", "v".repeat(100));
        assert_eq!(name(&WebUrl::parse(&word).unwrap(), |_| false), "mill");
    }

    #[test]
    fn names_that_are_taken_are_counted_on() {
        let url = WebUrl::parse("https://ferris.example/").unwrap();
        assert_eq!(name(&url, |name| matches!(name, "ferris" | "ferris-2")), "ferris-3");
    }
}

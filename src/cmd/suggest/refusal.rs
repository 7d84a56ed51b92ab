//! Why nothing is suggested, and what to do instead.

use std::fmt;

use serde_json::json;

use super::feeds::Feed;
use crate::cmd::saved::Seen;
use crate::drift::Drift;
use crate::fetch::FetchError;
use crate::induce::NoList;
use crate::page::{self, NotAPage};
use crate::weburl::WebUrl;

/// Why there is no rule.
pub(super) struct Refusal {
    /// What was found, as a sentence without a full stop.
    why: String,
    /// What to do.
    advice: String,
    feeds: Vec<Feed>,
}

impl Refusal {
    fn new(why: String, advice: impl Into<String>) -> Self {
        Self { why, advice: advice.into(), feeds: Vec::new() }
    }

    /// With the feeds that the page names all the same.
    pub(super) fn with_feeds(self, feeds: Vec<Feed>) -> Self {
        Self { feeds, ..self }
    }

    /// For scripts.
    pub(super) fn json(&self, url: &WebUrl) -> String {
        let feeds: Vec<&str> = self.feeds.iter().map(|feed| feed.url.as_str()).collect();
        let value = json!({ "url": url, "error": self.why, "advice": self.advice, "feeds": feeds });
        format!("{value:#}")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "feedmill: {}.\n{}.", self.why, self.advice)?;
        for Feed { url, title, items, .. } in &self.feeds {
            let title = title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
            write!(
                f,
                "\nThe site has a feed: {url}{title}, {} items. `feedmill suggest {url}` makes a rule of it.",
                items.len()
            )?;
        }
        Ok(())
    }
}

/// The page cannot be had.
pub(super) fn unreachable(url: &WebUrl, error: &FetchError) -> Refusal {
    // What came with the error may tell more.
    if let FetchError::Status { page, .. } = error
        && let Some(wall) = page::wall(page, None, url)
        && !matches!(wall.what, Drift::Refused { .. } | Drift::Gone { .. })
    {
        return self::wall(url, &wall.what);
    }
    let advice = match error {
        FetchError::Refused(_) => "If it is yours, allow it: --allow-private IP:PORT",
        FetchError::Status { code: 404 | 410, .. } => "Look for the page's address in a browser",
        FetchError::Status { code: 401 | 403 | 451, .. } => {
            "Open it in a browser: if it works there, the site refuses programs or this machine's address"
        }
        FetchError::Robots(_) => {
            "The site does not want programs there; ask its owner, or, if you may, write the site with `robots = false`"
        }
        FetchError::Dns(_) => "Look whether the name is written right",
        _ => "Try again later, and look at it in a browser",
    };
    Refusal::new(format!("cannot fetch {url}: {error}"), advice)
}

/// It is a page, and has no list.
pub(super) fn no_list(url: &WebUrl, why: &NoList) -> Refusal {
    let advice = match why {
        NoList::Article => format!("Name the page that lists articles instead{}", above(url)),
        NoList::Nothing => format!(
            "If it is one article, name the page that lists them{}. If a browser shows a list there, scripts make it: look \
             in the browser's network tools for the JSON that they ask for, and suggest that. If it stands in the page, write \
             `item` yourself: see docs/rules.md",
            above(url)
        ),
    };
    Refusal::new(format!("{url}: {why}"), advice)
}

/// The rule that was found yields nothing.
pub(super) fn empty(url: &WebUrl, seen: &Seen) -> Refusal {
    let why = seen.refreshed.outcome.why().unwrap_or("its list is empty");
    Refusal::new(
        if why.contains(url.as_str()) { why.to_owned() } else { format!("{url}: {why}") },
        "Write the rule yourself: see docs/rules.md",
    )
}

/// Something stands before it.
pub(super) fn wall(url: &WebUrl, drift: &Drift) -> Refusal {
    let mut advice = drift.advice("SITE");
    if let Some(first) = advice.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Refusal::new(format!("{url}: {drift}"), advice)
}

/// It is no page.
pub(super) fn no_page(url: &WebUrl, why: &NotAPage) -> Refusal {
    Refusal::new(format!("{url} is not a page: {why}"), "Name the page that links to it")
}

/// The folders that a page lies in: one of them may list it.
fn above(url: &WebUrl) -> String {
    let folders = std::iter::successors(
        url.join(".").ok().filter(|folder| folder != url).or_else(|| url.join("..").ok()),
        |folder| folder.join("..").ok().filter(|above| above != folder),
    );
    let folders: Vec<String> = folders.take(3).map(|folder| folder.to_string()).collect();
    if folders.is_empty() { String::new() } else { format!(", perhaps {}", folders.join(" or ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_above_an_article() {
        let above = |url: &str| above(&WebUrl::parse(url).unwrap());
        assert_eq!(
            above("https://mill.example/news/2026/weir.html"),
            ", perhaps https://mill.example/news/2026/ or https://mill.example/news/ or https://mill.example/"
        );
        assert_eq!(above("https://mill.example/news/"), ", perhaps https://mill.example/");
    }
}

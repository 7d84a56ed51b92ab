//! The addresses at which a site's listing is asked for.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::wording::{Wording, WordingPart};
use crate::weburl::{NotAWebUrl, WebUrl};

/// The address of a listing, perhaps with places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Wording);

impl Address {
    /// An address that is written like this.
    pub const fn new(wording: Wording) -> Self {
        Self(wording)
    }

    /// How it is written.
    pub const fn wording(&self) -> &Wording {
        &self.0
    }

    /// The address at this moment, on the clocks of `zone`.
    pub fn at(&self, now: DateTime<Utc>, zone: Tz) -> Result<WebUrl, NotAWebUrl> {
        WebUrl::parse(&self.0.at(now.with_timezone(&zone)))
    }

    /// The page for people to go to: the address itself, or what does not change of it, up to the folder of the first
    /// place. `None` if that is no address.
    pub fn home(&self) -> Option<WebUrl> {
        let literal = match self.0.parts() {
            [WordingPart::Literal(whole)] => return WebUrl::parse(whole).ok(),
            [WordingPart::Literal(first), ..] => first,
            _ => return None,
        };
        let folder = match literal.split_once('?') {
            Some((path, _)) => path,
            None => literal.rfind('/').and_then(|slash| literal.get(..=slash))?,
        };
        WebUrl::parse(folder).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(written: &str) -> Address {
        Address::new(Wording::parse(written, &["tag"]).unwrap())
    }

    #[test]
    fn a_day_is_the_sites_own() {
        let now = "2026-11-23T23:30:00Z".parse().unwrap();
        let address = address("https://a.example/{date:%Y/%m/%d}/");
        assert_eq!(address.at(now, chrono_tz::UTC).unwrap().as_str(), "https://a.example/2026/11/23/");
        assert_eq!(address.at(now, chrono_tz::Asia::Tokyo).unwrap().as_str(), "https://a.example/2026/11/24/");
    }

    #[test]
    fn a_home_does_not_change_with_the_day() {
        for (written, home) in [
            ("https://a.example/news?x=1", Some("https://a.example/news?x=1")),
            ("https://a.example/news/{date:%Y}/{date:%m}/", Some("https://a.example/news/")),
            ("https://a.example/news/day-{date:%F}.html", Some("https://a.example/news/")),
            ("https://a.example/news?a=/&day={date:%F}", Some("https://a.example/news")),
            ("https://{tag}.example/", None),
            ("{tag}", None),
        ] {
            assert_eq!(address(written).home().as_ref().map(WebUrl::as_str), home, "{written}");
        }
    }
}

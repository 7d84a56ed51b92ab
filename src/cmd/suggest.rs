//! `feedmill suggest`: proposes a rule for a page that nobody has described, and says if the site has a feed already.

mod articles;
mod asked;
mod feeds;
mod guesses;
mod look;
pub(super) mod name;
mod pattern;
mod refusal;
mod shown;
mod sitemaps;
pub(super) mod table;
mod voices;
mod work;
mod zone;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::home::Home;
use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, saved, voice};
use crate::fetch::{FetchError, Fetcher};
use crate::rule::Allowed;
use crate::webpage::Page;
use crate::weburl::WebUrl;
use asked::Asker;
use table::Table;
use work::{Found, Work};

/// Propose a rule for a page, and say if the site has a feed already
#[derive(Debug, Args)]
#[command(
    after_help = "Fetches the page, three of its articles, and the feeds that it names. The rule goes to stdout, as \
                        TOML that can be put into sites.toml as it is; what it yields, how sure it is, and remarks go to \
                        stderr. Where there is nothing to propose, it says why and what to do, and the exit code is 1."
)]
pub(super) struct Suggest {
    /// The address of the page that lists what is new
    #[arg(value_name = "URL")]
    url: String,
    /// Add the rule to the configuration; what stands there stays as it is
    #[arg(long)]
    write: bool,
    /// The site's name [default: made of the address]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Propose a rule for the page also if the site has a feed of it
    #[arg(long)]
    no_feed: bool,
    /// Read this saved page instead of asking the site (`.gz` too); then nothing is fetched at all
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Articles that are read
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(0..=10))]
    articles: u8,
    /// A private address that may be asked, as `allow_private` in the configuration says it
    #[arg(long, value_name = "IP:PORT", value_parser = private)]
    allow_private: Vec<String>,
    /// Show everything as JSON
    #[arg(long)]
    json: bool,
}

impl Suggest {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let home = Home::find(common)?;
        let (url, is_whole) = address(&self.url)?;
        let name = self.name(&home, &url)?;
        self.judge(&home, &url)?;
        let bare = Table::of(&name, &url, &self.allow_private);
        // With articles that are read without a rule.
        let site = home.site(&name, &format!("{}\n[sites.{name}.article]\n", bare.toml()))?;
        let asker = Asker::begin(Fetcher::system()?, &site);
        let (url, page) = match &self.page {
            Some(path) => (url.clone(), Ok(saved::page(path, url)?)),
            None => first(&asker, url, is_whole).await,
        };
        let work = Work {
            home: &home,
            asker: &asker,
            articles: usize::from(self.articles),
            is_offline: self.page.is_some(),
            avoids_feeds: self.no_feed,
        };
        let found = match page {
            Ok(page) => work.on(Table::of(&name, &url, &self.allow_private), page).await?,
            Err(error) => Found::Nothing(refusal::unreachable(&url, &error)),
        };
        match found {
            Found::Rule(suggestion) => {
                if self.write {
                    home.write(&suggestion.toml())?;
                }
                let written = self.write.then(|| home.called());
                if self.json {
                    voice::hand_over(&shown::json(&suggestion, written.as_deref()))?;
                } else {
                    if !common.quiet {
                        voice::tell(&shown::before(&suggestion));
                    }
                    voice::hand_over(&suggestion.toml())?;
                    if !common.quiet {
                        voice::tell(&shown::after(&suggestion, &home.called(), self.write));
                    }
                }
                Ok(ExitCode::from(ALL_WELL))
            }
            Found::Nothing(refusal) => {
                if self.json {
                    voice::hand_over(&refusal.json(&url))?;
                } else {
                    voice::tell(&refusal.to_string());
                }
                Ok(ExitCode::from(SOME_FAILED))
            }
        }
    }

    /// The name that the site gets.
    fn name(&self, home: &Home, url: &WebUrl) -> Result<String, Stop> {
        let Some(name) = &self.name else { return Ok(name::name(url, |name| home.has(name))) };
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_name = name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || matches!(c, '-' | '_'));
        if !is_name {
            let what = format!("`{name}` cannot be a site's name: it has small letters, digits, `-` and `_`");
            return Err(Stop::Usage(what));
        }
        if self.write && home.has(name) {
            let what = format!("{} has `{name}` already; give another --name", home.called());
            return Err(Stop::Usage(what));
        }
        Ok(name.clone())
    }

    /// Stops what would add the same page twice.
    fn judge(&self, home: &Home, url: &WebUrl) -> Result<(), Stop> {
        match home.reads(url) {
            Some(reader) if self.write && self.name.is_none() => Err(Stop::Usage(format!(
                "{} reads this page already, as `{reader}`; to have it twice, give a --name",
                home.called()
            ))),
            _ => Ok(()),
        }
    }
}

/// A private address as `allow_private` takes it. Names could lead anywhere.
pub(super) fn private(written: &str) -> Result<String, String> {
    let is_address = Allowed::parse(written.trim()).is_some();
    is_address.then(|| written.to_owned()).ok_or_else(|| "write `10.0.0.5:8080`; names cannot stand here".to_owned())
}

/// The address that is meant, and whether it says by which scheme.
pub(super) fn address(written: &str) -> Result<(WebUrl, bool), Stop> {
    let is_whole = written.contains("://");
    let whole = if is_whole { written.to_owned() } else { format!("https://{}", written.trim_start_matches('/')) };
    let url = WebUrl::parse(whole.trim()).map_err(|error| Stop::Usage(format!("{written}: {error}")))?;
    // What tells where the reader came from is no part of it.
    Ok((url.canonical(), is_whole))
}

/// The page to look at, and the address that it was asked for at. Who names no scheme may mean the older one.
async fn first(asker: &Asker<'_>, url: WebUrl, is_whole: bool) -> (WebUrl, Result<Page, FetchError>) {
    let result = asker.page(&url).await;
    if let (Err(FetchError::Connect(_) | FetchError::Tls(_) | FetchError::Protocol(_)), false) = (&result, is_whole)
        && let Ok(plain) = WebUrl::parse(&url.as_str().replacen("https://", "http://", 1))
        && let Ok(page) = asker.page(&plain).await
    {
        return (plain, Ok(page));
    }
    (url, result)
}

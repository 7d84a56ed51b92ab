//! From a page to a suggestion: look, propose, run the rule, read articles, ask feeds, and say what is to be known.

use std::collections::HashSet;
use std::sync::Arc;

use super::articles::{self, Article};
use super::asked::Asker;
use super::feeds::{self, Feed};
use super::look::{self, Ground, Look};
use super::refusal::{self, Refusal};
use super::table::Table;
use super::{guesses, pattern, sitemaps, voices, zone};
use crate::clock::{Clock as _, SystemClock};
use crate::cmd::home::Home;
use crate::cmd::saved::{self, Seen};
use crate::cmd::stop::Stop;
use crate::config::Site;
use crate::induce::{Draft, NoList, Proposal, Way};
use crate::item::Item;
use crate::rule::Form;
use crate::webpage::Page;
use crate::weburl::WebUrl;

/// How sure it is that a feed is a feed.
const CERTAIN: u8 = 100;

/// How sure it is at most of a list whose articles have no text.
const DOUBTED: u8 = 50;

/// How sure it is that what a sitemap has under a page's address is what the page lists.
const MAPPED: u8 = 60;

/// What all of the work needs.
pub(super) struct Work<'w> {
    pub(super) home: &'w Home,
    /// Asks, and has the site without a rule.
    pub(super) asker: &'w Asker<'w>,
    /// Articles to read.
    pub(super) articles: usize,
    /// Whether nothing is to be fetched.
    pub(super) is_offline: bool,
    /// Whether the page's own list is wanted, whatever feeds there are.
    pub(super) avoids_feeds: bool,
}

/// What it came to.
pub(super) enum Found {
    /// A rule.
    Rule(Box<Suggestion>),
    /// None.
    Nothing(Refusal),
}

/// A rule, and what is to be known of it.
pub(super) struct Suggestion {
    pub(super) table: Table,
    /// The rule for the page's own list, where the feed's is the better one.
    pub(super) second: Option<Table>,
    /// What the list is.
    pub(super) form: Form,
    /// Its page.
    page: Page,
    pub(super) site: Arc<Site>,
    pub(super) seen: Seen,
    /// Of 100.
    pub(super) confidence: u8,
    pub(super) feeds: Vec<Feed>,
    pub(super) remarks: Vec<String>,
}

impl Suggestion {
    pub(super) fn toml(&self) -> String {
        self.table.toml()
    }
}

/// A list, by the rule for it.
struct List {
    table: Table,
    form: Form,
    page: Page,
    site: Arc<Site>,
    seen: Seen,
    confidence: u8,
}

impl Work<'_> {
    /// What can be suggested for a page; `bare` is a table with nothing but its address.
    pub(super) async fn on(&self, mut bare: Table, page: Page) -> Result<Found, Stop> {
        let asked = bare.url.clone();
        // What the site says for good is written down; what it says today, not.
        if let Some(moved) = page.signs.moved.clone().filter(|moved| *moved == page.url) {
            bare.url = moved;
        }
        let Look { ground, voice, feeds } = look::look(self.asker.site, &page, &asked);
        let shows_nothing = matches!(ground, Ground::Nothing(NoList::Nothing)) && !self.is_offline;
        let guessed = if shows_nothing { self.guessed(&bare, &page).await? } else { None };
        // A feed is better than a sitemap.
        let may_be_mapped = shows_nothing && guessed.is_none() && feeds.is_empty();
        let mapped = if may_be_mapped { sitemaps::of(self.asker, &asked).await } else { None };
        let by_sitemap = mapped.as_ref().map(|mapped| mapped.remark.clone());
        let list = match (guessed, mapped) {
            (Some(list), _) => Ok(list),
            (None, Some(mapped)) => Ok(self.mapped(&bare, mapped)?),
            (None, None) => self.listed(&bare, &asked, ground, page).await?,
        };
        let items = list.as_ref().map(|list| list.seen.items.as_slice()).unwrap_or_default();
        let announced = if self.is_offline { &[][..] } else { &feeds };
        let (known, mut remarks) = feeds::known(self.asker, self.asker.site, announced, items).await;
        let list = match list {
            Ok(list) if list.seen.items.is_empty() => {
                return Ok(Found::Nothing(refusal::empty(&asked, &list.seen).with_feeds(known)));
            }
            Ok(list) => list,
            Err(refusal) => return Ok(Found::Nothing(refusal.with_feeds(known))),
        };
        let mut suggestion = self.chosen(&bare, list, known)?;
        let rows = &suggestion.seen.items;
        let (read, troubles) = if self.is_offline {
            (Vec::new(), Vec::new())
        } else {
            articles::read(self.asker, self.asker.site, rows, self.articles).await
        };
        remarks.extend(troubles);
        self.complete(&mut suggestion, &bare.url, &voice, &read)?;
        suggestion.remarks.extend(by_sitemap.into_iter().chain(remarks));
        Ok(Found::Rule(Box::new(suggestion)))
    }

    /// The list of a page by what it is.
    async fn listed(
        &self,
        bare: &Table,
        asked: &WebUrl,
        ground: Ground,
        page: Page,
    ) -> Result<Result<List, Refusal>, Stop> {
        Ok(match ground {
            Ground::List(form, proposal) => Ok(self.proposed(bare, form, *proposal, page)?),
            Ground::Told(form) => Ok(self.told(bare, form, page)?),
            Ground::Index(newest) => match self.asker.page(&newest).await {
                Ok(page) => Ok(self.told(bare, Form::Sitemap, page)?),
                Err(error) => Err(refusal::unreachable(&newest, &error)),
            },
            Ground::Nothing(why) => Err(refusal::no_list(asked, &why)),
            Ground::Wall(drift) => Err(refusal::wall(asked, &drift)),
            Ground::Unreadable(why) => Err(refusal::no_page(asked, &why)),
        })
    }

    /// The list whose links had to be guessed: the first guess by which the first two rows have their articles.
    async fn guessed(&self, bare: &Table, page: &Page) -> Result<Option<List>, Stop> {
        for guess in guesses::of(self.asker, page) {
            let list = self.proposed(bare, Form::Html, guess, page.clone())?;
            let mut is_right = false;
            for row in list.seen.items.iter().take(2) {
                is_right = guesses::holds(self.asker, row).await;
                if !is_right {
                    break;
                }
            }
            if is_right {
                return Ok(Some(list));
            }
        }
        Ok(None)
    }

    /// The list that stands in the site's sitemap.
    fn mapped(&self, bare: &Table, mapped: sitemaps::Mapped) -> Result<List, Stop> {
        let list = self.list(bare.instead(&mapped.url, mapped.draft), Form::Sitemap, mapped.page)?;
        Ok(List { confidence: MAPPED, ..list })
    }

    /// What a table's rule makes of the page.
    fn list(&self, table: Table, form: Form, page: Page) -> Result<List, Stop> {
        let site = self.home.site(&table.name, &table.toml())?;
        let seen = saved::seen(&site, &page, false, SystemClock.now(), false);
        Ok(List { table, form, page, site, seen, confidence: CERTAIN })
    }

    /// The list that was found by looking. If its rule takes in more than it is meant to, what tells the links apart may
    /// help.
    fn proposed(&self, bare: &Table, form: Form, proposal: Proposal, page: Page) -> Result<List, Stop> {
        let Proposal { mut draft, confidence, links: wanted } = proposal;
        let mut list = self.list(bare.instead(&bare.url, draft.clone()), form, page)?;
        let essence = |link: &WebUrl| link.without_tracking().essence();
        let known: HashSet<String> = wanted.iter().map(essence).collect();
        let (wanted, others): (Vec<WebUrl>, Vec<WebUrl>) =
            links(&list.seen.items).into_iter().partition(|link| known.contains(&essence(link)));
        if let Some(pattern) = pattern::telling(&wanted, &others) {
            pattern::add(&mut draft, "link_pattern", Some(Way::Short(pattern)));
            list = self.list(bare.instead(&bare.url, draft), form, list.page)?;
        }
        Ok(List { confidence, ..list })
    }

    /// The list that a feed or a sitemap is.
    fn told(&self, bare: &Table, form: Form, page: Page) -> Result<List, Stop> {
        let mut draft = Draft::default();
        draft.set("from", vec![Way::Short(if form == Form::Feed { "feed" } else { "sitemap" }.to_owned())]);
        let list = self.list(bare.instead(&bare.url, draft.clone()), form, page)?;
        let pattern = pattern::most_alike(&links(&list.seen.items)).filter(|_| form == Form::Sitemap);
        let Some(pattern) = pattern else { return Ok(list) };
        draft.set("link_pattern", vec![Way::Short(pattern)]);
        self.list(bare.instead(&bare.url, draft), form, list.page)
    }

    /// The page's list, or the feed of it where there is one.
    fn chosen(&self, bare: &Table, list: List, feeds: Vec<Feed>) -> Result<Suggestion, Stop> {
        let List { table, form, page, site, seen, confidence } = list;
        let remarks = Vec::new();
        let own = Suggestion { table, second: None, form, page, site, seen, confidence, feeds: Vec::new(), remarks };
        let Some(best) = feeds.iter().find(|feed| !self.avoids_feeds && feed.is_of_page) else {
            return Ok(Suggestion { feeds, ..own });
        };
        let mut draft = Draft::default();
        draft.set("from", vec![Way::Short("feed".to_owned())]);
        let List { table, form, page, site, seen, confidence } =
            self.list(bare.instead(&best.url, draft), Form::Feed, best.page.clone())?;
        Ok(Suggestion {
            table,
            second: Some(own.table),
            form,
            page,
            site,
            seen,
            confidence,
            feeds,
            remarks: own.remarks,
        })
    }

    /// Adds what the page and its articles tell of the site, and runs the rule as it is then.
    fn complete(
        &self,
        suggestion: &mut Suggestion,
        asked: &WebUrl,
        voice: &look::Voice,
        read: &[Article],
    ) -> Result<(), Stop> {
        let told: Vec<&look::Voice> = std::iter::once(voice).chain(read.iter().map(|article| &article.voice)).collect();
        let (language, remark) = voices::language(&told);
        suggestion.remarks.extend(remark);
        if articles::lack_text(read) {
            suggestion.confidence = suggestion.confidence.min(DOUBTED);
            let remark = "the pages behind the list have hardly any text: look whether they are what you want";
            suggestion.remarks.push(remark.to_owned());
        }
        let moments: Vec<_> = told.iter().flat_map(|voice| voice.moments.iter().copied()).collect();
        let table = &mut suggestion.table;
        table.timezone = zone::zone(&table.url, language.as_deref(), &moments);
        table.language = language;
        // A sitemap has no titles; the articles do.
        table.full_text = articles::add_text(read) || suggestion.form == Form::Sitemap;
        let own = suggestion.seen.title.as_deref();
        // A list that is called nothing, as a sitemap is, is called what the page is.
        let called = voice.title.clone().filter(|_| own.is_none());
        table.title = voices::title(own.or(called.as_deref()), asked).or(called);
        let pairs: Vec<_> = read.iter().map(|article| article.addresses.clone()).collect();
        pattern::add(&mut table.listing, "id", pattern::id(&pairs, &links(&suggestion.seen.items)));
        if let Some(second) = &mut suggestion.second {
            (second.language, second.timezone) = (table.language.clone(), table.timezone);
            second.full_text = table.full_text;
        }
        suggestion.site = self.home.site(&table.name, &table.toml())?;
        suggestion.seen = saved::seen(&suggestion.site, &suggestion.page, false, SystemClock.now(), false);
        Ok(())
    }
}

fn links(items: &[Item]) -> Vec<WebUrl> {
    items.iter().filter_map(|item| item.fields.link.clone()).collect()
}

//! Rows meet the archive: which row is which item, and which articles are to be read.

use chrono::{DateTime, Utc};

use super::article::Article;
use super::identity::{BY_ID, Identity, key_of};
use super::settle::{Gathered, Work};
use super::{Engine, upkeep};
use crate::archive::{ArchiveError, Record};
use crate::config::Site;
use crate::extract::Entry;
use crate::item::{Field, Found};
use crate::limits;
use crate::rule::FieldRules;
use crate::webpage::Validators;
use crate::weburl::WebUrl;

impl Engine {
    /// What is to be done: entries in the order of the listing, then articles that are due without standing there.
    pub(super) async fn work(
        &self,
        site: &Site,
        entries: Vec<Entry>,
        gathered: &mut Gathered,
        now: DateTime<Utc>,
    ) -> Result<Vec<Work>, ArchiveError> {
        let identities: Vec<Identity> = entries.iter().map(identity_of).collect();
        gathered.listed = identities.iter().flat_map(Identity::keys).collect();
        let keys = identities.iter().flat_map(Identity::keys).collect();
        let mut known = self.parts.archive.find(&site.name, keys).await?;
        let recognised = recognised(&entries, &identities, &mut known, gathered);
        let room = self.room(site, &known, now).await?;
        let mut work = Vec::with_capacity(entries.len());
        let mut listed: Vec<i64> = Vec::with_capacity(entries.len());
        // Rows that an item was archived by come before rows that lead to it by an alias.
        let owners: Vec<Option<i64>> = identities.iter().map(|identity| owner(identity, &known)).collect();
        let renamed: Vec<Option<i64>> = entries
            .iter()
            .zip(&identities)
            .map(|(entry, identity)| renamed(site, entry, identity, &identities, &known, gathered))
            .zip(recognised)
            .map(|(renamed, recognised)| renamed.or(recognised))
            .collect();
        for (((entry, identity), own), renamed) in entries.into_iter().zip(identities).zip(&owners).zip(renamed) {
            let record = match own {
                Some(_) => known.iter().find(|record| record.number == *own).cloned(),
                None => known.iter().find(|record| identity.is(record)).cloned(),
            };
            let (record, renamed) = match record {
                None if renamed.is_some() => {
                    let key = identity.id.clone().or_else(|| identity.link.clone());
                    (known.iter().find(|record| record.number == renamed).cloned(), key)
                }
                record => (record, None),
            };
            let number = record.as_ref().and_then(|record| record.number);
            // A second row of an item that has had several addresses.
            if listed
                .iter()
                .chain(owners.iter().flatten().filter(|_| own.is_none()))
                .any(|other| Some(*other) == number)
            {
                continue;
            }
            listed.extend(number);
            if let Some(dropped) = record.as_ref().filter(|record| !room.is_for(record)) {
                gathered.again.extend(dropped.number);
                continue;
            }
            work.push(of_row(site, entry, record, renamed, gathered, now));
        }
        let budget = within_budget(&mut work);
        if site.rule.article.is_some() && budget > 0 {
            let due = self.parts.archive.due(&site.name, now, listed.len() + budget).await?;
            let unlisted =
                due.into_iter().filter(|record| record.number.is_none_or(|number| !listed.contains(&number)));
            work.extend(unlisted.take(budget).map(|record| Work {
                entry: None,
                renamed: None,
                fetch: record.item.fields.link.clone(),
                record: Some(record),
            }));
        }
        Ok(work)
    }

    /// Items that only their articles show to be archived already, by an `id` in the page or by the same path under
    /// another query, become what they are.
    pub(super) async fn absorbed(
        &self,
        site: &Site,
        mut read: Vec<(Work, Option<Article>)>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(Work, Option<Article>)>, ArchiveError> {
        let keys: Vec<String> = read
            .iter()
            .filter(|(work, _)| work.record.is_none())
            .filter_map(|(work, article)| told_by_article(work.fetch.as_ref()?, article.as_ref()?))
            .flatten()
            .collect();
        if keys.is_empty() {
            return Ok(read);
        }
        let mut known = self.parts.archive.find(&site.name, keys).await?;
        let taken: Vec<i64> = read.iter().filter_map(|(work, _)| work.record.as_ref()?.number).collect();
        let room = self.room(site, &known, now).await?;
        known.retain(|record| record.number.is_none_or(|number| !taken.contains(&number)));
        for (work, article) in read.iter_mut().filter(|(work, _)| work.record.is_none()) {
            let (Some(link), Some(article)) = (&work.fetch, article) else { continue };
            let told = told_by_article(link, article).unwrap_or_default();
            let same = known.iter().position(|record| {
                // A page's own address alone is no proof: some sites write the same one into all of their pages.
                let by_id = told.iter().any(|key| key.starts_with(BY_ID) && record.keys.contains(key));
                by_id || told.iter().any(|key| record.keys.contains(key)) && has_same_title(record, work, article)
            });
            work.record = same.map(|at| known.swap_remove(at));
        }
        read.retain(|(work, _)| work.record.as_ref().is_none_or(|record| room.is_for(record)));
        Ok(read)
    }
}

/// The record whose own row this is: whose last row had the same id, or the same link.
fn owner(identity: &Identity, known: &[Record]) -> Option<i64> {
    let is_own = |record: &&Record| {
        let row = Identity::of(&record.entry.ruled.clone().or(record.entry.automatic.clone()));
        row.id.is_some() && row.id == identity.id || row.link == identity.link
    };
    known.iter().filter(|record| identity.is(record)).find(is_own)?.number
}

/// What is to be done about a row, and the item that it is, if that is known.
fn of_row(
    site: &Site,
    entry: Entry,
    record: Option<Record>,
    renamed: Option<String>,
    gathered: &Gathered,
    now: DateTime<Utc>,
) -> Work {
    let link = entry.link().cloned();
    let entry = match record.as_ref().filter(|record| gathered.is_of_before(record)) {
        Some(record) => Entry { found: record.entry.clone() },
        None => entry,
    };
    let is_wanted = record.as_ref().is_none_or(|record| is_wanted(site, record, &entry, now));
    let is_read = is_wanted && upkeep::reads_article(site, &entry.found);
    let fetch = link.filter(|_| is_read);
    Work { entry: Some(entry.found), record, renamed, fetch }
}

/// Takes from `work` what is more than one refresh asks for; how much it may still ask for.
fn within_budget(work: &mut [Work]) -> usize {
    let mut budget = limits::ARTICLES_A_REFRESH;
    for work in work {
        match budget.checked_sub(usize::from(work.fetch.is_some())) {
            Some(left) => budget = left,
            None => work.fetch = None,
        }
    }
    budget
}

/// For each entry, the number of the record that only its title leads to, now that the site has given its items other
/// addresses; those records are added to what is known.
fn recognised(
    entries: &[Entry],
    identities: &[Identity],
    known: &mut Vec<Record>,
    gathered: &Gathered,
) -> Vec<Option<i64>> {
    let mut numbers = Vec::with_capacity(entries.len());
    for (entry, identity) in entries.iter().zip(identities) {
        let title = entry.found.ruled.title.as_ref().or(entry.found.automatic.title.as_ref());
        let same = gathered.recognised.iter().find(|(known, _)| Some(known) == title).map(|(_, record)| record);
        let record = same.filter(|_| !known.iter().any(|record| identity.is(record)));
        if let Some(record) = record.filter(|record| known.iter().all(|known| known.number != record.number)) {
            known.push(record.clone());
        }
        numbers.push(record.and_then(|record| record.number));
    }
    numbers
}

/// The record of an item that its feed calls by another id now, as when guids go from `http` to `https`, or from a number to
/// an address: the link, the title and the date are the same, and nothing else on the listing may be meant. An id that a
/// rule reads is the operator's word, and is never looked behind.
fn renamed(
    site: &Site,
    entry: &Entry,
    identity: &Identity,
    all: &[Identity],
    known: &[Record],
    gathered: &Gathered,
) -> Option<i64> {
    let is_ruled = |rules: &FieldRules| rules.names(Field::Id);
    let link = entry.link().filter(|link| !gathered.is_front(link))?;
    let is_alone = all.iter().filter(|other| other.link == identity.link).count() == 1;
    let told = |found: &Found| {
        let fields = found.ruled.clone().or(found.automatic.clone());
        (fields.title, fields.published)
    };
    let now = told(&entry.found);
    if identity.id.is_none()
        || now.0.is_none()
        || !is_alone
        || is_ruled(&site.rule.listing.fields)
        || site.rule.article.as_ref().is_some_and(|article| is_ruled(&article.fields))
    {
        return None;
    }
    let leads_here = known.iter().filter(|record| record.keys.contains(&key_of(link)));
    let is_free = |record: &&Record| {
        let mut ids = record.keys.iter().filter(|key| key.starts_with(BY_ID));
        !ids.any(|id| gathered.listed.contains(id)) && told(&record.entry) == now
    };
    leads_here.filter(is_free).find_map(|record| record.number)
}

/// Whether a known item's article is to be asked for again.
fn is_wanted(site: &Site, record: &Record, entry: &Entry, now: DateTime<Utc>) -> bool {
    !site.rule.made(&record.rule)
        || upkeep::tells_of_change(&record.entry, &entry.found)
        || record.article.due.is_some_and(|due| due <= now)
        || upkeep::is_unasked(&record.article)
}

fn identity_of(entry: &Entry) -> Identity {
    let found = &entry.found;
    Identity::of(&found.ruled.clone().or(found.automatic.clone()))
}

/// The validators of an article; none if it has to be read again whether it changed or not: it was never read, or by
/// another rule, or its row says something new that is to be merged with it.
pub(super) fn known_to<'a>(site: &Site, work: &'a Work) -> Option<&'a Validators> {
    let record = work.record.as_ref().filter(|record| site.rule.made(&record.rule) && record.article.read)?;
    let is_same_row = work.entry.as_ref().is_none_or(|entry| !upkeep::tells_of_change(&record.entry, entry));
    Some(&record.article.validators).filter(|validators| is_same_row && !validators.is_empty())
}

/// Whether what was read bears the title of an archived item.
fn has_same_title(record: &Record, work: &Work, article: &Article) -> bool {
    let Article::Read(read) = article else { return false };
    let reading = &read.reading;
    let of_article = [&reading.found.ruled.title, &reading.found.automatic.title];
    let of_row = work.entry.iter().flat_map(|entry| [&entry.ruled.title, &entry.automatic.title]);
    let known = record.item.fields.title.as_ref();
    known.is_some() && of_article.into_iter().chain(of_row).any(|title| title.as_ref() == known)
}

/// The keys of an article that its page tells: the rule's `id`, and its own address where that differs from `link` in
/// nothing but the query. (A redirect to somewhere else may be a front page or a consent form, and proves nothing.)
fn told_by_article(link: &WebUrl, article: &Article) -> Option<Vec<String>> {
    let Article::Read(read) = article else { return None };
    let reading = &read.reading;
    let by_id = Identity::of(&reading.found.ruled).id;
    let is_same_page = |other: &&WebUrl| other.host() == link.host() && other.as_url().path() == link.as_url().path();
    let by_address = reading.canonical.as_ref().filter(is_same_page).map(key_of);
    Some(by_id.into_iter().chain(by_address).collect())
}

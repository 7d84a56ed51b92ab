//! What a reading makes of a record. Pure: readings and moments in, records out.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::archive::{ArticleState, Record};
use crate::config::Site;
use crate::edition::fingerprint;
use crate::extract::Merged;
use crate::item::{Date, Fields, Found, Item};
use crate::limits;
use crate::text::Html;

use super::identity::{self, Identity};

/// When an article is looked at again after first sight: news are corrected early, and later hardly ever.
const SCHEDULE: [TimeDelta; 4] = [TimeDelta::hours(1), TimeDelta::hours(6), TimeDelta::days(1), TimeDelta::days(7)];

/// Wait after the first failure to fetch an article; doubled with each further one.
const RETRY: TimeDelta = TimeDelta::minutes(10);

/// Longest wait between two attempts.
const RETRY_MOST: TimeDelta = TimeDelta::days(1);

/// Failures in a row after which an article is left alone: about a week of waiting.
const RETRIES: u32 = 14;

/// The record of an item seen for the first time.
pub(super) fn first(site: &Site, entry: Found, merged: Merged, now: DateTime<Utc>) -> Record {
    let fields = merged.fields;
    let (id, id_is_link) = identity::permanent_id(&fields, &site.name, &site.url, now);
    let published = fields.published.filter(|_| !merged.is_just_ahead).unwrap_or_else(|| here(now, site.rule.timezone));
    let updated = fields.updated.unwrap_or(published).max(published);
    let digest = digest(&fields);
    Record {
        number: None,
        keys: keys(&entry, &fields),
        first_seen: now,
        item: Item { id, id_is_link, published, updated, fields },
        entry,
        digest,
        rule: site.rule.item_hash.clone(),
        article: ArticleState::default(),
        is_dropped: false,
        held: None,
        pages: Vec::new(),
    }
}

/// Brings a record up to date with a new reading. Id and first sight stay; so does the date of publication, unless
/// the article that may tell it was never read before, or the operator has edited the rule.
pub(super) fn again(record: &mut Record, site: &Site, entry: Found, merged: Merged, now: DateTime<Utc>) {
    let rule_is_edited = !site.rule.made(&record.rule);
    let is_awaited = site.rule.article.is_some() && !record.article.read && record.item.fields.published.is_none();
    let mut fields = merged.fields;
    if (rule_is_edited || is_awaited)
        && !record.is_dropped
        && let Some(published) = fields.published.filter(|_| !merged.is_just_ahead)
    {
        record.item.published = published;
    }
    let digest = digest(&fields);
    if digest != record.digest {
        let stated = fields.updated.filter(|stated| *stated > record.item.updated);
        record.item.updated = stated.unwrap_or_else(|| here(now, site.rule.timezone));
        record.digest = digest;
    }
    record.item.updated = record.item.updated.max(record.item.published);
    // What a page once told, it has told: a row that shows no date today does not make the item an undated one.
    fields.published = fields.published.or(record.item.fields.published);
    for key in keys(&entry, &fields) {
        if !record.keys.contains(&key) && record.keys.len() < limits::KEYS {
            record.keys.push(key);
        }
    }
    record.is_dropped = false;
    record.item.fields = fields;
    record.entry = entry;
    record.rule.clone_from(&site.rule.item_hash);
}

/// Everything that leads to an item: its id, its row's link, and the link that the article may name instead.
fn keys(entry: &Found, fields: &Fields) -> Vec<String> {
    let row = Identity::of(&entry.ruled.clone().or(entry.automatic.clone()));
    let mut keys = Identity { id: Identity::of(fields).id, link: row.link }.keys();
    keys.extend(Identity::of(fields).link.filter(|link| !keys.contains(link)));
    keys
}

/// When an article that was read at `now` is due again.
pub(super) fn next_look(first_seen: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    SCHEDULE.into_iter().map(|after| first_seen + after).find(|due| *due > now)
}

/// When an article that could not be read is tried again, after `failures` of them.
pub(super) fn retry(failures: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let doubled = i32::try_from(2_u64.pow(failures.saturating_sub(1).min(12))).unwrap_or(i32::MAX);
    (failures < RETRIES).then(|| now + (RETRY * doubled).min(RETRY_MOST))
}

/// Whether an entry's article is read at all: the site has a rule for articles, and the row does not tell already that
/// the feed will not show its item.
pub(super) fn reads_article(site: &Site, row: &Found) -> bool {
    site.rule.article.as_ref().is_some_and(|article| !site.filter.rules_out(row, &article.fields))
}

/// Whether an article was never asked for, nor is to be: its row did not pass the feed's filter.
pub(super) fn is_unasked(article: &ArticleState) -> bool {
    !article.read && article.failures == 0 && article.due.is_none()
}

/// Whether two readings of a row say the same; a link may change its tail without saying anything.
pub(super) fn is_same_row(old: &Found, new: &Found) -> bool {
    let essence = |found: &Found| {
        let mut found = found.clone();
        found.ruled.link = None;
        found.automatic.link = None;
        found
    };
    essence(old) == essence(new)
}

/// Whether a row tells that its article may have changed. Counters, teasers and the like change all the time.
pub(super) fn tells_of_change(old: &Found, new: &Found) -> bool {
    let told = |fields: &Fields| (fields.title.clone(), fields.published, fields.updated);
    told(&old.ruled) != told(&new.ruled) || told(&old.automatic) != told(&new.automatic)
}

/// Fingerprint of what a reader reads: the title and the text, not the markup. In clean HTML `<` and `>` are tags and
/// nothing else, so that leaving them out needs no parser.
pub(super) fn digest(fields: &Fields) -> String {
    let title = fields.title.as_ref().map(ToString::to_string).unwrap_or_default();
    let body = fields.content.as_ref().or(fields.summary.as_ref()).map(Html::as_str).unwrap_or_default();
    // Before the first `<` stands text; behind each other one the rest of a tag, and then text.
    let text: String = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    fingerprint(format!("{title}\n{}", words.join(" ")).as_bytes())
}

/// A moment on the site's clocks, in whole seconds.
fn here(now: DateTime<Utc>, zone: Tz) -> Date {
    use chrono::Timelike as _;
    now.with_nanosecond(0).unwrap_or(now).with_timezone(&zone).fixed_offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_looked_at_again_four_times() {
        let seen: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
        let mut at = seen;
        let mut looks = Vec::new();
        while let Some(due) = next_look(seen, at) {
            looks.push((due - seen).num_hours());
            at = due;
        }
        assert_eq!(looks, [1, 6, 24, 168]);
    }

    #[test]
    fn failures_wait_longer_and_end() {
        let now = "2026-11-23T10:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let waits: Vec<i64> = (1..).map_while(|n| retry(n, now)).map(|due| (due - now).num_minutes()).collect();
        assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440, 1440, 1440]);
    }
}

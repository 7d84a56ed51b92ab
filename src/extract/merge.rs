//! Entry and article become one: an explicit article field, then an explicit listing field, then what was found
//! automatically; a page that lacks the content that its rule names is heard after the listing. Dates also pass a trust
//! check.

use chrono::{DateTime, NaiveTime, TimeZone as _, Utc};

use super::dates::{self, Verdict};
use crate::item::{Date, Field, Fields, Found};
use crate::report::Report;
use crate::rule::{FieldRules, Rule};
use crate::text::{Html, Text};
use crate::weburl::WebUrl;

/// An entry and its article, merged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// The fields. `published` and `updated` are there only if they can be believed.
    pub fields: Fields,
    /// The date lies a little ahead: it is to be taken as the moment of first sight.
    pub is_just_ahead: bool,
    /// Which dates were not believed, and why.
    pub report: Report,
}

/// Of the four sources, those that the rule names come first.
const RULED: usize = 2;

/// Merges what a row and an article's page yielded.
pub fn merge(entry: &Found, article: Option<&Found>, rule: &Rule, now: DateTime<Utc>) -> Merged {
    let nothing = Found::default();
    let article = article.unwrap_or(&nothing);
    let names_content = rule.article.as_ref().is_some_and(|rule| rule.fields.names(Field::Content));
    let sources = if names_content && article.ruled.content.is_none() {
        // It may be the page of something else, a log-in or a challenge: what it is called is believed last.
        [&article.ruled, &entry.ruled, &entry.automatic, &article.automatic]
    } else {
        [&article.ruled, &entry.ruled, &article.automatic, &entry.automatic]
    };
    let mut fields = sources.into_iter().cloned().reduce(Fields::or).unwrap_or_default();
    let nobodys = FieldRules::default();
    let of_article = rule.article.as_ref().map_or(&nobodys, |article| &article.fields);
    let tables = [of_article, &rule.listing.fields];
    for field in Field::ALL {
        let is_read = tables.iter().any(|rules| !rules.extractors(field).is_empty());
        if tables.iter().any(|rules| rules.is_off(field)) && !is_read {
            clear(&mut fields, field);
        }
        if !fields.has(field)
            && let Some(default) = tables.iter().find_map(|rules| rules.default_of(field))
        {
            set_default(&mut fields, field, default);
        }
    }
    let mut merged = Merged { fields, ..Merged::default() };
    settle_dates(&mut merged, &sources, rule, now);
    merged
}

/// Takes the first date of publication that can be believed, at last the one that the link names.
fn settle_dates(merged: &mut Merged, sources: &[&Fields], rule: &Rule, now: DateTime<Utc>) {
    let link = merged.fields.link.as_ref().and_then(dates::in_link);
    let is_off = rule.listing.fields.is_off(Field::Published)
        || rule.article.as_ref().is_some_and(|article| article.fields.is_off(Field::Published));
    let by_link = link.filter(|link| link.names_day && !is_off).and_then(|link| {
        rule.timezone.from_local_datetime(&link.day.and_time(NaiveTime::MIN)).earliest().map(|date| date.fixed_offset())
    });
    // A field that has a value at all has been through the merge: `published = false` left none.
    let stated = merged.fields.published.take().is_some();
    let mut is_just_ahead = false;
    // The rule's author has looked at the page: files, for one, are uploaded later than what they say was dated.
    let ruled: Vec<Date> = sources.iter().take(RULED).filter_map(|fields| fields.published).collect();
    let candidates = sources.iter().filter(|_| stated).filter_map(|fields| fields.published).chain(by_link);
    merged.fields.published = believed(candidates, Field::Published, &mut merged.report, |date| {
        match dates::judge(date, link.filter(|_| !ruled.contains(&date)), now) {
            Verdict::Trusted => Ok(true),
            Verdict::JustAhead => {
                is_just_ahead = true;
                Ok(true)
            }
            Verdict::Doubted(why) => Err(why),
        }
    });
    merged.is_just_ahead = is_just_ahead;
    let published = merged.fields.published;
    let candidates = merged.fields.updated.take().into_iter();
    merged.fields.updated =
        believed(candidates, Field::Updated, &mut merged.report, |date| match dates::judge(date, None, now) {
            Verdict::Doubted(why) => Err(why),
            Verdict::Trusted => Ok(published.is_none_or(|published| date >= published)),
            Verdict::JustAhead => Ok(false),
        });
}

fn believed(
    candidates: impl Iterator<Item = Date>,
    field: Field,
    report: &mut Report,
    mut judge: impl FnMut(Date) -> Result<bool, String>,
) -> Option<Date> {
    for date in candidates {
        match judge(date) {
            Ok(true) => return Some(date),
            Ok(false) => {}
            Err(why) => report.note(field, None, why),
        }
    }
    None
}

fn clear(fields: &mut Fields, field: Field) {
    match field {
        Field::Id => fields.id = None,
        Field::Link => fields.link = None,
        Field::Title => fields.title = None,
        Field::Published => fields.published = None,
        Field::Updated => fields.updated = None,
        Field::Author => fields.author.clear(),
        Field::Category => fields.category.clear(),
        Field::Summary => fields.summary = None,
        Field::Content => fields.content = None,
        Field::Image => {
            fields.image = None;
            fields.image_caption = None;
            fields.image_credit = None;
        }
        Field::ImageCaption => fields.image_caption = None,
        Field::ImageCredit => fields.image_credit = None,
        Field::Enclosure => fields.enclosure.clear(),
        Field::Comments => fields.comments = None,
        Field::Language => fields.language = None,
    }
}

/// A default is text, or an address; a date has none that would be honest.
fn set_default(fields: &mut Fields, field: Field, default: &str) {
    let text = Text::new(default);
    let link = || WebUrl::parse(default).ok();
    match field {
        Field::Id => fields.id = text,
        Field::Title => fields.title = text,
        Field::Author => fields.author.extend(text),
        Field::Category => fields.category.extend(text),
        Field::Summary => fields.summary = text.as_ref().map(Html::from_text),
        Field::Content => fields.content = text.as_ref().map(Html::from_text),
        Field::ImageCaption => fields.image_caption = text,
        Field::ImageCredit => fields.image_credit = text,
        Field::Language => fields.language = text,
        Field::Link => fields.link = link(),
        Field::Image => fields.image = link(),
        Field::Comments => fields.comments = link(),
        Field::Enclosure | Field::Published | Field::Updated => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(ruled: &str, automatic: &str, link: &str) -> (Option<String>, usize) {
        let rule = Rule::of_rows(Vec::new());
        let date = |text: &str| DateTime::parse_from_rfc3339(text).ok();
        let mut entry = Found::default();
        entry.ruled.published = date(ruled);
        entry.ruled.link = WebUrl::parse(link).ok();
        entry.automatic.published = date(automatic);
        let merged = merge(&entry, None, &rule, "2026-11-23T12:00:00Z".parse().unwrap());
        (merged.fields.published.map(|date| date.to_rfc3339()), merged.report.notes.len())
    }

    #[test]
    fn a_date_that_the_rule_names_may_be_older_than_the_link() {
        let link = "https://court.example/2023/01/03/opinion.pdf";
        assert_eq!(published("2022-12-23T12:00:00Z", "", link), (Some("2022-12-23T12:00:00+00:00".to_owned()), 0));
        assert_eq!(published("", "2022-12-23T12:00:00Z", link), (Some("2023-01-03T00:00:00+00:00".to_owned()), 1));
        assert_eq!(published("2029-01-01T00:00:00Z", "", link), (Some("2023-01-03T00:00:00+00:00".to_owned()), 1));
    }

    #[test]
    fn a_page_without_the_content_that_is_wanted_does_not_say_what_the_item_is_called() {
        let toml = "[sites.x]\nurl = \"https://a.example/\"\nlisting.item = \"li\"\narticle.content = \".body\"\n";
        let plan = crate::config::parse(toml, std::path::Path::new("sites.toml")).unwrap();
        let titled = |title: &str, content: &str| {
            let mut found = Found::default();
            found.automatic.title = Text::new(title);
            found.ruled.content = Text::new(content).as_ref().map(Html::from_text);
            found
        };
        let title = |content: &str| {
            let (entry, article) = (titled("Sack 7", ""), titled("Log in", content));
            let merged = merge(&entry, Some(&article), &plan.sites["x"].rule, DateTime::UNIX_EPOCH);
            merged.fields.title.map(|title| title.to_string()).unwrap_or_default()
        };
        assert_eq!(title(""), "Sack 7");
        assert_eq!(title("The miller logged in."), "Log in", "an article knows best");
    }
}

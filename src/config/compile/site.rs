//! One site's table.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use toml::Spanned;

use super::shared::Shared;
use super::{General, Problems, address, family, filter, listing, network, request, value};
use crate::config::diagnostics::{Complaint, line_number, quoted};
use crate::config::lines::Lines;
use crate::config::plan::{PageKind, Refresh, SavedTest, Site, Sleep};
use crate::config::raw::{At, RawKind, RawSite, RawTest};
use crate::limits;
use crate::rule::Upstream;
use crate::weburl::WebUrl;

/// How long pages are kept, unless the site says otherwise: an edit is made within a week of what gave rise to it.
const KEEP_PAGES: Duration = Duration::from_hours(7 * 24);
/// How long a feed is fresh, unless the site says otherwise.
const REFRESH: Refresh = Refresh::Every(Duration::from_hours(1));
/// How long a site is asked ahead that no reader asks for, unless it says otherwise.
const SLEEP_AFTER: Sleep = Sleep::After(Duration::from_hours(7 * 24));

/// A site; `None` if it lacks what it cannot do without, which has been noted.
pub(super) fn site(
    problems: &mut Problems<'_>,
    name: &Spanned<String>,
    raw: &At<RawSite>,
    general: &General,
) -> Option<Site> {
    if let Err(complaint) = feed_name(name.get_ref(), "a site's name") {
        problems.add(complaint, name.span());
    }
    let params = family::names(problems, raw);
    let addresses = raw.url.as_ref().map(|urls| address::addresses(problems, urls, &params)).unwrap_or_default();
    let url = addresses.first().map(|(_, home)| home.clone());
    let title = raw.title.as_ref().and_then(|title| problems.read(title, value::line));
    let description = raw.description.as_ref().and_then(|text| problems.read(text, value::line));
    let shared = Shared::read(problems, &raw.shared).or(&general.defaults);
    shared.check_sizes(problems, &raw.shared);
    let (show, keep) = shared.sizes();
    let rule = Arc::new(listing::rule(problems, raw, &shared));
    let written = Arc::new(raw.listing.as_ref().map(listing::written).unwrap_or_default());
    let request = raw.listing.as_ref().and_then(|listing| listing.request.as_ref());
    let asking = request.map(|request| request::request(problems, request, &params)).unwrap_or_default();
    let filter = filter::filter(problems, raw.filter.as_ref());
    let tests = raw.test.iter().flatten().filter_map(|test| saved_test(problems, test, url.as_ref())).collect();
    Some(Site {
        name: name.get_ref().clone(),
        title,
        description,
        url: url?,
        addresses: addresses.into_iter().map(|(address, _)| address).collect(),
        asking,
        language: shared.language.clone(),
        rule,
        written,
        zone_is_named: shared.timezone.is_some(),
        show,
        keep,
        keep_for: shared.keep_for.filter(|time| *time < Duration::MAX),
        notice: shared.notice.unwrap_or_default(),
        repair: shared.repair.unwrap_or_default(),
        refresh: shared.refresh.unwrap_or(REFRESH),
        keep_pages: Some(shared.keep_pages.unwrap_or(KEEP_PAGES)).filter(|keep| !keep.is_zero()),
        hold: shared.hold.filter(|hold| !hold.is_zero()),
        sleep_after: shared.sleep_after.unwrap_or(SLEEP_AFTER),
        upstream: Arc::new(upstream(shared, &general.fetch)),
        filter,
        query_filter: raw.query_filter.unwrap_or_default(),
        tests,
        file: PathBuf::new(),
        lines: Lines::default(),
    })
}

/// What is wrong with the name of a site or a merged feed; `what` says which.
pub(super) fn feed_name(name: &str, what: &str) -> Result<(), Complaint> {
    let is_small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_fine = name.starts_with(is_small) && name.chars().all(|c| is_small(c) || c == '_' || c == '-');
    let complaint = Complaint::new(format!("{} cannot be {what}", quoted(name)));
    if name == "index" {
        return Err(complaint.label("`index.html` is the list of all feeds"));
    }
    if name.len() > limits::SITE_NAME_CHARS {
        return Err(complaint.label(format!("longer than {} characters", limits::SITE_NAME_CHARS)));
    }
    if is_fine {
        return Ok(());
    }
    let simple: String =
        name.to_ascii_lowercase().chars().map(|c| if is_small(c) || c == '_' { c } else { '-' }).collect();
    let complaint = complaint.help("a name has small letters, digits, `-` and `_`, and begins with a letter or digit");
    Err(match simple.trim_start_matches(['-', '_']).trim_end_matches('-') {
        "" => complaint,
        simple => complaint.label(format!("for example `{simple}`")),
    })
}

fn upstream(shared: Shared, fetch: &Upstream) -> Upstream {
    Upstream {
        headers: shared.sent(),
        user_agent: shared.user_agent.map(|agent| agent.value).or_else(|| fetch.user_agent.clone()),
        proxy: shared.proxy,
        allow_private: shared.allow_private.unwrap_or_default(),
        gap: shared.gap.unwrap_or(fetch.gap),
        gap_is_own: shared.gap.is_some(),
        robots: shared.robots.unwrap_or(fetch.robots),
        ..fetch.clone()
    }
}

fn saved_test(problems: &mut Problems<'_>, raw: &At<RawTest>, site: Option<&WebUrl>) -> Option<SavedTest> {
    let kind = match raw.kind {
        Some(RawKind::Article) => PageKind::Article,
        Some(RawKind::Listing) | None => PageKind::Listing,
    };
    if let (PageKind::Article, Some(count)) = (kind, &raw.count) {
        problems.add_at_key(Complaint::new("`count` makes no sense for an article").label("it is one item"), count);
    }
    let expect = raw.expect.iter().flatten().map(|(field, value)| (field.name().to_owned(), value.clone())).collect();
    let texts = |texts: &Option<Vec<String>>| texts.clone().unwrap_or_default();
    let mut count = None;
    problems.set(&mut count, raw.count.as_ref(), |written: &i64| value::count(written).map(Some));
    let url = raw.url.as_ref().map(|url| problems.read(url, network::address));
    let test = SavedTest {
        page: problems.folder.join(raw.page.as_ref()?.as_str()),
        url: url.unwrap_or_else(|| site.cloned())?,
        content_type: raw.content_type.as_deref().cloned(),
        kind,
        count,
        expect,
        contains: texts(&raw.contains),
        lacks: texts(&raw.lacks),
        line: line_number(problems.source, raw.span().start),
    };
    let is_idle = test.count.is_none() && test.expect.is_empty() && test.contains.is_empty() && test.lacks.is_empty();
    if is_idle && !problems.is_doubtful(&raw.span()) {
        let complaint =
            Complaint::new("this test checks nothing").help("write `count`, `expect`, `contains` or `lacks`");
        problems.add(complaint, raw.span());
    }
    Some(test)
}

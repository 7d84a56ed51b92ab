//! `feedmill rebuild`: an edited rule, applied to what is archived.

mod difference;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};

use super::stop::{ALL_WELL, SOME_FAILED, Stop};
use super::{Common, mill, voice};
use crate::config::{Named, Plan, Site};
use crate::engine::{Changed, NotRebuilt, Publishing, Rebuilt};
use crate::text::shorten;
use crate::weburl::WebUrl;
use difference::{Paint, differences};

/// Remarks of one kind that are shown; the others are counted.
const REMARKS: usize = 5;

/// Apply an edited rule to items that are archived already, and show the difference
///
/// Works on the pages that were kept when the items were fetched (`keep_pages`); nobody is asked for anything.
#[derive(Debug, Args)]
pub(super) struct Rebuild {
    /// The sites whose rules were edited
    #[arg(value_name = "SITE", required = true)]
    sites: Vec<String>,
    /// Archive what is different, and publish it as updates; without this nothing changes
    #[arg(long)]
    write: bool,
    /// Archive it in silence: no item counts as updated, so that readers do not show it as unread again
    #[arg(long, requires = "write")]
    silent: bool,
    /// Show everything as JSON
    #[arg(long)]
    json: bool,
}

impl Rebuild {
    pub(super) async fn run(self, common: &Common) -> Result<ExitCode, Stop> {
        let plan = mill::plan(common)?;
        let sites = sites(&plan, &self.sites)?;
        let engine = mill::engine(Arc::clone(&plan), mill::archive(common, &plan)?, false)?;
        let publishing = match (self.write, self.silent) {
            (false, _) => Publishing::Nothing,
            (true, false) => Publishing::Updates,
            (true, true) => Publishing::Silent,
        };
        let (mut text, mut all, mut failed) = (String::new(), Vec::new(), false);
        for site in sites {
            match engine.rebuild(&site, publishing).await {
                Ok(rebuilt) => {
                    let trouble = trouble(&site, &rebuilt);
                    failed |= trouble.is_some();
                    if self.json {
                        all.push(as_json(&site, &rebuilt, trouble.as_deref(), self.write));
                    } else {
                        text.push_str(&shown(&site, &rebuilt, trouble.as_deref(), &self));
                    }
                }
                Err(NotRebuilt::Archive(error)) => return Err(error.into()),
                Err(error) => {
                    failed = true;
                    all.push(json!({ "site": site.name, "trouble": error.to_string() }));
                    voice::tell(&format!("{}: {error}", site.name));
                }
            }
        }
        if self.json {
            text = serde_json::to_string_pretty(&all).unwrap_or_default();
        }
        if !text.is_empty() {
            voice::hand_over(&text)?;
        }
        Ok(ExitCode::from(if failed { SOME_FAILED } else { ALL_WELL }))
    }
}

/// The sites of these names, each once.
fn sites(plan: &Plan, names: &[String]) -> Result<Vec<Arc<Site>>, Stop> {
    let mut sites: Vec<Arc<Site>> = Vec::with_capacity(names.len());
    for name in names {
        let site = match plan.named(name) {
            Some(Named::Site(site)) => site,
            Some(Named::Form { why, form }) if plan.families.contains_key(name) => {
                return Err(Stop::Usage(format!("`{name}` makes many feeds ({why}): write which one, as {form}")));
            }
            _ => mill::site(plan, name)?,
        };
        if sites.iter().all(|other| other.name != site.name) {
            sites.push(site);
        }
    }
    Ok(sites)
}

/// Why a site could not be rebuilt at all, and what to do.
fn trouble(site: &Site, rebuilt: &Rebuilt) -> Option<String> {
    if rebuilt.read > 0 {
        return None;
    }
    let unreadable = rebuilt.unreadable.first().or(rebuilt.listing.first());
    Some(match (unreadable, site.keep_pages) {
        (Some(why), _) => format!("none of its items can be read from what is kept: {why}"),
        (None, None) => {
            "none of its pages are kept, because its `keep_pages` is off. The next refresh reads those items \
                         anew that stand on its listing"
                .to_owned()
        }
        (None, Some(_)) => "none of its pages are kept: they were fetched too long ago (see `keep_pages`), or by an \
                            earlier version of Feedmill. The next refresh reads those items anew that stand on its \
                            listing, and keeps their pages"
            .to_owned(),
    })
}

fn shown(site: &Site, rebuilt: &Rebuilt, trouble: Option<&str>, asked: &Rebuild) -> String {
    let paint = Paint { is_on: voice::shows_colours() };
    let mut out = String::new();
    for changed in &rebuilt.changed {
        let _ = writeln!(out, "{}", paint.bold(&shorten(changed.after.title(), 100)));
        let address = changed.after.fields.link.as_ref().map_or(changed.after.id.as_str(), WebUrl::as_str);
        let _ = writeln!(out, "  {address}");
        for difference in differences(&changed.before, &changed.after) {
            out.push_str(&difference.shown(&paint));
        }
        out.push('\n');
    }
    if let Some(why) = trouble {
        let _ = writeln!(out, "{}: {why}", site.name);
        return out;
    }
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let new = rebuilt.changed.iter().filter(|changed| changed.in_substance).count();
    let _ = writeln!(
        out,
        "{}: {}, {} read anew, {} different ({new} in title or text)",
        site.name,
        count(rebuilt.items, "item", "items"),
        rebuilt.read,
        rebuilt.changed.len(),
    );
    if rebuilt.without_page > 0 {
        let are = count(rebuilt.without_page, "item is", "items are");
        let _ = writeln!(
            out,
            "  {are} as before, because no page is kept: those that stand on the listing are read at the next refresh"
        );
    }
    if rebuilt.without_row > 0 {
        let are = count(rebuilt.without_row, "of them is", "of them are");
        let _ = writeln!(
            out,
            "  {are} no longer on the listing that is kept: what its row said is as before, only the article was read"
        );
    }
    for (kind, remarks) in [("item not read", &rebuilt.unreadable), ("listing", &rebuilt.listing)] {
        for remark in remarks.iter().take(REMARKS) {
            let _ = writeln!(out, "  {kind}: {remark}");
        }
        if let Some(more @ 1..) = remarks.len().checked_sub(REMARKS) {
            let _ = writeln!(out, "  and {more} more like this");
        }
    }
    let _ = match (rebuilt.changed.is_empty(), asked.write, asked.silent) {
        (true, ..) => Ok(()),
        (_, false, _) => writeln!(
            out,
            "Nothing is changed. `--write` archives this and publishes it as updates; `--write --silent` tells no reader"
        ),
        (_, true, false) => writeln!(out, "This is archived, and published as updates"),
        (_, true, true) => writeln!(out, "This is archived; no item counts as updated"),
    };
    out
}

fn as_json(site: &Site, rebuilt: &Rebuilt, trouble: Option<&str>, written: bool) -> Value {
    let item = |changed: &Changed| {
        let fields = differences(&changed.before, &changed.after);
        let fields: serde_json::Map<String, Value> = fields
            .iter()
            .map(|field| (field.name.to_owned(), json!({ "before": field.before, "after": field.after })))
            .collect();
        json!({
            "id": changed.after.id,
            "link": changed.after.fields.link,
            "title": changed.after.title(),
            "in_substance": changed.in_substance,
            "fields": fields,
        })
    };
    json!({
        "site": site.name,
        "items": rebuilt.items,
        "read": rebuilt.read,
        "without_page": rebuilt.without_page,
        "without_row": rebuilt.without_row,
        "unreadable": rebuilt.unreadable,
        "listing": rebuilt.listing,
        "trouble": trouble,
        "written": written,
        "changed": rebuilt.changed.iter().map(item).collect::<Vec<_>>(),
    })
}

//! Feeds of several sites.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::Spanned;

use super::{Problems, filter, site, value};
use crate::config::diagnostics::{Complaint, quoted};
use crate::config::near::nearest;
use crate::config::plan::{Merged, Named, Plan, Site};
use crate::config::raw::{At, RawMerged};
use crate::limits;

/// Adds the merged feeds to `plan`, and those feeds of sites with parameters that they name. `tables` are all sites'
/// tables in any file, also those that could not be made sites of.
pub(super) fn merged(
    problems: &mut Problems<'_>,
    plan: &mut Plan,
    raw: &BTreeMap<Spanned<String>, At<RawMerged>>,
    tables: &BTreeSet<String>,
) {
    for (name, raw) in raw {
        if let Err(complaint) = site::feed_name(name.get_ref(), "a merged feed's name") {
            problems.add(complaint, name.span());
        } else if tables.contains(name.get_ref()) {
            let complaint = Complaint::new(format!("{} is a site already", quoted(name.get_ref())))
                .help("sites and merged feeds are served side by side: give this one another name");
            problems.add(complaint, name.span());
        }
        if let Some(feed) = one(problems, plan, name.get_ref(), raw, tables) {
            plan.merged.insert(feed.name.clone(), Arc::new(feed));
        }
    }
}

fn one(
    problems: &mut Problems<'_>,
    plan: &mut Plan,
    name: &str,
    raw: &RawMerged,
    tables: &BTreeSet<String>,
) -> Option<Merged> {
    let title = raw.title.as_ref().and_then(|title| problems.read(title, value::line));
    let description = raw.description.as_ref().and_then(|text| problems.read(text, value::line));
    let language = raw.language.as_ref().and_then(|language| problems.read(language, value::language));
    let mut show = site::SHOW;
    problems.set(&mut show, raw.show.as_ref(), value::count);
    let filter = filter::filter(problems, raw.filter.as_ref());
    let mut members: Vec<Arc<Site>> = Vec::new();
    for written in raw.sites.iter().flatten() {
        match member(plan, written, tables) {
            Ok(Some(site)) if members.iter().any(|other| other.name == site.name) => {
                problems.add(Complaint::new(format!("{} stands here twice", quoted(written))), written.span());
            }
            Ok(Some(_)) if members.len() == limits::MERGED_SITES => {
                let complaint = Complaint::new(format!("more than {} sites", limits::MERGED_SITES))
                    .help("make several feeds of them");
                problems.add(complaint, written.span());
                break;
            }
            Ok(Some(site)) => {
                plan.sites.entry(site.name.clone()).or_insert_with(|| Arc::clone(&site));
                members.push(site);
            }
            // What is wrong with it has been said at its own place.
            Ok(None) => {}
            Err(complaint) => problems.add(complaint, written.span()),
        }
    }
    Some(Merged {
        name: name.to_owned(),
        title,
        description,
        language,
        home: members.first()?.url.clone(),
        refresh: members.iter().map(|site| site.refresh.at_first()).min()?,
        members: members.into_iter().map(|site| site.name.clone()).collect(),
        show,
        filter,
        query_filter: raw.query_filter.unwrap_or_default(),
    })
}

/// The site that a merged feed names; `None` if it has a table that no site could be made of.
fn member(plan: &Plan, written: &str, tables: &BTreeSet<String>) -> Result<Option<Arc<Site>>, Complaint> {
    match plan.named(written) {
        Some(Named::Site(site)) => Ok(Some(site)),
        Some(Named::Merged(_)) => {
            Err(Complaint::new(format!("{} is merged itself", quoted(written))).help("name its sites one by one"))
        }
        Some(Named::Form { why, form }) => Err(Complaint::new(why).help(format!("write {}", quoted(&form)))),
        None => {
            let table = written.split('/').next().unwrap_or(written);
            if tables.contains(table) && plan.named(table).is_none() {
                return Ok(None);
            }
            let complaint = Complaint::new(format!("no site is called {}", quoted(written)));
            Err(match nearest(written, tables.iter().map(String::as_str)) {
                Some(name) => complaint.label(format!("did you mean `{name}`?")),
                None => complaint.help("a merged feed is made of sites of this configuration"),
            })
        }
    }
}

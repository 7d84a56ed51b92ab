//! Sites with parameters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regex::Regex;

use super::{Problems, pattern};
use crate::config::diagnostics::{Complaint, quoted};
use crate::config::family::{Family, Param};
use crate::config::near::nearest;
use crate::config::plan::{Plan, Site};
use crate::config::raw::{At, RawSite, Values};
use crate::limits;
use crate::rule::WordingPart;

/// The names of a site's parameters; what is wrong with them is noted.
pub(super) fn names<'r>(problems: &mut Problems<'_>, raw: &'r At<RawSite>) -> Vec<&'r str> {
    if raw.params.as_ref().is_none_or(BTreeMap::is_empty)
        && let Some(first) = raw.feeds.as_ref().and_then(|feeds| feeds.first())
        && !problems.is_doubtful(&raw.span())
    {
        let complaint = Complaint::new("`feeds` without `params`")
            .help("name the parameters that stand in `url`: `params = { owner = '[\\w.-]+' }`");
        problems.add(complaint, first.span());
    }
    let mut names = Vec::new();
    for name in raw.params.iter().flat_map(BTreeMap::keys) {
        let text = name.get_ref().as_str();
        let is_fine = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if text == "date" {
            problems.add(Complaint::new("`date` is the present day: call the parameter otherwise"), name.span());
        } else if !is_fine {
            let complaint = Complaint::new(format!("{} cannot be a parameter's name", quoted(text)))
                .help("a name has small letters, digits and `_`, and begins with a letter");
            problems.add(complaint, name.span());
        } else if names.len() == limits::PARAMETERS {
            problems.add(Complaint::new(format!("more than {} parameters", limits::PARAMETERS)), name.span());
        }
        // Whatever is wrong with it, the address may name it.
        names.push(text);
    }
    names
}

/// Makes a family of `site`, whose table has parameters, and adds it to `plan`, with the feeds that the table lists.
pub(super) fn family(problems: &mut Problems<'_>, plan: &mut Plan, site: Site, raw: &RawSite, written: &Values) {
    let mut params = Vec::new();
    let mut is_whole = true;
    for name in in_order(&site) {
        let Some(pattern) = written.get(name.as_str()) else { continue };
        match problems.read(pattern, whole) {
            Some((pattern, whole)) => params.push(Param { name, pattern, whole }),
            None => is_whole = false,
        }
    }
    let used: BTreeSet<String> = in_order(&site).into_iter().collect();
    for name in written.keys().filter(|name| !used.contains(name.get_ref()) && name.get_ref() != "date") {
        let complaint = Complaint::new(format!("the parameter {} stands nowhere in `url`", quoted(name.get_ref())))
            .help(format!("write `{{{}}}` where its value belongs, or leave it out", name.get_ref()));
        problems.add(complaint, name.span());
        is_whole = false;
    }
    let mut family = Family { site, params, feeds: Vec::new() };
    for feed in raw.feeds.iter().flatten().filter(|_| is_whole) {
        if let Some(values) = values(problems, &family, feed)
            && let Ok(site) = family.instance(&values).map_err(|why| problems.add(Complaint::new(why), feed.span()))
        {
            if family.feeds.contains(&site.name) {
                problems.add(Complaint::new("this feed stands here twice"), feed.span());
                continue;
            }
            family.feeds.push(site.name.clone());
            plan.sites.insert(site.name.clone(), Arc::new(site));
        }
    }
    plan.families.insert(family.site.name.clone(), Arc::new(family));
}

/// The parameters in the order of the address, or of the addresses.
fn in_order(site: &Site) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in site.addresses.iter().flat_map(|address| address.wording().parts()) {
        if let WordingPart::Parameter(name) = part
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    }
    names
}

/// The values of one feed, in the order of the parameters.
fn values(problems: &mut Problems<'_>, family: &Family, feed: &At<Values>) -> Option<Vec<String>> {
    let mut is_fine = true;
    for name in feed.keys() {
        if !family.params.iter().any(|param| param.name == *name.get_ref()) {
            let complaint = Complaint::new(format!("{} is no parameter of this site", quoted(name.get_ref())));
            let meant = nearest(name.get_ref(), family.params.iter().map(|param| param.name.as_str()));
            let complaint = match meant {
                Some(name) => complaint.label(format!("did you mean `{name}`?")),
                None => complaint,
            };
            problems.add(complaint, name.span());
            is_fine = false;
        }
    }
    let mut values = Vec::new();
    for param in &family.params {
        match feed.get(param.name.as_str()) {
            Some(value) => values.extend(
                problems
                    .read(value, |value: &str| param.check(value).map(|()| value.to_owned()).map_err(Complaint::new)),
            ),
            None if is_fine => {
                problems.add(Complaint::new(format!("this feed has no `{}`", param.name)), feed.span());
            }
            None => {}
        }
    }
    (is_fine && values.len() == family.params.len()).then_some(values)
}

/// A pattern, and the same for the whole of a value.
fn whole(written: &str) -> Result<(Regex, Regex), Complaint> {
    let pattern = pattern::regex(written)?;
    let whole = pattern::regex(&format!(r"\A(?:{written})\z"))?;
    Ok((pattern, whole))
}

//! Links that stand in the same way, as candidates for a list: by what is around them, coarsely and finely.

use std::collections::{HashMap, HashSet};

use super::links::Links;
use super::sheet::{Sheet, hash};
use crate::limits;
use crate::page::Element;

/// Links that may make a list: places in [`Links::all`], in order, each target once.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::induce) struct Group {
    pub(in crate::induce) links: Vec<usize>,
}

/// Letters that a title needs no more of.
const TITLE: usize = 60;

/// A way to tell which links stand alike.
type Way = fn(&Sheet<'_>, &Links, usize) -> Option<u64>;

const WAYS: [Way; 8] = [by_path, by_number, by_tags, by_surroundings, by_near, by_shape, by_heading, by_length];

/// The groups of at least `least` links, each once: of too many those that say most.
pub(in crate::induce) fn groups(sheet: &Sheet<'_>, links: &Links, least: usize) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut known: HashSet<Vec<usize>> = HashSet::new();
    for way in WAYS {
        for list in alike(sheet, links, way) {
            if list.len() >= least && known.insert(list.clone()) {
                groups.push(Group { links: list });
            }
        }
    }
    let says = |group: &Group| -> usize {
        group.links.iter().filter_map(|number| links.all.get(*number)).map(|link| link.measure.clamp(1, TITLE)).sum()
    };
    groups.sort_by_cached_key(|group| std::cmp::Reverse(says(group)));
    groups.truncate(limits::LINK_GROUPS);
    groups
}

/// The links that `way` gives the same number, in order of the page, each target once: as many as a listing may have.
fn alike(sheet: &Sheet<'_>, links: &Links, way: Way) -> Vec<Vec<usize>> {
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut lists: Vec<(HashSet<usize>, Vec<usize>)> = Vec::new();
    for (number, link) in links.all.iter().enumerate() {
        let Some(key) = way(sheet, links, number) else { continue };
        let next = lists.len();
        let place = *places.entry(key).or_insert(next);
        if place == next {
            lists.push((HashSet::new(), Vec::new()));
        }
        if let Some((targets, list)) = lists.get_mut(place)
            && list.len() < limits::LISTING_ROWS
            && targets.insert(link.target)
        {
            list.push(number);
        }
    }
    lists.into_iter().map(|(_, list)| list).collect()
}

/// All tags and telling classes around it.
fn by_path(sheet: &Sheet<'_>, links: &Links, number: usize) -> Option<u64> {
    let link = links.all.get(number)?;
    Some(sheet.spot(link.at).path)
}

/// All tags and telling classes around it, and how many links stand before it: the first link of a row is none of its others.
fn by_number(sheet: &Sheet<'_>, links: &Links, number: usize) -> Option<u64> {
    const BESIDE: usize = 20;
    let spot = sheet.spot(links.all.get(number)?.at);
    let before = spot.element.prev_siblings().take(BESIDE).filter_map(Element::wrap);
    Some(hash(&(spot.path, before.filter(|sibling| sibling.value().name() == "a").count())))
}

/// All tags around it, and its own class.
fn by_tags(sheet: &Sheet<'_>, links: &Links, number: usize) -> Option<u64> {
    let link = links.all.get(number)?;
    let spot = sheet.spot(link.at);
    Some(hash(&(spot.tags, spot.token, link.measure > 0)))
}

/// The three nearest elements, wherever on the page.
fn by_surroundings(sheet: &Sheet<'_>, links: &Links, number: usize) -> Option<u64> {
    let link = links.all.get(number)?;
    let near: Vec<u64> = sheet.around(link.at).take(2).map(|at| sheet.spot(at).token).collect();
    Some(hash(&(
        sheet.spot(link.at).token,
        near,
        sheet.spot(link.at).zone.is_menu || sheet.spot(link.at).zone.is_aside,
        link.measure > 0,
    )))
}

/// The class of the link or of the nearest element that has one.
fn by_near(sheet: &Sheet<'_>, links: &Links, number: usize) -> Option<u64> {
    let link = links.all.get(number)?;
    let named = std::iter::once(link.at)
        .chain(sheet.around(link.at))
        .find(|at| sheet.spot(*at).element.attr("class").is_some())?;
    Some(hash(&(sheet.spot(named).token, sheet.spot(link.at).level - sheet.spot(named).level, link.measure > 0)))
}

/// What its address looks like, if that of an article, outside of what is beside the page's subject.
fn by_shape(sheet: &Sheet<'_>, links: &Links, number: usize) -> Option<u64> {
    let link = links.all.get(number)?;
    let target = links.targets.get(link.target)?;
    (link.measure >= 8 && target.is_single && !sheet.spot(link.at).zone.is_beside()).then(|| hash(&target.shape))
}

/// Its heading's level.
fn by_heading(sheet: &Sheet<'_>, links: &Links, number: usize) -> Option<u64> {
    let link = links.all.get(number)?;
    (link.measure > 0 && !sheet.spot(link.at).zone.is_beside()).then_some(())?;
    link.heading.map(|(_, level)| hash(&level))
}

/// That it says as much as a title, on no part beside the page's subject.
fn by_length(sheet: &Sheet<'_>, links: &Links, number: usize) -> Option<u64> {
    let link = links.all.get(number)?;
    let is_title = link.measure >= 20 && links.targets.get(link.target)?.is_own;
    (is_title && !sheet.spot(link.at).zone.is_beside()).then_some(0)
}

//! Selectors for a value in a row: they find it in every row, and nothing else before it.

use std::collections::HashMap;

use ego_tree::NodeId;

use super::marks::{Mark, compound, marks};
use crate::page::{Document, Element};
use crate::rule::Css;

/// A row, and the element in it that is meant.
#[derive(Clone, Copy, Debug)]
pub(in crate::induce) struct Aim {
    pub(in crate::induce) row: NodeId,
    pub(in crate::induce) at: Option<NodeId>,
}

/// Judges what a selector finds in a row of this number, in order: `None` if no value comes of it, else whether it is right.
pub(in crate::induce) type Judge<'j> = &'j dyn Fn(usize, &[Element<'_>]) -> Option<bool>;

/// Rows on which selectors are tried; the whole list is tried at the end.
const ROWS: usize = 60;

/// Rows whose elements selectors are made after.
const MODELS: usize = 8;

/// Selectors that are tried.
const TRIED: usize = 240;

/// Elements in a row that one selector is asked for.
const FOUND: usize = 8;

/// Elements of a row that selectors are tried on: a row is not a page.
const LOOKED: usize = 1_000;

/// What it costs that only the first of what a selector finds is meant.
const MANY: u32 = 18;

/// Elements that a way beside the rows goes down through.
const STEPS: usize = 4;

/// Bytes of a class that such a way names.
const CLASS: usize = 60;

/// Selectors that stand in for each other.
const FALLBACKS: usize = 3;

/// The ways to what is meant in the rows, best first; each a list of fallbacks.
pub(in crate::induce) fn ways(document: &Document, aims: &[Aim], judge: Judge<'_>) -> Vec<Vec<String>> {
    let sample = spread(aims, ROWS);
    let mut candidates: HashMap<String, u32> = HashMap::new();
    for (_, aim) in spread(aims, MODELS) {
        let (Some(row), Some(at)) = (document.element(aim.row), aim.at.and_then(|at| document.element(at))) else {
            continue;
        };
        for (css, cost) in candidates_for(row, at) {
            candidates.entry(css).or_insert(cost);
        }
    }
    let mut candidates: Vec<(String, u32)> = candidates.into_iter().collect();
    candidates.sort_by(|(one, less), (other, more)| less.cmp(more).then_with(|| one.cmp(other)));
    candidates.truncate(TRIED);
    let tried: Vec<Tried> =
        candidates.into_iter().filter_map(|(css, cost)| Tried::of(document, css, cost, &sample, judge)).collect();
    let needed = sample.iter().filter(|(_, aim)| aim.at.is_some()).count();
    let mut perfect: Vec<&Tried> = tried.iter().filter(|one| one.count(Some(true)) >= needed).collect();
    perfect.sort_by_key(|one| one.cost + if one.more > 0 { MANY } else { 0 });
    let mut ways: Vec<Vec<String>> = perfect.iter().take(4).map(|one| vec![one.css.clone()]).collect();
    if ways.is_empty() {
        ways.extend(together(&tried));
    }
    ways
}

/// Some of the rows, from the first to the last of them.
fn spread(aims: &[Aim], most: usize) -> Vec<(usize, Aim)> {
    let step = aims.len().div_ceil(most).max(1);
    aims.iter().copied().enumerate().filter(|(_, aim)| aim.at.is_some()).step_by(step).collect()
}

/// A selector and what came of it in each row.
struct Tried {
    css: String,
    cost: u32,
    verdicts: Vec<Option<bool>>,
    /// Rows in which it finds more than one.
    more: usize,
}

impl Tried {
    fn of(document: &Document, css: String, cost: u32, sample: &[(usize, Aim)], judge: Judge<'_>) -> Option<Self> {
        let compiled = Css::parse(&css).ok()?;
        let mut more = 0;
        let verdict = |(number, aim): &(usize, Aim)| {
            let row = document.element(aim.row)?;
            let found: Vec<Element<'_>> = if compiled.is_scope() { vec![row] } else { selected(row, &compiled) };
            more += usize::from(found.len() > 1);
            judge(*number, &found)
        };
        let verdicts: Vec<Option<bool>> = sample.iter().map(verdict).collect();
        let is_any = verdicts.contains(&Some(true));
        is_any.then_some(Self { css, cost, verdicts, more })
    }

    fn count(&self, verdict: Option<bool>) -> usize {
        self.verdicts.iter().filter(|other| **other == verdict).count()
    }
}

/// The first elements of a row that a selector finds.
fn selected<'d>(row: Element<'d>, css: &Css) -> Vec<Element<'d>> {
    let inside = row.descendent_elements().skip(1).take(LOOKED);
    inside.filter(|element| css.compiled().matches_with_scope(element, Some(row))).take(FOUND).collect()
}

/// Fallbacks that are right where the ones before them find nothing.
fn together(tried: &[Tried]) -> Option<Vec<String>> {
    let rows = tried.first()?.verdicts.len();
    let mut open: Vec<usize> = (0..rows).collect();
    let mut chosen: Vec<String> = Vec::new();
    while !open.is_empty() && chosen.len() < FALLBACKS {
        let verdict = |one: &Tried, row: &usize| one.verdicts.get(*row).copied().flatten();
        let value = |one: &Tried| {
            let right = open.iter().filter(|row| verdict(one, row) == Some(true)).count();
            let wrong = open.iter().filter(|row| verdict(one, row) == Some(false)).count();
            (right, wrong)
        };
        let best = tried
            .iter()
            .filter(|one| value(one).1 == 0 && value(one).0 > 0)
            .max_by_key(|one| (value(one).0, std::cmp::Reverse(one.cost)));
        let Some(best) = best else { break };
        open.retain(|row| verdict(best, row) != Some(true));
        chosen.push(best.css.clone());
    }
    if open.len() * 5 <= rows && !chosen.is_empty() {
        return Some(chosen);
    }
    // Nothing is right everywhere: what is right most often.
    tried.iter().max_by_key(|one| one.count(Some(true))).map(|best| vec![best.css.clone()])
}

/// Selectors that may find `at` in `row`.
pub(in crate::induce) fn candidates_for(row: Element<'_>, at: Element<'_>) -> Vec<(String, u32)> {
    if at.id() == row.id() {
        return vec![(":scope".to_owned(), 24)];
    }
    let own = named(at);
    let mut found: Vec<(String, u32)> = own.clone();
    let numbered = numbered(at);
    found.extend(numbered.iter().map(|(css, cost)| (css.clone(), *cost)));
    let around: Vec<Element<'_>> =
        at.ancestors().filter_map(Element::wrap).take_while(|above| above.id() != row.id()).take(5).collect();
    let tag = at.value().name();
    let is_child = around.is_empty();
    if is_child {
        found.extend(own.iter().take(3).map(|(css, cost)| (format!(":scope > {css}"), cost + 14)));
        found.extend(numbered.iter().map(|(css, cost)| (format!(":scope > {css}"), cost + 10)));
    }
    for (height, above) in around.iter().enumerate() {
        let far = u32::try_from(height).unwrap_or_default() * 2;
        let mut contexts: Vec<(String, u32)> = named(*above).into_iter().take(4).collect();
        contexts.extend(self::numbered(*above));
        for (css, cost) in contexts {
            let inner = own.iter().take(2).map(|(css, cost)| (css.as_str(), *cost)).chain([(tag, 14)]);
            for (own, own_cost) in inner.chain(numbered.iter().map(|(css, cost)| (css.as_str(), *cost))) {
                found.push((format!("{css} {own}"), cost + own_cost + 6 + far));
                if height == 0 {
                    found.push((format!("{css} > {own}"), cost + own_cost + 9));
                }
            }
        }
    }
    found
}

/// What can be said of an element by its marks: one, or the tag and one.
fn named(element: Element<'_>) -> Vec<(String, u32)> {
    let all = marks(element);
    let tag = all.first();
    let mut found: Vec<(String, u32)> = all.iter().map(|mark| compound(&[mark])).collect();
    let others = all.iter().filter(|mark| !mark.is_tag()).filter(|mark| mark.cost() < 60);
    if let Some(tag) = tag {
        found.extend(others.map(|mark| compound(&[tag, mark])));
    }
    // An id in a row is that of its item.
    let is_id = |css: &str| all.iter().any(|mark| matches!(mark, Mark::Id(_)) && css.contains(&mark.css()));
    found.retain(|(css, _)| !is_id(css));
    found.sort_by_key(|(_, cost)| *cost);
    found.truncate(10);
    found
}

/// What can be said of an element by its place among its siblings.
fn numbered(element: Element<'_>) -> Vec<(String, u32)> {
    let tag = element.value().name();
    let before = element.prev_siblings().filter_map(Element::wrap).take(40).count();
    let same = element.prev_siblings().filter_map(Element::wrap).take(40);
    let same = same.filter(|sibling| sibling.value().name() == tag).count();
    let is_last = element.next_siblings().all(|sibling| !sibling.value().is_element());
    let is_cell = matches!(tag, "td" | "th");
    let mut found = Vec::new();
    if is_cell || before == same {
        found.push((format!("{tag}:nth-child({})", before + 1), if is_cell { 24 } else { 46 }));
    } else {
        found.push((format!("{tag}:nth-of-type({})", same + 1), 50));
    }
    if is_last {
        found.push((format!("{tag}:last-child"), if is_cell { 26 } else { 44 }));
    }
    if let Some(before) = element.prev_siblings().find_map(Element::wrap) {
        let best = named(before).into_iter().next();
        found.extend(best.map(|(css, cost)| (format!("{css} + {tag}"), cost + 30)));
    }
    found
}

/// Ways to what stands beside the rows: after them, up to the next row, or before and around them.
pub(in crate::induce) fn beside(document: &Document, aims: &[Aim]) -> Vec<String> {
    let mut votes: HashMap<String, usize> = HashMap::new();
    for (_, aim) in spread(aims, MODELS) {
        let (Some(row), Some(at)) = (document.element(aim.row), aim.at.and_then(|at| document.element(at))) else {
            continue;
        };
        for way in after(row, at).into_iter().chain(before(row, at)) {
            *votes.entry(way).or_default() += 1;
        }
    }
    let mut votes: Vec<(String, usize)> = votes.into_iter().collect();
    votes.sort_by(|(one, few), (other, many)| {
        many.cmp(few).then(one.len().cmp(&other.len())).then_with(|| one.cmp(other))
    });
    votes.into_iter().take(8).map(|(way, _)| way).collect()
}

/// The element among `siblings` that holds `at`, with what stands before it, in their order.
fn holding<'a>(siblings: impl Iterator<Item = Element<'a>>, at: Element<'a>) -> Option<Vec<Element<'a>>> {
    let mut passed = Vec::new();
    for sibling in siblings.take(12) {
        passed.push(sibling);
        if sibling.id() == at.id() || at.ancestors().any(|above| above.id() == sibling.id()) {
            return Some(passed);
        }
    }
    None
}

fn inner_ways(around: Element<'_>, at: Element<'_>) -> Vec<String> {
    if around.id() == at.id() {
        return vec![String::new()];
    }
    let mut inner = candidates_for(around, at);
    inner.retain(|(css, _)| !css.contains(":scope"));
    inner.sort_by_key(|(css, cost)| (*cost, css.len()));
    inner.into_iter().take(5).map(|(css, _)| format!(" {css}")).collect()
}

fn after(row: Element<'_>, at: Element<'_>) -> Vec<String> {
    let Some(passed) = holding(row.next_siblings().filter_map(Element::wrap), at) else { return Vec::new() };
    let Some(last) = passed.last() else { return Vec::new() };
    let steps: String = passed.iter().map(|element| format!(" + {}", element.value().name())).collect();
    let mut found = Vec::new();
    for inner in inner_ways(*last, at) {
        found.push(format!(":scope{steps}{inner}"));
        let marked = named(*last).into_iter().take(2);
        found.extend(marked.map(|(css, _)| format!(":scope ~ {css}{inner}")));
    }
    found
}

/// XPath steps from an element to one in it, or to what is around that, by a class that it has.
fn named_steps(around: Element<'_>, at: Element<'_>) -> impl Iterator<Item = String> {
    let path = std::iter::once(at).chain(at.ancestors().filter_map(Element::wrap));
    let path = path.take_while(move |element| element.id() != around.id()).take(STEPS);
    path.filter_map(|element| {
        let is_plain = |class: &&str| !class.trim().is_empty() && class.len() <= CLASS && !class.contains(['\'', '"']);
        let class = element.attr("class").filter(is_plain)?;
        Some(format!("//{}[@class='{class}']", element.value().name()))
    })
}

/// XPath steps from an element to one in it: to the first of its tag, and step by step.
fn inner_steps(around: Element<'_>, at: Element<'_>) -> Vec<String> {
    if around.id() == at.id() {
        return vec![String::new()];
    }
    let path = std::iter::once(at).chain(at.ancestors().filter_map(Element::wrap));
    let mut steps: Vec<String> = Vec::new();
    for element in path.take_while(|element| element.id() != around.id()).take(STEPS) {
        let tag = element.value().name();
        let is_same = |sibling: &Element<'_>| sibling.value().name() == tag;
        let before = element.prev_siblings().filter_map(Element::wrap).filter(is_same).count();
        let is_only = before == 0 && !element.next_siblings().filter_map(Element::wrap).any(|next| is_same(&next));
        steps.push(if is_only { format!("/{tag}") } else { format!("/{tag}[{}]", before + 1) });
    }
    let is_whole = at.ancestors().take(STEPS).any(|above| above.id() == around.id());
    let stepwise: String = steps.into_iter().rev().collect();
    std::iter::once(format!("//{}", at.value().name())).chain(is_whole.then_some(stepwise)).collect()
}

fn before(row: Element<'_>, at: Element<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut up = "./".to_owned();
    for above in std::iter::once(row).chain(row.ancestors().filter_map(Element::wrap)).take(5) {
        if let Some(passed) = holding(above.prev_siblings().filter_map(Element::wrap), at)
            && let Some(last) = passed.last()
        {
            let tag = last.value().name();
            let is_same = |sibling: &Element<'_>| sibling.value().name() == tag;
            let number = passed.iter().copied().filter(|sibling| is_same(sibling)).count();
            let first = 1 + last.prev_siblings().filter_map(Element::wrap).filter(is_same).count();
            let parent = if up == "./" { "../".to_owned() } else { format!("{up}../") };
            for inner in inner_steps(*last, at) {
                found.push(format!("{up}preceding-sibling::{tag}[{number}]{inner}"));
                found.push(format!("{parent}{tag}[{first}]{inner}"));
            }
            found.extend(named_steps(*last, at).map(|at| format!("{up}preceding-sibling::{tag}[.{at}][1]{at}")));
            return found;
        }
        up = if up == "./" { "../".to_owned() } else { format!("{up}../") };
    }
    found
}

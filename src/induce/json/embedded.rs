//! The list in the JSON that a page holds: the state that its scripts begin with, or what it tells machines of its list.

use std::collections::HashSet;

use super::lists::lists;
use super::proposal::{Reading, reading};
use super::slugs::Addresses;
use crate::induce::write::marks::name_of_id;
use crate::induce::{Proposal, Way};
use crate::limits;
use crate::page::{Document, Element};
use crate::rule::{Css, Json, JsonPath};
use crate::weburl::WebUrl;

/// A list that stands in a page's JSON.
pub(in crate::induce) struct Stated {
    pub(in crate::induce) proposal: Proposal,
    /// Whether its rows have dates.
    pub(in crate::induce) is_dated: bool,
    /// How much its titles say, as letters.
    pub(in crate::induce) says: usize,
}

/// Elements that hold JSON, as a rule names them: a selector, perhaps with ` @attribute`.
struct Holder {
    css: Css,
    attr: Option<&'static str>,
}

/// Scripts that may assign JSON to something.
const ANY: &str = "script:not([src])";

/// The best list in the JSON of a page that shows nothing else of it, or less.
pub(in crate::induce) fn stated(document: &Document) -> Option<Stated> {
    let holders = holders(document);
    if holders.is_empty() { None } else { best(document, &holders, &Addresses::of(document)) }
}

/// The same for rows that tell only the end of their address, if `template` is how addresses are made of that.
pub(in crate::induce) fn guessed(document: &Document, template: &str) -> Option<Proposal> {
    let stated = best(document, &holders(document), &Addresses::Guessed(template.to_owned()))?;
    let is_guess = stated.proposal.draft.get("link").iter().any(|way| matches!(way, Way::Table(_)));
    is_guess.then_some(stated.proposal)
}

/// The same for rows whose addresses are like these, which are known.
pub(in crate::induce) fn known<'u>(document: &Document, links: impl Iterator<Item = &'u WebUrl>) -> Option<Proposal> {
    let holders = holders(document);
    if holders.is_empty() {
        return None;
    }
    Some(best(document, &holders, &Addresses::with(document, links))?.proposal)
}

fn best(document: &Document, holders: &[Holder], addresses: &Addresses) -> Option<Stated> {
    let mut found: Vec<(Reading, &Holder)> = Vec::new();
    for holder in holders {
        let mut known: HashSet<String> = HashSet::new();
        for tree in document.embedded(&holder.json("$")?, None) {
            for list in lists(&tree.value) {
                // Of several places that hold the same the rule reads the first.
                if !known.insert(list.path.clone()) {
                    continue;
                }
                let reading = reading(document, addresses, &list).filter(Reading::is_convincing);
                found.extend(reading.map(|reading| (reading, holder)));
            }
        }
    }
    // Stable: of equally good ones the first.
    found.sort_by_key(|(reading, _)| std::cmp::Reverse(reading.score()));
    let (reading, holder) = found.into_iter().next()?;
    let table = vec![("json".to_owned(), reading.path.clone()), ("script".to_owned(), holder.written())];
    let (is_dated, says) = (reading.is_dated, reading.says());
    Some(Stated { is_dated, says, proposal: reading.proposal(Way::Table(table)) })
}

impl Holder {
    fn json(&self, path: &str) -> Option<Json> {
        let (script, attr) = (Some(self.css.clone()), self.attr.map(str::to_owned));
        Some(Json { path: JsonPath::parse(path).ok()?, script, attr })
    }

    fn written(&self) -> String {
        match self.attr {
            Some(attr) => format!("{} @{attr}", self.css.as_str()),
            None => self.css.as_str().to_owned(),
        }
    }
}

/// What a page has of them: those with names of their own first, those that are told by nothing last.
fn holders(document: &Document) -> Vec<Holder> {
    let (mut known, mut holders) = (HashSet::new(), Vec::new());
    let elements = document.root().descendent_elements();
    let in_script = |element| Some((selector(element)?, None));
    let named = elements.filter_map(|element| in_script(element).or_else(|| in_attribute(element)));
    let mut named: Vec<(String, Option<&str>)> = named.filter(|named| known.insert(named.clone())).collect();
    named.sort_by_key(|(css, _)| (!css.contains('#'), css == ANY));
    for (css, attr) in named.into_iter().take(limits::JSON_HOLDERS) {
        holders.extend(Css::parse(&css).ok().map(|css| Holder { css, attr }));
    }
    holders
}

/// How a rule names the script that an element is, if that holds JSON.
fn selector(element: Element<'_>) -> Option<String> {
    if element.value().name() != "script" || element.attr("src").is_some() {
        return None;
    }
    let kind = element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = kind.split(';').next().unwrap_or_default().ends_with("json");
    let is_plain = kind.is_empty() || kind.contains("javascript") || kind == "module";
    if !is_json && !is_plain {
        return None;
    }
    if let Some(id) = element.attr("id").and_then(name_of_id) {
        return Some(format!("script{id}"));
    }
    match kind.as_str() {
        "application/ld+json" | "application/json" => Some(format!("script[type='{kind}']")),
        _ if is_json => Some("script[type*=json i]".to_owned()),
        _ => Some(ANY.to_owned()),
    }
}

/// How a rule names an attribute that holds a page's state, as Inertia has it.
fn in_attribute(element: Element<'_>) -> Option<(String, Option<&'static str>)> {
    const ATTRIBUTES: [&str; 4] = ["data-page", "data-props", "data-state", "data-react-props"];
    let is_json = |value: &str| value.trim_start().starts_with(['{', '[']);
    let attr = ATTRIBUTES.into_iter().find(|attr| element.attr(attr).is_some_and(is_json))?;
    let id = element.attr("id").and_then(name_of_id);
    Some((id.unwrap_or_else(|| format!("[{attr}]")), Some(attr)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_may_stand_in_an_attribute() {
        let row = |n: u8| {
            format!(r#"{{"title":"What the mill ground, part {n}","url":"/news/{n}","date":"2026-02-0{n} 10:00:00"}}"#)
        };
        let state = format!(r#"{{"props":{{"news":[{},{},{}]}}}}"#, row(1), row(2), row(3));
        let html = format!("<script>let x = 1;</script><div id=app data-page='{state}'></div>");
        let document = Document::parse(&html, WebUrl::parse("https://mill.example/news").unwrap()).unwrap();
        let draft = stated(&document).map(|stated| stated.proposal.draft.to_string());
        let item = "item = { json = \"$.props.news\", script = \"#app @data-page\" }\n";
        assert_eq!(draft.as_deref(), Some(item));
    }
}

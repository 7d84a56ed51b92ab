//! Rows of page numbers: the number behind the one that is no link, or is marked as the present page.

use ego_tree::NodeRef;
use scraper::{ElementRef, Node};

use super::clues::{self, Clues};
use super::label::Label;
use super::step::{Step, step};
use super::{away, leads_away};
use crate::page::{Document, Element, line_text};
use crate::weburl::WebUrl;

/// Texts between two numbers that are looked at: commas and dots.
const BETWEEN: usize = 1;

/// The page of those that `links` lead to whose number follows the present page's.
pub(super) fn next(document: &Document, links: &[Element<'_>]) -> Option<WebUrl> {
    links.iter().copied().find_map(|link| {
        let Label::Number(number @ 2..) = clues::read(&line_text(link)) else { return None };
        let url = away(document, link)?;
        let is_forward = matches!(step(document.url().as_url(), url.as_url()), Step::Forward(_));
        let is_next = is_forward && !Clues::of(link).is_elsewhere && follows_present(document, link, number - 1);
        is_next.then_some(url)
    })
}

/// Whether the text before a link is the present page's number.
fn follows_present(document: &Document, link: Element<'_>, number: u64) -> bool {
    let mut texts = 0;
    let before = std::iter::successors(back(*link), |node| back(*node));
    for node in before.take(40) {
        let Node::Text(text) = node.value() else { continue };
        match clues::read(text) {
            Label::Silent => {}
            Label::Number(found) => {
                return found == number && is_present(document, node.parent().and_then(ElementRef::wrap));
            }
            _ if texts == BETWEEN => return false,
            _ => texts += 1,
        }
    }
    false
}

/// Whether what stands in `element` stands for the present page: it is no link to another one, or is marked.
fn is_present(document: &Document, element: Option<Element<'_>>) -> bool {
    let around = || element.into_iter().flat_map(|element| std::iter::once(element).chain(parents(element))).take(4);
    let Some(link) = around().find(|element| element.value().name() == "a") else { return true };
    let marked = |element: Element<'_>| {
        element.attr("aria-current").is_some()
            || element.value().classes().any(|class| {
                let class = class.to_ascii_lowercase();
                ["current", "active", "selected"].iter().any(|word| class.contains(word)) && !class.contains("not")
            })
    };
    let url = link.attr("href").and_then(|href| document.base().join(href).ok());
    around().any(marked) || !url.is_some_and(|url| leads_away(document, &url))
}

fn parents(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    element.ancestors().filter_map(ElementRef::wrap)
}

/// The node before, in the order of the page read backwards.
fn back(node: NodeRef<'_, Node>) -> Option<NodeRef<'_, Node>> {
    let Some(before) = node.prev_sibling() else { return node.parent() };
    Some(std::iter::successors(Some(before), NodeRef::last_child).last().unwrap_or(before))
}

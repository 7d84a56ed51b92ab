//! Where a list goes on when no rule says so: what its links say about themselves, and where they lead.
//!
//! Several weak signs make one strong one: a class, an arrow or a number alone may mean anything, two of them agree.

mod clues;
mod label;
mod numbers;
mod step;
mod words;

use std::sync::LazyLock;

use clues::Clues;
use label::Label;
use step::Step;

use crate::limits;
use crate::page::{Document, Element};
use crate::rule::Css;
use crate::weburl::WebUrl;

/// What a page says about where its list goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Onward {
    /// What the page calls its next page. Where posts are older and newer ones, that may be the newer.
    pub(super) named: Option<WebUrl>,
    /// Where to read on: away from what is new.
    pub(super) followed: Option<WebUrl>,
}

/// What a link must weigh to be believed. Only `rel=next` is enough alone.
const ENOUGH: i32 = 6;

/// A link that may lead on.
struct Candidate {
    url: WebUrl,
    weight: i32,
    step: Step,
    label: Label,
    clues: Clues,
}

impl Candidate {
    /// The heavier first; of two alike the one that passes over less.
    fn rank(&self) -> (i32, std::cmp::Reverse<u64>) {
        let far = if let Step::Forward(by) = self.step { by } else { u64::MAX };
        (self.weight, std::cmp::Reverse(far))
    }

    /// Whether it leads to what is newer than this page.
    fn is_newer(&self) -> bool {
        self.label == Label::Newer || self.step == Step::Back
    }

    /// Whether it leads to what is older, by its label, or as a page before that has a higher number.
    fn is_older(&self) -> bool {
        // In a menu, what is older may be anything.
        self.label == Label::Older && (self.step != Step::Elsewhere || self.clues.is_in_pager)
            || self.clues.is_prev && !self.clues.is_next && matches!(self.step, Step::Forward(1 | 2))
    }
}

/// Where the list that `document` shows goes on.
pub(super) fn found(document: &Document) -> Onward {
    static LINKS: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("a[href]").ok());
    let Some(links) = LINKS.as_ref() else { return Onward::default() };
    let stated = stated(document);
    let links: Vec<Element<'_>> = document.select(links).take(limits::LINKS).collect();
    let candidates: Vec<Candidate> =
        links.iter().filter_map(|link| candidate(document, *link, stated.as_ref())).collect();
    let named = first_best(candidates.iter().filter(|candidate| candidate.weight >= ENOUGH));
    let older = || first_best(candidates.iter().filter(|candidate| candidate.is_older()));
    let url = |candidate: &Candidate| candidate.url.clone();
    Onward {
        named: named.map(url),
        followed: named
            .filter(|named| !named.is_newer())
            .map(url)
            .or(stated)
            .or_else(|| older().map(url))
            .or_else(|| numbers::next(document, &links)),
    }
}

/// The next page as the head of the page states it (HTML, section 4.6.7). With a title it is the next article: that is
/// how `WordPress` names it.
fn stated(document: &Document) -> Option<WebUrl> {
    static STATED: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("link[rel~=next i][href]:not([title])").ok());
    document.select(STATED.as_ref()?).find_map(|link| away(document, link))
}

/// Whether an address is that of another page than the one at hand.
pub(super) fn leads_away(document: &Document, url: &WebUrl) -> bool {
    url.essence() != document.url().essence()
}

fn first_best<'c>(candidates: impl Iterator<Item = &'c Candidate>) -> Option<&'c Candidate> {
    // `max_by_key` would take the last of equals.
    candidates.fold(None, |best, candidate| match best {
        Some(best) if best.rank() >= candidate.rank() => Some(best),
        _ => Some(candidate),
    })
}

/// A link with what speaks for it; `None` if something settles that it leads to no page of this list.
fn candidate(document: &Document, link: Element<'_>, stated: Option<&WebUrl>) -> Option<Candidate> {
    let is_stated = link.attr("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word == "next"));
    let label = clues::label(link);
    // Most links are headlines and names: they are done with before anything is looked up.
    if !is_stated && matches!(label, Label::Words(4..) | Label::Number(_)) {
        return None;
    }
    let url = same_site(document, link)?;
    let step = step::step(document.url().as_url(), url.as_url());
    let is_enough = match label {
        Label::Words(_) => is_stated || matches!(step, Step::Forward(_) | Step::Query),
        Label::Wrong => matches!(step, Step::Forward(1 | 2)),
        _ => true,
    };
    if !is_enough || !leads_away(document, &url) {
        return None;
    }
    let clues = Clues::of(link);
    if clues.is_elsewhere || label == Label::Wrong || clues.is_prev && !clues.is_next && label != Label::Older {
        let is_older = !clues.is_elsewhere && clues.is_prev && label != Label::Newer;
        return is_older.then_some(Candidate { url, weight: 0, step, label, clues });
    }
    let said = match label {
        // A magazine may be called so.
        Label::Next => 5,
        Label::Newer => 4,
        Label::Arrow => 3,
        Label::More => 1,
        Label::Silent | Label::Number(_) => 0,
        Label::Older => -4,
        Label::Words(..=3) => -2,
        // Headlines: the next article's, a carousel's.
        Label::Words(_) | Label::Wrong => -8,
    };
    let back = if step == Step::Back && label != Label::Newer { -4 } else { 0 };
    let weight = said
        + back
        + weight_of(step)
        + 6 * i32::from(is_stated)
        + 4 * i32::from(clues.is_next)
        + 4 * i32::from(stated == Some(&url))
        + 3 * i32::from(clues.has_icon)
        + 2 * i32::from(clues.is_in_pager);
    Some(Candidate { url, weight, step, label, clues })
}

const fn weight_of(step: Step) -> i32 {
    match step {
        Step::Forward(_) => 3,
        Step::Query => 2,
        Step::Back | Step::Elsewhere => 0,
    }
}

/// The address of another page of the same site.
fn away(document: &Document, link: Element<'_>) -> Option<WebUrl> {
    same_site(document, link).filter(|url| leads_away(document, url))
}

fn same_site(document: &Document, link: Element<'_>) -> Option<WebUrl> {
    let url = document.base().join(link.attr("href")?).ok()?;
    let name = |url: &WebUrl| url.host().trim_start_matches("www.").to_owned();
    (name(&url) == name(document.url())).then_some(url)
}

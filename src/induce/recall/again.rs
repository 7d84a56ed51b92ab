//! Finding known items again on a page that was redesigned.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;

use super::families::{Family, View, families};
use super::known::{links, sightings};
use super::named::named;
use super::recalled::recalled;
use super::shapes::Shapes;
use crate::induce::titles::{Likeness, folded, likeness};
use crate::induce::write::ground::{Ground, link_of};
use crate::induce::write::made::{Demand, Made};
use crate::induce::write::synthesis::{Sought, by_name, cut, date_of, synthesis};
use crate::induce::write::trial::{Seen, by_link};
use crate::induce::{Example, ListedRow, Proposal};
use crate::item::Date;
use crate::limits;
use crate::page::{Document, Element, line_within};

/// Known items below which nothing can be said of a list.
const LEAST: usize = 3;

/// Known items of one kind below which no other kind is taken for a part of the same list.
const FEW: usize = 5;

/// Examples of which a list is expected to show some: an archive has more than any page.
const EXPECTED: usize = 20;

/// Elements of a row, and beside it, that are looked at for a value.
const NEAR: usize = 80;

/// Rows in which dates are looked for: what is made after them is tried on all.
const DATED: usize = 24;

/// Bytes of a text in which a title is looked for.
const TITLE_BYTES: usize = 2_000;

/// Characters of a text in which a date is looked for.
const DATE_CHARS: usize = 120;

/// Proposes a rule that finds items again that are known, on a page that was redesigned. Only if enough of them return with
/// their titles, and nothing comes with them that does not look like them: otherwise a person must look.
pub fn again(document: &mut Document, examples: &[Example], view: View) -> Option<Proposal> {
    let mut rows = rows(document, examples, view)?;
    let mut made = rows.made(document)?;
    if rows.leave_unlike(&made) {
        made = rows.made(document)?;
    }
    let titles: HashMap<String, String> = rows
        .known
        .iter()
        .filter_map(|(link, number)| Some((link.clone(), examples.get(*number)?.title.as_ref()?.to_string())))
        .collect();
    let made = cut(document, made, &rows.sought, &titles);
    let confidence = rows.confidence(&made, examples)?;
    let links = made.seen.iter().map(|seen| seen.url.clone()).collect();
    Some(Proposal { draft: made.draft, confidence, links })
}

/// The rows that are sought, and which of the examples each is.
struct Rows {
    sought: Vec<Sought>,
    /// By what tells a link from others: the number of the example.
    known: HashMap<String, usize>,
    /// How many known items there are on the page, but for lists that repeat others.
    sighted: HashSet<usize>,
    /// The name that all of them have, where they were found by it.
    name: Option<String>,
}

/// The rows around the links of known items, and others like them.
fn rows(document: &Document, examples: &[Example], view: View) -> Option<Rows> {
    let all = links(examples).into_keys().collect();
    let ground = Ground::of(document, &all);
    let sightings = sightings(document, &ground, examples);
    let mut rows = Rows { sought: Vec::new(), known: HashMap::new(), sighted: HashSet::new(), name: None };
    let mut taken: HashSet<usize> = HashSet::new();
    let mut dated = 0;
    let families = match view {
        View::Listed => recalled(document, &ground, &sightings),
        View::Named(rank) => named(&ground, &sightings, rank),
        View::Narrow | View::Wide => families(&ground, &sightings, view),
    };
    let known = families.iter().flat_map(|family| &family.known);
    let shapes = Shapes::of(known.filter_map(|sighting| ground.link(sighting.anchor)));
    if let [only] = families.as_slice() {
        rows.name.clone_from(&only.name);
    }
    let is_small = families.first().is_none_or(|first| first.known.len() < FEW);
    for (number, family) in families.iter().enumerate() {
        let is_list = is_list(family, number == 0);
        if number == 0 && !is_list || is_list && family.is_doubtful {
            return None;
        }
        for (anchor, place) in family.rows.iter().copied() {
            let sighting = family.known.iter().find(|sighting| sighting.anchor == anchor);
            // Of a kind that is mostly something else, only what is known is taken.
            let is_like = || is_list && ground.link(anchor).is_some_and(|link| shapes.has(&link));
            if sighting.is_none() && !is_like() {
                continue;
            }
            let example = sighting.map(|sighting| sighting.example);
            let of = example.and_then(|example| examples.get(example));
            let Some(sought) = row(document, &ground, (anchor, place), of, dated < DATED) else { continue };
            rows.sighted.extend(example);
            // Of few items, none can tell that two kinds of rows are one list.
            if family.is_poor || is_small && number > 0 {
                continue;
            }
            let is_within = std::iter::once(place).chain(ground.above(place)).any(|above| taken.contains(&above));
            if is_within || rows.sought.iter().any(|other| other.link == sought.link) {
                continue;
            }
            taken.insert(place);
            dated += usize::from(sought.published.is_some());
            if let Some(example) = example {
                rows.known.insert(sought.link.clone(), example);
            }
            rows.sought.push(sought);
        }
    }
    (!rows.sought.is_empty()).then_some(rows)
}

/// Whether enough of a kind's links are known.
fn is_list(family: &Family, is_first: bool) -> bool {
    let (known, all) = (family.known.len(), family.rows.len());
    if is_first { known >= LEAST.min(2) && known * 4 >= all } else { known * 2 >= all }
}

/// The row of a link, with what is known of it.
fn row(
    document: &Document,
    ground: &Ground<'_>,
    (anchor, place): (usize, usize),
    example: Option<&Example>,
    is_dated: bool,
) -> Option<Sought> {
    let link = ground.element(anchor)?;
    let element = ground.element(place)?;
    let title = example.and_then(|example| title_in(element, example.title.as_ref()?.as_str()));
    let published = example.and_then(|example| example.published).filter(|_| is_dated);
    let date = published.and_then(|published| date_in(document, element, published));
    let row = ListedRow { element: element.id(), link: link.id(), title, date: date.map(|(date, _)| date) };
    // A title that no element shows may stand in an attribute.
    let stated = || example.and_then(|example| example.title.as_ref()).map(ToString::to_string);
    Some(Sought {
        row,
        link: link_of(document, link)?,
        title: title
            .and_then(|title| document.element(title))
            .map(|element| line_within(element, limits::TITLE_READ))
            .or_else(stated),
        published: date.map(|(_, published)| published),
        locale: None,
        label: None,
    })
}

/// The element that tells the title: in a row, after it, or before it and what it is in.
fn title_in(row: Element<'_>, title: &str) -> Option<NodeId> {
    let before = || before(row).find_map(|sibling| told_in(sibling.descendent_elements().take(NEAR / 4), title));
    told_in(around(row), title).or_else(before)
}

/// The element whose text is the title; else one that says hardly more; else the shortest that says it among other things.
fn told_in<'d>(elements: impl Iterator<Item = Element<'d>>, title: &str) -> Option<NodeId> {
    let mut near: Option<NodeId> = None;
    let mut holding: Option<(usize, NodeId)> = None;
    let wanted = folded(title);
    for element in elements {
        let text = line_within(element, TITLE_BYTES + 1);
        match likeness(&text, title) {
            Likeness::Same => return Some(element.id()),
            Likeness::Near => near = Some(element.id()),
            Likeness::None => {}
        }
        if text.len() <= TITLE_BYTES
            && holding.is_none_or(|(least, _)| text.len() <= least)
            && folded(&text).contains(&wanted)
        {
            holding = Some((text.len(), element.id()));
        }
    }
    near.or(holding.map(|(_, id)| id))
}

/// The elements of a row, then those of what follows it.
fn around(row: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    let after = row.next_siblings().filter_map(Element::wrap).take(6);
    let after = after.flat_map(|sibling| sibling.descendent_elements().take(NEAR / 4));
    row.descendent_elements().take(NEAR).chain(after)
}

/// What stands before a row, and before what it is in, the nearest first.
fn before(row: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    let above = std::iter::once(row).chain(row.ancestors().filter_map(Element::wrap)).take(4);
    above.flat_map(|above| above.prev_siblings().filter_map(Element::wrap).take(4))
}

/// The innermost element that shows the date: in a row, after it, or before it and what it is in.
fn date_in(document: &Document, row: Element<'_>, published: Date) -> Option<(NodeId, Date)> {
    let shown = |element: Element<'_>| {
        let text = line_within(element, DATE_CHARS + 1);
        let is_short = text.len() <= DATE_CHARS || element.attr("datetime").is_some();
        let has_figures = text.bytes().any(|byte| byte.is_ascii_digit()) || element.attr("datetime").is_some();
        let date = date_of(document, element, None).filter(|_| is_short && has_figures)?;
        ((date - published).num_hours().abs() < 24).then_some((element.id(), date, text.len()))
    };
    let inside = around(row).filter_map(shown).min_by_key(|(.., length)| *length);
    inside.or_else(|| before(row).find_map(shown)).map(|(id, date, _)| (id, date))
}

impl Rows {
    /// The best rule for them.
    fn made(&self, document: &mut Document) -> Option<Made> {
        let made = synthesis(document, &self.sought, Demand::Exact);
        let is_exact = made.as_ref().is_some_and(|made| made.marks.links == 1000);
        let Some(name) = self.name.as_deref().filter(|_| !is_exact) else { return made };
        let named = by_name(document, &self.sought, name);
        Some(made.filter(|made| made.marks >= named.marks).unwrap_or(named))
    }

    /// Leaves out unknown rows that have not what all that are known have, a title or a date; whether there were any.
    fn leave_unlike(&mut self, made: &Made) -> bool {
        let seen = by_link(&made.seen);
        let known: Vec<&Seen> = self.known.keys().filter_map(|link| seen.get(link.as_str()).copied()).collect();
        let are_titled = known.len() == self.known.len() && known.iter().all(|seen| seen.title.is_some());
        let are_dated = known.len() == self.known.len() && known.iter().all(|seen| seen.published.is_some());
        let is_like = |seen: &Seen| (seen.title.is_some() || !are_titled) && (seen.published.is_some() || !are_dated);
        let before = self.sought.len();
        let is_known = |sought: &Sought| self.known.contains_key(&sought.link);
        self.sought.retain(|sought| {
            is_known(sought) || seen.get(sought.link.as_str()).map_or(!are_titled, |seen| is_like(seen))
        });
        self.sought.len() < before
    }

    /// How sure it is that the rule finds the list again; `None`: not sure enough to serve it.
    fn confidence(&self, made: &Made, examples: &[Example]) -> Option<u8> {
        if made.marks.links < 1000 {
            return None;
        }
        let mut right = 0;
        let mut wrong = 0;
        let mut untitled = 0;
        let mut texts: HashSet<&str> = HashSet::new();
        for seen in &made.seen {
            untitled += usize::from(seen.title.is_none());
            texts.extend(seen.title.as_deref());
            let example = self.known.get(&seen.link).and_then(|number| examples.get(*number));
            let Some(title) = example.and_then(|example| example.title.as_ref()) else { continue };
            match seen.title.as_deref().map(|seen| likeness(seen, title.as_str())) {
                Some(Likeness::Same | Likeness::Near) => right += 1,
                _ => wrong += 1,
            }
        }
        let (known, rows) = (self.known.len(), made.seen.len());
        let expected = examples.len().min(EXPECTED);
        let is_enough =
            known >= LEAST && known == self.sighted.len() && known * 10 >= expected * 3 && rows * 10 >= expected * 4;
        // No more are without a title than always were.
        let nameless = examples.iter().filter(|example| example.title.is_none()).count();
        let are_titled = untitled * examples.len() * 20 <= rows * (examples.len() + nameless * 20);
        let is_right = wrong * 60 <= right && are_titled && texts.len() * 2 >= rows;
        let share = known * 100 / rows.max(1);
        let sure = share.min(100) * 40 / 100 + 60 * right / (right + wrong).max(1);
        (is_enough && is_right).then_some(u8::try_from(sure.min(100)).unwrap_or(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;
    use crate::weburl::WebUrl;

    const SACKS: [&str; 6] = ["Oats", "Rye", "Barley", "Spelt", "Millet", "Maize"];

    fn link(n: usize) -> String {
        format!("https://mill.example/sacks/{n}{n}7.html")
    }

    fn title(n: usize) -> String {
        format!("{} v. the River Authority", SACKS[n])
    }

    /// The rule that is proposed for a page on which five of six items are known.
    fn proposed(page: &str, view: View) -> Option<Proposal> {
        let home = WebUrl::parse("https://mill.example/").unwrap();
        let example = |n: usize| Example {
            links: vec![WebUrl::parse(&link(n)).unwrap()],
            title: Text::new(&title(n)),
            published: None,
        };
        let examples: Vec<Example> = (0..5).map(example).collect();
        again(&mut Document::parse(page, home).unwrap(), &examples, view)
    }

    #[test]
    fn titles_may_stand_before_the_rows() {
        let row = |n: usize| {
            // Between a title and its row stands a remark, here and there.
            let remark = if n % 3 == 1 { "<tr><td></td><td class=remark>stayed</td></tr>" } else { "" };
            let (link, title) = (link(n), title(n));
            format!(
                "<tr><td>No. {n}4</td><td class=name>{title}; from Lee County</td></tr>{remark}\
                 <tr><td></td><td class=text>The court affirms. <a href='{link}'>Opinion</a> by Mole.</td></tr>"
            )
        };
        let page = format!("<h1>Orders</h1><table>{}</table>", (0..6).map(row).collect::<String>());
        let Proposal { draft, links, .. } = proposed(&page, View::Narrow).unwrap();
        assert_eq!(links.len(), 6, "{draft}");
        assert!(draft.to_string().contains("preceding-sibling"), "{draft}");
    }

    #[test]
    fn rows_of_many_kinds_are_found_by_the_name_that_they_share() {
        let card = |n: usize| {
            let (link, title) = (link(n), title(n));
            match n {
                0 => format!("<div class='card big'><div><h2><a href='{link}'>{title}</a></h2></div></div>"),
                1 => format!("<p><div class=card><b><a href='{link}'>{title}</a></b></div></p>"),
                2 => format!("<section><div><div class=card><u><a href='{link}'>{title}</a></u></div></div></section>"),
                3 => format!("<ul><li><div class=card><i><a href='{link}'>{title}</a></i></div></li></ul>"),
                4 => format!("<table><tr><td><div class=card><a href='{link}'>{title}</a></div></td></tr></table>"),
                _ => format!("<div class=card><em><a href='{link}'>{title}</a></em></div>"),
            }
        };
        let page = format!("<a href='/about'>About</a><main>{}</main>", (0..6).map(card).collect::<String>());
        let Proposal { draft, links, .. } = proposed(&page, View::Named(0)).unwrap();
        assert_eq!((draft.to_string().lines().next(), links.len()), (Some("item = \".card\""), 6), "{draft}");
        assert!(proposed(&page, View::Narrow).is_none(), "they have nothing else in common");
    }
}

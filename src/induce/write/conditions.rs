//! What tells rows from other elements of their kind: what they stand in, what stands in them, where their links lead.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use super::finders::common;
use super::ground::{Ground, Sign, among};
use super::marks::quoted;

/// A condition on an element, as a selector can put it.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Condition {
    what: What,
    pub(in crate::induce) cost: u32,
    /// How far above the rows it looks.
    height: usize,
}

#[derive(Clone, Debug)]
enum What {
    /// Somewhere in an element with this mark.
    Under(Sign),
    /// Right in one.
    In(Sign),
    /// In this one, which its marks don't tell.
    Numbered(String, usize),
    /// With such an element in it.
    With(Sign),
    /// Right in it.
    Over(Sign),
    /// Without the mark.
    Not(Sign),
    /// Without such an element in it.
    Without(Sign),
    /// Its link, or one in it, has this in its address: where, and the places of such links.
    Leading(String, Vec<usize>),
}

/// Levels above the rows of which marks are taken for what the rows stand in.
const ABOVE: usize = 6;

/// Elements in a row that are looked at.
const INSIDE: usize = 60;

/// Elements too many that exclusions are made after.
const MODELS: usize = 60;

/// Parts of an address that are tried as what links have in common, and bytes of it, and of a word in it, that are looked at.
const PARTS: usize = 16;
const ADDRESS: usize = 1_000;
const LONGEST_WORD: usize = 40;

/// Parts of words in a row's addresses that are looked for in the other rows: those of a few addresses.
const WORDS: usize = 2_000;

/// Letters from which on a part of an address tells something.
const WORD: usize = 4;

/// Rows from which on a word that all of their addresses end with is no chance.
const MANY: usize = 8;

/// Conditions of each kind.
const MOST: usize = 30;

impl Condition {
    pub(in crate::induce) fn is_met(&self, ground: &Ground<'_>, place: usize) -> bool {
        match &self.what {
            What::Under(sign) => ground.above(place).any(|above| ground.has(above, *sign)),
            What::In(sign) => ground.parent(place).is_some_and(|parent| ground.has(parent, *sign)),
            What::Numbered(_, around) => *around < place && ground.holds(*around, place),
            What::With(sign) => ground.holds_marked(place, *sign),
            What::Over(sign) => children(ground, place).any(|child| ground.has(child, *sign)),
            What::Not(sign) => !ground.has(place, *sign),
            What::Without(sign) => !ground.holds_marked(place, *sign),
            What::Leading(_, links) => among(links, place, ground.end(place)),
        }
    }
}

fn children<'g>(ground: &'g Ground<'_>, place: usize) -> impl Iterator<Item = usize> + 'g {
    let end = ground.end(place);
    std::iter::successors(Some(place + 1), |child| Some(ground.end(*child))).take_while(move |child| *child < end)
}

/// A selector with conditions: what is around comes first, from the outside in.
pub(in crate::induce) fn written(ground: &Ground<'_>, own: &str, conditions: &[&Condition]) -> String {
    let mut sorted = conditions.to_vec();
    sorted.sort_by_key(|condition| {
        (std::cmp::Reverse(condition.height), !matches!(&condition.what, What::Under(sign) if ground.is_tag(*sign)))
    });
    let mut before = String::new();
    let mut parent = String::new();
    let mut after = String::new();
    let mut height = usize::MAX;
    for condition in sorted {
        match &condition.what {
            What::Under(sign) => {
                // Two marks of one element are written together.
                let apart = if condition.height == height || before.is_empty() { "" } else { " " };
                let _ = write!(before, "{apart}{}", ground.css(*sign));
                height = condition.height;
            }
            What::Numbered(css, _) => before.insert_str(0, &format!("{css} ")),
            What::In(sign) => parent = format!("{} > ", ground.css(*sign)),
            What::With(sign) => drop(write!(after, ":has({})", ground.css(*sign))),
            What::Over(sign) => drop(write!(after, ":has(> {})", ground.css(*sign))),
            What::Not(sign) => drop(write!(after, ":not({})", ground.css(*sign))),
            What::Without(sign) => drop(write!(after, ":not(:has({}))", ground.css(*sign))),
            What::Leading(test, _) if own.split(['.', '[', '#', ':']).next() == Some("a") => after.push_str(test),
            What::Leading(test, _) => drop(write!(after, ":has(a{test})")),
        }
    }
    let apart = if before.is_empty() { "" } else { " " };
    format!("{before}{apart}{parent}{own}{after}")
}

/// Conditions that all of `group` meet, cheapest first of each kind.
pub(in crate::induce) fn conditions(ground: &Ground<'_>, group: &[usize]) -> Vec<Condition> {
    let mut found = around(ground, group);
    found.extend(inside(ground, group));
    found.extend(leading(ground, group));
    found
}

fn cheapest(mut conditions: Vec<Condition>) -> Vec<Condition> {
    conditions.sort_by_key(|condition| condition.cost);
    conditions.truncate(MOST);
    conditions
}

/// What all of the group stand in.
fn around(ground: &Ground<'_>, group: &[usize]) -> Vec<Condition> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut level: Vec<usize> = group.to_vec();
    for height in 0..ABOVE {
        let parents: Option<Vec<usize>> = level.iter().map(|place| ground.parent(*place)).collect();
        let Some(mut parents) = parents else { break };
        parents.sort_unstable();
        parents.dedup();
        for sign in common(ground, &parents) {
            let cost = ground.cost(sign);
            if height == 0 {
                found.push(Condition { cost: cost + 9, what: What::In(sign), height });
            }
            if seen.insert(sign) {
                found.push(Condition { cost: cost + 6, what: What::Under(sign), height });
            }
        }
        level = parents;
    }
    // What all of them are in, however deep: the nearest first.
    let mut shared = group.first().map(|first| ground.above(*first).collect::<Vec<_>>()).unwrap_or_default();
    shared.retain(|around| group.iter().all(|place| ground.holds(*around, *place)));
    for (height, around) in shared.iter().enumerate() {
        for sign in ground.signs(*around).iter().copied() {
            if !seen.insert(sign) {
                continue;
            }
            let far = u32::try_from(height.min(6)).unwrap_or_default();
            found.push(Condition {
                cost: ground.cost(sign) + 6 + far,
                what: What::Under(sign),
                height: ABOVE + height,
            });
        }
    }
    let mut found = cheapest(found);
    for around in shared.iter().take(4) {
        let Some(element) = ground.element(*around) else { continue };
        let css = format!("{}:nth-of-type({})", element.value().name(), ground.number(*around));
        found.push(Condition { what: What::Numbered(css, *around), cost: 80, height: usize::MAX });
    }
    found
}

/// What stands in each of the group.
fn inside(ground: &Ground<'_>, group: &[usize]) -> Vec<Condition> {
    let Some((first, others)) = group.split_first() else { return Vec::new() };
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for place in (first + 1..ground.end(*first)).take(INSIDE) {
        let is_child = ground.parent(place) == Some(*first);
        for sign in ground.signs(place).iter().copied() {
            let cost = ground.cost(sign);
            let is_over = |other: &usize| children(ground, *other).take(INSIDE).any(|child| ground.has(child, sign));
            if is_child && seen.insert((sign, true)) && others.iter().all(is_over) {
                found.push(Condition { cost: cost + 22, what: What::Over(sign), height: 0 });
            }
            if seen.insert((sign, false)) && others.iter().all(|other| ground.holds_marked(*other, sign)) {
                found.push(Condition { cost: cost + 18, what: What::With(sign), height: 0 });
            }
        }
    }
    cheapest(found)
}

/// Where all links of the group lead.
fn leading(ground: &Ground<'_>, group: &[usize]) -> Vec<Condition> {
    let anchors = ground.anchors();
    let hrefs = |place: usize| {
        let from = anchors.partition_point(|anchor| *anchor < place);
        let inside = anchors.get(from..).unwrap_or_default().iter().take_while(move |at| **at < ground.end(place));
        inside.take(INSIDE).filter_map(|at| ground.element(*at)?.attr("href"))
    };
    let Some((first, others)) = group.split_first() else { return Vec::new() };
    let mut tests: Vec<Test> = Vec::new();
    // What all have is taken from an address that is one; the others may have blanks in them.
    for test in hrefs(*first).filter(is_model).flat_map(tests_of) {
        if !tests.contains(&test) && others.iter().all(|other| hrefs(*other).any(|href| test.fits(href))) {
            tests.push(test);
        }
    }
    let words = hrefs(*first)
        .filter(is_model)
        .flat_map(words_of)
        .take(WORDS)
        .filter(|word| others.iter().all(|other| hrefs(*other).any(|href| href.contains(word))));
    // A few addresses may have any word in common.
    let longest = words.max_by_key(|word| word.len()).filter(|_| group.len() >= MANY);
    tests.truncate(5);
    tests.extend(longest.map(|part| Test { part: part.to_owned(), is_end: false }));
    let places = |test: &Test| -> Vec<usize> {
        let fits = |at: &&usize| ground.element(**at).and_then(|a| a.attr("href")).is_some_and(|href| test.fits(href));
        anchors.iter().filter(fits).copied().collect()
    };
    let condition = |test: &Test| Condition {
        what: What::Leading(test.css(), places(test)),
        cost: if test.is_end { 34 } else { 38 },
        height: 0,
    };
    tests.iter().map(condition).collect()
}

/// Whether an address is one that people write, not one that carries much else.
fn is_model(href: &&str) -> bool {
    href.len() <= ADDRESS && is_whole(href)
}

/// A test of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Test {
    part: String,
    /// The address ends so; else it has it somewhere.
    is_end: bool,
}

impl Test {
    fn fits(&self, href: &str) -> bool {
        if self.is_end { href.trim_end().ends_with(&self.part) } else { href.contains(&self.part) }
    }

    fn css(&self) -> String {
        format!("[href{}={}]", if self.is_end { '$' } else { '*' }, quoted(&self.part))
    }
}

/// Whether an address is one, and no script, nor what a mistake in the page has made of one.
fn is_whole(href: &str) -> bool {
    let href = href.trim();
    let scheme = href.split_once(':').map_or("", |(scheme, _)| scheme);
    let is_web = scheme.contains(['/', '?', '#', '.']) || ["", "http", "https"].contains(&scheme);
    is_web && !href.contains(['<', '>', '"', '\'', '`', ' ', '\n', '{', '}', ';'])
}

/// What of an address may hold for others, too: its folders, and how it ends.
fn tests_of(href: &str) -> Vec<Test> {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let mut folders: Vec<&str> = path.split('/').collect();
    let last = folders.pop().unwrap_or_default();
    let is_word = |folder: &&str| {
        (2..=24).contains(&folder.len()) && !folder.bytes().any(|byte| byte.is_ascii_digit()) && is_plain(folder)
    };
    let mut tests: Vec<Test> = folders
        .iter()
        .filter(|folder| is_word(folder))
        .take(PARTS)
        .map(|folder| Test { part: format!("{folder}/"), is_end: false })
        .collect();
    if let Some((_, extension)) =
        last.rsplit_once('.').filter(|_| last.len() == href.trim_end().rsplit('/').next().map_or(0, str::len))
    {
        let is_plain = (2..=5).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
        tests.extend(is_plain.then(|| Test { part: format!(".{extension}"), is_end: true }));
    }
    let names = href.split_once('?').map(|(_, query)| query).into_iter().flat_map(|query| query.split('&'));
    let names = names.filter_map(|pair| pair.split_once('=')).map(|(name, _)| format!("{name}="));
    tests.extend(
        names.filter(|name| is_plain(name.trim_end_matches('='))).take(PARTS).map(|part| Test { part, is_end: false }),
    );
    tests
}

/// Whether a part of an address is a name, not markup or code that came into it.
fn is_plain(part: &str) -> bool {
    part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '%' | '+' | '[' | ']'))
}

/// Parts of words in an address's last segment, which others may have in common with it.
fn words_of(href: &str) -> impl Iterator<Item = &str> {
    let last =
        href.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let words = last
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(|word| (WORD..=LONGEST_WORD).contains(&word.len()))
        .take(6);
    words.flat_map(|word| {
        let ends = (WORD..=word.len().min(WORD * 3)).rev();
        ends.flat_map(move |length| (0..=word.len() - length).filter_map(move |from| word.get(from..from + length)))
    })
}

/// Conditions that no row fails and some of `excess` do: none of them by what only one item has, or what it is about, as
/// tomorrow's items have something else.
pub(in crate::induce) fn exclusions(ground: &Ground<'_>, rows: &HashSet<usize>, excess: &[usize]) -> Vec<Condition> {
    let mut own: HashMap<Sign, usize> = HashMap::new();
    let mut inner: HashMap<Sign, usize> = HashMap::new();
    for place in excess.iter().take(MODELS) {
        for sign in ground.signs(*place) {
            *own.entry(*sign).or_default() += 1;
        }
        let places = (place + 1..ground.end(*place)).take(INSIDE / 2);
        let inside: HashSet<Sign> = places.flat_map(|inside| ground.signs(inside).iter().copied()).collect();
        for sign in inside {
            *inner.entry(sign).or_default() += 1;
        }
    }
    let best = |signs: HashMap<Sign, usize>, is_free: &dyn Fn(Sign) -> bool| {
        let mut signs: Vec<(Sign, usize)> = signs.into_iter().collect();
        signs.sort_by_key(|(sign, count)| (std::cmp::Reverse(*count), ground.cost(*sign), *sign));
        let lasting = signs.into_iter().map(|(sign, _)| sign).filter(|sign| !ground.is_fleeting(*sign));
        lasting.filter(|sign| is_free(*sign)).take(5).collect::<Vec<_>>()
    };
    let own = best(own, &|sign| !ground.is_tag(sign) && rows.iter().all(|row| !ground.has(*row, sign)));
    let inner = best(inner, &|sign| rows.iter().all(|row| !ground.holds_marked(*row, sign)));
    let own = own.into_iter().map(|sign| Condition { cost: ground.cost(sign) + 30, what: What::Not(sign), height: 0 });
    let inner =
        inner.into_iter().map(|sign| Condition { cost: ground.cost(sign) + 40, what: What::Without(sign), height: 0 });
    own.chain(inner).collect()
}

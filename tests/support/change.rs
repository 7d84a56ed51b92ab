//! What may happen to a page, done to its markup.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use feedmill::config::Site;
use feedmill::item::Field;
use feedmill::rule::{Elements, Rows, Source};
use feedmill::weburl::WebUrl;
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};

/// A page under change.
pub(crate) struct Changing<'s> {
    html: Html,
    site: &'s Site,
    rows: Vec<NodeId>,
}

impl<'s> Changing<'s> {
    /// A page with the rows that the rule finds by CSS; `None`: by something else, or none.
    pub(crate) fn new(page: &str, site: &'s Site) -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "a page of a test, not of a stranger")]
        let html = Html::parse_document(page);
        let rows = site.rule.listing.item.iter().find_map(|way| {
            let Rows::Elements(Elements::Css(css)) = way else { return None };
            let rows: Vec<NodeId> = html.select(css.compiled()).map(|row| row.id()).collect();
            (!rows.is_empty()).then_some(rows)
        })?;
        // A row within a row goes with it.
        let all: HashSet<NodeId> = rows.iter().copied().collect();
        let is_outer = |row: &NodeId| html.tree.get(*row).unwrap().ancestors().all(|node| !all.contains(&node.id()));
        let rows = rows.iter().copied().filter(is_outer).collect();
        Some(Self { html, site, rows })
    }

    pub(crate) fn page(&self) -> String {
        self.html.html()
    }

    /// Every class and every id has another name.
    pub(crate) fn rename(mut self) -> String {
        for id in self.elements() {
            self.change(id, |element| {
                for (name, value) in &mut element.attrs {
                    if matches!(&*name.local, "class" | "id") {
                        let renamed: Vec<String> =
                            value.split_whitespace().map(|word| format!("x{}", backwards(word))).collect();
                        *value = renamed.join(" ").into();
                    }
                }
            });
        }
        self.page()
    }

    /// A new element around the list.
    pub(crate) fn wrap_list(mut self) -> String {
        let list = self.list();
        self.wrap(list);
        self.page()
    }

    /// A new element around each row.
    pub(crate) fn wrap_rows(mut self) -> String {
        for row in self.rows.clone() {
            self.wrap(row);
        }
        self.page()
    }

    /// "No entries" in the place of the list; where the list is the whole page, in that of its rows.
    pub(crate) fn empty(mut self) -> String {
        let list = self.list();
        let name = self.name(list);
        let gone: Vec<NodeId> = if matches!(&*name, "body" | "html" | "main") {
            self.rows.clone()
        } else {
            self.html.tree.get(list).unwrap().children().map(|child| child.id()).collect()
        };
        let says = match &*name {
            "ul" | "ol" => "<li>No entries.</li>",
            "table" | "tbody" => "<tr><td>No entries.</td></tr>",
            _ => "<p>No entries.</p>",
        };
        for id in gone {
            self.html.tree.get_mut(id).unwrap().detach();
        }
        self.html.tree.get_mut(list).unwrap().append(Node::Comment(scraper::node::Comment { comment: "HERE".into() }));
        self.page().replacen("<!--HERE-->", says, 1)
    }

    /// Every other row has no date any more.
    pub(crate) fn half_of_the_dates(mut self) -> String {
        let time = Selector::parse("time, [datetime], [itemprop=datePublished]").unwrap();
        let ruled = self.site.rule.listing.fields.extractors(Field::Published);
        let mut gone = Vec::new();
        for row in self.rows.iter().skip(1).step_by(2) {
            let row = ElementRef::wrap(self.html.tree.get(*row).unwrap()).unwrap();
            gone.extend(row.select(&time).map(|element| element.id()));
            for extractor in ruled {
                if let Source::Css(css) = &extractor.source {
                    gone.extend(row.select(css.compiled()).map(|element| element.id()));
                }
            }
        }
        for id in gone {
            self.html.tree.get_mut(id).unwrap().detach();
        }
        self.page()
    }

    /// The rows the other way round.
    pub(crate) fn reverse(mut self) -> String {
        let mut first = self.rows[0];
        let parent = self.html.tree.get(first).unwrap().parent().unwrap().id();
        for row in self.rows.clone().into_iter().skip(1) {
            if self.html.tree.get(row).unwrap().parent().is_some_and(|other| other.id() == parent) {
                self.html.tree.get_mut(first).unwrap().insert_id_before(row);
                first = row;
            }
        }
        self.page()
    }

    /// The first `count` rows lead to other articles.
    pub(crate) fn renew(mut self, count: usize) -> String {
        let link = Selector::parse("a[href]").unwrap();
        let mut links = Vec::new();
        for row in self.rows.iter().take(count) {
            let row = ElementRef::wrap(self.html.tree.get(*row).unwrap()).unwrap();
            links.extend(row.select(&link).map(|element| element.id()));
            links.extend(row.attr("href").map(|_| row.id()));
        }
        for id in links {
            self.change(id, |element| {
                for (name, value) in &mut element.attrs {
                    if &*name.local == "href" {
                        *value = renewed(value).into();
                    }
                }
            });
        }
        self.page()
    }

    /// Every class and every id has a name that a machine made.
    pub(crate) fn scramble(&mut self) {
        for id in self.elements() {
            self.change(id, |element| {
                for (name, value) in &mut element.attrs {
                    if matches!(&*name.local, "class" | "id") {
                        let renamed: Vec<String> = value.split_whitespace().map(scrambled).collect();
                        *value = renamed.join(" ").into();
                    }
                }
            });
        }
    }

    /// The list stands deeper, and so does what is in each of its rows.
    pub(crate) fn nest(&mut self) {
        let list = self.list();
        self.wrap(list);
        for row in self.rows.clone() {
            let mut inner = vec![row];
            if &*self.name(row) == "tr" {
                inner = self.html.tree.get(row).unwrap().children().map(|cell| cell.id()).collect();
            }
            for id in inner {
                self.wrap_inside(id);
            }
        }
    }

    /// A new element around all that is in another.
    fn wrap_inside(&mut self, id: NodeId) {
        let name = self.name(id);
        if name.is_empty() || matches!(&*name, "tbody" | "table" | "dl") {
            return;
        }
        // Nothing but text and the like may stand in these.
        let is_text = matches!(&*name, "p" | "span" | "a" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "b" | "strong");
        let wrapper = Self::wrapper(if is_text { "span" } else { "div" });
        let children: Vec<NodeId> = self.html.tree.get(id).unwrap().children().map(|child| child.id()).collect();
        let around = self.html.tree.get_mut(id).unwrap().append(Node::Element(wrapper)).id();
        for child in children {
            self.html.tree.get_mut(around).unwrap().append_id(child);
        }
    }

    /// Lists without list elements, sections for articles, headings of another rank.
    pub(crate) fn retag(&mut self) {
        for id in self.elements() {
            self.change(id, |element| {
                let name = match &*element.name.local {
                    "li" => "div",
                    "h2" => "h3",
                    "article" => "section",
                    _ => return,
                };
                element.name.local = name.into();
            });
        }
    }

    /// The rows of entries with these links lead to others, with other titles: which, by the links before. `base` is what links
    /// are relative to.
    pub(crate) fn replace(&mut self, base: &WebUrl, replaced: &HashMap<String, String>) -> HashMap<String, String> {
        let mut links = HashMap::new();
        for row in self.rows.clone() {
            // The image beside a row may lead to its item, too.
            let around = self.alone(row);
            let mut nodes: Vec<NodeId> =
                self.html.tree.get(around).unwrap().descendants().map(|node| node.id()).collect();
            for sibling in self.html.tree.get(row).unwrap().next_siblings() {
                if self.rows.contains(&sibling.id()) {
                    break;
                }
                nodes.extend(sibling.descendants().map(|node| node.id()));
            }
            let link = nodes.iter().find_map(|id| {
                let element = self.html.tree.get(*id)?.value().as_element()?;
                let link = base.join(element.attr("href")?).ok()?.essence();
                replaced.contains_key(&link).then_some(link)
            });
            let Some(link) = link else { continue };
            let title = &replaced[&link];
            for id in nodes {
                match self.html.tree.get_mut(id).unwrap().value() {
                    Node::Text(text) => text.text = renewed_title(&text.text, title).into(),
                    Node::Element(element) => {
                        for (name, value) in &mut element.attrs {
                            let is_it = || base.join(value).is_ok_and(|other| other.essence() == link);
                            match &*name.local {
                                "href" if is_it() => {
                                    *value = renewed(value).into();
                                    links.extend(base.join(value).map(|new| (link.clone(), new.essence())));
                                }
                                "title" | "alt" | "aria-label" => *value = renewed_title(value, title).into(),
                                _ => {}
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        links
    }

    /// The outermost element around a row that holds no other.
    fn alone(&self, row: NodeId) -> NodeId {
        let holds_other = |id: NodeId| {
            let others = self.rows.iter().filter(|other| **other != row);
            others.into_iter().any(|other| self.html.tree.get(*other).unwrap().ancestors().any(|node| node.id() == id))
        };
        let above = self.html.tree.get(row).unwrap().ancestors().map(|node| node.id());
        above
            .take_while(|id| !matches!(&*self.name(*id), "body" | "html" | "") && !holds_other(*id))
            .last()
            .unwrap_or(row)
    }

    /// Other items in the same list: every link in `titles` leads elsewhere, by an address of the same shape, with another
    /// title; numbers and topics of items are others. What each row's link was and is; relative to `base`.
    pub(crate) fn another_day(
        &mut self,
        base: &WebUrl,
        titles: &HashMap<String, String>,
    ) -> Vec<(NodeId, String, String)> {
        let constant = self.constant_words();
        let mut changed = Vec::new();
        for row in self.rows.clone() {
            let nodes: Vec<NodeId> = self.html.tree.get(row).unwrap().descendants().map(|node| node.id()).collect();
            let link = nodes.iter().find_map(|id| {
                let href = self.html.tree.get(*id)?.value().as_element()?.attr("href")?;
                let link = base.join(href).ok()?.essence();
                titles.contains_key(&link).then_some(link)
            });
            let title = link.as_ref().map_or("", |link| &titles[link]);
            for id in nodes {
                match self.html.tree.get_mut(id).unwrap().value() {
                    Node::Text(text) => text.text = renewed_title(&text.text, title).into(),
                    Node::Element(element) => {
                        for (name, value) in &mut element.attrs {
                            match &*name.local {
                                "href" if base.join(value).is_ok_and(|other| Some(other.essence()) == link) => {
                                    *value = other_slug(value, &constant).into();
                                    let new = base.join(value).map(|new| new.essence());
                                    changed.extend(link.clone().zip(new.ok()).map(|(old, new)| (row, old, new)));
                                }
                                "class" | "id" => {
                                    let names: Vec<String> = value.split_whitespace().map(other_name).collect();
                                    *value = names.join(" ").into();
                                }
                                "title" | "alt" | "aria-label" => *value = renewed_title(value, title).into(),
                                _ => {}
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        changed
    }

    /// Words that most addresses in the rows end with: they are the site's, not the items'.
    fn constant_words(&self) -> HashSet<String> {
        let link = Selector::parse("a[href]").unwrap();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for row in &self.rows {
            let row = ElementRef::wrap(self.html.tree.get(*row).unwrap()).unwrap();
            let hrefs = row.select(&link).filter_map(|link| link.attr("href"));
            let words: HashSet<String> = hrefs
                .flat_map(|href| href.split(|c: char| !c.is_alphabetic()).map(str::to_owned).collect::<Vec<_>>())
                .collect();
            for word in words {
                *counts.entry(word).or_default() += 1;
            }
        }
        counts.into_iter().filter(|(_, count)| count * 2 > self.rows.len()).map(|(word, _)| word).collect()
    }

    /// A third of the rows are gone, and of the others every other one stands before the rest of its neighbours. Which are gone.
    pub(crate) fn thin_and_shuffle(&mut self) -> HashSet<NodeId> {
        let gone: HashSet<NodeId> = self.rows.iter().copied().skip(1).step_by(3).collect();
        for id in &gone {
            self.html.tree.get_mut(*id).unwrap().detach();
        }
        self.rows.retain(|row| !gone.contains(row));
        let parent = |html: &Html, row: NodeId| html.tree.get(row).unwrap().parent().map(|parent| parent.id());
        let mut firsts: HashMap<Option<NodeId>, NodeId> = HashMap::new();
        for (number, row) in self.rows.iter().copied().enumerate() {
            let first = *firsts.entry(parent(&self.html, row)).or_insert(row);
            if number % 2 == 1 && first != row {
                self.html.tree.get_mut(first).unwrap().insert_id_before(row);
            }
        }
        gone
    }

    fn wrapper(name: &str) -> Element {
        #[expect(clippy::disallowed_methods, reason = "a page of a test, not of a stranger")]
        let around = Html::parse_fragment(&format!("<{name} class=\"wrapper-new\"></{name}>"));
        around.select(&Selector::parse(".wrapper-new").unwrap()).next().unwrap().value().clone()
    }

    fn elements(&self) -> Vec<NodeId> {
        self.html.tree.nodes().filter(|node| node.value().is_element()).map(|node| node.id()).collect()
    }

    fn change(&mut self, id: NodeId, change: impl FnOnce(&mut Element)) {
        if let Node::Element(element) = self.html.tree.get_mut(id).unwrap().value() {
            change(element);
        }
    }

    fn name(&self, id: NodeId) -> String {
        ElementRef::wrap(self.html.tree.get(id).unwrap())
            .map(|element| element.value().name().to_owned())
            .unwrap_or_default()
    }

    /// The innermost element that has all rows.
    fn list(&self) -> NodeId {
        let above = |row: NodeId| self.html.tree.get(row).unwrap().ancestors().map(|node| node.id());
        let others: Vec<HashSet<NodeId>> = self.rows[1..].iter().map(|row| above(*row).collect()).collect();
        above(self.rows[0]).find(|id| others.iter().all(|other| other.contains(id))).unwrap()
    }

    fn wrap(&mut self, id: NodeId) {
        let div = Self::wrapper("div");
        // Nothing may stand around the body, or between a table and its rows.
        if matches!(&*self.name(id), "body" | "html") {
            let children: Vec<NodeId> = self.html.tree.get(id).unwrap().children().map(|child| child.id()).collect();
            let around = self.html.tree.get_mut(id).unwrap().append(Node::Element(div)).id();
            for child in children {
                self.html.tree.get_mut(around).unwrap().append_id(child);
            }
            return;
        }
        let mut id = id;
        while matches!(&*self.name(id), "tr" | "tbody" | "td") {
            id = self.html.tree.get(id).unwrap().parent().unwrap().id();
        }
        let around = self.html.tree.get_mut(id).unwrap().insert_before(Node::Element(div)).id();
        self.html.tree.get_mut(around).unwrap().append_id(id);
    }
}

fn backwards(word: &str) -> String {
    word.chars().rev().collect()
}

/// A name that a machine made of this one.
fn scrambled(word: &str) -> String {
    let hash = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("x{:08x}", hash >> 32)
}

/// A text in which the words that the title has, too, are others.
pub(crate) fn renewed_title(text: &str, title: &str) -> String {
    let words = |text: &str| -> Vec<String> {
        text.split_inclusive(|c: char| !c.is_alphabetic())
            .flat_map(|piece| {
                let end = piece.trim_end_matches(|c: char| !c.is_alphabetic()).len();
                [piece[..end].to_owned(), piece[end..].to_owned()]
            })
            .filter(|piece| !piece.is_empty())
            .collect()
    };
    let known: HashSet<String> = words(title).into_iter().filter(|word| word.chars().count() > 2).collect();
    words(text).iter().map(|word| if known.contains(word) { backwards(word) } else { word.clone() }).collect()
}

/// A link to another article of the same site, which looks like that of this one.
fn renewed(href: &str) -> String {
    let href = href.split('#').next().unwrap();
    if let Some((path, query)) = href.split_once('?') {
        // What stands in the place of a path, as `?threads/the-goose.12/`, goes on looking like one.
        let name = query.trim_end_matches('/');
        return format!("{path}?{name}7007{}", &query[name.len()..]);
    }
    let mut segments: Vec<String> = href.split('/').map(str::to_owned).collect();
    // What is the same in every link, as `/document.do`, is no name of an article.
    let is_name = |segment: &String| segment.contains(['-', '_']) || segment.bytes().any(|byte| byte.is_ascii_digit());
    let last = segments.iter().rposition(|segment| !segment.is_empty()).unwrap_or_default();
    let first = if href.contains("://") { 3 } else { 0 };
    if last < first {
        return format!("{}/again", href.trim_end_matches('/'));
    }
    let place = segments.iter().rposition(is_name).filter(|place| *place >= first).unwrap_or(last);
    let segment = &mut segments[place];
    let (stem, extension) =
        segment.rsplit_once('.').map_or((segment.as_str(), String::new()), |(stem, ext)| (stem, format!(".{ext}")));
    let mark = if stem.bytes().any(|byte| byte.is_ascii_digit()) { "7007" } else { "-again" };
    *segment = format!("{stem}{mark}{extension}");
    segments.join("/")
}

/// An address of the same shape: the words and numbers of its end are others, but for those that all have.
fn other_slug(href: &str, constant: &HashSet<String>) -> String {
    let (whole, fragment) = href.split_once('#').map_or((href, ""), |(whole, fragment)| (whole, fragment));
    let end = whole.trim_end_matches('/').rfind(['/', '?']).map_or(0, |at| at + 1);
    let (head, last) = whole.split_at(end);
    let (stem, extension) = last.rsplit_once('.').filter(|(_, end)| end.len() <= 5).unwrap_or((last, ""));
    let dot = if extension.is_empty() { "" } else { "." };
    let pieces = stem.split_inclusive(|c: char| !c.is_alphabetic()).map(|piece| {
        let end = piece.trim_end_matches(|c: char| !c.is_alphabetic()).len();
        let (word, rest) = piece.split_at(end);
        let word = if word.len() < 4 || constant.contains(word) { word.to_owned() } else { backwards(word) };
        word + &rest.chars().map(next_digit).collect::<String>()
    });
    let changed: String = pieces.collect();
    let again = if changed == stem { "-again" } else { "" };
    let hash = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
    format!("{head}{changed}{again}{dot}{extension}{hash}")
}

/// A class or an id of another item: its number or its topic is another.
fn other_name(name: &str) -> String {
    let topic = ["category-", "tag-", "author-"].into_iter().find(|prefix| name.starts_with(prefix));
    if let Some((prefix, rest)) = topic.and_then(|prefix| Some((prefix, name.strip_prefix(prefix)?))) {
        return format!("{prefix}{}", backwards(rest));
    }
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 3 { name.chars().map(next_digit).collect() } else { name.to_owned() }
}

fn next_digit(c: char) -> char {
    c.to_digit(10).and_then(|digit| char::from_digit((digit + 1) % 10, 10)).unwrap_or(c)
}

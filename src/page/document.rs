//! A parsed page. The parse is guarded, because html5ever is quadratic in depth and has no bounds of its own.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use ego_tree::{NodeId, Tree};
use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::tree_builder::TreeBuilderOpts;
use scraper::node::Element;
use scraper::{ElementRef, Html, HtmlTreeSink, Node};

use super::allowance::Allowance;
use super::attribute;
use super::embedded::Tree as JsonTree;
use super::index::Index;
use super::meta::Metas;
use super::tree::Survey;
use super::{NotAPage, Things};
use crate::limits;
use crate::rule::{Css, Form, Locale};
use crate::weburl::WebUrl;

/// A parsed page. It never leaves the thread that parsed it.
pub struct Document {
    html: Html,
    url: WebUrl,
    base: WebUrl,
    metas: OnceCell<Metas>,
    things: OnceCell<Things>,
    marked: RefCell<HashMap<NodeId, Rc<Things>>>,
    allowance: Allowance,
    survey: OnceCell<Survey>,
    index: OnceCell<Index>,
    locale: OnceCell<Option<Locale>>,
    json: KnownJson,
    json_left: Cell<usize>,
    json_places: JsonPlaces,
    told: Option<Told>,
}

/// The JSON of elements, or of their attributes, once it was asked for.
type KnownJson = RefCell<HashMap<(NodeId, Option<String>), Vec<Rc<JsonTree>>>>;

/// The elements of the whole page that selectors of JSON match, by the selectors as written.
type JsonPlaces = RefCell<HashMap<String, Rc<[NodeId]>>>;

/// What a document says that is not HTML, as JSON.
#[derive(Debug)]
pub struct Told {
    /// What it was.
    pub form: Form,
    /// What it says.
    pub tree: Rc<JsonTree>,
    /// Where else to look: the children of a sitemap's index, newest first.
    pub next: Vec<WebUrl>,
}

impl Told {
    /// Whether its rows have the names of fields.
    pub const fn is_a_feed(&self) -> bool {
        matches!(self.form, Form::Feed | Form::Sitemap)
    }
}

impl Document {
    /// Parses decoded text that was found at `url`.
    ///
    /// Scripting is off, so that what stands in `<noscript>` (the real image of many a lazy one) is part of the tree.
    pub fn parse(text: &str, url: WebUrl) -> Result<Self, NotAPage> {
        let html = guarded(text)?;
        let base = base_of(&html, &url);
        Ok(Self::of(html, url, base, None))
    }

    /// A document that is not HTML.
    pub(super) fn telling(told: Told, url: WebUrl) -> Result<Self, NotAPage> {
        // The empty page beside it has nothing that a rule could find.
        Ok(Self::of(guarded("")?, url.clone(), url, Some(told)))
    }

    fn of(html: Html, url: WebUrl, base: WebUrl, told: Option<Told>) -> Self {
        let (metas, things, survey, locale) = (OnceCell::new(), OnceCell::new(), OnceCell::new(), OnceCell::new());
        let index = OnceCell::new();
        let (marked, allowance) = (RefCell::default(), Allowance::default());
        Self {
            html,
            url,
            base,
            metas,
            things,
            marked,
            allowance,
            survey,
            index,
            locale,
            json: KnownJson::default(),
            json_left: Cell::new(limits::JSON_WEIGHT),
            json_places: JsonPlaces::default(),
            told,
        }
    }

    /// What it says, if it is not HTML.
    pub const fn told(&self) -> Option<&Told> {
        self.told.as_ref()
    }

    pub(super) const fn known_json(&self) -> &KnownJson {
        &self.json
    }

    /// How much JSON may still be read from its elements, as [`limits::JSON_WEIGHT`] weighs it.
    pub(super) const fn json_left(&self) -> &Cell<usize> {
        &self.json_left
    }

    /// The first elements of the whole page that `css` matches, as places of JSON. Every row asks for the same ones.
    pub(super) fn json_places(&self, css: &Css) -> Rc<[NodeId]> {
        if let Some(known) = self.json_places.borrow().get(css.as_str()) {
            return Rc::clone(known);
        }
        let found: Rc<[NodeId]> = self.select(css).take(limits::VALUES).map(|element| element.id()).collect();
        self.json_places.borrow_mut().insert(css.as_str().to_owned(), Rc::clone(&found));
        found
    }

    /// Where the page was found.
    pub fn url(&self) -> &WebUrl {
        &self.url
    }

    /// What the page's links are relative to: its `<base href>`, else its address.
    pub fn base(&self) -> &WebUrl {
        &self.base
    }

    /// The `<html>` element.
    pub fn root(&self) -> ElementRef<'_> {
        self.html.root_element()
    }

    /// The language that the page says it is in, if dates can be read in it.
    pub fn locale(&self) -> Option<Locale> {
        *self.locale.get_or_init(|| {
            let root = self.root();
            let stated = [root.attr("lang"), root.attr("xml:lang")].into_iter().flatten();
            stated.chain(self.meta("content-language").iter().map(String::as_str)).find_map(Locale::parse)
        })
    }

    /// The elements that `css` matches, in the order of the page.
    pub fn select<'a, 'c>(&'a self, css: &'c Css) -> impl Iterator<Item = ElementRef<'a>> + use<'a, 'c> {
        let (root, keys) = (self.root(), css.keys());
        let few = (!keys.any.is_empty()).then(|| self.index().candidates(keys, root));
        let few = few.filter(|few| keys.is_plain || few.is_empty());
        let all = few.is_none().then(|| root.select(css.compiled()));
        let is_it = move |element: &ElementRef<'a>| css.compiled().matches_with_scope(element, Some(root));
        few.into_iter().flatten().filter(is_it).chain(all.into_iter().flatten())
    }

    /// The element of that id, if it is one.
    pub fn element(&self, id: NodeId) -> Option<ElementRef<'_>> {
        self.html.tree.get(id).and_then(ElementRef::wrap)
    }

    /// The contents of the `<meta>` elements of that name, property or itemprop.
    pub fn meta(&self, name: &str) -> &[String] {
        self.metas.get_or_init(|| Metas::of(self)).get(name)
    }

    /// What the page's JSON-LD describes.
    pub fn things(&self) -> &Things {
        self.things.get_or_init(|| Things::json_ld(self))
    }

    /// What the markup of the page, or of a part of it, describes: microdata and microformats. Once
    /// [`limits::MARKED_BYTES`] are read, the rest describes nothing.
    pub fn marked(&self, part: Option<ElementRef<'_>>) -> Rc<Things> {
        let part = part.unwrap_or_else(|| self.root());
        let mut marked = self.marked.borrow_mut();
        Rc::clone(marked.entry(part.id()).or_insert_with(|| Rc::new(Things::in_markup(part, &self.allowance))))
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(self.root()))
    }

    /// What XPath needs to know about the whole tree.
    pub(super) fn survey(&self) -> &Survey {
        self.survey.get_or_init(|| Survey::of(self.tree()))
    }

    pub(super) const fn tree(&self) -> &Tree<Node> {
        &self.html.tree
    }

    /// Cuts nodes out of the page, with everything in them.
    pub fn cut(&mut self, nodes: &[NodeId]) {
        self.json_places.get_mut().clear();
        self.index.take();
        for id in nodes {
            if let Some(mut node) = self.html.tree.get_mut(*id) {
                node.detach();
            }
        }
    }

    /// Puts a node's children in its place.
    pub fn unwrap(&mut self, id: NodeId) {
        self.index.take();
        let Some(node) = self.html.tree.get(id) else { return };
        let children: Vec<NodeId> = node.children().map(|child| child.id()).collect();
        let Some(mut node) = self.html.tree.get_mut(id) else { return };
        for child in children {
            node.insert_id_before(child);
        }
        node.detach();
    }

    /// Changes an element of the page.
    pub fn change(&mut self, id: NodeId, change: impl FnOnce(&mut Element)) {
        self.index.take();
        if let Some(mut node) = self.html.tree.get_mut(id)
            && let Node::Element(element) = node.value()
        {
            change(element);
        }
    }
}

/// Parses piece by piece and looks after each at how large and how deep the tree has become.
fn guarded(text: &str) -> Result<Html, NotAPage> {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let started = Instant::now();
    let mut parser = driver::parse_document(HtmlTreeSink::new(Html::new_document()), options);
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(piece(rest));
        rest = after;
        parser.process(StrTendril::from_slice(piece));
        if started.elapsed() > limits::PARSE {
            return Err(NotAPage::TooSlow);
        }
        let document = parser.tokenizer.sink.sink.0.borrow();
        let mut nodes = document.tree.nodes();
        if nodes.len() > limits::DOCUMENT_NODES {
            return Err(NotAPage::TooManyNodes);
        }
        let deepest = limits::DOCUMENT_DEPTH;
        if nodes.next_back().is_some_and(|last| last.ancestors().take(deepest + 1).count() > deepest) {
            return Err(NotAPage::TooDeep);
        }
    }
    Ok(parser.finish())
}

/// Bytes of the next piece. What makes a tree large and deep are tags: of them it has few.
fn piece(rest: &str) -> usize {
    const BYTES: usize = 16 * 1024;
    const TAGS: usize = 128;
    let most = rest.floor_char_boundary(BYTES);
    let start = rest.get(..most).unwrap_or_default();
    start.match_indices('<').nth(TAGS).map_or(most, |(at, _)| at)
}

/// HTML, section 4.2.3: the first `<base>` with an `href` counts; one that is no web address does not.
fn base_of(html: &Html, url: &WebUrl) -> WebUrl {
    let elements = html.tree.nodes().filter(|node| node.parent().is_some()).filter_map(ElementRef::wrap);
    let mut stated = elements.filter_map(|element| match element.value() {
        base if base.name() == "base" => attribute(base, "href"),
        _ => None,
    });
    stated.next().and_then(|href| url.join(href).ok()).unwrap_or_else(|| url.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Document, NotAPage> {
        Document::parse(text, WebUrl::parse("https://a.example/blog/").unwrap())
    }

    #[test]
    fn fault_19_trees_without_bounds_are_refused() {
        for hostile in [
            "<div>".repeat(200_000),
            "<ul><li>".repeat(100_000),
            "<template>".repeat(100_000),
            format!("<svg>{}", "<g>".repeat(200_000)),
        ] {
            assert!(matches!(parse(&hostile), Err(NotAPage::TooDeep)), "{}", &hostile[..20]);
        }
        let formatting: String = (0..20_000).map(|n| format!("<p><b a={n}></p>")).collect();
        assert!(parse(&formatting).is_err());
        assert!(matches!(parse(&"<br>".repeat(600_000)), Err(NotAPage::TooManyNodes)));
    }

    #[test]
    fn fault_20_odd_but_bounded_input_is_read() {
        assert!(parse(&"&amp;".repeat(1_000_000)).is_ok());
        assert!(parse(&"\0".repeat(100_000)).is_ok());
        assert!(parse(&"x".repeat(10 * 1024 * 1024)).is_ok());
        assert!(parse("<p>before<!-- never closed").is_ok());
        assert!(parse("").is_ok());
    }

    #[test]
    fn the_first_base_counts() {
        let base = |html: &str| parse(html).unwrap().base().to_string();
        assert_eq!(base("<base href='/x/'><base href='/y/'>"), "https://a.example/x/");
        assert_eq!(base("<base target=_blank>"), "https://a.example/blog/");
        assert_eq!(base("<base href='javascript:x'>"), "https://a.example/blog/");
        assert_eq!(base("<base href='//cdn.example/z'>"), "https://cdn.example/z");
    }

    #[test]
    fn what_is_cut_is_gone_and_what_is_unwrapped_stays() {
        let mut document = parse("<div><p>a</p><noscript><img id=i></noscript><p>b</p></div>").unwrap();
        let (p, noscript) = (Css::parse("p").unwrap(), Css::parse("noscript").unwrap());
        let first = document.select(&p).next().unwrap().id();
        let wrapper = document.select(&noscript).next().unwrap().id();
        document.cut(&[first]);
        document.unwrap(wrapper);
        assert_eq!(document.select(&Css::parse("div").unwrap()).next().unwrap().inner_html(), "<img id=\"i\"><p>b</p>");
    }
}

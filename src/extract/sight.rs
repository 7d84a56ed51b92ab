//! What a listing's page shows beside its entries: by what is around the list and by all of its links, a page is known again
//! even when no row is found on it.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use serde_json::Value;

use super::raw::{At, Row};
use crate::limits;
use crate::page::{Document, Element};
use crate::profile::{shape_of, token};
use crate::rule::Css;

/// Tokens of the page around its list below which its links must tell it from others, too: it has hardly any classes.
const FEW: usize = 12;

/// Levels of a JSON document whose names are told.
const LEVELS: usize = 4;

/// What the first page of a listing shows. Tokens are those of [`token`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sight {
    /// Tokens of the page around its rows: classes and ids; of JSON, names.
    pub frame: HashSet<u32>,
    /// Tokens of all links, by what tells them apart ([`crate::weburl::WebUrl::essence`]).
    pub links: HashSet<u32>,
    /// How many different links there are of each shape ([`shape_of`]).
    pub shapes: BTreeMap<String, usize>,
    /// Tokens of the entries' links.
    pub own: HashSet<u32>,
    /// Whether its JSON no longer has the place where the rows stood. What is around them tells nothing of that: a shell stays
    /// the same whatever its scripts begin with.
    pub lacks_place: bool,
}

impl Sight {
    /// What `document` shows around `rows`.
    pub(super) fn of(document: &Document, rows: &[Row]) -> Self {
        let mut sight = Self::default();
        if let Some(told) = document.told() {
            sight.frame.insert(token(told.form.name()));
            names(&told.tree.value, "", LEVELS, &mut sight.frame);
            return sight;
        }
        let rows: HashSet<NodeId> =
            rows.iter().filter_map(|row| if let At::Element(id) = &row.at { Some(*id) } else { None }).collect();
        let aside = sight.around(document, &rows);
        if sight.frame.len() < FEW {
            sight.frame.extend(aside);
        }
        sight.all_links(document);
        sight
    }

    /// Reads what is not in a row; gives the tokens of the links there.
    fn around(&mut self, document: &Document, rows: &HashSet<NodeId>) -> HashSet<u32> {
        let mut aside = HashSet::new();
        let mut row = None;
        for edge in document.root().traverse() {
            match edge {
                Edge::Open(node) if row.is_none() => {
                    if rows.contains(&node.id()) {
                        row = Some(node.id());
                    } else if let Some(element) = Element::wrap(node)
                        && self.frame.len() < limits::FRAME
                    {
                        let classes = element.value().classes().map(|class| token(&format!(".{class}")));
                        self.frame.extend(classes.chain(element.attr("id").map(|id| token(&format!("#{id}")))));
                        aside.extend(element.attr("href").map(token));
                    }
                }
                Edge::Close(node) if row == Some(node.id()) => row = None,
                Edge::Open(_) | Edge::Close(_) => {}
            }
        }
        aside
    }

    fn all_links(&mut self, document: &Document) {
        static LINK: LazyLock<Option<Css>> = LazyLock::new(|| Css::parse("a[href]").ok());
        let Some(css) = LINK.as_ref() else { return };
        let written: HashSet<&str> =
            document.select(css).take(limits::LINKS).filter_map(|element| element.attr("href")).collect();
        let page = document.url().essence();
        for link in written.into_iter().filter_map(|href| document.base().join(href).ok()) {
            let essence = link.essence();
            if essence != page && self.links.insert(token(&essence)) {
                *self.shapes.entry(shape_of(&link)).or_default() += 1;
            }
        }
    }
}

/// The names of a JSON document, with those above them. What is in its lists comes and goes with the rows.
fn names(value: &Value, above: &str, levels: usize, tokens: &mut HashSet<u32>) {
    if levels == 0 || tokens.len() >= limits::FRAME {
        return;
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = format!("{above}/{name}");
        tokens.insert(token(&path));
        names(value, &path, levels - 1, tokens);
    }
}

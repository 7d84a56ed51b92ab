//! XPath on a page. What takes too much work is broken off.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ego_tree::NodeId;
use xpath_eval::{EvaluationContext, Value, evaluate};

use super::tree::{View, Walk};
use super::{Document, TooMuchWork};
use crate::rule::XPath;

/// One value that an XPath expression yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XPathValue {
    /// An element of the page.
    Element(NodeId),
    /// An attribute of an element.
    Attribute {
        /// The element that has it.
        of: NodeId,
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A text node, a text or a number.
    Text(String),
}

impl Document {
    /// What `xpath` yields from `context` (the document itself if `None`), in the order of the page, at most `most`.
    pub fn xpath(&self, xpath: &XPath, context: Option<NodeId>, most: usize) -> Result<Vec<XPathValue>, TooMuchWork> {
        let survey = self.survey();
        if survey.is_exhausted() {
            return Err(TooMuchWork);
        }
        survey.begin();
        let walk = Walk { tree: self.tree(), survey };
        // A prefix stands for itself: the names of HTML's attributes may hold one.
        let as_written = |prefix: &str| Some(prefix.to_owned());
        let mut whence = EvaluationContext::new(View::new(context.unwrap_or_else(|| walk.tree.root().id()), &walk));
        whence.namespaces = Some(&as_written);
        // Whatever the library does on a page of strangers stays within this value.
        match catch_unwind(AssertUnwindSafe(|| evaluate(xpath.compiled(), &whence).map(|value| values(value, most)))) {
            Ok(values) => Ok(values.unwrap_or_default()),
            Err(_) => Err(TooMuchWork),
        }
    }
}

fn values(value: Value<View<'_>>, most: usize) -> Vec<XPathValue> {
    use xpath_eval::{Node as _, NodeKind};
    match value {
        Value::NodeSet(nodes) => nodes
            .into_iter()
            .take(most)
            .filter_map(|node| match (node.kind(), node.attribute()) {
                (NodeKind::Element, _) => Some(XPathValue::Element(node.id())),
                (_, Some((name, value))) => {
                    Some(XPathValue::Attribute { of: node.id(), name: name.to_owned(), value: value.to_owned() })
                }
                (NodeKind::Text | NodeKind::Comment, _) => Some(XPathValue::Text(node.string_value())),
                _ => None,
            })
            .collect(),
        Value::Boolean(false) => Vec::new(),
        Value::Number(number) if number.is_nan() => Vec::new(),
        single => vec![XPathValue::Text(single.to_xpath_string())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Css;
    use crate::weburl::WebUrl;

    const PAGE: &str = "<!doctype html><ul><li id=a class='x y'>1<a href=/1>one</a></li>\
        <li id=b>2<A HREF=/2 xml:lang=en>two</A></li></ul><p>by Ada</p>";

    fn document(html: &str) -> Document {
        Document::parse(html, WebUrl::parse("https://a.example/").unwrap()).unwrap()
    }

    fn found(document: &Document, xpath: &str, row: Option<&str>) -> Vec<String> {
        let row = row.map(|css| document.select(&Css::parse(css).unwrap()).next().unwrap().id());
        let values = document.xpath(&XPath::parse(xpath).unwrap(), row, 100).unwrap();
        let shown = |value| match value {
            XPathValue::Element(id) => {
                let element = document.element(id).unwrap();
                format!(
                    "{}{}",
                    element.value().name(),
                    element.attr("id").map(|id| format!("#{id}")).unwrap_or_default()
                )
            }
            XPathValue::Attribute { name, value, .. } => format!("@{name}={value}"),
            XPathValue::Text(text) => text,
        };
        values.into_iter().map(shown).collect()
    }

    #[test]
    fn a_page_is_asked_from_its_root_or_from_a_row() {
        let page = document(PAGE);
        let from_root = |xpath| found(&page, xpath, None);
        assert_eq!(from_root("//li[contains(@class, 'x')]"), ["li#a"]);
        assert_eq!(from_root("//a/@href"), ["@href=/1", "@href=/2"]);
        assert_eq!(from_root("//LI/a[@Href='/2']/text()"), ["two"]);
        assert_eq!(from_root("//@xml:lang"), ["@xml:lang=en"]);
        assert_eq!(from_root("(//li)[last()]"), ["li#b"]);
        assert_eq!(from_root("count(//li)"), ["2"]);
        assert_eq!(from_root("substring-after(//p, 'by ')"), ["Ada"]);
        assert_eq!(from_root("id('b')/preceding-sibling::li"), ["li#a"]);
        assert_eq!(from_root("//p | //li"), ["li#a", "li#b", "p"]);
        assert!(from_root("number(//p)").is_empty() && from_root("1 = 2").is_empty() && from_root("//b").is_empty());
        let from_row = |xpath| found(&page, xpath, Some("#a"));
        assert_eq!(from_row("."), ["li#a"]);
        assert_eq!(from_row("./a/@href"), ["@href=/1"]);
        assert_eq!(from_row("../li[2]"), ["li#b"]);
        assert_eq!(from_row("following-sibling::li/a/@href"), ["@href=/2"]);
        assert_eq!(from_row("//p"), ["p"]);
        assert_eq!(from_row("string(.)"), ["1one"]);
    }

    #[test]
    fn an_endless_evaluation_is_broken_off() {
        let page = document(&"<a><b></b></a><p>text</p>".repeat(5_000));
        let asked = |xpath| page.xpath(&XPath::parse(xpath).unwrap(), None, 100);
        // What these cost grows with the square of the page.
        for endless in ["//*[count(//*) = 1]", "//*[count(preceding::*) > count(following::*)]"] {
            page.survey().leave(100_000);
            assert_eq!(asked(endless), Err(TooMuchWork), "{endless}");
        }
        assert_eq!(asked("//p"), Err(TooMuchWork), "all the work is done");
        page.survey().leave(100_000);
        assert_eq!(asked("//p").unwrap().len(), 100);
    }
}

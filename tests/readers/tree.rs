//! XML as a tree, read strictly: what is not well-formed, or names a prefix that nobody declared, is an error.

use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// An element. Names are `{namespace}local`, or `local` without one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Node {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    pub children: Vec<Self>,
}

impl Node {
    /// The children of that name.
    pub(crate) fn all(&self, name: &str) -> Vec<&Self> {
        self.children.iter().filter(|child| child.name == name).collect()
    }

    /// The one child of that name; more than one is a failure.
    pub(crate) fn one(&self, name: &str) -> Option<&Self> {
        let found = self.all(name);
        assert!(found.len() <= 1, "one {name} at most");
        found.first().copied()
    }

    /// The text of the one child of that name, which has to be there.
    pub(crate) fn text_of(&self, name: &str) -> &str {
        &self.one(name).unwrap_or_else(|| panic!("{} has no {name}", self.name)).text
    }

    /// An attribute's value.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a document.
pub(crate) fn tree(document: &[u8]) -> Node {
    let document = std::str::from_utf8(document).expect("UTF-8");
    for c in document.chars() {
        let is_legal = matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(is_legal, "XML 1.0, section 2.2, forbids {c:?}");
    }
    let mut reader = NsReader::from_str(document);
    reader.config_mut().check_end_names = true;
    let mut open = vec![Node::default()];
    loop {
        let (namespace, event) = reader.read_resolved_event().expect("well-formed");
        let namespace = match namespace {
            ResolveResult::Bound(namespace) => format!("{{{}}}", namespace.as_ref()),
            ResolveResult::Unbound => String::new(),
            ResolveResult::Unknown(prefix) => panic!("nobody declared {prefix}"),
        };
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let name = format!("{namespace}{}", start.local_name().as_ref());
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.expect("each attribute once");
                    let value =
                        attribute.normalized_value(XmlVersion::Explicit1_0).expect("known references").into_owned();
                    (attribute.key.as_ref().to_owned(), value)
                });
                let node = Node { name, attributes: attributes.collect(), ..Node::default() };
                if matches!(event, Event::Empty(_)) {
                    open.last_mut().unwrap().children.push(node);
                } else {
                    open.push(node);
                }
            }
            Event::End(_) => {
                let node = open.pop().unwrap();
                open.last_mut().unwrap().children.push(node);
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                assert!(!text.contains("]]>"), "section 2.4: not in text");
                open.last_mut().unwrap().text.push_str(&text);
            }
            Event::CData(text) => open.last_mut().unwrap().text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let reference = format!("&{};", reference.xml10_content());
                open.last_mut().unwrap().text.push_str(&quick_xml::escape::unescape(&reference).expect("known"));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "everything is closed");
    let mut roots = open.remove(0).children;
    assert_eq!(roots.len(), 1, "one root");
    roots.remove(0)
}

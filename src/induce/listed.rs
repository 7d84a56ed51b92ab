//! The list of a page as it was found by looking: rows, and where in each of them its values stand.

use ego_tree::NodeId;

/// A list on a page. Several lists of equal rank, as the sections of a news front are, count as one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listed {
    /// The rows, in the order of the page; no two of them have the same link.
    pub(crate) rows: Vec<ListedRow>,
    /// How sure it is that this is what the page lists, of 100.
    pub(crate) confidence: u8,
}

/// One row. Its values stand in it, or beside it in an element that is no row itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListedRow {
    /// The row. Where a row spans several siblings (`<dt>` and `<dd>`, pairs of `<tr>`), the one that has the link.
    pub(crate) element: NodeId,
    /// The `<a>` that leads to the article.
    pub(crate) link: NodeId,
    /// The element whose text is the title. `None`: nothing that is shown is one.
    pub(crate) title: Option<NodeId>,
    /// The innermost element that shows the date of publication, by its text or by its `datetime`.
    pub(crate) date: Option<NodeId>,
}

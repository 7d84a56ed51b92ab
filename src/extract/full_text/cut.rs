//! Cutting out of the page whatever is not the article.

use ego_tree::NodeId;

use super::media;
use super::outline::Outline;

/// What is to be done to the page.
pub(super) struct Cuts {
    /// The element that holds everything that is kept.
    pub(super) top: NodeId,
    /// What goes.
    pub(super) nodes: Vec<NodeId>,
}

/// What must go so that only what is `kept` stays. `None` if nothing is.
pub(super) fn cuts(outline: &Outline, kept: &[bool]) -> Option<Cuts> {
    let first = kept.iter().position(|kept| *kept)?;
    let last = kept.iter().rposition(|kept| *kept)?;
    let mut top = outline.blocks.get(first)?.frame;
    // The last block stands in a box if that box has not ended before it.
    while top > 0 && !(outline.frame(top).first..outline.frame(top).last).contains(&last) {
        top = outline.frame(top).parent;
    }
    let counts = media::counts(outline, kept);
    let mut nodes = outline.hidden.clone();
    let mut at = top + 1;
    while at < outline.frame(top).end {
        let frame = outline.frame(at);
        if counts.get(at).copied().unwrap_or_default() == 0 {
            nodes.extend(frame.node);
            at = frame.end.max(at + 1);
        } else {
            at += 1;
        }
    }
    let range = outline.frame(top);
    for (block, _) in outline.blocks.iter().zip(kept).take(range.last).skip(range.first).filter(|(_, kept)| !**kept) {
        nodes.extend(&block.nodes);
    }
    Some(Cuts { top: outline.frame(top).node?, nodes })
}

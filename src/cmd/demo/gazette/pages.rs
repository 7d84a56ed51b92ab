//! The paper's pages, from the templates in `templates/demo`; those of its new design from `templates/demo/anew`.

use askama::Template;

use super::piece::Piece;
use super::story::{STORIES, Story};

/// The numbers of the stories in the box `Most read`: always the same, so that no page changes because of it.
const MOST_READ: [usize; 4] = [2, 1, 5, 3];

/// The front page.
#[derive(Template)]
#[template(path = "demo/front.html")]
pub(super) struct Front {
    /// The newest pieces, newest first.
    pub(super) stories: Vec<Piece>,
    /// The box beside the news.
    pub(super) most_read: Vec<&'static Story>,
    /// How often a piece comes out, in words.
    pub(super) pace: String,
}

/// The same after the redesign.
#[derive(Template)]
#[template(path = "demo/anew/front.html")]
pub(super) struct FrontAnew {
    pub(super) page: Front,
}

/// The page of one piece.
#[derive(Template)]
#[template(path = "demo/story.html")]
pub(super) struct StoryPage {
    /// The piece.
    pub(super) story: Piece,
    /// The other piece that it names.
    pub(super) related: Piece,
    /// The box beside the text.
    pub(super) most_read: Vec<&'static Story>,
    /// How often a piece comes out, in words.
    pub(super) pace: String,
}

/// The same after the redesign.
#[derive(Template)]
#[template(path = "demo/anew/story.html")]
pub(super) struct StoryPageAnew {
    pub(super) page: StoryPage,
}

/// The page for an address where nothing is.
#[derive(Template)]
#[template(path = "demo/not_found.html")]
pub(super) struct NotFound {
    /// The box beside the text.
    pub(super) most_read: Vec<&'static Story>,
    /// How often a piece comes out, in words.
    pub(super) pace: String,
}

/// The same after the redesign.
#[derive(Template)]
#[template(path = "demo/anew/not_found.html")]
pub(super) struct NotFoundAnew {
    pub(super) page: NotFound,
}

/// The stories that are read most.
pub(super) fn most_read() -> Vec<&'static Story> {
    MOST_READ.iter().filter_map(|&number| STORIES.get(number)).collect()
}

//! One piece in the paper, story or notice, as the pages show it.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};

use super::notice;
use super::picture::Picture;
use super::story::{STORIES, Story};

/// One piece in the paper.
#[derive(Debug)]
pub(super) struct Piece {
    /// The last part of its address, without `.html`.
    pub(super) slug: Cow<'static, str>,
    /// The headline.
    pub(super) title: Cow<'static, str>,
    /// The sentence below it.
    pub(super) teaser: Cow<'static, str>,
    /// The section.
    pub(super) category: &'static str,
    /// Who wrote it.
    pub(super) author: &'static str,
    /// The lead picture.
    pub(super) picture: &'static Picture,
    /// What the lead picture shows here.
    pub(super) caption: &'static str,
    /// Whose the lead picture is.
    pub(super) credit: &'static str,
    /// The text, as HTML, up to the box in its middle.
    pub(super) start: Cow<'static, str>,
    /// The text behind the box.
    pub(super) rest: Cow<'static, str>,
    /// The number of the story that the box names.
    pub(super) related: u64,
    /// When it came out.
    pub(super) published: DateTime<Utc>,
}

impl Piece {
    /// The piece with that number, dated `published`: first the stories, then notices.
    pub(super) fn new(number: u64, published: DateTime<Utc>) -> Self {
        let story = usize::try_from(number).ok().and_then(|number| STORIES.get(number));
        match story {
            Some(story) => Self::of_story(story, published),
            None => notice::piece(number - stories() + 1, published),
        }
    }

    /// The number of the piece with that slug; it need not be out yet.
    pub(super) fn number_of(slug: &str) -> Option<u64> {
        let story = (0..).zip(&STORIES).find(|(_, story)| story.slug == slug);
        story.map(|(number, _)| number).or_else(|| notice::number_of(slug)?.checked_add(stories() - 1))
    }

    /// When it came out, for machines (RFC 3339).
    pub(super) fn datetime(&self) -> String {
        self.published.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// When it came out, for people.
    pub(super) fn date(&self) -> String {
        self.published.format("%-d %B %Y, %H:%M UTC").to_string()
    }

    fn of_story(story: &'static Story, published: DateTime<Utc>) -> Self {
        let (start, rest) = story.body.split_once("<!-- aside -->").unwrap_or((story.body, ""));
        Self {
            slug: story.slug.into(),
            title: story.title.into(),
            teaser: story.teaser.into(),
            category: story.category,
            author: story.author,
            picture: story.picture,
            caption: story.caption,
            credit: story.credit,
            start: start.trim().into(),
            rest: rest.trim().into(),
            related: story.related,
            published,
        }
    }
}

/// How many pieces are stories; the others are notices.
fn stories() -> u64 {
    STORIES.len() as u64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::calendar::OPENING;
    use super::*;

    #[test]
    fn numbers_and_slugs_belong_to_each_other() {
        let slugs: BTreeSet<_> = (0..200)
            .map(|number| {
                let piece = Piece::new(number, DateTime::UNIX_EPOCH);
                assert_eq!(Piece::number_of(&piece.slug), Some(number));
                piece.slug
            })
            .collect();
        assert_eq!(slugs.len(), 200);
        for wrong in ["", "notice-0", "notice-01", "notice-+1", "notice-99999999999999999999", "Notice-1"] {
            assert_eq!(Piece::number_of(wrong), None, "{wrong}");
        }
        assert_eq!(Piece::number_of(&format!("notice-{}", u64::MAX)), None);
    }

    #[test]
    fn every_piece_names_another_one_that_is_out() {
        for number in 0..200 {
            let related = Piece::new(number, DateTime::UNIX_EPOCH).related;
            assert!(related != number && related < number.max(OPENING), "{number}");
        }
    }

    #[test]
    fn every_piece_has_a_text_on_both_sides_of_the_box() {
        for number in 0..200 {
            let piece = Piece::new(number, DateTime::UNIX_EPOCH);
            for part in [&piece.start, &piece.rest] {
                assert!(part.starts_with('<') && part.ends_with('>') && part.contains("<p>"), "{}", piece.slug);
            }
        }
    }
}

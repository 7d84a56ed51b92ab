//! The notice board: when the stories are all out, short notices follow, made from word lists by number.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::picture::{self, Picture};
use super::piece::Piece;
use super::story::STORIES;

/// What kind of notice: its name, its first sentence (`{place}` and `{person}` are put in), and its request.
const KINDS: [(&str, &str, &str); 4] = [
    (
        "Lost",
        "Last seen {place}, on its way to {person}.",
        "Whoever has it is asked to bring it back, or at least to send word how it is getting on.",
    ),
    (
        "Found",
        "It was {place}, and seemed to be expecting {person}.",
        "It may be fetched from the post office by anyone who can describe it with feeling.",
    ),
    (
        "For sale",
        "On view {place}, on any dry evening. Ask for {person}.",
        "It works as well as it ever did. The price is two jars of anything, or an honest offer.",
    ),
    (
        "Wanted",
        "Offers to {person}, who can usually be found {place}.",
        "Condition unimportant. Reasons given on request.",
    ),
];

/// What it is about.
const THINGS: [&str; 11] = [
    "a trombone",
    "one umbrella, slightly chewed",
    "a left-handed ladder",
    "a hat, goose-sized",
    "three metres of good string",
    "a bell without its clapper",
    "a wheelbarrow that squeaks in G",
    "half a chess set, the polite half",
    "a jar of buttons, mostly brown",
    "a scarecrow, shy",
    "the second verse of a song",
];

/// Where.
const PLACES: [&str; 9] = [
    "by the weir",
    "behind the chapel",
    "under the bridge",
    "on the bench by the pond",
    "outside the tea room",
    "half way up the church tower",
    "at the mill, among the sacks",
    "in the long grass",
    "where the goat sleeps",
];

/// Who.
const PEOPLE: [&str; 7] = [
    "Colonel Budge",
    "Florian Bunn",
    "Miss Thrupp",
    "the vicar",
    "Jonas Welt",
    "Mrs Oakapple",
    "the second cornet of the Silver Band",
];

/// How it ends.
const ENDINGS: [&str; 5] = [
    "The goat has been asked, and knows nothing.",
    "No questions will be put to the frog.",
    "Please knock loudly, and then wait quietly.",
    "Mrs Pemberton has first refusal, as always.",
    "This notice comes down on Friday, or when it rains.",
];

/// A picture with its caption: nobody photographs what is lost.
const PICTURES: [(&Picture, &str); 6] = [
    (&picture::BOARD, "The notice board on the green is read by everyone, and by one goose."),
    (&picture::MILL, "No picture of it exists. Here is the mill instead."),
    (&picture::CAT, "No picture of it exists. Here is Councillor Semolina, who was near the camera."),
    (&picture::GEESE, "No picture of it exists. Here are the geese, who insisted."),
    (&picture::HERON, "No picture of it exists. Here is the heron, who did not."),
    (&picture::WEATHERCOCK, "No picture of it exists. Here is the weathercock, looking the other way."),
];

/// Notice `number` (from 1), dated `published`. The lists' lengths have no common factor, so that thousands of notices
/// pass before the same one comes again.
pub(super) fn piece(number: u64, published: DateTime<Utc>) -> Piece {
    let (kind, sentence, request) = pick(&KINDS, number);
    let thing = pick(&THINGS, number);
    let (picture, caption) = pick(&PICTURES, number);
    let teaser = sentence.replace("{place}", pick(&PLACES, number)).replace("{person}", pick(&PEOPLE, number));
    Piece {
        slug: format!("notice-{number}").into(),
        title: format!("{kind}: {thing}").into(),
        category: "Notices",
        author: "the notice board",
        picture,
        caption,
        credit: "Prudence Oakapple",
        start: format!("<p>A new notice is up on the green, in a firm hand: <q>{kind}: {thing}.</q></p>").into(),
        rest: format!("<p>{teaser} {request}</p>\n<p>{}</p>", pick(&ENDINGS, number)).into(),
        teaser: Cow::Owned(teaser),
        related: number.wrapping_mul(5) % STORIES.len() as u64,
        published,
    }
}

/// The number of the notice with that slug.
pub(super) fn number_of(slug: &str) -> Option<u64> {
    let digits = slug.strip_prefix("notice-")?;
    let number: u64 = digits.parse().ok().filter(|&number| number > 0)?;
    (number.to_string() == digits).then_some(number)
}

/// What comes for `number`: round and round the list.
#[expect(clippy::indexing_slicing, reason = "a remainder of the division by the length is an index")]
fn pick<T: Copy>(list: &[T], number: u64) -> T {
    list[usize::try_from(number % list.len() as u64).unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn thousands_of_notices_differ() {
        let text = |number| {
            let piece = piece(number, DateTime::UNIX_EPOCH);
            format!("{} {} {}", piece.title, piece.start, piece.rest)
        };
        let texts: BTreeSet<String> = (1..=5_000).map(text).collect();
        assert_eq!(texts.len(), 5_000);
        assert!(texts.iter().all(|text| !text.contains(['{', '}'])));
        assert_eq!(text(17), text(17));
    }
}

//! The stories: the paper's own articles, in the order in which they come out. Their texts lie in `assets/demo/stories`.

use super::picture::{self, Picture};

/// One story.
#[derive(Debug)]
pub(super) struct Story {
    /// The last part of its address, without `.html`.
    pub(super) slug: &'static str,
    /// The headline.
    pub(super) title: &'static str,
    /// The sentence below it.
    pub(super) teaser: &'static str,
    /// The section.
    pub(super) category: &'static str,
    /// Who wrote it.
    pub(super) author: &'static str,
    /// The lead picture.
    pub(super) picture: &'static Picture,
    /// What the lead picture shows.
    pub(super) caption: &'static str,
    /// Whose the lead picture is.
    pub(super) credit: &'static str,
    /// The number of another story, which the box in the text names: an older one, or one of the opening.
    pub(super) related: u64,
    /// The text, as HTML; `<!-- aside -->` marks the place of the box.
    pub(super) body: &'static str,
}

/// Every story, oldest first.
pub(super) static STORIES: [Story; 14] = [
    Story {
        slug: "mill-wheel-turns-backwards",
        title: "Mill wheel turns backwards for eleven minutes",
        teaser: "Rye came out of the hopper tidier than it went in.",
        category: "Mill",
        author: "Hattie Sedge",
        picture: &picture::MILL,
        caption: "The wheel on a day on which it turned forwards.",
        credit: "Agnes Thrupp",
        related: 6,
        body: include_str!("../../../../assets/demo/stories/mill-wheel-turns-backwards.html"),
    },
    Story {
        slug: "geese-win-right-of-way",
        title: "Geese win right of way on Church Lane",
        teaser: "“At all times, and in both directions at once”: a settlement in three points, and an apology to a horse.",
        category: "Village",
        author: "Hattie Sedge",
        picture: &picture::GEESE,
        caption: "Mrs Pemberton, in the hat, leads the way to the green.",
        credit: "Ida Marl",
        related: 5,
        body: include_str!("../../../../assets/demo/stories/geese-win-right-of-way.html"),
    },
    Story {
        slug: "single-clog-found-at-the-weir",
        title: "Single clog found at the weir; owner presumed hopping",
        teaser: "Left foot, size nine, three cherries on the toe, and a frog who seemed to be in charge.",
        category: "Lost and found",
        author: "Tobias Quill",
        picture: &picture::CLOG,
        caption: "The clog, the frog and the morning water.",
        credit: "Agnes Thrupp",
        related: 0,
        body: include_str!("../../../../assets/demo/stories/single-clog-found-at-the-weir.html"),
    },
    Story {
        slug: "loaf-too-large-for-the-door",
        title: "Baker makes a loaf too large for the door",
        teaser: "The oven is inside, the loaf is outside, and how it got there is a question for another day.",
        category: "Bread",
        author: "Tobias Quill",
        picture: &picture::LOAF,
        caption: "Florian Bunn with what had been meant as twelve loaves.",
        credit: "Cornelius Page",
        related: 1,
        body: include_str!("../../../../assets/demo/stories/loaf-too-large-for-the-door.html"),
    },
    Story {
        slug: "weathercock-insists-on-west",
        title: "Weathercock insists on west",
        teaser: "He has never been wrong before, says our weather desk. He has only been early.",
        category: "Weather",
        author: "Oswin Fell",
        picture: &picture::WEATHERCOCK,
        caption: "St Botolph's weathercock on Sunday, with the wind coming from below.",
        credit: "Oswin Fell",
        related: 8,
        body: include_str!("../../../../assets/demo/stories/weathercock-insists-on-west.html"),
    },
    Story {
        slug: "cat-elected-to-parish-council",
        title: "Miller's cat elected to the parish council",
        teaser: "Semolina won by sixty-two votes to nil. She did not campaign, and may not have been told.",
        category: "Council",
        author: "Hattie Sedge",
        picture: &picture::CAT,
        caption: "Councillor Semolina receives the press at her office.",
        credit: "Prudence Oakapple",
        related: 3,
        body: include_str!("../../../../assets/demo/stories/cat-elected-to-parish-council.html"),
    },
    Story {
        slug: "heron-completes-inspection",
        title: "Heron completes inspection of vicarage pond",
        teaser: "He stood on one leg until noon. No fish were available for comment.",
        category: "Nature",
        author: "Tamsin Reed",
        picture: &picture::HERON,
        caption: "The Inspector at work. The clipboard is thought to be his own.",
        credit: "Rev. Mr Lamb",
        related: 2,
        body: include_str!("../../../../assets/demo/stories/heron-completes-inspection.html"),
    },
    Story {
        slug: "overdue-book-returned-with-interest",
        title: "Overdue book returned after 65 years, with interest",
        teaser: "The Reading Room no longer takes farthings. It turned out to take plums.",
        category: "Village",
        author: "Hattie Sedge",
        picture: &picture::PLUMS,
        caption: "The book, the fine, and the seventh plum, which was a present.",
        credit: "Cornelius Page",
        related: 5,
        body: include_str!("../../../../assets/demo/stories/overdue-book-returned-with-interest.html"),
    },
    Story {
        slug: "band-rehearses-two-tunes-in-fog",
        title: "Band rehearses two tunes at once in fog, and notices neither",
        teaser: "They finished within a bar of one another. The hat stand has been asked to conduct again.",
        category: "Music",
        author: "Tobias Quill",
        picture: &picture::FOG,
        caption: "Part of the Silver Band on the green. The tuba was found in the morning.",
        credit: "Oswin Fell",
        related: 4,
        body: include_str!("../../../../assets/demo/stories/band-rehearses-two-tunes-in-fog.html"),
    },
    Story {
        slug: "second-clog-found",
        title: "Second clog found; it is also a left one",
        teaser: "“Not a pair so much as a coincidence,” says the shoemaker.",
        category: "Lost and found",
        author: "Tobias Quill",
        picture: &picture::CLOG,
        caption: "The first clog, for comparison. The second looks exactly like it.",
        credit: "Agnes Thrupp",
        related: 2,
        body: include_str!("../../../../assets/demo/stories/second-clog-found.html"),
    },
    Story {
        slug: "geese-publish-terms",
        title: "Geese publish their terms",
        teaser: "The green, the bench, and a table by the window between four and five.",
        category: "Village",
        author: "Hattie Sedge",
        picture: &picture::GEESE,
        caption: "On their way to the tea room, where they are expected.",
        credit: "Ida Marl",
        related: 1,
        body: include_str!("../../../../assets/demo/stories/geese-publish-terms.html"),
    },
    Story {
        slug: "village-gets-its-news-delivered",
        title: "Village has its news brought up the hill",
        teaser: "A contraption at the mill reads the notice board, so that nobody has to. It took six lines of instruction.",
        category: "Mill",
        author: "Hattie Sedge",
        picture: &picture::BOARD,
        caption: "The notice board, as the contraption sees it.",
        credit: "Agnes Thrupp",
        related: 0,
        body: include_str!("../../../../assets/demo/stories/village-gets-its-news-delivered.html"),
    },
    Story {
        slug: "cat-abstains-again",
        title: "Council meets for nine minutes; cat abstains again",
        teaser: "Every item was adopted. Nobody liked to go on talking while she was asleep.",
        category: "Council",
        author: "Hattie Sedge",
        picture: &picture::CAT,
        caption: "Councillor Semolina considers the drains.",
        credit: "Prudence Oakapple",
        related: 5,
        body: include_str!("../../../../assets/demo/stories/cat-abstains-again.html"),
    },
    Story {
        slug: "clog-owner-steps-forward",
        title: "Owner of both clogs steps forward, unevenly",
        teaser: "The Colonel thinks on the left. The frog's purpose is not known.",
        category: "Lost and found",
        author: "Tobias Quill",
        picture: &picture::CLOG,
        caption: "The suspect, photographed at the time.",
        credit: "Agnes Thrupp",
        related: 9,
        body: include_str!("../../../../assets/demo/stories/clog-owner-steps-forward.html"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_story_has_a_box_and_four_to_seven_paragraphs() {
        for story in &STORIES {
            assert_eq!(story.body.matches("<!-- aside -->").count(), 1, "{}", story.slug);
            let paragraphs = story.body.matches("<p>").count();
            assert!((4..=7).contains(&paragraphs), "{}: {paragraphs}", story.slug);
        }
    }

    #[test]
    fn every_late_picture_exists_and_shows_without_a_script() {
        let style = include_str!("../../../../assets/demo/style.css");
        let mut seen = 0;
        for late in STORIES.iter().flat_map(|story| story.body.split("data-src=\"").skip(1)) {
            let address = late.split('"').next().unwrap();
            assert!(Picture::named(address.strip_prefix("/images/").unwrap()).is_some(), "{address}");
            assert!(style.contains(&format!(".lazy[data-src=\"{address}\"]")), "{address}");
            assert!(late.contains(&format!("<noscript><img src=\"{address}\"")), "{address}");
            seen += 1;
        }
        assert_eq!(seen, 3);
    }
}

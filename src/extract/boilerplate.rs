//! What a site's articles have in common: a plea to subscribe, a note on the author, how to follow the site. From one page
//! it can't be told apart from the article; from several it can.

use std::collections::{BTreeMap, BTreeSet};

use ego_tree::NodeId;

use super::clean;
use crate::limits;
use crate::page::{Document, Element, is_block, line_text};
use crate::profile::token;
use crate::text::Html;
use crate::weburl::WebUrl;

/// Articles in which a piece stands before it is believed to be none of theirs.
const ARTICLES: usize = 3;
/// Characters below which a piece amid the text, and without a link, may be what several articles have to say: every
/// other recipe has an oven to be heated.
const SLIGHT: usize = 80;

/// A part of a text that stands or goes as a whole: a paragraph, a heading, a list, a figure.
struct Piece {
    node: NodeId,
    token: u32,
    is_heading: bool,
    /// Whether it says little, and leads nowhere.
    is_slight: bool,
}

/// What each of a text's pieces says, as [`token`]s. Lists and tables are one piece each: two recipes may well share an
/// ingredient.
pub fn pieces(text: &Html) -> BTreeSet<u32> {
    let Some(document) = parsed(text) else { return BTreeSet::new() };
    pieces_of(&document).into_iter().map(|piece| piece.token).collect()
}

/// The pieces that stand in at least three of these texts, and in at least half of them. Texts that are the same from
/// beginning to end are one.
pub fn in_common(texts: &[BTreeSet<u32>]) -> BTreeSet<u32> {
    let different: BTreeSet<&BTreeSet<u32>> = texts.iter().filter(|text| !text.is_empty()).collect();
    let least = ARTICLES.max(different.len().div_ceil(2));
    let mut counts = BTreeMap::<u32, usize>::new();
    for token in different.into_iter().flatten() {
        *counts.entry(*token).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= least).map(|(token, _)| token).collect()
}

/// The text without the pieces that its site's texts have in common. `None`: none of them stands in it, or nothing else
/// does, and then it stays what it is.
pub fn without(text: &Html, common: &BTreeSet<u32>) -> Option<Html> {
    let mut document = parsed(text)?;
    let pieces = pieces_of(&document);
    let is_common = |piece: &Piece| common.contains(&piece.token);
    let end = pieces.iter().rposition(|piece| !is_common(piece)).map_or(0, |last| last + 1);
    let goes =
        |(place, piece): (usize, &Piece)| !piece.is_heading && is_common(piece) && (!piece.is_slight || place >= end);
    let mut cut: Vec<bool> = pieces.iter().enumerate().map(goes).collect();
    // A heading goes with all that stands under it: "What we read" may well head each week's list.
    let mut is_bare = false;
    for (place, piece) in pieces.iter().enumerate().rev() {
        if piece.is_heading {
            let goes = is_bare && is_common(piece);
            cut.get_mut(place).into_iter().for_each(|cut| *cut = goes);
            is_bare = false;
        } else {
            let goes = cut.get(place).is_some_and(|cut| *cut);
            let is_last = pieces.get(place + 1).is_none_or(|next| next.is_heading);
            is_bare = goes && (is_last || is_bare);
        }
    }
    let nodes: Vec<NodeId> = pieces.iter().zip(&cut).filter(|(_, cut)| **cut).map(|(piece, _)| piece.node).collect();
    if nodes.is_empty() {
        return None;
    }
    document.cut(&nodes);
    clean(&document.root().inner_html())
}

/// What the pieces say that one text has and another has not: pictures say nothing.
pub fn left_out(whole: &Html, rest: &Html) -> Vec<String> {
    let Some(document) = parsed(whole) else { return Vec::new() };
    let stays = pieces(rest);
    let gone = pieces_of(&document).into_iter().filter(|piece| !stays.contains(&piece.token));
    gone.filter_map(|piece| document.element(piece.node).map(line_text)).collect()
}

fn parsed(text: &Html) -> Option<Document> {
    Document::parse(text.as_str(), WebUrl::parse("http://localhost/").ok()?).ok()
}

fn pieces_of(document: &Document) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut left = vec![document.root()];
    while let Some(element) = left.pop() {
        let children = || element.child_elements().filter(|child| is_piece_or_more(child));
        let is_whole = is_whole(element.value().name());
        if !is_whole && children().next().is_some() {
            let from = left.len();
            left.extend(children());
            // The last one in is the first one out.
            if let Some(added) = left.get_mut(from..) {
                added.reverse();
            }
        } else if let Some(said) = said(element) {
            pieces.push(Piece {
                node: element.id(),
                token: token(&said),
                is_heading: is_heading(element.value().name()) || is_like_heading(element, &said),
                is_slight: is_slight(element, &said),
            });
            if pieces.len() == limits::TEXT_PIECES {
                break;
            }
        }
    }
    pieces
}

fn is_piece_or_more(element: &Element<'_>) -> bool {
    let name = element.value().name();
    is_block(name) && name != "br" || matches!(name, "html" | "body" | "img" | "picture" | "video" | "audio")
}

/// Elements whose parts say little without each other.
fn is_whole(name: &str) -> bool {
    matches!(name, "ul" | "ol" | "dl" | "table" | "figure" | "picture" | "video" | "audio" | "pre" | "blockquote" | "p")
        || is_heading(name)
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Whether a paragraph heads what follows it, as the questions of a column do: a short one that is a question, an
/// announcement, or bold. Those with links are asked of readers.
fn is_like_heading(element: Element<'_>, said: &str) -> bool {
    const LONG: usize = 120;
    let is_bold = |part: Element<'_>| matches!(part.value().name(), "b" | "strong") && line_text(part) == said;
    let is_short = element.value().name() == "p" && said.chars().count() <= LONG;
    is_short
        && (said.ends_with(['?', ':', '？', '：']) || element.child_elements().any(is_bold))
        && element.descendent_elements().all(|part| part.value().name() != "a")
}

/// Whether a piece is text alone, and little of it.
fn is_slight(element: Element<'_>, said: &str) -> bool {
    let leads = |part: Element<'_>| part.attr("href").is_some() || part.attr("src").is_some();
    said.chars().count() < SLIGHT && !std::iter::once(element).chain(element.descendent_elements()).any(leads)
}

/// What a piece says: its text, or which picture it shows. `None`: nothing, or no more than a line of stars does.
fn said(element: Element<'_>) -> Option<String> {
    let text = line_text(element);
    if text.chars().any(char::is_alphanumeric) {
        return Some(text);
    }
    let mut shown = std::iter::once(element).chain(element.descendent_elements());
    shown.find_map(|element| element.attr("src").map(|src| format!("src {src}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markup: &str) -> Html {
        clean(markup).unwrap()
    }

    /// The last of these texts, without what they have in common.
    fn left(texts: &[&str]) -> Option<String> {
        let texts: Vec<Html> = texts.iter().map(|text| html(text)).collect();
        let pieces: Vec<BTreeSet<u32>> = texts.iter().map(pieces).collect();
        let common = in_common(&pieces);
        without(texts.last()?, &common).map(String::from)
    }

    #[test]
    fn what_most_texts_say_is_none_of_theirs() {
        let plea = "<div><p>Follow the <b>mill</b>.</p><img src=https://a.example/logo.png></div>";
        let texts = [1, 2, 3].map(|n| format!("<p>Sack {n}.</p>{plea}<p>***</p>"));
        let texts = texts.each_ref().map(String::as_str);
        assert_eq!(left(&texts).unwrap().replace("<div></div>", ""), "<p>Sack 3.</p><p>***</p>");
        assert_eq!(left_out(&html(texts[2]), &html("<p>Sack 3.</p>")), ["Follow the mill.", ""]);
        assert_eq!(left(&texts[1..]), None, "two are too few");
        let more = ["<p>a</p>", "<p>b</p>", "<p>c</p>", "<p>d</p>"];
        assert_eq!(left(&[&more, &texts[..]].concat()), None, "three of seven are too few");
    }

    #[test]
    fn lists_and_tables_stand_or_go_as_a_whole() {
        let recipe = |n: usize| format!("<ul><li>Salt</li><li>{n} sacks of corn</li></ul><p>Grind {n} times.</p>");
        assert_eq!(left(&[&recipe(1), &recipe(2), &recipe(3)]), None);
    }

    #[test]
    fn recipes_may_have_an_oven_in_common() {
        let recipe = |n: usize| format!("<p>Cake {n}.</p><p>Heat the oven.</p><p>Wait {n} hours.</p><p>Enjoy!</p>");
        assert_eq!(
            left(&[&recipe(1), &recipe(2), &recipe(3)]).unwrap(),
            "<p>Cake 3.</p><p>Heat the oven.</p><p>Wait 3 hours.</p>",
            "what ends all of them is none of theirs"
        );
        let with_link =
            |n: usize| format!("<p>Cake {n}.</p><p><a href=https://a.example/>Join</a> us.</p><p>{n} more.</p>");
        assert_eq!(left(&[&with_link(1), &with_link(2), &with_link(3)]).unwrap(), "<p>Cake 3.</p><p>3 more.</p>");
    }

    #[test]
    fn a_heading_goes_with_all_that_stands_under_it() {
        let week = |n: usize| format!("<h2>Read</h2><p>Book {n}.</p><h2>Follow</h2><p>Here.</p><p>And there.</p>");
        assert_eq!(left(&[&week(1), &week(2), &week(3)]).unwrap(), "<h2>Read</h2><p>Book 3.</p>");
    }

    #[test]
    fn the_questions_of_a_column_stay_where_they_are_answered() {
        let talk = |n: usize| {
            format!(
                "<p><strong>A book</strong></p><p>Book {n}.</p><p>What do you grind?</p><p>Corn {n}.</p>\
                 <p><b>Like this?</b></p><p>Tell others.</p>"
            )
        };
        let answered = "<p><strong>A book</strong></p><p>Book 3.</p><p>What do you grind?</p><p>Corn 3.</p>";
        assert_eq!(left(&[&talk(1), &talk(2), &talk(3)]).unwrap(), answered);
        let asked =
            |n: usize| format!("<p>Sack {n}.</p><p><b><a href=https://a.example/>Join us</a></b></p><p>{n}</p>");
        assert_eq!(left(&[&asked(1), &asked(2), &asked(3)]).unwrap(), "<p>Sack 3.</p><p>3</p>");
    }

    #[test]
    fn a_text_never_goes_as_a_whole() {
        let all = "<p>Bugs were fixed.</p><p>It is faster.</p>";
        assert_eq!(left(&[all, all, all]), None, "one text thrice is one text");
        let common: BTreeSet<u32> = pieces(&html(all)).into_iter().collect();
        assert_eq!(without(&html(all), &common), None);
    }
}

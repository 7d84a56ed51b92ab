//! What a site's texts have in common is learnt while they are read, remembered, and left out of them. Only of texts that
//! were found without a rule: who writes a rule says himself what is to go.

use std::collections::BTreeSet;

use super::Engine;
use super::article::{Article, ReadArticle};
use super::settle::Work;
use super::upkeep;
use crate::config::Site;
use crate::extract::{self, ArticleReading};
use crate::item::{Field, Fields};
use crate::limits;
use crate::profile::Profile;
use crate::report::Attempt;
use crate::text::Html;

type Articles = Vec<(Work, Option<Article>)>;

/// What one refresh has read of a site's texts.
struct Texts {
    /// Those that were found without a rule just now, each with its place among the articles.
    new: Vec<(usize, Html)>,
    /// What the archive has of the same items.
    before: Vec<(usize, Html)>,
    /// Others that are archived, the latest first.
    others: Vec<Html>,
}

/// The same, when it is known what they have in common.
struct Cleared {
    new: Vec<(usize, Html)>,
    before: Vec<(usize, Html)>,
    common: BTreeSet<u32>,
}

impl Engine {
    /// Learns what the site's texts have in common, and leaves it out of those that were read.
    pub(super) async fn without_boilerplate(&self, site: &Site, profile: &mut Profile, read: &mut Articles) {
        let Some(texts) = Texts::of(site, read) else { return };
        let known: BTreeSet<u32> = profile.boilerplate.iter().copied().collect();
        let Ok(cleared) = tokio::task::spawn_blocking(move || texts.cleared(known)).await else { return };
        remember(&mut profile.boilerplate, cleared.common);
        for (place, text) in cleared.new {
            if let Some((_, Some(Article::Read(article)))) = read.get_mut(place) {
                put(&mut article.reading, text, self.parts.explain);
            }
        }
        for (place, text) in cleared.before {
            if let Some(record) = read.get_mut(place).and_then(|(work, _)| work.record.as_mut()) {
                // That we have learnt what is not the article is no news of the article.
                let fields = Fields { content: Some(text), ..record.item.fields.clone() };
                record.digest = upkeep::digest(&fields);
            }
        }
    }

    /// Leaves out of a text what is known to be none of the article's.
    pub(super) async fn left_out(&self, boilerplate: &[u32], mut article: ReadArticle) -> ReadArticle {
        let Some(text) = of_itself(&article.reading).filter(|_| !boilerplate.is_empty()).cloned() else {
            return article;
        };
        let known = boilerplate.iter().copied().collect();
        let cleared = tokio::task::spawn_blocking(move || extract::without(&text, &known)).await;
        if let Some(text) = cleared.ok().flatten() {
            put(&mut article.reading, text, self.parts.explain);
        }
        article
    }
}

impl Texts {
    /// `None`: no text was found without a rule.
    fn of(site: &Site, read: &Articles) -> Option<Self> {
        let text = |(place, (_, article)): (usize, &(Work, Option<Article>))| match article {
            Some(Article::Read(article)) => Some((place, of_itself(&article.reading)?.clone())),
            _ => None,
        };
        let new: Vec<(usize, Html)> = read.iter().enumerate().filter_map(text).collect();
        if new.is_empty() {
            return None;
        }
        let is_ruled = site.rule.article.as_ref().is_none_or(|article| article.names_content() || !article.full_text);
        let archived = |work: &Work| {
            let record = work.record.as_ref().filter(|record| record.article.read && !is_ruled)?;
            record.item.fields.content.clone()
        };
        let before = new.iter().filter_map(|(place, _)| Some((*place, archived(&read.get(*place)?.0)?))).collect();
        let others = read.iter().filter(|(_, article)| !matches!(article, Some(Article::Read(_))));
        let others = others.filter_map(|(work, _)| archived(work)).take(limits::TEXTS_COMPARED).collect();
        Some(Self { new, before, others })
    }

    fn cleared(self, mut known: BTreeSet<u32>) -> Cleared {
        let news = self.new.iter().map(|(_, text)| text);
        let pieces: Vec<BTreeSet<u32>> =
            news.chain(&self.others).take(limits::TEXTS_COMPARED).map(extract::pieces).collect();
        let mut common = extract::in_common(&pieces);
        known.extend(&common);
        // What is still seen is remembered longer.
        common.extend(pieces.iter().flatten().filter(|piece| known.contains(piece)));
        let clear = |(place, text): (usize, Html)| Some((place, extract::without(&text, &known)?));
        // Those that were compared need no second look if they have nothing of it.
        let is_clear = |nth: usize| pieces.get(nth).is_some_and(|pieces| pieces.is_disjoint(&known));
        let new = self.new.into_iter().enumerate().filter(|(nth, _)| !is_clear(*nth));
        Cleared {
            new: new.filter_map(|(_, text)| clear(text)).collect(),
            before: self.before.into_iter().filter_map(clear).collect(),
            common,
        }
    }
}

/// The text, if it was found without a rule.
fn of_itself(reading: &ArticleReading) -> Option<&Html> {
    reading.found.automatic.content.as_ref().filter(|_| reading.found.ruled.content.is_none())
}

fn put(reading: &mut ArticleReading, text: Html, explain: bool) {
    if explain {
        let mut attempt = Attempt {
            field: Field::Content.name(),
            row: None,
            article: reading.findings.attempts.iter().find_map(|attempt| attempt.article.clone()),
            extractor: "the text without what other articles of the site say, too".to_owned(),
            matched: 1,
            is_traced: true,
            steps: Vec::new(),
            won: true,
        };
        let whole = reading.found.automatic.content.as_ref();
        for said in whole.map(|whole| extract::left_out(whole, &text)).unwrap_or_default() {
            attempt.step("cut", &said);
        }
        reading.findings.attempts.push(attempt);
    }
    reading.found.automatic.content = Some(text);
}

/// Adds what was seen to what is remembered, the latest last; what was not seen for the longest time is forgotten.
fn remember(boilerplate: &mut Vec<u32>, seen: BTreeSet<u32>) {
    boilerplate.retain(|piece| !seen.contains(piece));
    boilerplate.extend(seen);
    let too_many = boilerplate.len().saturating_sub(limits::BOILERPLATE);
    boilerplate.drain(..too_many);
}

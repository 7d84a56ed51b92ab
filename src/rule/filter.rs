//! Which items a feed shows: by field and regular expression. Pure.
//!
//! A filter decides what is shown, never what is archived: an edited filter loses and repeats nothing.

use std::borrow::Cow;

use regex::Regex;

use super::FieldRules;
use crate::item::{Field, Fields, Found};
use crate::markup;
use crate::text::Text;

/// Patterns by field; of those of one field any may match.
pub type Patterns = Vec<(Field, Vec<Regex>)>;

/// Which items are shown: those that match every field of `include` and none of `exclude`.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In each of these fields, one of its values must match one of the patterns.
    pub include: Patterns,
    /// In none of these fields may a value match a pattern.
    pub exclude: Patterns,
}

impl Filter {
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Whether an item with these fields is shown.
    pub fn passes(&self, fields: &Fields) -> bool {
        self.include.iter().all(|(field, patterns)| matches(fields, *field, patterns)) && !self.excludes(fields)
    }

    /// Whether an entry's row already says that its item is not shown, so that its article need not be read: a value
    /// is excluded, or one that no rule of the article's would replace is not included.
    pub fn rules_out(&self, row: &Found, article: &FieldRules) -> bool {
        if self.is_empty() {
            return false;
        }
        let is_final = |field: Field| row.ruled.has(field) && !article.names(field);
        self.excludes(&row.ruled.clone().or(row.automatic.clone()))
            || self.include.iter().any(|(field, patterns)| is_final(*field) && !matches(&row.ruled, *field, patterns))
    }

    /// This filter and another: what passes both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let both = |ours: &Patterns, theirs: &Patterns| ours.iter().chain(theirs).cloned().collect();
        Self { include: both(&self.include, &other.include), exclude: both(&self.exclude, &other.exclude) }
    }

    /// The filter as one line of text, which changes whenever it is edited.
    pub fn written(&self) -> String {
        let patterns = |patterns: &Patterns| -> Vec<String> {
            patterns.iter().map(|(field, of_field)| format!("{} {of_field:?}", field.name())).collect()
        };
        format!("{:?} {:?}", patterns(&self.include), patterns(&self.exclude))
    }

    fn excludes(&self, fields: &Fields) -> bool {
        self.exclude.iter().any(|(field, patterns)| matches(fields, *field, patterns))
    }
}

/// Whether any of a field's values matches any of `patterns`.
fn matches(fields: &Fields, field: Field, patterns: &[Regex]) -> bool {
    values(fields, field).iter().any(|value| patterns.iter().any(|pattern| pattern.is_match(value)))
}

/// A field's values as a person reads them: markup as its text, dates as RFC 3339 writes them.
fn values(fields: &Fields, field: Field) -> Vec<Cow<'_, str>> {
    match field {
        Field::Id => fields.id.iter().map(line).collect(),
        Field::Link => fields.link.iter().map(|url| url.as_str().into()).collect(),
        Field::Title => fields.title.iter().map(line).collect(),
        Field::Published => fields.published.iter().map(|date| date.to_rfc3339().into()).collect(),
        Field::Updated => fields.updated.iter().map(|date| date.to_rfc3339().into()).collect(),
        Field::Author => fields.author.iter().map(line).collect(),
        Field::Category => fields.category.iter().map(line).collect(),
        Field::Summary => fields.summary.iter().map(|html| markup::text(html.as_str()).into()).collect(),
        Field::Content => fields.content.iter().map(|html| markup::text(html.as_str()).into()).collect(),
        Field::Image => fields.image.iter().map(|url| url.as_str().into()).collect(),
        Field::ImageCaption => fields.image_caption.iter().map(line).collect(),
        Field::ImageCredit => fields.image_credit.iter().map(line).collect(),
        Field::Enclosure => fields.enclosure.iter().map(|one| one.url.as_str().into()).collect(),
        Field::Comments => fields.comments.iter().map(|url| url.as_str().into()).collect(),
        Field::Language => fields.language.iter().map(line).collect(),
    }
}

fn line(text: &Text) -> Cow<'_, str> {
    text.as_str().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::FieldRule;
    use crate::text::Html;

    fn patterns(given: &[(Field, &[&str])]) -> Patterns {
        let compiled = |patterns: &[&str]| patterns.iter().map(|one| Regex::new(one).unwrap()).collect();
        given.iter().map(|(field, patterns)| (*field, compiled(patterns))).collect()
    }

    fn fields() -> Fields {
        Fields {
            title: Text::new("Geese & mills"),
            category: vec![Text::new("Water").unwrap(), Text::new("Advertising").unwrap()],
            content: Some(Html::from_clean("<p>Wheel<br>and &amp; <a href=\"/secret\">stone</a></p>".into())),
            ..Fields::default()
        }
    }

    #[test]
    fn every_included_field_must_match_and_no_excluded_one() {
        let shown = |include: &[(Field, &[&str])], exclude: &[(Field, &[&str])]| {
            Filter { include: patterns(include), exclude: patterns(exclude) }.passes(&fields())
        };
        assert!(shown(&[], &[]));
        assert!(shown(&[(Field::Title, &["nothing", "mill"])], &[]));
        assert!(!shown(&[(Field::Title, &["MILL"])], &[]), "case counts");
        assert!(shown(&[(Field::Title, &["(?i)MILL"]), (Field::Category, &["^Water$"])], &[]));
        assert!(!shown(&[(Field::Title, &["mill"]), (Field::Author, &["."])], &[]), "no author, no match");
        assert!(!shown(&[], &[(Field::Category, &["^Ad"])]), "each value is looked at");
        assert!(shown(&[], &[(Field::Author, &["."])]));
        assert!(!shown(&[(Field::Title, &["mill"])], &[(Field::Category, &["Adv"])]));
    }

    #[test]
    fn markup_is_matched_as_text() {
        let shows = |pattern| Filter { include: patterns(&[(Field::Content, &[pattern])]), ..Filter::default() };
        assert!(shows("^Wheel and & stone$").passes(&fields()));
        assert!(!shows("secret|href").passes(&fields()));
    }

    #[test]
    fn a_row_rules_its_item_out_only_if_the_article_cannot_help() {
        let row = Found { ruled: fields(), ..Found::default() };
        let silent = FieldRules::default();
        let mut naming = FieldRules::default();
        naming.insert(Field::Title, FieldRule::From(Vec::new()));
        let exclude = Filter { exclude: patterns(&[(Field::Title, &["Geese"])]), ..Filter::default() };
        assert!(exclude.rules_out(&row, &silent) && exclude.rules_out(&row, &naming));
        let include = Filter { include: patterns(&[(Field::Title, &["Ducks"])]), ..Filter::default() };
        assert!(include.rules_out(&row, &silent));
        assert!(!include.rules_out(&row, &naming), "the article's title decides");
        let of_author = Filter { include: patterns(&[(Field::Author, &["Ada"])]), ..Filter::default() };
        assert!(!of_author.rules_out(&row, &silent), "the article may tell the author");
        assert!(!Filter::default().rules_out(&row, &silent));
    }
}

//! Items and their fields, by Atom's names (RFC 4287).

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::text::{Html, Text};
use crate::weburl::WebUrl;

/// A moment as a page states it: the offset is the page's or the site's, and is shown to readers.
pub type Date = DateTime<FixedOffset>;

/// A property of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What identifies the item within its site.
    Id,
    /// The article's address.
    Link,
    /// The headline.
    Title,
    /// When it was first published.
    Published,
    /// When it last changed in substance.
    Updated,
    /// Who wrote it; many.
    Author,
    /// What it is about; many.
    Category,
    /// A teaser, as HTML.
    Summary,
    /// The full text, as HTML.
    Content,
    /// The lead image's address.
    Image,
    /// What the lead image shows.
    ImageCaption,
    /// Whose the lead image is.
    ImageCredit,
    /// Sound, video or a file that belongs to the item; many.
    Enclosure,
    /// The address of the comments.
    Comments,
    /// The language (BCP 47).
    Language,
}

/// What a field's values are, which decides how an extractor's text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// A fragment of HTML.
    Html,
    /// An absolute address.
    Link,
    /// A moment.
    Date,
}

impl Field {
    /// Every field, in the order in which they are documented and shown.
    pub const ALL: [Self; 15] = [
        Self::Id,
        Self::Link,
        Self::Title,
        Self::Published,
        Self::Updated,
        Self::Author,
        Self::Category,
        Self::Summary,
        Self::Content,
        Self::Image,
        Self::ImageCaption,
        Self::ImageCredit,
        Self::Enclosure,
        Self::Comments,
        Self::Language,
    ];

    /// The name in rules, reports and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Link => "link",
            Self::Title => "title",
            Self::Published => "published",
            Self::Updated => "updated",
            Self::Author => "author",
            Self::Category => "category",
            Self::Summary => "summary",
            Self::Content => "content",
            Self::Image => "image",
            Self::ImageCaption => "image_caption",
            Self::ImageCredit => "image_credit",
            Self::Enclosure => "enclosure",
            Self::Comments => "comments",
            Self::Language => "language",
        }
    }

    /// The field of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// What its values are.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Link | Self::Image | Self::Enclosure | Self::Comments => Kind::Link,
            Self::Published | Self::Updated => Kind::Date,
            Self::Summary | Self::Content => Kind::Html,
            _ => Kind::Text,
        }
    }

    /// Whether it takes every match instead of the first.
    pub const fn takes_many(self) -> bool {
        matches!(self, Self::Author | Self::Category | Self::Enclosure)
    }
}

/// Sound, video or a file that belongs to an item (RSS 2.0 `enclosure`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Where it lies.
    pub url: WebUrl,
    /// Media type without parameters, such as `audio/mpeg`.
    pub media_type: String,
    /// Bytes; 0 if unknown, as the RSS best practices ask.
    pub length: u64,
    /// Seconds of sound or video, if the page tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u64>,
}

/// The fields that one source (a listing's row, an article's page) yielded.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// See [`Field::Id`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    /// See [`Field::Link`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<WebUrl>,
    /// See [`Field::Title`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// See [`Field::Published`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// See [`Field::Updated`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Date>,
    /// See [`Field::Author`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub author: Vec<Text>,
    /// See [`Field::Category`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<Text>,
    /// See [`Field::Summary`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Html>,
    /// See [`Field::Content`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Html>,
    /// See [`Field::Image`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<WebUrl>,
    /// See [`Field::ImageCaption`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_caption: Option<Text>,
    /// See [`Field::ImageCredit`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_credit: Option<Text>,
    /// See [`Field::Enclosure`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enclosure: Vec<Enclosure>,
    /// See [`Field::Comments`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<WebUrl>,
    /// See [`Field::Language`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Text>,
}

impl Fields {
    /// Whether `field` has a value.
    pub fn has(&self, field: Field) -> bool {
        match field {
            Field::Id => self.id.is_some(),
            Field::Link => self.link.is_some(),
            Field::Title => self.title.is_some(),
            Field::Published => self.published.is_some(),
            Field::Updated => self.updated.is_some(),
            Field::Author => !self.author.is_empty(),
            Field::Category => !self.category.is_empty(),
            Field::Summary => self.summary.is_some(),
            Field::Content => self.content.is_some(),
            Field::Image => self.image.is_some(),
            Field::ImageCaption => self.image_caption.is_some(),
            Field::ImageCredit => self.image_credit.is_some(),
            Field::Enclosure => !self.enclosure.is_empty(),
            Field::Comments => self.comments.is_some(),
            Field::Language => self.language.is_some(),
        }
    }

    /// These fields, with `other`'s values where these have none.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        fn first<T>(ours: Vec<T>, theirs: Vec<T>) -> Vec<T> {
            if ours.is_empty() { theirs } else { ours }
        }
        // A caption and a credit belong to their image: another image's must not come to stand beside ours.
        let same_image = self.image.is_none() || self.image == other.image;
        Self {
            id: self.id.or(other.id),
            link: self.link.or(other.link),
            title: self.title.or(other.title),
            published: self.published.or(other.published),
            updated: self.updated.or(other.updated),
            author: first(self.author, other.author),
            category: first(self.category, other.category),
            summary: self.summary.or(other.summary),
            content: self.content.or(other.content),
            image: self.image.or(other.image),
            image_caption: self.image_caption.or(other.image_caption.filter(|_| same_image)),
            image_credit: self.image_credit.or(other.image_credit.filter(|_| same_image)),
            enclosure: first(self.enclosure, other.enclosure),
            comments: self.comments.or(other.comments),
            language: self.language.or(other.language),
        }
    }
}

/// What one source yielded: by the rule's words, and by looking where pages usually say it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    /// Fields that the rule's extractors read.
    pub ruled: Fields,
    /// Fields that no rule names, found in the usual places.
    pub automatic: Fields,
}

/// What is archived and published: an entry and its article, merged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Permanent and globally unique: an Atom `id`, an RSS `guid`.
    pub id: String,
    /// Whether `id` is the item's address (RSS `isPermaLink`).
    pub id_is_link: bool,
    /// Fixed at first sight: the page's date if it could be trusted, else the moment of first sight.
    pub published: Date,
    /// Moves when the item changes in substance.
    pub updated: Date,
    /// Everything else. `id`, `published` and `updated` in here are what the pages said.
    pub fields: Fields,
}

impl Item {
    /// The headline; an item without one is called by its address.
    pub fn title(&self) -> &str {
        match (&self.fields.title, &self.fields.link) {
            (Some(title), _) => title.as_str(),
            (None, Some(link)) => link.as_str(),
            (None, None) => &self.id,
        }
    }
}

//! Feeds to read: a tame one with everything in it, and hostile ones.

use chrono::{DateTime, TimeDelta};
use feedmill::edition::Feed;
use feedmill::item::{Enclosure, Fields, Item};
use feedmill::text::{Html, Text};
use feedmill::weburl::WebUrl;

pub(crate) fn url(raw: &str) -> WebUrl {
    WebUrl::parse(raw).unwrap()
}

pub(crate) fn text(raw: &str) -> Text {
    Text::new(raw).unwrap()
}

pub(crate) fn html(raw: &str) -> Html {
    Html::from_clean(raw.to_owned())
}

pub(crate) fn feed(items: Vec<Item>) -> Feed {
    Feed {
        site: "mill".into(),
        title: "The Mill by the River".into(),
        description: Some("News from where the flour comes from.".into()),
        home: url("https://mill.example/news/"),
        language: Some("en".into()),
        address: Some(url("https://feeds.example/feeds/mill")),
        query: None,
        origins: <_>::default(),
        ttl_minutes: 60,
        changed: DateTime::from_timestamp(1_795_516_200, 0).unwrap(),
        items,
    }
}

/// The item number `number`; higher ones are older.
pub(crate) fn item(number: i64) -> Item {
    let published = DateTime::parse_from_rfc3339("2026-11-23T10:00:00+01:00").unwrap() - TimeDelta::hours(number);
    let link = url(&format!("https://mill.example/news/{number}.html"));
    Item {
        id: link.to_string(),
        id_is_link: true,
        published,
        updated: published,
        fields: Fields {
            link: Some(link),
            title: Some(text(&format!("News number {number}"))),
            summary: Some(html(&format!("<p>Short news, <em>number {number}</em>.</p>"))),
            content: Some(html(&format!("<p>The whole news.</p><p>It is &amp; remains number {number}.</p>"))),
            ..Fields::default()
        },
    }
}

pub(crate) fn titled(number: i64, title: &str) -> Item {
    let mut item = item(number);
    item.fields.title = Text::new(title);
    item
}

/// Every field of every kind, and items that have hardly any.
pub(crate) fn mill() -> Feed {
    let mut whole = titled(0, "Flour & water: “bread” <for> beginners");
    whole.updated += TimeDelta::minutes(90);
    let fields = &mut whole.fields;
    fields.author = vec![text("Ada Müller"), text("Bo Quern")];
    fields.category = vec![text("Bread & butter"), text("Beginners")];
    fields.image = Some(url("https://mill.example/pictures/loaf.webp?w=1200&h=800"));
    fields.image_caption = Some(text("A loaf, still <warm>"));
    fields.image_credit = Some(text("© Bo Quern"));
    fields.enclosure = vec![
        Enclosure {
            url: url("https://mill.example/talk.mp3"),
            media_type: "audio/mpeg".into(),
            length: 123_456,
            duration: Some(1_930),
        },
        Enclosure {
            url: url("https://mill.example/recipe.pdf"),
            media_type: "application/pdf".into(),
            length: 0,
            duration: None,
        },
    ];
    fields.comments = Some(url("https://mill.example/news/0.html#comments"));
    fields.content = Some(html(
        "<p>Take <a href=\"https://mill.example/flour?kind=rye&amp;grade=2\">flour</a>.</p>\n\
         <figure><img src=\"https://mill.example/pictures/dough.jpg\" alt=\"Dough\"></figure>\n\
         <pre><code>if (a &lt; b &amp;&amp; x[y[0]]&gt;1) { knead(); }</code></pre>",
    ));
    let mut foreign = titled(1, "Хлеб наш насущный");
    foreign.id = "tag:mill.example,2026-11-23:mill/4711".into();
    foreign.id_is_link = false;
    foreign.published = DateTime::parse_from_rfc3339("2026-11-22T23:30:00-03:30").unwrap();
    foreign.updated = foreign.published;
    foreign.fields.language = Some(text("ru"));
    foreign.fields.author = vec![text("Анна")];
    foreign.fields.summary = None;
    let mut bare = item(30);
    bare.fields = Fields { link: bare.fields.link, ..Fields::default() };
    let mut adrift = titled(31, "Heard on the bridge");
    adrift.id = "tag:mill.example,2026-11-21:mill/bridge".into();
    adrift.id_is_link = false;
    adrift.fields.link = None;
    adrift.fields.content = None;
    feed(vec![whole, foreign, bare, adrift])
}

/// Texts that have broken feeds.
pub(crate) fn nasty_titles() -> Vec<String> {
    let controls: String = (0..=0x1f_u8).map(char::from).collect();
    vec![
        "Fish & chips".into(),
        "AT&amp;T &lt;b&gt; &nbsp; &bogus;".into(),
        "<b>bold</b> and <script>alert(1)</script>".into(),
        "unclosed <b & 'quoted' \"twice\"".into(),
        "]]> and <![CDATA[ and ]]]]>> and --> and <!--".into(),
        "</title></channel></rss></feed>".into(),
        format!("a{controls}b\u{7f}\u{85}\u{fffe}\u{ffff}\u{fdd0}c"),
        "&#xD800; &#0; &#x1F; \u{feff}mark".into(),
        "\u{202e}txet desrever\u{202c} \u{2066}isolated\u{2069}".into(),
        "שלום עולם و مرحبا".into(),
        "👩‍👩‍👧‍👦 🏳️‍🌈 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 e\u{301}".into(),
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>&y;".into(),
        "{{ template }} {% raw %} ${ENV} %s \\u0000 \\n".into(),
        "\u{2028}line\u{2029}paragraph".into(),
        "word ".repeat(200_000),
    ]
}

/// A feed of which every text is one of those.
pub(crate) fn nasty() -> Feed {
    let mut items = Vec::new();
    for (number, raw) in (0..).zip(nasty_titles()) {
        let mut item = titled(number, &raw);
        item.fields.author = Text::new(raw.chars().take(60).collect::<String>().replace(['(', ')', '@'], "").as_str())
            .into_iter()
            .collect();
        item.fields.category = vec![text(&raw.chars().take(60).collect::<String>())];
        item.fields.content = Some(html(&format!("<p>{}</p>", feedmill::text::escape(text(&raw).as_str()))));
        item.fields.summary = Some(html(&format!("<p>]]> &amp;amp; {number}</p>")));
        items.push(item);
    }
    feed(items)
}

//! What a listing is asked with beyond its address.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::form_urlencoded;

use super::wording::Wording;
use crate::webpage::{Asking, Posted};
use crate::weburl::WebUrl;

/// What a listing is asked with beyond its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskingRule {
    /// Headers, for every page of the listing.
    pub headers: Vec<(String, String)>,
    /// What is posted to the first page; `None`: it is asked for with `GET`, as the others are.
    pub post: Option<PostRule>,
}

/// What is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostRule {
    /// A form, as browsers send it.
    Form(Vec<(String, Wording)>),
    /// JSON; its places stand within texts.
    Json(Wording),
}

impl AskingRule {
    /// What the first page, at `to`, is asked with at this moment.
    pub fn first(&self, to: &WebUrl, now: DateTime<Utc>, zone: Tz) -> Asking {
        let now = now.with_timezone(&zone);
        let post = self.post.as_ref().map(|post| match post {
            PostRule::Form(fields) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(fields.iter().map(|(name, value)| (name, value.at(now))));
                Posted { content_type: "application/x-www-form-urlencoded", body: form.finish().into() }
            }
            PostRule::Json(json) => Posted { content_type: "application/json", body: json.at(now).into() },
        });
        Asking { post, ..self.further(to) }
    }

    /// The same with these values for the site's parameters.
    #[must_use]
    pub fn bound(&self, value: impl Fn(&str) -> Option<String>) -> Self {
        let post = self.post.as_ref().map(|post| match post {
            PostRule::Form(fields) => {
                PostRule::Form(fields.iter().map(|(name, text)| (name.clone(), text.bound(&value))).collect())
            }
            PostRule::Json(json) => PostRule::Json(json.bound(|name| Some(within_json(&value(name)?)))),
        });
        Self { headers: self.headers.clone(), post }
    }

    /// What the pages behind the first one, at `to`, are asked with.
    pub fn further(&self, to: &WebUrl) -> Asking {
        Asking { to: to.clone(), headers: self.headers.clone(), post: None }
    }
}

/// A text as it stands between the quotes of JSON.
fn within_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(post: PostRule) -> (&'static str, String) {
        let rule = AskingRule { headers: Vec::new(), post: Some(post) };
        let url = WebUrl::parse("https://a.example/").unwrap();
        let posted = rule.first(&url, "2026-11-23T12:00:00Z".parse().unwrap(), chrono_tz::UTC).post.unwrap();
        (posted.content_type, String::from_utf8(posted.body.to_vec()).unwrap())
    }

    #[test]
    fn bodies_tell_the_day() {
        let value = |written| Wording::parse_loose(written, &[]).unwrap();
        let form = PostRule::Form(vec![("q".into(), value("a b&c={x}")), ("day".into(), value("{date:%d.%m.%Y}"))]);
        assert_eq!(
            posted(form),
            ("application/x-www-form-urlencoded", "q=a+b%26c%3D%7Bx%7D&day=23.11.2026".to_owned())
        );
        let json = PostRule::Json(value(r#"{"from":{"day":"{date-1:%F}"}}"#));
        assert_eq!(posted(json), ("application/json", r#"{"from":{"day":"2026-11-22"}}"#.to_owned()));
    }

    #[test]
    fn values_stay_within_their_texts() {
        let value = |written| Wording::parse_loose(written, &["q"]).unwrap();
        let hostile = |name: &str| (name == "q").then(|| "\"}, \\{x}\u{7f}&a=b".to_owned());
        let rule = |post| AskingRule { headers: Vec::new(), post: Some(post) }.bound(hostile).post.unwrap();
        let json = posted(rule(PostRule::Json(value(r#"{"find":"{q}","all":true}"#))));
        let read: serde_json::Value = serde_json::from_str(&json.1).unwrap();
        assert_eq!(read["find"].as_str(), hostile("q").as_deref());
        let form = posted(rule(PostRule::Form(vec![("find".into(), value("{q}"))])));
        assert_eq!(form.1, "find=%22%7D%2C+%5C%7Bx%7D%7F%26a%3Db");
    }
}

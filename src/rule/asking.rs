//! What a listing is asked with beyond its address.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::form_urlencoded;

use super::wording::Wording;
use crate::secret::Secret;
use crate::webpage::{Asking, Posted};
use crate::weburl::WebUrl;

/// What a listing is asked with beyond its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskingRule {
    /// Headers, for every page of the listing.
    pub headers: Vec<(String, Secret)>,
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

    /// What the pages behind the first one, at `to`, are asked with.
    pub fn further(&self, to: &WebUrl) -> Asking {
        Asking { to: to.clone(), headers: self.headers.clone(), post: None }
    }
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
}

//! How a listing is asked for.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{Problems, address, network};
use crate::config::diagnostics::{Complaint, quoted};
use crate::config::raw::{At, RawFormValue, RawJson, RawMethod, RawRequest, RawScalar};
use crate::rule::{AskingRule, PostRule, Wording};

/// What a listing is asked with beyond its address. `params` are the site's parameters, which may stand in a body.
pub(super) fn request(problems: &mut Problems<'_>, raw: &RawRequest, params: &[&str]) -> AskingRule {
    let form = raw.form.as_ref().map(|fields| form(problems, fields, params));
    let body = raw.json.as_ref().and_then(|body| problems.read(body, |raw: &RawJson| json(raw, params)));
    if let (Some(_), Some(json)) = (&raw.form, &raw.json) {
        let complaint = Complaint::new("one body too many: `form` and `json`").label("a request has one body");
        problems.add_at_key(complaint, json);
    }
    if raw.method == Some(RawMethod::Get) {
        let get = |key| {
            Complaint::new(format!("`{key}` makes no sense with `GET`"))
                .help("write it behind the `?` of the address, or take `method` out")
        };
        raw.form.iter().for_each(|form| problems.add_at_key(get("form"), form));
        raw.json.iter().for_each(|json| problems.add_at_key(get("json"), json));
    }
    let nothing = || (raw.method == Some(RawMethod::Post)).then(|| PostRule::Form(Vec::new()));
    let post = form.or(body).or_else(nothing);
    AskingRule { headers: raw.headers.as_ref().map(|raw| headers(problems, raw)).unwrap_or_default(), post }
}

/// Headers with names that a request may have, each once.
pub(super) fn headers(
    problems: &mut Problems<'_>,
    raw: &BTreeMap<Spanned<String>, At<String>>,
) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in raw {
        let is_twice = headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name.get_ref()));
        let value = problems.read(value, network::header_value);
        match network::header_name(name.get_ref()) {
            Ok(_) if is_twice => {
                let complaint = Complaint::new(format!("the header {} stands here twice", quoted(name.get_ref())))
                    .label("capital letters make no difference");
                problems.add(complaint, name.span());
            }
            Ok(name) => headers.extend(value.map(|value| (name, value))),
            Err(complaint) => problems.add(complaint, name.span()),
        }
    }
    headers
}

fn form(problems: &mut Problems<'_>, raw: &BTreeMap<String, At<RawFormValue>>, params: &[&str]) -> PostRule {
    let mut fields = Vec::new();
    for (name, value) in raw {
        let scalars = match &**value {
            RawFormValue::One(one) => std::slice::from_ref(one),
            RawFormValue::Several(several) => several,
        };
        for scalar in scalars {
            let written = match scalar {
                RawScalar::Text(text) => text.clone(),
                RawScalar::Number(number) => number.to_string(),
                RawScalar::Truth(truth) => truth.to_string(),
            };
            let wording = problems.read(value, |_: &RawFormValue| text(&written, params));
            fields.extend(wording.map(|wording| (name.clone(), wording)));
        }
    }
    PostRule::Form(fields)
}

fn json(raw: &RawJson, params: &[&str]) -> Result<PostRule, Complaint> {
    text(&raw.0.to_string(), params).map(PostRule::Json)
}

/// A text of a body. Braces are nothing unusual there: only a parameter, or what begins as a date does, is a
/// place.
fn text(written: &str, params: &[&str]) -> Result<Wording, Complaint> {
    Wording::parse_loose(written, params).map_err(|error| address::place(&error))
}

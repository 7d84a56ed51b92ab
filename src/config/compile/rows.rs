//! What finds the rows of a listing.

use super::Problems;
use super::field::{json, one_source};
use super::pattern::{self, Short};
use crate::config::diagnostics::Complaint;
use crate::config::raw::{At, RawForm, RawRow, RawRowTable};
use crate::rule::{Elements, Form, Json, Rows};

/// What the listing is.
pub(super) const fn form(raw: RawForm) -> Form {
    match raw {
        RawForm::Html => Form::Html,
        RawForm::Json => Form::Json,
        RawForm::Feed => Form::Feed,
        RawForm::Sitemap => Form::Sitemap,
    }
}

/// One way to find rows.
pub(super) fn row(problems: &mut Problems<'_>, raw: &At<RawRow>) -> Option<Rows> {
    match &**raw {
        RawRow::Short(written) => short(written).map_err(|complaint| problems.add(complaint, raw.span())).ok(),
        RawRow::Table(table) => of_table(problems, table, raw),
    }
}

fn of_table(problems: &mut Problems<'_>, table: &RawRowTable, raw: &At<RawRow>) -> Option<Rows> {
    let sources = [("css", &table.css), ("xpath", &table.xpath), ("json", &table.json)];
    let (key, value) = one_source(problems, &sources, raw.span())?;
    if let (Some(script), true) = (&table.script, key != "json") {
        let complaint = Complaint::new("`script` makes no sense here");
        problems.add_at_key(complaint.label(format!("only `json` is read from scripts, not `{key}`")), script);
    }
    match key {
        "css" => problems.read(value, pattern::selector).map(Elements::Css).map(Rows::Elements),
        "xpath" => problems.read(value, pattern::xpath).map(Elements::XPath).map(Rows::Elements),
        _ => json(problems, value, table.script.as_ref()).map(Rows::Json),
    }
}

/// Rows in one text.
pub(super) fn short(written: &str) -> Result<Rows, Complaint> {
    if written.trim_start().starts_with('$') {
        return pattern::json_path(written).map(|path| Rows::Json(Json { path, script: None, attr: None }));
    }
    elements(written).map(Rows::Elements)
}

/// Elements in one text.
pub(super) fn elements(written: &str) -> Result<Elements, Complaint> {
    match pattern::any(written) {
        Ok(Short::XPath(xpath)) => Ok(Elements::XPath(xpath)),
        Ok(Short::Json(_)) => {
            Err(Complaint::new("JSON has no elements").help("write a CSS selector or an XPath of what the page shows"))
        }
        Ok(Short::Css(..)) => pattern::selector(written).map(Elements::Css),
        Err(complaint) => Err(complaint),
    }
}

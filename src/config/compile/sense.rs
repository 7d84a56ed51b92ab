//! Refinements that make no sense where they stand: on a field of another kind, or beside a source that has nothing
//! to refine.

use super::Problems;
use super::field::Wanted;
use crate::config::diagnostics::Complaint;
use crate::config::raw::{At, RawTable};
use crate::item::{Field, Kind};

/// Notes every refinement of `table` that does nothing, or nothing good, for `field`. `source` is the key of its source.
pub(super) fn check(problems: &mut Problems<'_>, wanted: Wanted, source: &str, table: &RawTable) {
    let Wanted { name, field } = wanted;
    let mut sense = Sense { problems, name };
    let has_attributes = source == "css" || source == "xpath";
    let is_single = source == "url" || source == "text";
    let is_date = field.kind() == Kind::Date;

    sense.refuse(
        table.attr.as_ref(),
        "attr",
        (!has_attributes).then(|| format!("only what `css` or `xpath` matches has attributes, not `{source}`")),
    );
    sense.refuse(
        table.script.as_ref(),
        "script",
        (source != "json").then(|| format!("only `json` is read from scripts, not `{source}`")),
    );
    sense.refuse(
        table.html.as_ref(),
        "html",
        match (&table.attr, source) {
            (Some(_), _) => Some("an attribute has no markup".to_owned()),
            (_, "url") => Some("a link has no markup".to_owned()),
            _ => None,
        },
    );
    let takes_all = table.all.as_deref().copied().unwrap_or(field.takes_many());
    sense.refuse(
        table.all.as_ref(),
        "all",
        match field.kind() {
            _ if is_single => Some(format!("`{source}` yields one value")),
            Kind::Link | Kind::Date if takes_all && !field.takes_many() => Some(format!("`{name}` is one value")),
            _ => None,
        },
    );
    sense.refuse(
        table.join.as_ref(),
        "join",
        match field.kind() {
            Kind::Link => Some("joined addresses are no address".to_owned()),
            Kind::Date => Some("joined dates are no date".to_owned()),
            _ if is_single => Some(format!("`{source}` yields one value")),
            _ if !takes_all => Some("there is one value; with `all = true` there are more to join".to_owned()),
            _ => None,
        },
    );
    let is_several = field.kind() == Kind::Text && field.takes_many();
    sense.refuse(table.split.as_ref(), "split", (!is_several).then(|| format!("`{name}` is not several texts")));
    let not_a_date = || (!is_date).then(|| format!("`{name}` is no date"));
    sense.refuse(table.format.as_ref(), "format", not_a_date());
    sense.refuse(table.timezone.as_ref(), "timezone", not_a_date());
    sense.refuse(table.timezone_override.as_ref(), "timezone_override", not_a_date());
    sense.refuse(table.locale.as_ref(), "locale", not_a_date());
    sense.refuse(table.template.as_ref(), "template", is_date.then(|| "a sentence is no date".to_owned()));
    let same = match field {
        _ if name == "next" => Some("the last page would have a next one, too"),
        Field::Id | Field::Link => Some("all items without one would become the same item"),
        Field::Published | Field::Updated => Some("no date is better than a made-up one: leave it out"),
        _ => None,
    };
    sense.refuse(table.default.as_ref(), "default", same.map(str::to_owned));
    if table.template.is_none() {
        sense.refuse(
            table.text.as_ref(),
            "text",
            same.map(|_| {
                if name == "next" { "every page would have the same" } else { "every item would have the same" }
                    .to_owned()
            }),
        );
    }
}

struct Sense<'p, 's> {
    problems: &'p mut Problems<'s>,
    name: &'static str,
}

impl Sense<'_, '_> {
    /// Notes that `key` should not be there, if it is and there is a reason.
    fn refuse<T>(&mut self, value: Option<&At<T>>, key: &str, why: Option<String>) {
        if let (Some(value), Some(why)) = (value, why) {
            let message = format!("`{key}` makes no sense for `{}`", self.name);
            self.problems.add_at_key(Complaint::new(message).label(why), value);
        }
    }
}

//! Which of an item's sources gave each field its value, and why the others did not: for those who want it explained.

use super::{Merged, shown};
use crate::item::{Field, Found};
use crate::limits;
use crate::report::Choice;
use crate::text::shorten;

/// What row and article had to say about each field of `merged`, in the order in which they are believed.
pub fn choices(entry: &Found, article: Option<&Found>, merged: &Merged) -> Vec<Choice> {
    let item = shown(&merged.fields, Field::Link).or_else(|| shown(&merged.fields, Field::Id)).unwrap_or_default();
    let of_article = article.map(|found| (&found.ruled, &found.automatic));
    let sources = [
        ("the article, by its rule", of_article.map(|(ruled, _)| ruled)),
        ("the row, by its rule", Some(&entry.ruled)),
        ("the article, usual places", of_article.map(|(_, automatic)| automatic)),
        ("the row, usual places", Some(&entry.automatic)),
    ];
    let mut choices = Vec::new();
    for field in Field::ALL {
        let taken = shown(&merged.fields, field);
        let mut is_settled = false;
        for (from, fields) in sources {
            let Some(value) = fields.and_then(|fields| shown(fields, field)) else { continue };
            let won = !is_settled && taken.as_ref() == Some(&value);
            is_settled |= won;
            let why = (!won).then(|| lost(field, &value, is_settled, taken.is_some(), merged));
            let value = shorten(&value, limits::SHOWN_CHARS);
            choices.push(Choice { item: item.clone(), field: field.name(), from, value, won, why });
        }
        if let Some(value) = taken.filter(|_| !is_settled) {
            let from = if field == Field::Published { "the link" } else { "the default" };
            let value = shorten(&value, limits::SHOWN_CHARS);
            choices.push(Choice { item: item.clone(), field: field.name(), from, value, won: true, why: None });
        }
    }
    choices
}

/// Why a value is not the item's.
fn lost(field: Field, value: &str, is_settled: bool, is_there: bool, merged: &Merged) -> String {
    // A date that was not believed has been remarked upon, with itself as the first word.
    let doubt = merged.report.notes.iter().find(|note| note.field == Some(field) && note.what.starts_with(value));
    match doubt {
        Some(doubt) => format!("not believed: {}", doubt.what),
        None if is_settled => "a better source has a value".to_owned(),
        None if is_there => "not believed".to_owned(),
        None => "switched off, or not believed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Fields;
    use crate::report::Report;
    use crate::text::Text;

    #[test]
    fn each_field_names_its_winner_and_its_losers() {
        let title = |title: &str| Fields { title: Text::new(title), ..Fields::default() };
        let date = |date: &str| chrono::DateTime::parse_from_rfc3339(date).ok();
        let entry = Found { ruled: title("of the row"), automatic: title("of the row, too") };
        let mut article = Found { ruled: title("of the article"), automatic: Fields::default() };
        article.automatic.published = date("2036-01-01T00:00:00+00:00");
        let mut merged = Merged { fields: title("of the article"), ..Merged::default() };
        merged.fields.published = date("2026-11-02T00:00:00+00:00");
        merged.report = Report::default();
        merged.report.note(Field::Published, None, "2036-01-01T00:00:00+00:00 lies in the future");
        let seen: Vec<(&str, &str, bool, Option<String>)> =
            choices(&entry, Some(&article), &merged).into_iter().map(|c| (c.field, c.from, c.won, c.why)).collect();
        let better = Some("a better source has a value".to_owned());
        assert_eq!(
            seen,
            [
                ("title", "the article, by its rule", true, None),
                ("title", "the row, by its rule", false, better.clone()),
                ("title", "the row, usual places", false, better),
                (
                    "published",
                    "the article, usual places",
                    false,
                    Some("not believed: 2036-01-01T00:00:00+00:00 lies in the future".to_owned())
                ),
                ("published", "the link", true, None),
            ]
        );
    }
}

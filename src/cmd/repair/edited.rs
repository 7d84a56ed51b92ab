//! A configuration with some keys of a `listing` changed: everything else stays as it is, comments too.

use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

use crate::selfmade::Change;

/// The text of the file with the changes in the table of `site`; `None` if they cannot be made there.
pub(super) fn with(text: &str, site: &str, changes: &[Change]) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let sites = document.get_mut("sites")?.as_table_like_mut()?;
    let site = sites.get_mut(site)?;
    let is_inline = site.is_inline_table();
    let is_dotted = site.as_table().is_some_and(Table::is_dotted);
    let site = site.as_table_like_mut()?;
    if site.get("listing").is_none() {
        let mut table = Table::new();
        table.set_dotted(is_dotted);
        table.decor_mut().set_prefix("\n");
        let listing = if is_inline { Item::Value(InlineTable::new().into()) } else { Item::Table(table) };
        site.insert("listing", listing);
    }
    let listing = site.get_mut("listing")?.as_table_like_mut()?;
    for Change { key, to, .. } in changes {
        match to {
            Some(to) => set(listing, key, to.parse().ok()?),
            None => remove(listing, key),
        }
    }
    Some(document.to_string())
}

/// Sets a key; what stands around its value stays.
fn set(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key) {
        Some(Item::Value(before)) => {
            value.decor_mut().clone_from(before.decor());
            *before = value;
        }
        Some(item) => *item = Item::Value(value),
        None => drop(table.insert(key, Item::Value(value))),
    }
}

/// Removes a key. What is said above it may be said of more than that key: it goes to the next one.
fn remove(table: &mut dyn TableLike, key: &str) {
    let next = table.iter().map(|(key, _)| key.to_owned()).skip_while(|other| other != key).nth(1);
    let comment = |table: &dyn TableLike, key: &str| {
        let prefix = table.key(key).and_then(|key| key.leaf_decor().prefix()?.as_str().map(str::to_owned));
        prefix.unwrap_or_default()
    };
    let above = comment(table, key);
    table.remove(key);
    let Some(next) = next.filter(|_| above.contains('#')) else { return };
    let both = format!("{above}{}", comment(table, &next));
    if let Some(mut next) = table.key_mut(&next) {
        next.leaf_decor_mut().set_prefix(both);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(key: &str, to: Option<&str>) -> Change {
        Change { key: key.to_owned(), from: None, to: to.map(str::to_owned) }
    }

    #[test]
    fn only_what_is_changed_is_different() {
        let text = "# mine\n[sites.a]  # why\nurl = 'x'\n\n[sites.a.listing]\n# the rows\nitem =  '.old'   # since 2014\n\
                    # kept\ncontainer = '#list'\nlimit   = 5\n\n# the next\n[sites.b]\nurl =   'x'\n";
        let changes =
            [change("item", Some("\".new\"")), change("container", None), change("title", Some("[\"h2\", \"h3\"]"))];
        assert_eq!(
            with(text, "a", &changes).unwrap(),
            "# mine\n[sites.a]  # why\nurl = 'x'\n\n[sites.a.listing]\n# the rows\nitem =  \".new\"   # since 2014\n\
             # kept\nlimit   = 5\ntitle = [\"h2\", \"h3\"]\n\n# the next\n[sites.b]\nurl =   'x'\n"
        );
    }

    #[test]
    fn a_table_is_changed_however_it_is_written() {
        let changes = [change("item", Some("\".new\"")), change("link", Some("\"a @href\""))];
        let of = |text: &str| with(text, "a", &changes).unwrap();
        assert_eq!(
            of("[sites.a]\nurl = 'x'\nlisting.item = '.old'\n"),
            "[sites.a]\nurl = 'x'\nlisting.item = \".new\"\nlisting.link = \"a @href\"\n"
        );
        assert_eq!(
            of("[sites]\na = { url = 'x', listing = { item = '.old' } }\n"),
            "[sites]\na = { url = 'x', listing = { item = \".new\" , link = \"a @href\" } }\n"
        );
        for text in [
            "[sites.a]\nurl = 'x'\n\n[sites.b]\nurl = 'y'\n",
            "[sites]\na.url = 'x'\nb.url = 'y'\n",
            "sites = { a = { url = 'x' }, b = { url = 'y' } }\n",
            "[sites.a]\nurl = 'x'\n[sites.a.listing.title]\ncss = 'h1'\n[sites.b]\nurl = 'y'\n",
        ] {
            let edited = of(text);
            let plan: toml::Table = edited.parse().unwrap_or_else(|error| panic!("{edited}: {error}"));
            assert_eq!(plan["sites"]["a"]["listing"]["item"].as_str(), Some(".new"), "{edited}");
            assert_eq!(plan["sites"]["b"]["url"].as_str(), Some("y"), "{edited}");
        }
        assert_eq!(with("[sites.b]\n", "a", &changes), None);
    }
}

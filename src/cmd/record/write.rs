//! Adding tests to the file that a site stands in: everything else in it stays as it is, comments too.

use std::io;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use super::expected::{Recorded, table_of};
use crate::cmd::stop::Stop;
use crate::cmd::write;
use crate::config::Site;

/// Adds the tests to the site's table. Those of the same pages are replaced.
pub(super) fn add(site: &Site, tests: &[Recorded]) -> Result<(), Stop> {
    let cannot = |error: io::Error| Stop::Io(format!("cannot write {}", site.file.display()), error);
    let _turn = write::turn(&site.file);
    let text = std::fs::read_to_string(&site.file).map_err(cannot)?;
    let tables: Vec<Table> = tests.iter().map(|test| test.table(site)).collect();
    let written = with(&text, table_of(site), tables).ok_or_else(|| {
        Stop::Usage(format!(
            "the table of `{}` in {} is written in a way that nothing can be added to; run it without --write, and add \
             the tests by hand",
            table_of(site),
            site.file.display()
        ))
    })?;
    write::replace(&site.file, &written)
}

/// The text of the file with the tests; `None` if the site's table is no `[sites.NAME]`.
fn with(text: &str, site: &str, tables: Vec<Table>) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let table = document.get_mut("sites")?.as_table_mut()?.get_mut(site)?.as_table_mut()?;
    let tests = table.entry("test").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let tests = tests.as_array_of_tables_mut()?;
    let page = |table: &Table| table.get("page").and_then(Item::as_str).map(str::to_owned);
    let pages: Vec<_> = tables.iter().filter_map(page).collect();
    tests.retain(|test| !page(test).is_some_and(|page| pages.contains(&page)));
    for mut table in tables {
        table.decor_mut().set_prefix("\n");
        tests.push(table);
    }
    Some(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(page: &str) -> Table {
        let mut table = Table::new();
        table.insert("page", page.into());
        table
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        let text = "# mine\n[sites.a]  # why\nurl = 'x'\nlisting.item = 'y'\n\n[sites.a.article]\ncontent = \"z\"\n\n\
                    # the next\n[sites.b]\nurl =   'x'\n";
        let once = with(text, "a", vec![test("1"), test("2")]).unwrap();
        let (before, rest) = text.split_once("\n# the next").unwrap();
        let tests = "\n[[sites.a.test]]\npage = \"1\"\n\n[[sites.a.test]]\npage = \"2\"\n";
        assert_eq!(once, format!("{before}{tests}\n# the next{rest}"));
        assert_eq!(with(&once, "a", vec![test("1"), test("2")]).unwrap(), once, "again is not more");
        assert!(with(&once, "b", vec![test("3")]).unwrap().ends_with("[[sites.b.test]]\npage = \"3\"\n"));
    }

    #[test]
    fn what_cannot_be_added_to_is_left_alone() {
        for text in ["sites = { a = { url = 'x' } }\n", "[sites]\na = { url = 'x' }\n", "[sites.b]\n", "["] {
            assert_eq!(with(text, "a", vec![test("1")]), None, "{text}");
        }
    }
}

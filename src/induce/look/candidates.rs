//! All that may be the list of a page, the likeliest first.

use super::dated::Dates;
use super::doubt::Doubts;
use super::groups::groups;
use super::headed::without_headings;
use super::links::Links;
use super::marked::Marked;
use super::rows::{Row, rows};
use super::score::Signs;
use super::sheet::Sheet;
use super::titled;
use crate::induce::NoList;
use crate::induce::listed::{Listed, ListedRow};
use crate::page::Document;

/// A group of links that may be the list.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Candidate {
    pub(in crate::induce) rows: Vec<Row>,
    /// The places of the rows' dates.
    pub(in crate::induce) dates: Vec<Option<usize>>,
    pub(in crate::induce) signs: Signs,
}

/// Rows that a list has at least.
const ROWS: usize = 2;

/// Lists that are worth a try.
const LISTS: usize = 4;

/// The candidates of a page, the likeliest first.
pub(in crate::induce) fn candidates(sheet: &Sheet<'_>, links: &Links, reader: &Dates<'_>) -> Vec<Candidate> {
    let marked = Marked::of(sheet);
    let candidate = |group| {
        let rows = without_headings(sheet, links, reader, rows(sheet, links, &group));
        let dates = reader.of_rows(links, &rows);
        let signs = Signs::of((sheet, &marked), links, &rows, &dates);
        Candidate { rows, dates, signs }
    };
    let mut candidates: Vec<Candidate> = groups(sheet, links, ROWS).into_iter().map(candidate).collect();
    candidates.sort_by(|one, other| other.signs.rank().total_cmp(&one.signs.rank()));
    candidates
}

/// The lists that a page may be for, the likeliest first.
pub(in crate::induce) fn lists(document: &Document) -> Result<Vec<Listed>, NoList> {
    let sheet = Sheet::of(document);
    let links = Links::of(document, &sheet);
    let dates = Dates::new(document, &sheet);
    let candidates = candidates(&sheet, &links, &dates);
    let likeliest = candidates.first().ok_or(NoList::Nothing)?;
    let doubts = Doubts::of(document, &sheet, &links, &likeliest.rows);
    let Some(confidence) = doubts.confidence(&likeliest.signs) else {
        return Err(if doubts.is_article() { NoList::Article } else { NoList::Nothing });
    };
    let listed = |candidate: &Candidate| Listed { rows: candidate.listed(&sheet, &links, &dates), confidence };
    Ok(candidates.iter().take(LISTS).map(listed).collect())
}

/// All groups of links that may be lists, whatever the page is for; the likeliest first.
pub(in crate::induce) fn all(document: &Document) -> Vec<Vec<ListedRow>> {
    let sheet = Sheet::of(document);
    let links = Links::of(document, &sheet);
    let dates = Dates::new(document, &sheet);
    candidates(&sheet, &links, &dates).iter().map(|candidate| candidate.listed(&sheet, &links, &dates)).collect()
}

impl Candidate {
    fn listed(&self, sheet: &Sheet<'_>, links: &Links, dates: &Dates<'_>) -> Vec<ListedRow> {
        let id = |at: usize| sheet.spot(at).element.id();
        let titles = titled::of_rows(sheet, links, dates, &self.rows);
        // A few dates among many rows are no column of dates.
        let is_dated = self.dates.iter().flatten().count() * 3 >= self.rows.len();
        let values = titles.into_iter().zip(self.dates.iter().map(|date| date.filter(|_| is_dated)));
        let rows = self.rows.iter().zip(values).filter_map(|(row, (title, date))| {
            let (_, link, _) = links.row(row)?;
            // Of several links to the same page the one that is the title, or has it.
            let titled = title.and_then(|title| {
                let mut around =
                    std::iter::once(title).chain(sheet.around(title)).take_while(|at| row.range.contains(at));
                around.find(|at| links.leads_alike(*at, link))
            });
            let link = id(titled.unwrap_or(link.at));
            Some(ListedRow { element: id(row.at), link, title: title.map(id), date: date.map(id) })
        });
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::line_text;
    use crate::weburl::WebUrl;

    /// Titles and dates of the likeliest list.
    fn found(at: &str, html: &str) -> Result<Vec<(String, String)>, NoList> {
        let document = Document::parse(html, WebUrl::parse(at).unwrap()).unwrap();
        let lists = lists(&document)?;
        let text =
            |id: Option<ego_tree::NodeId>| id.and_then(|id| document.element(id)).map(line_text).unwrap_or_default();
        Ok(lists.first().unwrap().rows.iter().map(|row| (text(row.title), text(row.date))).collect())
    }

    fn row(title: &str, date: &str) -> (String, String) {
        (title.to_owned(), date.to_owned())
    }

    const MENU: &str = "<nav><a href=/news>All the news</a><a href=/shop>Shop of the mill</a><a href=/us>About us</a>
        <a href=/jobs>Work with us</a></nav>";

    #[test]
    fn the_posts_of_a_blog_are_its_list_and_not_its_menus() {
        let post = |n: usize| {
            format!(
                "<article class='post post-{n}'><a href=/2026/post-number-{n}/><img src={n}.jpg></a>
                <h2><a href=/2026/post-number-{n}/>How goose {n} counts the sacks</a></h2>
                <p>By <a href=/author/ada>Ada</a> on <span>{n} March 2026</span></p>
                <p>She counts them twice, and then {n} times again. <a href=/2026/post-number-{n}/>Read more</a></p></article>"
            )
        };
        let posts: String = (1..6).map(post).collect();
        let popular: String =
            (20..40).map(|n| format!("<li><a href=/2026/old-post-{n}/>An old post, {n}</a>")).collect();
        let page = format!("{MENU}<main>{posts}</main><aside><h3>Popular</h3><ul>{popular}</ul></aside>");
        let rows: Vec<_> =
            (1..6).map(|n| row(&format!("How goose {n} counts the sacks"), &format!("{n} March 2026"))).collect();
        assert_eq!(found("https://mill.example/", &page).unwrap(), rows);
    }

    #[test]
    fn a_title_may_stand_in_another_cell_and_a_date_above_its_rows() {
        let case = |n: usize, name: &str| {
            format!("<tr><td><a href=/files/{n}.pdf>No. 26-{n}</a></td><td>{name}</td><td>affirmed</td></tr>")
        };
        let day = |date: &str, cases: String| format!("<h3>{date}</h3><table>{cases}</table>");
        let first = case(71, "Goose v. Fox") + &case(72, "Miller v. River Board") + &case(73, "In re Ducks");
        let second = case(74, "Fox v. Hen") + &case(75, "Estate of Drake");
        let page = format!("{MENU}{}{}", day("May 9, 2026", first), day("May 8, 2026", second));
        let rows = [
            ("Goose v. Fox", "May 9, 2026"),
            ("Miller v. River Board", "May 9, 2026"),
            ("In re Ducks", "May 9, 2026"),
            ("Fox v. Hen", "May 8, 2026"),
            ("Estate of Drake", "May 8, 2026"),
        ];
        let rows: Vec<_> = rows.iter().map(|(title, date)| row(title, date)).collect();
        assert_eq!(found("https://court.example/opinions", &page).unwrap(), rows);
    }

    #[test]
    fn links_in_headings_of_days_are_no_rows() {
        let day = |n: usize| {
            let cases: String = (0..6)
                .map(|case| format!("<li><a href=/files/{n}{case}.pdf>The goose of mill {n}{case} v. its fox</a></li>"))
                .collect();
            format!("<p><b>May {n}, 2026 – <a href=/all/{n}.pdf>Summaries of all opinions</a></b></p><ul>{cases}</ul>")
        };
        let page = format!("{MENU}<main>{}</main>", (1..5).rev().map(day).collect::<String>());
        let rows = found("https://court.example/opinions", &page).unwrap();
        assert_eq!(rows.len(), 24);
        assert_eq!(rows[6], row("The goose of mill 30 v. its fox", "May 3, 2026 – Summaries of all opinions"));
    }

    #[test]
    fn a_row_may_be_several_lines_of_a_table() {
        let names = ["Goose v. Fox", "Miller v. River Board", "In re Ducks", "Estate of Drake", "Hen v. Hawk"];
        let case = |(n, name): (usize, &&str)| {
            // The link stands deeper in one of them.
            let link = format!("<a href=/files/26-{n}.pdf>2026 MILL {n}</a>");
            let link = if n == 3 { format!("<b>{link}</b>") } else { link };
            let line = |label: &str, value: &str| format!("<tr><td>{label}</td><td>{value}</td></tr>");
            let lines = [
                ("No.", format!("AB-26-{n}")),
                ("Parties", (*name).into()),
                ("Judge", "Drake".into()),
                ("Court", "Mill".into()),
                ("Date", format!("{} May 2026", 9 - n)),
            ];
            let lines: String = lines.iter().map(|(label, value)| line(label, value)).collect();
            format!("<tr><td colspan=2>{link}</td></tr>{lines}")
        };
        let page = format!("{MENU}<table>{}</table>", names.iter().enumerate().map(case).collect::<String>());
        let rows: Vec<_> =
            names.iter().enumerate().map(|(n, name)| row(name, &format!("{} May 2026", 9 - n))).collect();
        assert_eq!(found("https://court.example/opinions", &page).unwrap(), rows);
    }

    #[test]
    fn the_bold_part_of_a_cell_is_its_title_and_the_whole_cell_where_none_is_bold() {
        let names = ["Azalea", "Brathwaite", "Hernandez", "Ferreira", "Panin", "Bernardo", "Laparra"];
        let cell = |(n, name): (usize, &&str)| {
            let name = if n == 4 { (*name).to_owned() } else { format!("<strong>{name}</strong>") };
            format!("<tr><td>{name}, 28 Dec. 7{n}4 (2026)</td><td><a href=/{n}.pdf>ID 40{n}</a> (PDF)</td></tr>")
        };
        let page = format!("{MENU}<table>{}</table>", names.iter().enumerate().map(cell).collect::<String>());
        let found = found("https://court.example/opinions", &page).unwrap();
        let titles: Vec<&str> = found.iter().map(|(title, _)| title.as_str()).collect();
        let mut expected = names.to_vec();
        expected[4] = "Panin, 28 Dec. 744 (2026)";
        assert_eq!(titles, expected);
    }

    #[test]
    fn parts_of_a_row_may_follow_it() {
        const TITLES: [&str; 5] = [
            "Geese that count sacks",
            "Why mills stand still",
            "A river in winter",
            "Of flour, and its price",
            "Ducks, again",
        ];
        let paper = |(n, title): (usize, &&str)| {
            format!(
                "<dt>[{n}] <a href=/abs/26.{n}>mill:26.{n}</a> <a href=/pdf/26.{n}>pdf</a></dt>
                <dd><div class=list-title>{title}</div><div>Ada, Bo</div></dd>"
            )
        };
        let page = format!("{MENU}<dl>{}</dl>", TITLES.iter().enumerate().map(paper).collect::<String>());
        let rows: Vec<_> = TITLES.iter().map(|title| row(title, "")).collect();
        assert_eq!(found("https://papers.example/list", &page).unwrap(), rows);
    }

    #[test]
    fn an_article_is_no_list_though_it_has_some() {
        let related: String = (1..9)
            .map(|n| format!("<li><h4><a href=/2026/03/0{n}/other-story-{n}>Another story of the mill, {n}</a></h4>"))
            .collect();
        let prose =
            "<p>The goose counted all the sacks again and found that there was one too many of them.</p>".repeat(30);
        let page = format!("{MENU}<article><h1>One sack too many</h1>{prose}</article><ul>{related}</ul>");
        assert_eq!(found("https://mill.example/2026/03/12/one-sack-too-many", &page), Err(NoList::Article));
        assert_eq!(found("https://mill.example/", "<h1>Not found</h1><a href=/>Home</a>"), Err(NoList::Nothing));
    }

    #[test]
    fn of_a_longer_list_than_is_read_the_first_rows_have_a_rule() {
        let words = ["goose", "mill", "river", "sack", "flour", "duck", "stone"];
        let word = |n: usize| words[n % words.len()];
        let row = |n: usize| {
            let title = format!("The {} and the {} of number {n}", word(n), word(n / words.len()));
            format!("<li class=post><a href=/2026/post-{n}/>{title}</a></li>")
        };
        let rows: String = (0..crate::limits::LISTING_ROWS + 100).map(row).collect();
        let url = WebUrl::parse("https://mill.example/").unwrap();
        let mut document = Document::parse(&format!("{MENU}<ul>{rows}</ul>"), url).unwrap();
        let proposal = crate::induce::listing(&mut document).unwrap();
        assert_eq!(proposal.links.len(), crate::limits::LISTING_ROWS);
    }

    #[test]
    fn pages_of_nothing_but_links_are_bounded() {
        let links: String =
            (0..6_000).map(|n| format!("<p><a href=/p/{n}>Something that has the number {n}</a>")).collect();
        let page = format!("{}{links}", "<div>".repeat(300));
        assert_eq!(found("https://mill.example/", &page).unwrap().len(), crate::limits::LISTING_ROWS);
    }
}

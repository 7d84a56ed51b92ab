//! From the rows of a list to a short rule that finds them: first what finds the rows, then whatever the usual places in a
//! row do not tell rightly. Each step is tried on the page as the rule that it would be.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;

use super::finders::{Finder, LOOSE, finders};
use super::ground::link_of;
use super::made::{Demand, Made, Marks, marks_of};
use super::order::locale_of_dates;
use super::places::{Aim, beside, ways};
use super::trial::{Seen, hint, is_xpath, moment, trial};
use crate::extract::dates;
use crate::induce::titles::{Likeness, likeness, patterns};
use crate::induce::{Draft, ListedRow, Way};
use crate::item::Date;
use crate::limits;
use crate::page::{Document, Element, line_within};
use crate::rule::Locale;

/// A row with what its values are known to be.
#[derive(Clone, Debug)]
pub(in crate::induce) struct Sought {
    pub(in crate::induce) row: ListedRow,
    /// What tells its link from others.
    pub(in crate::induce) link: String,
    pub(in crate::induce) title: Option<String>,
    pub(in crate::induce) published: Option<Date>,
    /// The locale that a rule must name, so that its date can be read.
    pub(in crate::induce) locale: Option<&'static str>,
    /// What all titles begin with, and what is no part of them.
    pub(in crate::induce) label: Option<String>,
}

/// Of a thousand dates, those that must be right for a rule to say where they stand.
const MOSTLY: usize = 700;

/// Selectors of rows for which a whole rule is made.
const FINDERS: usize = 6;

/// What `rows` are sought for: what stands in them now.
pub(in crate::induce) fn sought(document: &Document, rows: &[ListedRow]) -> Vec<Sought> {
    let locale = locale_of_dates(document, rows);
    let mut known = HashSet::new();
    let sought = rows.iter().filter_map(|row| {
        let link = link_of(document, document.element(row.link)?)?;
        let title =
            row.title.and_then(|title| document.element(title)).map(|element| line_within(element, limits::TITLE_READ));
        let published =
            row.date.and_then(|date| document.element(date)).and_then(|date| date_of(document, date, locale));
        known.insert(link.clone()).then_some(Sought { row: *row, link, title, published, locale, label: None })
    });
    without_label(sought.collect())
}

/// Takes off a label that all titles have, as in "Title: The Goose Counts Sacks".
fn without_label(mut sought: Vec<Sought>) -> Vec<Sought> {
    const ROWS: usize = 4;
    const LONGEST: usize = 30;
    let titles = || sought.iter().filter_map(|sought| sought.title.as_deref());
    let label = titles().next().and_then(|title| title.split_once(':')).map(|(label, _)| format!("{label}:"));
    let is_label = |label: &String| label.len() <= LONGEST && titles().all(|title| title.starts_with(label.as_str()));
    let Some(label) = label.filter(|label| titles().count() >= ROWS && is_label(label)) else { return sought };
    for sought in &mut sought {
        sought.title =
            sought.title.as_deref().and_then(|title| title.strip_prefix(&label)).map(|title| title.trim().to_owned());
        sought.label = Some(label.clone());
    }
    sought
}

/// The date that an element shows, in that locale if it is known.
pub(in crate::induce) fn date_of(document: &Document, element: Element<'_>, locale: Option<&str>) -> Option<Date> {
    let stated = ["datetime", "content"].iter().find_map(|name| element.attr(name)).map(str::to_owned);
    let text = stated.unwrap_or_else(|| line_within(element, limits::TITLE_READ));
    let mut hint = hint(document);
    hint.locale = locale.and_then(Locale::parse).or(hint.locale);
    dates::read(&text, &hint, moment()).date()
}

/// The best rule for what is sought.
pub(in crate::induce) fn synthesis(document: &mut Document, sought: &[Sought], demand: Demand) -> Option<Made> {
    let rows: Vec<ListedRow> = sought.iter().map(|sought| sought.row).collect();
    let links: HashSet<String> = sought.iter().map(|sought| sought.link.clone()).collect();
    let loss = if demand == Demand::Lasting { LOOSE } else { 0 };
    let mut best: Option<Made> = None;
    for finder in finders(document, &rows, &links, loss).into_iter().take(FINDERS) {
        let made = Making { document, sought, finder: &finder }.made();
        let is_better = |best: &Made| match demand {
            Demand::Exact => best.marks < made.marks,
            Demand::Lasting => best.worth() < made.worth(),
        };
        if best.as_ref().is_none_or(is_better) {
            best = Some(made);
        }
        if best.as_ref().is_some_and(|best| best.marks == Marks { links: 1000, titles: 1000, dates: 1000 }) {
            break;
        }
    }
    best
}

/// The rule for rows that have a name, even if other elements have it: where a link is looked for in them may tell them apart.
pub(in crate::induce) fn by_name(document: &mut Document, sought: &[Sought], css: &str) -> Made {
    let rows = sought.iter().map(|sought| sought.row.element).collect();
    Making { document, sought, finder: &Finder { css: css.to_owned(), rows, cost: 0 } }.made()
}

/// The rule with titles that are cut out of what it reads now, if that makes more of them as they are known.
pub(in crate::induce) fn cut(
    document: &mut Document,
    made: Made,
    sought: &[Sought],
    known: &HashMap<String, String>,
) -> Made {
    let right = |seen: &[Seen]| {
        let is_right = |seen: &&Seen| {
            let title = known.get(&seen.link).zip(seen.title.as_ref());
            title.is_some_and(|(known, title)| likeness(known, title) == Likeness::Same)
        };
        seen.iter().filter(is_right).count()
    };
    let texts: HashMap<&str, &str> =
        sought.iter().filter_map(|sought| Some((sought.link.as_str(), sought.title.as_deref()?))).collect();
    let pairs: Vec<(&str, &str)> =
        known.iter().filter_map(|(link, title)| Some((*texts.get(link.as_str())?, title.as_str()))).collect();
    let mut best = (right(&made.seen), made);
    if best.0 * 20 >= pairs.len() * 19 {
        return best.1;
    }
    let written = match best.1.draft.get("title") {
        [Way::Short(written)] if is_xpath(written) || !written.contains('@') => vec![written.clone()],
        _ => title_ways(document, sought).into_iter().take(1).flatten().take(1).collect(),
    };
    for (css, pattern) in written.iter().flat_map(|css| patterns(&pairs).into_iter().map(move |pattern| (css, pattern)))
    {
        let mut draft = best.1.draft.clone();
        let source = if is_xpath(css) { "xpath" } else { "css" };
        draft.set("title", vec![Way::Table(vec![(source.to_owned(), css.clone()), ("match".to_owned(), pattern)])]);
        let seen = trial(document, &draft);
        if right(&seen) > best.0 {
            best = (right(&seen), Made { draft, seen, ..best.1.clone() });
        }
    }
    best.1
}

/// Where the titles that are sought stand in their rows, best first; each a list of fallbacks.
pub(in crate::induce) fn title_ways(document: &mut Document, sought: &[Sought]) -> Vec<Vec<String>> {
    let rows: Vec<NodeId> = sought.iter().map(|sought| sought.row.element).collect();
    let finder = Finder { css: String::new(), rows, cost: 0 };
    let ways = Making { document, sought, finder: &finder }.ways("title");
    let short = |way: Way| if let Way::Short(written) = way { Some(written) } else { None };
    ways.into_iter().filter_map(|ways| ways.into_iter().map(short).collect()).collect()
}

struct Making<'m> {
    document: &'m mut Document,
    sought: &'m [Sought],
    finder: &'m Finder,
}

impl Making<'_> {
    fn made(mut self) -> Made {
        let mut draft = Draft::default();
        draft.set("item", vec![Way::Short(self.finder.css.clone())]);
        let mut made = self.tried(draft);
        if made.marks.links < 1000 {
            made = self.with("link", &made);
        }
        if made.marks.titles < 1000 {
            made = self.with("title", &made);
        }
        if made.marks.dates < 1000 {
            made = self.with("published", &made);
        }
        made
    }

    fn tried(&mut self, draft: Draft) -> Made {
        let seen = trial(self.document, &draft);
        let marks = marks_of(self.sought, &seen);
        Made { draft, seen, marks, cost: self.finder.cost }
    }

    /// The rule with this field, if that is better with it.
    fn with(&mut self, field: &str, without: &Made) -> Made {
        let ways = self.ways(field);
        let mut best = without.clone();
        let whole = |made: &Made| match field {
            "link" => made.marks.links,
            "title" => made.marks.titles,
            _ => made.marks.dates,
        };
        for ways in ways {
            let mut draft = without.draft.clone();
            draft.set(field, ways);
            let made = self.tried(draft);
            // Dates that are mostly not those of the rows are worse than none.
            let is_right = field != "published" || made.marks.dates >= MOSTLY;
            if is_right && made.marks > best.marks {
                best = made;
            }
            if whole(&best) == 1000 {
                break;
            }
        }
        best
    }

    fn ways(&self, field: &str) -> Vec<Vec<Way>> {
        let document = &*self.document;
        let aims: Vec<Aim> = self
            .sought
            .iter()
            .zip(&self.finder.rows)
            .map(|(sought, row)| {
                let at = match field {
                    "link" => Some(sought.row.link),
                    "title" => sought.row.title,
                    _ => sought.row.date,
                };
                Aim { row: *row, at }
            })
            .collect();
        let judge = |number: usize, found: &[Element<'_>]| {
            let sought = self.sought.get(number)?;
            match field {
                "link" => found.iter().find_map(|found| link_of(document, *found)).map(|link| link == sought.link),
                "title" => {
                    let title = found
                        .iter()
                        .map(|found| line_within(*found, limits::TITLE_READ))
                        .find(|title| !title.is_empty())?;
                    let title = sought.label.as_deref().map_or(Some(title.as_str()), |label| title.strip_prefix(label));
                    Some(sought.title.as_deref() == title.map(str::trim))
                }
                _ => dated(document, sought, found),
            }
        };
        let (inside, outside): (Vec<Aim>, Vec<Aim>) = aims.iter().partition(|aim| is_inside(document, **aim));
        let mut found: Vec<Vec<String>> = Vec::new();
        if inside.iter().any(|aim| aim.at.is_some()) {
            let all: Vec<Aim> = aims
                .iter()
                .map(|aim| if is_inside(document, *aim) { *aim } else { Aim { at: None, ..*aim } })
                .collect();
            found.extend(ways(document, &all, &judge));
        }
        if outside.iter().any(|aim| aim.at.is_some()) {
            let beside = beside(document, &outside);
            found.extend(beside.into_iter().map(|way| vec![way]));
        }
        if field == "title" {
            found.extend(self.stated());
        }
        let first = self.sought.first();
        let refinement = match field {
            "published" => first.and_then(|sought| sought.locale).map(|locale| ("locale", locale.to_owned())),
            "title" => first
                .and_then(|sought| sought.label.as_deref())
                .map(|label| ("match", format!(r"^{}\s*(.+)", regex::escape(label)))),
            _ => None,
        };
        let way = |written: String| match &refinement {
            Some((key, value)) => refined(&written, key, value),
            None => Way::Short(written),
        };
        found.into_iter().map(|ways| ways.into_iter().map(way).collect()).collect()
    }

    /// Ways to titles that stand in attributes of the row or of its link.
    fn stated(&self) -> Vec<Vec<String>> {
        let document = &*self.document;
        let mut found = Vec::new();
        for name in ["aria-label", "title"] {
            let has = |id: NodeId| document.element(id).is_some_and(|element| element.attr(name).is_some());
            if self.finder.rows.iter().all(|row| has(*row)) {
                found.push(vec![format!("@{name}")]);
            } else if self.sought.iter().all(|sought| has(sought.row.link)) {
                found.push(vec![format!("a[{name}] @{name}")]);
            }
        }
        found
    }
}

/// A way with a refinement.
pub(in crate::induce) fn refined(written: &str, key: &str, value: &str) -> Way {
    let source = if is_xpath(written) { "xpath" } else { "css" };
    let (place, attr) = match written.rsplit_once(" @") {
        Some((css, attr)) if source == "css" => (css, Some(attr)),
        _ => written.strip_prefix('@').map_or((written, None), |attr| (":scope", Some(attr))),
    };
    let attr = attr.map(|attr| ("attr".to_owned(), attr.to_owned()));
    let source = (source.to_owned(), place.to_owned());
    Way::Table([source].into_iter().chain(attr).chain([(key.to_owned(), value.to_owned())]).collect())
}

fn is_inside(document: &Document, aim: Aim) -> bool {
    let at = aim.at.and_then(|at| document.element(at));
    at.is_none_or(|at| {
        at.id() == aim.row || at.ancestors().any(|above: ego_tree::NodeRef<'_, _>| above.id() == aim.row)
    })
}

/// Whether the first date that can be read in what was found is the one that is sought.
fn dated(document: &Document, sought: &Sought, found: &[Element<'_>]) -> Option<bool> {
    let Some(published) = sought.published else {
        // It can't be read without knowing more of the site: then its place counts.
        let first: NodeId = found.first()?.id();
        return Some(sought.row.date == Some(first));
    };
    let read = found.iter().find_map(|found| date_of(document, *found, sought.locale))?;
    Some(read == published)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Read as _;
    use std::path::Path;

    use super::*;
    use crate::config::{self, Site};
    use crate::extract::{Circumstances, listing};
    use crate::item::Field;
    use crate::page::XPathValue;
    use crate::rule::{Elements, Extractor, Rows, Source};
    use crate::webpage::{Page, Signs, Validators};
    use crate::weburl::WebUrl;

    /// The pages of a corpus that have a rule, with it.
    fn pages(corpus: &str) -> Option<Vec<(String, Site, Document)>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let named = std::env::var_os("FEEDMILL_CORPORA").unwrap_or_else(|| "../shared/corpora".into());
        let folder = root.join(named).join(corpus);
        let Ok(truth) = fs::read_to_string(folder.join("truth.jsonl")) else {
            eprintln!("!!! SKIPPED: no corpus at {}", folder.display());
            return None;
        };
        let path = root.join(format!("tests/corpora/{corpus}.toml"));
        let plan = config::parse(&fs::read_to_string(&path).unwrap(), &path).unwrap();
        let page = |line: &str| {
            let truth: serde_json::Value = serde_json::from_str(line).unwrap();
            let id = truth["id"].as_str()?.to_lowercase();
            let site = Site::clone(plan.sites.get(&id)?);
            let base = truth["base"].as_str().or(truth["url"].as_str()).filter(|base| !base.is_empty());
            let url = base.map_or_else(|| site.url.clone(), |base| WebUrl::parse(base).unwrap());
            let mut body = Vec::new();
            let file = fs::File::open(folder.join(truth["html"].as_str()?)).unwrap();
            flate2::read::MultiGzDecoder::new(file).read_to_end(&mut body).unwrap();
            let page = Page {
                url,
                content_type: None,
                body: body.into(),
                validators: Validators::default(),
                fresh_for: None,
                signs: Signs::default(),
            };
            Some((id, site.clone(), Document::read(&page, site.rule.charset).unwrap()))
        };
        Some(truth.lines().filter_map(page).collect())
    }

    /// The first element that one of the extractors finds in a row.
    fn first(document: &Document, row: Element<'_>, extractors: &[Extractor]) -> Option<NodeId> {
        let find = |extractor: &Extractor| match &extractor.source {
            Source::Css(css) if css.is_scope() => Some(row.id()),
            Source::Css(css) if css.leaves_row() => {
                let after = row.next_siblings().filter_map(Element::wrap).take(12);
                let mut below = after.flat_map(|sibling| sibling.descendent_elements().collect::<Vec<_>>());
                below.find(|at| css.compiled().matches_with_scope(at, Some(row))).map(|at| at.id())
            }
            Source::Css(css) => row.select(css.compiled()).next().map(|at| at.id()),
            Source::XPath(xpath) => match document.xpath(xpath, Some(row.id()), 1).ok()?.into_iter().next()? {
                XPathValue::Element(id) | XPathValue::Attribute { of: id, .. } => Some(id),
                XPathValue::Text(_) => None,
            },
            _ => None,
        };
        extractors.iter().find_map(find)
    }

    /// The rows that a page's rule finds, as if they had been found by looking.
    fn truth(document: &mut Document, site: &Site) -> Vec<ListedRow> {
        let now = moment();
        let reading = listing(document, &site.rule, Circumstances { now, explain: false });
        let links: HashSet<String> = reading.entries.iter().map(|entry| entry.link().unwrap().essence()).collect();
        let titles: HashSet<String> = reading
            .entries
            .iter()
            .filter_map(|entry| entry.found.ruled.title.as_ref().or(entry.found.automatic.title.as_ref()))
            .map(ToString::to_string)
            .collect();
        let document = &*document;
        let Some(Rows::Elements(Elements::Css(css))) = site.rule.listing.item.first() else { panic!("rows by CSS") };
        let fields = &site.rule.listing.fields;
        let mut seen = HashSet::new();
        let row = |row: Element<'_>| {
            let after = row.next_siblings().filter_map(Element::wrap).take(8);
            let near =
                row.descendent_elements().chain(after.flat_map(|next| next.descendent_elements().collect::<Vec<_>>()));
            let near: Vec<Element<'_>> = near.collect();
            let of = |at: &Element<'_>| link_of(document, *at).filter(|link| links.contains(link));
            let named = first(document, row, fields.extractors(Field::Link)).and_then(|id| document.element(id));
            let link =
                named.filter(|at| of(at).is_some()).or_else(|| near.iter().copied().find(|at| of(at).is_some()))?;
            seen.insert(of(&link)?).then_some(())?;
            let ruled = fields.extractors(Field::Title);
            let is_attr = ruled.iter().any(|extractor| extractor.refine.attr.is_some());
            let inside = || {
                row.descendent_elements()
                    .find(|at| titles.contains(&line_within(*at, limits::TITLE_READ)))
                    .map(|at| at.id())
            };
            let title = if is_attr { None } else { first(document, row, ruled).or_else(inside) };
            let ruled = fields.extractors(Field::Published);
            let time = || {
                let mut times = row.descendent_elements();
                times.find(|at| at.value().name() == "time" && at.attr("datetime").is_some()).map(|at| at.id())
            };
            let date = first(document, row, ruled).or_else(time).filter(|_| !fields.is_off(Field::Published));
            Some(ListedRow { element: row.id(), link: link.id(), title, date })
        };
        document.select(css).filter_map(row).collect()
    }

    #[test]
    fn rules_for_the_true_rows_find_them_again() {
        let (mut pages_seen, mut exact) = (0, 0);
        for corpus in ["listings-ruled", "listings-courts"] {
            for (id, site, mut document) in pages(corpus).unwrap_or_default() {
                let rows = truth(&mut document, &site);
                let sought = sought(&document, &rows);
                let started = std::time::Instant::now();
                let made = synthesis(&mut document, &sought, Demand::Exact);
                let took = started.elapsed().as_millis();
                pages_seen += 1;
                let Some(made) = made else {
                    eprintln!("--- {id}: {} rows, no rule ({took} ms)\n", sought.len());
                    continue;
                };
                let text = made.draft.to_string();
                let is_exact = made.marks.links == 1000 && text.lines().count() <= 8;
                exact += usize::from(is_exact);
                eprintln!(
                    "--- {id}: {} rows, {:?} {} ({took} ms)\n{text}",
                    sought.len(),
                    made.marks,
                    if is_exact { "" } else { "NOT EXACT" }
                );
            }
        }
        eprintln!("{exact} of {pages_seen} pages exact");
        assert!(exact * 100 >= pages_seen * 97, "{exact} of {pages_seen}");
    }
}

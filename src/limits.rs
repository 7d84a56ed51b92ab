//! Every ceiling of the program, named, with its unit and its reason. Nothing grows past one of these.
//!
//! A site's rule may lower a size; only the constants here say how far up it may go.

use std::time::Duration;

/// Bytes of a response body after decompression. A long article page is 1 to 3 MB; beyond 10 MiB it is no page.
pub const BODY_BYTES: usize = 10 * 1024 * 1024;
/// Redirects that one fetch follows. RFC 9309 and browsers' practice ask for at least five.
pub const REDIRECTS: usize = 5;
/// Time to look a name up.
pub const DNS: Duration = Duration::from_secs(5);
/// Names that are looked up at once: each keeps one of [`THREADS`], and a name server that is silent keeps it for long.
pub const LOOK_UPS: usize = 64;
/// Time to open a connection, TLS included.
pub const CONNECT: Duration = Duration::from_secs(10);
/// Time from the request to the head of the response.
pub const FIRST_BYTE: Duration = Duration::from_secs(20);
/// Longest silence between two pieces of a body.
pub const BODY_GAP: Duration = Duration::from_secs(15);
/// One whole exchange, redirects included: what a server that dribbles may cost us.
pub const EXCHANGE: Duration = Duration::from_mins(1);
/// Headers that an upstream response may carry.
pub const RESPONSE_HEADERS: usize = 200;
/// Bytes of names and values in an upstream response's head.
pub const RESPONSE_HEAD_BYTES: usize = 64 * 1024;
/// The least and the most that a `Retry-After` can ask for: a site that says "now" means "not at once", and one that
/// says "next year" has made a mistake.
pub const RETRY_AFTER_LEAST: Duration = Duration::from_secs(1);
/// See [`RETRY_AFTER_LEAST`].
pub const RETRY_AFTER_MOST: Duration = Duration::from_hours(24);
/// The longest that an answer's `Cache-Control` or `Expires` is believed: what is to be read for years still has news
/// within a day.
pub const FRESH_MOST: Duration = Duration::from_hours(24);
/// A zstd window, as a power of two: the 8 MiB that RFC 9659 allows on the web. A frame may claim gigabytes.
pub const ZSTD_WINDOW_LOG: u32 = 23;
/// Requests in flight to one host, across all sites.
pub const HOST_CONCURRENCY: usize = 4;
/// Least time between the starts of two requests to one host.
pub const HOST_GAP: Duration = Duration::from_millis(100);
/// How much longer than asked for a gap may be, as a part of it: never shorter.
pub const GAP_JITTER: f64 = 0.25;
/// Requests that wait for their turn at one host: far more than a refresh of every site that one host can have brings.
pub const HOST_QUEUE: usize = 2_048;
/// Hosts that are held in memory, and as many in the archive; past this, those whose loss costs least are forgotten.
pub const HOSTS: usize = 4_096;
/// Failures in a row after which a host is left alone: addresses that fail, or attempts to reach it.
pub const HOST_FAILURES: u32 = 5;
/// How long it is left alone for the first time; twice as long each further time.
pub const HOST_CLOSED: Duration = Duration::from_mins(1);
/// The longest that it is left alone: an hour is what feeds are refreshed in, and a host that is back is found within it.
pub const HOST_CLOSED_MOST: Duration = Duration::from_hours(1);
/// Bytes of a robots.txt that are read: RFC 9309, section 2.5, asks for 500 KiB at least.
pub const ROBOTS_BYTES: usize = 512 * 1024;
/// Bytes compared to judge one address by a robots.txt: many times what a sensible one takes, and a few milliseconds.
pub const ROBOTS_WORK: usize = 20_000_000;
/// Bytes of all rules in memory; past this, hosts are forgotten as if there were too many.
pub const ROBOTS_IN_MEMORY: usize = 64 * 1024 * 1024;
/// The longest that a copy of a robots.txt holds (RFC 9309, section 2.4), and what one holds if the site does not say.
pub const ROBOTS_MOST: Duration = Duration::from_hours(24);
/// The shortest that a copy holds, whatever the site says: a refresh must not ask for it with every page.
pub const ROBOTS_LEAST: Duration = Duration::from_mins(10);
/// When a robots.txt that cannot be had is asked for again.
pub const ROBOTS_RETRY: Duration = Duration::from_mins(10);
/// How long one that cannot be had forbids everything (RFC 9309, section 2.3.1.4, names this time).
pub const ROBOTS_GIVEN_UP: Duration = Duration::from_hours(30 * 24);
/// One whole exchange for a robots.txt: the pages wait for it.
pub const ROBOTS_EXCHANGE: Duration = Duration::from_secs(15);
/// The longest `Crawl-delay` that is kept: with more, a listing and its news would take longer than they stay news.
pub const CRAWL_DELAY_MOST: Duration = Duration::from_secs(30);
/// Bytes of what the archive remembers of hosts: with more, those not heard of for longest are forgotten.
pub const HOSTS_ARCHIVED_BYTES: i64 = 64 * 1024 * 1024;
/// HTTP clients: one serves every site without exceptions and proxy, each set of exceptions needs its own.
pub const CLIENTS: usize = 64;

/// Levels of nesting in a document; browsers stop at the same depth.
pub const DOCUMENT_DEPTH: usize = 512;
/// Nodes of a document: about 100 MB of memory.
pub const DOCUMENT_NODES: usize = 500_000;
/// Time for one parse: a backstop for inputs that are slow without being deep or large.
pub const PARSE: Duration = Duration::from_secs(5);
/// Parsed documents alive at once in the whole process; each may cost as much as [`DOCUMENT_NODES`] says.
pub const DOCUMENTS: usize = 4;
/// Bytes that are read of a page that comes with an error: gatekeepers say who they are at its beginning.
pub const REFUSAL_BYTES: usize = 64 * 1024;
/// Time for them: an error must not take as long as a page.
pub const REFUSAL_TIME: Duration = Duration::from_secs(2);
/// Bytes of JSON-LD read from one page.
pub const JSON_LD_BYTES: usize = 1024 * 1024;

/// Bytes of text, elements counted as one each, that are read for what the markup of one document and of its rows
/// describes: several times a long page. Elements nested in each other would tell the same text hundreds of times.
pub const MARKED_BYTES: usize = 16 * 1024 * 1024;

/// Steps from node to node that one XPath evaluation may take: as many nodes it may hold, 100 MB of them.
pub const XPATH_WORK: u64 = 5_000_000;
/// The same for all evaluations on one document: about a second. An ordinary rule takes a thousandth of it.
pub const XPATH_WORK_OF_DOCUMENT: u64 = 20_000_000;
/// Time for them: a backstop, should steps be slow.
pub const XPATH_TIME: Duration = Duration::from_secs(2);
/// Values that one JSONPath expression may have to look at.
pub const JSON_PATH_WORK: u64 = 20_000_000;
/// Steps of all the ways that it may write down to the values that `..` finds: some 24 bytes each.
pub const JSON_PATH_STEPS: u64 = 8_000_000;
/// JSON values read from one element of a page: assignments in a script.
pub const EMBEDDED_JSON_VALUES: usize = 16;

/// Entries taken from one listing, unless its rule says otherwise (`limit`): more than any page lists that is meant to be read.
pub const ENTRIES_OF_A_PAGE: usize = 100;
/// Rows read from one listing, whatever a rule says.
pub const LISTING_ROWS: usize = 500;
/// Elements of one row that are looked at when a list is looked for: a row is not a page.
pub const ROW_ELEMENTS: usize = 200;
/// Letters of a link that are read when a list is looked for: cards that are links as a whole tell less.
pub const LINK_TEXT: usize = 1_000;
/// Bytes of a text that may be a title or a date which are read when a list is looked for: texts are read again and again for
/// each selector that is tried, and no title is so long.
pub const TITLE_READ: usize = 1_000;
/// Groups of links of one page that are looked at as lists: the menus and lists of large news fronts are about a hundred.
pub const LINK_GROUPS: usize = 150;
/// Texts of one page that are read as dates when a list is looked for: rows have one or two.
pub const DATES_OF_A_PAGE: usize = 4_000;
/// Images of one page that are looked at for the one that is told about elsewhere.
pub const IMAGES: usize = 500;
/// Entries of a JSON document, a feed or a sitemap that are looked at for the newest ones: as many as a sitemap may have.
pub const JSON_ROWS: usize = 50_000;
/// How much JSON is parsed: a map counts as eight other values. A map takes some 800 bytes, so that the worst document
/// takes about 200 MB.
pub const JSON_WEIGHT: usize = 2_000_000;
/// Levels of an RSS or Atom feed: its parser calls itself for each.
pub const FEED_DEPTH: usize = 256;
/// Elements of an RSS or Atom feed.
pub const FEED_ELEMENTS: usize = 500_000;
/// Entries of an RSS or Atom feed: each takes some 700 bytes, however empty it is.
pub const FEED_ENTRIES: usize = 50_000;
/// Bytes that Media RSS lets a feed say about its media, counted for each medium that they are copied to.
pub const FEED_MEDIA_BYTES: usize = 64 * 1024 * 1024;
/// Sitemaps that are taken from an index: the newest ones.
pub const SITEMAPS: usize = 50;
/// Links of one page that are looked at for where its list goes on: the pages of a list are named among the first.
pub const LINKS: usize = 5_000;
/// Addresses of one site's listing. Who has more of them has several sites.
pub const ADDRESSES: usize = 50;
/// Pages of one listing that are read in one refresh: with twenty-five rows each, as many as [`LISTING_ROWS`].
pub const LISTING_PAGES: usize = 20;
/// Pages behind the first ones that all addresses of one listing together may lead to in one refresh.
pub const FURTHER_PAGES: usize = 100;
/// Addresses of one listing that are asked at the same time; hosts set narrower bounds of their own.
pub const ADDRESSES_AT_ONCE: usize = 4;
/// Entries that the addresses of one listing yield together: several times what a feed can show.
pub const ENTRIES: usize = 2_000;
/// Pages of one article that are joined: more than any text is cut into, and an end to calendars that go on for ever.
pub const ARTICLE_PAGES: usize = 20;
/// Pages beyond the articles' own in one refresh: those that articles go on with, and other versions of them.
pub const FURTHER_ARTICLE_PAGES: usize = 200;
/// Article pages fetched in one refresh; the rest follow in the next.
pub const ARTICLES_A_REFRESH: usize = 50;
/// Bytes of one text field.
pub const FIELD_BYTES: usize = 64 * 1024;
/// Bytes of one item's content.
pub const CONTENT_BYTES: usize = 1024 * 1024;
/// Blocks of text on a page in which the article is looked for without a rule. Long articles have a few hundred, whole books
/// some thousands; each takes half a kilobyte while it is weighed.
pub const TEXT_BLOCKS: usize = 50_000;
/// Pieces of a text that are compared with those of the site's other texts: an article has some dozens.
pub const TEXT_PIECES: usize = 4_000;
/// Texts of one refresh that are compared with each other: what three of six have in common, a dozen have.
pub const TEXTS_COMPARED: usize = 12;
/// Pieces of text that are remembered as none of a site's articles': pages have a handful of them.
pub const BOILERPLATE: usize = 64;
/// Titles of a page that its text is compared with: there are three or four places for them.
pub const TITLES: usize = 6;
/// Characters of a text that are looked through for a date: a byline is shorter, and what is longer is the article.
pub const DATE_CHARS: usize = 500;
/// Dates in one such text that are looked at, to find which is that of publication.
pub const DATES_IN_A_TEXT: usize = 8;
/// Bytes of a line of a page that may tell when an article was published, or by whom: what is longer is the article.
pub const LINE_BYTES: usize = 240;
/// Lines of a page that are kept to look for dates in: what stands behind so many is not beside a heading.
pub const LINES: usize = 4_000;
/// Of those that seem to hold a date, how many are read.
pub const DATED_LINES: usize = 60;
/// Bytes of a page's scripts that are looked through for the date of an article that shows none: the state of a large
/// application.
pub const STATE_BYTES: usize = 1024 * 1024;
/// Values of one field that takes many (authors, categories, enclosures).
pub const VALUES: usize = 50;
/// Headings of a page that its title is compared with, and places in a title where the site's name may begin: each is
/// read anew.
pub const HEADINGS: usize = 8;
/// Bytes of a heading that may be an article's: what is longer holds more than a headline.
pub const HEADING_BYTES: usize = 600;
/// Elements that one text is put together from (`all = true`): the paragraphs of the longest reports, several times.
pub const PIECES: usize = 2_000;
/// Notes kept in one report: enough to see the pattern.
pub const REPORT_NOTES: usize = 100;
/// Characters of a value shown in a report or a trace.
pub const SHOWN_CHARS: usize = 200;
/// Hashes in one sketch of a site's profile: the share that it tells is right within some ten in a hundred.
pub const SKETCH: usize = 64;
/// Tokens of the page around a list that are looked at: the largest pages have some thousand classes.
pub const FRAME: usize = 5_000;
/// Shapes of links in one site's profile: the sections of a large newspaper.
pub const SHAPES: usize = 24;
/// Bytes of one such shape.
pub const SHAPE_BYTES: usize = 120;
/// Bytes of a rendered edition before compression: readers refuse much larger feeds.
pub const EDITION_BYTES: usize = 5 * 1024 * 1024;

/// Bytes of a configuration, with the files that it includes: thousands of sites fit into a tenth of it.
pub const CONFIG_BYTES: u64 = 8 * 1024 * 1024;
/// Files that a configuration includes: more than anybody keeps in order by hand.
pub const INCLUDED_FILES: usize = 1_000;
/// Bytes of a file that holds a secret: what does not fit into a header is none.
pub const SECRET_BYTES: u64 = 16 * 1024;
/// Problems of a configuration file that are shown at once; whoever mends so many asks again.
pub const PROBLEMS_SHOWN: usize = 100;
/// Places at which a configuration file may fail to be TOML before the rest of it is given up: it is something else.
pub const SYNTAX_ERRORS: usize = 20;
/// Characters of a site's name, which becomes the name of a file.
pub const SITE_NAME_CHARS: usize = 100;
/// Longest time limit that a configuration may set for a phase of a fetch: who waits longer has forgotten why.
pub const LONGEST_TIMEOUT: Duration = Duration::from_secs(150);
/// Characters of a selector or regular expression in a rule.
pub const PATTERN_CHARS: usize = 1_000;
/// Levels of nesting in an XPath or JSONPath expression: their parsers call themselves for each.
pub const EXPRESSION_DEPTH: usize = 32;
/// Memory that one compiled regular expression may take, in bytes.
pub const REGEX_BYTES: usize = 2 * 1024 * 1024;

/// Items that a feed's filter looks at to find those that it shows: twice [`KEEP`]. A filter that
/// lets next to nothing through must not read a whole archive for each edition.
pub const FILTERED_ITEMS: usize = 2_000;

/// Items kept of one site, the newest of them, unless its rule says otherwise: with full texts about 30 MB.
pub const KEEP: usize = 1_000;
/// The most that a rule may ask to keep: more than a busy site brings in ten years.
pub const KEEP_MOST: usize = 100_000;
/// Dropped items of which it stays known who they were, for each item that is kept: some 500 bytes each. Old items that
/// come back to their listing do so within years, not decades.
pub const DROPPED_TIMES: usize = 10;
/// The same for sites that keep next to nothing: several times what a listing can bring.
pub const DROPPED_LEAST: usize = 10_000;
/// Items dropped at once: the file is locked for a few hundredths of a second. The rest follow with the next refresh.
pub const DROPPED_AT_ONCE: usize = 200;
/// Keys that lead to one item: a site that gives its articles new addresses all the time leaves only so many of them.
pub const KEYS: usize = 32;
/// Pages of 4 KiB that the archive gives back to the disk at once, for the same reason.
pub const VACUUMED_PAGES: i64 = 1_000;
/// Size in bytes up to which the whole archive is looked over before it is opened, which takes about a second. Of larger
/// ones what says who the items are is looked over; `feedmill backup` looks at everything.
pub const CHECKED_BYTES: u64 = 256 * 1024 * 1024;
/// Bytes of one kept page, compressed: some 10 MiB as it came. Whatever is longer is hardly an article.
pub const KEPT_PAGE_BYTES: usize = 2 * 1024 * 1024;
/// Bytes of pages kept for one site, compressed: a thousand articles of the usual length. The oldest give way.
pub const KEPT_SITE_BYTES: usize = 32 * 1024 * 1024;
/// The same for all sites together: an archive of that size can still be copied while one waits.
pub const KEPT_BYTES: usize = 1024 * 1024 * 1024;
/// Kept pages that one refresh clears away at most: more than one refresh brings, and a few milliseconds.
pub const KEPT_PRUNED: usize = 300;
/// Items whose kept pages are in memory at once while an edited rule is applied to them.
pub const REBUILT_AT_ONCE: usize = 20;
/// How soon a process notices what another one has written to the archive, such as a rebuilt feed: looking costs next to
/// nothing, and happens at most this often.
pub const NOTICED: Duration = Duration::from_secs(5);

/// How long another process that writes the archive is waited for.
pub const ARCHIVE_BUSY: Duration = Duration::from_secs(5);
/// Bytes that the archive's log shrinks to once its changes are in the archive: two checkpoints' worth.
pub const ARCHIVE_LOG_BYTES: i64 = 8 * 1024 * 1024;

/// Threads that may block: for look-ups, the archive, parses and renderings.
pub const THREADS: usize = 192;
/// Sites that `build` refreshes at the same time.
pub const SITES_AT_ONCE: usize = 16;
/// Longest time that a reader waits for a feed that was never fetched.
pub const FIRST_ANSWER: Duration = Duration::from_secs(25);
/// How long a process holds a site without renewing its hold, as it does all through a refresh: a process that was killed
/// keeps the others away no longer.
pub const LEASE: Duration = Duration::from_secs(30);
/// Time for the listing of one refresh, however many pages it has.
pub const LISTING_TIME: Duration = Duration::from_secs(90);
/// Time for a listing's further pages in the first refresh of a site, for which readers wait: see [`FIRST_ANSWER`].
pub const LISTING_TIME_FIRST: Duration = Duration::from_secs(8);
/// Time for the articles of one refresh. What is not read by then follows in the next.
pub const ARTICLES_TIME: Duration = Duration::from_secs(90);
/// The same for the first refresh of a site, for which readers wait: it leaves [`FIRST_ANSWER`] something for the listing.
pub const ARTICLES_TIME_FIRST: Duration = Duration::from_secs(15);
/// When the next refresh follows one that had no time for all of its articles, or that was a site's first and had none for
/// all pages of its listing.
pub const UNFINISHED: Duration = Duration::from_mins(1);
/// How often a site is asked whose rhythm is to be learnt, before anything is known of it.
pub const AUTO_AT_FIRST: Duration = Duration::from_hours(1);
/// How often it is asked at most: what is newer than that can wait.
pub const AUTO_LEAST: Duration = Duration::from_mins(10);
/// And at least: a site that wakes is noticed on the same day.
pub const AUTO_MOST: Duration = Duration::from_hours(12);
/// Items from whose dates a rhythm is learnt: the newest ones.
pub const RHYTHM_ITEMS: usize = 50;
/// Refreshes ahead of readers at the same time. Those that hang only wait, and cost a connection.
pub const AHEAD_AT_ONCE: usize = 64;
/// Those of them that are of one host: the others of a host that hangs wait in line, and take no place from the rest.
pub const AHEAD_OF_A_HOST: usize = 2;
/// Time between the starts of refreshes of sites that are all due when the program starts: no burst, and ten thousand
/// sites are through in a quarter of an hour.
pub const AHEAD_APART: Duration = Duration::from_millis(100);
/// How long the loop that refreshes ahead sleeps at most.
pub const AHEAD_LOOK: Duration = Duration::from_secs(30);
/// Feeds of sites with parameters that are refreshed ahead, beside those that the configuration names: half of those that
/// are held in memory, so that they do not drive each other out.
pub const AHEAD_INSTANCES: usize = LIVE_INSTANCES / 2;
/// How exactly it is known when a reader last asked for a feed: an hour is little of the days after which it sleeps.
pub const ASKED_COARSENESS: Duration = Duration::from_hours(1);
/// How often that is written down: once for all feeds that were asked for meanwhile.
pub const ASKED_SAVED: Duration = Duration::from_mins(1);
/// First wait after a refresh that failed; doubled with each further one, up to the site's own interval.
pub const RETRY: Duration = Duration::from_mins(1);
/// A site that has failed for long is asked again after this part of that time: for three days, every three hours.
pub const FAILING_PART: u32 = 24;
/// The longest that [`FAILING_PART`] comes to: a site that comes back after a year is noticed within a day.
pub const FAILING_WAIT: Duration = Duration::from_hours(24);
/// How many times a site's interval it is left alone because it says that nothing changes for so long.
pub const BELIEVED_TIMES: u32 = 4;
/// What that is at least, for sites that are asked every few minutes.
pub const BELIEVED_AT_LEAST: Duration = Duration::from_hours(1);
/// What that is at most.
pub const BELIEVED_AT_MOST: Duration = Duration::from_hours(24);
/// Items in a feed: far more than any reader shows, and as many as one listing can bring.
pub const SHOW: usize = 500;

/// Feeds of sites with parameters that are held in memory at once. Anybody can make names of them up; each holds what a
/// site's edition takes.
pub const LIVE_INSTANCES: usize = 256;
/// Feeds that one site with parameters may have in the archive, beside those that the configuration names: anybody who can
/// reach the server can ask for new ones.
pub const INSTANCES: usize = 1_000;
/// How long nobody must have asked for one of them before it gives way to a new one, if there are so many: whoever
/// reads it has come back by then. It is gone with its items.
pub const INSTANCE_IDLE: Duration = Duration::from_hours(30 * 24);
/// Parameters of one site. Each is a segment of the feed's address.
pub const PARAMETERS: usize = 8;
/// Bytes of one parameter's value, percent-encoded: with an extension it is the name of a file, which ends at 255.
pub const VALUE_BYTES: usize = 240;
/// Sites of one merged feed.
pub const MERGED_SITES: usize = 100;
/// Patterns in one query string.
pub const QUERY_PATTERNS: usize = 8;
/// Memory that a regular expression of a query string may take, in bytes: an operator's is trusted with more.
pub const QUERY_REGEX_BYTES: usize = 512 * 1024;
/// Feeds that are filtered by query strings at the same time: one core is enough for them.
pub const NARROWINGS: usize = 1;
/// Feeds filtered by query strings that are kept: a handful of readers' favourites, at [`EDITION_BYTES`] each.
pub const NARROWED: usize = 32;

/// Archived items that a list is looked for by after a redesign: more than most lists show, and few enough to look for each.
pub const EXAMPLES: usize = 100;

/// Connections that the server holds at once.
pub const CONNECTIONS: usize = 4_096;
/// Open files that connections leave to everything else: the archive, and requests to sites.
pub const FILES_KEPT: usize = 256;
/// Bytes of a request's head.
pub const REQUEST_HEAD_BYTES: usize = 16 * 1024;
/// Bytes of a request's target: what RFC 9110, section 4.1, asks everybody to support, and more than any feed's has.
pub const REQUEST_TARGET_BYTES: usize = 8_000;
/// Time for a client to send a request's head; also how long an idle connection is kept.
pub const REQUEST_HEAD: Duration = Duration::from_secs(10);
/// Age at which a connection is closed, whatever it does: a client that never reads holds no task for ever.
pub const CONNECTION_AGE: Duration = Duration::from_mins(5);
/// Time for requests in flight to finish when the server stops.
pub const DRAIN: Duration = Duration::from_secs(10);
/// Time to give leases back when a process ends. With [`DRAIN`] it is less than what service managers wait for.
pub const LAST_WORDS: Duration = Duration::from_secs(3);
/// The same when a second signal says not to wait.
pub const LAST_WORD: Duration = Duration::from_millis(200);
/// How often the server looks whether its configuration was edited: an edit takes effect within five seconds, with
/// [`CONFIG_PAUSE`] and the reading.
pub const CONFIG_LOOK: Duration = Duration::from_secs(2);
/// How long a configuration that was edited must stay as it is before it is read: nobody reads half a file.
pub const CONFIG_PAUSE: Duration = Duration::from_secs(1);
/// How long a connection that the server closes is still read from. Longer than a round trip around the world: until
/// then the client has read the answer.
pub const LINGER: Duration = Duration::from_secs(2);
/// Bytes read from such a connection: a client that sends more does not look at the answer anyway.
pub const LINGER_BYTES: usize = 256 * 1024;
/// Pause after accepting a connection failed for the first time; it doubles with each further time.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
/// Longest such pause: connections that wait are noticed within it.
pub const ACCEPT_PAUSE_MAX: Duration = Duration::from_secs(1);

/// Characters of a sentence about what is wrong with a site, in alarms, notices and status: no page gets in there.
pub const WHY_CHARS: usize = 1_000;
/// Alarms that wait to be told. Beyond that they are counted, logged, and shown by `status`: who has so many at once has
/// one cause.
pub const ALARMS: usize = 1_000;
/// Alarms that are told one by one; more that come together are told in one call.
pub const ALARMS_APART: usize = 5;
/// Rest between two rounds of alarms, in which further ones gather.
pub const ALARM_REST: Duration = Duration::from_secs(5);
/// Time for the operator's command, or for the webhook's answer. Then it is killed, or given up.
pub const ALARM_CALL: Duration = Duration::from_secs(30);
/// How long `build` waits for its last alarms to be told; a server that is stopped waits for them as for requests in
/// flight, see [`DRAIN`].
pub const ALARMS_END: Duration = Duration::from_mins(1);
/// Bytes of what a failing command says on stderr that go into the log.
pub const COMMAND_TALK_BYTES: usize = 1_000;
/// Words of the operator's command.
pub const COMMAND_WORDS: usize = 64;
/// Sites that are named in the metrics: those in trouble, the worst first. Each name is a series that the operator's
/// database keeps.
pub const METRIC_SITES: usize = 100;

/// Feeds that are taken from a page that names them: one for each section, and more than anybody chooses from.
pub const FEEDS_ANNOUNCED: usize = 30;
/// All that `suggest` asks a site for together: a site may let each of a dozen requests hang, and somebody waits.
pub const SUGGESTING: Duration = Duration::from_secs(90);
/// Feeds that `suggest` asks for to see whether they list what the page does: the first ones are the site's own.
pub const FEEDS_TRIED: usize = 4;
/// Requests that `suggest` makes to find a page's entries in the site's sitemaps: an index, and what it leads to.
pub const SITEMAPS_TRIED: usize = 6;
/// Bytes of a page's text by which its language is told: more make it no surer.
pub const SPOKEN_BYTES: usize = 4_096;
/// Moments of a page that tell the offset of its clock.
pub const MOMENTS: usize = 200;
/// Steps into a JSON document at which a list is looked for: what interfaces wrap theirs in is rarely half as deep.
pub const JSON_LIST_DEPTH: usize = 12;
/// Lists of a JSON document that are looked at: a page of news has a dozen.
pub const JSON_LISTS: usize = 200;
/// Places of a JSON document that are looked into for lists: the state of a large page has some thousand.
pub const JSON_PLACES: usize = 10_000;
/// Kinds of elements of a page whose JSON is looked into: a page has a handful.
pub const JSON_HOLDERS: usize = 20;
/// Places of a list's rows that are looked at: a row of a large system has a hundred.
pub const JSON_COLUMNS: usize = 500;

-- Moments are microseconds since 1970-01-01T00:00Z. Columns that are large stand last, so that reading the others
-- does not walk through them.

CREATE TABLE sites (
    name          TEXT    NOT NULL PRIMARY KEY,
    -- What the listing is asked with, and what it was: see SiteState.
    etag          TEXT,
    last_modified TEXT,
    listing       TEXT,
    rule          TEXT,
    title         TEXT,
    head          TEXT,
    tried         INTEGER,
    succeeded     INTEGER,
    changed       INTEGER,
    due           INTEGER,
    failures      INTEGER NOT NULL,
    -- JSON
    outcome       TEXT,
    report        TEXT
) STRICT;

-- AUTOINCREMENT: a number is never given twice, also when the item that had it is gone.
CREATE TABLE items (
    number                INTEGER PRIMARY KEY AUTOINCREMENT,
    site                  TEXT    NOT NULL,
    first_seen            INTEGER NOT NULL,
    -- The item's own date, for sorting; with its offset it stands in the item.
    published             INTEGER NOT NULL,
    digest                TEXT    NOT NULL,
    rule                  TEXT    NOT NULL,
    article_etag          TEXT,
    article_last_modified TEXT,
    article_due           INTEGER,
    article_failures      INTEGER NOT NULL,
    article_read          INTEGER NOT NULL,
    -- JSON
    entry                 TEXT    NOT NULL,
    item                  TEXT    NOT NULL
) STRICT;

CREATE INDEX items_by_date ON items (site, published, number);
CREATE INDEX items_by_due ON items (site, article_due, number) WHERE article_due IS NOT NULL;

-- Everything that leads to an item: keys by the rule, its links, links that it had once.
CREATE TABLE keys (
    site   TEXT    NOT NULL,
    key    TEXT    NOT NULL,
    number INTEGER NOT NULL REFERENCES items (number) ON DELETE CASCADE,
    PRIMARY KEY (site, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX keys_by_number ON keys (number);

-- Who may refresh a site, and until when.
CREATE TABLE leases (
    site   TEXT    NOT NULL PRIMARY KEY,
    holder TEXT    NOT NULL,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Retention: an item that was dropped keeps its number, its id, its dates and its keys, so that it is not taken for a
-- new one when its site lists it again; `entry` and `item` are next to empty. `dropped` is when that was, or when the item
-- stood on the listing again later. It is NULL for nearly all, which is told by the head of a row.
ALTER TABLE items ADD COLUMN dropped INTEGER;
DROP INDEX items_by_date;
CREATE INDEX items_by_date ON items (site, published, number) WHERE dropped IS NULL;
CREATE INDEX items_by_drop ON items (site, dropped, number) WHERE dropped IS NOT NULL;

-- Pages as they were fetched, compressed (see KeptPage): those of an article have its item, those of a listing have none.
CREATE TABLE kept_pages (
    number       INTEGER PRIMARY KEY,
    site         TEXT    NOT NULL,
    item         INTEGER REFERENCES items (number) ON DELETE CASCADE,
    asked        TEXT    NOT NULL,
    found        TEXT    NOT NULL,
    content_type TEXT,
    fetched      INTEGER NOT NULL,
    until        INTEGER NOT NULL,
    size         INTEGER NOT NULL,
    bytes        BLOB    NOT NULL
) STRICT;

CREATE INDEX kept_by_item ON kept_pages (item) WHERE item IS NOT NULL;
CREATE INDEX kept_of_listings ON kept_pages (site, fetched) WHERE item IS NULL;
CREATE INDEX kept_by_site ON kept_pages (site, fetched);
CREATE INDEX kept_by_end ON kept_pages (until);

-- How many bytes of them there are: of each site, and of all together under an empty name.
CREATE TABLE kept_bytes (
    site TEXT    NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER kept_page_comes AFTER INSERT ON kept_pages BEGIN
    INSERT INTO kept_bytes (site, size) VALUES (new.site, new.size), ('', new.size)
        ON CONFLICT (site) DO UPDATE SET size = size + excluded.size;
END;

CREATE TRIGGER kept_page_goes AFTER DELETE ON kept_pages BEGIN
    UPDATE kept_bytes SET size = size - old.size WHERE site IN (old.site, '');
END;

-- An item that waits for its article is not shown before this moment.
ALTER TABLE items ADD COLUMN held_until INTEGER;

CREATE INDEX items_held ON items (site, held_until) WHERE held_until IS NOT NULL;


-- Trouble that has not ended, since when, and the alarm that was raised: JSON, see SiteState.
ALTER TABLE sites ADD COLUMN episode TEXT;
-- How a site departs from what it was, and what it was: JSON, see SiteState.
ALTER TABLE sites ADD COLUMN drift TEXT;
ALTER TABLE sites ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';
-- How often a site was to be asked when its due time was set, in milliseconds: see SiteState.
ALTER TABLE sites ADD COLUMN interval INTEGER;

-- When a reader last asked for a site's feed. No column of sites: a row there says that the site was refreshed.
CREATE TABLE asked (
    site TEXT    NOT NULL PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is remembered of hosts: JSON, see HostMemory. `closed` is the end of a time in which the host is not asked; `changed`
-- and `bytes` are for forgetting those that were not heard of for longest.
CREATE TABLE hosts (
    name    TEXT    NOT NULL PRIMARY KEY,
    memory  TEXT    NOT NULL,
    closed  INTEGER,
    changed INTEGER NOT NULL,
    bytes   INTEGER NOT NULL
) STRICT;
CREATE INDEX hosts_by_change ON hosts (changed, closed, bytes);

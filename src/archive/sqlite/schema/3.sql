-- Retention: an item that was dropped keeps its number, its id, its dates and its keys, so that it is not taken for a
-- new one when its site lists it again; `entry` and `item` are next to empty. `dropped` is when that was, or when the item
-- stood on the listing again later. It is NULL for nearly all, which is told by the head of a row.
ALTER TABLE items ADD COLUMN dropped INTEGER;
DROP INDEX items_by_date;
CREATE INDEX items_by_date ON items (site, published, number) WHERE dropped IS NULL;
CREATE INDEX items_by_drop ON items (site, dropped, number) WHERE dropped IS NOT NULL;
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

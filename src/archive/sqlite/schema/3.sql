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

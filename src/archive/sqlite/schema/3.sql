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

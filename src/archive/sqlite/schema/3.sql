-- How a site departs from what it was, and what it was: JSON, see SiteState.
ALTER TABLE sites ADD COLUMN drift TEXT;
ALTER TABLE sites ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';

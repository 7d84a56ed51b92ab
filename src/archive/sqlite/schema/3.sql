-- Trouble that has not ended, since when, and the alarm that was raised: JSON, see SiteState.
ALTER TABLE sites ADD COLUMN episode TEXT;
-- How a site departs from what it was, and what it was: JSON, see SiteState.
ALTER TABLE sites ADD COLUMN drift TEXT;
ALTER TABLE sites ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';

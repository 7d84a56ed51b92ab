-- Trouble that has not ended, since when, and the alarm that was raised: JSON, see SiteState.
ALTER TABLE sites ADD COLUMN episode TEXT;

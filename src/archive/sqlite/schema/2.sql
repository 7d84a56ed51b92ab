-- A listing may have several pages, each with validators and a fingerprint of its own: JSON, see SiteState.
-- Version 1 did not note which address its validators belonged to, so that each site is asked in full once more.

ALTER TABLE sites DROP COLUMN etag;
ALTER TABLE sites DROP COLUMN last_modified;
ALTER TABLE sites DROP COLUMN listing;
ALTER TABLE sites ADD COLUMN pages TEXT NOT NULL DEFAULT '{}';

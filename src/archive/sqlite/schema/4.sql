-- What Feedmill has made itself for a site: the rule that was found for a table without one, and what mends a rule that fits
-- no longer: JSON, see SelfMade.
ALTER TABLE sites ADD COLUMN made TEXT NOT NULL DEFAULT '{}';

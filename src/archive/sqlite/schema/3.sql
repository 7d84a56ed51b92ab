-- Retention: an item that was dropped keeps its number, its id, its dates and its keys, so that it is not taken for a
-- new one when its site lists it again; `entry` and `item` are next to empty. `dropped` is when that was, or when the item
-- stood on the listing again later. It is NULL for nearly all, which is told by the head of a row.
ALTER TABLE items ADD COLUMN dropped INTEGER;
DROP INDEX items_by_date;
CREATE INDEX items_by_date ON items (site, published, number) WHERE dropped IS NULL;
CREATE INDEX items_by_drop ON items (site, dropped, number) WHERE dropped IS NOT NULL;

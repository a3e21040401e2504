-- What was removed on purpose. Nothing of it is kept but that it was: marks are keyed hashes, by which it is known when it comes again.

CREATE TABLE removals (
    id VARCHAR NOT NULL,
    what VARCHAR NOT NULL,      -- document or person
    said VARCHAR NOT NULL,      -- UTC, seconds
    author VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);

CREATE TABLE marks (
    removal VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,      -- document (its id), url, text (its digest), name, alone (a single name with its party)
    size INTEGER NOT NULL,      -- words of a name
    mark VARCHAR NOT NULL
);

CREATE TABLE removed_from (removal VARCHAR NOT NULL, account VARCHAR NOT NULL);  -- accounts whose records lost something

-- Who wrote a document, in which language, and what its text was taken from: the digest of it always, itself where that was asked for.

ALTER TABLE documents ADD COLUMN author VARCHAR;
ALTER TABLE documents ADD COLUMN language VARCHAR;   -- ISO 639-1
ALTER TABLE documents ADD COLUMN original VARCHAR;   -- SHA-256 of the page or PDF

CREATE TABLE pages (            -- pages and PDFs as they came
    document INTEGER NOT NULL,
    packed BLOB NOT NULL        -- as gzip
);

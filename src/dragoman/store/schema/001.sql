-- The first schema. Facts: documents, accounts (with their claims), judgements, trail. What helps to find candidates: blocks,
-- bands, links, copies. Words of texts: postings. Computed from the facts and remade at will: records and what hangs on them.

CREATE TABLE meta (name VARCHAR NOT NULL, value VARCHAR NOT NULL);

CREATE TABLE documents (
    doc_id VARCHAR NOT NULL,
    url VARCHAR,
    outlet VARCHAR,
    published DATE,
    title VARCHAR,
    text VARCHAR,               -- NULL where texts are left out
    quoted VARCHAR,             -- there the evidence of its accounts stands in for it when words are looked for
    length INTEGER NOT NULL,    -- characters of the text as given
    digest VARCHAR NOT NULL,    -- SHA-256 of the text as given
    source VARCHAR NOT NULL,    -- SHA-256 of the text and all that is known of the document
    version VARCHAR NOT NULL,   -- of the reader
    signature BLOB NOT NULL,    -- by which copies of one wire text are found
    number INTEGER NOT NULL,    -- in postings; never given twice, and a document that is read again gets a new one
    words INTEGER               -- NULL until its words are in postings
);

CREATE SEQUENCE numbers MAXVALUE 2147483647;

CREATE TABLE accounts (
    key VARCHAR NOT NULL,
    doc_id VARCHAR NOT NULL,
    place INTEGER NOT NULL,     -- 0, 1 … in the document
    local_id VARCHAR NOT NULL,  -- its id in the document's line
    day DATE,                   -- latest day that the document tells of; stands in for an unknown day of publication
    visit VARCHAR,              -- key of the account of the visit that it tells this one to be part of
    voices VARCHAR[] NOT NULL,
    claims STRUCT(
        field VARCHAR,
        value VARCHAR,          -- as JSON
        spans STRUCT(field VARCHAR, "start" INTEGER, "end" INTEGER)[],
        basis VARCHAR,
        rule VARCHAR
    )[] NOT NULL
);

CREATE TABLE judgements (
    id VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    field VARCHAR,
    value VARCHAR,              -- as JSON
    author VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    said VARCHAR NOT NULL,      -- UTC, seconds
    withdrawn VARCHAR,
    withdrawn_by VARCHAR
);

CREATE TABLE anchors (          -- what a judgement is about: an account as it was, and which account stands for it now
    judgement VARCHAR NOT NULL,
    side VARCHAR NOT NULL,      -- left or right
    key VARCHAR NOT NULL,
    doc_id VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    evidence VARCHAR NOT NULL,
    account VARCHAR             -- NULL: it is gone, the judgement is kept unbound
);

CREATE TABLE trail (said VARCHAR NOT NULL, what VARCHAR NOT NULL, version VARCHAR NOT NULL, detail VARCHAR NOT NULL);

CREATE TABLE blocks (block BIGINT NOT NULL, account VARCHAR NOT NULL);  -- keys as 64 bits: compared whole, never shown
CREATE TABLE bands (band BIGINT NOT NULL, doc_id VARCHAR NOT NULL);
CREATE TABLE likenesses (a VARCHAR NOT NULL, b VARCHAR NOT NULL);  -- documents with one wire text, in pairs
CREATE TABLE links (a VARCHAR NOT NULL, b VARCHAR NOT NULL, score DOUBLE NOT NULL, reasons VARCHAR[] NOT NULL);

CREATE TABLE mentions (         -- a named participant as told, and the profile of the authority file that it goes to
    account VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    doc_id VARCHAR NOT NULL,
    profile BIGINT NOT NULL,    -- the number of its key
    day INTEGER NOT NULL,       -- of publication, ordinal
    office VARCHAR,
    told VARCHAR                -- ISO day of the engagement
);
CREATE TABLE profiles (
    number BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    party VARCHAR,
    domain VARCHAR NOT NULL,
    day INTEGER NOT NULL,       -- of the earliest mention, which is number ``place`` of ``account``
    account VARCHAR NOT NULL,
    place INTEGER NOT NULL,
    offices STRUCT(office VARCHAR, since VARCHAR, until VARCHAR)[] NOT NULL
);
CREATE TABLE sounds (sound BIGINT NOT NULL, profile BIGINT NOT NULL);  -- keys that profiles of one person share

CREATE TABLE postings (term VARCHAR NOT NULL, level INTEGER NOT NULL, segment INTEGER NOT NULL, docs INTEGER[] NOT NULL, counts INTEGER[] NOT NULL);

-- Computed.
CREATE TABLE components (account VARCHAR NOT NULL, component VARCHAR NOT NULL);  -- accounts that links join, by the smallest key
CREATE TABLE copies (doc_id VARCHAR NOT NULL, original VARCHAR NOT NULL);
CREATE TABLE records (
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    salience VARCHAR NOT NULL,
    first_day DATE,             -- the days that the record's date may touch
    last_day DATE,
    city VARCHAR,
    country VARCHAR,
    places VARCHAR,             -- place as told, city, venue; lower case, for finding
    parties VARCHAR[] NOT NULL,
    topics VARCHAR[] NOT NULL,
    framework VARCHAR,
    sources VARCHAR[] NOT NULL,
    heard VARCHAR NOT NULL,     -- sources and outlets, lower case, for finding
    accounts INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    rejected BOOLEAN NOT NULL,
    visits STRUCT(account VARCHAR, visit VARCHAR)[] NOT NULL,  -- accounts that tell of a visit, and the visit's account
    body VARCHAR NOT NULL       -- the whole record as JSON, but for part_of
);
CREATE TABLE holdings (record VARCHAR NOT NULL, account VARCHAR NOT NULL, doc_id VARCHAR NOT NULL);
CREATE TABLE participations (
    record VARCHAR NOT NULL,
    place INTEGER NOT NULL,
    person VARCHAR,
    name VARCHAR,
    office VARCHAR,
    "rank" VARCHAR,
    party VARCHAR,
    side VARCHAR NOT NULL,
    head BOOLEAN NOT NULL,
    names VARCHAR[] NOT NULL,
    accounts VARCHAR[] NOT NULL
);
CREATE TABLE conflicts (record VARCHAR NOT NULL, field VARCHAR NOT NULL, value VARCHAR NOT NULL, accounts VARCHAR[] NOT NULL);
CREATE TABLE persons (profile BIGINT NOT NULL, person VARCHAR NOT NULL);
CREATE TABLE people (
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    folded VARCHAR NOT NULL,    -- parts of all spellings, for finding
    party VARCHAR,
    engagements INTEGER NOT NULL
);

CREATE VIEW claims AS
SELECT a.key AS account, a.doc_id, c.claim.field AS field, c.claim.value AS value, c.claim.spans AS spans,
       c.claim.basis AS basis, a.voices AS voices, c.claim.rule AS rule, d.version AS version
FROM (SELECT key, doc_id, voices, unnest(claims) AS claim FROM accounts) AS c
JOIN accounts AS a USING (key) JOIN documents AS d ON d.doc_id = a.doc_id;

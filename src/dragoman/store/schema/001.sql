-- The first schema. Facts: documents, accounts (with their claims), judgements, trail. What helps to find candidates: blocks,
-- bands, links, copies. Words of texts: postings. Computed from the facts and remade at will: records and what hangs on them.
--
-- A document is named by its number and a record by its slot. Both grow and are never given twice, so that what belongs together
-- stands together and an index on them is written at its end alone. Keys of accounts, ids of records and of people are kept as
-- the 64 bits that their letters stand for: printf('%016x', key), 'p' || printf('%012x', person).

CREATE TABLE meta (name VARCHAR NOT NULL, value VARCHAR NOT NULL);

CREATE TABLE trail (            -- what was done, when and by which version: a line for each batch of documents that was read
    number INTEGER NOT NULL,
    said VARCHAR NOT NULL,      -- UTC, seconds
    what VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    detail VARCHAR NOT NULL     -- as JSON
);

CREATE SEQUENCE numbers MAXVALUE 2147483647;
CREATE TABLE documents (
    number INTEGER NOT NULL,    -- a document that is read again gets a new one
    code UBIGINT NOT NULL,      -- 64 bits of its id, by which it is found
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
    reading INTEGER NOT NULL,   -- number in the trail
    words INTEGER               -- NULL until its words are in postings
);
CREATE INDEX documents_number ON documents (number);

CREATE TABLE accounts (
    key UBIGINT NOT NULL,
    document INTEGER NOT NULL,
    place INTEGER NOT NULL,     -- 0, 1 … in the document
    day DATE,                   -- latest day that the document tells of; stands in for an unknown day of publication
    visit UBIGINT,              -- key of the account of the visit that it tells this one to be part of
    voices VARCHAR NOT NULL,    -- as JSON
    claims VARCHAR NOT NULL     -- as JSON: field, value, spans, basis, rule of each
);
CREATE INDEX accounts_document ON accounts (document);

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

CREATE TABLE doubts (           -- where a second reader differs
    document INTEGER NOT NULL,
    account UBIGINT,            -- NULL: only the other reader has the engagement
    field VARCHAR,              -- NULL: only one of the two has it
    kept VARCHAR,
    other VARCHAR
);

CREATE TABLE blocks (block UBIGINT NOT NULL, account UBIGINT NOT NULL);  -- keys as 64 bits: compared whole, never shown
CREATE TABLE bands (band UBIGINT NOT NULL, document INTEGER NOT NULL);
CREATE TABLE likenesses (a VARCHAR NOT NULL, b VARCHAR NOT NULL);  -- ids of documents with one wire text, in pairs
CREATE TABLE links (a UBIGINT NOT NULL, b UBIGINT NOT NULL, score DOUBLE NOT NULL, reasons VARCHAR[] NOT NULL);

CREATE TABLE mentions (         -- a named participant as told, and the profile of the authority file that it goes to
    account UBIGINT NOT NULL,
    place INTEGER NOT NULL,     -- number of the participant
    document INTEGER NOT NULL,
    profile UBIGINT NOT NULL,   -- 64 bits of its key
    day INTEGER NOT NULL,       -- of publication, ordinal
    office VARCHAR,
    told VARCHAR                -- ISO day of the engagement
);
CREATE TABLE profiles (
    profile UBIGINT NOT NULL,
    name VARCHAR NOT NULL,
    party VARCHAR,
    domain VARCHAR NOT NULL,
    day INTEGER NOT NULL,       -- of the earliest mention, which is number ``place`` of ``account``
    account VARCHAR NOT NULL,
    place INTEGER NOT NULL,
    offices STRUCT(office VARCHAR, since VARCHAR, until VARCHAR)[] NOT NULL
);
CREATE TABLE sounds (sound UBIGINT NOT NULL, profile UBIGINT NOT NULL);  -- keys that profiles of one person share

CREATE TABLE postings (         -- a word's documents in one segment: their numbers, how often it stands in each, words of each
    term VARCHAR NOT NULL,
    level INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    docs INTEGER[] NOT NULL,
    counts INTEGER[] NOT NULL,
    lengths INTEGER[] NOT NULL
);
CREATE TABLE gone (number INTEGER NOT NULL);  -- documents that are there no more, but stand in postings still

-- Computed.
CREATE TABLE components (account UBIGINT NOT NULL, component UBIGINT NOT NULL);  -- accounts that links join, by the smallest key
CREATE TABLE copies (doc_id VARCHAR NOT NULL, original VARCHAR NOT NULL);
CREATE SEQUENCE slots MAXVALUE 2147483647;
CREATE TABLE records (
    slot INTEGER NOT NULL,
    id UBIGINT NOT NULL,
    body VARCHAR NOT NULL       -- the whole record as JSON, but for part_of
);
CREATE INDEX records_slot ON records (slot);
CREATE TABLE entries (          -- how records are found: a row of each under '', one under each of its parties, one under each of its people
    under VARCHAR NOT NULL,     -- '', a party, or a person's id
    own VARCHAR,                -- in a person's row the party that he or she is there for
    offices VARCHAR NOT NULL,   -- of whom the row is about: everybody, those of the party, the person; as parties below
    slot INTEGER NOT NULL,
    id UBIGINT NOT NULL,
    first_day DATE,             -- the days that the record's date may touch
    last_day DATE,
    month INTEGER,              -- of the first day, counted from the year 0
    kind VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    salience VARCHAR NOT NULL,
    city VARCHAR,
    country VARCHAR,
    framework VARCHAR,
    places VARCHAR,             -- place as told, city, venue; lower case, for finding
    heard VARCHAR NOT NULL,     -- sources and outlets, lower case, for finding
    parties VARCHAR NOT NULL,   -- these three as one text, chr(31) before, between and after
    topics VARCHAR NOT NULL,
    sources VARCHAR NOT NULL,
    sides INTEGER NOT NULL,     -- how many parties
    accounts INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    rejected BOOLEAN NOT NULL
);
CREATE TABLE holdings (slot INTEGER NOT NULL, account UBIGINT NOT NULL, document INTEGER NOT NULL);
CREATE TABLE legs (slot INTEGER NOT NULL, account UBIGINT NOT NULL, visit UBIGINT NOT NULL);  -- accounts that tell of a visit, and its account
CREATE TABLE participations (
    slot INTEGER NOT NULL,
    place INTEGER NOT NULL,
    person UBIGINT,
    name VARCHAR,
    office VARCHAR,
    "rank" VARCHAR,
    party VARCHAR,
    side VARCHAR NOT NULL,
    head BOOLEAN NOT NULL
);
CREATE INDEX participations_slot ON participations (slot);
CREATE TABLE persons (profile UBIGINT NOT NULL, person UBIGINT NOT NULL);
CREATE TABLE people (
    id UBIGINT NOT NULL,
    name VARCHAR NOT NULL,
    folded VARCHAR NOT NULL,    -- parts of all spellings, for finding
    party VARCHAR,
    engagements INTEGER NOT NULL
);

CREATE VIEW claims AS
SELECT printf('%016x', key) AS account, doc_id, claim.field AS field, claim.value AS value, claim.spans AS spans,
       claim.basis AS basis, voices, claim.rule AS rule, version
FROM (
    SELECT a.key, d.doc_id, d.version, from_json(a.voices, '["VARCHAR"]') AS voices, unnest(from_json(a.claims,
        '[{"field": "VARCHAR", "value": "JSON", "spans": [{"field": "VARCHAR", "start": "INTEGER", "end": "INTEGER"}],
        "basis": "VARCHAR", "rule": "VARCHAR"}]')) AS claim
    FROM accounts a JOIN documents d ON d.number = a.document
);

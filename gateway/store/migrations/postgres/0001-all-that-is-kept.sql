-- All instants are epoch milliseconds, UTC. Whatever is JSON is kept as text: its digest is that of the text, and JSON of
-- PostgreSQL's own knows no \u0000.

CREATE TABLE meta (
  name  text PRIMARY KEY,
  value text NOT NULL
);

CREATE TABLE cases (
  id         text PRIMARY KEY,
  opened_by  text NOT NULL,
  members    text[] NOT NULL,
  opened_at  bigint NOT NULL,
  expires_at bigint NOT NULL
);

-- Whoever appends holds the advisory lock of the table's own number until the end of the transaction.
CREATE TABLE ledger (
  sequence bigint PRIMARY KEY,
  id       text NOT NULL UNIQUE,
  at       bigint NOT NULL,
  kind     text, -- as the content says it; NULL once destroyed
  content  text, -- JSON, exactly as digested; NULL once destroyed
  digest   text NOT NULL,
  hash     text NOT NULL
);

-- What can be destroyed, oldest first.
CREATE INDEX ledger_kept ON ledger (kind, at, sequence) WHERE content IS NOT NULL;

-- Whose rows: in segments of 1024 rows, because an append then touches few pages however long the ledger grows.
CREATE TABLE ledger_subjects (
  segment  bigint NOT NULL, -- sequence >> 10
  subject  text NOT NULL, -- a keyed hash
  sequence bigint NOT NULL,
  PRIMARY KEY (segment, subject, sequence)
);

-- Between which rows an hour's rows are.
CREATE TABLE ledger_hours (
  hour           bigint PRIMARY KEY, -- since the epoch
  first_sequence bigint NOT NULL,
  last_sequence  bigint NOT NULL
) WITH (fillfactor = 50);

-- The numbers given last. Whoever takes one holds the row until the end of the transaction, so that what is kept later
-- never gets a lower one than what could be read before.
CREATE TABLE arrivals (
  name text PRIMARY KEY,
  last bigint NOT NULL
) WITH (fillfactor = 50);

INSERT INTO arrivals (name, last) VALUES ('notices', 0), ('erasures', 0), ('versions', 0);

CREATE TABLE notices (
  sequence    bigint PRIMARY KEY,
  id          text NOT NULL UNIQUE,
  upstream    text NOT NULL,
  notice      text NOT NULL,
  received_at bigint NOT NULL,
  subjects    text[] NOT NULL, -- keyed hashes
  fingerprint text NOT NULL,
  sealed      bytea, -- NULL once destroyed
  -- As a seal says it: its second byte is how long the key's id is, which follows.
  sealing_key text GENERATED ALWAYS AS (
    CASE WHEN length(sealed) > 1 THEN encode(substring(sealed FROM 3 FOR get_byte(sealed, 1)), 'escape') END
  ) STORED,
  UNIQUE (upstream, fingerprint)
);

CREATE INDEX notices_in_order ON notices (upstream, notice, sequence);
CREATE INDEX notices_by_subject ON notices USING gin (subjects) WHERE sealed IS NOT NULL;
CREATE INDEX notices_kept ON notices (received_at) WHERE sealed IS NOT NULL;
CREATE INDEX notices_by_sealing_key ON notices (sealing_key) WHERE sealed IS NOT NULL;

CREATE TABLE erasures (
  sequence bigint PRIMARY KEY,
  subject  text NOT NULL, -- a keyed hash
  at       bigint NOT NULL
);

CREATE TABLE quotas (
  key  text NOT NULL,
  day  text NOT NULL, -- 2026-01-31
  used bigint NOT NULL,
  PRIMARY KEY (key, day)
) WITH (fillfactor = 50);

CREATE TABLE versions (
  sequence bigint PRIMARY KEY,
  kind     text NOT NULL,
  id       text NOT NULL,
  digest   text NOT NULL,
  content  text NOT NULL,
  since    bigint NOT NULL
);

CREATE INDEX versions_in_order ON versions (kind, id, sequence);

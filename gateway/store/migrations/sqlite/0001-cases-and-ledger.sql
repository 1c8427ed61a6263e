-- All instants are epoch milliseconds, UTC.

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
  id         TEXT PRIMARY KEY,
  opened_by  TEXT NOT NULL,
  members    TEXT NOT NULL, -- a JSON array of member ids
  opened_at  INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger (
  sequence INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  at       INTEGER NOT NULL,
  content  TEXT, -- JSON, exactly as digested; NULL once destroyed
  digest   TEXT NOT NULL,
  hash     TEXT NOT NULL
) STRICT;

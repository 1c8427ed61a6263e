-- What agencies told us. All instants are epoch milliseconds, UTC.

CREATE TABLE notices (
  sequence    INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of arrival; never used twice
  id          TEXT NOT NULL UNIQUE,
  upstream    TEXT NOT NULL,
  notice      TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  subjects    TEXT NOT NULL, -- a JSON array of keyed hashes
  fingerprint TEXT NOT NULL,
  sealed      BLOB, -- NULL once destroyed
  UNIQUE (upstream, fingerprint)
) STRICT;

CREATE INDEX notices_in_order ON notices (upstream, notice, sequence);

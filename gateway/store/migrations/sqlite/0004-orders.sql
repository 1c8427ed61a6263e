-- Orders, and what happened to them. All instants are epoch milliseconds, UTC; but for what a gateway says of itself
-- (accepted_at, at) they are the store's.

CREATE TABLE submissions (
  sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  capability   TEXT NOT NULL,
  upstream     TEXT NOT NULL,
  member       TEXT NOT NULL,
  case_id      TEXT NOT NULL,
  purpose      TEXT NOT NULL,
  agreement    TEXT NOT NULL,
  order_key    TEXT, -- a keyed hash
  subjects     TEXT NOT NULL, -- a JSON array of keyed hashes
  accepted_at  INTEGER NOT NULL,
  revision     INTEGER NOT NULL,
  state        TEXT NOT NULL,
  awaits       TEXT,
  due_at       INTEGER, -- NULL: no worker may take it
  attempts     INTEGER NOT NULL,
  taken_by     TEXT,
  since        INTEGER NOT NULL, -- in this state
  is_forgotten INTEGER NOT NULL, -- its content goes as soon as it is final
  sealed       BLOB, -- NULL once destroyed
  -- As a seal says it: its second byte is how long the key's id is, which follows.
  sealing_key  TEXT AS (CAST(substr(sealed, 3, unicode(substr(sealed, 2, 1))) AS TEXT)) VIRTUAL
) STRICT;

CREATE INDEX submissions_due ON submissions (upstream, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX submissions_in_turn ON submissions (upstream, order_key, sequence)
  WHERE order_key IS NOT NULL AND state IN ('queued', 'sending', 'uncertain', 'dead');
CREATE INDEX submissions_open ON submissions (state, upstream, since)
  WHERE state IN ('queued', 'sending', 'accepted', 'uncertain', 'dead');
CREATE INDEX submissions_awaiting ON submissions (awaits, sequence) WHERE awaits IN ('officer', 'operator');
CREATE INDEX submissions_of_member ON submissions (member, sequence);
CREATE INDEX submissions_of_case ON submissions (case_id, sequence);
-- What can be destroyed, oldest first.
CREATE INDEX submissions_kept ON submissions (since)
  WHERE sealed IS NOT NULL AND state IN ('confirmed', 'rejected', 'cancelled');
CREATE INDEX submissions_by_sealing_key ON submissions (sealing_key) WHERE sealed IS NOT NULL;

-- Of orders whose content is kept.
CREATE TABLE submission_subjects (
  subject  TEXT NOT NULL, -- a keyed hash
  sequence INTEGER NOT NULL,
  PRIMARY KEY (subject, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
  key         TEXT PRIMARY KEY, -- a keyed hash
  fingerprint TEXT NOT NULL, -- a keyed hash
  submission  TEXT NOT NULL,
  expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_expiring ON idempotency_keys (expires_at);

CREATE TABLE submission_events (
  position   INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
  id         TEXT NOT NULL UNIQUE,
  submission TEXT NOT NULL,
  capability TEXT NOT NULL,
  member     TEXT NOT NULL,
  case_id    TEXT NOT NULL,
  at         INTEGER NOT NULL,
  type       TEXT NOT NULL,
  content    TEXT NOT NULL -- JSON
) STRICT;

CREATE INDEX submission_events_of_submission ON submission_events (submission, position);
CREATE INDEX submission_events_of_member ON submission_events (member, position);
CREATE INDEX submission_events_by_age ON submission_events (at);

CREATE TABLE attachments (
  sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  member       TEXT NOT NULL,
  content_type TEXT NOT NULL,
  bytes        INTEGER NOT NULL,
  arrived_at   INTEGER NOT NULL,
  holds        INTEGER NOT NULL, -- how many orders name it
  sealing_key  TEXT AS (CAST(substr(sealed, 3, unicode(substr(sealed, 2, 1))) AS TEXT)) VIRTUAL,
  sealed       BLOB NOT NULL
) STRICT;

CREATE INDEX attachments_unused ON attachments (arrived_at) WHERE holds = 0;
CREATE INDEX attachments_unused_of_member ON attachments (member, bytes) WHERE holds = 0;
CREATE INDEX attachments_by_sealing_key ON attachments (sealing_key);

-- Which attachments an order names, as long as its content is kept.
CREATE TABLE submission_attachments (
  submission INTEGER NOT NULL, -- its sequence
  attachment INTEGER NOT NULL, -- its sequence
  PRIMARY KEY (submission, attachment)
) STRICT, WITHOUT ROWID;

CREATE TABLE webhooks (
  id       TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL, -- the last one told, or given up
  failures INTEGER NOT NULL,
  due_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Events that an endpoint would not take.
CREATE TABLE dead_events (
  webhook  TEXT NOT NULL,
  position INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  reason   TEXT NOT NULL,
  PRIMARY KEY (webhook, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX dead_events_by_age ON dead_events (at);

-- All instants are epoch milliseconds, UTC. Triggers fill what is looked up, so that an earlier gateway fills it as well.

-- Whose rows: in segments of 1024 rows, because an append then touches few pages however long the ledger grows.
CREATE TABLE ledger_subjects (
  segment  INTEGER NOT NULL, -- sequence >> 10
  subject  TEXT NOT NULL, -- a keyed hash
  sequence INTEGER NOT NULL,
  PRIMARY KEY (segment, subject, sequence)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO ledger_subjects
SELECT sequence >> 10, value, sequence FROM ledger, json_each(content, '$.subjects');

CREATE TRIGGER ledger_appended AFTER INSERT ON ledger BEGIN
  INSERT OR IGNORE INTO ledger_subjects
  SELECT new.sequence >> 10, value, new.sequence FROM json_each(new.content, '$.subjects');
END;

CREATE TRIGGER ledger_destroyed AFTER UPDATE OF content ON ledger WHEN new.content IS NULL BEGIN
  DELETE FROM ledger_subjects
  WHERE segment = old.sequence >> 10 AND sequence = old.sequence
    AND subject IN (SELECT value FROM json_each(old.content, '$.subjects'));
END;

-- Between which rows an hour's rows are; filled by each commit, and at the start for what an earlier gateway appended.
CREATE TABLE ledger_hours (
  hour           INTEGER PRIMARY KEY, -- since the epoch
  first_sequence INTEGER NOT NULL,
  last_sequence  INTEGER NOT NULL
) STRICT;

-- What can be destroyed, oldest first.
CREATE INDEX ledger_kept ON ledger (content ->> '$.kind', at) WHERE content IS NOT NULL;

CREATE TABLE notice_subjects (
  subject  TEXT NOT NULL, -- a keyed hash
  sequence INTEGER NOT NULL,
  PRIMARY KEY (subject, sequence)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO notice_subjects
SELECT value, sequence FROM notices, json_each(subjects) WHERE sealed IS NOT NULL;

CREATE TRIGGER notice_kept AFTER INSERT ON notices BEGIN
  INSERT OR IGNORE INTO notice_subjects SELECT value, new.sequence FROM json_each(new.subjects);
END;

CREATE TRIGGER notice_destroyed AFTER UPDATE OF sealed ON notices WHEN new.sealed IS NULL BEGIN
  DELETE FROM notice_subjects
  WHERE sequence = old.sequence AND subject IN (SELECT value FROM json_each(old.subjects));
END;

CREATE INDEX notices_kept ON notices (received_at) WHERE sealed IS NOT NULL;

-- As a seal says it: its second byte is how long the key's id is, which follows.
ALTER TABLE notices ADD COLUMN sealing_key TEXT
  AS (CAST(substr(sealed, 3, unicode(substr(sealed, 2, 1))) AS TEXT)) VIRTUAL;

CREATE INDEX notices_by_sealing_key ON notices (sealing_key) WHERE sealed IS NOT NULL;

CREATE TABLE erasures (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  subject  TEXT NOT NULL, -- a keyed hash
  at       INTEGER NOT NULL
) STRICT;

CREATE TABLE quotas (
  key  TEXT NOT NULL,
  day  TEXT NOT NULL, -- 2026-01-31
  used INTEGER NOT NULL,
  PRIMARY KEY (key, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE versions (
  sequence INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,
  id       TEXT NOT NULL,
  digest   TEXT NOT NULL,
  content  TEXT NOT NULL,
  since    INTEGER NOT NULL
) STRICT;

CREATE INDEX versions_in_order ON versions (kind, id, sequence);

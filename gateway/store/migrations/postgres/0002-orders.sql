-- Orders, and what happened to them. All instants are epoch milliseconds, UTC; but for what a gateway says of itself
-- (accepted_at, at) they are the database's.

CREATE TABLE submissions (
  sequence     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id           text NOT NULL UNIQUE,
  capability   text NOT NULL,
  upstream     text NOT NULL,
  member       text NOT NULL,
  case_id      text NOT NULL,
  purpose      text NOT NULL,
  agreement    text NOT NULL,
  order_key    text, -- a keyed hash
  subjects     text[] NOT NULL, -- keyed hashes
  accepted_at  bigint NOT NULL,
  revision     bigint NOT NULL,
  state        text NOT NULL,
  awaits       text,
  due_at       bigint, -- NULL: no worker may take it
  attempts     integer NOT NULL,
  taken_by     text,
  since        bigint NOT NULL, -- in this state
  is_forgotten boolean NOT NULL, -- its content goes as soon as it is final
  sealed       bytea, -- NULL once destroyed
  -- As a seal says it: its second byte is how long the key's id is, which follows.
  sealing_key  text GENERATED ALWAYS AS (
    CASE WHEN length(sealed) > 1 THEN encode(substring(sealed FROM 3 FOR get_byte(sealed, 1)), 'escape') END
  ) STORED
);

CREATE INDEX submissions_due ON submissions (upstream, due_at, sequence) WHERE due_at IS NOT NULL;
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
  subject  text NOT NULL, -- a keyed hash
  sequence bigint NOT NULL,
  PRIMARY KEY (subject, sequence)
);

CREATE INDEX submission_subjects_in_order ON submission_subjects (sequence);

CREATE TABLE idempotency_keys (
  key         text PRIMARY KEY, -- a keyed hash
  fingerprint text NOT NULL, -- a keyed hash
  submission  text NOT NULL,
  expires_at  bigint NOT NULL
);

CREATE INDEX idempotency_keys_expiring ON idempotency_keys (expires_at);

-- Nobody who writes waits for another: an event gets its position from who reads, once it can be read. So what is read later
-- never has a lower one than what could be read before.
CREATE TABLE submission_events (
  arrival    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in order for each order
  position   bigint UNIQUE,
  id         text NOT NULL UNIQUE,
  submission text NOT NULL,
  capability text NOT NULL,
  member     text NOT NULL,
  case_id    text NOT NULL,
  at         bigint NOT NULL,
  type       text NOT NULL,
  content    text NOT NULL -- JSON
);

INSERT INTO arrivals (name, last) VALUES ('submission events', 0);

CREATE INDEX submission_events_without_position ON submission_events (arrival) WHERE position IS NULL;
CREATE INDEX submission_events_of_submission ON submission_events (submission, arrival);
CREATE INDEX submission_events_of_member ON submission_events (member, position);
CREATE INDEX submission_events_by_age ON submission_events (at);

CREATE TABLE attachments (
  sequence     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id           text NOT NULL UNIQUE,
  member       text NOT NULL,
  content_type text NOT NULL,
  bytes        integer NOT NULL,
  arrived_at   bigint NOT NULL,
  holds        integer NOT NULL, -- how many orders name it
  sealed       bytea, -- NULL once destroyed
  sealing_key  text GENERATED ALWAYS AS (
    CASE WHEN length(sealed) > 1 THEN encode(substring(sealed FROM 3 FOR get_byte(sealed, 1)), 'escape') END
  ) STORED
);

CREATE INDEX attachments_unused ON attachments (arrived_at) WHERE holds = 0;
CREATE INDEX attachments_unused_of_member ON attachments (member, bytes) WHERE holds = 0 AND sealed IS NOT NULL;
CREATE INDEX attachments_by_sealing_key ON attachments (sealing_key) WHERE sealed IS NOT NULL;

-- Which attachments an order names, as long as its content is kept.
CREATE TABLE submission_attachments (
  submission bigint NOT NULL, -- its sequence
  attachment bigint NOT NULL, -- its sequence
  PRIMARY KEY (submission, attachment)
);

CREATE TABLE webhooks (
  id       text PRIMARY KEY,
  revision bigint NOT NULL,
  position bigint NOT NULL, -- the last one told, or given up
  failures integer NOT NULL,
  due_at   bigint NOT NULL
) WITH (fillfactor = 50);

-- Events that an endpoint would not take.
CREATE TABLE dead_events (
  webhook  text NOT NULL,
  position bigint NOT NULL,
  at       bigint NOT NULL,
  reason   text NOT NULL,
  PRIMARY KEY (webhook, position)
);

CREATE INDEX dead_events_by_age ON dead_events (at);

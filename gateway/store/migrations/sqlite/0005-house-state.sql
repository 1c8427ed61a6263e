-- Small documents that all gateways share: switches, maintenance windows, alarms, and what each gateway says of itself.

CREATE TABLE house_state (
  kind       TEXT NOT NULL,
  id         TEXT NOT NULL,
  revision   INTEGER NOT NULL,
  changed_at INTEGER NOT NULL, -- epoch milliseconds, in the store's time
  content    TEXT NOT NULL, -- JSON
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

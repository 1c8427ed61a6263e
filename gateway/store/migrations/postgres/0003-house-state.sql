-- Small documents that all gateways share: switches, maintenance windows, alarms, and what each gateway says of itself.

CREATE TABLE house_state (
  kind       text NOT NULL,
  id         text NOT NULL,
  revision   bigint NOT NULL,
  changed_at bigint NOT NULL, -- epoch milliseconds, in the store's time
  content    text NOT NULL, -- JSON
  PRIMARY KEY (kind, id)
);

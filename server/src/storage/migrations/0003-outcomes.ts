import type { Migration } from './migration.js'

/** What commands with an idempotency key came to. */
export const outcomes: Migration = {
  version: 3,
  sqlite: `
create table outcomes (
  id integer primary key,
  subject text not null,
  key text not null,
  fingerprint text not null, -- hash of command and params
  outcome text not null, -- JSON
  position integer not null, -- 1, 2, 3, ... of the subject
  total_bytes integer not null, -- of the outcomes of the subject up to this one
  created_at integer not null -- milliseconds since 1970
) strict;
create unique index outcomes_by_key on outcomes (subject, key);
create index outcomes_of_subject on outcomes (subject, position, total_bytes);
create index outcomes_oldest on outcomes (created_at);
`,
}

import type { Migration } from './migration.js'

/** Videos, uploads, jobs, what the stages found, the full-text index, chats, outcomes of keyed commands. */
export const first: Migration = {
  version: 1,
  sqlite: `
-- The tenant is the first part of every key, so that nothing can be looked up without it.
create table videos (
  tenant text not null,
  id text not null,
  title text not null,
  filename text not null,
  state text not null,
  size_bytes integer not null,
  media text not null, -- JSON
  job_id text,
  error text, -- JSON
  created_at text not null,
  updated_at text not null,
  subtitles text, -- JSON: given with the upload or by transcript.put; last, as it may be large
  primary key (tenant, id)
) strict, without rowid;
create index videos_newest on videos (tenant, created_at, id);
create index videos_queued on videos (created_at, id) where state = 'queued';

create table uploads (
  tenant text not null,
  video_id text not null,
  filename text not null,
  title text not null,
  size_bytes integer not null,
  metadata text, -- Upload-Metadata of a tus client
  traceparent text, -- of the job that follows
  created_at text not null,
  expires_at text not null,
  held_by text, -- process that writes to it
  held_until integer, -- milliseconds of the machine's monotonic clock
  subtitles text, -- JSON; last, as it may be large
  primary key (tenant, video_id)
) strict, without rowid;
-- Uploads are listed and summed without reading the rows, whose subtitles may be large.
create index uploads_of_tenant on uploads (tenant, expires_at, video_id, size_bytes);
create index uploads_by_expiry on uploads (expires_at, tenant, video_id, size_bytes);

-- Files that belong to nothing any more: written with the removal of their row, gone when they are.
create table removals (
  tenant text not null,
  video_id text not null,
  primary key (tenant, video_id)
) strict, without rowid;

create table jobs (
  tenant text not null,
  id text not null,
  video_id text not null,
  state text not null,
  attempt integer not null,
  progress real not null,
  stages text not null, -- JSON
  tracks text, -- JSON
  error text, -- JSON
  speed real,
  lease_owner text,
  lease_until integer, -- milliseconds of the store's monotonic clock
  crashes integer not null, -- attempts in a row during which the worker crashed before anything new was found
  deaths integer not null, -- all attempts during which a worker died
  traceparent text,
  created_at text not null,
  started_at text,
  finished_at text,
  primary key (tenant, id),
  foreign key (tenant, video_id) references videos (tenant, id) on delete cascade
) strict, without rowid;
create index jobs_newest on jobs (tenant, created_at, id);
create index jobs_of_video on jobs (tenant, video_id, created_at, id);
-- The state comes first, or SQLite would rather read the whole table.
create index jobs_unfinished on jobs (state, tenant, created_at, id) where state in ('queued', 'running');

-- The tenants whose jobs ran, the one whose turn was longest ago first.
create table turns (
  tenant text primary key,
  turn integer not null
) strict, without rowid;
create index turns_in_order on turns (turn);

create table checkpoints (
  tenant text not null,
  job_id text not null,
  stage text not null,
  data text not null, -- JSON
  primary key (tenant, job_id, stage),
  foreign key (tenant, job_id) references jobs (tenant, id) on delete cascade
) strict, without rowid;

-- What one job found of a kind of content. A video has at most one complete result of a kind and one draft. Those of a
-- removed video are removed after it, as they may be large.
create table results (
  id integer primary key,
  tenant text not null,
  video_id text not null,
  kind text not null,
  job_id text not null,
  complete integer not null, -- 0: draft, 1: complete, -id: replaced, being removed
  unique (tenant, video_id, kind, complete)
) strict;
create index results_replaced on results (complete) where complete < 0;

-- The items of a result: each as JSON beside the numbers it is looked up by.
create table items (
  result_id integer not null references results (id) on delete cascade,
  position integer not null, -- order within the result
  start_time real not null, -- media seconds
  end_time real not null, -- media seconds; that of an instant is its start
  data text not null, -- JSON
  primary key (result_id, position)
) strict, without rowid;

-- What can be searched. Rows of a draft that readers do not see yet wait here, invisible.
create table texts (
  id integer primary key,
  tenant text not null,
  video_id text not null,
  result_id integer references results (id) on delete cascade, -- null: the title of the video
  modality text not null,
  position integer not null,
  start_time real not null,
  end_time real not null,
  text text not null,
  also text not null, -- searched with the text, not shown
  visible integer not null -- 0 or 1
) strict;
create unique index texts_of_result on texts (result_id, position);
create index texts_of_video on texts (tenant, video_id, visible);
create unique index texts_of_title on texts (tenant, video_id) where result_id is null;

-- The tenant is a word of each row, spelt so that neither the tokenizer nor the stemmer changes it.
create view visible_texts as
  select id, text, also, 'q' || lower(hex(tenant)) || 'q' as tenant from texts where visible = 1;
create virtual table texts_fts using fts5 (
  text, also, tenant,
  content = 'visible_texts', content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
insert into texts_fts (texts_fts, rank) values ('rank', 'bm25(1.0, 1.0, 0.0)');
create trigger texts_inserted after insert on texts when new.visible = 1 begin
  insert into texts_fts (rowid, text, also, tenant)
    values (new.id, new.text, new.also, 'q' || lower(hex(new.tenant)) || 'q');
end;
create trigger texts_deleted after delete on texts when old.visible = 1 begin
  insert into texts_fts (texts_fts, rowid, text, also, tenant)
    values ('delete', old.id, old.text, old.also, 'q' || lower(hex(old.tenant)) || 'q');
end;
create trigger texts_updated after update on texts begin
  insert into texts_fts (texts_fts, rowid, text, also, tenant)
    select 'delete', old.id, old.text, old.also, 'q' || lower(hex(old.tenant)) || 'q' where old.visible = 1;
  insert into texts_fts (rowid, text, also, tenant)
    select new.id, new.text, new.also, 'q' || lower(hex(new.tenant)) || 'q' where new.visible = 1;
end;

-- Vectors of spans of a video. The signs alone find candidates, and fit in an index that is read quickly.
create table vectors (
  result_id integer not null references results (id) on delete cascade,
  position integer not null,
  tenant text not null,
  video_id text not null,
  space text not null, -- vectors of different spaces cannot be compared
  start_time real not null,
  end_time real not null,
  signs blob not null, -- a bit for each dimension
  vector blob not null, -- an int8 for each dimension
  primary key (result_id, position)
) strict, without rowid;
create index vectors_of_space on vectors (tenant, space, video_id, signs);

create table chats (
  tenant text not null,
  id text not null,
  title text not null,
  video_ids text not null, -- JSON
  created_by text, -- subject
  created_at text not null,
  updated_at text not null,
  primary key (tenant, id)
) strict, without rowid;
create index chats_last_used on chats (tenant, updated_at, id);

create table messages (
  tenant text not null,
  chat_id text not null,
  position integer not null, -- 1, 2, 3, ... of the chat
  id text not null,
  role text not null,
  text text not null,
  state text not null,
  citations text not null, -- JSON
  confidence text,
  abstained integer, -- 0 or 1
  created_at text not null,
  answering_by text, -- process that answers
  primary key (tenant, chat_id, position),
  unique (tenant, chat_id, id),
  foreign key (tenant, chat_id) references chats (tenant, id) on delete cascade
) strict, without rowid;
create index messages_answering on messages (id) where state = 'answering';

-- The log of reliable events: each is written in the transaction of the change it tells of.
create table events (
  id integer primary key autoincrement, -- order of the log, over all tenants
  tenant text not null,
  topic text not null,
  seq integer not null, -- 1, 2, 3, ... of the topic
  type text not null,
  at integer not null, -- milliseconds since 1970
  frame blob not null, -- the event frame as UTF-8 JSON
  topic_bytes integer not null, -- of the frames of the topic up to this one, those that are gone too
  log_bytes integer not null -- of all frames up to this one, those that are gone too
) strict;
create unique index events_of_topic on events (tenant, topic, seq);
create index events_oldest on events (at);

-- Where each topic stands, whatever of its events is still kept.
create table topics (
  tenant text not null,
  topic text not null,
  seq integer not null,
  primary key (tenant, topic)
) strict, without rowid;

-- Names this log: a position in another one says nothing.
create table log (epoch text not null) strict;
insert into log (epoch) values (lower(hex(randomblob(8))));

-- What commands with an idempotency key came to.
create table outcomes (
  tenant text not null,
  subject text not null,
  key text not null,
  fingerprint text not null, -- hash of command and params
  outcome text not null, -- JSON
  position integer not null, -- 1, 2, 3, ... of the subject
  total_bytes integer not null, -- of the outcomes of the subject up to this one
  created_at integer not null, -- milliseconds since 1970
  primary key (tenant, subject, key)
) strict, without rowid;
create index outcomes_of_subject on outcomes (tenant, subject, position, total_bytes);
create index outcomes_oldest on outcomes (created_at);
`,
}

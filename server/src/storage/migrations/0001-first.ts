import type { Migration } from './migration.js'

/** Videos, uploads, jobs, what the stages found, the full-text index, chats. */
export const first: Migration = {
  version: 1,
  sqlite: `
create table videos (
  id text primary key,
  title text not null,
  filename text not null,
  state text not null,
  size_bytes integer not null,
  media text not null, -- JSON
  job_id text,
  error text, -- JSON
  subtitles text, -- JSON: given with the upload or by transcript.put
  created_at text not null,
  updated_at text not null
) strict;
create index videos_newest on videos (created_at, id);
create index videos_queued on videos (created_at, id) where state = 'queued';

create table uploads (
  video_id text primary key,
  filename text not null,
  title text not null,
  size_bytes integer not null,
  subtitles text, -- JSON
  created_at text not null,
  expires_at text not null
) strict;

create table jobs (
  id text primary key,
  video_id text not null references videos (id) on delete cascade,
  state text not null,
  attempt integer not null,
  progress real not null,
  stages text not null, -- JSON
  error text, -- JSON
  speed real,
  lease_owner text,
  lease_until integer, -- milliseconds of the store's monotonic clock
  created_at text not null,
  started_at text,
  finished_at text
) strict;
create index jobs_newest on jobs (created_at, id);
create index jobs_of_video on jobs (video_id, created_at, id);
create index jobs_unfinished on jobs (created_at, id) where state in ('queued', 'running');

create table checkpoints (
  job_id text not null references jobs (id) on delete cascade,
  stage text not null,
  data text not null, -- JSON
  primary key (job_id, stage)
) strict, without rowid;

-- What one run of a stage found. A video has at most one complete result of a stage and one draft.
create table results (
  id integer primary key,
  video_id text not null references videos (id) on delete cascade,
  stage text not null,
  job_id text not null,
  complete integer not null, -- 0: draft, 1: complete, -id: replaced, being removed
  unique (video_id, stage, complete)
) strict;

-- Shots, frames with their objects, sentences and chapters: each as JSON beside the numbers it is looked up by.
create table items (
  result_id integer not null references results (id) on delete cascade,
  position integer not null, -- number within the result; milliseconds of a frame
  start_time real not null, -- media seconds
  end_time real not null, -- media seconds; that of a frame is its start
  data text not null, -- JSON
  primary key (result_id, position)
) strict, without rowid;

create table labels (
  result_id integer not null references results (id) on delete cascade,
  position integer not null,
  data text not null, -- JSON
  primary key (result_id, position)
) strict, without rowid;

-- What can be searched. Rows of a draft that readers do not see yet wait here, invisible.
create table texts (
  id integer primary key,
  video_id text not null references videos (id) on delete cascade,
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
create index texts_of_video on texts (video_id, visible);

create view visible_texts as select id, text, also from texts where visible = 1;
create virtual table texts_fts using fts5 (
  text, also,
  content = 'visible_texts', content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
create trigger texts_inserted after insert on texts when new.visible = 1 begin
  insert into texts_fts (rowid, text, also) values (new.id, new.text, new.also);
end;
create trigger texts_deleted after delete on texts when old.visible = 1 begin
  insert into texts_fts (texts_fts, rowid, text, also) values ('delete', old.id, old.text, old.also);
end;
create trigger texts_updated after update on texts begin
  insert into texts_fts (texts_fts, rowid, text, also)
    select 'delete', old.id, old.text, old.also where old.visible = 1;
  insert into texts_fts (rowid, text, also) select new.id, new.text, new.also where new.visible = 1;
end;

create table chats (
  id text primary key,
  title text not null,
  video_ids text not null, -- JSON
  created_at text not null,
  updated_at text not null
) strict;
create index chats_last_used on chats (updated_at, id);

create table messages (
  position integer primary key, -- order in which they were added
  id text not null unique,
  chat_id text not null references chats (id) on delete cascade,
  role text not null,
  text text not null,
  state text not null,
  citations text not null, -- JSON
  confidence text,
  abstained integer, -- 0 or 1
  created_at text not null
) strict;
create index messages_of_chat on messages (chat_id, position);
create index messages_answering on messages (id) where state = 'answering';
`,
}

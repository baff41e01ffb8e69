import type { Migration } from './migration.js'

/** Counts crashes, keeps traces and chat owners, and corrects durations that a clock set back made negative. */
export const crashesTracesOwners: Migration = {
  version: 5,
  sqlite: `
alter table jobs add column crashes integer not null default 0; -- attempts in a row during which the server died
alter table jobs add column traceparent text;
alter table uploads add column traceparent text; -- of the job that follows
alter table chats add column created_by text; -- subject; null: of a chat older than this column

update jobs set stages = (
  select json_group_array(
    case when value ->> 'elapsedMs' < 0 then json_set(value, '$.elapsedMs', 0) else json(value) end order by key
  ) from json_each(jobs.stages)
) where exists (select 1 from json_each(jobs.stages) where value ->> 'elapsedMs' < 0);
`,
}

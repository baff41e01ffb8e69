import type { Migration } from './migration.js'

/** What a tus client said of its file, which it may ask for. */
export const uploadMetadata: Migration = {
  version: 4,
  sqlite: 'alter table uploads add column metadata text;',
}

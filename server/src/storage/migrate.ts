import { first } from './migrations/0001-first.js'
import type { Migration } from './migrations/migration.js'
import { StoreOpenError } from './store-open-error.js'

const MIGRATIONS: readonly Migration[] = [first]

/**
 * The migrations a database at `version` still needs, in order (0 means empty). Refuses a database newer than this
 * program.
 */
export function pendingMigrations(version: number, file: string): readonly Migration[] {
  if (version > MIGRATIONS.length) {
    throw new StoreOpenError(
      'store.newer',
      `${file} was written by a newer version of Cuewire (schema ${version}, this program knows ${MIGRATIONS.length}). ` +
        'Run that version, or restore a backup from before the upgrade.',
    )
  }
  return MIGRATIONS.slice(version)
}

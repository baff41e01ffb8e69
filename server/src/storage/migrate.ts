import { first } from './migrations/0001-first.js'
import { StoreOpenError } from './store-open-error.js'

/** One step forward of the schema, as a script for each database. There is no way back. */
export interface Migration {
  /** Version of the schema after this step; steps are numbered from 1 without gaps. */
  readonly version: number
  readonly sqlite: string
}

const MIGRATIONS: readonly Migration[] = [first]

/** The steps a database at `version` still needs, in order (0: it is empty); refuses a database newer than the program. */
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

import { first } from './migrations/0001-first.js'
import { uploadsByExpiry } from './migrations/0002-uploads-by-expiry.js'
import { outcomes } from './migrations/0003-outcomes.js'
import { uploadMetadata } from './migrations/0004-upload-metadata.js'
import { crashesTracesOwners } from './migrations/0005-crashes-traces-owners.js'
import type { Migration } from './migrations/migration.js'
import { StoreOpenError } from './store-open-error.js'

const MIGRATIONS: readonly Migration[] = [first, uploadsByExpiry, outcomes, uploadMetadata, crashesTracesOwners]

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

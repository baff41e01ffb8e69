/** One forward migration of the schema, as a script for each database. There are no backward migrations. */
export interface Migration {
  /** Version of the schema after this migration; numbered from 1 without gaps. */
  readonly version: number
  readonly sqlite: string
}

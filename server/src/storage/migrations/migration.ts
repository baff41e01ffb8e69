/** One step forward of the schema, as a script for each database. There is no way back. */
export interface Migration {
  /** Version of the schema after this step; steps are numbered from 1 without gaps. */
  readonly version: number
  readonly sqlite: string
}

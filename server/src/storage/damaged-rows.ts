import { AppError } from '../lib/app-error.js'
import type { Tables } from './schema.js'

/** Most damaged rows remembered, so that each is logged and counted once. */
const MAX_KNOWN = 10_000

/** How to read the rows of a table. */
export interface RowReader<R, T> {
  readonly table: keyof Tables
  /** Id of the row, for the log. */
  readonly id: (row: R) => string
  /** Throws if the row is damaged. */
  readonly read: (row: R) => T
}

/** How to read a row that a client requests by id. */
export interface RecordReader<R, T> extends RowReader<R, T> {
  /** Message for the client: what is damaged and what to do about it. */
  readonly remedy: string
}

/** Reads rows, and reports those that do not fit their schema: in the log, and in a count for each table. */
export class DamagedRows {
  /** Number of different damaged rows found since the store was opened, by table. */
  readonly counts: Record<string, number> = {}
  readonly #known = new Set<string>()

  constructor(
    private readonly options: {
      readonly tenant: string
      readonly logger: { error(data: object, message: string): void } | undefined
    },
  ) {}

  /** Reads a row; throws `record.damaged`. */
  read<R, T>(reader: RecordReader<R, T>, row: R): T {
    try {
      return reader.read(row)
    } catch (error) {
      this.#report(reader, row, error)
      throw new AppError('record.damaged', reader.remedy, { cause: error })
    }
  }

  /** Reads a row; undefined if it is damaged. */
  readIfWhole<R, T>(reader: RowReader<R, T>, row: R): T | undefined {
    try {
      return reader.read(row)
    } catch (error) {
      this.#report(reader, row, error)
      return undefined
    }
  }

  /** Reads the rows that are not damaged. */
  readWhole<R, T>(reader: RowReader<R, T>, rows: readonly R[]): T[] {
    return rows.map(row => this.readIfWhole(reader, row)).filter(item => item !== undefined)
  }

  #report<R>({ table, id }: RowReader<R, unknown>, row: R, error: unknown): void {
    const name = `${table}/${id(row)}`
    if (this.#known.has(name) || this.#known.size === MAX_KNOWN) return
    this.#known.add(name)
    this.counts[table] = (this.counts[table] ?? 0) + 1
    const { tenant, logger } = this.options
    logger?.error({ err: error, tenant, table, id: id(row) }, 'a damaged record is passed over')
  }
}

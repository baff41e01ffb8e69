import { AppError } from '../lib/app-error.js'
import type { Tables } from './schema.js'

/** Damaged rows that are remembered, so that each is logged and counted once. */
const MAX_KNOWN = 10_000

/** How the rows of a table are read. */
export interface RowReader<R, T> {
  readonly table: keyof Tables
  /** Names the row in the log. */
  readonly id: (row: R) => string
  /** Throws for a row that is damaged. */
  readonly read: (row: R) => T
}

/** How a row is read that a client asks for by its id. */
export interface RecordReader<R, T> extends RowReader<R, T> {
  /** Tells the client what is damaged, and what to do about it. */
  readonly remedy: string
}

/** Reads rows, and reports those that do not fit their schema: in the log, and in a count for each table. */
export class DamagedRows {
  /** How many different rows were found damaged since the store was opened, by table. */
  readonly counts: Record<string, number> = {}
  readonly #known = new Set<string>()

  constructor(
    private readonly options: {
      readonly tenant: string
      readonly logger: { error(data: object, message: string): void } | undefined
    },
  ) {}

  /** What a row holds; throws `record.damaged`. */
  read<R, T>(reader: RecordReader<R, T>, row: R): T {
    try {
      return reader.read(row)
    } catch (error) {
      this.#report(reader, row, error)
      throw new AppError('record.damaged', reader.remedy, { cause: error })
    }
  }

  /** What a row holds; undefined when it is damaged. */
  readIfWhole<R, T>(reader: RowReader<R, T>, row: R): T | undefined {
    try {
      return reader.read(row)
    } catch (error) {
      this.#report(reader, row, error)
      return undefined
    }
  }

  /** What the rows hold that are not damaged. */
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

import type { Seconds, TimeRange } from '@cuewire/protocol'

/** Vectors one after the other, each of `size` numbers. */
export interface VectorColumn {
  readonly size: number
  readonly data: Float32Array
}

/** The vectors of a column. */
export function rowsOf({ size, data }: VectorColumn): Float32Array[] {
  return Array.from({ length: data.length / size }, (_, row) => data.subarray(row * size, (row + 1) * size))
}

/** The spans of a column that has the start and end of each in turn. */
export function spansOf(times: readonly Seconds[]): TimeRange[] {
  return Array.from({ length: times.length / 2 }, (_, at) => ({
    start: times[2 * at] ?? 0,
    end: times[2 * at + 1] ?? 0,
  }))
}

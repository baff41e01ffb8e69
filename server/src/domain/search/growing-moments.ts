import type { Id, Seconds } from '@cuewire/protocol'

/** Rows this close together form one moment, up to a maximum length. */
const NEAR: Seconds = 3
const LONGEST_MOMENT: Seconds = 20

/** A row with its place. */
interface Placed {
  readonly videoId: Id
  readonly start: Seconds
  readonly end: Seconds
}

interface Growing<Row> {
  readonly number: number
  readonly rows: Row[]
  start: Seconds
  end: Seconds
}

interface OfVideo<Row> {
  readonly moments: Row[][]
  /** By time cell of their start; a cell is as long as the longest moment. */
  readonly cells: Map<number, Growing<Row>[]>
}

/** Merges rows into moments. Moments are looked up by time, because there may be many thousands. */
export class GrowingMoments<Row extends Placed> {
  /** The rows of each moment, in the order the moments began. */
  readonly all: Row[][] = []
  readonly #videos = new Map<Id, OfVideo<Row>>()

  /** The rows of each moment of a video. */
  of(videoId: Id): readonly Row[][] {
    return this.#video(videoId).moments
  }

  /** Adds the row to the newest moment close enough, or starts one. */
  add(row: Row): void {
    const near = this.#near(row)
    if (!near) {
      this.begin(row)
      return
    }
    near.rows.push(row)
    const cell = cellOf(near.start)
    near.start = Math.min(near.start, row.start)
    near.end = Math.max(near.end, row.end)
    if (cellOf(near.start) !== cell) this.#place(row.videoId, near)
  }

  begin(row: Row): void {
    const rows = [row]
    this.#video(row.videoId).moments.push(rows)
    this.#place(row.videoId, { number: this.all.length, rows, start: row.start, end: row.end })
    this.all.push(rows)
  }

  #near(row: Row): Growing<Row> | undefined {
    if (row.end - row.start > LONGEST_MOMENT) return undefined
    const { cells } = this.#video(row.videoId)
    let youngest: Growing<Row> | undefined
    for (let cell = cellOf(row.start - NEAR - LONGEST_MOMENT); cell <= cellOf(row.end + NEAR); cell++) {
      for (const moment of cells.get(cell) ?? []) {
        if (joins(moment, row) && (youngest?.number ?? -1) < moment.number) youngest = moment
      }
    }
    return youngest
  }

  #place(videoId: Id, moment: Growing<Row>): void {
    const { cells } = this.#video(videoId)
    const cell = cellOf(moment.start)
    const others = cells.get(cell)
    if (others) others.push(moment)
    else cells.set(cell, [moment])
  }

  #video(id: Id): OfVideo<Row> {
    const known = this.#videos.get(id)
    if (known) return known
    const made: OfVideo<Row> = { moments: [], cells: new Map() }
    this.#videos.set(id, made)
    return made
  }
}

const cellOf = (time: Seconds) => Math.floor(time / LONGEST_MOMENT)

function joins({ start, end }: Pick<Placed, 'start' | 'end'>, row: Placed): boolean {
  return (
    row.start - end <= NEAR &&
    start - row.end <= NEAR &&
    Math.max(end, row.end) - Math.min(start, row.start) <= LONGEST_MOMENT
  )
}

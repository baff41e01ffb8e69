import type { Box, Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { CELLS, COLUMNS, cellsOf, type EdgeGrid, isSameCell, mayHoldText } from './edge-grid.js'

/** New cells side by side that make a look worth while: a short word has more. */
const MIN_FRESH = 3
/** A picture that moves is looked at this often, whatever it shows; less and less often while it shows no text. */
const RESTLESS_PERIOD = { least: 4, most: 16 } as const satisfies Record<string, Seconds>
/** Share of the cells that must have changed for it. */
const RESTLESS_SHARE = 0.05
/** A picture is still if this share of the cells that may hold text is. */
const STILL_SHARE = 0.9
/** Shares of the cells of a box by which it counts as still, and as changed. */
const STILL_SHARE_OF_BOX = 0.6
const CHANGED_SHARE_OF_BOX = 0.3
/** While looks find nothing in a picture that moves, the time until something new that stands still is looked at doubles
 * up to this. */
const MAX_WAIT: Seconds = 4

export const WatchState = Type.Object({
  /** The last picture, and the cells as they were at the last look; base64. */
  former: Type.String(),
  looked: Type.String(),
  lookedAt: Type.Number(),
  wait: Type.Number(),
  period: Type.Number(),
})
export type WatchState = Static<typeof WatchState>

/** In `looked`: the cell has changed since the last look. */
const CHANGED_CELL = 255

/**
 * Decides which pictures are worth a search for text, from their edges alone. Text stays where it is while it is shown, so
 * a picture is looked at when cells with many edges are new and have not changed since the last picture.
 */
export class PictureWatch {
  #former: EdgeGrid | undefined
  #now: EdgeGrid = new Uint8Array(CELLS)
  #looked: Uint8Array = new Uint8Array(CELLS).fill(CHANGED_CELL)
  #lookedAt: Seconds = -RESTLESS_PERIOD.least
  #wait: Seconds = 0
  #period: Seconds = RESTLESS_PERIOD.least

  constructor(state?: WatchState) {
    if (!state) return
    this.#now = fromBase64(state.former)
    this.#looked = fromBase64(state.looked)
    this.#lookedAt = state.lookedAt
    this.#wait = state.wait
    this.#period = state.period
  }

  get state(): WatchState {
    return {
      former: Buffer.from(this.#now).toString('base64'),
      looked: Buffer.from(this.#looked).toString('base64'),
      lookedAt: this.#lookedAt,
      wait: this.#wait,
      period: this.#period,
    }
  }

  /** Takes the next picture. `first` if there is none before it. */
  take(grid: EdgeGrid, first: boolean): void {
    this.#former = first ? undefined : this.#now
    this.#now = grid
    for (const [cell, share] of grid.entries())
      if (!isSameCell(this.#looked[cell] ?? 0, share)) this.#looked[cell] = CHANGED_CELL
  }

  /** Why the picture is to be looked at, if it is: something new stands still, or it has been moving for long. */
  reasonToLook(at: Seconds): 'still' | 'restless' | undefined {
    const { texty, still, fresh, changed } = this.#count()
    const waited = at - this.#lookedAt
    const isStill = still >= STILL_SHARE * texty
    if (fresh >= MIN_FRESH && (isStill || waited >= this.#wait)) return 'still'
    const isRestless = texty >= MIN_FRESH && changed >= RESTLESS_SHARE * CELLS
    return isRestless && waited >= this.#period ? 'restless' : undefined
  }

  /** The picture was looked at. */
  looked(at: Seconds, foundText: boolean): void {
    this.#lookedAt = at
    this.#looked = Uint8Array.from(this.#now)
    this.#wait = foundText ? 0 : Math.min(MAX_WAIT, Math.max(1, 2 * this.#wait))
    this.#period = foundText ? RESTLESS_PERIOD.least : Math.min(RESTLESS_PERIOD.most, 2 * this.#period)
  }

  /** Whether the text in a box is as it was in the picture before; so is everything in the first picture. */
  isStill(box: Box): boolean {
    const former = this.#former
    if (!former) return true
    const cells = cellsOf(box).filter(cell => mayHoldText(this.#now[cell] ?? 0))
    return shareOf(cells, cell => isSameCell(former[cell] ?? 0, this.#now[cell] ?? 0)) >= STILL_SHARE_OF_BOX
  }

  /** Whether what a box holds has changed since the last look. */
  hasChanged(box: Box): boolean {
    const isChanged = (cell: number) => this.#looked[cell] === CHANGED_CELL
    // Margins without edges say nothing.
    const cells = cellsOf(box).filter(cell => isChanged(cell) || mayHoldText(this.#now[cell] ?? 0))
    return shareOf(cells, isChanged) >= CHANGED_SHARE_OF_BOX
  }

  #count() {
    const counts = { texty: 0, still: 0, fresh: 0, changed: 0 }
    let run = 0
    for (const [cell, share] of this.#now.entries()) {
      if (cell % COLUMNS === 0) run = 0
      const isStill = !this.#former || isSameCell(this.#former[cell] ?? 0, share)
      const hasChanged = this.#looked[cell] === CHANGED_CELL
      if (hasChanged) counts.changed += 1
      run = mayHoldText(share) && isStill && hasChanged ? run + 1 : 0
      counts.fresh = Math.max(counts.fresh, run)
      if (!mayHoldText(share)) continue
      counts.texty += 1
      if (isStill) counts.still += 1
    }
    return counts
  }
}

function shareOf(cells: readonly number[], test: (cell: number) => boolean): number {
  return cells.length === 0 ? 0 : cells.filter(test).length / cells.length
}

function fromBase64(text: string): Uint8Array {
  const cells = new Uint8Array(CELLS)
  cells.set(Buffer.from(text, 'base64').subarray(0, CELLS))
  return cells
}

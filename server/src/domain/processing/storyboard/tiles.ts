import { Seconds } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'

/** Most tiles of a storyboard. A video of 11 minutes has one every 2 s, one of 10 hours one every 128 s. */
export const MAX_TILES = 400

/** `slot` counts intervals from the start; `jpeg` is base64. */
export const TilesState = Type.Object({
  interval: Seconds,
  tiles: Type.Array(Type.Object({ slot: Type.Integer(), jpeg: Type.String() })),
})
export type TilesState = Static<typeof TilesState>

/**
 * Evenly spaced pictures of a video of unknown length. Starts with one per second; whenever there are too many, every
 * other one is dropped and the interval doubles.
 */
export class Tiles {
  #state: TilesState

  constructor(state: TilesState = { interval: 1, tiles: [] }) {
    this.#state = state
  }

  get state(): TilesState {
    return this.#state
  }

  /** Whether a picture at this time would be the first in its interval. */
  wants(at: Seconds): boolean {
    return this.#slot(at) > (this.#state.tiles.at(-1)?.slot ?? -1)
  }

  add(at: Seconds, jpeg: Uint8Array): void {
    const { interval, tiles } = this.#state
    const tile = { slot: this.#slot(at), jpeg: Buffer.from(jpeg).toString('base64') }
    this.#state = { interval, tiles: [...tiles, tile] }
    if (this.#state.tiles.length > MAX_TILES) this.#halve()
  }

  #halve(): void {
    const { interval, tiles } = this.#state
    const kept = tiles.filter(({ slot }) => slot % 2 === 0).map(tile => ({ ...tile, slot: tile.slot / 2 }))
    this.#state = { interval: interval * 2, tiles: kept }
  }

  #slot(at: Seconds): number {
    return Math.floor(at / this.#state.interval)
  }
}

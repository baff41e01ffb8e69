import type { Seconds } from '@cuewire/protocol'

/** A cue as a reader finds it: nothing bounded or sorted yet, markup included. */
export interface RawCue {
  /** Number of its first line in the file, from 1. */
  readonly line: number
  /** Undefined where the file gives none that can be read. */
  readonly start: Seconds | undefined
  readonly end: Seconds | undefined
  /** May hold blank lines. */
  readonly lines: readonly string[]
}

import type { Seconds } from '@cuewire/protocol'

/** A cue as read: not limited or sorted yet, markup included. */
export interface RawCue {
  /** Number of its first line in the file, from 1. */
  readonly line: number
  /** Undefined if the file has no readable time. */
  readonly start: Seconds | undefined
  readonly end: Seconds | undefined
  /** May hold blank lines. */
  readonly lines: readonly string[]
  /** Who speaks the whole cue, where the format has a field for it. */
  readonly speaker?: string | undefined
}

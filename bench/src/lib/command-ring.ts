import { clientFrame } from './client-frame.js'
import type { Dialect } from './dialect.js'

const FIRST_ID = 10_000
/** Different commands prebuilt; one connection may have at most this many on their way. */
export const RING_SIZE = 4096

/** The commands of a dialect as bytes, built once: ids go round, so that any run of them is one slice. */
export class CommandRing {
  private readonly bytes: Buffer
  private readonly frameBytes: number

  constructor(dialect: Dialect) {
    const frames = Array.from({ length: RING_SIZE }, (_, index) => clientFrame(dialect.command(FIRST_ID + index)))
    this.frameBytes = frames[0]?.length ?? 0
    if (frames.some(frame => frame.length !== this.frameBytes)) throw new Error('commands differ in length')
    // Twice over, so that a run which passes the end is one slice too.
    this.bytes = Buffer.concat([...frames, ...frames])
  }

  /** The frames of `count` commands, from the `start`th that a connection sends. */
  slice(start: number, count: number): Buffer {
    if (count > RING_SIZE) throw new RangeError(`${count} commands at once; a ring has ${RING_SIZE}`)
    const from = (start % RING_SIZE) * this.frameBytes
    return this.bytes.subarray(from, from + count * this.frameBytes)
  }

  /** The id of the `index`th command that a connection sends. */
  idOf(index: number): number {
    return FIRST_ID + (index % RING_SIZE)
  }
}

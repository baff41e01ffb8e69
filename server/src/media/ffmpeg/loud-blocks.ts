// A level of -60 dBFS in 16-bit samples. Muted tracks have only dither below it.
const LOUD = 32_768 * 10 ** (-60 / 20)
// Blocks in which something must be heard: a click is not yet sound.
const LEAST_BLOCKS = 10

/** Counts the blocks of signed 16-bit little-endian samples whose peak is above -60 dBFS. */
export class LoudBlocks {
  #peak = 0
  #inBlock = 0
  #loud = 0
  #first: number | undefined
  /** Samples so far. */
  samples = 0

  /** `blockSamples`: length of a block, over all channels. */
  constructor(private readonly blockSamples: number) {}

  /** Whether more was heard than a click. */
  get isLoud(): boolean {
    return this.#loud >= LEAST_BLOCKS
  }

  /** Takes the next bytes; a sample may be split between two calls. */
  push(bytes: Uint8Array): void {
    let at = 0
    if (this.#first !== undefined && bytes.length > 0) {
      this.#take(this.#first, bytes[0] ?? 0)
      at = 1
    }
    for (; at + 1 < bytes.length; at += 2) this.#take(bytes[at] ?? 0, bytes[at + 1] ?? 0)
    if (bytes.length > 0) this.#first = at < bytes.length ? bytes[at] : undefined
  }

  #take(low: number, high: number): void {
    const sample = ((high << 24) >> 16) | low
    this.samples += 1
    this.#peak = Math.max(this.#peak, Math.abs(sample))
    this.#inBlock += 1
    if (this.#inBlock < this.blockSamples) return
    if (this.#peak > LOUD) this.#loud += 1
    this.#peak = 0
    this.#inBlock = 0
  }
}

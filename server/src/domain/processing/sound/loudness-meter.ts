import { LOUDNESS_FLOOR } from '@cuewire/protocol'
import { SPOOL_RATE } from '../audio-spool.js'

/** A momentary value covers four blocks of 100 ms (EBU Tech 3341). */
const BLOCK = SPOOL_RATE / 10
const MOMENTARY_BLOCKS = 4
const BLOCKS_PER_SECOND = SPOOL_RATE / BLOCK
/** ITU-R BS.1770-4, equation 2. */
const OFFSET = -0.691

/** A digital filter of second order, `a0` = 1. */
interface Biquad {
  readonly b: readonly [number, number, number]
  readonly a: readonly [number, number]
}

/**
 * K-weighting of BS.1770-4. The standard gives coefficients for 48 kHz only; these are made for our rate by the bilinear
 * transform from the analogue filters that its coefficients come from (frequency, quality and gain as in libebur128).
 */
const SHELF = highShelf({ hertz: 1681.974450955533, quality: 0.7071752369554196, gain: 3.999843853973347 })
const HIGH_PASS = highPass({ hertz: 38.13547087602444, quality: 0.5003270373238773 })

/** Momentary loudness (ITU-R BS.1770, 400 ms) of mono samples at 16 kHz. Every second yields its greatest value. */
export class LoudnessMeter {
  readonly #shelf = new Filter(SHELF)
  readonly #highPass = new Filter(HIGH_PASS)
  /** Mean squares of the last blocks. */
  #blocks: number[] = []
  #sum = 0
  #count = 0
  #blocksOfSecond = 0
  #greatest = LOUDNESS_FLOOR

  /** Takes the next samples; returns a value in LUFS for each second that is complete. */
  push(samples: Float32Array): number[] {
    const levels: number[] = []
    for (const sample of samples) {
      const weighted = this.#highPass.next(this.#shelf.next(sample))
      this.#sum += weighted * weighted
      this.#count += 1
      if (this.#count < BLOCK) continue
      this.#endBlock()
      if (this.#blocksOfSecond === BLOCKS_PER_SECOND) levels.push(this.#endSecond())
    }
    return levels
  }

  /** The value of the last, incomplete second, if there is one. */
  finish(): number[] {
    if (this.#count > 0) this.#endBlock()
    return this.#blocksOfSecond > 0 ? [this.#endSecond()] : []
  }

  #endBlock(): void {
    this.#blocks.push(this.#sum / this.#count)
    if (this.#blocks.length > MOMENTARY_BLOCKS) this.#blocks.shift()
    this.#sum = 0
    this.#count = 0
    this.#blocksOfSecond += 1
    const mean = this.#blocks.reduce((sum, block) => sum + block, 0) / this.#blocks.length
    const level = OFFSET + 10 * Math.log10(mean)
    if (level > this.#greatest) this.#greatest = level
  }

  #endSecond(): number {
    const level = this.#greatest
    this.#greatest = LOUDNESS_FLOOR
    this.#blocksOfSecond = 0
    return Math.round(level * 10) / 10
  }
}

/** Transposed direct form II. */
class Filter {
  #first = 0
  #second = 0

  constructor(private readonly biquad: Biquad) {}

  next(input: number): number {
    const { b, a } = this.biquad
    const output = b[0] * input + this.#first
    this.#first = b[1] * input - a[0] * output + this.#second
    this.#second = b[2] * input - a[1] * output
    return output
  }
}

interface Design {
  readonly hertz: number
  readonly quality: number
}

function highShelf({ hertz, quality, gain }: Design & { /** In decibels. */ readonly gain: number }): Biquad {
  const k = Math.tan((Math.PI * hertz) / SPOOL_RATE)
  const high = 10 ** (gain / 20)
  const band = high ** 0.4996667741545416
  const a0 = 1 + k / quality + k * k
  return {
    b: [
      (high + (band * k) / quality + k * k) / a0,
      (2 * (k * k - high)) / a0,
      (high - (band * k) / quality + k * k) / a0,
    ],
    a: [(2 * (k * k - 1)) / a0, (1 - k / quality + k * k) / a0],
  }
}

function highPass({ hertz, quality }: Design): Biquad {
  const k = Math.tan((Math.PI * hertz) / SPOOL_RATE)
  const a0 = 1 + k / quality + k * k
  return { b: [1 / a0, -2 / a0, 1 / a0], a: [(2 * (k * k - 1)) / a0, (1 - k / quality + k * k) / a0] }
}

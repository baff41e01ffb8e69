/** Samples of each channel that are judged together: 10 ms. */
const BLOCK = 160
/** How much of what was heard before counts with each block: a change tells after some 0.2 s. */
const MEMORY = 0.85
/** With less than this share of the power of the louder channel, the channels cancel each other. */
const CANCELLED = 0.05
/** The mix must get this much louder before it is used again, and the other channel before it is changed to. */
const HYSTERESIS = 2
/** Mean square of what is as good as silent. */
const SILENT = 100

interface Weights {
  readonly left: number
  readonly right: number
}

const BOTH: Weights = { left: 0.5, right: 0.5 }
const LEFT: Weights = { left: 1, right: 0 }
const RIGHT: Weights = { left: 0, right: 1 }

/**
 * Mixes stereo to mono. Where one channel is the other one upside down, as of a cable that is wired wrongly, nothing would
 * be left of the mix; there the louder channel is taken alone. Changes are faded, so that they do not click.
 */
export class StereoMix {
  #weights = BOTH
  #power: { mix: number; left: number; right: number } | undefined

  /** The mono samples of interleaved ones, which follow those of the call before. */
  mix(stereo: Int16Array): Int16Array {
    const mono = new Int16Array(stereo.length >> 1)
    for (let from = 0; from < mono.length; from += BLOCK) {
      const to = Math.min(from + BLOCK, mono.length)
      this.#listen(stereo, from, to)
      const before = this.#weights
      this.#weights = this.#choose()
      const { left, right } = this.#weights
      for (let at = from; at < to; at += 1) {
        const fade = (to - at - 1) / (to - from)
        const [l, r] = [stereo[2 * at] ?? 0, stereo[2 * at + 1] ?? 0]
        mono[at] = Math.round(l * (left + (before.left - left) * fade) + r * (right + (before.right - right) * fade))
      }
    }
    return mono
  }

  /** Takes the power of a block into what is remembered. */
  #listen(stereo: Int16Array, from: number, to: number): void {
    let [mix, left, right] = [0, 0, 0]
    for (let at = from; at < to; at += 1) {
      const [l, r] = [stereo[2 * at] ?? 0, stereo[2 * at + 1] ?? 0]
      mix += ((l + r) / 2) ** 2
      left += l * l
      right += r * r
    }
    const count = to - from
    const now = { mix: mix / count, left: left / count, right: right / count }
    const then = this.#power ?? now
    const blend = (a: number, b: number) => a * MEMORY + b * (1 - MEMORY)
    this.#power = {
      mix: blend(then.mix, now.mix),
      left: blend(then.left, now.left),
      right: blend(then.right, now.right),
    }
  }

  #choose(): Weights {
    const { mix, left, right } = this.#power ?? { mix: 0, left: 0, right: 0 }
    const loud = Math.max(left, right)
    if (loud < SILENT) return this.#weights
    const least = this.#weights === BOTH ? CANCELLED : CANCELLED * HYSTERESIS
    if (mix >= least * loud) return BOTH
    if (this.#weights === LEFT && left * HYSTERESIS >= right) return LEFT
    if (this.#weights === RIGHT && right * HYSTERESIS >= left) return RIGHT
    return left >= right ? LEFT : RIGHT
  }
}

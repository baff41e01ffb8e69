import type { Seconds } from '@cuewire/protocol'
import type { NutFrame } from './nut.js'

// Times reach clients with three decimals; half of the last one finds the frame again whose time was rounded down.
const ROUNDING = 0.0005

interface ScreenFramesOptions {
  /** Ascending. */
  readonly times: readonly Seconds[]
  /** Decoding starts with the first frame of the file, which is also shown before its own time. */
  readonly fromStart: boolean
  /** How far back every frame is passed on; one that is older may have had successors. */
  readonly window: Seconds
  /** Takes the frame that is on the screen at each of these times. */
  readonly show: (times: readonly Seconds[], frame: NutFrame) => Promise<void>
}

/**
 * Finds the frames that are on the screen at given times: of each the last one that is not later. Takes the frames of one
 * pass in order and holds a single one of them.
 */
export class ScreenFrames {
  #first: NutFrame | undefined
  #shown: NutFrame | undefined
  #next = 0

  constructor(private readonly options: ScreenFramesOptions) {}

  /** Takes the next frame; false once no further one is needed. */
  async take(frame: NutFrame): Promise<boolean> {
    this.#first ??= frame
    await this.#pass(frame.at - ROUNDING, this.#shown ?? frame)
    this.#shown = frame
    return this.#next < this.options.times.length
  }

  /** The last frame is shown to the end. */
  async end(): Promise<void> {
    if (this.#shown) await this.#pass(Number.POSITIVE_INFINITY, this.#shown)
  }

  /** Whether the frame on the screen at this time came, or was passed over. */
  isReached(at: Seconds): boolean {
    return this.#first !== undefined && this.#first.at <= at + ROUNDING
  }

  async #pass(until: Seconds, frame: NutFrame): Promise<void> {
    const { times, fromStart, window, show } = this.options
    const start = this.#next
    while ((times[this.#next] ?? Number.POSITIVE_INFINITY) < until) this.#next++
    const shown = times
      .slice(start, this.#next)
      .filter(at => (fromStart || this.isReached(at)) && frame.at >= at - window)
    if (shown.length > 0) await show(shown, frame)
  }
}

/** A filter that passes on the first frame, those in the window before each time, and the one that follows them. */
export function framesNear(times: readonly Seconds[], window: Seconds): string {
  const spans: { readonly from: Seconds; to: Seconds }[] = []
  for (const at of times) {
    const span = { from: at - window, to: at + ROUNDING }
    const last = spans.at(-1)
    if (last && span.from <= last.to) last.to = span.to
    else spans.push(span)
  }
  const isNear = spans.map(({ from, to }) => `gte(t,${from.toFixed(6)})*lte(prev_t,${to.toFixed(6)})`)
  return `select='${sumOf(['isnan(prev_selected_t)', ...isNear])}'`
}

/** A sum in which halves are added, not one term after another: ffmpeg 5.1.9 refuses expressions some 100 operators deep. */
function sumOf(terms: readonly string[]): string {
  if (terms.length <= 2) return terms.join('+')
  const half = Math.ceil(terms.length / 2)
  return `(${sumOf(terms.slice(0, half))})+(${sumOf(terms.slice(half))})`
}

import type { FrameDetections, LabelSummary, Seconds } from '@cuewire/protocol'
import { toMillis } from '../to-millis.js'
import { LabelBands, type ReliableFrom } from './label-bands.js'

/**
 * Spans of one label closer than this many sampling intervals are merged, so that a missed frame does not split them.
 */
const JOIN_INTERVALS = 1.5
/** Most spans in a summary, as limited by the protocol. */
const MAX_SPANS = 1000

interface Span {
  start: Seconds
  /** Time at which the last frame with the label is replaced by the next. */
  end: Seconds
}

interface Running {
  frames: number
  maxCount: number
  confidence: number
  /** Rank of the label: the sum over its frames of the best confidence in each. */
  weight: number
  spans: Span[]
  joinWithin: Seconds
}

/** Merges detections in single frames into spans per label, frame by frame. */
export class LabelSummaries {
  readonly #labels = new Map<string, Running>()
  readonly #bands: LabelBands
  /** Labels of the last frame, which lasts until the next one. */
  #shown: readonly Running[] = []

  /** `interval` is the usual time between two sampled frames. */
  constructor(
    private readonly interval: Seconds,
    private readonly duration: Seconds,
    reliableFrom: ReliableFrom,
  ) {
    this.#bands = new LabelBands(reliableFrom)
  }

  /** Frames come in order of time. */
  add(frame: FrameDetections): void {
    this.#endShown(frame.at)
    this.#shown = this.#addLabels(frame)
    this.#bands.add(frame)
  }

  /** The last frame is shown until this time. */
  finish(end: Seconds): void {
    this.#endShown(end)
  }

  #addLabels(frame: FrameDetections): Running[] {
    const end = Math.max(frame.at, Math.min(toMillis(frame.at + this.interval), this.duration))
    const best = new Map<string, { count: number; confidence: number }>()
    for (const { label, confidence } of frame.objects) {
      const former = best.get(label)
      best.set(label, { count: (former?.count ?? 0) + 1, confidence: Math.max(former?.confidence ?? 0, confidence) })
    }
    return [...best].map(([label, { count, confidence }]) => {
      const running = this.#of(label)
      running.frames += 1
      running.maxCount = Math.max(running.maxCount, count)
      running.confidence = Math.max(running.confidence, confidence)
      running.weight += confidence
      extend(running, { start: frame.at, end })
      return running
    })
  }

  #endShown(at: Seconds): void {
    for (const { spans } of this.#shown) {
      const span = spans.at(-1)
      if (span) span.end = Math.max(span.start, toMillis(at))
    }
  }

  /** The labels, those seen longest and surest first, those of band `low` last. */
  list(): LabelSummary[] {
    return [...this.#labels]
      .map(([label, running]) => ({ label, running, band: this.#bands.bandOf(label) }))
      .sort((a, b) => Number(a.band === 'low') - Number(b.band === 'low') || b.running.weight - a.running.weight)
      .map(({ label, band, running: { frames, maxCount, confidence, spans } }) => ({
        label,
        frames,
        maxCount,
        confidence,
        band,
        spans: spans.map(span => ({ ...span })),
      }))
  }

  #of(label: string): Running {
    const known = this.#labels.get(label)
    if (known) return known
    const joinWithin = JOIN_INTERVALS * this.interval
    const made: Running = { frames: 0, maxCount: 0, confidence: 0, weight: 0, spans: [], joinWithin }
    this.#labels.set(label, made)
    return made
  }
}

function extend(running: Running, shown: Span): void {
  const open = running.spans.at(-1)
  if (open && shown.start - open.end <= running.joinWithin) {
    open.end = shown.end
    return
  }
  running.spans.push(shown)
  // Too many spans to send: merging them says more than a list that ends early.
  while (running.spans.length > MAX_SPANS) {
    running.joinWithin *= 2
    running.spans = coarser(running.spans, running.joinWithin)
  }
}

function coarser(spans: readonly Span[], joinWithin: Seconds): Span[] {
  const joined: Span[] = []
  for (const span of spans) {
    const open = joined.at(-1)
    if (open && span.start - open.end <= joinWithin) open.end = span.end
    else joined.push({ ...span })
  }
  return joined
}

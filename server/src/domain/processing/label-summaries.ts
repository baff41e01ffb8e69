import type { FrameDetections, LabelSummary, Seconds } from '@cuewire/protocol'

/** Frames of one label closer than this many sampling intervals belong to one span: two missed frames do not cut it. */
const JOIN_INTERVALS = 2.5
/** As many spans as the protocol lets a summary hold. */
const MAX_SPANS = 1000

interface Span {
  start: Seconds
  /** Time of the last frame that shows the label. */
  last: Seconds
}

interface Running {
  frames: number
  maxCount: number
  confidence: number
  /** Sum over the frames of the best confidence in each: the rank of the label. */
  weight: number
  spans: Span[]
  joinWithin: Seconds
}

/** Joins the detections of single frames into where each label was seen, frame by frame. */
export class LabelSummaries {
  readonly #labels = new Map<string, Running>()

  /** `interval` is the time between two sampled frames. */
  constructor(
    private readonly interval: Seconds,
    private readonly duration: Seconds,
  ) {}

  /** Frames come in order of time. */
  add(frame: FrameDetections): void {
    const best = new Map<string, { count: number; confidence: number }>()
    for (const { label, confidence } of frame.objects) {
      const former = best.get(label)
      best.set(label, { count: (former?.count ?? 0) + 1, confidence: Math.max(former?.confidence ?? 0, confidence) })
    }
    for (const [label, { count, confidence }] of best) {
      const running = this.#of(label)
      running.frames += 1
      running.maxCount = Math.max(running.maxCount, count)
      running.confidence = Math.max(running.confidence, confidence)
      running.weight += confidence
      extend(running, frame.at)
    }
  }

  /** The labels, those seen longest and surest first. */
  list(): LabelSummary[] {
    return [...this.#labels]
      .sort(([, a], [, b]) => b.weight - a.weight)
      .map(([label, { frames, maxCount, confidence, spans }]) => ({
        label,
        frames,
        maxCount,
        confidence,
        spans: spans.map(span => ({ start: span.start, end: this.#endAfter(span.last) })),
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

  /** A frame stands for the time until the next sampled one. */
  #endAfter(at: Seconds): Seconds {
    const end = Math.round((at + this.interval) * 1000) / 1000
    return Math.max(at, Math.min(end, this.duration))
  }
}

function extend(running: Running, at: Seconds): void {
  const open = running.spans.at(-1)
  if (open && at - open.last <= running.joinWithin) {
    open.last = at
    return
  }
  running.spans.push({ start: at, last: at })
  // Too many spans to send: coarser ones tell more than a list that ends early.
  while (running.spans.length > MAX_SPANS) {
    running.joinWithin *= 2
    running.spans = coarser(running.spans, running.joinWithin)
  }
}

function coarser(spans: readonly Span[], joinWithin: Seconds): Span[] {
  const joined: Span[] = []
  for (const span of spans) {
    const open = joined.at(-1)
    if (open && span.start - open.last <= joinWithin) open.last = span.last
    else joined.push({ ...span })
  }
  return joined
}

import type { TimeRange } from '@cuewire/protocol'
import type { VoiceEncoder } from '../../../models/models.js'
import { type AudioSpool, SPOOL_RATE } from '../audio-spool.js'
import type { Voice } from './cluster-voices.js'

/** Windows that a sentence is heard in at most, evenly spread: more add little, and each takes some 30 ms of a core. */
const MAX_WINDOWS = 4
/** Shorter sentences say too little of the voice. */
const MIN_SECONDS = 0.4

/** The voice of a sentence; undefined if it is too short. */
export async function sentenceVoice(
  { start, end }: TimeRange,
  { spool, encoder }: { readonly spool: Pick<AudioSpool, 'span'>; readonly encoder: VoiceEncoder },
  signal: AbortSignal,
): Promise<Voice | undefined> {
  if (end - start < MIN_SECONDS) return undefined
  const window = encoder.window / SPOOL_RATE
  const count = Math.max(1, Math.min(MAX_WINDOWS, Math.ceil((end - start) / window)))
  const starts = Array.from({ length: count }, (_, at) =>
    count === 1 ? start : start + (at * Math.max(0, end - start - window)) / (count - 1),
  )
  const vectors = await Promise.all(
    starts.map(async from => {
      const samples = await spool.span({ start: from, end: Math.min(end, from + window) })
      return await encoder.encode(filled(samples, encoder.window), signal)
    }),
  )
  const sum = new Float32Array(vectors[0]?.length ?? 0)
  for (const vector of vectors) for (const [at, value] of vector.entries()) sum[at] = (sum[at] ?? 0) + value
  const norm = Math.hypot(...sum) || 1
  return { vector: sum.map(value => value / norm), seconds: end - start }
}

/** Exactly so many samples: short speech is repeated, since silence is no voice. */
function filled(samples: Float32Array, length: number): Float32Array {
  const all = new Float32Array(length)
  for (let at = 0; samples.length > 0 && at < length; at += samples.length)
    all.set(samples.subarray(0, length - at), at)
  return all
}

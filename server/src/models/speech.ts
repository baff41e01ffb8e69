import { assert } from '../lib/assert.js'
import type { CoreScheduler } from './core-scheduler.js'
import type { SpeechRecogniser, Transcription } from './models.js'
import { ownSamples } from './own-buffer.js'
import { type Pack, packId, type Runtime } from './pack.js'
import { LARGE_MODEL_IDLE_MS, type Work } from './work.js'

// Memory and time grow faster than the span; far over the best length is a mistake of the caller.
const MAX_SAMPLES = 60 * 16_000
/**
 * Spans decoded together. A step of one span of 8 s takes 6.2 ms of a core, of two 4.3 ms each, of five 3.6, of eight
 * 3.2: beyond a few, only memory (17 MB for 15 s) and the wait for the whole batch grow.
 */
const MAX_BATCH = 4

interface Reading {
  readonly language: string | undefined
  /** Longest span in seconds that is read well. */
  readonly maxSpan: number
  readonly maxBatch: number
}

/** What the speech models read. Whisper always encodes 30 s, so long spans cost it least. */
const READINGS: Readonly<Partial<Record<Runtime, Reading>>> = {
  moonshine: { language: 'en', maxSpan: 15, maxBatch: MAX_BATCH },
  whisper: { language: undefined, maxSpan: 28, maxBatch: 1 },
}

const recognition = (pack: string, maxBatch: number): Work<Float32Array, Transcription> => ({
  pack,
  maxBatch,
  copyAfterIdleMs: LARGE_MODEL_IDLE_MS,
  run: (thread, spans, signal) =>
    thread.call<'transcribe'>({ name: 'transcribe', pack, params: { spans } }, { signal }),
})

/** A speech recogniser with a separate lane. */
export function speechRecogniser(scheduler: CoreScheduler, pack: Pack): SpeechRecogniser {
  const reading = READINGS[pack.runtime]
  assert(reading, `${pack.name} reads speech`)
  const { language, maxSpan, maxBatch } = reading
  const lane = scheduler.lane(recognition(packId(pack), maxBatch))
  return {
    pack: packId(pack),
    parallel: scheduler.cores * maxBatch,
    maxSpan,
    language,
    async transcribe(samples, signal) {
      if (samples.length === 0 || samples.length > MAX_SAMPLES) {
        throw new RangeError(`samples must be 1 to ${MAX_SAMPLES}, not ${samples.length}`)
      }
      return lane.run(ownSamples(samples), signal)
    },
  }
}

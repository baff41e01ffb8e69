import type { CoreScheduler } from './core-scheduler.js'
import type { SpeechRecogniser, Transcription } from './models.js'
import { ownSamples } from './own-buffer.js'
import { type Pack, packId } from './pack.js'
import type { Work } from './work.js'

const MAX_SPAN = 15
// Memory and time grow faster than the span; far over the best length is a mistake of the caller.
const MAX_SAMPLES = 60 * 16_000
/**
 * Spans decoded together. A step of one span of 8 s takes 6.2 ms of a core, of two 4.3 ms each, of five 3.6, of eight
 * 3.2: beyond a few, only memory (17 MB for 15 s) and the wait for the whole batch grow.
 */
const MAX_BATCH = 4

const recognition = (pack: string): Work<Float32Array, Transcription> => ({
  pack,
  maxBatch: MAX_BATCH,
  // 0.4 s of a core and 200 MB.
  slowToLoad: true,
  run: (thread, spans, signal) =>
    thread.call<'transcribe'>({ name: 'transcribe', pack, params: { spans } }, { signal }),
})

/** A speech recogniser with a separate lane. */
export function speechRecogniser(scheduler: CoreScheduler, pack: Pack): SpeechRecogniser {
  const lane = scheduler.lane(recognition(packId(pack)))
  return {
    pack: packId(pack),
    parallel: scheduler.cores * MAX_BATCH,
    maxSpan: MAX_SPAN,
    language: 'en',
    async transcribe(samples, signal) {
      if (samples.length === 0 || samples.length > MAX_SAMPLES) {
        throw new RangeError(`samples must be 1 to ${MAX_SAMPLES}, not ${samples.length}`)
      }
      return lane.run(ownSamples(samples), signal)
    },
  }
}

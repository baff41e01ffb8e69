import type { SpeechRecogniser } from './models.js'
import { type Pack, packId } from './pack.js'
import type { ModelThread } from './pool.js'

const MAX_SPAN = 15
// Memory and time grow faster than the span; far over the best length is a mistake of the caller.
const MAX_SAMPLES = 60 * 16_000

/** The speech recogniser of a thread. */
export function speechRecogniser(thread: ModelThread, pack: Pack): SpeechRecogniser {
  return {
    pack: packId(pack),
    maxSpan: MAX_SPAN,
    async transcribe(samples, signal) {
      if (samples.length === 0 || samples.length > MAX_SAMPLES) {
        throw new RangeError(`samples must be 1 to ${MAX_SAMPLES}, not ${samples.length}`)
      }
      // A copy, since the caller keeps its own and may reuse it.
      const copy = new Float32Array(samples)
      return thread.call<'transcribe'>(
        { name: 'transcribe', params: { samples: copy } },
        { transfer: [copy.buffer], signal },
      )
    },
  }
}

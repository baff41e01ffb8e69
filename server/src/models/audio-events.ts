import type { CoreScheduler } from './core-scheduler.js'
import type { AudioEventDetector, PatchScores } from './models.js'
import { PATCH_SAMPLES, PATCH_STEP } from './onnx/yamnet-mel.js'
import { ownSamples } from './own-buffer.js'
import { type Pack, packId } from './pack.js'
import { oneByOne } from './work.js'

const MAX_SAMPLES = 60 * 16_000

const scoring = (pack: string) =>
  oneByOne<Float32Array, PatchScores[]>(pack, (thread, samples, signal) =>
    thread.call<'scoreAudio'>({ name: 'scoreAudio', pack, params: { samples } }, { signal }),
  )

/** A detector of audio events with a separate lane. */
export function audioEventDetector(scheduler: CoreScheduler, pack: Pack): AudioEventDetector {
  const lane = scheduler.lane(scoring(packId(pack)))
  return {
    pack: packId(pack),
    patch: { samples: PATCH_SAMPLES, step: PATCH_STEP },
    async score(samples, signal) {
      if (samples.length > MAX_SAMPLES) {
        throw new RangeError(`samples must be at most ${MAX_SAMPLES}, not ${samples.length}`)
      }
      return lane.run(ownSamples(samples), signal)
    },
  }
}

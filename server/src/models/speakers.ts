import type { CoreScheduler } from './core-scheduler.js'
import type { VoiceEncoder } from './models.js'
import { VOICE_WINDOW } from './onnx/voice-window.js'
import { ownSamples } from './own-buffer.js'
import { type Pack, packId } from './pack.js'
import type { Work } from './work.js'

/** Windows encoded together. A window takes 28 ms of a core, so more would only delay others. */
const MAX_BATCH = 4

const encoding = (pack: string): Work<Float32Array, Float32Array> => ({
  pack,
  maxBatch: MAX_BATCH,
  copyAfterIdleMs: 0,
  run: (thread, windows, signal) =>
    thread.call<'encodeVoice'>({ name: 'encodeVoice', pack, params: { windows } }, { signal }),
})

/** An encoder of voices with a separate lane. */
export function voiceEncoder(scheduler: CoreScheduler, pack: Pack): VoiceEncoder {
  const lane = scheduler.lane(encoding(packId(pack)))
  return {
    pack: packId(pack),
    window: VOICE_WINDOW,
    async encode(samples, signal) {
      if (samples.length !== VOICE_WINDOW)
        throw new RangeError(`samples must be ${VOICE_WINDOW}, not ${samples.length}`)
      return lane.run(ownSamples(samples), signal)
    },
  }
}

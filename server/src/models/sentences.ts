import type { CoreScheduler } from './core-scheduler.js'
import type { SentenceEncoder } from './models.js'
import { type Pack, packId } from './pack.js'
import { LARGE_MODEL_IDLE_MS, type Work } from './work.js'

/** Sentences encoded together; beyond these a batch saves no time. */
const MAX_BATCH = 16
/** Far more than the tokens that the models read. */
const MAX_CHARACTERS = 2000

const encoding = (pack: string): Work<string, Float32Array> => ({
  pack,
  maxBatch: MAX_BATCH,
  copyAfterIdleMs: LARGE_MODEL_IDLE_MS,
  run: (thread, texts, signal) => thread.call<'encode'>({ name: 'encode', pack, params: { texts } }, { signal }),
})

/** A sentence encoder with a separate lane. */
export function sentenceEncoder(scheduler: CoreScheduler, pack: Pack): SentenceEncoder {
  const lane = scheduler.lane(encoding(packId(pack)))
  return {
    pack: packId(pack),
    parallel: scheduler.cores * MAX_BATCH,
    encode: (text, signal) => lane.run(text.slice(0, MAX_CHARACTERS), signal),
  }
}

import { type Static, Type } from '@sinclair/typebox'
import type { SpanVector } from '../../../storage/vectors.js'
import { itemsOf } from '../../content/items.js'
import { encodeEach } from '../encode-each.js'
import { sentenceWindows } from '../sentence-windows.js'
import type { JobContext, Stage } from '../stage.js'

const SOURCE = 'sentence-vectors'
/** Vectors stored together, with a checkpoint. */
const BATCH = 64

/** Checkpoint after a batch. It is valid for the same model pack only, because only its vectors can be compared. */
const checkpointOf = (pack: string) => Type.Object({ pack: Type.Literal(pack), done: Type.Integer({ minimum: 0 }) })
type Checkpoint = Static<ReturnType<typeof checkpointOf>>

/** Vectors of windows of sentences, so that speech is found by its meaning. */
export const embed: Stage = {
  name: 'embed',
  consumes: { transcript: 'whole' },
  produces: [],
  weight: 1,
  enriches: true,
  models: ['sentences'],
  async run(context, signal) {
    const { videoId, jobId, store, models } = context.job
    const { vectors } = store
    const windows = sentenceWindows(await sentencesOf(context.job))
    if (windows.length === 0) {
      // Those of an earlier transcript.
      await vectors.begin(videoId, SOURCE, jobId)
      await vectors.complete(videoId, SOURCE, jobId)
      return { state: 'skipped', reason: 'the video has no transcript' }
    }
    const encoder = await models.sentences()
    let done = context.resume(checkpointOf(encoder.pack))?.done ?? 0
    // Otherwise an earlier attempt may have completed the draft already.
    if (done < windows.length) await vectors.begin(videoId, SOURCE, jobId)
    const batch: SpanVector[] = []
    const flush = async () => {
      done += batch.length
      const state: Checkpoint = { pack: encoder.pack, done }
      await store.atomically(async changes => {
        await changes.vectors.add(videoId, SOURCE, jobId, encoder.pack, batch.splice(0))
        await context.save(state, changes)
      })
      context.report({ done, total: windows.length, unit: 'steps' })
    }
    await encodeEach(encoder, windows.slice(done), {
      signal,
      take: async ({ position, start, end }, vector) => {
        batch.push({ position, start, end, vector })
        if (batch.length === BATCH) await flush()
      },
    })
    if (batch.length > 0) await flush()
    await vectors.complete(videoId, SOURCE, jobId)
    return { state: 'completed', model: encoder.pack }
  },
}

async function sentencesOf({ store, videoId }: JobContext) {
  const sentences = []
  for await (const { start, end, text } of itemsOf(store.content, videoId, 'transcript'))
    sentences.push({ start, end, text })
  return sentences
}

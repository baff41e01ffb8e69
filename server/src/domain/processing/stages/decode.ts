import { stat, writeFile } from 'node:fs/promises'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { ignoreMissing } from '../../../lib/ignore-missing.js'
import { together } from '../../../lib/together.js'
import type { DecodePlan } from '../../../media/media-tools.js'
import type { Wish } from '../decode-pass.js'
import { makePoster } from '../poster.js'
import type { Stage, StageContext } from '../stage.js'

/** Kept once the sound was written to its end: how many bytes that are. */
const Spooled = Type.Object({ audioBytes: Type.Number() })

/** One pass over the file for every stage that wants frames or sound, by one ffmpeg; the poster is made meanwhile. */
export const decode: Stage = {
  name: 'decode',
  needs: ['probe'],
  async run(context, signal) {
    const { job } = context
    const [wishes] = await together(job.pass.wishes(signal), makePoster(job, signal))
    if (wishes.length === 0) {
      return { state: 'skipped', reason: 'no stage of this job needs the pictures or the sound of the file' }
    }
    const spool = job.files.artefact(job.videoId, 'audio.s16le')
    const sound = await soundToWrite(context, wishes, spool)
    const plan = planFor(context, wishes, sound)
    if (plan.sinks.length > 0 || sound) await job.media.decode(job.original, job.info, plan, signal)
    if (sound) await context.save({ audioBytes: (await stat(spool)).size } satisfies { audioBytes: number })
    job.pass.end()
    return { state: 'completed' }
  },
}

/** The file to write the sound to; undefined when nobody asked, or a former attempt has left it whole. */
async function soundToWrite(
  context: StageContext,
  wishes: readonly Wish[],
  spool: string,
): Promise<string | undefined> {
  if (!wishes.some(wish => wish.kind === 'audio')) return undefined
  const whole = await isWhole(context, spool)
  // Those who follow the file open it now; ffmpeg's output goes into this same file.
  if (!whole) await writeFile(spool, '')
  context.job.pass.audioBegan({ whole })
  return whole ? undefined : spool
}

async function isWhole(context: StageContext, spool: string): Promise<boolean> {
  const saved = context.resume()
  if (!Value.Check(Spooled, saved)) return false
  const found = await ignoreMissing(stat(spool))
  return found?.size === saved.audioBytes
}

function planFor(context: StageContext, wishes: readonly Wish[], sound: string | undefined): DecodePlan {
  const { duration } = context.job.info
  const frames = wishes.filter(wish => wish.kind === 'frames')
  return {
    // The outputs share one start: who needs less passes over the frames before its own.
    from: frames.length > 0 ? Math.min(...frames.map(wish => wish.from)) : 0,
    sinks: frames.map(wish => wish.sink),
    ...(sound && { audioFile: sound }),
    progress: done => context.report({ done, total: duration, unit: 'seconds' }),
  }
}

import type { AudioStream, VideoStream } from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import { together } from '../../../lib/together.js'
import type { DecodedStream, DecodePlan, DecodeResult, FrameSink } from '../../../media/media-tools.js'
import type { ScratchFile } from '../../../storage/blobs.js'
import type { Wish } from '../decode-pass.js'
import type { Stage, StageContext, StageOutcome } from '../stage.js'
import { updateInfo } from '../update-info.js'

/** Saved once the audio is complete: its size in bytes. */
const Spooled = Type.Object({ audioBytes: Type.Number() })

const UNNEEDED = {
  state: 'skipped',
  reason: 'no stage of this job needs the pictures or the sound of the file',
} as const satisfies StageOutcome

/** One pass over the file for all stages that need frames or audio. */
export const decode: Stage = {
  name: 'decode',
  consumes: { info: 'whole' },
  produces: ['frames', 'sound'],
  weight: 10,
  run: runPass,
}

async function runPass(context: StageContext, signal: AbortSignal): Promise<StageOutcome> {
  const { job } = context
  const wishes = await job.pass.wishes(signal)
  if (wishes.length === 0) return UNNEEDED
  const sound = await soundToWrite(context, wishes)
  try {
    const plan = planFor(context, wishes, sound)
    const until = AbortSignal.any([signal, job.pass.unneeded])
    await using original = await job.leaseOriginal()
    const result = await job.media.decode(original.path, job.info, plan, until)
    await takeResult(context, result)
    if (sound && !result.sound?.fault) await context.save({ audioBytes: await sound.size() })
    job.pass.end(result)
  } catch (error) {
    // Meanwhile every stage has left, for example because the file has usable subtitles.
    if (job.pass.unneeded.aborted && !signal.aborted) return UNNEEDED
    throw error
  }
  return { state: 'completed' }
}

/**
 * Warns of what could not be decoded, and notes which tracks were used instead. Throws if that is everything and the file
 * has no subtitles.
 */
async function takeResult({ job, warn }: StageContext, { picture, sound, duration }: DecodeResult): Promise<void> {
  const streams = [picture, sound].filter(stream => stream !== undefined)
  const faults = streams.flatMap(({ fault }) => fault ?? [])
  const isEmpty = streams.length > 0 && streams.every(({ end }) => end === undefined)
  if (isEmpty && faults[0] && job.info.subtitles.length === 0) throw faults[0]
  for (const fault of [...streams.flatMap(({ skipped = [] }) => skipped), ...faults]) warn(fault)
  const { info } = job
  const video = usedInstead(info.video, info.pictures, picture)
  const audio = usedInstead(info.audio, info.sounds, sound)
  if (duration === info.duration && !video && !audio) return
  await updateInfo(job, { ...info, duration, ...(video && { video }), ...(audio && { audio }) })
}

/** The track that was decoded, if it is another one than planned. */
function usedInstead<S extends VideoStream | AudioStream>(
  planned: S | undefined,
  tracks: readonly S[] = [],
  { track, end }: DecodedStream = {},
): S | undefined {
  if (end === undefined || track === undefined || track === planned?.index) return undefined
  const used = tracks.find(({ index }) => index === track)
  return used && { ...used, chosen: 'decodable' }
}

/** The file to write audio to. Undefined if no stage wants it, or an earlier attempt completed it. */
async function soundToWrite(context: StageContext, wishes: readonly Wish[]): Promise<ScratchFile | undefined> {
  if (!wishes.some(wish => wish.kind === 'audio')) return undefined
  const { sound } = context.job
  const saved = context.resume(Spooled)
  const whole = saved !== undefined && (await sound.size()) === saved.audioBytes
  // Readers open the file now; ffmpeg writes into the same file.
  if (!whole) await sound.create()
  context.job.pass.audioBegan({ whole })
  return whole ? undefined : sound
}

function planFor(context: StageContext, wishes: readonly Wish[], sound: ScratchFile | undefined): DecodePlan {
  const { duration } = context.job.info
  const frames = wishes.filter(wish => wish.kind === 'frames')
  return {
    // All outputs start at the same time; a stage that needs less skips earlier frames.
    from: frames.length > 0 ? Math.min(...frames.map(wish => wish.from)) : 0,
    sinks: sharedSinks(frames.flatMap(wish => wish.sinks)),
    ...(sound && { audioFile: sound.path }),
    progress: done => context.report({ done, total: duration, unit: 'seconds' }),
  }
}

/** One sink for those that want the same frames, so that ffmpeg writes them once. */
function sharedSinks(sinks: readonly FrameSink[]): FrameSink[] {
  const groups = new Map<string, FrameSink[]>()
  for (const sink of sinks) {
    const key = `${sink.width}x${sink.height} ${sink.format} ${sink.rate}`
    groups.set(key, [...(groups.get(key) ?? []), sink])
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return first ?? []
    const all = [first, ...others]
    return {
      ...first,
      frame: async frame => void (await together(...all.map(async sink => sink.frame(frame)))),
    }
  })
}

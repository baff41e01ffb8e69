import { setImmediate } from 'node:timers/promises'
import { LIMITS, type SubtitleStream, type TranscriptSegment } from '@cuewire/protocol'
import { AppError, toAppError } from '../../../lib/app-error.js'
import { assert } from '../../../lib/assert.js'
import { toText } from '../../../lib/text.js'
import { rankSubtitles } from '../../transcript/rank-subtitles.js'
import { fromPage, type SubtitlePages } from '../../transcript/subtitle-pages.js'
import type { SubtitlesRequest } from '../../transcript/subtitles.js'
import { recogniseSpeech } from '../recognise-speech.js'
import type { JobContext, Stage, StageContext, StageOutcome } from '../stage.js'
import { updateInfo } from '../update-info.js'

/** Longest time to spend on subtitles of the file. After that, speech is recognised instead. */
const SUBTITLES_MS = 300_000

/**
 * The transcript: from the track requested for the job, otherwise from subtitles sent by a client, otherwise from subtitles
 * in the file, otherwise from speech recognition.
 */
export const transcript: Stage = {
  name: 'transcript',
  consumes: { info: 'whole', sound: 'live' },
  produces: ['transcript'],
  weight: 45,
  models: ['speech', 'voiceActivity'],
  loadsFor: ({ audio, subtitles }) => audio !== undefined && subtitles.length === 0,
  async run(context, signal) {
    const { job } = context
    const { subtitles: asked, sound } = job.tracks
    if (asked !== undefined) return await requested(context, asked, signal)
    const given = sound === undefined ? await job.store.videos.givenSubtitles(job.videoId) : undefined
    if (given) return await takeOver(context, await read(context, { ...given, source: 'given' }, signal), signal)
    // The decode pass does not wait for the subtitles of the file. If they are usable, the audio is no longer needed.
    if (job.info.audio) job.pass.wantAudio('transcript')
    else job.pass.leave('transcript')
    const written = sound === undefined ? await embedded(context, signal) : undefined
    if (written) return await takeOver(context, written, signal)
    if (!job.info.audio) return { state: 'skipped', reason: 'the file has no sound and no readable subtitles' }
    await markUsed(job, undefined)
    return await recogniseSpeech(context, signal)
  },
}

/** The sentences of the subtitle stream that was requested. Skipped if it has none; no other takes its place. */
async function requested(context: StageContext, index: number, signal: AbortSignal): Promise<StageOutcome> {
  const { job } = context
  job.pass.leave('transcript')
  const stream = job.info.subtitles.find(each => each.index === index)
  assert(stream, `the file has the subtitles ${index}`)
  try {
    const written = await readStream(context, stream, signal)
    return await takeOver(context, written, signal)
  } catch (error) {
    const { code, message } = toAppError(error)
    if (signal.aborted || code !== 'subtitles.invalid') throw error
    return {
      state: 'skipped',
      code,
      reason: toText(`stream ${index} (${stream.codec}): ${message}`, LIMITS.reasonLength),
    }
  }
}

/** Notes in the media information from which subtitles of the file the transcript is. */
async function markUsed(job: JobContext, used: number | undefined): Promise<void> {
  const subtitles = job.info.subtitles.map(({ isUsed: _, ...stream }) => ({
    ...stream,
    ...(stream.index === used && { isUsed: true }),
  }))
  await updateInfo(job, { ...job.info, subtitles })
}

/** The sentences of the first usable subtitle stream, likeliest first. Warns if none is usable. */
async function embedded(context: StageContext, signal: AbortSignal): Promise<Written | undefined> {
  const { job, warn } = context
  const faults: unknown[] = []
  const reasons: string[] = []
  const deadline = AbortSignal.timeout(SUBTITLES_MS)
  for (const stream of rankSubtitles(job.info)) {
    try {
      return await readStream(context, stream, AbortSignal.any([signal, deadline]))
    } catch (error) {
      signal.throwIfAborted()
      faults.push(error)
      const reason = deadline.aborted ? 'reading them took too long.' : toAppError(error).message
      reasons.push(`stream ${stream.index} (${stream.codec}): ${reason}`)
      if (deadline.aborted) break
    }
  }
  if (reasons.length > 0) {
    const instead = job.info.audio ? ', so the speech is recognised instead' : ''
    const message = `The subtitles in the file cannot be read${instead}: ${reasons.join(' ')}`
    warn(new AppError('subtitles.invalid', message, { cause: new AggregateError(faults) }))
  }
  return undefined
}

async function readStream(context: StageContext, stream: SubtitleStream, signal: AbortSignal): Promise<Written> {
  await using original = await context.job.leaseOriginal()
  const text = await context.job.media.subtitles(original.path, stream.index, signal)
  const language = stream.language && { language: stream.language }
  return {
    ...(await read(context, { format: 'vtt', text, source: 'embedded', ...language }, signal)),
    track: stream.index,
  }
}

interface Written extends SubtitlePages {
  readonly source: SubtitlesRequest['source']
  /** Number of the stream of the file. */
  readonly track?: number
}

/** Parses subtitles in the text thread, and warns of what was left out. */
async function read(
  { job: { text, info }, warn }: StageContext,
  request: Omit<SubtitlesRequest, 'duration'>,
  signal: AbortSignal,
): Promise<Written> {
  const found = await text.run('subtitles', { ...request, duration: info.duration }, signal)
  if (found.warnings.length > 0) {
    warn(new AppError('subtitles.invalid', toText(found.warnings.join(' '), LIMITS.reasonLength)))
  }
  return { ...found, source: request.source }
}

async function takeOver(
  context: StageContext,
  { pages, sentences, source, track }: Written,
  signal: AbortSignal,
): Promise<StageOutcome> {
  context.job.pass.leave('transcript')
  await markUsed(context.job, track)
  const draft = context.draft('transcript')
  await draft.begin()
  let done = 0
  for (const page of pages) {
    // The store is synchronous, so yield between pages to let other work run.
    await setImmediate()
    signal.throwIfAborted()
    const segments: TranscriptSegment[] = fromPage(page)
    await draft.add(segments)
    done += segments.length
    context.report({ done, total: sentences, unit: 'steps' })
  }
  await draft.complete()
  context.count('sentences', sentences)
  return { state: 'completed', params: { source, ...(track !== undefined && { track }) } }
}

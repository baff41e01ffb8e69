import type { SubtitleStream, TranscriptSegment } from '@cuewire/protocol'
import { AppError, toAppError } from '../../../lib/app-error.js'
import { parseSubtitles } from '../../transcript/subtitles.js'
import { recogniseSpeech } from '../recognise-speech.js'
import type { JobContext, Stage, StageContext, StageOutcome } from '../stage.js'
import { addSegments } from '../write-segments.js'

/** Sentences handed to the store together. */
const PAGE = 100
/** Longest time the subtitles of a file may take; its speech is recognised instead. */
const SUBTITLES_MS = 300_000

/** What was said: by subtitles that were given, else by those in the file, else by recognising the speech. */
export const transcript: Stage = {
  name: 'transcript',
  needs: ['probe'],
  async run(context, signal) {
    const { job } = context
    const given = await job.store.videos.givenSubtitles(job.videoId)
    if (given) return await takeOver(context, await parseSubtitles({ ...given, source: 'given' }), signal)
    // The pass does not wait for the subtitles of the file; should they tell what is said, its sound is needed no longer.
    if (job.info.audio) job.pass.wantAudio('transcript')
    else job.pass.leave('transcript')
    const written = await embedded(context, signal)
    if (written) return await takeOver(context, written, signal)
    if (!job.info.audio) return { state: 'skipped', reason: 'the file has no sound and no subtitles that can be read' }
    return await recogniseSpeech(context, signal)
  },
}

/** The sentences of the first subtitle stream that holds any; warns when none of them does. */
async function embedded(context: StageContext, signal: AbortSignal): Promise<TranscriptSegment[] | undefined> {
  const { job, warn } = context
  const faults: unknown[] = []
  const reasons: string[] = []
  const deadline = AbortSignal.timeout(SUBTITLES_MS)
  for (const stream of job.info.subtitles) {
    try {
      return await readStream(job, stream, AbortSignal.any([signal, deadline]))
    } catch (error) {
      signal.throwIfAborted()
      faults.push(error)
      const reason = deadline.aborted ? 'reading them takes too long.' : toAppError(error).message
      reasons.push(`stream ${stream.index} (${stream.codec}): ${reason}`)
      if (deadline.aborted) break
    }
  }
  if (reasons.length > 0) {
    const message = `The subtitles of the file cannot be read; ${reasons.join(' ')}`
    warn(new AppError('subtitles.invalid', message, { cause: new AggregateError(faults) }))
  }
  return undefined
}

async function readStream(
  { media, original }: JobContext,
  stream: SubtitleStream,
  signal: AbortSignal,
): Promise<TranscriptSegment[]> {
  const text = await media.subtitles(original, stream.index, signal)
  const language = stream.language && { language: stream.language }
  try {
    return await parseSubtitles({ format: 'vtt', text, source: 'embedded', ...language })
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'subtitles.invalid') throw cause
    throw new AppError('subtitles.invalid', 'it holds no cue that can be read.', { cause })
  }
}

async function takeOver(
  { job, report, count }: StageContext,
  segments: readonly TranscriptSegment[],
  signal: AbortSignal,
): Promise<StageOutcome> {
  job.pass.leave('transcript')
  await job.store.content.begin(job.videoId, 'transcript', job.jobId)
  for (let i = 0; i < segments.length; i += PAGE) {
    signal.throwIfAborted()
    await addSegments(job, segments.slice(i, i + PAGE))
    report({ done: Math.min(i + PAGE, segments.length), total: segments.length, unit: 'steps' })
  }
  await job.store.content.complete(job.videoId, 'transcript', job.jobId)
  count('sentences', segments.length)
  return { state: 'completed', params: { source: segments[0]?.source ?? 'given' } }
}

import type { SubtitleStream, TranscriptSegment } from '@cuewire/protocol'
import { AppError } from '../../../lib/app-error.js'
import { parseSubtitles } from '../../transcript/subtitles.js'
import { recogniseSpeech } from '../recognise-speech.js'
import type { JobContext, Stage, StageContext, StageOutcome } from '../stage.js'
import { addSegments } from '../write-segments.js'

/** Sentences handed to the store together. */
const PAGE = 100

/** What was said: by subtitles that were given, else by those in the file, else by recognising the speech. */
export const transcript: Stage = {
  name: 'transcript',
  needs: ['probe'],
  async run(context, signal) {
    const { job } = context
    const given = await job.store.videos.givenSubtitles(job.videoId)
    const written = given ? await parseSubtitles({ ...given, source: 'given' }) : await embedded(job, signal)
    if (written) return await takeOver(context, written, signal)
    if (!job.info.audio) return { state: 'skipped', reason: 'the file has no sound and no subtitles' }
    return await recogniseSpeech(context, signal)
  },
}

/** The sentences of the first subtitle stream that holds any. */
async function embedded(job: JobContext, signal: AbortSignal): Promise<TranscriptSegment[] | undefined> {
  for (const stream of job.info.subtitles) {
    const segments = await readStream(job, stream, signal)
    if (segments) return segments
  }
  return undefined
}

async function readStream(
  { media, original, logger, videoId }: JobContext,
  stream: SubtitleStream,
  signal: AbortSignal,
): Promise<TranscriptSegment[] | undefined> {
  const text = await media.subtitles(original, stream.index, signal)
  try {
    return await parseSubtitles({
      format: 'vtt',
      text,
      source: 'embedded',
      ...(stream.language && { language: stream.language }),
    })
  } catch (error) {
    // A stream without one readable cue says nothing; the speech may.
    if (!(error instanceof AppError) || error.code !== 'subtitles.invalid') throw error
    logger.warn({ videoId, stream: stream.index }, 'a subtitle stream holds no readable cue')
    return undefined
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

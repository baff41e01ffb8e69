import { setImmediate } from 'node:timers/promises'
import type { SubtitleStream, TranscriptSegment } from '@cuewire/protocol'
import { fromPage, type SubtitlePages } from '../../transcript/subtitle-pages.js'
import type { SubtitlesRequest } from '../../transcript/subtitles.js'
import { recogniseSpeech } from '../recognise-speech.js'
import type { JobContext, Stage, StageContext, StageOutcome } from '../stage.js'
import { addSegments } from '../write-segments.js'

/** What was said: by subtitles that were given, else by those in the file, else by recognising the speech. */
export const transcript: Stage = {
  name: 'transcript',
  needs: ['probe'],
  async run(context, signal) {
    const { job } = context
    const given = await job.store.videos.givenSubtitles(job.videoId)
    const written = given ? await read(job, { ...given, source: 'given' }, signal) : await embedded(job, signal)
    if (written) return await takeOver(context, written, signal)
    if (!job.info.audio) return { state: 'skipped', reason: 'the file has no sound and no subtitles' }
    return await recogniseSpeech(context, signal)
  },
}

/** The sentences of the first subtitle stream that holds any. */
async function embedded(job: JobContext, signal: AbortSignal): Promise<Written | undefined> {
  for (const stream of job.info.subtitles) {
    const written = await readStream(job, stream, signal)
    if (written) return written
  }
  return undefined
}

async function readStream(job: JobContext, stream: SubtitleStream, signal: AbortSignal): Promise<Written | undefined> {
  const { media, original, logger, videoId } = job
  const text = await media.subtitles(original, stream.index, signal)
  try {
    const { language } = stream
    return await read(job, { format: 'vtt', text, source: 'embedded', ...(language && { language }) }, signal)
  } catch (error) {
    signal.throwIfAborted()
    // A stream without one readable cue, or one that the text thread cannot manage, says nothing; the speech may.
    logger.warn({ err: error, videoId, stream: stream.index }, 'a subtitle stream cannot be read')
    return undefined
  }
}

interface Written extends SubtitlePages {
  readonly source: SubtitlesRequest['source']
}

/** Reads subtitles in the text thread; what it leaves out is logged. */
async function read(
  { text, info, logger, videoId }: JobContext,
  request: Omit<SubtitlesRequest, 'duration'>,
  signal: AbortSignal,
): Promise<Written> {
  const found = await text.run('subtitles', { ...request, duration: info.duration }, signal)
  if (found.warnings.length > 0) logger.warn({ videoId, warnings: found.warnings }, 'not all of the subtitles was read')
  return { ...found, source: request.source }
}

async function takeOver(
  { job, report, count }: StageContext,
  { pages, sentences, source, warnings }: Written,
  signal: AbortSignal,
): Promise<StageOutcome> {
  job.pass.leave('transcript')
  await job.store.content.begin(job.videoId, 'transcript', job.jobId)
  let done = 0
  for (const page of pages) {
    // The store never waits, so that other work would wait for all of it.
    await setImmediate()
    signal.throwIfAborted()
    const segments: TranscriptSegment[] = fromPage(page)
    await addSegments(job, segments)
    done += segments.length
    report({ done, total: sentences, unit: 'steps' })
  }
  await job.store.content.complete(job.videoId, 'transcript', job.jobId)
  count('sentences', sentences)
  if (warnings.length > 0) count('warnings', warnings.length)
  return { state: 'completed', params: { source } }
}

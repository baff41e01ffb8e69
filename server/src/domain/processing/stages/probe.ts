import type { AudioStream, SubtitleStream } from '@cuewire/protocol'
import { baseLanguage } from '../../transcript/language-tag.js'
import { unlessFaulty } from '../model-skip.js'
import type { JobContext, Stage } from '../stage.js'
import { updateInfo } from '../update-info.js'

/** Reads the media information, chooses the tracks to use, and refuses unreadable files. */
export const probe: Stage = {
  name: 'probe',
  consumes: {},
  produces: ['info'],
  weight: 1,
  async run({ job, report }, signal) {
    report({ done: 0, total: 1, unit: 'steps' })
    await using original = await job.leaseOriginal()
    const reads = await knownLanguage(job)
    const info = await job.media.probe(original.path, signal, { tracks: job.tracks, reads, listen: true })
    await updateInfo(job, { ...info, subtitles: withUsed(info.subtitles, job.info.subtitles) })
    report({ done: 1, total: 1, unit: 'steps' })
    return { state: 'completed' }
  },
}

/** Keeps the note of the subtitles in use, for a job that does not make the transcript. */
const withUsed = (found: readonly SubtitleStream[], former: readonly SubtitleStream[]) => {
  const used = former.find(({ isUsed }) => isUsed)?.index
  return found.map(stream => (stream.index === used ? { ...stream, isUsed: true } : stream))
}

/**
 * Whether the speech model knows a language. Undefined if it knows all, if it is not installed, or if the sound tracks do
 * not differ in their language, so that the model need not be loaded for it.
 */
async function knownLanguage({ models, info: { sounds = [] } }: JobContext) {
  if (!differ(sounds)) return undefined
  const known = (await unlessFaulty(models.speech()))?.language
  return known === undefined ? undefined : (language: string) => baseLanguage(language) === baseLanguage(known)
}

const differ = (sounds: readonly AudioStream[]) => new Set(sounds.map(({ language }) => language)).size > 1

import { LIMITS, type TranscriptSegment } from '@cuewire/protocol'
import type { VoiceEncoder } from '../../../models/models.js'
import { AudioSpool } from '../audio-spool.js'
import { clusterVoices, type Voice } from '../speakers/cluster-voices.js'
import { sentenceVoice } from '../speakers/sentence-voice.js'
import type { Stage, StageContext } from '../stage.js'

const NAMED = { state: 'skipped', reason: 'the speakers have names already' } as const

/** Names that an earlier run of the stage gave. */
const OWN_NAME = /^Speaker \d+$/

/**
 * Names the speakers of a transcript by their voices: "Speaker 1", "Speaker 2" and so on, in order of appearance. Voices are
 * heard as the sentences come; in the end these are replaced by the same ones with a speaker. After a crash the voices are
 * heard again.
 */
export const speakers: Stage = {
  name: 'speakers',
  consumes: { info: 'whole', transcript: 'live', sound: 'live' },
  produces: [],
  weight: 2,
  enriches: true,
  models: ['speakers'],
  async run(context, signal) {
    const { job } = context
    if (!job.info.audio) return { state: 'skipped', reason: 'the file has no sound' }
    const encoder = await job.models.speakers()
    job.pass.wantAudio('speakers')
    await job.pass.audio(signal)
    const voices = await hear(context, encoder, signal)
    // Read again: what the transcript stage found counts only now that it has ended.
    const segments: TranscriptSegment[] = []
    for await (const segment of context.items('transcript', signal)) segments.push(segment)
    if (segments.some(isNamed)) return NAMED
    const heard = segments.flatMap(segment => voices.get(keyOf(segment)) ?? [])
    if (heard.length === 0) return { state: 'skipped', reason: 'there is no transcript with a sentence long enough' }
    const numbers = await clusterVoices(heard, signal)
    const names = new Map(heard.map((voice, at) => [voice, `Speaker ${(numbers[at] ?? 0) + 1}`]))
    const named = segments.map(segment => withSpeaker(segment, names.get(voices.get(keyOf(segment)) as Voice)))
    await write(context, named)
    context.count('speakers', new Set(numbers).size)
    return { state: 'completed', model: encoder.pack }
  },
}

/** Whether subtitles or a user gave the speaker a name. It is not ours to replace. */
function isNamed({ speaker }: TranscriptSegment): boolean {
  return speaker !== undefined && !OWN_NAME.test(speaker)
}

function keyOf({ start, end }: TranscriptSegment): string {
  return `${start}-${end}`
}

/** The voices of the sentences, by their spans. */
async function hear(
  { job, items, report }: StageContext,
  encoder: VoiceEncoder,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Voice>> {
  const voices = new Map<string, Voice>()
  const spool = await AudioSpool.open(job.sound, () => job.pass.audioWhole)
  try {
    for await (const segment of items('transcript', signal)) {
      if (isNamed(segment)) break
      await spool.reaches(segment.end, signal)
      const voice = await sentenceVoice(segment, { spool, encoder }, signal)
      if (voice) voices.set(keyOf(segment), voice)
      report({ done: segment.end, total: job.info.duration, unit: 'seconds' })
    }
  } finally {
    await spool.close()
  }
  return voices
}

function withSpeaker({ speaker: _, ...segment }: TranscriptSegment, name: string | undefined): TranscriptSegment {
  return name === undefined ? segment : { ...segment, speaker: name }
}

async function write(context: StageContext, segments: readonly TranscriptSegment[]): Promise<void> {
  const draft = context.draft('transcript')
  await draft.begin()
  await draft.replace([])
  for (let at = 0; at < segments.length; at += LIMITS.pageSize)
    await draft.add(segments.slice(at, at + LIMITS.pageSize))
  await draft.complete()
}

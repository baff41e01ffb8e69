import { FRAMES_PER_SECOND } from './filter-graph.js'
import type { ScriptShot, ScriptTopic } from './script.js'
import type { ClipLine, SpeechClip, SpokenSentence } from './speech-clip.js'

/** A topic with the times of its sentences and shots. */
export interface TimedTopic {
  readonly topic: ScriptTopic
  readonly sentences: readonly SpokenSentence[]
  readonly shots: readonly TimedShot[]
}

/** Shown from `startFrame` up to, not including, `endFrame`. */
export interface TimedShot {
  readonly shot: ScriptShot
  readonly startFrame: number
  readonly endFrame: number
}

/** Seconds before the first words; there is music until shortly before them. */
const LEAD = 4.5
export const MUSIC_SECONDS = 4
const PAUSE_BETWEEN_TOPICS = 1.2

/** The lines to speak, with a longer pause before each new topic. */
export function clipLines(topics: readonly ScriptTopic[]): ClipLine[] {
  return topics.flatMap(({ sentences, voice }, topicIndex) =>
    sentences.map((text, i) => ({
      text,
      voice,
      ...(i === 0 && { pauseBefore: topicIndex === 0 ? LEAD : PAUSE_BETWEEN_TOPICS }),
    })),
  )
}

/** Places every shot by the sentences spoken over it; cuts fall in the middle of the pauses. */
export function planTimeline(topics: readonly ScriptTopic[], clip: SpeechClip): TimedTopic[] {
  const frameAfter = (spoken: number) => {
    const last = clip.sentences[spoken - 1]
    const next = clip.sentences[spoken]
    if (last === undefined) return 0
    const cut = next === undefined ? clip.samples.length / clip.sampleRate : (last.end + next.start) / 2
    return Math.round(cut * FRAMES_PER_SECOND)
  }
  let spoken = 0
  return topics.map(topic => {
    const first = spoken
    const shots = topic.shots.map(shot => {
      const startFrame = frameAfter(spoken)
      spoken += shot.sentences
      return { shot, startFrame, endFrame: frameAfter(spoken) }
    })
    if (spoken - first !== topic.sentences.length) {
      throw new Error(`topic "${topic.title}": its shots hold ${spoken - first} of ${topic.sentences.length} sentences`)
    }
    return { topic, sentences: clip.sentences.slice(first, spoken), shots }
  })
}

import { DISSOLVE_FRAMES, FRAMES_PER_SECOND } from './filter-graph.js'
import { PHOTOGRAPHS } from './photographs.js'
import type { Sample } from './sample.js'
import { QUESTIONS, SEARCH } from './script.js'
import { MUSIC_SECONDS, type TimedShot, type TimedTopic } from './timeline.js'

/** All that is known about the video at `file`, which follows the timeline. */
export function describeSample(file: string, timeline: readonly TimedTopic[]): Sample {
  const shots = timeline.flatMap(topic => topic.shots)
  return {
    file,
    durationSeconds: spanOf(shots).end,
    topics: timeline.map(({ topic, sentences, shots }) => ({
      title: topic.title,
      voice: topic.voice,
      ...spanOf(shots),
      sentences: sentences.map(({ text, start, end }) => ({ text, start, end })),
    })),
    shots: shots.slice(1).flatMap(each => (each.shot.dissolve ? [] : spanOf([each]).start)),
    dissolves: shots.flatMap(({ shot, startFrame }) => {
      const half = DISSOLVE_FRAMES / 2
      return shot.dissolve ? [spanOf([{ startFrame: startFrame - half, endFrame: startFrame + half }])] : []
    }),
    music: { start: 0, end: MUSIC_SECONDS },
    photographs: shots.flatMap(({ shot, ...frames }) => {
      if (shot.picture !== 'photograph') return []
      const { photograph: name } = shot
      return [{ name, ...spanOf([frames]), expectedLabels: [...PHOTOGRAPHS[name].expectedLabels] }]
    }),
    questions: QUESTIONS.map(question => ({ ...question })),
    search: { ...SEARCH },
  }
}

function spanOf(shots: readonly Pick<TimedShot, 'startFrame' | 'endFrame'>[]): { start: number; end: number } {
  const startFrame = shots.at(0)?.startFrame ?? 0
  const endFrame = shots.at(-1)?.endFrame ?? 0
  return { start: startFrame / FRAMES_PER_SECOND, end: endFrame / FRAMES_PER_SECOND }
}

import type { KindName, StageName, TrackChoice } from '@cuewire/protocol'
import type { Product, Stage } from './stage.js'
import { audio } from './stages/audio.js'
import { chapters } from './stages/chapters.js'
import { decode } from './stages/decode.js'
import { embed } from './stages/embed.js'
import { objects } from './stages/objects.js'
import { outline } from './stages/outline.js'
import { pictures } from './stages/pictures.js'
import { probe } from './stages/probe.js'
import { scenes } from './stages/scenes.js'
import { shots } from './stages/shots.js'
import { speakers } from './stages/speakers.js'
import { storyboard } from './stages/storyboard.js'
import { text } from './stages/text.js'
import { tracks } from './stages/tracks.js'
import { transcript } from './stages/transcript.js'

/** The stages of a job, each after those whose products it consumes. */
export const PLAN: readonly Stage[] = [
  probe,
  decode,
  shots,
  objects,
  tracks,
  scenes,
  text,
  audio,
  transcript,
  chapters,
  outline,
  embed,
  pictures,
  speakers,
  storyboard,
]

const STREAMS: readonly Product[] = ['frames', 'sound']

/** Every stage. */
export function allStages(): StageName[] {
  return PLAN.map(stage => stage.name)
}

/** The stages to run for the named ones: these, those that depend on them, and those that make the streams they use. */
export function stagesFor(named: readonly StageName[]): StageName[] {
  const chosen = new Set<StageName>(named)
  for (const stage of PLAN) if (makersOf(stage).some(maker => chosen.has(maker.name))) chosen.add(stage.name)
  for (const stage of PLAN) if (takersOf(stage).some(taker => chosen.has(taker.name))) chosen.add(stage.name)
  return allStages().filter(name => chosen.has(name))
}

/**
 * The stages to run if other tracks of the file are to be used: those that use them, those named besides, and `probe`, which
 * puts the choice into the media information. Other stages that read the media information are not run for it.
 */
export function stagesForTracks(tracks: TrackChoice, named: readonly StageName[]): StageName[] {
  const users = PLAN.filter(
    ({ name, consumes }) =>
      (tracks.picture !== undefined && 'frames' in consumes) ||
      (tracks.sound !== undefined && 'sound' in consumes) ||
      (tracks.subtitles !== undefined && name === transcript.name),
  )
  const chosen = new Set<StageName>([probe.name, ...stagesFor([...named, ...users.map(({ name }) => name)])])
  return allStages().filter(name => chosen.has(name))
}

/** The stages that must have ended before this one begins. */
export function stagesBefore(stage: Stage): StageName[] {
  return PLAN.filter(({ produces }) => produces.some(product => stage.consumes[product] === 'whole')).map(
    ({ name }) => name,
  )
}

/** The stages that use the streams of this one. It must run as long as one of them has not ended. */
export function takersOf({ produces }: Stage): Stage[] {
  const streams = produces.filter(product => STREAMS.includes(product))
  return PLAN.filter(({ consumes }) => streams.some(stream => stream in consumes))
}

/** Whether the stage uses frames or audio. */
export function takesStream({ consumes }: Stage): boolean {
  return STREAMS.some(stream => stream in consumes)
}

/** The stage that finds a kind of content. */
export function makerOf(kind: KindName): Stage | undefined {
  return PLAN.find(({ produces }) => produces.includes(kind))
}

function makersOf({ consumes }: Stage): Stage[] {
  return PLAN.filter(({ produces }) => produces.some(product => product in consumes))
}

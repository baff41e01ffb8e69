import type { PackPlace } from './messages.js'
import type { EXTRA_TASKS, MODEL_TASKS, ModelTask } from './models.js'
import { type Pack, packId } from './pack.js'
import { audioEventsYamnet } from './packs/audio-events-yamnet.js'
import { imageTextClipB32 } from './packs/image-text-clip-b32.js'
import { imageTextConse } from './packs/image-text-conse.js'
import { objectsCenternet } from './packs/objects-centernet.js'
import { objectsYoloxNano } from './packs/objects-yolox-nano.js'
import { sentencesMinilm } from './packs/sentences-minilm-l6.js'
import { sentencesUseLite } from './packs/sentences-use-lite.js'
import { speakersGe2e } from './packs/speakers-ge2e.js'
import { speechMoonshine } from './packs/speech-moonshine.js'
import { speechWhisperBase } from './packs/speech-whisper-base.js'
import { textPpocr } from './packs/text-ppocr.js'
import { voiceActivitySilero } from './packs/voice-activity-silero.js'
import { packDir } from './verify.js'

/** Every pack this program knows. */
export const PACKS: readonly Pack[] = [
  speechMoonshine,
  speechWhisperBase,
  voiceActivitySilero,
  objectsCenternet,
  objectsYoloxNano,
  sentencesUseLite,
  sentencesMinilm,
  textPpocr,
  audioEventsYamnet,
  speakersGe2e,
  imageTextClipB32,
  imageTextConse,
]

/** The default pack of each task. */
export const DEFAULT_PACKS: Readonly<Record<(typeof MODEL_TASKS)[number], Pack>> = {
  speech: speechMoonshine,
  'voice-activity': voiceActivitySilero,
  objects: objectsCenternet,
  sentences: sentencesUseLite,
  text: textPpocr,
}

/** Packs that are better than the default ones. They come from a hub. */
export const RECOMMENDED_PACKS: Readonly<Partial<Record<ModelTask, Pack>>> = {
  speech: speechWhisperBase,
  objects: objectsYoloxNano,
  sentences: sentencesMinilm,
}

/** The packs of tasks that have no default one, best first. They are installed by name. */
const EXTRA_PACKS: Readonly<Record<(typeof EXTRA_TASKS)[number], readonly [Pack, ...Pack[]]>> = {
  'audio-events': [audioEventsYamnet],
  speakers: [speakersGe2e],
  'image-text': [imageTextClipB32, imageTextConse],
}

/** The pack of a task that is used, or is to be installed, if no better one is. */
export function basicPack(task: ModelTask): Pack {
  return isExtra(task) ? EXTRA_PACKS[task][0] : DEFAULT_PACKS[task]
}

/** The packs of a task, best first. */
export function packsFor(task: ModelTask): readonly Pack[] {
  if (isExtra(task)) return EXTRA_PACKS[task]
  const better = RECOMMENDED_PACKS[task]
  return better ? [better, DEFAULT_PACKS[task]] : [DEFAULT_PACKS[task]]
}

function isExtra(task: ModelTask): task is keyof typeof EXTRA_PACKS {
  return task in EXTRA_PACKS
}

/** The place of each pack in the models folder, by `name@version`. */
export function packPlaces(modelsDir: string): Readonly<Record<string, PackPlace>> {
  return Object.fromEntries(PACKS.map(pack => [packId(pack), { runtime: pack.runtime, dir: packDir(modelsDir, pack) }]))
}

/** The pack of this name, or nothing. */
export function findPack(name: string): Pack | undefined {
  return PACKS.find(pack => pack.name === name)
}

import type { PackPlace } from './messages.js'
import type { ModelTask } from './models.js'
import { type Pack, packId } from './pack.js'
import { objectsCenternet } from './packs/objects-centernet.js'
import { objectsYoloxNano } from './packs/objects-yolox-nano.js'
import { sentencesMinilm } from './packs/sentences-minilm-l6.js'
import { sentencesUseLite } from './packs/sentences-use-lite.js'
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
]

/** The default pack of each task. */
export const DEFAULT_PACKS: Readonly<Record<ModelTask, Pack>> = {
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

/** The packs of a task, best first. */
export function packsFor(task: ModelTask): readonly Pack[] {
  const better = RECOMMENDED_PACKS[task]
  return better ? [better, DEFAULT_PACKS[task]] : [DEFAULT_PACKS[task]]
}

/** The place of each pack in the models folder, by `name@version`. */
export function packPlaces(modelsDir: string): Readonly<Record<string, PackPlace>> {
  return Object.fromEntries(PACKS.map(pack => [packId(pack), { runtime: pack.runtime, dir: packDir(modelsDir, pack) }]))
}

/** The pack of this name, or nothing. */
export function findPack(name: string): Pack | undefined {
  return PACKS.find(pack => pack.name === name)
}

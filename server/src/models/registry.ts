import type { ModelTask } from './models.js'
import type { Pack } from './pack.js'
import { objectsCenternet } from './packs/objects-centernet.js'
import { speechMoonshine } from './packs/speech-moonshine.js'
import { voiceActivitySilero } from './packs/voice-activity-silero.js'
import { packDir } from './verify.js'

/** Every pack this program knows. */
export const PACKS: readonly Pack[] = [speechMoonshine, voiceActivitySilero, objectsCenternet]

/** The pack that does each task unless another is asked for. */
export const DEFAULT_PACKS: Readonly<Record<ModelTask, Pack>> = {
  speech: speechMoonshine,
  'voice-activity': voiceActivitySilero,
  objects: objectsCenternet,
}

/** The folder of each task's pack in the models folder. */
export function defaultPackDirs(modelsDir: string): Readonly<Record<ModelTask, string>> {
  const { speech, objects, 'voice-activity': voiceActivity } = DEFAULT_PACKS
  return {
    speech: packDir(modelsDir, speech),
    'voice-activity': packDir(modelsDir, voiceActivity),
    objects: packDir(modelsDir, objects),
  }
}

/** The pack of this name, or nothing. */
export function findPack(name: string): Pack | undefined {
  return PACKS.find(pack => pack.name === name)
}

import { homedir, platform } from 'node:os'
import { join } from 'node:path'
import type { ModelTask } from './models.js'
import type { Pack } from './pack.js'
import { objectsCenternet } from './packs/objects-centernet.js'
import { speechMoonshine } from './packs/speech-moonshine.js'
import { voiceActivitySilero } from './packs/voice-activity-silero.js'

/** Every pack this program knows. */
export const PACKS: readonly Pack[] = [speechMoonshine, voiceActivitySilero, objectsCenternet]

/** The pack that does each task unless another is asked for. */
export const DEFAULT_PACKS: Readonly<Record<ModelTask, Pack>> = {
  speech: speechMoonshine,
  'voice-activity': voiceActivitySilero,
  objects: objectsCenternet,
}

/** The pack of this name, or nothing. */
export function findPack(name: string): Pack | undefined {
  return PACKS.find(pack => pack.name === name)
}

/** The folder models live in unless the user names another: `cuewire/models` in the user's cache folder. */
export function defaultModelsDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(cacheDir(env), 'cuewire', 'models')
}

function cacheDir(env: Readonly<Record<string, string | undefined>>): string {
  if (env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME']
  if (platform() === 'win32') return env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local')
  return platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')
}
